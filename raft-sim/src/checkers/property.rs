//! The properties by name, and what is said when one does not hold.

use std::fmt;

use raft_core::{Index, Section, ServerId, Term, Time};
use serde::Serialize;

/// What Raft guarantees at all times (P Fig. 3).
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
}

impl Property {
    /// All properties, in the paper's order.
    pub const ALL: &'static [Self] = &[
        Self::ElectionSafety,
        Self::LeaderAppendOnly,
        Self::LogMatching,
        Self::LeaderCompleteness,
        Self::StateMachineSafety,
    ];

    /// Its name, as the paper has it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::ElectionSafety => "Election Safety",
            Self::LeaderAppendOnly => "Leader Append-Only",
            Self::LogMatching => "Log Matching",
            Self::LeaderCompleteness => "Leader Completeness",
            Self::StateMachineSafety => "State Machine Safety",
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
    pub(crate) fn new<const S: usize, const I: usize, const T: usize>(
        property: Property,
        at: Time,
        text: String,
        servers: [ServerId; S],
        indexes: [Index; I],
        terms: [Term; T],
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
