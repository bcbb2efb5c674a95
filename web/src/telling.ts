/** What sentences of any language take from a record of what happened. */

import type { Input } from './door/types';

export type Fields = Readonly<Record<string, unknown>>;
export interface EntryId {
  index: number;
  term: number;
}

export const s = (id: unknown): string => `S${String(id)}`;
export const n = (value: unknown): number => Number(value ?? 0);
/** Milliseconds, rounded, of microseconds. */
export const rounded = (us: unknown): number => Math.round(n(us) / 1000);
export const because = (event: Fields): Fields & { because: string } => (event['reason'] ?? {}) as Fields & { because: string };

export interface Majority {
  have: number;
  needed: number;
}
/** A count of voters: the new ones while they are changing, and the old ones as long as their majority is needed too. */
export interface Tally {
  voters: Majority;
  old?: Majority | null;
}
const NONE: Majority = { have: 0, needed: 0 };
export const tally = (value: unknown): Tally => (value as Tally | undefined) ?? { voters: NONE };

/** What stands for a word of the record; one that this page does not know stands as it is. */
export const word = (words: Readonly<Record<string, string>>, of: unknown): string => words[String(of)] ?? String(of).replaceAll('_', ' ');

/** A part of a sentence, by the kind of what it tells; a kind that this page does not know is named as it is. */
export function told(by: Readonly<Record<string, (of: Fields) => string>>, of: unknown): string {
  const fields = (of ?? {}) as Fields;
  const kind = String(fields['kind'] ?? '');
  return by[kind]?.(fields) ?? kind.replaceAll('_', ' ');
}

/** An input of one kind. */
export type InputOf<Kind extends Input['kind'], One = Input> = One extends { kind: infer Kinds } ? (Kind extends Kinds ? One & { kind: Kind } : never) : never;

/** Who counts: in joint consensus the old voters too. */
export interface Counting {
  readonly voters: number;
  readonly old?: number | null;
  readonly learners: number;
}
export const counting = (event: Fields): Counting => (event['members'] as Counting | undefined) ?? { voters: 0, learners: 0 };

/** The entry that an event is about: with term 0 whatever stands at its index. */
export function entryOf(event: Fields): EntryId | null {
  for (const name of ['entry', 'first', 'last_included', 'last']) {
    const id = event[name];
    if (typeof id === 'object' && id !== null && 'index' in id && 'term' in id) return n(id.index) > 0 ? { index: n(id.index), term: n(id.term) } : null;
  }
  const index = n(event['kind'] === 'committed' ? event['to'] : (event['match_index'] ?? event['index']));
  return index > 0 ? { index, term: 0 } : null;
}
