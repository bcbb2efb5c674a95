/** What Raft guarantees, by the name that records give it: as the page calls it, and what it says. */

import type { Violation } from '../../door/types';
import { spoken } from '../texts';

export const PROPERTIES = spoken('properties', {
  list: {
    election_safety: ['Election Safety', 'At most one leader is elected in a term.'],
    leader_append_only: ['Leader Append-Only', 'A leader never overwrites or deletes entries of its own log; it only appends.'],
    log_matching: ['Log Matching', 'If two logs have an entry with the same index and term, they are the same up to it.'],
    leader_completeness: ['Leader Completeness', 'What is committed in one term is in the logs of the leaders of all later terms.'],
    state_machine_safety: ['State Machine Safety', 'All servers apply the same entries in the same order, and come to the same state.'],
    one_vote_per_term: ['One Vote per Term', 'A server gives its vote to one candidate in a term, also when it restarts in between.'],
    terms_never_fall: ['Terms Never Fall', 'The terms of a server and those along its log only rise, also when it restarts.'],
    indexes_never_fall: ['Indexes Never Fall', 'What is known to be committed, or to be held by a follower, stays known.'],
    one_author_per_term: ['One Author per Term', 'The entries of a term come from the leader of that term.'],
    own_term_commit: ['Own-Term Commit', 'A leader counts copies only of entries of its own term; older ones are committed along with them.'],
    durable_before_sent: ['Durable before Sent', 'What a server promises is on its disk before the message leaves.'],
    committed_is_durable: ['Committed Is Durable', 'What is committed is on the disks of a quorum, and of every quorum one disk goes on holding it.'],
    acknowledged_writes_survive: ['Acknowledged Writes Survive', 'What a client was told to be written is committed, and stays.'],
    membership_safety: ['Membership Safety', 'Old members and new can never decide apart: one change of members comes after the other.'],
    linearizable_reads: ['Linearizable Reads', 'A read shows all that was answered before it was asked for.'],
    linearizability: ['Linearizability', 'What clients are answered fits one order, in which each operation is done once, between its request and its answer.'],
  },
  /** What was found that should not be; English has it from who found it. */
  found: (violation: Violation) => violation.text,
});

export type Property = keyof typeof PROPERTIES.list;
