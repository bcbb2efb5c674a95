//! Raft's rules by name, with where they are written and what they guard against.

use core::fmt;

/// Where a rule is written: the extended paper (P) or the dissertation (D).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Section(pub &'static str);

impl fmt::Display for Section {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Section {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.0)
    }
}

macro_rules! rules {
    ($($(#[$doc:meta])* $rule:ident = $name:literal, $section:literal, $guards:literal;)*) => {
        /// A rule that can be switched off with the feature `mutations`, to see what it guards against.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
        pub enum Rule {
            $($(#[$doc])* $rule,)*
        }

        impl Rule {
            /// All rules, in the paper's order.
            pub const ALL: &'static [Self] = &[$(Self::$rule,)*];

            /// The rule's name in scenarios and commands.
            #[must_use]
            pub const fn name(self) -> &'static str {
                match self { $(Self::$rule => $name,)* }
            }

            /// Where it is written.
            #[must_use]
            pub const fn section(self) -> Section {
                match self { $(Self::$rule => Section($section),)* }
            }

            /// What it guards against, in a sentence.
            #[must_use]
            pub const fn guards_against(self) -> &'static str {
                match self { $(Self::$rule => $guards,)* }
            }
        }
    };
}

rules! {
    /// A quorum is more than half of the voters.
    QuorumIsMoreThanHalf = "quorum_is_more_than_half", "P§5.2",
        "Two halves of a cluster could each elect a leader in the same term.";
    /// A server votes once in a term.
    OneVotePerTerm = "one_vote_per_term", "P§5.2",
        "A server that votes twice helps two candidates to a majority in the same term.";
    /// A vote counts once for each server that gave it.
    EachVoteCountsOnce = "each_vote_counts_once", "P§5.2",
        "A duplicated reply would be counted as a second server's vote.";
    /// A vote goes only to a log at least as up-to-date as the voter's.
    VoteOnlyForUpToDateLog = "vote_only_for_up_to_date_log", "P§5.4.1",
        "A candidate that lacks committed entries could win and erase them.";
    /// A vote is on disk before it is given.
    VotePersisted = "vote_persisted", "P§5.2",
        "A server that restarts would vote a second time in the same term.";
    /// The term is on disk before anything is said in it.
    TermPersisted = "term_persisted", "P§5.1",
        "A server that restarts would fall back to an older term, and vote in it again.";
    /// Only replies that grant the vote count.
    OnlyGrantedVotesCount = "only_granted_votes_count", "P§5.2",
        "A refusal would be counted as a vote.";
    /// Votes of an older term do not count.
    VotesOfThisTermOnly = "votes_of_this_term_only", "P§5.2",
        "A vote for an earlier candidacy would be counted for this one, and its giver be free to vote again.";
    /// A higher term deposes whoever leads a lower one.
    HigherTermDeposes = "higher_term_deposes", "P§5.1",
        "A leader would take its leadership into a term that another was elected for.";
    /// The election timer is set anew only by the leader's word or a vote given.
    TimerResetOnlyByLeaderOrVote = "timer_reset_only_by_leader_or_vote", "P§5.2",
        "Whoever asks for votes in vain would keep from standing those who could win.";
    /// Granting a Pre-Vote says nothing of a leader.
    PreVoteIsNoContact = "pre_vote_is_no_contact", "D§9.6",
        "Servers that grant each other Pre-Votes would hold on to a leader that is gone.";
    /// New entries go only behind an entry on which both logs agree.
    PreviousEntryChecked = "previous_entry_checked", "P§5.3",
        "Entries would be appended behind a hole or behind another leader's entries.";
    /// Entries are removed only where they conflict with the leader's.
    TruncateOnlyOnConflict = "truncate_only_on_conflict", "P§5.3",
        "A delayed append would cut off entries that were acknowledged since.";
    /// Entries are on disk before they are acknowledged.
    EntriesPersistedBeforeAck = "entries_persisted_before_ack", "P§5.3",
        "An entry that counts as held would be gone after a restart.";
    /// An acknowledgement names what its append reached.
    AckNamesWhatAppendReached = "ack_names_what_append_reached", "P§5.3",
        "The end of a follower's log may be another leader's, and would be taken for a copy.";
    /// The hint in a refusal is no acknowledgement.
    HintIsNoMatch = "hint_is_no_match", "P§5.3",
        "A place to look further would be taken for a place where the logs agree.";
    /// Answers to an older leadership's appends are ignored.
    AppendReplyTermChecked = "append_reply_term_checked", "P§5.3",
        "An acknowledgement of entries that were replaced since would be counted for their successors.";
    /// Appends from an older term are refused.
    OldTermAppendRefused = "old_term_append_refused", "P§5.1",
        "A deposed leader would go on replacing entries.";
    /// The completion of an overwritten write marks nothing.
    OverwrittenWriteMarksNothing = "overwritten_write_marks_nothing", "D§10.2.1",
        "A write that was done late would vouch for the entries that took its place.";
    /// Only entries of the leader's own term are committed by counting copies.
    CommitOnlyOwnTermByCount = "commit_only_own_term_by_count", "P§5.4.2",
        "An old entry on a majority can still be overwritten (Figure 8).";
    /// A follower commits only what the append at hand verified.
    CommitOnlyWhatWasVerified = "commit_only_what_was_verified", "P§5.3",
        "A follower would commit entries that its leader never had.";
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl serde::Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

#[cfg(feature = "serde")]
impl<'de> serde::Deserialize<'de> for Rule {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Rule;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("the name of a rule: ")?;
                for (at, rule) in Rule::ALL.iter().enumerate() {
                    write!(f, "{}{rule}", if at == 0 { "" } else { ", " })?;
                }
                Ok(())
            }
            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Rule, E> {
                let found = Rule::ALL.iter().find(|rule| rule.name() == name);
                found.copied().ok_or_else(|| E::invalid_value(serde::de::Unexpected::Str(name), &self))
            }
        }
        deserializer.deserialize_str(Visitor)
    }
}

/// A set of rules.
#[cfg(feature = "mutations")]
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct RuleSet(u64);

#[cfg(feature = "mutations")]
impl RuleSet {
    /// Whether the set holds this rule.
    #[must_use]
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & (1 << rule as u64) != 0
    }
}

#[cfg(feature = "mutations")]
impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        Self(rules.into_iter().fold(0, |set, rule| set | 1 << rule as u64))
    }
}
