//! What is asked of a message before anything in it is believed.
//!
//! Raft assumes servers that follow it. A real network brings messages from misconfigured, outdated or broken ones, and
//! the worst they may do is waste time. So a message is looked at in full first; one that no correct server could have
//! sent in this state is refused with the reason, and leaves no trace.

use crate::server::Role;
use crate::{AppendOutcome, Body, Entry, EntryId, Index, Message, Rejected, Server, ServerId, Term};

impl Server {
    pub(crate) fn check(&self, message: &Message) -> Result<(), Rejected> {
        let &Message { from, to, term, ref body } = message;
        if to != self.id {
            return Err(Rejected::NotForThisServer { to });
        }
        if from == self.id {
            return Err(Rejected::FromItself);
        }
        if !self.configuration.is_voter(from) {
            return Err(Rejected::UnknownSender { from });
        }
        within("term", term.0, Term::LIMIT.0)?;
        match *body {
            Body::RequestVote { last_log_index, last_log_term, .. } => {
                check_entry_id(EntryId { index: last_log_index, term: last_log_term }, term)
            }
            Body::PreVote { next_term, last_log_index, last_log_term } => {
                within("next_term", next_term.0, Term::LIMIT.0.min(term.next().0))?;
                check_entry_id(EntryId { index: last_log_index, term: last_log_term }, term)
            }
            Body::PreVoteReply { next_term, .. } => within("next_term", next_term.0, Term::LIMIT.0),
            Body::RequestVoteReply { .. } => Ok(()),
            Body::TimeoutNow => self.check_leader(from, term),
            Body::AppendEntries { prev_log_index, prev_log_term, ref entries, leader_commit } => {
                let prev = EntryId { index: prev_log_index, term: prev_log_term };
                check_entry_id(prev, term)?;
                check_entries(prev, entries, term)?;
                within("leader_commit", leader_commit.0, Index::LIMIT.0)?;
                self.check_leader(from, term)?;
                self.check_nothing_committed_is_replaced(prev, entries, term)
            }
            Body::AppendEntriesReply { outcome } => self.check_append_reply(term, outcome),
        }
    }

    /// A term has one leader (P§5.2).
    fn check_leader(&self, from: ServerId, term: Term) -> Result<(), Rejected> {
        match self.leader() {
            Some(known) if term == self.current_term && known != from => {
                Err(Rejected::SecondLeader { known, claims: from })
            }
            _ => Ok(()),
        }
    }

    /// A leader has all committed entries (P§5.4.3), so no append of it can differ from one of them.
    fn check_nothing_committed_is_replaced(
        &self,
        prev: EntryId,
        entries: &[Entry],
        term: Term,
    ) -> Result<(), Rejected> {
        // An append of an older term is refused as a whole, and one whose prev does not match replaces nothing.
        if term < self.current_term || self.log.term_at(prev.index) != Some(prev.term) {
            return Ok(());
        }
        let known = self.entries_known(prev.index, entries);
        let index = prev.index.plus(known as u64).next();
        if known < entries.len() && index <= self.commit_index {
            return Err(Rejected::WouldEraseCommitted { index, commit_index: self.commit_index });
        }
        Ok(())
    }

    fn check_append_reply(&self, term: Term, outcome: AppendOutcome) -> Result<(), Rejected> {
        let (named, hint) = match outcome {
            AppendOutcome::Success { match_index } => (match_index, None),
            AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index } => {
                within("conflict_term", conflict_term.map_or(0, |term| term.0), Term::LIMIT.0)?;
                (prev_log_index, Some((conflict_term, conflict_index)))
            }
            AppendOutcome::StaleTerm => return Ok(()),
        };
        within("match_index", named.0, Index::LIMIT.0)?;
        if let Some((conflict_term, conflict_index)) = hint {
            // A log that is too short ends before the entry; a term that conflicts starts at or before it.
            let absurd = conflict_index == Index::ZERO
                || conflict_index > named
                || conflict_term.is_some_and(|conflict_term| conflict_term == Term::ZERO || conflict_term > term);
            if absurd {
                return Err(Rejected::AbsurdConflict { prev_log_index: named, conflict_index });
            }
        }
        // Only a leader knows what it can have sent; to anyone else the reply says nothing anyway.
        if term == self.current_term && matches!(self.role, Role::Leader { .. }) && named > self.log.last_index() {
            return Err(Rejected::AckPastTheEnd { claimed: named, last: self.log.last_index() });
        }
        Ok(())
    }
}

fn within(field: &'static str, found: u64, limit: u64) -> Result<(), Rejected> {
    if found > limit { Err(Rejected::OutOfRange { field, found, limit }) } else { Ok(()) }
}

/// An entry that a server in this term can have.
fn check_entry_id(entry: EntryId, sender: Term) -> Result<(), Rejected> {
    within("log_index", entry.index.0, Index::LIMIT.0)?;
    if (entry.index == Index::ZERO) != (entry.term == Term::ZERO) {
        return Err(Rejected::NoSuchEntry { entry });
    }
    if entry.term > sender {
        return Err(Rejected::EntryFromTheFuture { found: entry.term, sender });
    }
    Ok(())
}

/// Entries that can stand behind `prev` in the log of a leader of this term.
fn check_entries(prev: EntryId, entries: &[Entry], sender: Term) -> Result<(), Rejected> {
    within("last_new_index", prev.index.plus(entries.len() as u64).0, Index::LIMIT.0)?;
    let mut after = prev.term;
    for (index, entry) in (prev.index.0 + 1..).zip(entries) {
        let found = entry.term;
        if found < after || found == Term::ZERO {
            return Err(Rejected::TermFalls { index: Index(index), found, after });
        }
        if found > sender {
            return Err(Rejected::EntryFromTheFuture { found, sender });
        }
        after = found;
    }
    Ok(())
}
