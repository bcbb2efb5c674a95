//! What a server decided, and why: every decision with the values it compared and the section it rests on.

use crate::configuration::{Members, Tally};
use crate::{EntryId, Index, ReadFailure, ReadId, Rejected, Round, Section, ServerId, Term, Time};

/// A role without what belongs to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum RoleName {
    /// Answers, and waits for a leader (P§5.1).
    Follower,
    /// Asks whether it could win (D§9.6).
    PreCandidate,
    /// Asks for votes (P§5.2).
    Candidate,
    /// Appends and replicates (P§5.3).
    Leader,
}

/// One decision of one server.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "kind", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Event {
    /// The election timer was set anew.
    TimerReset {
        /// When it runs out.
        deadline: Time,
        /// Why it was set.
        reason: TimerReset,
    },
    /// The election timer ran out without word from a leader or a vote given.
    ElectionTimedOut {
        /// For how long this server had waited, in microseconds.
        waited_us: u64,
        /// Whether it was told to time out rather than having waited in full.
        forced: bool,
    },
    /// The timer ran out, but no election starts.
    ElectionNotStarted {
        /// Why not.
        reason: Rejected,
    },
    /// This server stands for election in a new term and votes for itself.
    BecameCandidate {
        /// The new term.
        term: Term,
        /// How many votes it has and needs.
        votes: Tally,
    },
    /// A quorum has voted for this server.
    BecameLeader {
        /// The term it leads.
        term: Term,
        /// How many votes it has and needed.
        votes: Tally,
    },
    /// A candidate or leader is a follower again.
    BecameFollower {
        /// What it was.
        from: RoleName,
        /// The term it now follows.
        term: Term,
        /// Why.
        reason: StepDown,
    },
    /// A message with a higher term arrived, and this server is now in that term.
    TermAdopted {
        /// The term before.
        from: Term,
        /// The term now.
        to: Term,
        /// Whose message it was.
        because_of: ServerId,
    },
    /// This server asks whether it could win the next term, before it enters it.
    BecamePreCandidate {
        /// The term it would enter.
        next_term: Term,
        /// How many would vote for it so far, and how many it needs.
        votes: Tally,
    },
    /// The leader asked this server to start an election at once.
    ToldToTimeOut {
        /// The leader.
        leader: ServerId,
    },
    /// The leader begins to hand its leadership over.
    TransferStarted {
        /// To whom.
        to: ServerId,
    },
    /// The server that is to lead has all entries, and is asked to start an election.
    TransferReady {
        /// Who.
        to: ServerId,
        /// Up to where its log agrees: all of it.
        match_index: Index,
    },
    /// The hand-over took longer than an election timeout; the leader goes on as before.
    TransferAborted {
        /// To whom it was to go.
        to: ServerId,
    },
    /// The leader has heard from a quorum since it last looked.
    QuorumHeard {
        /// From how many servers, itself included, and how many are needed.
        heard: Tally,
    },
    /// This server would vote for the other, were it to stand.
    PreVoteGranted {
        /// The other.
        candidate: ServerId,
        /// The term it would enter.
        next_term: Term,
        /// Its last entry.
        candidate_last: EntryId,
        /// The voter's last entry, which is not newer.
        own_last: EntryId,
    },
    /// This server would not vote for the other.
    PreVoteRefused {
        /// The other.
        candidate: ServerId,
        /// Why.
        reason: VoteRefusal,
    },
    /// The vote was given.
    VoteGranted {
        /// To whom.
        candidate: ServerId,
        /// The candidate's last entry.
        candidate_last: EntryId,
        /// The voter's last entry, which is not newer.
        own_last: EntryId,
        /// Whether the same vote had been given before and the question was asked again.
        again: bool,
    },
    /// The vote was refused.
    VoteRefused {
        /// To whom.
        candidate: ServerId,
        /// Why.
        reason: VoteRefusal,
    },
    /// A Pre-Vote has arrived and counts.
    PreVoteCounted {
        /// Whose it is.
        from: ServerId,
        /// How many this server has now, and how many it needs.
        votes: Tally,
    },
    /// The refusal of a Pre-Vote has arrived.
    PreVoteDenied {
        /// Who refused.
        from: ServerId,
    },
    /// A vote has arrived and counts.
    VoteCounted {
        /// Whose vote it is: the candidate's own once it is durable.
        from: ServerId,
        /// How many votes the candidate has now, and how many it needs.
        votes: Tally,
    },
    /// A refusal has arrived.
    VoteDenied {
        /// Who refused.
        from: ServerId,
    },
    /// A reply says nothing to this server any more.
    ReplyIgnored {
        /// Whose reply it is.
        from: ServerId,
        /// Why it is ignored.
        reason: Ignored,
    },
    /// The leader appended entries to its own log.
    EntriesAppended {
        /// The first one.
        first: EntryId,
        /// How many.
        count: usize,
    },
    /// A follower's log agrees with the append's, and holds its entries now.
    AppendAccepted {
        /// Whose append it was.
        leader: ServerId,
        /// The entry before the new ones, which the logs share.
        prev: EntryId,
        /// How many entries the append carried.
        carried: usize,
        /// How many of them were new here.
        appended: usize,
        /// Up to where the logs are now known to agree.
        match_index: Index,
    },
    /// A follower removed entries that conflict with the leader's.
    EntriesRemoved {
        /// The first one removed.
        first: EntryId,
        /// The last index removed.
        last: Index,
        /// The term of the leader's entry in the first one's place.
        leaders_term: Term,
    },
    /// An append was refused.
    AppendRefused {
        /// Whose append it was.
        leader: ServerId,
        /// Why.
        reason: AppendRefusal,
    },
    /// The leader learned how far a follower's log agrees with its own.
    FollowerMatches {
        /// The follower.
        follower: ServerId,
        /// Up to where.
        match_index: Index,
    },
    /// The leader goes back to find where a follower's log agrees with its own.
    FollowerConflicts {
        /// The follower.
        follower: ServerId,
        /// Where the logs differ.
        prev_log_index: Index,
        /// The term that the follower has there; none when its log is too short.
        conflict_term: Option<Term>,
        /// The next entry to send before.
        next_index_before: Index,
        /// The next entry to send now.
        next_index: Index,
    },
    /// The commit index rises.
    Committed {
        /// From the index after this one.
        from: Index,
        /// To this one.
        to: Index,
        /// Why.
        reason: CommitReason,
    },
    /// A quorum holds an entry, and it is still not committed.
    CommitWithheld {
        /// The entry that a quorum holds.
        entry: EntryId,
        /// The leader's term, which is newer than the entry's (P§5.4.2).
        current_term: Term,
    },
    /// Another configuration is in force.
    ConfigurationInForce {
        /// Where it stands in the log; zero for the one that the log began with.
        index: Index,
        /// How many count in it.
        members: Members,
        /// Why now.
        reason: NewConfiguration,
    },
    /// Learners are to become voters, and are brought up to date first (D§4.2.1).
    CatchUpStarted {
        /// How many of them.
        learners: usize,
    },
    /// A learner has what the leader had when the round began.
    CatchUpRound {
        /// The learner.
        learner: ServerId,
        /// Which round, counted from 1.
        round: u32,
        /// How long it took, in microseconds.
        took_us: u64,
        /// Whether it was short enough: shorter than an election timeout.
        caught_up: bool,
    },
    /// A learner did not catch up, and the change is given up.
    CatchUpAbandoned {
        /// The learner.
        learner: ServerId,
        /// In which round.
        round: u32,
    },
    /// A snapshot stands for the log up to an entry, which goes.
    LogCompacted {
        /// That entry.
        last_included: EntryId,
        /// How large the snapshot is.
        bytes: usize,
        /// How many entries went.
        entries: usize,
    },
    /// A follower needs entries that are gone, and is sent a part of the snapshot instead.
    SnapshotSent {
        /// The follower.
        follower: ServerId,
        /// The last entry that the snapshot stands for.
        last_included: EntryId,
        /// Where the part begins.
        offset: u64,
        /// How long it is.
        bytes: usize,
        /// Whether it is the last.
        done: bool,
    },
    /// A part of a snapshot has arrived.
    SnapshotPartTaken {
        /// The leader.
        leader: ServerId,
        /// The last entry that the snapshot stands for.
        last_included: EntryId,
        /// Up to where its bytes are here now.
        upto: u64,
        /// Whether the part was the next one; another is of no use.
        was_next: bool,
    },
    /// A snapshot took the place of the state machine's state and of the log up to its last entry.
    SnapshotInstalled {
        /// The leader.
        leader: ServerId,
        /// The last entry that the snapshot stands for.
        last_included: EntryId,
        /// How many entries behind it stay.
        kept: usize,
    },
    /// A snapshot that stands for nothing new.
    SnapshotIgnored {
        /// The leader.
        leader: ServerId,
        /// The last entry that the snapshot stands for.
        last_included: EntryId,
        /// This server's commit index.
        commit_index: Index,
    },
    /// A read waits until the leader is sure that it still leads.
    ReadWaits {
        /// For whom: this server itself or a follower.
        asked_by: ServerId,
        /// What it must see; none until something of the own term is committed.
        read_index: Option<Index>,
        /// The round that will show it.
        round: Round,
    },
    /// A quorum has answered a round, so this server led when the round began.
    ReadConfirmed {
        /// For whom.
        asked_by: ServerId,
        /// What the read must see.
        read_index: Index,
        /// The round.
        round: Round,
    },
    /// A read is answered without asking anyone.
    ReadByLease {
        /// For whom.
        asked_by: ServerId,
        /// What the read must see.
        read_index: Index,
        /// Until when no other server can be elected.
        lease_until: Time,
    },
    /// A follower asks its leader about a read.
    ReadForwarded {
        /// Which read.
        read: ReadId,
        /// The leader.
        leader: ServerId,
    },
    /// A follower knows what its read must see.
    ReadIndexLearned {
        /// Which read.
        read: ReadId,
        /// Up to where the log must be applied.
        read_index: Index,
        /// Up to where it is.
        last_applied: Index,
    },
    /// A read gets no answer.
    ReadGivenUp {
        /// For whom.
        asked_by: ServerId,
        /// Why.
        reason: ReadFailure,
    },
}

