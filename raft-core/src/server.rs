//! One server: its whole Raft state, and the one way to move it.

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::{Configurations, Tally, reached_by};
use crate::event::{CommitReason, NewConfiguration, RoleName, StepDown, TimerReset};
use crate::progress::Leading;
#[cfg(feature = "mutations")]
use crate::progress::Progress;
use crate::random::{draw, draw_on, scaled};
use crate::read::Forwarded;
use crate::replication::Append;
use crate::saves::Saves;
use crate::snapshot::{Arriving, Part};
use crate::{
    Body, Configuration, Durable, Effect, Effects, EntryId, Event, Index, Input, InvalidStart, Log, Message, Options,
    Payload, Rejected, Rule, SaveNumber, ServerId, Snapshot, Term, Time,
};

/// What a server is, with what belongs to that role only.
#[allow(clippy::large_enum_variant)] // There is one in each server, and the largest is the one that works.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Answers, and waits for a leader.
    Follower {
        /// Who leads the current term, once known.
        leader: Option<ServerId>,
        /// When that leader was last heard from.
        heard_at: Time,
    },
    /// Asks whether it could win the next term, in which it is not yet (D§9.6).
    PreCandidate,
    /// Asks for votes.
    Candidate {
        /// The save that makes the own vote durable; it counts from then on.
        own_vote: SaveNumber,
    },
    /// Appends and replicates.
    Leader(Leading),
}

/// The votes that a server was given and refused in its own latest election.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
pub struct Votes {
    /// Who gave it, each once.
    pub granted: Vec<ServerId>,
    /// Who refused it, each once.
    pub refused: Vec<ServerId>,
}

/// The election timer of a follower or candidate.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct ElectionTimer {
    /// When it was set.
    pub started: Time,
    /// When it runs out.
    pub deadline: Time,
}

/// One Raft server.
///
/// It is driven from outside: [`step`](Self::step) is handed the time and an [`Input`], and leaves [`Effects`] to be
/// carried out. It never asks for anything, and two servers that are handed the same inputs do the same.
///
/// Invariants, beyond those of each field's type:
/// - `commit_index` is at most the last index, and nothing at or before it is ever replaced;
/// - `last_applied` equals `commit_index` between steps: what is committed is handed out at once;
/// - every term in the log is at most `current_term`;
/// - the log begins where the snapshot ends, and the snapshot stands only for what is applied;
/// - a promise (a vote, an acknowledgement) leaves only after the save that it rests on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Server {
    pub(crate) id: ServerId,
    pub(crate) options: Options,

    // Figure 2, persistent.
    pub(crate) current_term: Term,
    pub(crate) voted_for: Option<ServerId>,
    pub(crate) log: Log,
    /// What stands for the log before its first entry (P§7).
    pub(crate) snapshot: Option<Snapshot>,

    // Figure 2, volatile.
    pub(crate) commit_index: Index,
    pub(crate) last_applied: Index,
    pub(crate) role: Role,
    pub(crate) votes: Votes,

    /// The one in force: the latest of the log.
    pub(crate) configuration: Arc<Configuration>,
    pub(crate) configurations: Configurations,

    /// When the election timer was set.
    pub(crate) timer_started: Time,
    /// What all draws of this server's election timeouts have in common.
    timeouts: u64,
    /// How often the timer was set anew: the rest of the address at which its timeout is drawn.
    timer_resets: u64,
    /// When a leader, of whichever term, was last heard from; at first, when this server started.
    pub(crate) last_contact: Time,
    pub(crate) saves: Saves,
    /// The snapshot that is being received.
    pub(crate) arriving: Option<Arriving>,
    /// The reads that were handed on to the leader.
    pub(crate) forwarded: Vec<Forwarded>,
    /// How many numbers were given to such reads in this life.
    pub(crate) contexts_used: u64,
    /// What broken rules remember of other servers' logs.
    #[cfg(feature = "mutations")]
    pub(crate) remembered: Vec<Progress>,
}

