/** What the sentences about decisions are put together from. */

import { type EntryId, type Majority, tally } from '../../telling';

export const entry = (value: unknown): string => {
  const id = value as EntryId | undefined;
  return !id || id.index === 0 ? 'empty' : `index ${id.index}, term ${id.term}`;
};
/** Why new entries may go behind `prev`. */
export const agreed = (prev: unknown): string =>
  (prev as EntryId | undefined)?.index ? `both logs hold ${entry(prev)} before that` : 'nothing stands before that';
export const range = (from: number, to: number): string => (from === to ? `index ${from}` : `indexes ${from} to ${to}`);

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
