//! Durability: what was asked to be saved, what is known to be saved, and what has to wait for it.

use alloc::collections::VecDeque;

use crate::effect::LogWrite;
use crate::event::NewConfiguration;
use crate::server::Role;
use crate::{
    Body, Effect, Effects, Entries, EntryId, Index, Message, Payload, Rejected, Rule, Save, SaveNumber, Server,
    ServerId, Term, Time,
};

/// Saves that were asked for and are not known to be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Saves {
    issued: SaveNumber,
    done: SaveNumber,
    /// For each save under way that has to do with the log, the last index that it makes durable. Entries that have been
    /// overwritten since no longer count: the completion of an overwritten write must mark nothing.
    under_way: VecDeque<(SaveNumber, Index)>,
    /// Up to where the log as it stands is durable.
    durable_index: Index,
    /// The term of the latest save.
    term_saved: Term,
    /// What has changed since the latest save was issued.
    state_changed: bool,
    snapshot_changed: bool,
    log_changed: Option<LogWrite>,
}

impl Saves {
    /// What a server starts with: all that it read is durable.
    pub(crate) fn all_done(term_saved: Term, durable_index: Index) -> Self {
        Self { term_saved, durable_index, ..Self::default() }
    }

    /// The term or the vote has changed.
    pub(crate) const fn state_changed(&mut self) {
        self.state_changed = true;
    }

    /// Up to where the log as it stands is durable.
    pub(crate) const fn durable_index(&self) -> Index {
        self.durable_index
    }

    /// The log no longer holds what it held after this index, and writes under way make nothing of it durable.
    fn overwritten_after(&mut self, keep: Index, writes_mark_nothing: bool) {
        self.durable_index = self.durable_index.min(keep);
        if writes_mark_nothing {
            for (_, durable_then) in &mut self.under_way {
                *durable_then = (*durable_then).min(keep);
            }
        }
    }
}

impl Server {
    /// Appends to the own log; whoever counts in it from then on counts at once (P§6).
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    pub(crate) fn push_entries(&mut self, entries: Entries, effects: &mut Effects) {
        if entries.is_empty() {
            return;
        }
        let first = self.log.last_index().next();
        let mut configured = false;
        for (index, payload) in (first.0..).map(Index).zip(entries.payloads()) {
            if let Payload::Configuration(configuration) = payload {
                self.configurations.push(index, configuration.clone());
                configured = true;
            }
        }
        match &mut self.saves.log_changed {
            // The entries take the place of what was just cut off.
            Some(write) if write.entries.is_empty() && write.from == first => write.entries = entries.clone(),
            Some(_) => {
                self.save(effects);
                self.saves.log_changed = Some(LogWrite { from: first, entries: entries.clone() });
            }
            none => *none = Some(LogWrite { from: first, entries: entries.clone() }),
        }
        self.log.push(entries);
        if configured {
            self.configuration_changed(NewConfiguration::Appended, effects);
        }
    }

    /// Removes the entry at `from` and all after it.
    pub(crate) fn truncate_log(&mut self, from: Index, effects: &mut Effects) {
        if self.saves.log_changed.is_some() {
            self.save(effects);
        }
        self.log.truncate(from);
        let marks_nothing = self.follows(Rule::OverwrittenWriteMarksNothing);
        self.saves.overwritten_after(from.previous(), marks_nothing);
        self.saves.log_changed = Some(LogWrite { from, entries: Entries::NONE });
        if self.follows(Rule::ConfigurationUndoneWhenTruncated) && self.configurations.truncate(from) {
            self.configuration_changed(NewConfiguration::Truncated, effects);
        }
    }

    /// The snapshot now stands for the log up to its last entry; the log is cut off there, or begins anew.
    pub(crate) fn snapshot_changed(&mut self, last_included: EntryId, effects: &mut Effects) {
        if self.saves.log_changed.is_some() {
            self.save(effects);
        }
        let blindly = !self.follows(Rule::SnapshotEdgeChecked);
        let held = self.log.has(last_included);
        #[cfg(feature = "mutations")]
        if blindly {
            self.log.compact_blindly(last_included);
        }
        if !blindly {
            self.log.compact(last_included);
            if !held {
                // What was being written is of another log. The snapshot's own save makes what it stands for durable.
                self.saves.overwritten_after(self.commit_index, true);
            }
        }
        self.saves.snapshot_changed = true;
    }

