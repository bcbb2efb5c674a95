//! How clients go about asking: what scenarios choose by name.

use serde::Serialize;

use crate::plain::{Read, Tree, Wrong, one_named};

/// When a background client wants something more.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ClientLoop {
    /// Some time after each answer: whoever waits asks for nothing more, so a slow cluster is asked less.
    Closed,
    /// At random moments, answered or not; what it wants waits in its own queue. It still asks for one thing at a time.
    Open,
}

/// How clients read.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ReadsBy {
    /// Without an entry in the log: the leader makes sure that it still leads, by a round of heartbeats (D§6.4) or by its
    /// lease (D§6.4.1).
    ReadIndex,
    /// By an entry in the log, answered when it is applied, as writes are.
    Log,
    /// At once, from the state machine of a server that believes that it leads. Not Raft: it may have been deposed without
    /// knowing (P§8).
    Local,
}

impl ClientLoop {
    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 2] = [("closed", Self::Closed), ("open", Self::Open)];
}

impl ReadsBy {
    /// All of them, by their names.
    pub const ALL: [(&'static str, Self); 3] =
        [("read_index", Self::ReadIndex), ("log", Self::Log), ("local", Self::Local)];
}

impl Read for ClientLoop {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, &Self::ALL)
    }
}

impl Read for ReadsBy {
    fn read(found: Tree) -> Result<Self, Box<Wrong>> {
        one_named(&found, &Self::ALL)
    }
}
