/** Moments that somebody gave a name, branch by branch, each in the order of time. */

import type { Branch, Scenario } from './door/types';

/** A moment of a run: of one of its branches, after so many events of its microsecond. */
export interface Moment {
  readonly branch: number;
  readonly timeUs: number;
  readonly events: number;
}

export interface Bookmark extends Moment {
  readonly name: string;
}

export const BOOKMARKS_MAX = 100;

/** As they stand in a scenario, beside what is lived. */
type Page = NonNullable<Scenario['page']>;

const order = (a: Moment, b: Moment): number => a.branch - b.branch || a.timeUs - b.timeUs || a.events - b.events;

export class Bookmarks {
  all: readonly Bookmark[] = [];

  at(moment: Moment): Bookmark | undefined {
    return this.all.find((one) => order(one, moment) === 0);
  }

  /** The next one behind a moment, or the last one before it: of its own branch, and then of the others. */
  from(moment: Moment, forward: boolean): Bookmark | undefined {
    return forward ? this.all.find((one) => order(one, moment) > 0) : this.all.filter((one) => order(one, moment) < 0).pop();
  }

  /** Those that came with a scenario, which is the first branch, and no others. */
  read(page: Page | undefined): void {
    this.all = [];
    for (const { at_us: timeUs, after_events: events = 0, name } of page?.bookmarks ?? []) this.put({ branch: 0, timeUs, events, name });
  }

  /** What goes into a file or a link of a branch. */
  page(branches: readonly Branch[], present: number): Page {
    const line = onLine(this.all, branches, present);
    return line.length === 0 ? {} : { bookmarks: line.map(({ timeUs, events, name }) => ({ at_us: timeUs, ...(events > 0 ? { after_events: events } : {}), name })) };
  }

  /** In place of the one that stood there. */
  put(bookmark: Bookmark): void {
    this.remove(bookmark);
    this.all = [...this.all, bookmark].sort(order);
  }

  remove(moment: Moment): void {
    this.all = this.all.filter((one) => order(one, moment) !== 0);
  }
}

/** Those of a branch, and of the branches it came from up to where each was left. */
export function onLine(all: readonly Bookmark[], branches: readonly Branch[], present: number): Bookmark[] {
  const line: Bookmark[] = [];
  let [untilUs, untilEvents] = [Infinity, Infinity];
  for (let at = branches[present]; at; ) {
    const { branch, forked_at, parent } = at;
    line.push(...all.filter((one) => one.branch === branch && (one.timeUs < untilUs || (one.timeUs === untilUs && one.events <= untilEvents))));
    if (!forked_at || parent === null) break;
    const { time_us, events } = forked_at;
    if (time_us < untilUs || (time_us === untilUs && events < untilEvents)) [untilUs, untilEvents] = [time_us, events];
    at = branches[parent];
  }
  return line.sort((a, b) => a.timeUs - b.timeUs || a.events - b.events);
}
