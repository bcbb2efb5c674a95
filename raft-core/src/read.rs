//! Reads that need no entry in the log (D§6.4).
//!
//! A leader's state machine may be behind without the leader knowing: another may have been elected. So a read takes the
//! commit index when it is asked for (readIndex), and is answered once a quorum has answered a round of heartbeats that
//! began later: the leader still led then, and nothing newer could have been committed elsewhere before. All reads that come
//! while a round is under way share the next one. With a lease the leader asks nobody as long as no other can have been
//! elected (D§6.4.1).

use alloc::collections::VecDeque;
use alloc::vec::Vec;

use crate::event::Ignored;
use crate::random::draw;
use crate::server::Role;
use crate::{Body, Effect, Effects, Event, Index, ReadFailure, ReadId, Rejected, Round, Rule, Server, ServerId, Time};

/// What a leader keeps for reads.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub(crate) struct Reads {
    waiting: Vec<Waiting>,
    /// The latest round that a quorum has answered.
    answered: Round,
    /// When each round began that is not answered yet; only kept for leases.
    began: VecDeque<(Round, Time)>,
    /// When the latest round began that a quorum has answered.
    lease_from: Option<Time>,
    /// Whether the leadership was offered to another since.
    lease_ended: bool,
}

/// A read that waits on the leader.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
struct Waiting {
    /// This server itself, or the follower that handed the read on.
    asked_by: ServerId,
    /// The read's number here, or the follower's number for it.
    number: u64,
    /// What it must see; none until something of the leader's own term is committed.
    read_index: Option<Index>,
    /// The round that will show that the leader led after the read was asked for.
    round: Round,
    /// When it is given up.
    until: Time,
}

impl Reads {
    /// When the first of those that wait is given up.
    pub(crate) fn earliest_end(&self) -> Option<Time> {
        self.waiting.iter().map(|read| read.until).min()
    }

    /// No read is answered by lease any more in this leadership.
    pub(crate) fn end_lease(&mut self) {
        self.lease_ended = true;
    }

    /// A round begins.
    pub(crate) fn begin_round(&mut self, round: Round, now: Time) {
        self.began.push_back((round, now));
    }
}

/// A read that a follower has handed on to its leader.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Forwarded {
    /// This server's number for it. Numbers never come again, so that a late answer to another read releases nothing.
    context: u64,
    read: ReadId,
    /// Once the leader has said it.
    read_index: Option<Index>,
    pub(crate) until: Time,
}

/// The leader's side.
impl Server {
    /// Begins a read, here or by way of the leader.
    pub(crate) fn start_read(&mut self, now: Time, read: ReadId, effects: &mut Effects) -> Result<(), Rejected> {
        match self.role {
            Role::Leader(_) => self.lead_read(now, self.id, read.0, effects),
            Role::Follower { leader: Some(leader), .. } => {
                let until = now.plus(self.options.election_timeout_us_max);
                let context = self.next_context();
                self.forwarded.push(Forwarded { context, read, read_index: None, until });
                effects.tell(|| Event::ReadForwarded { read, leader });
                self.send_when_saved(leader, Body::ReadIndex { context }, effects);
            }
            _ => return Err(Rejected::NotLeader { leader: None }),
        }
        Ok(())
    }

    pub(crate) fn answer_read_index(&mut self, now: Time, from: ServerId, context: u64, effects: &mut Effects) {
        if self.is_leader() {
            self.lead_read(now, from, context, effects);
        } else {
            self.send_when_saved(from, Body::ReadIndexReply { context, read_index: None }, effects);
        }
    }

    fn lead_read(&mut self, now: Time, asked_by: ServerId, number: u64, effects: &mut Effects) {
        // A leader has all that is committed, but knows that it is only once an entry of its own term is.
        let knows = self.log.term_at(self.commit_index) == Some(self.current_term);
        let read_index = (knows || !self.follows(Rule::ReadAfterOwnTermCommit)).then_some(self.commit_index);
        if let Some(read_index) = read_index {
            if let Some(lease_until) = self.lease_until(now) {
                effects.tell(|| Event::ReadByLease { asked_by, read_index, lease_until });
                return self.read_ready(asked_by, number, read_index, effects);
            }
            if !self.follows(Rule::ReadNeedsFreshConfirmation) {
                return self.read_ready(asked_by, number, read_index, effects);
            }
        }
        let until = now.plus(self.options.election_timeout_us_max);
        let Some(leading) = self.leading_mut() else { return };
        let under_way =
            leading.reads.waiting.iter().any(|read| read.read_index.is_some() && read.round == leading.round);
        let round = leading.round.next();
        leading.reads.waiting.push(Waiting { asked_by, number, read_index, round, until });
        effects.tell(|| Event::ReadWaits { asked_by, read_index, round });
        if read_index.is_some() && !under_way {
            self.send_heartbeats(now, effects);
        }
        self.rounds_answered(now, effects);
    }

