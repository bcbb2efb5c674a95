/** The lease of a leader, as it was when the leader last answered a read on it: a frame does not tell of it. */

import type { EventRecord } from '../door/types';

/** What a run has told, and where in it one is. */
export interface Told {
  readonly branch: number;
  readonly eventCount: number;
  events(after: number, max: number): EventRecord[];
}

/** So far back is looked for the last read. */
const BACK_MAX = 2_000;

interface Known {
  readonly server: number;
  readonly branch: number;
  readonly count: number;
  readonly untilUs: number | null;
}

const known = new WeakMap<Told, Known>();

/** Until when its lease ran, in microseconds of its own clock; null when it has answered no read on it since it was elected. */
export function leaseOf(run: Told, server: number): number | null {
  const { branch, eventCount: count } = run;
  const had = known.get(run);
  const goesOn = had !== undefined && had.server === server && had.branch === branch && had.count <= count && count - had.count <= BACK_MAX;
  let untilUs = goesOn ? had.untilUs : null;
  const after = goesOn ? had.count : Math.max(0, count - BACK_MAX);
  for (const record of count > after ? run.events(after, count - after) : []) {
    if (record.kind !== 'decision' || record['server'] !== server) continue;
    const event = record['event'] as { readonly kind: string; readonly lease_until?: number };
    if (event.kind === 'read_by_lease') untilUs = event.lease_until ?? null;
    else if (event.kind === 'became_leader') untilUs = null;
  }
  known.set(run, { server, branch, count, untilUs });
  return untilUs;
}
