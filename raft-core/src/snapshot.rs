//! Snapshots: a state in place of the log that led to it (P§7, D§5).

use alloc::boxed::Box;
use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::event::{AppendRefusal, Ignored, NewConfiguration};
use crate::progress::Flow;
use crate::{
    AppendOutcome, Body, Configuration, Effect, Effects, EntryId, Event, Index, Rejected, Round, Rule, Server,
    ServerId, Snapshot, SnapshotOutcome, Term, Time,
};

/// A snapshot of which some parts have arrived.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Arriving {
    /// In which term it is sent: another leader's bytes may be others.
    term: Term,
    last_included: EntryId,
    data: Vec<u8>,
}

/// What an InstallSnapshot carries.
pub(crate) struct Part {
    pub(crate) last_included: EntryId,
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) offset: u64,
    pub(crate) data: Box<[u8]>,
    pub(crate) done: bool,
    pub(crate) round: Round,
}

/// The leader's side, and every server's own snapshots.
impl Server {
    /// The state machine's state stands for the log from now on.
    pub(crate) fn compact(&mut self, upto: Index, data: Arc<[u8]>, effects: &mut Effects) -> Result<(), Rejected> {
        let before = self.log.base().index;
        if upto <= before || upto > self.last_applied {
            return Err(Rejected::CannotCompact { upto, snapshot: before, applied: self.last_applied });
        }
        // What is applied and is not in the snapshot before is there.
        let Some(term) = self.log.term_at(upto) else { return Ok(()) };
        let last_included = EntryId { index: upto, term };
        let configuration = self.configurations.at(upto).1.clone();
        // A server that joins applies what comes before the entry that adds it, and does not know the members of then.
        if configuration.voters().is_empty() {
            return Err(Rejected::ConfigurationWithoutVoters);
        }
        let bytes = data.len();
        effects.tell(|| Event::LogCompacted { last_included, bytes, entries: upto.since(before) as usize });
        self.configurations.compact(upto);
        self.snapshot = Some(Snapshot { last_included, configuration, data });
        self.snapshot_changed(last_included, effects);
        Ok(())
    }

    /// Sends a follower, by its place, the part of the snapshot that it needs next.
    pub(crate) fn send_snapshot(&mut self, at: usize, effects: &mut Effects) {
        let chunk = self.options.snapshot_chunk_bytes;
        let Some(latest) = self.snapshot.clone() else { return };
        let Some(leading) = self.leading_mut() else { return };
        let round = leading.round;
        let Some(follower) = leading.followers.get_mut(at) else { return };
        let (snapshot, from) = match (follower.flow, follower.snapshot.take()) {
            (Flow::Snapshot { offset, .. }, Some(under_way)) => (under_way, offset),
            _ => (latest, 0),
        };
        let Snapshot { last_included, configuration, data } = snapshot.clone();
        let part = data.get(from as usize..).unwrap_or(&[]);
        let part = &part[..part.len().min(chunk)];
        let done = from as usize + part.len() == data.len();
        let flow = Flow::Snapshot { last_included_index: last_included.index, offset: from };
        follower.begin(flow, last_included.index.next());
        follower.snapshot = Some(snapshot);
        let to = follower.id;
        let bytes = part.len();
        effects.tell(|| Event::SnapshotSent { follower: to, last_included, offset: from, bytes, done });
        let body = Body::InstallSnapshot {
            last_included_index: last_included.index,
            last_included_term: last_included.term,
            configuration,
            offset: from,
            data: part.into(),
            done,
            round,
        };
        self.send_now(to, body, effects);
    }

    #[allow(clippy::too_many_arguments)] // They are the fields of one message.
    pub(crate) fn take_snapshot_reply(
        &mut self,
        now: Time,
        from: ServerId,
        reply_term: Term,
        last_included_index: Index,
        outcome: SnapshotOutcome,
        round: Round,
        effects: &mut Effects,
    ) {
        let Some(at) = self.answered_by(from, reply_term, round, effects) else { return };
        match outcome {
            SnapshotOutcome::Installed => self.follower_matches(now, at, last_included_index, effects),
            SnapshotOutcome::Wants { offset } => {
                let Some(leading) = self.leading_mut() else { return };
                let follower = &mut leading.followers[at];
                match &mut follower.flow {
                    // On to the next part; or back to the first, for a follower that has lost what it had.
                    Flow::Snapshot { last_included_index: sending, offset: sent }
                        if *sending == last_included_index && (offset > *sent || (offset == 0 && *sent > 0)) =>
                    {
                        *sent = offset;
                        self.send_snapshot(at, effects);
                    }
                    _ => effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::AnsweredAlready }),
                }
            }
        }
        self.rounds_answered(now, effects);
    }
}

