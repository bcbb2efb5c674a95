//! What is asked of a search, in a few words: by the command line, by the page.

use raft_core::Rule;

use super::field::Field;
use super::goal::{Expression, Goal};
use super::ground::{Ground, Weights};
use super::search::{Search, Shares};
use crate::plain::{Object, Read, Tree, Wrong, not, one_named, read};
use crate::scenario::ScenarioError;

/// What there is on the grounds of a search.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum On {
    /// What shows the absence of the rule that is switched off soonest; with several or none, as plain.
    Rule,
    /// Elections, writes, crashes, and a network that loses and doubles messages.
    Plain,
    /// Pre-Vote, CheckQuorum, leases, snapshots, changes of members and clocks as well.
    Full,
    /// With all features and without those that are optional, few servers and more, slow disks too.
    All,
}

impl On {
    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 4] =
        [("rule", Self::Rule), ("plain", Self::Plain), ("full", Self::Full), ("all", Self::All)];
}

/// What is asked of a search. What is left open is as the grounds have it.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ask {
    /// Where all chance comes from, 0 to 2^53 - 1.
    pub seed: u64,
    /// Rules that no server follows.
    pub rules_off: Vec<Rule>,
    /// What is looked for.
    pub goal: Goal,
    /// What there is.
    pub on: On,
    /// How many servers vote at first.
    pub servers: Option<u32>,
    /// How many more there are that may come to vote.
    pub spares: Option<u32>,
    /// How many steps a run has at most.
    pub actions_max: Option<u32>,
    /// How the work is shared among strategies.
    pub shares: Shares,
    /// How often each kind of step is chosen.
    pub weights: Option<Weights>,
}

impl Default for Ask {
    fn default() -> Self {
        Self {
            seed: 0,
            rules_off: Vec::new(),
            goal: Goal::Violation,
            on: On::Rule,
            servers: None,
            spares: None,
            actions_max: None,
            shares: Shares::default(),
            weights: None,
        }
    }
}

impl Ask {
    /// What is asked, from plain data such as `{ rules_off: ["one_vote_per_term"] }`.
    ///
    /// # Errors
    /// Names the first field that is none of these, or holds what it cannot.
    pub fn read_from(found: Tree) -> Result<Self, Box<Wrong>> {
        read("search", found)
    }

    /// The search.
    ///
    /// # Errors
    /// Names the first field that is out of its range.
    pub fn search(&self) -> Result<Search, ScenarioError> {
        let mut grounds = match (self.on, self.rules_off.as_slice()) {
            (On::Rule, &[rule]) => Ground::for_rule(rule),
            (On::Rule, rules_off) if matches!(self.goal, Goal::Reach(_)) => for_a_scene(rules_off),
            (On::Rule | On::Plain, rules_off) => vec![Ground::plain(3, rules_off)],
            (On::Full, rules_off) => vec![Ground::full(3, 1, rules_off)],
            (On::All, rules_off) => everything(rules_off),
        };
        for ground in &mut grounds {
            ground.servers = self.servers.unwrap_or(ground.servers);
            ground.spares = self.spares.unwrap_or(ground.spares);
            ground.slow_disks = ground.slow_disks.min(ground.servers);
            ground.actions_max = self.actions_max.unwrap_or(ground.actions_max);
            ground.weights = self.weights.unwrap_or(ground.weights);
        }
        if let Goal::Reach(expression) = &self.goal {
            suits(expression, &mut grounds)?;
        }
        let mut search = Search::new(self.seed, grounds)?;
        (search.shares, search.goal) = (self.shares, self.goal.clone());
        for ground in search.grounds() {
            if search.goal.watch().reached(Field::new(ground.clone())?.world()) {
                return Err(not("goal", "reached before the first step", "what takes steps to come to"));
            }
        }
        Ok(search)
    }
}

/// Where correct servers come to much: few servers and more, with and without an entry at the beginning of a term, entries one by
/// one and many at once.
fn for_a_scene(rules_off: &[Rule]) -> Vec<Ground> {
    let mut grounds = Vec::new();
    for (servers, noop_on_election, entries_per_append_max) in
        [(3, true, 8), (3, false, 8), (3, true, 1), (5, true, 8), (5, false, 8)]
    {
        let mut ground = Ground::plain(servers, rules_off);
        ground.options.noop_on_election = noop_on_election;
        ground.options.entries_per_append_max = entries_per_append_max;
        grounds.push(ground);
    }
    grounds
}

/// Leaves only those grounds on which there is every server that a goal names.
fn suits(expression: &Expression, grounds: &mut Vec<Ground>) -> Result<(), ScenarioError> {
    let named = expression.servers_named();
    let most = grounds.iter().map(Ground::all_servers).max().unwrap_or_default();
    grounds.retain(|ground| ground.all_servers() >= named);
    if grounds.is_empty() {
        return Err(not("goal", format!("about S{named}"), &format!("servers up to S{most}")));
    }
    Ok(())
}

/// Every feature, with few servers and more, with members that change, slow disks, and without what is optional.
fn everything(rules_off: &[Rule]) -> Vec<Ground> {
    let mut grounds = Vec::new();
    for (servers, spares) in [(1, 1), (2, 1), (3, 0), (3, 1), (4, 1), (5, 0), (5, 2)] {
        let full = Ground::full(servers, spares, rules_off);
        let mut without = full.clone();
        (without.options.pre_vote, without.options.check_quorum, without.options.lease_reads) = (false, false, false);
        (without.options.noop_on_election, without.options.entries_per_append_max) = (false, 1);
        (without.weights.wait, without.weights.clock) = (0, 0);
        let mut slow = without.clone();
        (slow.slow_disks, slow.disk_steps) = (servers.div_ceil(2), 5);
        grounds.extend([full, without, slow]);
    }
    grounds
}

impl Read for On {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, &Self::ALL)
    }
}

impl Read for Ask {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut object = Object::of(found);
        let mut ask = Self::default();
        object.fill("seed", &mut ask.seed);
        object.fill("rules_off", &mut ask.rules_off);
        object.fill("goal", &mut ask.goal);
        object.fill("on", &mut ask.on);
        (ask.servers, ask.spares) = (object.take("servers"), object.take("spares"));
        ask.actions_max = object.take("actions_max");
        object.fill("shares", &mut ask.shares);
        ask.weights = object.take("weights");
        object.finish()?;
        Ok(ask)
    }
}

impl Read for Shares {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut shares = Self { swarm: 0, weighted: 0, macros: 0, priorities: 0, coverage: 0 };
        crate::plain::fill_record!(shares: Self { swarm, weighted, macros, priorities, coverage } from found)?;
        Ok(shares)
    }
}

impl Read for Weights {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        let mut weights = Self::NOTHING;
        crate::plain::fill_record!(weights: Self {
            deliver,
            heartbeat,
            propose,
            read,
            time_out,
            drop,
            duplicate,
            crash,
            restart,
            transfer,
            compact,
            members,
            clock,
            wait,
        } from found)?;
        Ok(weights)
    }
}