    /// Asks for what has changed to be made durable, in one save.
    #[inline]
    pub(crate) fn save(&mut self, effects: &mut Effects) {
        if self.saves.log_changed.is_some() || self.saves.state_changed || self.saves.snapshot_changed {
            self.save_changes(effects);
        }
    }

    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn save_changes(&mut self, effects: &mut Effects) {
        let term_persisted = self.follows(Rule::TermPersisted);
        let vote_persisted = term_persisted && self.follows(Rule::VotePersisted);
        if self.saves.state_changed && self.current_term > self.saves.term_saved {
            if !self.follows(Rule::TermAndVoteInOneWrite) && self.voted_for.is_some() {
                self.issue(self.saves.term_saved, self.voted_for, effects);
            }
            self.saves.term_saved = self.current_term;
        }
        self.saves.state_changed = false;
        // No server could start again from a term older than its log's.
        let current_term = if term_persisted { self.current_term } else { self.log.last().term };
        self.issue(current_term, if vote_persisted { self.voted_for } else { None }, effects);
    }

    fn issue(&mut self, current_term: Term, voted_for: Option<ServerId>, effects: &mut Effects) {
        let snapshot = core::mem::take(&mut self.saves.snapshot_changed).then(|| self.snapshot.clone()).flatten();
        self.saves.issued = self.saves.issued.next();
        let number = self.saves.issued;
        if effects.are_saved_at_once() {
            // What stands behind it in the list is carried out when it is done.
            self.saves.durable_index = self.log.last_index();
        } else if self.saves.log_changed.is_some() || snapshot.is_some() {
            self.saves.under_way.push_back((number, self.log.last_index()));
        }
        let log = self.saves.log_changed.take();
        effects.push(Effect::Save(Save { number, current_term, voted_for, snapshot, log }));
    }

    /// The number of the save that will hold all changes so far, asking for it if need be.
    pub(crate) fn save_number(&mut self, effects: &mut Effects) -> SaveNumber {
        self.save(effects);
        self.saves.issued
    }

    /// All saves up to `number` are done.
    pub(crate) fn saved(&mut self, now: Time, number: SaveNumber, effects: &mut Effects) -> Result<(), Rejected> {
        if number > self.saves.issued {
            return Err(Rejected::UnknownSave { claimed: number, issued: self.saves.issued });
        }
        self.saves.done = self.saves.done.max(number);
        while let Some(&(save, durable_then)) = self.saves.under_way.front() {
            if save > number {
                break;
            }
            self.saves.durable_index = self.saves.durable_index.max(durable_then);
            self.saves.under_way.pop_front();
        }
        self.own_save_counts(now, effects);
        Ok(())
    }

    /// The caller makes durable what it is asked to before it does anything else. What follows from that may have to be saved
    /// in its turn.
    #[inline]
    pub(crate) fn saved_at_once(&mut self, now: Time, effects: &mut Effects) {
        while self.saves.done < self.saves.issued {
            self.saves.done = self.saves.issued;
            self.own_save_counts(now, effects);
            self.save(effects);
        }
    }

    /// What this server has just made durable counts: its own vote, its own copy of entries.
    #[inline]
    fn own_save_counts(&mut self, now: Time, effects: &mut Effects) {
        match self.role {
            Role::Candidate { own_vote } if self.saves.done >= own_vote && !self.votes.granted.contains(&self.id) => {
                self.count_vote(now, self.id, effects);
            }
            Role::Leader(_) if self.own_save_may_commit() => self.advance_commit(now, effects),
            _ => {}
        }
    }

    /// Whether what a leader has just made durable can be what a quorum lacked. Mostly it is not: its disk is done before any
    /// follower answers, and it is the answer that commits.
    fn own_save_may_commit(&self) -> bool {
        let Some(leading) = self.leading() else { return false };
        let others = leading.followers.iter().any(|follower| follower.match_index > self.commit_index);
        let needs_others = self.configuration.voters().len() > 1 && self.follows(Rule::QuorumIsMoreThanHalf);
        self.saves.durable_index > self.commit_index && (others || !needs_others)
    }

    /// Sends a message that promises nothing beyond the term, which is durable since the election.
    #[inline]
    pub(crate) fn send_now(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        self.save(effects);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after: None });
    }

    /// Sends a message that may leave only when everything this server has changed so far is durable.
    #[inline]
    pub(crate) fn send_when_saved(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        let number = self.save_number(effects);
        let after = (number > self.saves.done && !effects.are_saved_at_once()).then_some(number);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after });
    }
}
