//! What can be done next in a world that is driven step by step.

use std::fmt;

use raft_core::{AppendOutcome, Body, Message, ServerId, SnapshotOutcome, Term};

/// Which kind of message, without what it carries.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Kind {
    /// RequestVote.
    RequestVote,
    /// Its reply.
    RequestVoteReply,
    /// PreVote.
    PreVote,
    /// Its reply.
    PreVoteReply,
    /// TimeoutNow.
    TimeoutNow,
    /// AppendEntries.
    AppendEntries,
    /// Its reply.
    AppendEntriesReply,
    /// InstallSnapshot.
    InstallSnapshot,
    /// Its reply.
    InstallSnapshotReply,
    /// ReadIndex.
    ReadIndex,
    /// Its reply.
    ReadIndexReply,
}

impl Kind {
    /// Whether it answers another message.
    #[must_use]
    pub const fn is_reply(self) -> bool {
        matches!(
            self,
            Self::RequestVoteReply
                | Self::PreVoteReply
                | Self::AppendEntriesReply
                | Self::InstallSnapshotReply
                | Self::ReadIndexReply
        )
    }

    /// Whether it belongs to an election.
    #[must_use]
    pub const fn is_of_election(self) -> bool {
        matches!(
            self,
            Self::RequestVote | Self::RequestVoteReply | Self::PreVote | Self::PreVoteReply | Self::TimeoutNow
        )
    }

    /// As it is called in a list of steps.
    #[must_use]
    pub const fn short(self) -> &'static str {
        match self {
            Self::RequestVote => "RequestVote",
            Self::RequestVoteReply => "its vote",
            Self::PreVote => "PreVote",
            Self::PreVoteReply => "its Pre-Vote",
            Self::TimeoutNow => "TimeoutNow",
            Self::AppendEntries => "AppendEntries",
            Self::AppendEntriesReply => "its answer",
            Self::InstallSnapshot => "InstallSnapshot",
            Self::InstallSnapshotReply => "its answer to the snapshot",
            Self::ReadIndex => "ReadIndex",
            Self::ReadIndexReply => "its read index",
        }
    }
}

/// By what a message is known again in a run that went differently before: everything that it says, in a few numbers.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Sign {
    /// Which kind.
    pub kind: Kind,
    /// Its sender.
    pub from: ServerId,
    /// Its receiver.
    pub to: ServerId,
    /// The sender's term.
    pub term: Term,
    /// Where in the log: the entry before the new ones, the candidate's last entry, what is acknowledged or refused.
    pub place: u64,
    /// How many entries or bytes it carries; of an answer, whether it says yes.
    pub size: u64,
    /// What else tells it from others: a term in the log, a commit index, a round, a number.
    pub more: [u64; 2],
}

impl Sign {
    /// The sign of a message.
    #[must_use]
    pub fn of(message: &Message) -> Self {
        let &Message { from, to, term, ref body } = message;
        let (kind, place, size, more) = match body {
            Body::RequestVote { leadership_transfer, last_log_index, last_log_term } => {
                (Kind::RequestVote, last_log_index.0, u64::from(*leadership_transfer), [last_log_term.0, 0])
            }
            Body::RequestVoteReply { vote_granted } => (Kind::RequestVoteReply, 0, u64::from(*vote_granted), [0; 2]),
            Body::PreVote { next_term, last_log_index, last_log_term } => {
                (Kind::PreVote, last_log_index.0, 0, [last_log_term.0, next_term.0])
            }
            Body::PreVoteReply { next_term, vote_granted } => {
                (Kind::PreVoteReply, 0, u64::from(*vote_granted), [next_term.0, 0])
            }
            Body::TimeoutNow => (Kind::TimeoutNow, 0, 0, [0; 2]),
            Body::AppendEntries { prev_log_index, prev_log_term: _, entries, leader_commit, round } => {
                (Kind::AppendEntries, prev_log_index.0, entries.len() as u64, [leader_commit.0, round.0])
            }
            Body::AppendEntriesReply { outcome, round } => {
                let (place, size) = match *outcome {
                    AppendOutcome::Success { match_index } => (match_index.0, 1),
                    AppendOutcome::Conflict { prev_log_index, .. } => (prev_log_index.0, 0),
                    AppendOutcome::StaleTerm => (0, 2),
                };
                (Kind::AppendEntriesReply, place, size, [round.0, 0])
            }
            Body::InstallSnapshot { last_included_index, offset, data, round, .. } => {
                (Kind::InstallSnapshot, last_included_index.0, data.len() as u64, [*offset, round.0])
            }
            Body::InstallSnapshotReply { last_included_index, outcome, round } => {
                let size = match *outcome {
                    SnapshotOutcome::Installed => 0,
                    SnapshotOutcome::Wants { offset } => 1 + offset,
                };
                (Kind::InstallSnapshotReply, last_included_index.0, size, [round.0, 0])
            }
            Body::ReadIndex { context } => (Kind::ReadIndex, 0, 0, [*context, 0]),
            Body::ReadIndexReply { context, read_index } => {
                (Kind::ReadIndexReply, read_index.map_or(0, |index| index.0), 0, [*context, 0])
            }
        };
        Self { kind, from, to, term, place, size, more }
    }

