//! The properties by name, and what is said when one does not hold.

use std::fmt;

use raft_core::{Index, Section, ServerId, Term, Time};
use serde::Serialize;

/// What Raft guarantees at all times (P Fig. 3), and what its extensions do.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Property {
    /// "At most one leader can be elected in a given term."
    ElectionSafety,
    /// "A leader never overwrites or deletes entries in its log; it only appends new entries."
    LeaderAppendOnly,
    /// "If two logs contain an entry with the same index and term, then the logs are identical in all entries up
    /// through the given index."
    LogMatching,
    /// "If a log entry is committed in a given term, then that entry will be present in the logs of the leaders for all
    /// higher-numbered terms."
    LeaderCompleteness,
    /// "If a server has applied a log entry at a given index to its state machine, no other server will ever apply a
    /// different log entry for the same index."
    StateMachineSafety,
    /// A server counts by the latest configuration of its log, and a leader appends another only once its last one is
    /// committed. Not of Figure 3, but what changes of members rest on.
    MembershipSafety,
    /// A read shows a state no older than any operation that was answered before the read was asked for.
    LinearizableReads,
}

impl Property {
    /// All properties: the paper's in its order, then the others.
    pub const ALL: &'static [Self] = &[
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
        Self::MembershipSafety,
        Self::LinearizableReads,
    ];

    /// Its name, for the first five as the paper has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Election Safety",
            Self::LeaderAppendOnly => "Leader Append-Only",
            Self::LogMatching => "Log Matching",
            Self::LeaderCompleteness => "Leader Completeness",
            Self::StateMachineSafety => "State Machine Safety",
            Self::MembershipSafety => "Membership Safety",
            Self::LinearizableReads => "Linearizable Reads",
        }
    }

    /// Where it is written.
    #[must_use]
    pub const fn section(self) -> Section {
        Section(match self {
            Self::ElectionSafety => "P§5.2",
            Self::LeaderAppendOnly | Self::LogMatching => "P§5.3",
            Self::LeaderCompleteness => "P§5.4",
            Self::StateMachineSafety => "P§5.4.3",
            Self::MembershipSafety => "D§4.1",
            Self::LinearizableReads => "D§6.4",
        })
    }
}

impl fmt::Display for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A property that does not hold, with the evidence.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Serialize)]
pub struct Violation {
    /// Which.
    pub property: Property,
    /// Where it is written.
    pub section: Section,
    /// When it was seen.
    #[serde(rename = "time_us")]
    pub at: Time,
    /// What was seen, in a sentence.
    pub text: String,
    /// Which servers show it.
    pub servers: Vec<ServerId>,
    /// At which indexes.
    pub indexes: Vec<Index>,
    /// In which terms, the earlier first.
    pub terms: Vec<Term>,
}

impl Violation {
    pub(crate) fn new(
        property: Property,
        at: Time,
        text: String,
        servers: &[ServerId],
        indexes: &[Index],
        terms: &[Term],
    ) -> Result<(), Box<Self>> {
        let (servers, indexes, terms) = (servers.into(), indexes.into(), terms.into());
        Err(Box::new(Self { property, section: property.section(), at, text, servers, indexes, terms }))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) is violated: {}", self.property, self.section, self.text)
    }
}
