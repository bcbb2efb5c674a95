//! What a server is handed, and why it may refuse it.

use core::fmt;

use crate::{Command, EntryId, Index, Message, SaveNumber, ServerId, Term};

/// What a server is handed with [`Server::step`](crate::Server::step).
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Input {
    /// Time has passed: whatever is due by now happens. Nothing does before
    /// [`Server::next_wake_up`](crate::Server::next_wake_up).
    WakeUp,
    /// A message has arrived.
    Receive(Message),
    /// Append this command, if this server leads.
    Propose(Command),
    /// All saves up to this one are durable.
    Saved(SaveNumber),
    /// Hand the leadership over to this server (D§3.10): bring it up to date, then let it start an election at once. No
    /// proposal is taken meanwhile; after an election timeout without success the leader goes on as before.
    Transfer(ServerId),
    /// Let the election timer run out now, as a fast clock would: never unsafe (P§5.2).
    TimeOut,
}

/// Why an input was refused. The server is then as it was before, to the last bit.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
#[cfg_attr(feature = "serde", derive(serde::Serialize), serde(tag = "kind", rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Rejected {
    /// Only the leader appends (P§5.3).
    NotLeader {
        /// Who led when last heard of.
        leader: Option<ServerId>,
    },
    /// The leadership is being handed over (D§3.10).
    TransferUnderWay {
        /// To whom.
        to: ServerId,
    },
    /// The leadership can go only to another voter.
    NoTransferTo {
        /// Who was named.
        to: ServerId,
    },
    /// A leader has no election timer to run out (P§5.2).
    LeaderHasNoElectionTimer,
    /// A server outside the configuration starts no election.
    NotAVoter,
    /// The terms are used up: [`Term::LIMIT`].
    TermsUsedUp,
    /// A save that was never asked for cannot be done.
    UnknownSave {
        /// What was claimed.
        claimed: SaveNumber,
        /// The last one asked for.
        issued: SaveNumber,
    },
    /// The message is for another server.
    NotForThisServer {
        /// For whom it is.
        to: ServerId,
    },
    /// The message claims to come from this server itself.
    FromItself,
    /// The sender is not in the configuration.
    UnknownSender {
        /// Who claims to have sent it.
        from: ServerId,
    },
    /// A number is beyond what any run reaches: [`Term::LIMIT`], [`Index::LIMIT`].
    OutOfRange {
        /// Which field.
        field: &'static str,
        /// What it held.
        found: u64,
        /// The largest that is accepted.
        limit: u64,
    },
    /// Index zero has term zero and no other index has.
    NoSuchEntry {
        /// What was named.
        entry: EntryId,
    },
    /// An entry's term is lower than that of the entry before it, which no log can hold (P§5.3).
    TermFalls {
        /// The index of the entry.
        index: Index,
        /// Its term.
        found: Term,
        /// The term before it.
        after: Term,
    },
    /// An entry is from a term that its sender has not reached.
    EntryFromTheFuture {
        /// The entry's term.
        found: Term,
        /// The message's term.
        sender: Term,
    },
    /// Two servers claim to lead the same term: Election Safety is broken elsewhere (P§5.2).
    SecondLeader {
        /// Who is known to lead the term.
        known: ServerId,
        /// Who claims to.
        claims: ServerId,
    },
    /// The append would replace an entry that this server knows to be committed (P§5.4.3).
    WouldEraseCommitted {
        /// The first such index.
        index: Index,
        /// This server's commit index.
        commit_index: Index,
    },
    /// A follower acknowledges more than the leader has ever sent it.
    AckPastTheEnd {
        /// What it acknowledges.
        claimed: Index,
        /// The leader's last index.
        last: Index,
    },
    /// A conflict's hint contradicts itself: it must lie at or before the place of the conflict, and its term must be one
    /// that a log can hold there.
    AbsurdConflict {
        /// Where the logs differ.
        prev_log_index: Index,
        /// The hint.
        conflict_index: Index,
    },
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::NotLeader { leader: Some(leader) } => write!(f, "not the leader; {leader} may be"),
            Self::NotLeader { leader: None } => f.write_str("not the leader, and none is known"),
            Self::TransferUnderWay { to } => write!(f, "the leadership is being handed over to {to}"),
            Self::NoTransferTo { to } => write!(f, "the leadership cannot go to {to}; expected another voter"),
            Self::LeaderHasNoElectionTimer => f.write_str("a leader has no election timer"),
            Self::NotAVoter => f.write_str("this server is not a voter of its configuration"),
            Self::TermsUsedUp => write!(f, "no term is left: the limit is {}", Term::LIMIT),
            Self::UnknownSave { claimed, issued } => {
                write!(f, "save {claimed} was reported done; the last one asked for is {issued}")
            }
            Self::NotForThisServer { to } => write!(f, "the message is for {to}"),
            Self::FromItself => f.write_str("the message claims to come from its receiver"),
            Self::UnknownSender { from } => write!(f, "the sender {from} is not in the configuration"),
            Self::OutOfRange { field, found, limit } => {
                write!(f, "{field} is {found}; expected at most {limit}")
            }
            Self::NoSuchEntry { entry } => {
                write!(f, "index {} cannot have term {}; index 0 has term 0 and no other has", entry.index, entry.term)
            }
            Self::TermFalls { index, found, after } => {
                write!(f, "the entry at index {index} has term {found} after term {after}; terms never fall in a log")
            }
            Self::EntryFromTheFuture { found, sender } => {
                write!(f, "an entry has term {found}, but its sender is in term {sender}")
            }
            Self::SecondLeader { known, claims } => {
                write!(f, "{claims} claims to lead a term that {known} is known to lead")
            }
            Self::WouldEraseCommitted { index, commit_index } => {
                write!(f, "the append would replace entry {index}, and all up to {commit_index} are committed")
            }
            Self::AckPastTheEnd { claimed, last } => {
                write!(f, "entry {claimed} was acknowledged; the log ends at {last}")
            }
            Self::AbsurdConflict { prev_log_index, conflict_index } => {
                write!(f, "a conflict at {prev_log_index} was explained with index {conflict_index}")
            }
        }
    }
}

impl core::error::Error for Rejected {}