    /// How much it looks like another: 3 when it says the same, 2 with the same place and size, 1 with the same kind on the same
    /// way, 0 otherwise.
    #[must_use]
    pub fn likeness(&self, other: &Self) -> u8 {
        if (self.kind, self.from, self.to) != (other.kind, other.from, other.to) {
            0
        } else if self == other {
            3
        } else if (self.place, self.size) == (other.place, other.size) {
            2
        } else {
            1
        }
    }
}

/// One step of a run that is driven by hand. A step that is not possible when its turn comes is left out.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Action {
    /// A message arrives.
    Deliver(Sign),
    /// A message is lost.
    Drop(Sign),
    /// A message is doubled.
    Duplicate(Sign),
    /// A server's election timer runs out.
    TimeOut(ServerId),
    /// A leader sends its heartbeats.
    Heartbeat(ServerId),
    /// A client hands a server that leads something to write.
    Propose(ServerId),
    /// A client asks a server for what was written.
    Read(ServerId),
    /// A server crashes; what its disk is writing is lost.
    Crash(ServerId),
    /// A crashed server starts again.
    Restart(ServerId),
    /// A leader hands its leadership over.
    Transfer {
        /// The leader.
        leader: ServerId,
        /// To whom.
        to: ServerId,
    },
    /// A server takes a snapshot.
    Compact(ServerId),
    /// A leader changes the members.
    SetMembers {
        /// The leader.
        leader: ServerId,
        /// Who shall vote.
        voters: Vec<ServerId>,
        /// Who shall learn.
        learners: Vec<ServerId>,
        /// Whether new voters catch up first.
        catch_up: bool,
    },
    /// A server's clock runs at another rate.
    SetClock {
        /// Whose.
        server: ServerId,
        /// How many microseconds it goes on in a second.
        rate_ppm: u32,
    },
    /// Time passes, in which timers run out by themselves.
    Wait {
        /// How long, in microseconds.
        us: u64,
    },
}

impl Action {
    /// What kinds of actions there are; those of a kind are tried together when a story is made shorter.
    pub const CLASSES: u8 = 14;

    /// Which kind it is, less than [`CLASSES`](Self::CLASSES).
    #[must_use]
    pub const fn class(&self) -> u8 {
        match self {
            Self::Deliver(_) => 0,
            Self::Drop(_) => 1,
            Self::Duplicate(_) => 2,
            Self::TimeOut(_) => 3,
            Self::Heartbeat(_) => 4,
            Self::Propose(_) => 5,
            Self::Read(_) => 6,
            Self::Crash(_) => 7,
            Self::Restart(_) => 8,
            Self::Transfer { .. } => 9,
            Self::Compact(_) => 10,
            Self::SetMembers { .. } => 11,
            Self::SetClock { .. } => 12,
            Self::Wait { .. } => 13,
        }
    }

    /// Whether a server has part in it.
    #[must_use]
    pub fn concerns(&self, which: ServerId) -> bool {
        match self {
            Self::Deliver(sign) | Self::Drop(sign) | Self::Duplicate(sign) => sign.from == which || sign.to == which,
            &Self::Transfer { leader, to } => leader == which || to == which,
            Self::Wait { .. } => false,
            _ => self.server() == Some(which),
        }
    }

