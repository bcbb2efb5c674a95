//! What of all that is remembered decides what will be found, for a search that takes two states for one when they are alike.

use std::hash::Hash;

use raft_core::ServerId;

use super::Checkers;
use crate::fingerprint::Fingerprint;
use crate::network::at;

impl Checkers {
    /// Takes in what is remembered of the run, with servers called as is said. Left out is what only serves to word a violation (who
    /// had an entry first), and what follows from the rest (the digest of a state from the log that led to it).
    pub(crate) fn recall(&self, called: impl Fn(ServerId) -> u64, hasher: &mut Fingerprint) {
        for (term, leadership) in self.leaderships.iter() {
            (term, called(leadership.leader), leadership.wrote).hash(hasher);
        }
        for (place, (prefix, _)) in self.seen.iter() {
            (place, prefix).hash(hasher);
        }
        let last = self.chain.last();
        (last, self.chain.prefix(last), self.chain.term(last)).hash(hasher);
        (&self.committed_in, self.acknowledged, self.furthest).hash(hasher);
    }

    /// Takes in what is remembered of one server whoever else there is: what its log holds, and what it promised in all its lives.
    pub(crate) fn recall_alone(&self, server: ServerId, hasher: &mut Fingerprint) {
        let ghost = &self.ghosts[at(server)];
        (ghost.log.last(), ghost.log.whole(), ghost.spoke, ghost.vote.0).hash(hasher);
    }

    /// For whom it voted last, in all its lives.
    pub(crate) fn recalls_vote(&self, server: ServerId) -> Option<ServerId> {
        self.ghosts[at(server)].vote.1
    }
}
