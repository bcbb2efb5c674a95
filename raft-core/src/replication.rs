//! Log replication (P§5.3) and the commit rule (P§5.4.2).

use alloc::vec::Vec;

use crate::event::{AppendRefusal, CommitReason, Ignored};
use crate::server::{Progress, Role};
use crate::{
    AppendOutcome, Body, Command, Effects, Entry, EntryId, Event, Index, Payload, Rejected, Rule, Server, ServerId,
    Term, Time,
};

/// The leader's side.
impl Server {
    pub(crate) fn propose(&mut self, command: Command, effects: &mut Effects) -> Result<EntryId, Rejected> {
        if !self.is_leader() {
            return Err(Rejected::NotLeader { leader: self.leader() });
        }
        if let Some(transfer) = self.transfer() {
            return Err(Rejected::TransferUnderWay { to: transfer.to });
        }
        if self.log.last_index() >= Index::LIMIT {
            let (found, limit) = (self.log.last_index().0, Index::LIMIT.0);
            return Err(Rejected::OutOfRange { field: "last_log_index", found, limit });
        }
        let entry = Entry { term: self.current_term, payload: Payload::Command(command) };
        let id = self.append_to_own_log(entry, effects);
        for peer in self.peers() {
            self.send_append_unless_waiting(peer, effects);
        }
        Ok(id)
    }

    pub(crate) fn append_to_own_log(&mut self, entry: Entry, effects: &mut Effects) -> EntryId {
        let id = EntryId { term: entry.term, index: self.push_entry(entry) };
        effects.tell(|| Event::EntryAppended { entry: id });
        id
    }

    /// Shows every follower that this leader is alive, and sends again what was not acknowledged.
    pub(crate) fn send_heartbeats(&mut self, now: Time, effects: &mut Effects) {
        let due = now.plus(self.options.heartbeat_us);
        if let Role::Leader { heartbeat_due, .. } = &mut self.role {
            *heartbeat_due = due;
        }
        for peer in self.peers() {
            self.send_append(peer, effects);
        }
    }

    pub(crate) fn follower(&mut self, id: ServerId) -> Option<&mut Progress> {
        match &mut self.role {
            // They stand in the configuration's order, which rises.
            Role::Leader { followers, .. } => {
                followers.binary_search_by_key(&id, |follower| follower.id).ok().map(|at| &mut followers[at])
            }
            _ => None,
        }
    }

    /// Sends what is new, unless entries are on their way already: then it goes with the next append.
    pub(crate) fn send_append_unless_waiting(&mut self, to: ServerId, effects: &mut Effects) {
        let last = self.log.last_index();
        let Some(follower) = self.follower(to) else { return };
        if follower.next_index <= last && follower.sent_index <= follower.match_index {
            self.send_append(to, effects);
        }
    }

