//! A world that is small enough to try everything in it.

use raft_core::Rule;

use super::ground::Ground;
use super::identity::SERVERS_MAX;
use crate::plain::{Object, not, within};
use crate::scenario::ScenarioError;

/// A world that is small enough to try everything in it, and up to where.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SmallWorld {
    /// How many servers there are, 1 to 4.
    pub servers: u32,
    /// Rules that no server follows.
    pub rules_off: Vec<Rule>,
    /// Whether a leader begins its term with an entry of its own.
    pub noop_on_election: bool,
    /// The latest term that a server stands for, 1 to 7.
    pub terms: u32,
    /// How many things are handed to leaders to write; with `terms` at most 8.
    pub writes: u32,
    /// How often a server crashes, 0 to 8.
    pub crashes: u32,
    /// How often a message is doubled, 0 to 8.
    pub duplicates: u32,
    /// Whether states in which servers have changed places are one.
    pub symmetry: bool,
}

impl SmallWorld {
    /// The most steps.
    pub const DEPTH_MAX: u32 = 40;

    /// So many servers, terms up to 3 and one write; no crashes, and no message is doubled.
    #[must_use]
    pub fn new(servers: u32, rules_off: &[Rule]) -> Self {
        Self {
            servers,
            rules_off: rules_off.to_vec(),
            noop_on_election: false,
            terms: 3,
            writes: 1,
            crashes: 0,
            duplicates: 0,
            symmetry: true,
        }
    }

    /// The ground that it is.
    ///
    /// # Errors
    /// Names the first bound that is out of its range.
    pub(super) fn ground(&self) -> Result<Ground, ScenarioError> {
        within("servers", self.servers.into(), 1, SERVERS_MAX as u64)?;
        within("terms", self.terms.into(), 1, 7)?;
        // A leader that has no more entries than these never holds any back, and what it has on its way decides nothing.
        within("writes", self.writes.into(), 0, (8 - self.terms).into())?;
        within("crashes", self.crashes.into(), 0, 8)?;
        within("duplicates", self.duplicates.into(), 0, 8)?;
        if self.rules_off.contains(&Rule::MatchStartsAtZero) {
            // A server without it remembers followers from earlier leaderships, which is no part of a state here.
            let rule = Rule::MatchStartsAtZero.name();
            return Err(not("rules_off", rule, "rules whose absence adds nothing to what a server remembers"));
        }
        let mut ground = Ground::plain(self.servers, &self.rules_off);
        ground.options.noop_on_election = self.noop_on_election;
        Ok(ground)
    }

    /// Whether the rounds of heartbeats decide anything: where a server may lead one term twice.
    pub(super) fn rounds_count(&self) -> bool {
        [Rule::TermPersisted, Rule::VotePersisted].iter().any(|rule| self.rules_off.contains(rule))
    }
}

impl Default for SmallWorld {
    fn default() -> Self {
        Self::new(3, &[])
    }
}

/// Fields of an object that has others besides.
pub(super) fn fill(small: &mut SmallWorld, object: &mut Object) {
    let SmallWorld { servers, rules_off, noop_on_election, terms, writes, crashes, duplicates, symmetry } = small;
    object.fill("servers", servers);
    object.fill("rules_off", rules_off);
    object.fill("noop_on_election", noop_on_election);
    object.fill("terms", terms);
    object.fill("writes", writes);
    object.fill("crashes", crashes);
    object.fill("duplicates", duplicates);
    object.fill("symmetry", symmetry);
}
