//! Making what was found as short as it can be.

use std::collections::BTreeSet;
use std::sync::Arc;

use raft_core::{Server, ServerId, Term};

use super::action::{Action, Sign};
use super::chance::Chance;
use super::field::Field;
use super::goal::Goal;
use super::ground::Ground;
use super::search::{Found, Search};
use crate::checkers::Property;
use crate::network::at;
use crate::scenario::ScenarioError;

/// What was found, made short.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Shrunk {
    /// Where it takes place.
    pub ground: Arc<Ground>,
    /// What was looked for.
    pub goal: Goal,
    /// The property that it violates, as what was found does; none where something else was looked for.
    pub property: Option<Property>,
    /// Its steps.
    pub actions: Vec<Action>,
    /// How many runs were tried for that.
    pub replays: u64,
}

/// With so few steps left, all pairs of them are tried.
const PAIRS_AT_MOST: usize = 60;
/// Of three timers the third is looked for so far behind the second.
const TRIPLES_WITHIN: usize = 6;
/// How many times steps drawn at random are left out, once nothing else is of use.
const SOME_TRIES: u32 = 400;
/// So many runs are tried at most: what is left then is as short as it got.
const REPLAYS_MAX: u64 = 5_000;

impl Search {
    /// Leaves out of a run what it can do without, as long as it comes to the same: whole classes of steps and whole
    /// servers first, then ever smaller parts, and pairs at last. Then the servers are renumbered by when they
    /// appear.
    ///
    /// # Errors
    /// None for a search that [`new`](Self::new) made.
    pub fn shrink(&self, found: &Found) -> Result<Shrunk, ScenarioError> {
        let field = Field::new(found.ground.clone())?;
        let chance = Chance::of_run(self.seed, found.epoch, u64::MAX - 2 - found.run);
        let property = found.property;
        let mut shrinking = Shrinking { search: self, field, property, best: Vec::new(), replays: 0, chance };
        if let Some(performed) = shrinking.comes_to_it(&found.actions) {
            shrinking.best = performed;
            while shrinking.pass() {}
            shrinking.renumber();
        }
        let Shrinking { property, best, replays, .. } = shrinking;
        let goal = self.goal.clone();
        Ok(Shrunk { ground: found.ground.clone(), goal, property, actions: best, replays })
    }
}

struct Shrinking<'a> {
    search: &'a Search,
    field: Field,
    property: Option<Property>,
    best: Vec<Action>,
    replays: u64,
    chance: Chance,
}

