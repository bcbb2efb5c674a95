//! What a trace came to.

use serde::Serialize;

use super::fact::{Header, Observed};
use super::moments::Moments;
use crate::checkers::{Property, Violation};
use crate::client_history::Linearizability;

/// What is known of a property.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
#[serde(tag = "verdict", rename_all = "snake_case")]
pub enum Verdict {
    /// It holds in all that was looked at.
    Holds {
        /// What was not looked at, because the trace does not say it.
        #[serde(skip_serializing_if = "Vec::is_empty")]
        but: Vec<&'static str>,
    },
    /// It does not hold.
    Violated,
    /// Nothing was looked at.
    NotChecked {
        /// Why.
        because: String,
    },
}

/// The property that does not hold. The checks end there; what was looked at until then stands.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Evidence {
    /// The line that shows it.
    pub line: u64,
    /// What was seen.
    pub violation: Violation,
    /// Lines that belong to it, this one last: where the terms were won, where the entries came into a log and were first
    /// committed, where the operations were asked for.
    pub lines: Vec<u64>,
}

/// A line that was passed over.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LeftOut {
    /// Which.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// How many lines that were passed over are named.
pub(super) const LEFT_OUT_NAMED_MAX: usize = 1_000;

/// What a trace came to.
#[derive(Debug)]
pub struct Checked {
    /// Its first line.
    pub header: Header,
    /// How many lines it has, and how many of them are facts that were taken.
    pub lines: u64,
    /// Facts.
    pub facts: u64,
    /// The lines that were passed over, the first thousand of them.
    pub left_out: Vec<LeftOut>,
    /// How many they are.
    pub left_out_count: u64,
    /// What does not hold.
    pub evidence: Option<Evidence>,
    /// What clients were answered, and whether it could be decided.
    pub linearizability: Linearizability,
    /// What each server was at each line, if that was asked for.
    pub moments: Option<Moments>,
}

/// What a trace must say for a property to be looked at: any of these, or it is always looked at; and with each of those
/// it is looked at in one more respect.
struct Needs {
    any: &'static [Observed],
    all: &'static [Observed],
    more: &'static [(Observed, &'static str)],
}

const fn needs(property: Property) -> Needs {
    use Observed::{Acknowledge, Apply, Client, Configuration, Progress, Read, Save, Send, State, Vote};
    let (any, all, more): (&'static [Observed], &'static [Observed], &'static [(Observed, &'static str)]) =
        match property {
            Property::ElectionSafety
            | Property::LeaderAppendOnly
            | Property::LogMatching
            | Property::LeaderCompleteness
            | Property::OneAuthorPerTerm
            | Property::OwnTermCommit => (&[], &[], &[]),
            Property::StateMachineSafety => (
                &[],
                &[],
                &[
                    (Apply, "what servers apply, as the trace has no `apply`"),
                    (State, "the states that they come to, as the trace has no `state`"),
                ],
            ),
            Property::OneVotePerTerm => (&[Vote, Send], &[], &[]),
            Property::TermsNeverFall => (&[], &[], &[(Send, "the terms of messages, as the trace has no `send`")]),
            Property::IndexesNeverFall => {
                (&[], &[], &[(Progress, "what leaders know of followers, as the trace has no `progress`")])
            }
            Property::DurableBeforeSent => (
                &[Vote, Send],
                &[Save],
                &[(Send, "messages beside votes, acknowledgements among them, as the trace has no `send`")],
            ),
            Property::CommittedIsDurable => (&[], &[Save], &[]),
            Property::AcknowledgedWritesSurvive => {
                (&[], &[Acknowledge], &[(Save, "whether they stay on disks, as the trace has no `save`")])
            }
            Property::MembershipSafety => {
                (&[], &[], &[(Configuration, "by which members servers count, as the trace has no `configuration`")])
            }
            Property::LinearizableReads => (&[], &[Read], &[]),
            Property::Linearizability => (&[], &[Client], &[]),
        };
    Needs { any, all, more }
}

impl Checked {
    /// Whether nothing that was looked at is violated.
    #[must_use]
    pub const fn holds(&self) -> bool {
        self.evidence.is_none()
    }

    /// What is known of a property.
    #[must_use]
    pub fn verdict(&self, property: Property) -> Verdict {
        if self.evidence.as_ref().is_some_and(|evidence| evidence.violation.property == property) {
            return Verdict::Violated;
        }
        if property == Property::OwnTermCommit && !self.header.own_term_commit {
            return Verdict::NotChecked { because: "the header says that this rule is not followed".to_owned() };
        }
        let Needs { any, all, more } = needs(property);
        let has = |observed: &Observed| self.header.observed.contains(observed);
        let names = |of: &[Observed]| of.iter().map(|one| format!("`{}`", one.name())).collect::<Vec<_>>().join(" or ");
        if let Some(missing) = all.iter().find(|observed| !has(observed)) {
            return Verdict::NotChecked { because: format!("the trace has no `{}`", missing.name()) };
        }
        if !any.is_empty() && !any.iter().any(has) {
            return Verdict::NotChecked {
                because: format!("the trace has neither {}", names(any).replace(" or ", " nor ")),
            };
        }
        let mut but: Vec<&'static str> =
            more.iter().filter(|(observed, _)| !has(observed)).map(|&(_, what)| what).collect();
        if self.left_out_count > 0 {
            but.push("the lines that were left out");
        }
        if self.evidence.is_some() {
            but.push("what comes after the violation");
        }
        if property == Property::Linearizability && self.linearizability.undecided > 0 {
            but.push("stretches in which the search for an explanation was too large to be finished");
        }
        Verdict::Holds { but }
    }

    /// What is known of every property, in their order.
    #[must_use]
    pub fn verdicts(&self) -> Vec<(Property, Verdict)> {
        Property::ALL.iter().map(|&property| (property, self.verdict(property))).collect()
    }
}
