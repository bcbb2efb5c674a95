//! The vocabulary of traces: the facts that any implementation of Raft can write down.

use raft_core::{Configuration, Entry, EntryId, Index, ServerId, Term, Time};

use crate::linearizability::OperationKind;

/// The first line of a trace.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// How many servers there are at first, at least 1. They are S1, S2 and so on.
    pub servers: u32,
    /// Who counts where logs begin; without it all servers are voters.
    pub configuration: Option<Configuration>,
    /// What is written down beside what every trace has, each time that it happens.
    pub observed: Vec<Observed>,
    /// Whether leaders are meant to find only entries of their own term committed by counting (P§5.4.2).
    pub own_term_commit: bool,
    /// Whatever the writer wants to say.
    pub about: String,
}

/// What a trace may hold beside what every trace has. What is not observed is not checked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Observed {
    /// [`Fact::Vote`].
    Vote,
    /// [`Fact::Save`].
    Save,
    /// [`Fact::Send`], with the votes and acknowledgements in them.
    Send,
    /// [`Fact::Apply`] and [`Fact::Restore`].
    Apply,
    /// What the state machine's state is after what was applied or restored.
    State,
    /// [`Fact::Progress`].
    Progress,
    /// [`Fact::Configuration`].
    Configuration,
    /// [`Fact::Acknowledge`].
    Acknowledge,
    /// [`Fact::Read`].
    Read,
    /// [`Fact::Ask`], [`Fact::Answer`] and [`Fact::GiveUp`].
    Client,
}

impl Observed {
    /// All of them, with their names.
    pub const ALL: &'static [(&'static str, Self)] = &[
        ("vote", Self::Vote),
        ("save", Self::Save),
        ("send", Self::Send),
        ("apply", Self::Apply),
        ("state", Self::State),
        ("progress", Self::Progress),
        ("configuration", Self::Configuration),
        ("acknowledge", Self::Acknowledge),
        ("read", Self::Read),
        ("client", Self::Client),
    ];

    /// Its name in the header.
    #[must_use]
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(_, known)| *known == self).map_or("", |(name, _)| name)
    }
}

/// What a disk holds, as far as a line says so: what is left out is as it was.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OnDisk {
    /// The term, with the vote in it.
    pub term: Option<(Term, Option<ServerId>)>,
    /// The last entry of the log; [`EntryId::START`] of an empty one.
    pub last: Option<EntryId>,
}

/// A line behind the first.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Line {
    /// When, in microseconds from an origin of the writer's choice.
    pub at: Time,
    /// What.
    pub fact: Fact,
}

/// What happened. `docs/trace.md` says of each when to write it down.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Fact {
    /// A server as the trace begins, if it begins in the middle of its life. Directly behind the header.
    Begin(ServerId, Box<Begin>),
    /// A server appears that was not there before, with the next number and an empty disk; it knows nobody.
    Join(ServerId),
    /// A server is in another term, and leads no more.
    Term(ServerId, Term),
    /// A server stands for election in its term.
    Candidate(ServerId),
    /// A vote leaves its server, in a term, for a candidate, which may be itself.
    Vote(ServerId, Term, ServerId),
    /// A server has won its term.
    Leader(ServerId, Term),
    /// A server leads no more, and is still in the same term.
    StepDown(ServerId),
    /// A server's log is now these entries from an index on; none cuts it off there.
    Append(ServerId, Index, Vec<Entry>),
    /// A snapshot stands for a server's log up to this entry.
    Snapshot(ServerId, EntryId),
    /// A server counts by this configuration.
    Configuration(ServerId, Box<Configuration>),
    /// A server knows all up to an index to be committed.
    Commit(ServerId, Index),
    /// A server has applied the entry at an index.
    Apply {
        /// Which server.
        server: ServerId,
        /// Which entry.
        index: Index,
        /// Of which term.
        term: Option<Term>,
        /// A text that is the same for the same state of the state machine, as it is then.
        state: Option<String>,
    },
    /// A server's state machine goes on from a snapshot that ends at an index; its state, as above.
    Restore(ServerId, Index, Option<String>),
    /// A write to a server's disk is done.
    Save(ServerId, OnDisk),
    /// A message leaves its server.
    Send {
        /// Who sends it.
        server: ServerId,
        /// To whom.
        to: ServerId,
        /// The sender's term, as the message has it.
        term: Term,
        /// The candidate that it votes for: the sender itself in a request for votes.
        vote: Option<ServerId>,
        /// Up to which index the sender acknowledges the log.
        matched: Option<Index>,
        /// A name, for people.
        kind: Option<String>,
        /// A number by which the message is received.
        message: Option<u64>,
    },
    /// A server is handed a message of this number.
    Receive(ServerId, u64),
    /// A leader knows a follower to hold all up to an index, and sends another one next.
    Progress {
        /// The leader.
        server: ServerId,
        /// Whose log.
        follower: ServerId,
        /// matchIndex.
        matched: Index,
        /// nextIndex.
        next: Index,
    },
    /// A server stops; what its disk holds then.
    Crash(ServerId, OnDisk),
    /// A server starts again: in this term and with this vote, from the snapshot that ends with an entry, with the log on its
    /// disk.
    Restart(ServerId, Option<EntryId>, OnDisk),
    /// A server tells a client that its write stands at this entry.
    Acknowledge(ServerId, EntryId),
    /// A server answers a read from its state as of an index; the furthest index that any client had been answered about when
    /// the read was asked for.
    Read(ServerId, Index, Index),
    /// A client asks for something.
    Ask {
        /// Which client, and its number for what it asks, which rises.
        which: (u32, u64),
        /// What it asks for.
        kind: OperationKind,
        /// Of which key.
        key: String,
        /// The text to be written or appended.
        value: Option<String>,
    },
    /// A client is answered; a read with the value that it shows, or none when nothing was written to the key.
    Answer((u32, u64), Option<String>),
    /// A client goes on without an answer.
    GiveUp((u32, u64)),
}

