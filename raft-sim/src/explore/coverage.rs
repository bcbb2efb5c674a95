//! Which states were seen, by what tells them apart for a search.

use std::collections::HashSet;
use std::hash::{BuildHasherDefault, Hash, Hasher};

use raft_core::{Index, Role, Term};

use super::action::Action;
use super::chance::Chance;
use crate::fingerprint::Fingerprint;
use crate::world::World;

/// Passes on what is a hash already.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct AsItIs(u64);

impl Hasher for AsItIs {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, _: &[u8]) {}

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }
}

/// A set of hashes. Nothing is read off it but whether something is in it and how much, so its order decides nothing.
pub(crate) type Seen = HashSet<u64, BuildHasherDefault<AsItIs>>;

/// The states that an epoch's runs came to, and the ways to those that were new.
#[derive(Debug, Default)]
pub(crate) struct Coverage {
    seen: Seen,
    ways: Vec<Vec<Action>>,
}

/// The most ways that are kept: later ones take the place of earlier ones.
const WAYS_MAX: usize = 256;

impl Coverage {
    /// Whether a state is new; if so, it is not any more.
    pub(crate) fn is_new(&mut self, world: &World) -> bool {
        self.seen.insert(abstract_state(world))
    }

    pub(crate) fn states(&self) -> usize {
        self.seen.len()
    }

    pub(crate) fn keep(&mut self, way: &[Action]) {
        if self.ways.len() < WAYS_MAX {
            self.ways.push(way.to_vec());
        } else {
            let at = self.seen.len() % WAYS_MAX;
            self.ways[at] = way.to_vec();
        }
    }

    /// A way to go on from. Later ones, which lead further, come more often.
    pub(crate) fn a_way(&self, chance: &mut Chance) -> Option<&[Action]> {
        let count = self.ways.len();
        if count == 0 {
            return None;
        }
        let at = chance.below(count).max(chance.below(count));
        self.ways.get(at).map(Vec::as_slice)
    }
}

/// What a state is like, whichever servers it is of: roles, terms by rank, ends of logs and what is committed, up to a bound.
pub(crate) fn abstract_state(world: &World) -> u64 {
    let of_each = || world.nodes.iter();
    let mut terms: Vec<Term> = of_each()
        .filter_map(|node| node.server())
        .flat_map(|server| [server.current_term(), server.log().last().term])
        .collect();
    terms.sort_unstable();
    terms.dedup();
    let rank = |term: Term| terms.binary_search(&term).unwrap_or(terms.len()) as u64;
    let bounded = |index: Index| index.0.min(6);
    let mut servers: Vec<u64> = of_each()
        .map(|node| {
            let mut hasher = Fingerprint::new();
            match node.server() {
                Some(server) => {
                    let role: u8 = match server.role() {
                        Role::Follower { leader, .. } => u8::from(leader.is_some()),
                        Role::PreCandidate => 2,
                        Role::Candidate { .. } => 3,
                        Role::Leader(_) => 4,
                    };
                    (role, rank(server.current_term()), server.voted_for().is_some()).hash(&mut hasher);
                    let (last, base) = (server.log().last(), server.log().base());
                    (rank(last.term), bounded(last.index), bounded(base.index)).hash(&mut hasher);
                    (bounded(server.commit_index()), server.votes().granted.len()).hash(&mut hasher);
                    server.configuration().voters().len().hash(&mut hasher);
                }
                None => (9_u8, bounded(node.durable().log.last_index())).hash(&mut hasher),
            }
            hasher.finish()
        })
        .collect();
    servers.sort_unstable();
    let mut hasher = Fingerprint::new();
    servers.hash(&mut hasher);
    hasher.finish()
}
