//! One server: its whole Raft state, and the one way to move it.

use alloc::vec::Vec;

use crate::event::{RoleName, StepDown, TimerReset};
use crate::random::draw_between;
use crate::saves::Saves;
use crate::{
    Body, Configuration, Durable, Effect, Effects, Event, Index, Input, InvalidStart, Log, Message, Options, Rejected,
    Rule, SaveNumber, ServerId, Term, Time,
};

/// What a server is, with what belongs to that role only.
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
    Leader {
        /// What is known of each other voter's log, in the configuration's order.
        followers: Vec<Progress>,
        /// When the next heartbeats are due.
        heartbeat_due: Time,
        /// When it looks whether a quorum has answered; without CheckQuorum it never does.
        quorum_due: Time,
        /// To whom it is handing over, if it is.
        transfer: Option<Transfer>,
    },
}

/// A leadership that is being handed over (D§3.10).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Transfer {
    /// To whom.
    pub to: ServerId,
    /// When it is given up.
    pub until: Time,
}

/// What a leader knows of one follower's log.
///
/// Invariant: `match_index < next_index`, and `next_index` is at most one past the leader's last index.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Progress {
    /// The follower.
    pub id: ServerId,
    /// The next entry to send it.
    pub next_index: Index,
    /// Up to where its log is known to agree with the leader's, durably.
    pub match_index: Index,
    /// The last entry sent to it. While that is beyond `match_index`, new entries wait for the answer or the next
    /// heartbeat, and go together then.
    pub sent_index: Index,
    /// Whether it has answered since the leader last looked for a quorum (D§6.2).
    pub heard: bool,
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
/// - `commit_index` is at most the last index, and nothing at or before it is ever removed;
/// - `last_applied` equals `commit_index` between steps: what is committed is handed out at once;
/// - every term in the log is at most `current_term`;
/// - a promise (a vote, an acknowledgement) leaves only after the save that it rests on.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Server {
    pub(crate) id: ServerId,
    pub(crate) options: Options,
    pub(crate) configuration: Configuration,

    // Figure 2, persistent.
    pub(crate) current_term: Term,
    pub(crate) voted_for: Option<ServerId>,
    pub(crate) log: Log,

    // Figure 2, volatile.
    pub(crate) commit_index: Index,
    pub(crate) last_applied: Index,
    pub(crate) role: Role,
    pub(crate) votes: Votes,

    pub(crate) timer: ElectionTimer,
    /// How many election timeouts were drawn: the address of the next draw.
    timeouts_drawn: u64,
    pub(crate) saves: Saves,
}

