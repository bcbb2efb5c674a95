//! One server: its whole Raft state, and the one way to move it.

use alloc::collections::VecDeque;
use alloc::vec::Vec;
use core::fmt;

use crate::effect::LogWrite;
use crate::event::{RoleName, StepDown, TimerReset};
use crate::options::InvalidOptions;
use crate::random::draw_between;
use crate::{
    Body, Configuration, Effect, Effects, Entry, Event, Index, Input, Log, Message, Options, Rejected, Rule, Save,
    SaveNumber, ServerId, Term, Time,
};

/// What a server has on disk: all that a restart leaves of it (P Fig. 2, "persistent state").
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Durable {
    /// The latest term this server has seen.
    pub current_term: Term,
    /// Whom it voted for in that term.
    pub voted_for: Option<ServerId>,
    /// The log from index 1.
    pub log: Vec<Entry>,
}

impl Durable {
    /// Does what a [`Save`] asks of a disk.
    ///
    /// ```
    /// use raft_core::{Durable, Entry, LogWrite, Index, Save, SaveNumber, Term};
    /// let mut disk = Durable { log: vec![Entry::noop(Term(1)), Entry::noop(Term(1))], ..Durable::default() };
    /// disk.write(&Save {
    ///     number: SaveNumber(1),
    ///     current_term: Term(2),
    ///     voted_for: None,
    ///     log: Some(LogWrite { from: Index(2), entries: vec![Entry::noop(Term(2))] }),
    /// });
    /// assert_eq!(disk.log, [Entry::noop(Term(1)), Entry::noop(Term(2))]);
    /// ```
    pub fn write(&mut self, save: &Save) {
        self.current_term = save.current_term;
        self.voted_for = save.voted_for;
        if let Some(write) = &save.log {
            self.log.truncate(usize::try_from(write.from.previous().0).unwrap_or(usize::MAX));
            self.log.extend_from_slice(&write.entries);
        }
    }
}

/// Why a server cannot start from what it was given.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum InvalidStart {
    /// An option is out of its range.
    Options(InvalidOptions),
    /// An entry's term is lower than that of the entry before it, or zero.
    TermFalls {
        /// The entry's index.
        index: Index,
        /// Its term.
        found: Term,
        /// The term before it.
        after: Term,
    },
    /// An entry is from a later term than the server's own.
    EntryFromTheFuture {
        /// The entry's index.
        index: Index,
        /// Its term.
        found: Term,
        /// The server's term.
        current_term: Term,
    },
    /// The term is beyond [`Term::LIMIT`].
    TermOutOfRange(Term),
}

impl fmt::Display for InvalidStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Options(invalid) => invalid.fmt(f),
            Self::TermFalls { index, found, after } => {
                write!(
                    f,
                    "entry {index} has term {found} after term {after}; expected at least 1, and terms never fall"
                )
            }
            Self::EntryFromTheFuture { index, found, current_term } => {
                write!(f, "entry {index} has term {found}; the server's own term is {current_term}")
            }
            Self::TermOutOfRange(term) => write!(f, "the term is {term}; expected at most {}", Term::LIMIT),
        }
    }
}

impl core::error::Error for InvalidStart {}

/// What a server is, with what belongs to that role only.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Role {
    /// Answers, and waits for a leader.
    Follower {
        /// Who leads the current term, once known.
        leader: Option<ServerId>,
    },
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
    },
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