    /// Until when no other server can have been elected, if this leader may rest on it.
    fn lease_until(&self, now: Time) -> Option<Time> {
        let Role::Leader(leading) = &self.role else { return None };
        let ended = leading.reads.lease_ended && self.follows(Rule::LeaseEndsWithTransfer);
        if !self.options.lease_reads || ended {
            return None;
        }
        // Whoever answered the round holds on to this leader for the shortest election timeout of its own clock.
        let drift = if self.follows(Rule::LeaseRespectsDrift) { self.options.clock_drift_ppm_max } else { 0 };
        // At most an hour, so this fits.
        let lasts = self.options.election_timeout_us_min * 1_000_000 / (1_000_000 + drift);
        let until = leading.reads.lease_from?.plus(lasts);
        (now < until).then_some(until)
    }

    /// An entry of the own term is committed: those that waited for it know what they must see.
    pub(crate) fn reads_know_index(&mut self, now: Time, effects: &mut Effects) {
        let commit_index = self.commit_index;
        let Some(leading) = self.leading_mut() else { return };
        let round = leading.round.next();
        let mut some = false;
        for read in leading.reads.waiting.iter_mut().filter(|read| read.read_index.is_none()) {
            (read.read_index, read.round) = (Some(commit_index), round);
            some = true;
        }
        if some {
            self.send_heartbeats(now, effects);
            self.rounds_answered(now, effects);
        }
    }

    /// Followers may have answered a round: if anyone wants to know, looks what comes of it.
    #[inline]
    pub(crate) fn rounds_answered(&mut self, now: Time, effects: &mut Effects) {
        let Role::Leader(leading) = &self.role else { return };
        if !leading.reads.waiting.is_empty() || self.options.lease_reads {
            self.count_answers(now, effects);
        }
    }

    /// Answers the reads whose round a quorum has answered, and begins the next for those that came meanwhile.
    fn count_answers(&mut self, now: Time, effects: &mut Effects) {
        let Role::Leader(leading) = &self.role else { return };
        let own = (self.id, leading.round.0);
        let answered = Round(self.reached_by_quorum(|id| {
            if id == own.0 {
                return own.1;
            }
            let followers = &leading.followers;
            followers.iter().find(|follower| follower.id == id).map_or(0, |follower| follower.round.0)
        }));
        let Some(leading) = self.leading_mut() else { return };
        let reads = &mut leading.reads;
        if answered > reads.answered {
            reads.answered = answered;
            while let Some(&(round, began)) = reads.began.front()
                && round <= answered
            {
                reads.lease_from = Some(began);
                reads.began.pop_front();
            }
        }
        let (answered, current) = (reads.answered, leading.round);
        let ready = |read: &Waiting| read.read_index.is_some() && read.round <= answered;
        let (released, waiting) = core::mem::take(&mut reads.waiting).into_iter().partition(ready);
        reads.waiting = waiting;
        let next_is_wanted = reads.waiting.iter().any(|read| read.read_index.is_some() && read.round > current);
        let under_way = reads.waiting.iter().any(|read| read.read_index.is_some() && read.round <= current);
        let released: Vec<Waiting> = released;
        for Waiting { asked_by, number, read_index, round, .. } in released {
            let Some(read_index) = read_index else { continue };
            effects.tell(|| Event::ReadConfirmed { asked_by, read_index, round });
            self.read_ready(asked_by, number, read_index, effects);
        }
        if next_is_wanted && !under_way {
            self.send_heartbeats(now, effects);
        }
    }

