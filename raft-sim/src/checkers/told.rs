//! The checkers as a trace drives them: facts of servers whose code nobody sees.
//!
//! What [`after_step`](Checkers::after_step) reads from a [`Server`](raft_core::Server) comes here as the trace has it, in the
//! order in which it happened. So whether a leader commits by counting is for that order to say: it does while it leads.

use raft_core::{Configuration, Entries, EntryId, Index, Log, ServerId, Term, Time};

use super::promises::{OnDisk, Promise};
use super::{Check, Checkers, Disks, Property, Violation};
use crate::network::at;

impl Checkers {
    /// A leader may find anything committed by counting: that rule is not followed, and the trace says so.
    pub(crate) const fn without_own_term_commit(&mut self) {
        self.own_term_commit = false;
    }

    /// A server is in this term now, and leads no more.
    pub(crate) fn told_term(&mut self, now: Time, server: ServerId, term: Term) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        if ghost.leads.is_some_and(|leads| leads != term) {
            ghost.leads = None;
        }
        self.in_term(now, server, term)
    }

    pub(crate) fn told_leader(&mut self, now: Time, server: ServerId, term: Term) -> Check {
        self.won(now, server, term)
    }

    pub(crate) fn told_step_down(&mut self, server: ServerId) {
        self.ghosts[at(server)].leads = None;
    }

    pub(crate) fn told_append(&mut self, now: Time, server: ServerId, from: Index, entries: &Entries) -> Check {
        self.wrote(now, server, from, entries)
    }

    /// A snapshot stands for a server's log up to an entry. Its log stays if it holds that entry, and is gone otherwise.
    pub(crate) fn told_snapshot(&mut self, now: Time, server: ServerId, base: EntryId) -> Check {
        self.rests_on(now, server, base, &Log::after(base))
    }

    pub(crate) fn told_commit<D: Disks + ?Sized>(
        &mut self,
        now: Time,
        server: ServerId,
        index: Index,
        disks: &D,
    ) -> Check {
        self.furthest = self.furthest.max(index);
        match self.ghosts[at(server)].leads {
            Some(term) => self.leader_commits(now, server, term, index, disks),
            None => self.commits(now, server, index),
        }
    }

    pub(crate) fn told_configuration(&self, now: Time, server: ServerId, configuration: &Configuration) -> Check {
        self.counts_by(now, server, configuration)
    }

    /// A leader knows a follower's log to match its own up to an index, and sends another next; `before`: up to where it
    /// matched until now.
    pub(crate) fn told_progress(
        &self,
        now: Time,
        leader: ServerId,
        follower: ServerId,
        before: Index,
        knows: (Index, Index),
    ) -> Check {
        let term = self.ghosts[at(leader)].term;
        self.knows(now, (leader, term), follower, before, knows)
    }

    /// A server applies the entry of its log at an index; the trace may say of which term.
    pub(crate) fn told_apply(&mut self, now: Time, server: ServerId, index: Index, term: Option<Term>) -> Check {
        let ghost = &mut self.ghosts[at(server)];
        let expected = ghost.applied.next();
        if index != expected {
            let text = format!("{server} applied the entry at index {index}, where {expected} was next.");
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[expected, index], &[]);
        }
        ghost.applied = index;
        let committed = self.chain.term(index);
        if !ghost.log.is_committed_upto(index, &self.chain) || term.is_some_and(|term| Some(term) != committed) {
            let text = format!("{server} applied another entry at index {index} than the committed one.");
            let terms: Vec<Term> = term.into_iter().collect();
            return Violation::new(Property::StateMachineSafety, now, text, &[server], &[index], &terms);
        }
        Ok(())
    }

    pub(crate) fn told_restore(&mut self, now: Time, server: ServerId, index: Index) -> Check {
        self.restores(now, server, index)
    }

    /// A server's state machine has come to an index. What it was at the beginning of the trace nobody knows.
    pub(crate) fn told_state(&mut self, now: Time, server: ServerId, index: Index, digest: u64) -> Check {
        if index <= self.begun {
            return Ok(());
        }
        self.has_state(now, server, index, digest)
    }

    /// A vote leaves its server: to a candidate, or with the server's own request for votes.
    pub(crate) fn told_vote(
        &mut self,
        now: Time,
        server: ServerId,
        (term, candidate): (Term, ServerId),
        disk: Option<OnDisk>,
    ) -> Check {
        self.promised(now, server, term, Promise::Vote(candidate), disk)
    }

    /// A message leaves its server, with a vote or an acknowledgement in it.
    pub(crate) fn told_sent(
        &mut self,
        now: Time,
        server: ServerId,
        term: Term,
        (vote, matched): (Option<ServerId>, Option<Index>),
        disk: Option<OnDisk>,
    ) -> Check {
        let promise = match (vote, matched) {
            (Some(candidate), _) => Promise::Vote(candidate),
            (None, Some(index)) => Promise::Log(index),
            (None, None) => Promise::Nothing,
        };
        self.promised(now, server, term, promise, disk)
    }
}