impl Server {
    /// A server as it starts, for the first time (`Durable::default()`) or again from what its disk holds.
    ///
    /// `configuration` is what the log begins with: the members on whom all agreed before the first entry, or
    /// [`Configuration::unknown`] for a server that is to be added to a cluster. What the disk holds comes before it.
    ///
    /// # Errors
    /// When an option is out of range or the log is one that no server can have.
    pub fn start(
        id: ServerId,
        configuration: Configuration,
        options: Options,
        durable: Durable,
        now: Time,
    ) -> Result<Self, InvalidStart> {
        options.check().map_err(InvalidStart::Options)?;
        durable.check()?;
        let Durable { current_term, voted_for, snapshot, log } = durable;
        let base = snapshot.as_ref().map_or_else(|| Arc::new(configuration), |snapshot| snapshot.configuration.clone());
        let mut configurations = Configurations::starting_with(base);
        for (index, _, payload) in log.iter_from(Index::ZERO) {
            if let Payload::Configuration(configuration) = payload {
                configurations.push(index, configuration.clone());
            }
        }
        let timeouts = draw(&[options.seed, u64::from(id.0)]);
        let mut server = Self {
            id,
            options,
            current_term,
            voted_for,
            commit_index: log.base().index,
            last_applied: log.base().index,
            role: Role::Follower { leader: None, heard_at: now },
            votes: Votes::default(),
            configuration: configurations.latest().1.clone(),
            configurations,
            timer_started: now,
            timeouts,
            timer_resets: 0,
            last_contact: now,
            saves: Saves::all_done(current_term, log.last_index()),
            log,
            snapshot,
            arriving: None,
            forwarded: Vec::new(),
            contexts_used: 0,
            #[cfg(feature = "mutations")]
            remembered: Vec::new(),
        };
        server.find_configuration_in_force();
        Ok(server)
    }

    /// Hands the server an input at this moment of its own clock, and appends to `effects` what it wants done.
    ///
    /// For proposals and changes of members the answer is where the first entry stands in the log that was appended for
    /// it, if one was; it is committed only when it comes back in an [`Effect::Apply`] with the same index and term.
    ///
    /// # Errors
    /// When the input is refused. Nothing has changed then, and nothing was added to `effects`.
    pub fn step(&mut self, now: Time, input: Input, effects: &mut Effects) -> Result<Option<EntryId>, Rejected> {
        let mut answer = None;
        match input {
            Input::WakeUp => self.wake_up(now, effects),
            Input::Receive(message) => {
                self.check(&message)?;
                self.receive(now, message, effects);
            }
            Input::Propose(command) => answer = Some(self.propose(Payload::Command(command), effects)?),
            Input::ProposeBatch(commands) => answer = Some(self.propose_batch(commands, effects)?),
            Input::Saved(number) => self.saved(now, number, effects)?,
            Input::Transfer(to) => self.start_transfer(now, to, effects)?,
            Input::Reconfigure(change) => answer = self.start_change(now, change, effects)?,
            Input::LeaveJoint => answer = Some(self.leave_joint(effects)?),
            Input::Read(read) => self.start_read(now, read, effects)?,
            Input::Compact { upto, data } => self.compact(upto, data, effects)?,
            Input::TimeOut => self.time_out_now(now, effects)?,
            Input::Heartbeat => self.heartbeat_now(now, effects)?,
        }
        self.save(effects);
        if effects.are_saved_at_once() {
            self.saved_at_once(now, effects);
        }
        Ok(answer)
    }

    /// When this server next wants to be woken with [`Input::WakeUp`]; a later moment is no error.
    #[must_use]
    pub fn next_wake_up(&self) -> Time {
        let due = match &self.role {
            Role::Leader(leading) => {
                let mut due = leading.heartbeat_due;
                if let Some(transfer) = leading.transfer {
                    due = due.min(transfer.until);
                }
                if self.options.check_quorum {
                    due = due.min(leading.quorum_due);
                }
                leading.reads.earliest_end().map_or(due, |end| due.min(end))
            }
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => self.timer().deadline,
        };
        self.forwarded.iter().map(|read| read.until).fold(due, Time::min)
    }

    /// A moment before which [`next_wake_up`](Self::next_wake_up) is not: whoever has an earlier alarm set already, and asks
    /// again when it rings, need not know more, and is spared the draw of a timeout.
    #[must_use]
    #[inline]
    pub fn wakes_not_before(&self) -> Time {
        match self.role {
            Role::Follower { .. } if self.forwarded.is_empty() => {
                self.timer_started.plus(self.options.election_timeout_us_min)
            }
            _ => self.next_wake_up(),
        }
    }

