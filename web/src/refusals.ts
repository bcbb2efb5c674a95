/** Why a server refuses a message that no correct server could have sent. */

import { type Fields, n, s } from './telling';

const WHY: Readonly<Record<string, (why: Fields) => string>> = {
  not_for_this_server: (why) => `it is for ${s(why['to'])}`,
  from_itself: () => 'it claims to come from the receiver itself',
  unknown_sender: () => 'its sender is no member, and answers what a member was asked',
  configuration_without_voters: () => 'it brings a configuration without a voter',
  absurd_offset: (why) => `its part of a snapshot is at byte ${n(why['offset'])}; at most ${n(why['at_most'])} can be`,
  out_of_range: (why) => `its ${String(why['field']).replaceAll('_', ' ')} is ${n(why['found'])}; at most ${n(why['limit'])} can be`,
  no_such_entry: (why) => {
    const { index, term } = (why['entry'] ?? {}) as { index?: number; term?: number };
    return `no log has index ${n(index)} with term ${n(term)}`;
  },
  term_falls: (why) => `its entry at index ${n(why['index'])} has term ${n(why['found'])}, after one of term ${n(why['after'])}`,
  entry_from_the_future: (why) => `it holds an entry of term ${n(why['found'])}, and its sender is in term ${n(why['sender'])}`,
  second_leader: (why) => `${s(why['claims'])} claims to lead the term that ${s(why['known'])} leads`,
  would_erase_committed: (why) => `it would replace the entry at index ${n(why['index'])}, and all up to ${n(why['commit_index'])} are committed`,
  two_contents: (why) => {
    const { index, term } = (why['entry'] ?? {}) as { index?: number; term?: number };
    return `its entry at index ${n(index)}, term ${n(term)}, carries something else than the one that is there`;
  },
  ack_past_the_end: (why) => `it acknowledges index ${n(why['claimed'])}, past the end at ${n(why['last'])}`,
  absurd_conflict: (why) => `it explains a conflict at index ${n(why['prev_log_index'])} with index ${n(why['conflict_index'])}`,
};

/** A part of a sentence; a reason that this page does not know is named as it is. */
export function whyRefused(why: unknown): string {
  const fields = (why ?? {}) as Fields;
  const kind = String(fields['kind'] ?? '');
  return WHY[kind]?.(fields) ?? kind.replaceAll('_', ' ');
}
