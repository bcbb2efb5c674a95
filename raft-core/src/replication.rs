//! Log replication (P§5.3) and the commit rule (P§5.4.2).

use alloc::vec::Vec;

use crate::event::{AppendRefusal, CommitReason, Ignored};
use crate::progress::Flow;
use crate::server::Role;
use crate::{
    AppendOutcome, Body, Command, Effects, Entries, EntryId, Event, Index, Payload, Rejected, Round, Rule, Server,
    ServerId, Term, Time,
};

/// The leader's side.
impl Server {
    pub(crate) fn propose(&mut self, payload: Payload, effects: &mut Effects) -> Result<EntryId, Rejected> {
        self.may_propose(1)?;
        let first = self.append_to_own_log(payload, effects);
        self.send_new_entries(effects);
        Ok(first)
    }

    pub(crate) fn propose_batch(&mut self, commands: Vec<Command>, effects: &mut Effects) -> Result<EntryId, Rejected> {
        self.may_propose(commands.len())?;
        let entries = Entries::new(self.current_term, commands.into_iter().map(Payload::Command));
        let first = self.append_all_to_own_log(entries, effects);
        self.send_new_entries(effects);
        Ok(first)
    }

    fn may_propose(&self, count: usize) -> Result<(), Rejected> {
        let Role::Leader(leading) = &self.role else { return Err(Rejected::NotLeader { leader: self.leader() }) };
        if let Some(transfer) = leading.transfer {
            return Err(Rejected::TransferUnderWay { to: transfer.to });
        }
        if count == 0 || count > Entries::LEN_MAX {
            return Err(Rejected::BatchSize { found: count });
        }
        self.check_log_has_room(count as u64)
    }

    /// Whether so many entries may still be appended.
    pub(crate) fn check_log_has_room(&self, count: u64) -> Result<(), Rejected> {
        let (found, limit) = (self.log.last_index().plus(count).0, Index::LIMIT.0);
        if found > limit { Err(Rejected::OutOfRange { field: "last_log_index", found, limit }) } else { Ok(()) }
    }

