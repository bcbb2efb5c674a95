/** The runs that something was done to, remembered in the browser. Where it allows no storage, none are, and that is no error. */

import { type Link, toText } from './link';

export const KEY = 'raft-playground.runs';
export const RUNS_MAX = 10;
/** A run that takes more than this is for a file. */
const CHARACTERS_MAX = 100_000;

export interface Kept extends Link {
  /** Milliseconds since 1970 when it began here: the same run is kept once. */
  readonly when: number;
  readonly title: string;
  readonly seed: number;
  readonly servers: number;
}

/** The storage of a page that has one. Asking for it is refused by some browsers. */
export type Storing = () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>;

/** What stands there, be it ours or not: whether it is to be believed is looked at when it is read. */
export function stored(storing: Storing): ({ readonly run?: unknown; readonly when?: unknown } | null)[] {
  try {
    const list: unknown = JSON.parse(storing().getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.slice(0, RUNS_MAX) : [];
  } catch {
    return [];
  }
}

/** Puts a run before all others, in place of what was kept of it before. */
export function keep(storing: Storing, kept: Kept): void {
  const written = ({ bytes, ...rest }: Kept): { run: string; when: number } => ({ ...rest, run: toText(bytes) });
  const one = written(kept);
  if (one.run.length > CHARACTERS_MAX) return;
  const others = stored(storing).filter((other) => other?.run !== one.run && other?.when !== one.when);
  try {
    storing().setItem(KEY, JSON.stringify([one, ...others].slice(0, RUNS_MAX)));
  } catch {
    // Full or refused.
  }
}