    /// The server that does it or that it is done to; of a message its receiver.
    #[must_use]
    pub const fn server(&self) -> Option<ServerId> {
        match self {
            Self::Deliver(sign) => Some(sign.to),
            Self::Drop(sign) | Self::Duplicate(sign) => Some(sign.from),
            &Self::TimeOut(server)
            | &Self::Heartbeat(server)
            | &Self::Propose(server)
            | &Self::Read(server)
            | &Self::Crash(server)
            | &Self::Restart(server)
            | &Self::Compact(server)
            | &Self::Transfer { leader: server, .. }
            | &Self::SetMembers { leader: server, .. }
            | &Self::SetClock { server, .. } => Some(server),
            Self::Wait { .. } => None,
        }
    }

    /// The same with other servers in the place of these.
    #[must_use]
    pub fn with_servers(&self, other: &dyn Fn(ServerId) -> ServerId) -> Self {
        let sign = |sign: &Sign| Sign { from: other(sign.from), to: other(sign.to), ..*sign };
        let all = |servers: &[ServerId]| {
            let mut renamed: Vec<ServerId> = servers.iter().map(|&server| other(server)).collect();
            renamed.sort_unstable();
            renamed
        };
        match self {
            Self::Deliver(of) => Self::Deliver(sign(of)),
            Self::Drop(of) => Self::Drop(sign(of)),
            Self::Duplicate(of) => Self::Duplicate(sign(of)),
            &Self::TimeOut(server) => Self::TimeOut(other(server)),
            &Self::Heartbeat(server) => Self::Heartbeat(other(server)),
            &Self::Propose(server) => Self::Propose(other(server)),
            &Self::Read(server) => Self::Read(other(server)),
            &Self::Crash(server) => Self::Crash(other(server)),
            &Self::Restart(server) => Self::Restart(other(server)),
            &Self::Compact(server) => Self::Compact(other(server)),
            &Self::Transfer { leader, to } => Self::Transfer { leader: other(leader), to: other(to) },
            Self::SetMembers { leader, voters, learners, catch_up } => Self::SetMembers {
                leader: other(*leader),
                voters: all(voters),
                learners: all(learners),
                catch_up: *catch_up,
            },
            &Self::SetClock { server, rate_ppm } => Self::SetClock { server: other(server), rate_ppm },
            Self::Wait { us } => Self::Wait { us: *us },
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let list = |servers: &[ServerId]| servers.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ");
        match self {
            Self::Deliver(sign) if sign.kind.is_reply() => {
                write!(f, "{} receives {}'s answer ({})", sign.to, sign.from, sign.kind.short())
            }
            Self::Deliver(sign) => write!(f, "{} receives {} from {}", sign.to, sign.kind.short(), sign.from),
            Self::Drop(sign) => write!(f, "{} from {} to {} is lost", sign.kind.short(), sign.from, sign.to),
            Self::Duplicate(sign) => write!(f, "{} from {} to {} is doubled", sign.kind.short(), sign.from, sign.to),
            Self::TimeOut(server) => write!(f, "{server} times out"),
            Self::Heartbeat(server) => write!(f, "{server} sends heartbeats"),
            Self::Propose(server) => write!(f, "a client hands {server} something to write"),
            Self::Read(server) => write!(f, "a client reads from {server}"),
            Self::Crash(server) => write!(f, "{server} crashes"),
            Self::Restart(server) => write!(f, "{server} starts again"),
            Self::Transfer { leader, to } => write!(f, "{leader} hands its leadership to {to}"),
            Self::Compact(server) => write!(f, "{server} takes a snapshot"),
            Self::SetMembers { leader, voters, learners, .. } => {
                write!(f, "{leader} changes the voters to {}", list(voters))?;
                if learners.is_empty() { Ok(()) } else { write!(f, " and the learners to {}", list(learners)) }
            }
            Self::SetClock { server, rate_ppm } => {
                write!(f, "{server}'s clock runs at {}.{} %", rate_ppm / 10_000, rate_ppm / 1_000 % 10)
            }
            Self::Wait { us } => write!(f, "{} ms pass", us / 1_000),
        }
    }
}
