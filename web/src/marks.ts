/** What a time line marks: elections, commits, what was done and what broke, along each branch. */

import type { Input, JumpKind, Scenario } from './door/types';

export interface Mark {
  readonly kind: JumpKind;
  /** It happened after this moment, or at it, and not after `us`: time is lived in slices, and a slice may hold more than one. */
  readonly fromUs: number;
  readonly us: number;
  /** Of an election: who won which term. */
  readonly leader?: number;
  readonly term?: number;
  /** What was done, after how many events of its microsecond. */
  readonly input?: Input;
  readonly events?: number;
  /** Of what was done by hand: the number of its event. */
  readonly number?: number;
}

interface Line {
  marks: Mark[];
  /** Up to where it was lived when it was last looked at. */
  upToUs: number;
  commits: number;
}

/** More commits than this in one branch are thinned out: nobody could tell them apart. */
const COMMITS_MAX = 2_000;
/** Steps of one drag follow each other within this. */
const DRAG_US = 20_000;

export class Marks {
  /** Rises whenever there is another mark. */
  version = 0;
  private lines: Line[] = [];
  private planned: readonly Mark[] = [];

  constructor(scenario: Scenario) {
    this.begin(scenario);
  }

  /** A new run: what its scenario plans is marked where it is lived, in all branches. */
  begin({ inputs = [] }: Scenario): void {
    this.version += 1;
    this.lines = [{ marks: [], upToUs: 0, commits: 0 }];
    this.planned = inputs.map(({ at_us, after_events = 0, input }) => ({ kind: 'input', fromUs: at_us, us: at_us, events: after_events, input }));
  }

  /** Of a slice of time that begins at `us`, what lies wholly in what was lived or wholly beyond it. */
  slice(branch: number, us: number, lengthUs: number): number {
    const known = this.line(branch).upToUs - us;
    return known > 0 ? Math.min(known, lengthUs) : lengthUs;
  }

  /** A slice was lived; tells whether it is for the first time. */
  live(branch: number, fromUs: number, us: number): boolean {
    const line = this.line(branch);
    if (fromUs < line.upToUs) return false;
    line.upToUs = us;
    return true;
  }

  note(branch: number, mark: Mark): void {
    const line = this.line(branch);
    const { marks } = line;
    const before = last(marks, ({ kind }) => kind === mark.kind);
    if (before && mark.kind !== 'input' && (before.us === mark.us || (mark.term ?? 1) <= (before.term ?? 0))) return;
    if (before && drags(before, mark)) marks.splice(marks.lastIndexOf(before), 1, { ...before, us: mark.us });
    else marks.push(mark);
    if (mark.kind === 'commit') line.commits += 1;
    if (line.commits > COMMITS_MAX) {
      let at = 0;
      line.marks = marks.filter(({ kind }) => kind !== 'commit' || (at += 1) % 2 === 0);
      line.commits = Math.floor(line.commits / 2);
    }
    this.version += 1;
  }

  /** A branch begins: what it shares with its parent is marked in both. */
  fork(branch: number, parent: number, us: number): void {
    const marks = this.line(parent).marks.filter((mark) => mark.us <= us);
    this.lines[branch] = { marks, upToUs: us, commits: marks.filter(({ kind }) => kind === 'commit').length };
    this.version += 1;
  }

  of(branch: number): readonly Mark[] {
    const { marks, upToUs } = this.line(branch);
    return [...marks, ...this.planned.filter(({ us }) => us <= upToUs)];
  }

  /** What was done by hand last, up to an event. */
  lastDone(branch: number, number: number): Mark | undefined {
    return last(this.line(branch).marks, (mark) => mark.number !== undefined && mark.number <= number);
  }

  /** Another number for each moment of a branch up to which something else was done, by hand or as planned; for time that runs. */
  doneSoFar(branch: number, number: number, us: number): string {
    return `${this.lastDone(branch, number)?.number ?? 0} ${this.planned.filter((mark) => mark.us <= us).length}`;
  }

  private line(branch: number): Line {
    return (this.lines[branch] ??= { marks: [], upToUs: 0, commits: 0 });
  }
}

function last(marks: readonly Mark[], is: (mark: Mark) => boolean): Mark | undefined {
  for (let at = marks.length - 1; at >= 0; at -= 1) if (is(marks[at] as Mark)) return marks[at];
  return undefined;
}

/** Whether this goes on with what was dragged before: it counts as one thing that was done. */
function drags(before: Mark, { input, us }: Mark): boolean {
  const done = before.input;
  if (us - before.us > DRAG_US) return false;
  if (input?.kind === 'move') return done?.kind === 'move' && done.server === input.server;
  return input?.kind === 'wall' && done?.kind === 'wall' && done.wall === input.wall;
}