    /// Entries at the end of the own log. The first of them.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn append_all_to_own_log(&mut self, entries: Entries, effects: &mut Effects) -> EntryId {
        let first = EntryId { index: self.log.last_index().next(), term: entries.term() };
        let count = entries.len();
        effects.tell(|| Event::EntriesAppended { first, count });
        self.push_entries(entries, effects);
        first
    }

    /// Sends every follower what it has not been sent, as far as its window allows.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn send_new_entries(&mut self, effects: &mut Effects) {
        let followers = self.leading().map_or(0, |leading| leading.followers.len());
        for at in 0..followers {
            self.send_appends(at, effects);
        }
    }

    /// Shows every follower that this leader is alive, and looks whether what was sent has arrived: a new round.
    pub(crate) fn send_heartbeats(&mut self, now: Time, effects: &mut Effects) {
        let due = now.plus(self.options.heartbeat_us);
        let leases = self.options.lease_reads;
        let Some(leading) = self.leading_mut() else { return };
        leading.heartbeat_due = due;
        leading.round = leading.round.next();
        let (followers, round) = (leading.followers.len(), leading.round);
        if leases {
            leading.reads.begin_round(round, now);
        }
        for at in 0..followers {
            self.send_heartbeat(at, effects);
        }
    }

    fn send_heartbeat(&mut self, at: usize, effects: &mut Effects) {
        let Some(leading) = self.leading_mut() else { return };
        match &mut leading.followers[at].flow {
            Flow::Probe { asked } => {
                *asked = false;
                self.send_appends(at, effects);
            }
            Flow::Replicate => {
                // Behind all that was sent: the answer says whether it has arrived.
                self.send_appends(at, effects);
                self.send_append(at, (0, 0), effects);
            }
            Flow::Snapshot { .. } => self.send_snapshot(at, effects),
        }
    }

    /// Sends a follower, by its place, one append after another as its window allows.
    #[inline]
    pub(crate) fn send_appends(&mut self, at: usize, effects: &mut Effects) {
        while let Some(room) = self.room(at)
            && self.send_append(at, room, effects)
        {}
    }

    /// How many entries and bytes the next append to a follower may hold, if one may be sent now.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn room(&self, at: usize) -> Option<(usize, usize)> {
        self.leading()?.followers[at].room(self.log.last_index(), &self.options)
    }

    /// Sends one append with as many entries and bytes at most. False when the follower needs the snapshot instead.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn send_append(&mut self, at: usize, (entries, bytes): (usize, usize), effects: &mut Effects) -> bool {
        let Role::Leader(leading) = &mut self.role else { return false };
        let round = leading.round;
        let follower = &mut leading.followers[at];
        let (to, next) = (follower.id, follower.next_index);
        let prev_log_index = next.previous();
        // next_index is at most one past the end; but what comes before it may be gone.
        let Some(prev_log_term) = self.log.term_at(prev_log_index) else {
            self.send_snapshot(at, effects);
            return false;
        };
        let (entries, bytes) = self.log.batch(next, entries, bytes);
        follower.sent(entries.len(), bytes);
        let leader_commit = self.commit_index;
        let body = Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round };
        self.send_now(to, body, effects);
        true
    }

    /// Whose answer this is, by place, if it is one to this leadership; it shows then that the follower still follows.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn answered_by(
        &mut self,
        from: ServerId,
        reply_term: Term,
        round: Round,
        effects: &mut Effects,
    ) -> Option<usize> {
        if reply_term < self.current_term && self.follows(Rule::AppendReplyTermChecked) {
            let reason = Ignored::OlderTerm { reply_term, current_term: self.current_term };
            effects.tell(|| Event::ReplyIgnored { from, reason });
            return None;
        }
        let unique = self.follows(Rule::ReadContextIsUnique);
        let Some(leading) = self.leading_mut() else {
            effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotLeader });
            return None;
        };
        let at = leading.place_of(from)?;
        let follower = &mut leading.followers[at];
        follower.heard = true;
        follower.round = follower.round.max(if unique { round } else { leading.round });
        Some(at)
    }

    pub(crate) fn take_append_reply(
        &mut self,
        now: Time,
        from: ServerId,
        reply_term: Term,
        outcome: AppendOutcome,
        round: Round,
        effects: &mut Effects,
    ) {
        // It refuses an append of an older term of this server's; the term itself has been looked at before.
        if outcome == AppendOutcome::StaleTerm {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::AnsweredAlready });
        }
        let Some(at) = self.answered_by(from, reply_term, round, effects) else { return };
        match outcome {
            AppendOutcome::Success { match_index } => self.follower_matches(now, at, match_index, effects),
            AppendOutcome::Conflict { prev_log_index, conflict_term, conflict_index } => {
                self.follower_conflicts(at, prev_log_index, conflict_term, conflict_index, effects);
            }
            AppendOutcome::StaleTerm => {}
        }
        self.rounds_answered(now, effects);
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn follower_matches(&mut self, now: Time, at: usize, match_index: Index, effects: &mut Effects) {
        let Some(leading) = self.leading_mut() else { return };
        let follower = &mut leading.followers[at];
        let id = follower.id;
        let news = follower.matches(match_index);
        match follower.flow {
            // A snapshot goes on being sent until what it stands for has come.
            Flow::Snapshot { last_included_index, .. } if follower.match_index < last_included_index => {}
            // An answer from before the probe says nothing about it.
            Flow::Probe { .. } if match_index < follower.next_index.previous() => {}
            Flow::Probe { .. } | Flow::Snapshot { .. } => follower.begin(Flow::Replicate, follower.match_index.next()),
            Flow::Replicate => {}
        }
        if news {
            effects.tell(|| Event::FollowerMatches { follower: id, match_index });
            if match_index > self.commit_index {
                self.advance_commit(now, effects);
            }
            if self.leading().is_some_and(|leading| leading.catching_up.is_some()) {
                self.learner_has_come(now, id, effects);
            }
        }
        // It may lead no more: its removal may just have been committed.
        let Some(at) = self.leading().and_then(|leading| leading.place_of(id)) else { return };
        self.send_appends(at, effects);
        if news && self.leading().is_some_and(|leading| leading.transfer.is_some()) {
            self.go_on_with_transfer(effects);
        }
    }

    /// Goes back to where the logs may agree, skipping the whole conflicting term in one step (P§5.3, end).
    fn follower_conflicts(
        &mut self,
        at: usize,
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
        let Some(leading) = self.leading_mut() else { return };
        let follower = &mut leading.followers[at];
        let (id, before) = (follower.id, follower.next_index);
        if !follower.is_conflict(prev_log_index) {
            return effects.tell(|| Event::ReplyIgnored { from: id, reason: Ignored::AnsweredAlready });
        }
        // A hint only ever moves back, and never behind what is known to match: whatever it says, this ends.
        let next_index = hint.min(prev_log_index).max(follower.match_index.next());
        follower.go_back(next_index);
        if !hint_is_no_match {
            follower.match_index = next_index.previous();
        }
        effects.tell(|| Event::FollowerConflicts {
            follower: id,
            prev_log_index,
            conflict_term,
            next_index_before: before,
            next_index,
        });
        self.send_appends(at, effects);
    }

    /// "If there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term == currentTerm:
    /// set commitIndex = N" (Fig. 2).
    pub(crate) fn advance_commit(&mut self, now: Time, effects: &mut Effects) {
        let Role::Leader(leading) = &self.role else { return };
        // The leader counts itself with what it has made durable (D§10.2.1).
        let own = (self.id, self.durable_index());
        let match_index = |id: ServerId| {
            if id == own.0 {
                return own.1.0;
            }
            leading.followers.iter().find(|follower| follower.id == id).map_or(0, |follower| follower.match_index.0)
        };
        let reached = Index(self.reached_by_quorum(match_index)).min(self.log.last_index());
        if reached <= self.commit_index {
            return;
        }
        let Some(term) = self.log.term_at(reached) else { return };
        // Figure 8: an entry of an older term on a majority can still be replaced; it is committed only along with an
        // entry of this leader's own term.
        if self.follows(Rule::CommitOnlyOwnTermByCount) && term != self.current_term {
            let (entry, current_term) = (EntryId { index: reached, term }, self.current_term);
            return effects.tell(|| Event::CommitWithheld { entry, current_term });
        }
        let holders = effects.are_observed().then(|| self.tally(|id| match_index(id) >= reached.0));
        let holders = holders.unwrap_or_default();
        self.commit(reached, || CommitReason::QuorumHolds { holders }, effects);
        self.reads_know_index(now, effects);
        if self.options.eager_commit {
            self.tell_commit(effects);
        }
        self.go_on_with_change(now, effects);
    }

    /// Tells those at once that are sent nothing else.
    fn tell_commit(&mut self, effects: &mut Effects) {
        let followers = self.leading().map_or(0, |leading| leading.followers.len());
        for at in 0..followers {
            self.send_appends(at, effects);
            let last = self.log.last_index();
            let all_sent = |leading: &crate::Leading| {
                let follower = &leading.followers[at];
                follower.flow == Flow::Replicate && follower.next_index > last
            };
            if self.leading().is_some_and(all_sent) {
                self.send_append(at, (0, 0), effects);
            }
        }
    }
}

