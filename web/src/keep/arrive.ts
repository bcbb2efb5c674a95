/** From a link to the moment that it means. */

import { Panicked } from '../door/cluster';
import type { Scenario } from '../door/types';
import { SHARE } from '../lang/en/keep';
import type { Session } from '../session';
import { BadLink } from './fragment';
import type { Link, Place } from './link';

/** Of what the door reads. */
const VERSION = 1;
/** How long a run is lived again at a stretch, and in all. In between the page can draw and be used. */
const STRETCH_MS = 24;
const WORK_MS_MAX = 20_000;
const EVENTS_A_TURN = 2_000;
/** What takes longer than this says so. */
const QUIET_MS = 300;

/** What the bytes of a link stand for; those of a later version say so. */
export function scenarioOf(live: Session, { bytes }: Link): Scenario {
  try {
    return live.guarded(() => live.cluster.decode(bytes));
  } catch (error) {
    const [version = 0] = bytes;
    throw version > VERSION && !(error instanceof Panicked) ? new BadLink(SHARE.newer(version, VERSION)) : error;
  }
}

/** Who is told on the way: that it takes long, and that there is something new to be drawn. */
export interface Traveller {
  tell(notice: string, news: boolean): void;
  invalidate(): void;
}

/** Lives up to a moment, unless somebody does something meanwhile. Returns what there is to say about it. */
export async function arrive(live: Session, { time_us, events }: Place, traveller: Traveller): Promise<string | null> {
  const { cluster, generation, player } = live;
  let worked = 0;
  for (let told = false; ; ) {
    const began = performance.now();
    let there = false;
    while (!there && performance.now() - began < STRETCH_MS) there = live.live(time_us, EVENTS_A_TURN);
    worked += performance.now() - began;
    if (there) break;
    if (worked > WORK_MS_MAX) return SHARE.tooFar(cluster.timeUs, time_us);
    if (worked > QUIET_MS && !told) {
      told = true;
      traveller.tell(SHARE.living(time_us), true);
    }
    traveller.invalidate();
    const [us, count] = [cluster.timeUs, cluster.eventCount];
    await new Promise((done) => setTimeout(done));
    if (live.generation !== generation || player.playing || cluster.timeUs !== us || cluster.eventCount !== count) return '';
  }
  if (cluster.timeUs < time_us) return SHARE.stopped(cluster.timeUs);
  if (events !== undefined && events !== cluster.eventsOfNow) live.seek(time_us, events);
  return null;
}