/// Why another configuration is in force.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "snake_case"))]
pub enum NewConfiguration {
    /// It was appended to the log (P§6).
    Appended,
    /// The one after it was truncated.
    Truncated,
    /// A snapshot brought it.
    Snapshot,
    /// It is committed. That is no reason in Raft: a broken rule.
    Committed,
}

/// Why the election timer was set anew.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum TimerReset {
    /// The current leader appended or showed itself.
    HeardFromLeader {
        /// The leader.
        leader: ServerId,
    },
    /// This server gave its vote.
    GrantedVote {
        /// To whom.
        candidate: ServerId,
    },
    /// This server started an election itself.
    StartedElection,
    /// This server led until now, and had no timer.
    NoLongerLeads,
    /// No election could be started.
    ElectionNotStarted,
}

/// Why a candidate or leader steps down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum StepDown {
    /// Someone is in a higher term (P§5.1).
    HigherTerm {
        /// Who.
        seen_from: ServerId,
    },
    /// A leader that does not hear from a quorum cannot commit, and stands in the way of one that could (D§6.2).
    NoQuorum {
        /// From how many servers it has heard, itself included, and how many are needed.
        heard: Tally,
    },
    /// Someone else won this term's election (P§5.2).
    LeaderElected {
        /// Who.
        leader: ServerId,
    },
    /// The configuration without this server is committed (D§4.2.2).
    Removed {
        /// Where it stands in the log.
        index: Index,
    },
}

