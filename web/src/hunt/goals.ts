/** What can be looked for besides violations: scenes that are ready, each as what raft-sim is asked for. */

import type { Rule } from '../rules';

/** By the names that raft-sim has for them, with what they stand for: docs/goals.md explains both. A test holds them against its source. */
export const NAMED = {
  two_leaders: 'leaders > 1',
  split_vote_thrice: 'split_votes > 2',
  overwritten_entry: 'overwritten > 0',
  leader_without_contact: 'any(L: L.leads and L.followers = 0 and L.commit_term = L.term and L.commit < committed)',
  figure_8_c:
    'any(L: L.leads and L.held > committed and L.held_term < L.term and any(T: T.last_term > L.held_term and T.last_term < L.term and T.last <= L.held))',
} as const;
export type Named = keyof typeof NAMED;

/** Correct servers give no stale read: a rule is off for it, and a property is what it breaks. */
export const STALE_READ: { readonly goal: string; readonly off: Rule } = { goal: 'Linearizable Reads', off: 'read_needs_fresh_confirmation' };

/** Something that none of them is, to begin with. */
export const EXAMPLE = 'any(S: S.leads and S.term < term) and crashes = 1';

/** What is chosen: any violation, a scene that is ready, or whatever is written. */
export type Sought = 'violation' | Named | 'stale_read' | 'own';

/** What is written for a choice; for one's own, what stood there before stays. */
export const textOf = (sought: Sought, before: string): string => (sought === 'violation' ? '' : sought === 'own' ? before : sought === 'stale_read' ? STALE_READ.goal : NAMED[sought]);

/** What raft-sim is asked for: a scene that is ready by its name, as it has a title then. */
export function goalOf(sought: Sought, text: string): string | undefined {
  const written = text.trim();
  if (sought === 'violation') return undefined;
  const named = (Object.keys(NAMED) as Named[]).find((name) => NAMED[name] === written);
  return named ?? written;
}

/** What raft-sim has against an expression, and at which character. */
export interface GoalRefusal {
  readonly found: string;
  /** From 1; null where it is about the whole. */
  readonly at: number | null;
  readonly expected: string;
}

/** Reads what the engine says of a goal; undefined where it says something of anything else. */
export function goalRefusal(message: string): GoalRefusal | undefined {
  const [, found, at, expected] = /^(?:search\.)?goal is (.*?)(?: at character (\d+))?; expected (.*)$/s.exec(message) ?? [];
  return found === undefined || expected === undefined ? undefined : { found, at: at === undefined ? null : Number(at), expected };
}