/// What an append carries, and whose it is.
pub(crate) struct Append {
    pub(crate) leader: ServerId,
    pub(crate) leader_term: Term,
    pub(crate) prev: EntryId,
    pub(crate) entries: Entries,
    pub(crate) leader_commit: Index,
    pub(crate) round: Round,
}

/// The follower's side.
impl Server {
    pub(crate) fn answer_append(&mut self, now: Time, append: Append, effects: &mut Effects) {
        let Append { leader, leader_term, prev, round, .. } = append;
        if leader_term < self.current_term && self.follows(Rule::OldTermAppendRefused) {
            let reason = AppendRefusal::OlderTerm { leader_term, current_term: self.current_term };
            effects.tell(|| Event::AppendRefused { leader, reason });
            let body = Body::AppendEntriesReply { outcome: AppendOutcome::StaleTerm, round };
            return self.send_when_saved(leader, body, effects);
        }
        if matches!(self.role, Role::Candidate { .. }) && !self.follows(Rule::CandidateYieldsToLeader) {
            return;
        }
        self.follow(now, leader, effects);
        let outcome = match self.find_conflict(prev) {
            Some((reason, outcome)) => {
                effects.tell(|| Event::AppendRefused { leader, reason });
                outcome
            }
            None => self.accept_entries(append, effects),
        };
        let body = Body::AppendEntriesReply { outcome, round };
        if self.follows(Rule::EntriesPersistedBeforeAck) {
            self.send_when_saved(leader, body, effects);
        } else {
            self.send_now(leader, body, effects);
        }
    }

    /// The consistency check: the log must hold the entry before the new ones, from the same term (P§5.3).
    fn find_conflict(&self, prev: EntryId) -> Option<(AppendRefusal, AppendOutcome)> {
        // What a snapshot stands for is committed, and the same in the log of any leader (P§7).
        if prev.index < self.log.base().index || !self.follows(Rule::PreviousEntryChecked) {
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

    fn accept_entries(&mut self, append: Append, effects: &mut Effects) -> AppendOutcome {
        let Append { leader, prev, entries, leader_commit, .. } = append;
        let carried = entries.len();
        let match_index = prev.index.plus(carried as u64);
        let known = self.log.known(prev.index, &entries);
        let first_new = prev.index.plus(known as u64).next();
        // "If an existing entry conflicts with a new one (same index but different terms), delete the existing entry and
        // all that follow it" (Fig. 2). Only then: the append may be old, and the log have grown since.
        let conflicts = known < carried || !self.follows(Rule::TruncateOnlyOnConflict);
        if conflicts
            && first_new <= self.log.last_index()
            && let Some(own_term) = self.log.term_at(first_new)
        {
            let first = EntryId { index: first_new, term: own_term };
            let last = self.log.last_index();
            let leaders_term = if known < carried { entries.term() } else { Term::ZERO };
            effects.tell(|| Event::EntriesRemoved { first, last, leaders_term });
            self.truncate_log(first_new, effects);
        }
        self.push_entries(entries.skip(known), effects);
        let appended = carried - known;
        effects.tell(|| Event::AppendAccepted { leader, prev, carried, appended, match_index });
        // What lies behind the entries of this append may be someone else's, and the leader's commit says nothing of it.
        let verified = if self.follows(Rule::CommitOnlyWhatWasVerified) { match_index } else { self.log.last_index() };
        let reason = || CommitReason::LeaderCommitted { leader_commit, verified };
        self.commit(leader_commit.min(verified), reason, effects);
        let names_what_was_reached = self.follows(Rule::AckNamesWhatAppendReached);
        let match_index = if names_what_was_reached { match_index } else { self.log.last_index() };
        AppendOutcome::Success { match_index }
    }
}