/// Why a vote is refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum VoteRefusal {
    /// The candidate is in an older term (P§5.1).
    OlderTerm {
        /// The candidate's term.
        candidate_term: Term,
        /// The voter's.
        current_term: Term,
    },
    /// The vote of this term is given (P§5.2).
    AlreadyVoted {
        /// To whom.
        voted_for: ServerId,
    },
    /// The voter hears from a leader, and holds on to it (D§4.2.3).
    LeaderAlive {
        /// The leader.
        leader: ServerId,
        /// How long ago it was heard from, in microseconds.
        heard_us_ago: u64,
    },
    /// The voter heard from a leader, or started, so short a time ago that a lease may still rest on it (D§6.4.1).
    LeaseMayRun {
        /// How long ago, in microseconds.
        us_ago: u64,
    },
    /// The voter does not know that it is one. That is no reason in Raft: a broken rule.
    NotAVoter,
    /// The voter's log is newer (P§5.4.1).
    OwnLogNewer {
        /// The candidate's last entry.
        candidate_last: EntryId,
        /// The voter's.
        own_last: EntryId,
    },
}

/// Why a reply is ignored.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum Ignored {
    /// It answers a question from an older term.
    OlderTerm {
        /// The reply's term.
        reply_term: Term,
        /// This server's.
        current_term: Term,
    },
    /// A vote for a server that is no candidate any more.
    NotCandidate,
    /// An answer to a leader that is none any more.
    NotLeader,
    /// The vote has been counted already.
    CountedAlready,
    /// It is from a server that does not count.
    NotAVoter,
    /// No such question is open any more.
    NotAsked,
    /// It refuses an append that is not the last one sent: the leader has moved on since.
    AnsweredAlready,
}

/// Why an append is refused.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum AppendRefusal {
    /// Its sender is in an older term (P§5.1).
    OlderTerm {
        /// The sender's term.
        leader_term: Term,
        /// This server's.
        current_term: Term,
    },
    /// The log ends before the entry that should precede the new ones (P§5.3).
    LogTooShort {
        /// The entry that should precede them.
        prev: EntryId,
        /// The last index here.
        last_index: Index,
    },
    /// The entry that should precede the new ones has another term here (P§5.3).
    OtherTerm {
        /// The entry that should precede them.
        prev: EntryId,
        /// Its term here.
        own_term: Term,
    },
}

