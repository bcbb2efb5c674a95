/** The run that an element's plain attributes make, and what they say once a run has begun. */

import { wholeNumber } from '../args';
import { LIMITS } from '../door/layout';
import type { Scenario, WorldOptions } from '../door/types';

const SNAPSHOT_EVERY_MAX = 1_000_000;

/** Servers, seed and options. */
export function plainRun(element: HTMLElement): Scenario {
  const attribute = (name: string, min: number, max: number, otherwise: number): number => {
    const text = element.getAttribute(name);
    return text === null ? otherwise : wholeNumber(name, Number(text), min, max);
  };
  const options = {
    pre_vote: element.hasAttribute('pre-vote'),
    check_quorum: element.hasAttribute('check-quorum'),
    lease_reads: element.hasAttribute('lease-reads'),
    snapshot_every: attribute('snapshot-every', 0, SNAPSHOT_EVERY_MAX, 0),
  };
  return { version: 1, servers: attribute('servers', 1, LIMITS.servers, 5), seed: attribute('seed', 0, LIMITS.seed, 1), options };
}

/** What the attributes say of the rules follows the run. */
export function tellOptions(element: HTMLElement, { pre_vote = false, check_quorum = false, lease_reads = false, snapshot_every = 0 }: Partial<WorldOptions>): void {
  element.toggleAttribute('pre-vote', pre_vote);
  element.toggleAttribute('check-quorum', check_quorum);
  element.toggleAttribute('lease-reads', lease_reads);
  if (snapshot_every > 0) element.setAttribute('snapshot-every', String(snapshot_every));
  else element.removeAttribute('snapshot-every');
}