/// Saves that were asked for and are not known to be done.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct Saves {
    issued: SaveNumber,
    done: SaveNumber,
    /// For each save under way, the last index that it makes durable. Entries that have been overwritten since no longer
    /// count: the completion of an overwritten write must mark nothing.
    under_way: VecDeque<(SaveNumber, Index)>,
    /// Up to where the log as it stands is durable.
    durable_index: Index,
    /// What has changed since the last save was issued.
    state_changed: bool,
    log_changed_from: Option<Index>,
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
    saves: Saves,
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
        let Durable { current_term, voted_for, log } = durable;
        if current_term > Term::LIMIT {
            return Err(InvalidStart::TermOutOfRange(current_term));
        }
        let mut after = Term::ZERO;
        for (at, entry) in log.iter().enumerate() {
            let index = Index(at as u64 + 1);
            if entry.term < after || entry.term == Term::ZERO {
                return Err(InvalidStart::TermFalls { index, found: entry.term, after });
            }
            if entry.term > current_term {
                return Err(InvalidStart::EntryFromTheFuture { index, found: entry.term, current_term });
            }
            after = entry.term;
        }
        let log: Log = log.into_iter().collect();
        let mut server = Self {
            id,
            options,
            configuration,
            current_term,
            voted_for,
            commit_index: Index::ZERO,
            last_applied: Index::ZERO,
            role: Role::Follower { leader: None },
            votes: Votes::default(),
            timer: ElectionTimer { started: now, deadline: now },
            timeouts_drawn: 0,
            saves: Saves { durable_index: log.last_index(), ..Saves::default() },
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
            Role::Leader { heartbeat_due, .. } => heartbeat_due,
            Role::Follower { .. } | Role::Candidate { .. } => self.timer.deadline,
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
        self.saves.durable_index
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
            Role::Follower { leader } => leader,
            Role::Candidate { .. } => None,
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
            Role::Follower { .. } | Role::Candidate { .. } => Some(self.timer),
        }
    }

    /// Whether this server follows a rule: always, unless it was started without.
    #[cfg(feature = "mutations")]
    pub(crate) const fn follows(&self, rule: Rule) -> bool {
        !self.options.broken.contains(rule)
    }

    /// Whether this server follows a rule: always.
    #[cfg(not(feature = "mutations"))]
    #[allow(clippy::unused_self)] // The feature `mutations` gives it something to look at.
    pub(crate) const fn follows(&self, _rule: Rule) -> bool {
        true
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
        match self.role {
            Role::Leader { heartbeat_due, .. } if now >= heartbeat_due => self.send_heartbeats(now, effects),
            Role::Follower { .. } | Role::Candidate { .. } if now >= self.timer.deadline => {
                self.election_timed_out(now, false, effects);
            }
            _ => {}
        }
    }

    /// Acts on a message that has been checked.
    fn receive(&mut self, now: Time, message: Message, effects: &mut Effects) {
        let Message { from, term, body, .. } = message;
        // "If RPC request or response contains term T > currentTerm: set currentTerm = T, convert to follower" (Fig. 2),
        // before anything else is looked at: a vote of the older term must not stand in the way of the new one's.
        if term > self.current_term {
            self.adopt_term(now, term, from, effects);
        }
        match body {
            Body::RequestVote { last_log_index, last_log_term } => {
                let last = crate::EntryId { index: last_log_index, term: last_log_term };
                self.answer_vote_request(now, from, term, last, effects);
            }
            Body::RequestVoteReply { vote_granted } => self.take_vote(now, from, term, vote_granted, effects),
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
        self.become_follower(now, None, StepDown::HigherTerm { seen_from: from }, effects);
    }

    /// Enters a term; the vote goes with it (P§5.2).
    pub(crate) fn set_term(&mut self, term: Term, voted_for: Option<ServerId>) {
        self.current_term = term;
        self.set_vote(voted_for);
    }

    pub(crate) fn set_vote(&mut self, voted_for: Option<ServerId>) {
        self.voted_for = voted_for;
        self.saves.state_changed = true;
    }

    /// Follows `leader`, or nobody yet. Whoever was no follower has a reason to tell.
    pub(crate) fn become_follower(
        &mut self,
        now: Time,
        leader: Option<ServerId>,
        reason: StepDown,
        effects: &mut Effects,
    ) {
        let from = match core::mem::replace(&mut self.role, Role::Follower { leader }) {
            Role::Follower { .. } => return,
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

    /// Appends to the own log.
    pub(crate) fn push_entry(&mut self, entry: Entry) -> Index {
        let index = self.log.push(entry);
        let from = self.saves.log_changed_from.unwrap_or(index).min(index);
        self.saves.log_changed_from = Some(from);
        index
    }

    /// Removes the entry at `from` and all after it.
    pub(crate) fn truncate_log(&mut self, from: Index) {
        self.log.truncate(from);
        let keep = from.previous();
        self.saves.durable_index = self.saves.durable_index.min(keep);
        for (_, durable_then) in &mut self.saves.under_way {
            *durable_then = (*durable_then).min(keep);
        }
        let changed = self.saves.log_changed_from.unwrap_or(from).min(from);
        self.saves.log_changed_from = Some(changed);
    }

    /// Asks for what has changed to be made durable, in one save.
    pub(crate) fn save(&mut self, effects: &mut Effects) {
        let log = self.saves.log_changed_from.take();
        if log.is_none() && !self.saves.state_changed {
            return;
        }
        self.saves.state_changed = false;
        self.saves.issued = self.saves.issued.next();
        if log.is_some() {
            self.saves.under_way.push_back((self.saves.issued, self.log.last_index()));
        }
        effects.push(Effect::Save(Save {
            number: self.saves.issued,
            current_term: self.current_term,
            voted_for: self.voted_for,
            log: log.map(|from| LogWrite { from, entries: self.log.from(from).to_vec() }),
        }));
    }

    /// The number of the save that will hold all changes so far, asking for it if need be.
    pub(crate) fn save_number(&mut self, effects: &mut Effects) -> SaveNumber {
        self.save(effects);
        self.saves.issued
    }

    fn saved(&mut self, now: Time, number: SaveNumber, effects: &mut Effects) -> Result<(), Rejected> {
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
        match self.role {
            Role::Candidate { own_vote } if number >= own_vote && !self.votes.granted.contains(&self.id) => {
                self.count_vote(now, self.id, effects);
            }
            Role::Leader { .. } => self.advance_commit(effects),
            _ => {}
        }
        Ok(())
    }

    /// Sends a message that promises nothing beyond the term, which is durable since the election.
    pub(crate) fn send_now(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        self.save(effects);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after: None });
    }

    /// Sends a message that may leave only when everything this server has changed so far is durable.
    pub(crate) fn send_when_saved(&mut self, to: ServerId, body: Body, effects: &mut Effects) {
        let number = self.save_number(effects);
        let after = (number > self.saves.done).then_some(number);
        let message = Message { from: self.id, to, term: self.current_term, body };
        effects.push(Effect::Send { message, after });
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
