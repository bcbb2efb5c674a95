/**
 * Raft's rules as raft-core names them, in groups: each with its section, what it says, and what happens without it. A test
 * compares them with raft-core/src/rule.rs.
 */
export const RULE_GROUPS: readonly RuleGroup[] = [
  {
    name: 'Voting',
    rules: [
      ['quorum_is_more_than_half', 'P§5.2', 'A quorum is more than half of the voters.', 'Two halves of a cluster could each elect a leader in the same term.'],
      ['one_vote_per_term', 'P§5.2', 'A server votes once in a term.', 'A server that votes twice helps two candidates to a majority in the same term.'],
      ['each_vote_counts_once', 'P§5.2', 'A vote counts once for each server that gave it.', "A duplicated reply would be counted as a second server's vote."],
      ['only_granted_votes_count', 'P§5.2', 'Only replies that grant the vote count.', 'A refusal would be counted as a vote.'],
      ['votes_of_this_term_only', 'P§5.2', 'Votes of an older term do not count.', 'A vote for an earlier candidacy would be counted for this one, and its giver be free to vote again.'],
      ['vote_only_for_up_to_date_log', 'P§5.4.1', "A vote goes only to a log at least as up-to-date as the voter's.", 'A candidate that lacks committed entries could win and erase them.'],
      ['last_term_compared_first', 'P§5.4.1', 'Of two logs, that with the later last term is the newer, however long they are.', 'A long log of old entries would win against a shorter one that has the committed ones.'],
      ['then_length_compared', 'P§5.4.1', 'Of two logs with the same last term, the longer is the newer.', "A candidate that lacks the end of the term's entries could win and erase what is committed of them."],
      ['vote_kept_within_its_term', 'P§5.2', 'A vote stands until its term ends, whoever is followed in it.', "A server that forgets its vote when it sees the term's leader could give it to another candidate."],
      ['vote_persisted', 'P§5.2', 'A vote is on disk before it is given.', 'A server that restarts would vote a second time in the same term.'],
    ],
  },
  {
    name: 'Log',
    rules: [
      ['previous_entry_checked', 'P§5.3', 'New entries go only behind an entry on which both logs agree.', "Entries would be appended behind a hole or behind another leader's entries."],
      ['truncate_only_on_conflict', 'P§5.3', "Entries are removed only where they conflict with the leader's.", 'A delayed append would cut off entries that were acknowledged since.'],
      ['entries_persisted_before_ack', 'P§5.3', 'Entries are on disk before they are acknowledged.', 'An entry that counts as held would be gone after a restart.'],
      ['ack_names_what_append_reached', 'P§5.3', 'An acknowledgement names what its append reached.', "The end of a follower's log may be another leader's, and would be taken for a copy."],
      ['ack_bounded_by_log', 'P§5.3', "An acknowledgement of more than the leader's log is none.", 'Entries that are appended later would count as held by whoever acknowledged them in advance.'],
      ['match_starts_at_zero', 'P Fig. 2', "Nothing is known of a follower's log when a leadership begins.", 'What a follower held in an earlier leadership of the same server may have been replaced since.'],
      ['hint_is_no_match', 'P§5.3', 'The hint in a refusal is no acknowledgement.', 'A place to look further would be taken for a place where the logs agree.'],
      ['append_reply_term_checked', 'P§5.3', "Answers to an older leadership's appends are ignored.", 'An acknowledgement of entries that were replaced since would be counted for their successors.'],
      ['old_term_append_refused', 'P§5.1', 'Appends from an older term are refused.', 'A deposed leader would go on replacing entries.'],
      ['overwritten_write_marks_nothing', 'D§10.2.1', 'The completion of an overwritten write marks nothing.', 'A write that was done late would vouch for the entries that took its place.'],
    ],
  },
  {
    name: 'Commit',
    rules: [
      ['commit_only_own_term_by_count', 'P§5.4.2', "Only entries of the leader's own term are committed by counting copies.", 'An old entry on a majority can still be overwritten (Figure 8).'],
      ['commit_only_what_was_verified', 'P§5.3', 'A follower commits only what the append at hand verified.', 'A follower would commit entries that its leader never had.'],
    ],
  },
  {
    name: 'Terms and timers',
    rules: [
      ['term_persisted', 'P§5.1', 'The term is on disk before anything is said in it.', 'A server that restarts would fall back to an older term, and vote in it again.'],
      ['term_and_vote_in_one_write', 'P Fig. 2', 'The term and the vote are written together.', 'A crash between two writes would leave a vote that was never given in that term.'],
      ['higher_term_deposes', 'P§5.1', 'A higher term deposes whoever leads a lower one.', 'A leader would take its leadership into a term that another was elected for.'],
      ['candidate_yields_to_leader', 'P§5.2', 'A candidate follows whoever leads its term.', 'A candidate that lost would go on standing, and depose the leader with its next term.'],
      ['timer_reset_only_by_leader_or_vote', 'P§5.2', "The election timer is set anew only by the leader's word or a vote given.", 'Whoever asks for votes in vain would keep from standing those who could win.'],
      ['pre_vote_is_no_contact', 'D§9.6', 'Granting a Pre-Vote says nothing of a leader.', 'Servers that grant each other Pre-Votes would hold on to a leader that is gone.'],
    ],
  },
  {
    name: 'Membership',
    rules: [
      ['joint_needs_both_majorities', 'P§6', 'Joint consensus takes a majority of the old voters and one of the new.', 'Old and new voters could each decide alone: two leaders in one term.'],
      ['configuration_in_force_when_appended', 'P§6', 'A configuration counts from when it is appended.', 'Servers that wait until it is committed would elect a leader by a majority that is none any more.'],
      ['configuration_undone_when_truncated', 'D§4.1', 'A configuration that is truncated counts no longer.', 'A server would count the members of a change that never happened.'],
      ['one_change_at_a_time', 'D§4.1', 'Members change once the change before is committed.', 'Each step overlaps with the one before it; two steps at once may not overlap with the first.'],
      ['own_term_commit_before_change', 'D§4.1', 'A leader commits an entry of its own term before it changes members.', "Two leaders' changes, each one step from the same members, need not overlap (the bug found in 2015)."],
      ['removed_leader_counts_not', 'D§4.2.2', 'A leader that is not among the voters does not count its own copy.', 'What only a minority of the new voters holds would be committed.'],
      ['progress_fresh_on_re_adding', 'D§4.2', 'A server that is removed and added again starts with nothing known of it.', 'It may have come back with an empty disk, and what it once held would still count.'],
      ['promoted_learner_votes', 'D§4.2.1', 'A server answers a request for its vote whether or not it knows that it is a voter.', 'A new voter that has not heard of its promotion would leave the cluster without the vote that it needs.'],
    ],
  },
  {
    name: 'Snapshots',
    rules: [
      ['snapshot_carries_configuration', 'D§5.1', 'A snapshot brings the configuration.', 'A server that is brought up to date by a snapshot would go on with the members of long ago.'],
      ['older_snapshot_ignored', 'P§7', 'A snapshot that stands for no more than what is committed is passed over.', 'A late snapshot would take the state machine back.'],
      ['snapshot_edge_checked', 'P Fig. 13', 'Entries behind a snapshot stay only if the log holds its last entry.', 'Entries would stay that stand behind another entry than the committed one.'],
    ],
  },
  {
    name: 'Reads',
    rules: [
      ['read_after_own_term_commit', 'D§6.4', 'A leader answers reads only once an entry of its own term is committed.', 'A new leader does not know yet what is committed, and would read an older state.'],
      ['read_needs_fresh_confirmation', 'D§6.4', 'A leader answers a read only once a quorum has answered it since.', 'A leader that was deposed unknowingly would read an older state.'],
      ['read_context_is_unique', 'D§6.4', 'An answer releases only the reads that were there when its question was asked.', 'An answer that was delayed would confirm a leadership that has ended since.'],
      ['lease_ends_with_transfer', 'D§6.4.1', 'A lease ends when the leadership is handed over.', 'The next leader is elected without waiting, while the old one reads on its lease.'],
      ['lease_respects_drift', 'D§6.4.1', 'A lease is shorter than an election timeout by as much as clocks may drift apart.', 'On a slow clock the lease would outlast the time in which nobody else is elected.'],
    ],
  },
];

export interface RuleGroup {
  readonly name: string;
  readonly rules: readonly (readonly [name: string, section: string, says: string, without: string])[];
}