    /// This server's own id.
    #[must_use]
    pub const fn id(&self) -> ServerId {
        self.id
    }

    /// The options it was started with.
    #[must_use]
    pub const fn options(&self) -> &Options {
        &self.options
    }

    /// Who counts: the configuration in force, which is the latest of the log (P§6).
    #[must_use]
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The same, to be kept: as long as it is, nothing else is at its place in memory.
    #[must_use]
    pub const fn shared_configuration(&self) -> &Arc<Configuration> {
        &self.configuration
    }

    /// Where the latest configuration stands in the log; zero when it is the one that the log began with. It is committed
    /// when this is at most the commit index.
    #[must_use]
    pub fn configuration_index(&self) -> Index {
        self.configurations.latest().0
    }

    /// What stands for the log before its first entry (P§7).
    #[must_use]
    pub const fn snapshot(&self) -> Option<&Snapshot> {
        self.snapshot.as_ref()
    }

    /// The latest term this server has seen (P Fig. 2).
    #[must_use]
    pub const fn current_term(&self) -> Term {
        self.current_term
    }

    /// Whom it voted for in the current term (P Fig. 2).
    #[must_use]
    pub const fn voted_for(&self) -> Option<ServerId> {
        self.voted_for
    }

    /// Its log (P Fig. 2).
    #[must_use]
    pub const fn log(&self) -> &Log {
        &self.log
    }

    /// The highest index known to be committed (P Fig. 2).
    #[must_use]
    pub const fn commit_index(&self) -> Index {
        self.commit_index
    }

    /// The highest index handed to the state machine (P Fig. 2).
    #[must_use]
    pub const fn last_applied(&self) -> Index {
        self.last_applied
    }

    /// Up to where its log as it stands is durable.
    #[must_use]
    pub const fn durable_index(&self) -> Index {
        self.saves.durable_index()
    }

    /// What it is at the moment.
    #[must_use]
    pub const fn role(&self) -> &Role {
        &self.role
    }

    /// Whether it leads the current term.
    #[must_use]
    pub const fn is_leader(&self) -> bool {
        matches!(self.role, Role::Leader(_))
    }

    /// Who leads the current term, as far as this server knows.
    #[must_use]
    pub const fn leader(&self) -> Option<ServerId> {
        match self.role {
            Role::Follower { leader, .. } => leader,
            Role::PreCandidate | Role::Candidate { .. } => None,
            Role::Leader(_) => Some(self.id),
        }
    }

    /// The votes of its own latest election.
    #[must_use]
    pub const fn votes(&self) -> &Votes {
        &self.votes
    }

    /// Its election timer; a leader has none.
    #[must_use]
    pub fn election_timer(&self) -> Option<ElectionTimer> {
        match self.role {
            Role::Leader(_) => None,
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => Some(self.timer()),
        }
    }

    /// Whether this server follows a rule.
    pub(crate) const fn follows(&self, rule: Rule) -> bool {
        self.options.follows(rule)
    }

    /// How many of those who count are there, and how many are needed.
    pub(crate) fn tally(&self, is_there: impl Fn(ServerId) -> bool) -> Tally {
        let mut tally = self.configuration.tally(is_there);
        if !self.follows(Rule::JointNeedsBothMajorities) {
            tally.old = None;
        }
        if !self.follows(Rule::QuorumIsMoreThanHalf) {
            tally.voters.needed = (self.configuration.voters().len() / 2).max(1);
        }
        tally
    }

    /// The largest number that a quorum has reached.
    pub(crate) fn reached_by_quorum(&self, reached: impl Fn(ServerId) -> u64) -> u64 {
        let voters = self.configuration.voters();
        if !self.follows(Rule::QuorumIsMoreThanHalf) {
            return reached_by(voters, (voters.len() / 2).max(1), &reached);
        }
        if !self.follows(Rule::JointNeedsBothMajorities) {
            return reached_by(voters, voters.len() / 2 + 1, &reached);
        }
        if !self.follows(Rule::RemovedLeaderCountsNot) && !self.configuration.is_voter(self.id) {
            let with_itself: Vec<ServerId> = voters.iter().copied().chain([self.id]).collect();
            return reached_by(&with_itself, voters.len() / 2 + 1, &reached);
        }
        self.configuration.reached_by_quorum(reached)
    }