/// The follower's side.
impl Server {
    pub(crate) fn answer_snapshot(
        &mut self,
        now: Time,
        leader: ServerId,
        leader_term: Term,
        part: Part,
        effects: &mut Effects,
    ) {
        let round = part.round;
        if leader_term < self.current_term {
            let reason = AppendRefusal::OlderTerm { leader_term, current_term: self.current_term };
            effects.tell(|| Event::AppendRefused { leader, reason });
            let body = Body::AppendEntriesReply { outcome: AppendOutcome::StaleTerm, round };
            return self.send_when_saved(leader, body, effects);
        }
        self.follow(now, leader, effects);
        let (last_included, commit_index) = (part.last_included, self.commit_index);
        let outcome = if last_included.index <= commit_index && self.follows(Rule::OlderSnapshotIgnored) {
            effects.tell(|| Event::SnapshotIgnored { leader, last_included, commit_index });
            if self.arriving.as_ref().is_some_and(|arriving| arriving.last_included.index <= commit_index) {
                self.arriving = None;
            }
            SnapshotOutcome::Installed
        } else {
            self.take_part(leader, part, effects)
        };
        let last_included_index = last_included.index;
        let body = Body::InstallSnapshotReply { last_included_index, outcome, round };
        self.send_when_saved(leader, body, effects);
    }

    fn take_part(&mut self, leader: ServerId, part: Part, effects: &mut Effects) -> SnapshotOutcome {
        let Part { last_included, configuration, offset, data, done, round: _ } = part;
        let term = self.current_term;
        let same = |arriving: &Arriving| arriving.term == term && arriving.last_included == last_included;
        let newer = |arriving: &Arriving| arriving.term == term && arriving.last_included.index > last_included.index;
        if self.arriving.as_ref().is_some_and(newer) {
            // A late part: the leader has gone on to the newer snapshot.
            effects.tell(|| Event::SnapshotPartTaken { leader, last_included, upto: 0, was_next: false });
            return SnapshotOutcome::Wants { offset: 0 };
        }
        if !self.arriving.as_ref().is_some_and(same) {
            self.arriving = Some(Arriving { term, last_included, data: Vec::new() });
        }
        let Some(arriving) = &mut self.arriving else { return SnapshotOutcome::Wants { offset: 0 } };
        let was_next = offset == arriving.data.len() as u64;
        if was_next {
            arriving.data.extend_from_slice(&data);
        }
        let upto = arriving.data.len() as u64;
        effects.tell(|| Event::SnapshotPartTaken { leader, last_included, upto, was_next });
        if !(was_next && done) {
            return SnapshotOutcome::Wants { offset: upto };
        }
        let data = core::mem::take(&mut arriving.data);
        self.arriving = None;
        self.install(leader, Snapshot { last_included, configuration, data: data.into() }, effects);
        SnapshotOutcome::Installed
    }

    /// "If existing log entry has same index and term as snapshot's last included entry, retain log entries following it
    /// [...]; discard the entire log; reset state machine using snapshot contents (and load snapshot's cluster
    /// configuration)" (Fig. 13).
    fn install(&mut self, leader: ServerId, snapshot: Snapshot, effects: &mut Effects) {
        let last_included = snapshot.last_included;
        let held = self.log.has(last_included) || !self.follows(Rule::SnapshotEdgeChecked);
        let configuration = if self.follows(Rule::SnapshotCarriesConfiguration) {
            snapshot.configuration.clone()
        } else {
            self.configurations.latest().1.clone()
        };
        let keep_upto = if held { last_included.index } else { Index::LIMIT };
        self.configurations.rest_on(configuration.clone(), keep_upto);
        self.snapshot = Some(Snapshot { configuration, ..snapshot.clone() });
        #[cfg(feature = "mutations")]
        if last_included.index < self.log.base().index {
            // Only with a broken rule: back to an older state.
            self.log = crate::Log::after(EntryId::START);
        }
        self.snapshot_changed(last_included, effects);
        let kept = self.log.len();
        effects.tell(|| Event::SnapshotInstalled { leader, last_included, kept });
        self.commit_index = last_included.index;
        self.last_applied = last_included.index;
        effects.push(Effect::Restore(snapshot));
        self.configuration_changed(NewConfiguration::Snapshot, effects);
        self.answer_forwarded(effects);
    }
}
