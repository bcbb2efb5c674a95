//! What a server is handed, and why it may refuse it.

use core::fmt;

use alloc::sync::Arc;
use alloc::vec::Vec;

use crate::configuration::InvalidConfiguration;
use crate::{Command, EntryId, Index, Message, ReadId, SaveNumber, ServerId, Term};

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
    /// Append these commands behind each other, if this server leads: they are saved, sent and applied together. At
    /// least one and at most [`Entries::LEN_MAX`](crate::Entries::LEN_MAX).
    ProposeBatch(Vec<Command>),
    /// All saves up to this one are durable.
    Saved(SaveNumber),
    /// Hand the leadership over to this server (D§3.10): bring it up to date, then let it start an election at once. No
    /// proposal is taken meanwhile; after an election timeout without success the leader goes on as before.
    Transfer(ServerId),
    /// Change the members to these, if this server leads. What it takes follows from the difference: a new voter is first
    /// a learner and catches up (D§4.2.1); voters that differ by one server change in one step (D§4.1), others by joint
    /// consensus (P§6). The change is done when a configuration that is not joint and has these members is applied.
    Reconfigure(Change),
    /// Leave a joint configuration that stays until this is asked for ([`Change::stays_joint`]).
    LeaveJoint,
    /// Say when this read can be answered from the state machine (D§6.4). A follower asks its leader.
    Read(ReadId),
    /// A snapshot of the state machine stands for the log from now on (P§7).
    Compact {
        /// The index of the last entry that is applied in it.
        upto: Index,
        /// The state as of then.
        data: Arc<[u8]>,
    },
    /// Let the election timer run out now, as a fast clock would: never unsafe (P§5.2). Leases rest on clocks that keep within
    /// their bound, so with [`Options::lease_reads`](crate::Options::lease_reads) it is refused while a leader may rest one
    /// on this server.
    TimeOut,
    /// Show every follower now that this leader is alive, as its clock would by and by (P§5.2): what was sent and lost is
    /// found by it.
    Heartbeat,
}

/// A change of members: who they shall be.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Change {
    /// The voters, in any order.
    pub voters: Vec<ServerId>,
    /// The learners, in any order.
    pub learners: Vec<ServerId>,
    /// Whether new voters are brought up to date as learners first (D§4.2.1). Without it they count at once, and the
    /// cluster may have to wait for them.
    pub catch_up: bool,
    /// Whether joint consensus, if it is needed, lasts until [`Input::LeaveJoint`].
    pub stays_joint: bool,
}

impl Change {
    /// A change to these voters, who catch up first, and to no learners; joint consensus, if it is needed, is left by
    /// itself.
    #[must_use]
    pub fn to_voters(voters: impl IntoIterator<Item = ServerId>) -> Self {
        Self { voters: voters.into_iter().collect(), learners: Vec::new(), catch_up: true, stays_joint: false }
    }
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
    /// A leader was heard from, or the server was started, so short a time ago that a lease may rest on it (D§6.4.1).
    LeaseMayRun {
        /// How long ago, in microseconds.
        us_ago: u64,
    },
    /// Only a voter starts an election, or one that was a voter until a change that is not known to be committed (D§4.2.2).
    NotAVoter,
    /// One change of members at a time: the latest configuration is not committed yet, is a joint one, or learners are
    /// catching up for another (D§4.1).
    ChangeUnderWay {
        /// Where the latest configuration stands in the log.
        index: Index,
    },
    /// Nothing of the leader's own term is committed yet: a change of members now could part two leaders' majorities
    /// (the bug found in 2015 in D§4.1).
    NothingCommittedInTerm {
        /// The term.
        term: Term,
    },
    /// The members are these already.
    NothingToChange,
    /// No joint configuration is in force that could be left.
    NotJoint,
    /// The change names a configuration that cannot be.
    InvalidMembers(InvalidConfiguration),
    /// There is nothing in a batch of proposals, or more than fits.
    BatchSize {
        /// How many commands it holds.
        found: usize,
    },
    /// A snapshot can stand only for what is applied, and only for more than the one before.
    CannotCompact {
        /// Up to where it was to stand.
        upto: Index,
        /// The last index of the snapshot before; zero without one.
        snapshot: Index,
        /// The last index applied.
        applied: Index,
    },
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
    /// A server answers this one that is not a member of its configuration.
    UnknownSender {
        /// Who claims to have sent it.
        from: ServerId,
    },
    /// A snapshot or an entry with a configuration that no cluster can have.
    ConfigurationWithoutVoters,
    /// A snapshot's part that was never sent, or cannot be.
    AbsurdOffset {
        /// Where it begins or would go on.
        offset: u64,
        /// The most that it can be.
        at_most: u64,
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
    /// An entry that is there carries something else: a leader creates one entry at an index in its term (P§5.3).
    TwoContents {
        /// The entry.
        entry: EntryId,
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
            Self::LeaseMayRun { us_ago } => {
                write!(
                    f,
                    "a leader's lease may rest on it until the shortest election timeout has passed since it heard from one \
                     or started; that was {us_ago} µs ago"
                )
            }
            Self::NotAVoter => f.write_str("this server is not a voter of its configuration"),
            Self::ChangeUnderWay { index } => {
                write!(f, "a change of members is under way since index {index}; expected to wait until it is done")
            }
            Self::NothingCommittedInTerm { term } => {
                write!(f, "nothing of term {term} is committed yet; members can change after that")
            }
            Self::NothingToChange => f.write_str("the members are these already"),
            Self::NotJoint => f.write_str("no joint configuration that stays is in force and committed"),
            Self::InvalidMembers(invalid) => invalid.fmt(f),
            Self::BatchSize { found } => {
                write!(f, "a batch of {found} commands; expected 1 to {}", crate::Entries::LEN_MAX)
            }
            Self::CannotCompact { upto, snapshot, applied } => {
                write!(f, "a snapshot up to {upto}; expected an index after {snapshot} and up to {applied}")
            }
            Self::TermsUsedUp => write!(f, "no term is left: the limit is {}", Term::LIMIT),
            Self::UnknownSave { claimed, issued } => {
                write!(f, "save {claimed} was reported done; the last one asked for is {issued}")
            }
            Self::NotForThisServer { to } => write!(f, "the message is for {to}"),
            Self::FromItself => f.write_str("the message claims to come from its receiver"),
            Self::UnknownSender { from } => write!(f, "the sender {from} is not in the configuration"),
            Self::ConfigurationWithoutVoters => f.write_str("the configuration has no voter; expected at least one"),
            Self::AbsurdOffset { offset, at_most } => {
                write!(f, "a part of a snapshot at byte {offset}; expected at most {at_most}")
            }
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
            Self::TwoContents { entry } => {
                write!(f, "entry {} of term {} is there with another content", entry.index, entry.term)
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
