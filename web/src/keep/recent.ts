/** The runs that something was done to, remembered in the browser. Where it allows no storage, none are, and that is no error. */

import { toBytes, toText, type Link } from './fragment';

const KEY = 'raft-playground.runs';
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

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What was written, as far as it is to be believed: whatever else runs on this host may have written it. */
export function recall(storing: Storing): Kept[] {
  try {
    const list: unknown = JSON.parse(storing().getItem(KEY) ?? '[]');
    return Array.isArray(list) ? list.slice(0, RUNS_MAX).flatMap(keptOf) : [];
  } catch {
    return [];
  }
}

function keptOf(value: unknown): Kept[] {
  try {
    const { run, when, title, seed, servers, time_us, events } = value as Record<string, unknown>;
    if (typeof run !== 'string' || typeof title !== 'string' || ![when, seed, servers, time_us, events ?? 0].every(isNumber)) return [];
    return [{ bytes: toBytes('run', run), when, title, seed, servers, time_us, ...(events === undefined ? {} : { events }) } as Kept];
  } catch {
    return [];
  }
}

/** Puts a run before all others, in place of what was kept of it before. */
export function keep(storing: Storing, kept: Kept): void {
  const written = ({ bytes, ...rest }: Kept): { run: string; when: number } => ({ ...rest, run: toText(bytes) });
  const one = written(kept);
  if (one.run.length > CHARACTERS_MAX) return;
  const others = recall(storing)
    .map(written)
    .filter(({ run, when }) => run !== one.run && when !== one.when);
  try {
    storing().setItem(KEY, JSON.stringify([one, ...others].slice(0, RUNS_MAX)));
  } catch {
    // Full or refused.
  }
}

export function forgetAll(storing: Storing): void {
  try {
    storing().removeItem(KEY);
  } catch {
    // Refused: then there is nothing.
  }
}