/// Why the commit index rises.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "because", rename_all = "snake_case"))]
pub enum CommitReason {
    /// A quorum holds an entry of the leader's term, and with it all before (P§5.3, P§5.4.2).
    QuorumHolds {
        /// How many servers hold it, and how many are needed.
        holders: Tally,
    },
    /// The leader says so, of entries that this server is known to share (P§5.3).
    LeaderCommitted {
        /// The leader's commit index.
        leader_commit: Index,
        /// Up to where the last append verified this log.
        verified: Index,
    },
}

impl Event {
    /// Where the rule that decided is written.
    #[must_use]
    pub const fn section(&self) -> Section {
        Section(match self {
            Self::TermAdopted { .. } => "P§5.1",
            Self::BecameFollower { reason, .. } => match reason {
                StepDown::HigherTerm { .. } => "P§5.1",
                StepDown::LeaderElected { .. } => "P§5.2",
                StepDown::NoQuorum { .. } => "D§6.2",
                StepDown::Removed { .. } => "D§4.2.2",
            },
            Self::TimerReset { .. }
            | Self::ElectionTimedOut { .. }
            | Self::ElectionNotStarted { .. }
            | Self::BecameCandidate { .. }
            | Self::BecameLeader { .. }
            | Self::VoteCounted { .. }
            | Self::VoteDenied { .. } => "P§5.2",
            Self::BecamePreCandidate { .. }
            | Self::PreVoteGranted { .. }
            | Self::PreVoteCounted { .. }
            | Self::PreVoteDenied { .. } => "D§9.6",
            Self::ToldToTimeOut { .. }
            | Self::TransferStarted { .. }
            | Self::TransferReady { .. }
            | Self::TransferAborted { .. } => "D§3.10",
            Self::QuorumHeard { .. } => "D§6.2",
            Self::VoteGranted { .. } => "P§5.4.1",
            Self::VoteRefused { reason, .. } | Self::PreVoteRefused { reason, .. } => match reason {
                VoteRefusal::OlderTerm { .. } => "P§5.1",
                VoteRefusal::AlreadyVoted { .. } => "P§5.2",
                VoteRefusal::LeaderAlive { .. } => "D§4.2.3",
                VoteRefusal::OwnLogNewer { .. } => "P§5.4.1",
                VoteRefusal::LeaseMayRun { .. } => "D§6.4.1",
                VoteRefusal::NotAVoter => "D§4.2.1",
            },
            Self::ReplyIgnored { reason, .. } => match reason {
                Ignored::OlderTerm { .. } => "P§5.1",
                Ignored::NotCandidate | Ignored::CountedAlready | Ignored::NotAVoter => "P§5.2",
                Ignored::NotAsked => "D§6.4",
                Ignored::NotLeader | Ignored::AnsweredAlready => "P§5.3",
            },
            Self::AppendRefused { reason: AppendRefusal::OlderTerm { .. }, .. } => "P§5.1",
            Self::EntriesAppended { .. }
            | Self::AppendAccepted { .. }
            | Self::EntriesRemoved { .. }
            | Self::AppendRefused { .. }
            | Self::FollowerMatches { .. }
            | Self::FollowerConflicts { .. } => "P§5.3",
            Self::Committed { reason, .. } => match reason {
                CommitReason::QuorumHolds { .. } => "P§5.4.2",
                CommitReason::LeaderCommitted { .. } => "P§5.3",
            },
            Self::CommitWithheld { .. } => "P§5.4.2",
            Self::ConfigurationInForce { reason, .. } => match reason {
                NewConfiguration::Appended | NewConfiguration::Committed => "P§6",
                NewConfiguration::Truncated => "D§4.1",
                NewConfiguration::Snapshot => "D§5.1",
            },
            Self::CatchUpStarted { .. } | Self::CatchUpRound { .. } | Self::CatchUpAbandoned { .. } => "D§4.2.1",
            Self::LogCompacted { .. }
            | Self::SnapshotSent { .. }
            | Self::SnapshotPartTaken { .. }
            | Self::SnapshotInstalled { .. }
            | Self::SnapshotIgnored { .. } => "P§7",
            Self::ReadWaits { .. }
            | Self::ReadConfirmed { .. }
            | Self::ReadForwarded { .. }
            | Self::ReadIndexLearned { .. }
            | Self::ReadGivenUp { .. } => "D§6.4",
            Self::ReadByLease { .. } => "D§6.4.1",
        })
    }
}
