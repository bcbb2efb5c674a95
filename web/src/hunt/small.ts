/** What is written in the form for a small world, and what is asked by it of a search that tries everything. */

import { HUNT } from '../lang/en/hunt';
import type { Rule } from '../rules';
import type { Bounds } from './orders';
import { rulesText } from './stories';
import { SECONDS_MAX, whole } from './wish';

/** The bounds that are numbers, each with the least and the most that it may be. A test holds them against raft-sim's and raft-wasm's. */
export const LIMITS = {
  servers: [1, 4],
  depth: [1, 40],
  terms: [1, 7],
  writes: [0, 7],
  crashes: [0, 8],
  duplicates: [0, 8],
  /** In MB. */
  memory: [1, 160],
  seconds: [1, SECONDS_MAX],
} as const;
export type Limited = keyof typeof LIMITS;

/** Both together at most. */
const TERMS_AND_WRITES_MAX = 8;

/** A server without it remembers more than a state is known by. */
export const NOT_WITHOUT: Rule = 'match_starts_at_zero';

export const notWithoutText = (): string => HUNT.small.notWithout(rulesText([NOT_WITHOUT]));

/** Fields as they are written. */
export interface SmallWish extends Record<Limited, string> {
  noop: boolean;
  symmetry: boolean;
}

export const freshSmallWish = (): SmallWish => ({ servers: '3', depth: '10', terms: '3', writes: '1', crashes: '0', duplicates: '0', memory: '100', seconds: '60', noop: false, symmetry: true });

/** The least and the most that a field may be, beside what is written in the others. */
export function limitsOf(name: Limited, { terms }: SmallWish): readonly [number, number] {
  return name === 'writes' ? [0, TERMS_AND_WRITES_MAX - (whole(terms, ...LIMITS.terms) ?? 1)] : LIMITS[name];
}

/** What is asked, and for how long; or the sentence that says what is wrong. */
export function boundsOf(wish: SmallWish, off: ReadonlySet<Rule>): { readonly bounds: Bounds; readonly forMs: number } | string {
  if (off.has(NOT_WITHOUT)) return notWithoutText();
  const numbers = {} as Record<Limited, number>;
  for (const name of Object.keys(LIMITS) as Limited[]) {
    const [least, most] = limitsOf(name, wish);
    const number = whole(wish[name], least, most);
    if (number === null) return HUNT.small.wrong(HUNT.small.fields[name][0], least, most);
    numbers[name] = number;
  }
  const { seconds, memory, ...rest } = numbers;
  return { bounds: { ...rest, rules_off: [...off].sort(), noop_on_election: wish.noop, symmetry: wish.symmetry, memory: memory * 1e6 }, forMs: seconds * 1_000 };
}
