/** What all sentences are put together from. */

export type Fields = Readonly<Record<string, unknown>>;
/** A sentence, further servers that it is about, and whether it only carries the story. */
export type Told = readonly [text: string, others?: readonly number[], quiet?: boolean];
export interface EntryId {
  index: number;
  term: number;
}

export const s = (id: unknown): string => `S${String(id)}`;
export const n = (value: unknown): number => Number(value ?? 0);
export const because = (event: Fields): Fields & { because: string } => (event['reason'] ?? {}) as Fields & { because: string };

export const entry = (value: unknown): string => {
  const id = value as EntryId | undefined;
  return !id || id.index === 0 ? 'empty' : `index ${id.index}, term ${id.term}`;
};
/** Why new entries may go behind `prev`. */
export const agreed = (prev: unknown): string =>
  (prev as EntryId | undefined)?.index ? `both logs hold ${entry(prev)} before that` : 'nothing stands before that';
export const range = (from: number, to: number): string => (from === to ? `index ${from}` : `indexes ${from} to ${to}`);

interface Majority {
  have: number;
  needed: number;
}
/** A count of voters: the new ones while they are changing, and the old ones as long as their majority is needed too. */
interface Tally {
  voters: Majority;
  old?: Majority | null;
}
const NONE: Majority = { have: 0, needed: 0 };
const tally = (value: unknown): Tally => (value as Tally | undefined) ?? { voters: NONE };

/** "3 votes", or "2 votes of the new voters and 2 of the old": how many of `what` there are, or are needed. */
export function count(value: unknown, which: keyof Majority, what: (count: number) => string): string {
  const { voters, old } = tally(value);
  return old ? `${what(voters[which])} of the new voters and ${old[which]} of the old` : what(voters[which]);
}

/** "3", or "2 and 2": how many are needed, where it has been said of whom. */
export function needed(value: unknown): string {
  const { voters, old } = tally(value);
  return old ? `${voters.needed} and ${old.needed}` : String(voters.needed);
}

/** "2 of the 3 it needs", or "2 of the 3 new and 1 of the 2 old voters it needs". */
export function progress(value: unknown, what = ''): string {
  const { voters, old } = tally(value);
  const there = `${voters.have} of the ${voters.needed}`;
  return old ? `${there} new and ${old.have} of the ${old.needed} old voters it needs` : `${there}${what} it needs`;
}

/** The entry that an event is about: with term 0 whatever stands at its index. */
export function entryOf(event: Fields): EntryId | null {
  for (const name of ['entry', 'first', 'last_included', 'last']) {
    const id = event[name];
    if (typeof id === 'object' && id !== null && 'index' in id && 'term' in id) return n(id.index) > 0 ? { index: n(id.index), term: n(id.term) } : null;
  }
  const index = n(event['kind'] === 'committed' ? event['to'] : (event['match_index'] ?? event['index']));
  return index > 0 ? { index, term: 0 } : null;
}
