//! The search: epochs of runs, each of which anybody can repeat by its number.

use std::sync::Arc;

use super::action::Action;
use super::chance::Chance;
use super::coverage::Coverage;
use super::field::Field;
use super::goal::Goal;
use super::ground::Ground;
use super::strategy::{Chooser, Strategy};
use crate::checkers::Property;
use crate::plain::not;
use crate::scenario::ScenarioError;

/// How large a share of the epochs goes to each strategy.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Shares {
    /// Weights drawn anew for each run.
    pub swarm: u32,
    /// The ground's weights.
    pub weighted: u32,
    /// Larger moves.
    pub macros: u32,
    /// Links by priorities.
    pub priorities: u32,
    /// On from states that were new.
    pub coverage: u32,
}

impl Default for Shares {
    /// As measured to find most rules' absence soonest.
    fn default() -> Self {
        Self { swarm: 20, weighted: 10, macros: 60, priorities: 5, coverage: 5 }
    }
}

/// What is searched for, where and how.
#[derive(Clone, Debug)]
pub struct Search {
    /// Where all chance comes from.
    pub seed: u64,
    /// How the work is shared among strategies.
    pub shares: Shares,
    /// What is looked for.
    pub goal: Goal,
    grounds: Vec<Arc<Ground>>,
}

/// What an epoch of runs came to.
#[derive(Clone, Debug)]
pub struct Epoch {
    /// Its number, from 0.
    pub number: u64,
    /// How its runs chose their steps.
    pub strategy: Strategy,
    /// How many runs there were.
    pub runs: u64,
    /// How many steps were taken in all.
    pub actions: u64,
    /// How many states were told apart; counted only where the strategy rests on it.
    pub states: u64,
    /// What was found, at most [`Search::FOUND_MAX`].
    pub found: Vec<Found>,
}

/// A run that came to what was looked for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Found {
    /// In which epoch.
    pub epoch: u64,
    /// In which of its runs.
    pub run: u64,
    /// Where it took place.
    pub ground: Arc<Ground>,
    /// How that run chose its steps.
    pub strategy: Strategy,
    /// The property that it violates; none where something else was looked for.
    pub property: Option<Property>,
    /// All its steps.
    pub actions: Vec<Action>,
}

impl Search {
    /// How many runs an epoch has.
    pub const RUNS: u64 = 64;
    /// How many finds end an epoch.
    pub const FOUND_MAX: usize = 10;

    /// A search for a violation of any property, on any of some grounds.
    ///
    /// # Errors
    /// Names the first field of a ground that is out of its range, or says that there is no ground.
    pub fn new(seed: u64, grounds: Vec<Ground>) -> Result<Self, ScenarioError> {
        if grounds.is_empty() {
            return Err(not("grounds", "empty", "at least one"));
        }
        for ground in &grounds {
            ground.scenario(false)?;
        }
        let grounds = grounds.into_iter().map(Arc::new).collect();
        Ok(Self { seed, shares: Shares::default(), goal: Goal::Violation, grounds })
    }

    /// Where runs take place.
    pub(super) fn grounds(&self) -> &[Arc<Ground>] {
        &self.grounds
    }

    /// Where the runs of an epoch take place.
    #[must_use]
    pub fn ground(&self, epoch: u64) -> &Arc<Ground> {
        let mut chance = Chance::of_run(self.seed, epoch, u64::MAX - 1);
        &self.grounds[chance.below(self.grounds.len())]
    }

    /// How the runs of an epoch choose their steps.
    #[must_use]
    pub fn strategy(&self, epoch: u64) -> Strategy {
        let Shares { swarm, weighted, macros, priorities, coverage } = self.shares;
        let mut chance = Chance::of_run(self.seed, epoch, u64::MAX);
        let drawn = chance.weighted(&[swarm, weighted, macros, priorities, coverage]);
        Strategy::ALL[drawn.unwrap_or_default()]
    }

    /// Lives the runs of an epoch. It rests on nothing but the search and its number, so whoever shares the work by epochs finds
    /// the same.
    ///
    /// # Errors
    /// None for a search that [`new`](Self::new) made.
    pub fn epoch(&self, number: u64) -> Result<Epoch, ScenarioError> {
        let strategy = self.strategy(number);
        let ground = self.ground(number);
        let mut field = Field::new(ground.clone())?;
        let mut coverage = Coverage::default();
        let mut epoch = Epoch { number, strategy, runs: 0, actions: 0, states: 0, found: Vec::new() };
        for run in 0..Self::RUNS {
            field.begin_anew();
            let (actions, reached) = self.run(number, run, strategy, &mut field, &mut coverage);
            epoch.runs += 1;
            epoch.actions += actions.len() as u64;
            if reached {
                let property = self.goal.property(field.world());
                let ground = ground.clone();
                epoch.found.push(Found { epoch: number, run, ground, strategy, property, actions });
                if epoch.found.len() == Self::FOUND_MAX {
                    break;
                }
            }
        }
        epoch.states = coverage.states() as u64;
        Ok(epoch)
    }

    fn run(
        &self,
        epoch: u64,
        run: u64,
        strategy: Strategy,
        field: &mut Field,
        coverage: &mut Coverage,
    ) -> (Vec<Action>, bool) {
        let mut chance = Chance::of_run(self.seed, epoch, run);
        let covers = strategy == Strategy::Coverage;
        let mut actions = Vec::new();
        let mut watch = self.goal.watch();
        let mut reached = watch.reached(field.world());
        if covers
            && chance.permille(800)
            && let Some(way) = coverage.a_way(&mut chance)
        {
            for action in way {
                if reached || field.world().violation().is_some() {
                    break;
                }
                let step = field.perform(action);
                actions.extend(field.passed_in_vain());
                actions.extend(step);
                reached = watch.reached(field.world());
            }
        }
        let mut chooser = Chooser::new(strategy, field, chance);
        // A step may turn out not to be possible, and several may in a row.
        let actions_max = field.ground().actions_max;
        for _ in 0..actions_max * 2 {
            if reached || field.world().violation().is_some() {
                break;
            }
            if actions.len() >= actions_max as usize {
                break;
            }
            let step = chooser.step(field);
            actions.extend(field.passed_in_vain());
            actions.extend(step);
            reached = watch.reached(field.world());
            if covers && coverage.is_new(field.world()) {
                coverage.keep(&actions);
            }
        }
        (actions, reached)
    }
}