/// A server as a trace begins.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Begin {
    /// Its term.
    pub term: Term,
    /// Its vote in that term.
    pub vote: Option<ServerId>,
    /// What its snapshot stands for; [`EntryId::START`] without one.
    pub snapshot: EntryId,
    /// The configuration as of that entry, if it is another than the header's.
    pub configuration: Option<Configuration>,
    /// Its log behind that, all of it durable.
    pub entries: Vec<Entry>,
    /// Its commit index.
    pub commit: Index,
    /// Whether it leads its term.
    pub leads: bool,
}

impl Fact {
    /// The server whose doing it is; none of what clients do.
    #[must_use]
    pub const fn server(&self) -> Option<ServerId> {
        match *self {
            Self::Begin(server, _)
            | Self::Join(server)
            | Self::Term(server, _)
            | Self::Candidate(server)
            | Self::Vote(server, ..)
            | Self::Leader(server, _)
            | Self::StepDown(server)
            | Self::Append(server, ..)
            | Self::Snapshot(server, _)
            | Self::Configuration(server, _)
            | Self::Commit(server, _)
            | Self::Apply { server, .. }
            | Self::Restore(server, ..)
            | Self::Save(server, _)
            | Self::Send { server, .. }
            | Self::Receive(server, _)
            | Self::Progress { server, .. }
            | Self::Crash(server, _)
            | Self::Restart(server, ..)
            | Self::Acknowledge(server, _)
            | Self::Read(server, ..) => Some(server),
            Self::Ask { .. } | Self::Answer(..) | Self::GiveUp(_) => None,
        }
    }

    /// Its name in a trace: the field `event`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Begin(..) => "begin",
            Self::Join(_) => "join",
            Self::Term(..) => "term",
            Self::Candidate(_) => "candidate",
            Self::Vote(..) => "vote",
            Self::Leader(..) => "leader",
            Self::StepDown(_) => "step_down",
            Self::Append(..) => "append",
            Self::Snapshot(..) => "snapshot",
            Self::Configuration(..) => "configuration",
            Self::Commit(..) => "commit",
            Self::Apply { .. } => "apply",
            Self::Restore(..) => "restore",
            Self::Save(..) => "save",
            Self::Send { .. } => "send",
            Self::Receive(..) => "receive",
            Self::Progress { .. } => "progress",
            Self::Crash(..) => "crash",
            Self::Restart(..) => "restart",
            Self::Acknowledge(..) => "acknowledge",
            Self::Read(..) => "read",
            Self::Ask { .. } => "ask",
            Self::Answer(..) => "answer",
            Self::GiveUp(_) => "give_up",
        }
    }

    /// What the header must say is observed for this to stand in the trace.
    pub(crate) const fn observed(&self) -> Option<Observed> {
        Some(match self {
            Self::Vote(..) => Observed::Vote,
            Self::Configuration(..) => Observed::Configuration,
            Self::Apply { .. } | Self::Restore(..) => Observed::Apply,
            Self::Save(..) => Observed::Save,
            Self::Send { .. } => Observed::Send,
            Self::Progress { .. } => Observed::Progress,
            Self::Acknowledge(..) => Observed::Acknowledge,
            Self::Read(..) => Observed::Read,
            Self::Ask { .. } | Self::Answer(..) | Self::GiveUp(_) => Observed::Client,
            _ => return None,
        })
    }
}
