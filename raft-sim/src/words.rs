//! The words that scenarios are made of, by their numbers in links.

/// Field names, kinds and rules. A link says them by their place here, so none may ever be moved or taken away: new ones
/// go at the end, in a group of their own.
pub(crate) const WORDS: &[&str] = &[
    // The scenario.
    "version",
    "title",
    "text",
    "seed",
    "servers",
    "initial",
    "options",
    "inputs",
    "at_us",
    "after_events",
    "input",
    "kind",
    // Its options.
    "election_timeout_us_min",
    "election_timeout_us_max",
    "heartbeat_us",
    "entries_per_append_max",
    "entries_in_flight_max",
    "eager_commit",
    "snapshot_chunk_bytes",
    "snapshot_every",
    "noop_on_election",
    "pre_vote",
    "check_quorum",
    "lease_reads",
    "clock_drift_ppm_max",
    "delay_us_min",
    "delay_us_max",
    "loss_ppm",
    "duplicate_ppm",
    "disk_us_min",
    "disk_us_max",
    "clients",
    "client_pause_us",
    "client_reads_ppm",
    "rules_off",
    // Inputs and their fields.
    "crash",
    "restart",
    "time_out",
    "transfer",
    "compact",
    "new_server",
    "set_members",
    "leave_joint",
    "propose",
    "read",
    "cut",
    "uncut",
    "partition",
    "heal",
    "set_link",
    "move",
    "wall",
    "remove_wall",
    "server",
    "to",
    "value",
    "key",
    "from",
    "groups",
    "voters",
    "learners",
    "catch_up",
    "stays_joint",
    "x",
    "y",
    "ax",
    "ay",
    "bx",
    "by",
    // Initial states.
    "configuration",
    "messages",
    "old",
    "term",
    "voted_for",
    "log",
    "snapshot",
    "commit_index",
    "role",
    "leader",
    "votes",
    "down",
    "follower",
    "candidate",
    "last_included_index",
    "last_included_term",
    "values",
    "refused",
    "prev_log_index",
    "entries",
    "match_index",
    "arrives_us",
    "request_vote",
    "request_vote_reply",
    "append_entries",
    "append_entries_reply",
    "timeout_now",
    // Rules.
    "quorum_is_more_than_half",
    "one_vote_per_term",
    "each_vote_counts_once",
    "vote_only_for_up_to_date_log",
    "last_term_compared_first",
    "then_length_compared",
    "vote_kept_within_its_term",
    "vote_persisted",
    "term_persisted",
    "term_and_vote_in_one_write",
    "only_granted_votes_count",
    "votes_of_this_term_only",
    "higher_term_deposes",
    "candidate_yields_to_leader",
    "timer_reset_only_by_leader_or_vote",
    "pre_vote_is_no_contact",
    "previous_entry_checked",
    "truncate_only_on_conflict",
    "entries_persisted_before_ack",
    "ack_names_what_append_reached",
    "ack_bounded_by_log",
    "match_starts_at_zero",
    "hint_is_no_match",
    "append_reply_term_checked",
    "old_term_append_refused",
    "overwritten_write_marks_nothing",
    "commit_only_own_term_by_count",
    "commit_only_what_was_verified",
    "joint_needs_both_majorities",
    "configuration_in_force_when_appended",
    "configuration_undone_when_truncated",
    "one_change_at_a_time",
    "own_term_commit_before_change",
    "removed_leader_counts_not",
    "progress_fresh_on_re_adding",
    "promoted_learner_votes",
    "snapshot_carries_configuration",
    "older_snapshot_ignored",
    "snapshot_edge_checked",
    "read_after_own_term_commit",
    "read_needs_fresh_confirmation",
    "read_context_is_unique",
    "lease_ends_with_transfer",
    "lease_respects_drift",
    // Faults.
    "written",
    "pause",
    "resume",
    "slow",
    "step_us",
    "set_disk",
    "us_min",
    "us_max",
    "lies",
    "set_clock",
    "rate_ppm",
    "ahead_us",
    "flap",
    "up_us",
    "down_us",
    "delay_tail_us",
    "in_order",
    "hold",
    "message",
    "hold_latest",
    "release",
    "release_all",
    "drop",
    "duplicate",
    "deliver",
    // Clients.
    "client_loop",
    "closed",
    "open",
    "client_appends_ppm",
    "client_keys",
    "client_reads_by",
    "read_index",
    "local",
    "client_retries",
    "sessions",
    "wrong_hints_ppm",
    // Disks written by hand.
    "edit_disk",
    "keep",
    // Walls that let some messages through.
    "set_wall",
    "stops",
    "both",
    "rightward",
    "leftward",
    // What a page keeps beside a run.
    "page",
    "bookmarks",
    "name",
    // Stories.
    "heartbeat",
    "set_delay",
    "us",
];