    fn read_ready(&mut self, asked_by: ServerId, number: u64, read_index: Index, effects: &mut Effects) {
        if asked_by == self.id {
            // What is committed is applied, so nothing is left to wait for.
            effects.push(Effect::ReadReady { read: ReadId(number), read_index });
        } else {
            let body = Body::ReadIndexReply { context: number, read_index: Some(read_index) };
            self.send_now(asked_by, body, effects);
        }
    }

    /// Gives up the reads that have waited too long.
    pub(crate) fn give_up_reads(&mut self, now: Time, effects: &mut Effects) {
        let Some(leading) = self.leading_mut() else { return };
        if leading.reads.earliest_end().is_none_or(|end| end > now) {
            return;
        }
        let late = |read: &Waiting| read.until <= now;
        let (late, waiting) = core::mem::take(&mut leading.reads.waiting).into_iter().partition(late);
        leading.reads.waiting = waiting;
        self.fail(late, ReadFailure::TimedOut, effects);
    }

    /// The leadership these reads were asked in is over.
    pub(crate) fn fail_reads(&mut self, reads: Reads, effects: &mut Effects) {
        self.fail(reads.waiting, ReadFailure::LeadershipLost, effects);
    }

    fn fail(&mut self, reads: Vec<Waiting>, reason: ReadFailure, effects: &mut Effects) {
        for Waiting { asked_by, number, .. } in reads {
            effects.tell(|| Event::ReadGivenUp { asked_by, reason });
            if asked_by == self.id {
                effects.push(Effect::ReadFailed { read: ReadId(number), reason });
            } else {
                // Its reason may be a newer term, which has to be durable first.
                self.send_when_saved(asked_by, Body::ReadIndexReply { context: number, read_index: None }, effects);
            }
        }
    }
}

/// The follower's side.
impl Server {
    /// A number that no other read of this server has, in this life or, by its seed, in another.
    fn next_context(&mut self) -> u64 {
        self.contexts_used += 1;
        // Exact in JSON and in JavaScript.
        draw(&[self.options.seed, u64::from(self.id.0), self.contexts_used, CONTEXTS]) >> 11
    }

    pub(crate) fn take_read_index(
        &mut self,
        from: ServerId,
        context: u64,
        index: Option<Index>,
        effects: &mut Effects,
    ) {
        let unique = self.follows(Rule::ReadContextIsUnique);
        let asked = |read: &&mut Forwarded| read.read_index.is_none() && (read.context == context || !unique);
        let Some(read) = self.forwarded.iter_mut().find(asked) else {
            return effects.tell(|| Event::ReplyIgnored { from, reason: Ignored::NotAsked });
        };
        match index {
            Some(read_index) => {
                read.read_index = Some(read_index);
                let (read, last_applied) = (read.read, self.last_applied);
                effects.tell(|| Event::ReadIndexLearned { read, read_index, last_applied });
                self.answer_forwarded(effects);
            }
            None => {
                let context = read.context;
                self.fail_forwarded(|read| read.context == context, ReadFailure::NotLeader, effects);
            }
        }
    }

    /// Answers the reads whose index is applied.
    pub(crate) fn answer_forwarded(&mut self, effects: &mut Effects) {
        let applied = self.last_applied;
        self.forwarded.retain(|&Forwarded { read, read_index, .. }| match read_index {
            Some(read_index) if read_index <= applied => {
                effects.push(Effect::ReadReady { read, read_index });
                false
            }
            _ => true,
        });
    }

    /// The leader that reads were handed on to is not followed any more. Those whose index it has said still wait for that.
    pub(crate) fn leader_is_gone(&mut self, effects: &mut Effects) {
        self.fail_forwarded(|read| read.read_index.is_none(), ReadFailure::LeadershipLost, effects);
    }

    pub(crate) fn give_up_forwarded(&mut self, now: Time, effects: &mut Effects) {
        self.fail_forwarded(|read| read.until <= now, ReadFailure::TimedOut, effects);
    }

    fn fail_forwarded(&mut self, fails: impl Fn(&Forwarded) -> bool, reason: ReadFailure, effects: &mut Effects) {
        let asked_by = self.id;
        self.forwarded.retain(|read| {
            let failed = fails(read);
            if failed {
                effects.tell(|| Event::ReadGivenUp { asked_by, reason });
                effects.push(Effect::ReadFailed { read: read.read, reason });
            }
            !failed
        });
    }
}

/// What sets the draws for reads apart from those for election timeouts.
const CONTEXTS: u64 = 1;
