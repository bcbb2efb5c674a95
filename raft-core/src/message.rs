//! What servers send each other: the remote procedure calls of the paper's Figures 2 and 13, those of the dissertation's
//! chapters 3, 6 and 9, and their replies.

use alloc::boxed::Box;
use alloc::sync::Arc;

use crate::{Configuration, Entries, EntryId, Index, Round, ServerId, Term};

/// A message between two servers.
///
/// The network may lose, delay, duplicate and reorder messages. It is not trusted either: a message is checked in full
/// before anything of it is believed ([`Rejected`](crate::Rejected)).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub struct Message {
    /// Who sent it: candidateId or leaderId in a request.
    pub from: ServerId,
    /// For whom it is.
    pub to: ServerId,
    /// The sender's current term. A higher one deposes whoever receives it (P§5.1).
    pub term: Term,
    /// What it says.
    pub body: Body,
}

/// What a message says.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum Body {
    /// A candidate asks for a vote (P§5.2).
    RequestVote {
        /// Whether the leader itself asked for this election, so that servers must not hold on to it (D§3.10).
        leadership_transfer: bool,
        /// The index of the candidate's last entry. With the next field it shows how new its log is (P§5.4.1).
        last_log_index: Index,
        /// The term of the candidate's last entry.
        last_log_term: Term,
    },
    /// The answer to a request for a vote.
    RequestVoteReply {
        /// Whether the vote was given.
        vote_granted: bool,
    },
    /// A server asks whether it could win an election, before it enters the new term (D§9.6). Nobody's term or vote
    /// changes by it.
    PreVote {
        /// The term it would enter: one more than its own.
        next_term: Term,
        /// The index of its last entry.
        last_log_index: Index,
        /// The term of its last entry.
        last_log_term: Term,
    },
    /// The answer to a Pre-Vote.
    PreVoteReply {
        /// The term that was asked about.
        next_term: Term,
        /// Whether the vote would be given.
        vote_granted: bool,
    },
    /// The leader asks a follower that has all its entries to start an election at once (D§3.10).
    TimeoutNow,
    /// A leader replicates entries, and shows with an empty one that it is alive (P§5.3).
    AppendEntries {
        /// The index of the entry just before the new ones. The receiver must have it, with the same term.
        prev_log_index: Index,
        /// The term of that entry.
        prev_log_term: Term,
        /// The new entries, possibly none, all of one term. The first one's index is `prev_log_index` + 1.
        entries: Entries,
        /// The leader's commit index: what the receiver verifies up to here is committed.
        leader_commit: Index,
        /// The latest of the leader's rounds. The answer to one shows that it led when the round began (D§6.4).
        round: Round,
    },
    /// The answer to an append.
    AppendEntriesReply {
        /// What came of it.
        outcome: AppendOutcome,
        /// The round of the append.
        round: Round,
    },
    /// A leader sends a part of its snapshot to a follower that needs entries which the snapshot stands for (P§7, Fig. 13).
    InstallSnapshot {
        /// The index of the last entry that the snapshot stands for.
        last_included_index: Index,
        /// The term of that entry.
        last_included_term: Term,
        /// The configuration as of that entry: lastConfig (D Fig. 5.3).
        configuration: Arc<Configuration>,
        /// Where in the snapshot's bytes this part begins.
        offset: u64,
        /// The bytes from there on.
        data: Box<[u8]>,
        /// Whether this is the last part.
        done: bool,
        /// As in an append.
        round: Round,
    },
    /// The answer to a part of a snapshot.
    InstallSnapshotReply {
        /// Which snapshot.
        last_included_index: Index,
        /// How far it is.
        outcome: SnapshotOutcome,
        /// The round of the part.
        round: Round,
    },
    /// A follower asks up to where it must have applied the log before it may answer reads (D§6.4).
    ReadIndex {
        /// The asker's number for it, which never comes again.
        context: u64,
    },
    /// The answer to that.
    ReadIndexReply {
        /// The asker's number.
        context: u64,
        /// The index; none when the asked does not lead, or led no longer before it was sure.
        read_index: Option<Index>,
    },
}

/// What came of an append: Figure 2's `success`, with what each answer has to say besides.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum AppendOutcome {
    /// The logs agree up to here.
    Success {
        /// The last index that this append verified: `prev_log_index` plus the number of its entries. Never the
        /// length of the follower's log, whose end may be someone else's.
        match_index: Index,
    },
    /// The entry before the new ones is missing or has another term. The rest tells the leader how far to go back in
    /// one step (P§5.3, end).
    Conflict {
        /// Which append is refused: its `prev_log_index`. A reply about an older one must not move anything.
        prev_log_index: Index,
        /// The term of the follower's entry there; none when its log is too short.
        conflict_term: Option<Term>,
        /// The first index of that term in the follower's log, or the index after its last entry.
        conflict_index: Index,
    },
    /// The append was from an older term; only this message's term matters (P§5.1).
    StaleTerm,
}

/// What came of a part of a snapshot.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
pub enum SnapshotOutcome {
    /// More is needed.
    Wants {
        /// From where on.
        offset: u64,
    },
    /// The follower's log holds all that the snapshot stands for, by this snapshot or without it.
    Installed,
}

impl Message {
    /// The name of the remote procedure call, as the paper has it.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self.body {
            Body::RequestVote { .. } => "RequestVote",
            Body::RequestVoteReply { .. } => "RequestVote reply",
            Body::PreVote { .. } => "PreVote",
            Body::PreVoteReply { .. } => "PreVote reply",
            Body::TimeoutNow => "TimeoutNow",
            Body::AppendEntries { .. } => "AppendEntries",
            Body::AppendEntriesReply { .. } => "AppendEntries reply",
            Body::InstallSnapshot { .. } => "InstallSnapshot",
            Body::InstallSnapshotReply { .. } => "InstallSnapshot reply",
            Body::ReadIndex { .. } => "ReadIndex",
            Body::ReadIndexReply { .. } => "ReadIndex reply",
        }
    }
}

/// How new a log is, for P§5.4.1: the last entry's term is compared first, then its index.
#[must_use]
pub fn at_least_as_up_to_date(candidate: EntryId, own: EntryId) -> bool {
    (candidate.term, candidate.index) >= (own.term, own.index)
}