    pub(crate) const fn leading(&self) -> Option<&Leading> {
        match &self.role {
            Role::Leader(leading) => Some(leading),
            _ => None,
        }
    }

    pub(crate) const fn leading_mut(&mut self) -> Option<&mut Leading> {
        match &mut self.role {
            Role::Leader(leading) => Some(leading),
            _ => None,
        }
    }

    fn wake_up(&mut self, now: Time, effects: &mut Effects) {
        self.give_up_forwarded(now, effects);
        if let Role::Leader(leading) = &self.role {
            let looks = self.options.check_quorum && now >= leading.quorum_due;
            self.look_at_transfer(now, effects);
            self.give_up_reads(now, effects);
            if looks {
                self.look_for_quorum(now, effects);
            }
        }
        match &self.role {
            Role::Leader(leading) if now >= leading.heartbeat_due => self.heartbeat(now, effects),
            Role::Leader(_) => {}
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => {
                if now >= self.timer().deadline {
                    self.election_timed_out(now, false, effects);
                }
            }
        }
    }

    fn heartbeat(&mut self, now: Time, effects: &mut Effects) {
        self.send_heartbeats(now, effects);
        // A single server needs nobody's answer.
        self.rounds_answered(now, effects);
        self.look_at_catching_up(now, effects);
        self.go_on_with_transfer(effects);
    }

    /// Sends heartbeats because it was asked for.
    fn heartbeat_now(&mut self, now: Time, effects: &mut Effects) -> Result<(), Rejected> {
        if !self.is_leader() {
            return Err(Rejected::NotLeader { leader: self.leader() });
        }
        self.heartbeat(now, effects);
        Ok(())
    }