impl Shrinking<'_> {
    /// The steps that are taken of these, if they come to the same.
    fn comes_to_it(&mut self, actions: &[Action]) -> Option<Vec<Action>> {
        self.replays += 1;
        let performed = self.field.replay(actions, &self.search.goal)?;
        let property = self.search.goal.property(self.field.world());
        (property == self.property).then_some(performed)
    }

    /// Takes these steps for the best ones, if they come to the same and are fewer.
    fn accept(&mut self, actions: &[Action]) -> bool {
        if self.replays >= REPLAYS_MAX {
            return false;
        }
        match self.comes_to_it(actions) {
            Some(performed) if performed.len() < self.best.len() => {
                self.best = performed;
                true
            }
            _ => false,
        }
    }

    fn without(&mut self, leaves: impl Fn(usize, &Action) -> bool) -> bool {
        let rest: Vec<Action> = self
            .best
            .iter()
            .enumerate()
            .filter(|&(at, action)| !leaves(at, action))
            .map(|(_, action)| action.clone())
            .collect();
        rest.len() < self.best.len() && self.accept(&rest)
    }

    /// One round of all that is tried. Whether anything came of it.
    fn pass(&mut self) -> bool {
        let before = self.best.len();
        for class in 1..Action::CLASSES {
            self.without(|_, action| action.class() == class);
        }
        for server in self.field.ground().servers().collect::<Vec<_>>() {
            self.without(|_, action| action.concerns(server));
            self.without(|_, action| *action == Action::TimeOut(server));
        }
        let mut size = (self.best.len() / 2).max(1);
        loop {
            // From the end: what was done last is most often of no use.
            let mut end = self.best.len();
            while end > 0 {
                let begin = end.saturating_sub(size);
                self.without(|at, _| at >= begin && at < end);
                end = begin.min(self.best.len());
            }
            if size == 1 {
                break;
            }
            size /= 2;
        }
        if self.best.len() == before {
            self.without_elections();
        }
        if self.best.len() == before {
            self.without_time_outs();
        }
        if self.best.len() == before && before <= PAIRS_AT_MOST {
            self.without_a_pair();
        }
        if self.best.len() == before {
            self.without_some();
        }
        self.best.len() < before
    }

    /// Which term each step belongs to: that which a timer that ran out led to, or that of a message. Zero for others.
    fn terms(&mut self) -> Vec<Term> {
        let Self { field, best, .. } = self;
        field.begin_anew();
        let term_of = |action: &Action| {
            field.perform(action);
            match action {
                Action::Deliver(sign) | Action::Drop(sign) | Action::Duplicate(sign) => sign.term,
                Action::TimeOut(server) => {
                    let node = field.world().servers().get(at(*server));
                    node.and_then(|node| node.server()).map_or(Term::ZERO, Server::current_term)
                }
                _ => Term::ZERO,
            }
        };
        best.iter().map(term_of).collect()
    }

    /// Leaves out whole elections: all steps of a term, of two terms, or only those up to the votes. What comes later is then of
    /// a lower term, by which removing its steps one by one would have failed.
    fn without_elections(&mut self) {
        let terms = self.terms();
        let all: Vec<Term> =
            terms.iter().copied().filter(|&term| term > Term::ZERO).collect::<BTreeSet<_>>().into_iter().collect();
        let of_election = |action: &Action| match action {
            Action::Deliver(sign) | Action::Drop(sign) | Action::Duplicate(sign) => sign.kind.is_of_election(),
            action => matches!(action, Action::TimeOut(_)),
        };
        for (number, &one) in all.iter().enumerate() {
            for &other in &all[number..] {
                let leaves = |at: usize| terms[at] == one || terms[at] == other;
                if self.without(|at, _| leaves(at)) || self.without(|at, action| leaves(at) && of_election(action)) {
                    return;
                }
            }
        }
    }

    /// Leaves out two or three timers that run out: one that makes up for another's is of no use without it.
    fn without_time_outs(&mut self) {
        let is_time_out = |action: &Action| matches!(action, Action::TimeOut(_));
        let all: Vec<usize> = (0..self.best.len()).filter(|&at| is_time_out(&self.best[at])).collect();
        for (number, &one) in all.iter().enumerate() {
            for (further, &two) in all.iter().enumerate().skip(number + 1) {
                if self.without(|at, _| at == one || at == two) {
                    return;
                }
                for &three in all.iter().skip(further + 1).take(TRIPLES_WITHIN) {
                    if self.without(|at, _| at == one || at == two || at == three) {
                        return;
                    }
                }
            }
        }
    }

    /// Leaves out some steps drawn at random, of one server or near each other.
    fn without_some(&mut self) {
        for _ in 0..SOME_TRIES {
            let length = self.best.len();
            let (begin, width) = (self.chance.below(length), 2 + self.chance.below(length));
            let server = ServerId(1 + self.chance.below(self.field.ground().all_servers() as usize) as u32);
            let by_server = self.chance.permille(500);
            let often = [200, 400, 700][self.chance.below(3)];
            let near = |at: usize| at >= begin && at < begin + width;
            let leaves: Vec<bool> = (0..length)
                .map(|at| {
                    let candidate = if by_server { self.best[at].concerns(server) } else { near(at) };
                    candidate && self.chance.permille(often)
                })
                .collect();
            if self.without(|at, _| leaves[at]) {
                return;
            }
        }
    }

    fn without_a_pair(&mut self) {
        for first in 0..self.best.len() {
            for second in first + 1..self.best.len() {
                if self.without(|at, _| at == first || at == second) {
                    return;
                }
            }
        }
    }

    /// Gives the servers numbers in the order in which they appear, those of a kind among themselves, if it comes
    /// to the same then.
    fn renumber(&mut self) {
        let voters = self.field.ground().servers;
        let mut order: Vec<ServerId> = Vec::new();
        for action in &self.best {
            let (first, second) = match action {
                Action::Deliver(Sign { from, to, .. }) => (Some(*from), Some(*to)),
                other => (other.server(), None),
            };
            order.extend(
                first.into_iter().chain(second).filter(|server| !order.contains(server)).collect::<BTreeSet<_>>(),
            );
        }
        let unused = self.field.ground().servers().filter(|server| !order.contains(server)).collect::<Vec<_>>();
        order.extend(unused);
        // Those with slow disks and those that do not vote at first are others, and stay among themselves.
        let slow = self.field.ground().slow_disks;
        let kind = |server: &ServerId| (server.0 > slow) as u8 + (server.0 > voters) as u8;
        order.sort_by_key(kind);
        let mut number = vec![ServerId(0); order.len()];
        for (place, server) in (1..).zip(order) {
            number[at(server)] = ServerId(place);
        }
        let renamed: Vec<Action> =
            self.best.iter().map(|action| action.with_servers(&|server| number[at(server)])).collect();
        if let Some(performed) = self.comes_to_it(&renamed)
            && performed.len() == self.best.len()
        {
            self.best = performed;
        }
    }
}