    fn send_append(&mut self, to: ServerId, effects: &mut Effects) {
        let Some(follower) = self.follower(to) else { return };
        let next = follower.next_index;
        let prev_log_index = next.previous();
        // next_index is at most one past the end, so the entry before it is there.
        let Some(prev_log_term) = self.log.term_at(prev_log_index) else { return };
        let entries: Vec<Entry> =
            self.log.from(next).iter().take(self.options.entries_per_append_max).cloned().collect();
        let sent = prev_log_index.plus(entries.len() as u64);
        if let Some(follower) = self.follower(to)
            && !entries.is_empty()
        {
            follower.sent_index = sent;
        }
        let leader_commit = self.commit_index;
        self.send_now(to, Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit }, effects);
    }

    pub(crate) fn take_append_reply(
        &mut self,
        from: ServerId,
        reply_term: Term,
        outcome: AppendOutcome,
        effects: &mut Effects,
    ) {
        if reply_term < self.current_term && self.follows(Rule::AppendReplyTermChecked) {
            let reason = Ignored::OlderTerm { reply_term, current_term: self.current_term };
            return effects.tell(|| Event::ReplyIgnored { from, reason });
        }
        if !self.is_leader() {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotLeader });
        }
        self.heard_from(from);
        match outcome {
            AppendOutcome::Success { match_index } => self.follower_matches(from, match_index, effects),
            AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index } => {
                self.follower_conflicts(from, prev_log_index, conflict_term, conflict_index, effects);
            }
            // It refused an append of an older term of this server's; the term itself has been looked at before.
            AppendOutcome::StaleTerm => {
                effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::AnsweredAlready });
            }
        }
    }

    fn follower_matches(&mut self, from: ServerId, match_index: Index, effects: &mut Effects) {
        let Some(follower) = self.follower(from) else { return };
        if match_index > follower.match_index {
            follower.match_index = match_index;
            follower.next_index = follower.next_index.max(match_index.next());
            effects.tell(|| Event::FollowerMatches { follower: from, match_index });
            self.advance_commit(effects);
        }
        self.send_append_unless_waiting(from, effects);
        if self.transfer().is_some_and(|transfer| transfer.to == from) {
            self.go_on_with_transfer(effects);
        }
    }

    /// Goes back to where the logs may agree, skipping the whole conflicting term in one step (P§5.3, end).
    fn follower_conflicts(
        &mut self,
        from: ServerId,
        prev_log_index: Index,
        conflict_term: Option<Term>,
        conflict_index: Index,
        effects: &mut Effects,
    ) {
        let shared_term = conflict_term.and_then(|term| {
            let last = self.log.last_index_of_term_up_to(term);
            (self.log.term_at(last) == Some(term)).then(|| last.next())
        });
        let hint = shared_term.unwrap_or(conflict_index);
        let hint_is_no_match = self.follows(Rule::HintIsNoMatch);
        let Some(follower) = self.follower(from) else { return };
        let before = follower.next_index;
        if prev_log_index.next() != before || prev_log_index <= follower.match_index {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::AnsweredAlready });
        }
        // A hint only ever moves back, and never behind what is known to match: whatever it says, this ends.
        let next_index = hint.min(prev_log_index).max(follower.match_index.next());
        follower.next_index = next_index;
        if !hint_is_no_match {
            follower.match_index = next_index.previous();
        }
        follower.sent_index = follower.match_index;
        effects.tell(|| Event::FollowerConflicts {
            follower: from,
            prev_log_index,
            conflict_term,
            next_index_before: before,
            next_index,
        });
        self.send_append(from, effects);
    }

    /// "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term == currentTerm:
    /// set commitIndex = N" (Fig. 2).
    pub(crate) fn advance_commit(&mut self, effects: &mut Effects) {
        let Role::Leader { followers, .. } = &self.role else { return };
        // The leader counts itself with what it has made durable (D§10.2.1).
        let own = (self.id, self.durable_index());
        let match_index = |id: ServerId| {
            if id == own.0 {
                return own.1;
            }
            let at = followers.binary_search_by_key(&id, |follower| follower.id);
            at.map_or(Index::ZERO, |at| followers[at].match_index)
        };
        let needed = self.quorum();
        let reached = self.configuration.reached_by(needed, match_index);
        if reached <= self.commit_index {
            return;
        }
        let holders = self.configuration.voters().iter().filter(|&&id| match_index(id) >= reached).count();
        let Some(term) = self.log.term_at(reached) else { return };
        // Figure 8: an entry of an older term on a majority can still be replaced; it is committed only along with an
        // entry of this leader's own term.
        if self.follows(Rule::CommitOnlyOwnTermByCount) && term != self.current_term {
            let (entry, current_term) = (EntryId { index: reached, term }, self.current_term);
            return effects.tell(|| Event::CommitWithheld { entry, current_term });
        }
        self.commit(reached, CommitReason::QuorumHolds { holders, needed }, effects);
    }
}