impl Server {
    /// A server as it starts, for the first time (`Durable::default()`) or again from what its disk holds.
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
        let Durable { current_term, voted_for, log } = durable;
        let log: Log = log.into_iter().collect();
        let mut server = Self {
            id,
            options,
            configuration,
            current_term,
            voted_for,
            commit_index: Index::ZERO,
            last_applied: Index::ZERO,
            role: Role::Follower { leader: None, heard_at: now },
            votes: Votes::default(),
            timer: ElectionTimer { started: now, deadline: now },
            timeouts_drawn: 0,
            saves: Saves::all_done_up_to(log.last_index()),
            log,
        };
        server.timer = server.draw_timer(now);
        Ok(server)
    }

    /// Hands the server an input at this moment of its own clock, and appends to `effects` what it wants done.
    ///
    /// For a proposal the answer is where the command stands in the log; it is committed only when it comes back as an
    /// [`Effect::Apply`] with the same index and term.
    ///
    /// # Errors
    /// When the input is refused. Nothing has changed then, and nothing was added to `effects`.
    pub fn step(&mut self, now: Time, input: Input, effects: &mut Effects) -> Result<Option<crate::EntryId>, Rejected> {
        let answer = match input {
            Input::WakeUp => {
                self.wake_up(now, effects);
                None
            }
            Input::Receive(message) => {
                self.check(&message)?;
                self.receive(now, message, effects);
                None
            }
            Input::Propose(command) => Some(self.propose(command, effects)?),
            Input::Saved(number) => {
                self.saved(now, number, effects)?;
                None
            }
            Input::Transfer(to) => {
                self.start_transfer(now, to, effects)?;
                None
            }
            Input::TimeOut => {
                self.time_out_now(now, effects)?;
                None
            }
        };
        self.save(effects);
        Ok(answer)
    }

    /// When this server next wants to be woken with [`Input::WakeUp`]; a later moment is no error.
    #[must_use]
    pub fn next_wake_up(&self) -> Time {
        match self.role {
            Role::Leader { heartbeat_due, quorum_due, transfer, .. } => {
                let given_up = transfer.map_or(heartbeat_due, |transfer| transfer.until);
                let looks = if self.options.check_quorum { quorum_due } else { heartbeat_due };
                heartbeat_due.min(given_up).min(looks)
            }
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => self.timer.deadline,
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

    /// Who counts.
    #[must_use]
    pub const fn configuration(&self) -> &Configuration {
        &self.configuration
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
        matches!(self.role, Role::Leader { .. })
    }

    /// Who leads the current term, as far as this server knows.
    #[must_use]
    pub const fn leader(&self) -> Option<ServerId> {
        match self.role {
            Role::Follower { leader, .. } => leader,
            Role::PreCandidate | Role::Candidate { .. } => None,
            Role::Leader { .. } => Some(self.id),
        }
    }

    /// The votes of its own latest election.
    #[must_use]
    pub const fn votes(&self) -> &Votes {
        &self.votes
    }

    /// Its election timer; a leader has none.
    #[must_use]
    pub const fn election_timer(&self) -> Option<ElectionTimer> {
        match self.role {
            Role::Leader { .. } => None,
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => Some(self.timer),
        }
    }

    /// Whether this server follows a rule.
    pub(crate) const fn follows(&self, rule: Rule) -> bool {
        self.options.follows(rule)
    }

    /// How many servers make a quorum.
    pub(crate) fn quorum(&self) -> usize {
        if self.follows(Rule::QuorumIsMoreThanHalf) {
            self.configuration.quorum()
        } else {
            (self.configuration.voters().len() / 2).max(1)
        }
    }

    fn wake_up(&mut self, now: Time, effects: &mut Effects) {
        if let Role::Leader { quorum_due, .. } = self.role {
            self.look_at_transfer(now, effects);
            if self.options.check_quorum && now >= quorum_due {
                self.look_for_quorum(now, effects);
            }
        }
        match self.role {
            Role::Leader { heartbeat_due, .. } if now >= heartbeat_due => {
                self.send_heartbeats(now, effects);
                self.go_on_with_transfer(effects);
            }
            Role::Leader { .. } => {}
            Role::Follower { .. } | Role::PreCandidate | Role::Candidate { .. } => {
                if now >= self.timer.deadline {
                    self.election_timed_out(now, false, effects);
                }
            }
        }
    }

    /// Acts on a message that has been checked.
    fn receive(&mut self, now: Time, message: Message, effects: &mut Effects) {
        let Message { from, term, body, .. } = message;
        match body {
            // Nobody's term changes by a Pre-Vote, neither the asker's nor that of the asked.
            Body::PreVote { next_term, last_log_index, last_log_term } => {
                let last = crate::EntryId { index: last_log_index, term: last_log_term };
                return self.answer_pre_vote(now, from, next_term, last, effects);
            }
            Body::RequestVote { leadership_transfer, .. } => {
                if let Some(reason) = self.holds_on_to_leader(now, term, leadership_transfer) {
                    return effects.tell(|| Event::VoteRefused { candidate: from, reason });
                }
            }
            _ => {}
        }
        // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (Fig. 2),
        // before anything else is looked at: a vote of the older term must not stand in the way of the new one's.
        if term > self.current_term {
            self.adopt_term(now, term, from, effects);
        }
        match body {
            Body::RequestVote { last_log_index, last_log_term, .. } => {
                let last = crate::EntryId { index: last_log_index, term: last_log_term };
                self.answer_vote_request(now, from, term, last, effects);
            }
            Body::RequestVoteReply { vote_granted } => self.take_vote(now, from, term, vote_granted, effects),
            Body::PreVoteReply { next_term, vote_granted } => {
                self.take_pre_vote(now, from, next_term, vote_granted, effects);
            }
            Body::TimeoutNow if term == self.current_term => self.told_to_time_out(now, from, effects),
            // It was sent in a term that is over; a Pre-Vote was looked at above.
            Body::TimeoutNow | Body::PreVote { .. } => {}
            Body::AppendEntries { prev_log_index, prev_log_term, entries, leader_commit } => {
                let prev = crate::EntryId { index: prev_log_index, term: prev_log_term };
                self.answer_append(now, from, term, prev, entries, leader_commit, effects);
            }
            Body::AppendEntriesReply { outcome } => self.take_append_reply(from, term, outcome, effects),
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
        let from = match core::mem::replace(&mut self.role, Role::Follower { leader, heard_at: now }) {
            Role::Follower { .. } => return,
            Role::PreCandidate => RoleName::PreCandidate,
            Role::Candidate { .. } => RoleName::Candidate,
            Role::Leader { .. } => RoleName::Leader,
        };
        let term = self.current_term;
        effects.tell(|| Event::BecameFollower { from, term, reason });
        if from == RoleName::Leader {
            // A leader had no timer. A candidate's goes on running: only a leader's word or a vote given sets it anew.
            self.reset_timer(now, TimerReset::NoLongerLeads, effects);
        }
    }

    pub(crate) fn reset_timer(&mut self, now: Time, reason: TimerReset, effects: &mut Effects) {
        self.timer = self.draw_timer(now);
        let deadline = self.timer.deadline;
        effects.tell(|| Event::TimerReset { deadline, reason });
    }

    fn draw_timer(&mut self, now: Time) -> ElectionTimer {
        let Options { election_timeout_us_min: min, election_timeout_us_max: max, seed, .. } = self.options;
        let timeout = draw_between(min, max, &[seed, u64::from(self.id.0), self.timeouts_drawn]);
        self.timeouts_drawn += 1;
        ElectionTimer { started: now, deadline: now.plus(timeout) }
    }

    /// Raises the commit index and hands out what it now covers.
    pub(crate) fn commit(&mut self, to: Index, reason: crate::event::CommitReason, effects: &mut Effects) {
        // The log's end bounds it whatever was claimed: nothing can be applied that is not there.
        let to = to.min(self.log.last_index());
        if to <= self.commit_index {
            return;
        }
        let from = core::mem::replace(&mut self.commit_index, to);
        effects.tell(|| Event::Committed { from, to, reason });
        while self.last_applied < self.commit_index {
            let index = self.last_applied.next();
            let Some(entry) = self.log.get(index) else { break };
            effects.push(Effect::Apply { index, entry: entry.clone() });
            self.last_applied = index;
        }
    }
}
