//! What is asked of a message before anything in it is believed.
//!
//! Raft assumes servers that follow it. A real network brings messages from misconfigured, outdated or broken ones, and
//! the worst they may do is waste time. So a message is looked at in full first; one that no correct server could have
//! sent in this state is refused with the reason, and leaves no trace.

use crate::{
    AppendOutcome, Body, Entries, EntryId, Index, Message, Payload, Rejected, Round, Rule, Server, ServerId,
    SnapshotOutcome, Term,
};

impl Server {
    pub(crate) fn check(&self, message: &Message) -> Result<(), Rejected> {
        let &Message { from, to, term, ref body } = message;
        if to != self.id {
            return Err(Rejected::NotForThisServer { to });
        }
        if from == self.id {
            return Err(Rejected::FromItself);
        }
        within("term", term.0, Term::LIMIT.0)?;
        if is_from_a_member(body) && !self.configuration.is_member(from) {
            return Err(Rejected::UnknownSender { from });
        }
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
            Body::AppendEntries { prev_log_index, prev_log_term, ref entries, leader_commit, round } => {
                let prev = EntryId { index: prev_log_index, term: prev_log_term };
                check_entry_id(prev, term)?;
                check_entries(prev, entries, term)?;
                within("leader_commit", leader_commit.0, Index::LIMIT.0)?;
                within("round", round.0, Round::LIMIT.0)?;
                self.check_leader(from, term)?;
                self.check_nothing_committed_is_replaced(prev, entries, term)?;
                match self.log.contradicts(prev.index, entries) {
                    Some(entry) if term >= self.current_term => Err(Rejected::TwoContents { entry }),
                    _ => Ok(()),
                }
            }
            // It names a round of an earlier leadership in a later term.
            Body::AppendEntriesReply { outcome: AppendOutcome::StaleTerm, round } => {
                within("round", round.0, Round::LIMIT.0)
            }
            Body::AppendEntriesReply { outcome, round } => {
                if outcome == AppendOutcome::StaleTerm {
                    // The round is one of the older term, and nothing is made of it.
                    within("round", round.0, Round::LIMIT.0)?;
                } else {
                    self.check_round(term, round)?;
                }
                self.check_append_reply(term, outcome)
            }
            Body::InstallSnapshot {
                last_included_index,
                last_included_term,
                ref configuration,
                offset,
                ref data,
                round,
                done: _,
            } => {
                let last_included = EntryId { index: last_included_index, term: last_included_term };
                check_entry_id(last_included, term)?;
                if last_included.index == Index::ZERO {
                    return Err(Rejected::NoSuchEntry { entry: last_included });
                }
                if configuration.voters().is_empty() {
                    return Err(Rejected::ConfigurationWithoutVoters);
                }
                within("offset", offset.saturating_add(data.len() as u64), Index::LIMIT.0)?;
                within("round", round.0, Round::LIMIT.0)?;
                self.check_leader(from, term)?;
                self.check_snapshot_is_of_this_log(last_included, term)
            }
            Body::InstallSnapshotReply { last_included_index, outcome, round } => {
                self.check_round(term, round)?;
                self.check_snapshot_reply(term, last_included_index, outcome)
            }
            Body::ReadIndex { context } => within("context", context, Index::LIMIT.0),
            Body::ReadIndexReply { context, read_index } => {
                within("context", context, Index::LIMIT.0)?;
                within("read_index", read_index.map_or(0, |index| index.0), Index::LIMIT.0)
            }
        }
    }

    /// A round that this leader has not begun cannot be answered.
    fn check_round(&self, term: Term, round: Round) -> Result<(), Rejected> {
        let begun = match self.leading() {
            Some(leading) if term == self.current_term => leading.round,
            _ => Round::LIMIT,
        };
        within("round", round.0, begun.0)
    }

    /// What is committed here is in every leader's log (P§5.4.3), so no snapshot can stand for anything else.
    fn check_snapshot_is_of_this_log(&self, last_included: EntryId, term: Term) -> Result<(), Rejected> {
        let EntryId { index, term: included } = last_included;
        let differs = self.log.term_at(index).is_some_and(|own| own != included);
        if term >= self.current_term && index <= self.commit_index && differs {
            return Err(Rejected::WouldEraseCommitted { index, commit_index: self.commit_index });
        }
        // Terms never fall along a log, so behind what is committed there is no older one.
        let after = self.log.term_at(self.commit_index).unwrap_or_default();
        if term >= self.current_term && index > self.commit_index && included < after {
            return Err(Rejected::TermFalls { index, found: included, after });
        }
        Ok(())
    }

    fn check_snapshot_reply(&self, term: Term, index: Index, outcome: SnapshotOutcome) -> Result<(), Rejected> {
        within("last_included_index", index.0, Index::LIMIT.0)?;
        if !self.is_leader() || term != self.current_term {
            return Ok(());
        }
        // A leader only sends snapshots of what it has applied.
        if index > self.last_applied {
            return Err(Rejected::AckPastTheEnd { claimed: index, last: self.last_applied });
        }
        let sent = self.snapshot.as_ref().filter(|snapshot| snapshot.last_included.index == index);
        match (outcome, sent) {
            (SnapshotOutcome::Wants { offset }, Some(snapshot)) if offset > snapshot.data.len() as u64 => {
                Err(Rejected::AbsurdOffset { offset, at_most: snapshot.data.len() as u64 })
            }
            _ => Ok(()),
        }
    }

    /// A term has one leader (P§5.2).
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn check_leader(&self, from: ServerId, term: Term) -> Result<(), Rejected> {
        match self.leader() {
            Some(known) if term == self.current_term && known != from => {
                Err(Rejected::SecondLeader { known, claims: from })
            }
            _ => Ok(()),
        }
    }

    /// A leader has all committed entries (P§5.4.3), so no append of it can differ from one of them.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn check_nothing_committed_is_replaced(
        &self,
        prev: EntryId,
        entries: &Entries,
        term: Term,
    ) -> Result<(), Rejected> {
        // Entries behind all that is committed replace none of it. An append of an older term is refused as a whole, and
        // one whose prev does not match replaces nothing.
        if prev.index >= self.commit_index || term < self.current_term {
            return Ok(());
        }
        let EntryId { index: base, term: base_term } = self.log.base();
        if prev.index >= base && !self.log.has(prev) {
            return Ok(());
        }
        // Of what the snapshot stands for only the last entry's term is known.
        if prev.index < base && prev.index.plus(entries.len() as u64) >= base && entries.term() != base_term {
            return Err(Rejected::WouldEraseCommitted { index: base, commit_index: self.commit_index });
        }
        let known = self.log.known(prev.index, entries);
        let index = prev.index.plus(known as u64).next();
        if known < entries.len() && index <= self.commit_index {
            return Err(Rejected::WouldEraseCommitted { index, commit_index: self.commit_index });
        }
        Ok(())
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
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
        if term == self.current_term
            && self.is_leader()
            && named > self.log.last_index()
            && self.follows(Rule::AckBoundedByLog)
        {
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
#[cfg_attr(not(target_family = "wasm"), inline(always))]
fn check_entries(prev: EntryId, entries: &Entries, sender: Term) -> Result<(), Rejected> {
    if entries.is_empty() {
        return Ok(());
    }
    within("last_new_index", prev.index.plus(entries.len() as u64).0, Index::LIMIT.0)?;
    let found = entries.term();
    if found < prev.term || found == Term::ZERO {
        return Err(Rejected::TermFalls { index: prev.index.next(), found, after: prev.term });
    }
    if found > sender {
        return Err(Rejected::EntryFromTheFuture { found, sender });
    }
    let undecided =
        |payload: &Payload| matches!(payload, Payload::Configuration(members) if members.voters().is_empty());
    if entries.payloads().iter().any(undecided) {
        return Err(Rejected::ConfigurationWithoutVoters);
    }
    Ok(())
}

/// Whether only a server that this one has sent something, or that has a leader in it, sends such a message.
///
/// The others may come from anyone: a server that is behind does not know who counts by now, and one that is to be added
/// knows nobody (D§4.1).
const fn is_from_a_member(body: &Body) -> bool {
    matches!(
        body,
        Body::RequestVoteReply { .. }
            | Body::PreVoteReply { .. }
            | Body::AppendEntriesReply { .. }
            | Body::InstallSnapshotReply { .. }
            | Body::ReadIndex { .. }
            | Body::ReadIndexReply { .. }
    )
}