/// The follower's side.
impl Server {
    #[allow(clippy::too_many_arguments)] // They are the fields of one message.
    pub(crate) fn answer_append(
        &mut self,
        now: Time,
        leader: ServerId,
        leader_term: Term,
        prev: EntryId,
        entries: Vec<Entry>,
        leader_commit: Index,
        effects: &mut Effects,
    ) {
        if leader_term < self.current_term && self.follows(Rule::OldTermAppendRefused) {
            let reason = AppendRefusal::OlderTerm { leader_term, current_term: self.current_term };
            effects.tell(|| Event::AppendRefused { leader, reason });
            let outcome = AppendOutcome::StaleTerm;
            return self.send_when_saved(leader, Body::AppendEntriesReply { outcome }, effects);
        }
        self.follow(now, leader, effects);
        let outcome = match self.find_conflict(prev) {
            Some((reason, outcome)) => {
                effects.tell(|| Event::AppendRefused { leader, reason });
                outcome
            }
            None => self.accept_entries(leader, prev, entries, leader_commit, effects),
        };
        let body = Body::AppendEntriesReply { outcome };
        if self.follows(Rule::EntriesPersistedBeforeAck) {
            self.send_when_saved(leader, body, effects);
        } else {
            self.send_now(leader, body, effects);
        }
    }

    /// The consistency check: the log must hold the entry before the new ones, from the same term (P§5.3).
    fn find_conflict(&self, prev: EntryId) -> Option<(AppendRefusal, AppendOutcome)> {
        if !self.follows(Rule::PreviousEntryChecked) {
            return None;
        }
        let prev_log_index = prev.index;
        let last_index = self.log.last_index();
        match self.log.term_at(prev.index) {
            Some(term) if term == prev.term => None,
            Some(own_term) => {
                let conflict_index = self.log.run_start(prev.index);
                let conflict_term = Some(own_term);
                let outcome = AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index };
                Some((AppendRefusal::OtherTerm { prev, own_term }, outcome))
            }
            None => {
                let conflict_index = last_index.next();
                let outcome = AppendOutcome::Conflict { prev_log_index, conflict_term: None, conflict_index };
                Some((AppendRefusal::LogTooShort { prev, last_index }, outcome))
            }
        }
    }

    fn accept_entries(
        &mut self,
        leader: ServerId,
        prev: EntryId,
        entries: Vec<Entry>,
        leader_commit: Index,
        effects: &mut Effects,
    ) -> AppendOutcome {
        let carried = entries.len();
        let match_index = prev.index.plus(carried as u64);
        let known = self.entries_known(prev.index, &entries);
        let first_new = prev.index.plus(known as u64).next();
        // "If an existing entry conflicts with a new one (same index but different terms), delete the existing entry and
        // all that follow it" (Fig. 2). Only then: the append may be old, and the log have grown since.
        let conflicts = known < carried || !self.follows(Rule::TruncateOnlyOnConflict);
        if conflicts && let Some(own) = self.log.get(first_new) {
            let first = EntryId { index: first_new, term: own.term };
            let last = self.log.last_index();
            let leaders_term = entries.get(known).map_or(Term::ZERO, |entry| entry.term);
            effects.tell(|| Event::EntriesRemoved { first, last, leaders_term });
            self.truncate_log(first_new);
        }
        for entry in entries.into_iter().skip(known) {
            self.push_entry(entry);
        }
        let appended = carried - known;
        effects.tell(|| Event::AppendAccepted { leader, prev, carried, appended, match_index });
        // What lies behind the entries of this append may be someone else's, and the leader's commit says nothing of it.
        let verified = if self.follows(Rule::CommitOnlyWhatWasVerified) { match_index } else { self.log.last_index() };
        let reason = CommitReason::LeaderCommitted { leader_commit, verified };
        self.commit(leader_commit.min(verified), reason, effects);
        let names_what_was_reached = self.follows(Rule::AckNamesWhatAppendReached);
        let match_index = if names_what_was_reached { match_index } else { self.log.last_index() };
        AppendOutcome::Success { match_index }
    }

    /// How many of the entries after `prev` this log holds already, counted up to the first that differs.
    pub(crate) fn entries_known(&self, prev: Index, entries: &[Entry]) -> usize {
        self.log.from(prev.next()).iter().zip(entries).take_while(|(own, new)| own.term == new.term).count()
    }
}