/// The place of a word.
#[inline(never)]
pub(crate) fn word(text: &str) -> Option<u64> {
    WORDS.iter().position(|known| *known == text).map(|place| place as u64)
}

#[cfg(test)]
mod tests {
    use std::hash::Hasher;

    use raft_core::Rule;

    use crate::fingerprint::Fingerprint;
    use crate::plain::{Object, Tree};
    use crate::plain_input::{KINDS, read_kind};
    use crate::{Input, Scenario};

    use super::*;

    fn fingerprint(words: &[&str]) -> u64 {
        let mut hasher = Fingerprint::new();
        hasher.write(words.join(" ").as_bytes());
        hasher.finish()
    }

    /// How many words there were when their order was last noted here, and the fingerprint of all those.
    const NOTED: (usize, u64) = (189, 0xc7fc_5031_0ce7_143b);

    #[test]
    fn no_word_is_ever_moved_or_taken_away() {
        let (count, expected) = NOTED;
        let found = fingerprint(&WORDS[..count]);
        assert_eq!(found, expected, "a link that was made yesterday would say something else: {found:#018x}");
        assert_eq!(WORDS.len(), count, "words were added: note them too, as {found:#018x}");
        for (place, text) in WORDS.iter().enumerate() {
            assert_eq!(word(text), Some(place as u64), "{text} stands here twice");
        }
        assert_eq!(word("sneaky"), None);
    }

    #[test]
    fn every_kind_field_and_rule_that_can_be_read_is_a_word() {
        let mut names: Vec<String> = Rule::ALL.iter().map(|rule| rule.name().to_owned()).collect();
        for kind in KINDS.trim_start_matches("one of ").split(", ") {
            names.push(kind.to_owned());
            let mut object = Object::of(Tree::Fields(Vec::new()));
            assert!(kind == "heal" || read_kind(kind, &mut object) != Input::Heal {}, "{kind} is known");
            names.extend(object.known().iter().map(|name| (*name).to_owned()));
        }
        // What is read of an object is told when it holds something else.
        for json in [
            r#"{"sneaky": 1}"#,
            r#"{"options": {"sneaky": 1}}"#,
            r#"{"inputs": [{"at_us": 1, "input": {"kind": "heal"}, "sneaky": 1}]}"#,
            r#"{"initial": {"sneaky": 1}}"#,
            r#"{"initial": {"configuration": {"sneaky": 1}}}"#,
            r#"{"initial": {"servers": [{"sneaky": 1}]}}"#,
            r#"{"initial": {"servers": [{"snapshot": {"sneaky": 1}}]}}"#,
            r#"{"initial": {"servers": [{"role": "sneaky"}]}}"#,
            r#"{"initial": {"messages": [{"sneaky": 1}]}}"#,
            r#"{"initial": {"messages": [{"kind": "sneaky"}]}}"#,
        ] {
            let error = serde_json::from_str::<Scenario>(json).unwrap_err().to_string();
            let (_, expected) = error.split_once("expected one of ").unwrap_or_else(|| panic!("{json}: {error}"));
            let expected = expected.split(" at line").next().unwrap_or_default();
            names.extend(expected.split(", ").map(str::to_owned));
        }
        assert!(names.len() > 150, "{}", names.len());
        // What stands there for editors is never written.
        let missing: Vec<_> = names.iter().filter(|name| *name != "$schema" && word(name).is_none()).collect();
        assert!(missing.is_empty(), "append these to WORDS: {missing:?}");
    }
}
