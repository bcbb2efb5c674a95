//! Why an input is refused.

use std::fmt;

use raft_core::{InvalidStart, Rejected, ServerId};

use crate::plain::Wrong;

/// A field of an input that no world could accept.
pub type InvalidInput = Box<Wrong>;

/// Why an input was refused. The world is as it was before.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum InputError {
    /// A field is out of its range.
    Invalid(InvalidInput),
    /// A crashed server cannot do that.
    ServerIsDown(ServerId),
    /// A paused server does nothing that it is told to.
    ServerIsPaused(ServerId),
    /// Only a crashed server can be restarted.
    ServerIsUp(ServerId),
    /// The server itself refuses.
    Refused {
        /// Which server.
        server: ServerId,
        /// Why.
        why: Rejected,
    },
    /// What the server's disk holds is nothing that a server can start from. Only servers that do not follow Raft's
    /// rules write such a thing.
    CannotStart {
        /// Which server.
        server: ServerId,
        /// Why.
        why: InvalidStart,
    },
    /// The direction is cut by hand already.
    AlreadyCut {
        /// From this server.
        from: ServerId,
        /// To this one.
        to: ServerId,
    },
    /// The direction is not cut by hand.
    NotCut {
        /// From this server.
        from: ServerId,
        /// To this one.
        to: ServerId,
    },
    /// No message with this number is on its way.
    NoSuchMessage(u64),
    /// As many messages are on their way as may.
    TooManyInFlight {
        /// How many may.
        at_most: u32,
    },
    /// No wall has this number.
    NoSuchWall(u32),
    /// As many walls stand as may.
    TooManyWalls {
        /// How many may.
        at_most: u32,
    },
    /// As many servers are there as may.
    TooManyServers {
        /// How many may.
        at_most: u32,
    },
    /// No running server leads.
    NobodyLeads,
    /// As many values wait at the person's client as may.
    TooManyWaiting {
        /// How many may.
        at_most: u32,
    },
    /// As many inputs were recorded as a scenario may hold.
    TooManyInputs {
        /// How many it may hold.
        at_most: u32,
    },
    /// Everything is so already.
    NothingToChange {
        /// What is, as a sentence without its full stop.
        because: &'static str,
    },
    /// A property was violated, and nothing happens any more.
    Stopped,
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(wrong) => wrong.fmt(f),
            Self::ServerIsDown(server) => write!(f, "{server} is crashed; expected a running server"),
            Self::ServerIsPaused(server) => write!(f, "{server} is paused; expected a server that works"),
            Self::ServerIsUp(server) => write!(f, "{server} is running; expected a crashed server"),
            Self::Refused { server, why } => write!(f, "{server} refuses: {why}"),
            Self::CannotStart { server, why } => write!(f, "{server} cannot start from its disk: {why}"),
            Self::AlreadyCut { from, to } => write!(f, "the link from {from} to {to} is cut by hand already"),
            Self::NotCut { from, to } => write!(f, "the link from {from} to {to} is not cut by hand"),
            Self::NoSuchMessage(message) => write!(f, "no message {message} is on its way"),
            Self::TooManyInFlight { at_most } => write!(f, "{at_most} messages are on their way, and no more may be"),
            Self::NoSuchWall(wall) => write!(f, "there is no wall {wall}"),
            Self::TooManyWalls { at_most } => write!(f, "{at_most} walls stand, and no more may"),
            Self::TooManyServers { at_most } => write!(f, "{at_most} servers are there, and no more may be"),
            Self::NobodyLeads => f.write_str("no running server leads; expected one, or the server to ask"),
            Self::TooManyWaiting { at_most } => write!(f, "{at_most} values wait for the leader, and no more may"),
            Self::TooManyInputs { at_most } => write!(f, "{at_most} inputs were recorded, and no more may be"),
            Self::NothingToChange { because } => write!(f, "nothing would change: {because}"),
            Self::Stopped => f.write_str("the run has stopped at a violation"),
        }
    }
}

impl std::error::Error for InputError {}

impl From<InvalidInput> for InputError {
    fn from(invalid: InvalidInput) -> Self {
        Self::Invalid(invalid)
    }
}
