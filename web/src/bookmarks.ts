/** Moments that somebody gave a name, branch by branch, each in the order of time. */

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

  /** In place of the one that stood there. */
  put(bookmark: Bookmark): void {
    this.remove(bookmark);
    this.all = [...this.all, bookmark].sort(order);
  }

  remove(moment: Moment): void {
    this.all = this.all.filter((one) => order(one, moment) !== 0);
  }
}
