/** Why a server refuses a message that no correct server could have sent. */

import { type Fields, n, s } from '../../telling';
import { spoken } from '../texts';

/** Why a server refuses a message that no correct server could have sent: a part of a sentence. */
export const REFUSED = spoken('refused', {
  not_for_this_server: (why: Fields) => `it is for ${s(why['to'])}`,
  from_itself: () => 'it claims to come from the receiver itself',
  unknown_sender: () => 'its sender is no member, and answers what a member was asked',
  configuration_without_voters: () => 'it brings a configuration without a voter',
  absurd_offset: (why: Fields) => `its part of a snapshot is at byte ${n(why['offset'])}; at most ${n(why['at_most'])} can be`,
  out_of_range: (why: Fields) => `its ${String(why['field']).replaceAll('_', ' ')} is ${n(why['found'])}; at most ${n(why['limit'])} can be`,
  no_such_entry: (why: Fields) => {
    const { index, term } = (why['entry'] ?? {}) as { index?: number; term?: number };
    return `no log has index ${n(index)} with term ${n(term)}`;
  },
  term_falls: (why: Fields) => `its entry at index ${n(why['index'])} has term ${n(why['found'])}, after one of term ${n(why['after'])}`,
  entry_from_the_future: (why: Fields) => `it holds an entry of term ${n(why['found'])}, and its sender is in term ${n(why['sender'])}`,
  second_leader: (why: Fields) => `${s(why['claims'])} claims to lead the term that ${s(why['known'])} leads`,
  would_erase_committed: (why: Fields) => `it would replace the entry at index ${n(why['index'])}, and all up to ${n(why['commit_index'])} are committed`,
  two_contents: (why: Fields) => {
    const { index, term } = (why['entry'] ?? {}) as { index?: number; term?: number };
    return `its entry at index ${n(index)}, term ${n(term)}, carries something else than the one that is there`;
  },
  ack_past_the_end: (why: Fields) => `it acknowledges index ${n(why['claimed'])}, past the end at ${n(why['last'])}`,
  absurd_conflict: (why: Fields) => `it explains a conflict at index ${n(why['prev_log_index'])} with index ${n(why['conflict_index'])}`,
});
