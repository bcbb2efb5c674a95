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
    /// Of two logs, that with the later last term is the newer, however long they are.
    LastTermComparedFirst = "last_term_compared_first", "P§5.4.1",
        "A long log of old entries would win against a shorter one that has the committed ones.";
    /// Of two logs with the same last term, the longer is the newer.
    ThenLengthCompared = "then_length_compared", "P§5.4.1",
        "A candidate that lacks the end of the term's entries could win and erase what is committed of them.";
    /// A vote stands until its term ends, whoever is followed in it.
    VoteKeptWithinItsTerm = "vote_kept_within_its_term", "P§5.2",
        "A server that forgets its vote when it sees the term's leader could give it to another candidate.";
    /// A vote is on disk before it is given.
    VotePersisted = "vote_persisted", "P§5.2",
        "A server that restarts would vote a second time in the same term.";
    /// The term is on disk before anything is said in it.
    TermPersisted = "term_persisted", "P§5.1",
        "A server that restarts would fall back to an older term, and vote in it again.";
    /// The term and the vote are written together.
    TermAndVoteInOneWrite = "term_and_vote_in_one_write", "P Fig. 2",
        "A crash between two writes would leave a vote that was never given in that term.";
    /// Only replies that grant the vote count.
    OnlyGrantedVotesCount = "only_granted_votes_count", "P§5.2",
        "A refusal would be counted as a vote.";
    /// Votes of an older term do not count.
    VotesOfThisTermOnly = "votes_of_this_term_only", "P§5.2",
        "A vote for an earlier candidacy would be counted for this one, and its giver be free to vote again.";
    /// A higher term deposes whoever leads a lower one.
    HigherTermDeposes = "higher_term_deposes", "P§5.1",
        "A leader would take its leadership into a term that another was elected for.";
    /// A candidate follows whoever leads its term.
    CandidateYieldsToLeader = "candidate_yields_to_leader", "P§5.2",
        "A candidate that lost would go on standing, and depose the leader with its next term.";
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
    /// An acknowledgement of more than the leader's log is none.
    AckBoundedByLog = "ack_bounded_by_log", "P§5.3",
        "Entries that are appended later would count as held by whoever acknowledged them in advance.";
    /// Nothing is known of a follower's log when a leadership begins.
    MatchStartsAtZero = "match_starts_at_zero", "P Fig. 2",
        "What a follower held in an earlier leadership of the same server may have been replaced since.";
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
    /// Joint consensus takes a majority of the old voters and one of the new.
    JointNeedsBothMajorities = "joint_needs_both_majorities", "P§6",
        "Old and new voters could each decide alone: two leaders in one term.";
    /// A configuration counts from when it is appended.
    ConfigurationInForceWhenAppended = "configuration_in_force_when_appended", "P§6",
        "Servers that wait until it is committed would elect a leader by a majority that is none any more.";
    /// A configuration that is truncated counts no longer.
    ConfigurationUndoneWhenTruncated = "configuration_undone_when_truncated", "D§4.1",
        "A server would count the members of a change that never happened.";
    /// Members change once the change before is committed.
    OneChangeAtATime = "one_change_at_a_time", "D§4.1",
        "Each step overlaps with the one before it; two steps at once may not overlap with the first.";
    /// A leader commits an entry of its own term before it changes members.
    OwnTermCommitBeforeChange = "own_term_commit_before_change", "D§4.1",
        "Two leaders' changes, each one step from the same members, need not overlap (the bug found in 2015).";
    /// A leader that is not among the voters does not count its own copy.
    RemovedLeaderCountsNot = "removed_leader_counts_not", "D§4.2.2",
        "What only a minority of the new voters holds would be committed.";
    /// A server that is removed and added again starts with nothing known of it.
    ProgressFreshOnReAdding = "progress_fresh_on_re_adding", "D§4.2",
        "It may have come back with an empty disk, and what it once held would still count.";
    /// A server answers a request for its vote whether or not it knows that it is a voter.
    PromotedLearnerVotes = "promoted_learner_votes", "D§4.2.1",
        "A new voter that has not heard of its promotion would leave the cluster without the vote that it needs.";
    /// A snapshot brings the configuration.
    SnapshotCarriesConfiguration = "snapshot_carries_configuration", "D§5.1",
        "A server that is brought up to date by a snapshot would go on with the members of long ago.";
    /// A snapshot that stands for no more than what is committed is passed over.
    OlderSnapshotIgnored = "older_snapshot_ignored", "P§7",
        "A late snapshot would take the state machine back.";
    /// Entries behind a snapshot stay only if the log holds its last entry.
    SnapshotEdgeChecked = "snapshot_edge_checked", "P Fig. 13",
        "Entries would stay that stand behind another entry than the committed one.";
    /// A leader answers reads only once an entry of its own term is committed.
    ReadAfterOwnTermCommit = "read_after_own_term_commit", "D§6.4",
        "A new leader does not know yet what is committed, and would read an older state.";
    /// A leader answers a read only once a quorum has answered it since.
    ReadNeedsFreshConfirmation = "read_needs_fresh_confirmation", "D§6.4",
        "A leader that was deposed unknowingly would read an older state.";
    /// An answer releases only the reads that were there when its question was asked.
    ReadContextIsUnique = "read_context_is_unique", "D§6.4",
        "An answer that was delayed would confirm a leadership that has ended since.";
    /// A lease ends when the leadership is handed over.
    LeaseEndsWithTransfer = "lease_ends_with_transfer", "D§6.4.1",
        "The next leader is elected without waiting, while the old one reads on its lease.";
    /// A lease is shorter than an election timeout by as much as clocks may drift apart.
    LeaseRespectsDrift = "lease_respects_drift", "D§6.4.1",
        "On a slow clock the lease would outlast the time in which nobody else is elected.";
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
