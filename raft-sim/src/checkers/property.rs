//! The properties by name, and what is said when one does not hold.

use std::fmt;

use raft_core::{Index, Section, ServerId, Term, Time};
use serde::Serialize;

use crate::linearizability::ClientOperation;

macro_rules! properties {
    ($($(#[$doc:meta])* $property:ident = $name:literal, $section:literal;)*) => {
        /// What Raft guarantees at all times (P Fig. 3), and what these guarantees and its extensions rest on.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Property {
            $($(#[$doc])* $property,)*
        }

        impl Property {
            /// All properties: the paper's in its order, then the others.
            pub const ALL: &'static [Self] = &[$(Self::$property,)*];

            /// Its name, for the first five as the paper has it.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$property => $name,)* }
            }

            /// Where it is written.
            #[must_use]
            pub const fn section(self) -> Section {
                match self { $(Self::$property => Section($section),)* }
            }
        }
    };
}

properties! {
    /// At most one leader is elected in a term.
    ElectionSafety = "Election Safety", "P§5.2";
    /// A leader never overwrites or deletes entries of its log; it only appends.
    LeaderAppendOnly = "Leader Append-Only", "P§5.3";
    /// Two logs with an entry of the same index and term are the same up to it.
    LogMatching = "Log Matching", "P§5.3";
    /// An entry that is committed in a term is in the logs of the leaders of all later terms.
    LeaderCompleteness = "Leader Completeness", "P§5.4";
    /// No two servers commit or apply different entries at an index; each applies one after another, and comes to the same
    /// state.
    StateMachineSafety = "State Machine Safety", "P§5.4.3";
    /// A server gives its vote to one candidate in a term, also when it restarts in between.
    OneVotePerTerm = "One Vote per Term", "P§5.2";
    /// Terms only rise: a server's own, also when it restarts, and those along its log; and none is ahead of its server's own.
    TermsNeverFall = "Terms Never Fall", "P§5.1";
    /// Indexes only rise: what a server knows to be committed, and what a leader knows a follower to hold; what it sends next
    /// lies behind that.
    IndexesNeverFall = "Indexes Never Fall", "P Fig. 2";
    /// The entries of a term are its leader's: none is anywhere before it is elected, or behind its last one.
    OneAuthorPerTerm = "One Author per Term", "P§5.3";
    /// What a leader finds committed by counting ends with an entry of its own term; unless that rule is switched off.
    OwnTermCommit = "Own-Term Commit", "P§5.4.2";
    /// What a server promises is on its disk before the message leaves: its term, its vote, the entries it acknowledges.
    DurableBeforeSent = "Durable before Sent", "P Fig. 2";
    /// What a leader commits is on the disks of a quorum, and of every quorum one disk goes on holding it.
    CommittedIsDurable = "Committed Is Durable", "P§5.3";
    /// What a client was told to be written is committed, and of every quorum one disk goes on holding it.
    AcknowledgedWritesSurvive = "Acknowledged Writes Survive", "P§8";
    /// A server counts by the latest configuration of its log. Configurations that follow each other have no quorums apart, and
    /// only the latest is not committed.
    MembershipSafety = "Membership Safety", "D§4.1";
    /// A read shows a state no older than any operation that was answered before the read was asked for.
    LinearizableReads = "Linearizable Reads", "D§6.4";
    /// What clients are answered can be put into one order, each operation at some moment between its request and its
    /// answer and done once, in which every read shows what was written before it.
    Linearizability = "Linearizability", "D§6.3";
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
    /// Which operations of clients, the last being the one that cannot be explained.
    pub operations: Vec<ClientOperation>,
}

impl Violation {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(
        property: Property,
        at: Time,
        text: String,
        servers: &[ServerId],
        indexes: &[Index],
        terms: &[Term],
    ) -> Result<(), Box<Self>> {
        let (servers, indexes, terms) = (servers.into(), indexes.into(), terms.into());
        let (section, operations) = (property.section(), Vec::new());
        Err(Box::new(Self { property, section, at, text, servers, indexes, terms, operations }))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}) is violated: {}", self.property, self.section, self.text)
    }
}
