/** What is written in the form, and what is asked of a search by it. */

import { LIMITS } from '../door/layout';
import { HUNT } from '../lang/en/hunt';
import type { Rule } from '../rules';
import { goalOf, type Sought, STALE_READ, textOf } from './goals';
import type { Ask, On, Shares } from './orders';

export const SERVERS_MAX = 7;
export const SECONDS_MAX = 600;
export const SHARE_MAX = 100;
/** As raft-sim shares the work, measured to find most rules' absence soonest. */
const SHARES: Shares = { swarm: 20, weighted: 10, macros: 60, priorities: 5, coverage: 5 };

/** How it is searched: many runs by chance, or everything in a small world. */
export type Way = 'chance' | 'everything';

/** Fields as they are written. */
export interface Wish {
  way: Way;
  readonly off: Set<Rule>;
  sought: Sought;
  /** The expression, or the name of what is looked for. */
  goal: string;
  on: On;
  servers: string;
  seed: string;
  seconds: string;
  readonly shares: Record<keyof Shares, string>;
}

export const freshWish = (off: Iterable<Rule>): Wish => ({
  way: 'chance',
  off: new Set(off),
  sought: 'violation',
  goal: '',
  on: 'rule',
  servers: '',
  seed: '1',
  seconds: '10',
  shares: Object.fromEntries(Object.entries(SHARES).map(([name, share]) => [name, String(share)])) as Record<keyof Shares, string>,
});

/** Another choice of what to look for: what it stands for is written, and what it needs is switched off. */
export function seek(wish: Wish, sought: Sought): void {
  wish.sought = sought;
  wish.goal = textOf(sought, wish.goal);
  if (sought !== 'stale_read') return;
  wish.off.clear();
  wish.off.add(STALE_READ.off);
}

/** A whole number that is written; null where it is none, or none of these. */
export const whole = (text: string, min: number, max: number): number | null => {
  const value = /^\d{1,16}$/.test(text.trim()) ? Number(text) : NaN;
  return value >= min && value <= max ? value : null;
};

/** What is asked, and for how long; or the sentence that says what is wrong with a field. */
export function askOf(wish: Wish): { readonly ask: Ask; readonly forMs: number } | string {
  const words = HUNT.wrong;
  const goal = goalOf(wish.sought, wish.goal);
  if (goal === '') return words.goal;
  const servers = wish.servers.trim() === '' ? undefined : whole(wish.servers, 1, SERVERS_MAX);
  if (servers === null) return words.servers;
  const seed = whole(wish.seed, 0, LIMITS.seed);
  if (seed === null) return words.seed(LIMITS.seed);
  const seconds = Number(wish.seconds.trim() || NaN);
  if (!(seconds >= 1 && seconds <= SECONDS_MAX)) return words.seconds;
  const shares = { ...SHARES };
  for (const name of Object.keys(shares) as (keyof Shares)[]) {
    const share = whole(wish.shares[name], 0, SHARE_MAX);
    if (share === null) return words.share(HUNT.shares.list[name][0]);
    shares[name] = share;
  }
  if (Object.values(shares).every((share) => share === 0)) return HUNT.shares.none;
  const ask: Ask = { seed, rules_off: [...wish.off].sort(), ...(goal === undefined ? {} : { goal }), on: wish.on, ...(servers === undefined ? {} : { servers }), shares };
  return { ask, forMs: seconds * 1_000 };
}