    /// Acts on a message that has been checked.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    fn receive(&mut self, now: Time, message: Message, effects: &mut Effects) {
        let Message { from, term, body, .. } = message;
        // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (Fig. 2),
        // before anything else is looked at: a vote of the older term must not stand in the way of the new one's.
        if term > self.current_term {
            match body {
                // Nobody's term changes by a Pre-Vote, neither the asker's nor that of the asked.
                Body::PreVote { .. } => {}
                Body::RequestVote { leadership_transfer, .. } => {
                    if let Some(reason) = self.holds_on_to_leader(now, leadership_transfer) {
                        return effects.tell(|| Event::VoteRefused { candidate: from, reason });
                    }
                    self.adopt_term(now, term, from, effects);
                }
                _ => self.adopt_term(now, term, from, effects),
            }
        }
        match body {
            Body::PreVote { next_term, last_log_index, last_log_term } => {
                let last = EntryId { index: last_log_index, term: last_log_term };
                self.answer_pre_vote(now, from, next_term, last, effects);
            }
            Body::RequestVote { leadership_transfer, last_log_index, last_log_term } => {
                let last = EntryId { index: last_log_index, term: last_log_term };
                self.answer_vote_request(now, from, term, last, leadership_transfer, effects);
            }
            Body::RequestVoteReply { vote_granted } => self.take_vote(now, from, term, vote_granted, effects),
            Body::PreVoteReply { next_term, vote_granted } => {
                self.take_pre_vote(now, from, next_term, vote_granted, effects);
            }
            Body::TimeoutNow if term == self.current_term => self.told_to_time_out(now, from, effects),
            // It was sent in a term that is over.
            Body::TimeoutNow => {}
            Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit, round } => {
                let prev = EntryId { index: prev_log_index, term: prev_log_term };
                let append = Append { leader: from, leader_term: term, prev, entries, leader_commit, round };
                self.answer_append(now, append, effects);
            }
            Body::AppendEntriesReply { outcome, round } => {
                self.take_append_reply(now, from, term, outcome, round, effects);
            }
            Body::InstallSnapshot {
                last_included_index,
                last_included_term,
                configuration,
                offset,
                data,
                done,
                round,
            } => {
                let last_included = EntryId { index: last_included_index, term: last_included_term };
                let part = Part { last_included, configuration, offset, data, done, round };
                self.answer_snapshot(now, from, term, part, effects);
            }
            Body::InstallSnapshotReply { last_included_index, outcome, round } => {
                self.take_snapshot_reply(now, from, term, last_included_index, outcome, round, effects);
            }
            Body::ReadIndex { context } => self.answer_read_index(now, from, context, effects),
            Body::ReadIndexReply { context, read_index } => self.take_read_index(from, context, read_index, effects),
        }
    }

    fn adopt_term(&mut self, now: Time, term: Term, from: ServerId, effects: &mut Effects) {
        let before = self.current_term;
        self.set_term(term, None);
        effects.tell(|| Event::TermAdopted { from: before, to: term, because_of: from });
        if self.is_leader() && !self.follows(Rule::HigherTermDeposes) {
            return;
        }
        self.become_follower(now, None, StepDown::HigherTerm { seen_from: from }, effects);
    }

    /// Enters a term; the vote goes with it (P§5.2).
    pub(crate) fn set_term(&mut self, term: Term, voted_for: Option<ServerId>) {
        self.current_term = term;
        self.set_vote(voted_for);
    }

    pub(crate) fn set_vote(&mut self, voted_for: Option<ServerId>) {
        self.voted_for = voted_for;
        self.saves.state_changed();
    }

    /// Follows `leader`, or nobody yet. Whoever was no follower has a reason to tell.
    pub(crate) fn become_follower(
        &mut self,
        now: Time,
        leader: Option<ServerId>,
        reason: StepDown,
        effects: &mut Effects,
    ) {
        if let Role::Follower { leader: followed, heard_at } = &mut self.role
            && *followed == leader
        {
            *heard_at = now;
            return;
        }
        self.leader_is_gone(effects);
        let (from, led) = match core::mem::replace(&mut self.role, Role::Follower { leader, heard_at: now }) {
            Role::Follower { .. } => return,
            Role::PreCandidate => (RoleName::PreCandidate, None),
            Role::Candidate { .. } => (RoleName::Candidate, None),
            Role::Leader(leading) => (RoleName::Leader, Some(leading)),
        };
        let term = self.current_term;
        effects.tell(|| Event::BecameFollower { from, term, reason });
        if let Some(leading) = led {
            effects.push(Effect::LeadershipLost { uncertain_from: self.commit_index.next(), last: self.log.last() });
            self.fail_reads(leading.reads, effects);
            #[cfg(feature = "mutations")]
            if !self.follows(Rule::MatchStartsAtZero) {
                self.remembered = leading.followers;
            }
            // A leader had no timer. A candidate's goes on running: only a leader's word or a vote given sets it anew.
            self.reset_timer(now, TimerReset::NoLongerLeads, effects);
        }
    }

    #[inline]
    pub(crate) fn reset_timer(&mut self, now: Time, reason: TimerReset, effects: &mut Effects) {
        self.timer_started = now;
        self.timer_resets += 1;
        effects.tell(|| Event::TimerReset { deadline: self.timer().deadline, reason });
    }

    /// The election timer as it was set last. Its timeout is drawn when someone looks: a follower sets its timer anew with
    /// every append, and most of them are never looked at.
    fn timer(&self) -> ElectionTimer {
        let Options { election_timeout_us_min: min, election_timeout_us_max: max, .. } = self.options;
        let timeout = scaled(min, max, draw_on(self.timeouts, self.timer_resets));
        ElectionTimer { started: self.timer_started, deadline: self.timer_started.plus(timeout) }
    }

    /// Raises the commit index and hands out what it now covers.
    pub(crate) fn commit(&mut self, to: Index, reason: impl FnOnce() -> CommitReason, effects: &mut Effects) {
        // The log's end bounds it whatever was claimed: nothing can be applied that is not there.
        let to = to.min(self.log.last_index());
        if to <= self.commit_index {
            return;
        }
        let from = core::mem::replace(&mut self.commit_index, to);
        effects.tell(|| Event::Committed { from, to, reason: reason() });
        while self.last_applied < to {
            let first = self.last_applied.next();
            let entries = self.log.share(first, to);
            self.last_applied = self.last_applied.plus(entries.len() as u64);
            effects.push(Effect::Apply { first, entries });
        }
        if !self.follows(Rule::ConfigurationInForceWhenAppended) {
            self.configuration_changed(NewConfiguration::Committed, effects);
        }
        if !self.forwarded.is_empty() {
            self.answer_forwarded(effects);
        }
    }
}
