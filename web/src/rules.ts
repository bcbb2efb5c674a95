/**
 * Raft's rules as raft-core names them, in groups, each with its section. A test compares them with raft-core/src/rule.rs;
 * what they say, and what happens without them, is in lang/.
 */

import type { RULES } from './lang/en/rules';

export type Rule = keyof typeof RULES.list;

export interface RuleGroup {
  readonly group: keyof typeof RULES.groups;
  readonly rules: readonly (readonly [name: Rule, section: string])[];
}

export const RULE_GROUPS: readonly RuleGroup[] = [
  {
    group: 'voting',
    rules: [
      ['quorum_is_more_than_half', 'P§5.2'],
      ['one_vote_per_term', 'P§5.2'],
      ['each_vote_counts_once', 'P§5.2'],
      ['only_granted_votes_count', 'P§5.2'],
      ['votes_of_this_term_only', 'P§5.2'],
      ['vote_only_for_up_to_date_log', 'P§5.4.1'],
      ['last_term_compared_first', 'P§5.4.1'],
      ['then_length_compared', 'P§5.4.1'],
      ['vote_kept_within_its_term', 'P§5.2'],
      ['vote_persisted', 'P§5.2'],
    ],
  },
  {
    group: 'log',
    rules: [
      ['previous_entry_checked', 'P§5.3'],
      ['truncate_only_on_conflict', 'P§5.3'],
      ['entries_persisted_before_ack', 'P§5.3'],
      ['ack_names_what_append_reached', 'P§5.3'],
      ['ack_bounded_by_log', 'P§5.3'],
      ['match_starts_at_zero', 'P Fig. 2'],
      ['hint_is_no_match', 'P§5.3'],
      ['append_reply_term_checked', 'P§5.3'],
      ['old_term_append_refused', 'P§5.1'],
      ['overwritten_write_marks_nothing', 'D§10.2.1'],
    ],
  },
  {
    group: 'commit',
    rules: [
      ['commit_only_own_term_by_count', 'P§5.4.2'],
      ['commit_only_what_was_verified', 'P§5.3'],
    ],
  },
  {
    group: 'terms',
    rules: [
      ['term_persisted', 'P§5.1'],
      ['term_and_vote_in_one_write', 'P Fig. 2'],
      ['higher_term_deposes', 'P§5.1'],
      ['candidate_yields_to_leader', 'P§5.2'],
      ['timer_reset_only_by_leader_or_vote', 'P§5.2'],
      ['pre_vote_is_no_contact', 'D§9.6'],
    ],
  },
  {
    group: 'membership',
    rules: [
      ['joint_needs_both_majorities', 'P§6'],
      ['configuration_in_force_when_appended', 'P§6'],
      ['configuration_undone_when_truncated', 'D§4.1'],
      ['one_change_at_a_time', 'D§4.1'],
      ['own_term_commit_before_change', 'D§4.1'],
      ['removed_leader_counts_not', 'D§4.2.2'],
      ['progress_fresh_on_re_adding', 'D§4.2'],
      ['promoted_learner_votes', 'D§4.2.1'],
    ],
  },
  {
    group: 'snapshots',
    rules: [
      ['snapshot_carries_configuration', 'D§5.1'],
      ['older_snapshot_ignored', 'P§7'],
      ['snapshot_edge_checked', 'P Fig. 13'],
    ],
  },
  {
    group: 'reads',
    rules: [
      ['read_after_own_term_commit', 'D§6.4'],
      ['read_needs_fresh_confirmation', 'D§6.4'],
      ['read_context_is_unique', 'D§6.4'],
      ['lease_ends_with_transfer', 'D§6.4.1'],
      ['lease_respects_drift', 'D§6.4.1'],
    ],
  },
];
