/** Where on the time line things stand: decided here, drawn in line.ts. */

import type { Mark } from '../../marks';
import { sentence } from '../../sentences';
import { timeText, WORDS } from '../../words';
import { PAST } from '../../lang/en/past';

/** Things closer together than this part of the line are drawn as one. */
const CELLS = 250;
/** The numbers of terms stand at least so far apart, in parts of the whole. */
const LABELS_APART = 0.025;
/** More elections than this are drawn without their terms. */
const ELECTIONS_MAX = 60;

export interface Election {
  readonly at: number;
  readonly term: number;
  readonly labelled: boolean;
}

export interface Layout {
  /** From 0 to 1, as everything here. */
  readonly now: number;
  readonly commits: readonly number[];
  readonly inputs: readonly number[];
  readonly elections: readonly Election[];
  readonly violation: number | null;
}

export function layOut(marks: readonly Mark[], nowUs: number, livedUs: number): Layout {
  const place = (us: number): number => (livedUs > 0 ? Math.min(1, us / livedUs) : 0);
  const thinned = (kind: Mark['kind']): number[] => {
    const cells = new Set(marks.filter((mark) => mark.kind === kind).map((mark) => Math.round(place(mark.us) * CELLS)));
    return [...cells].sort((a, b) => a - b).map((cell) => cell / CELLS);
  };
  const won = marks.filter((mark) => mark.kind === 'leader').sort((a, b) => a.us - b.us);
  const elections: Election[] = [];
  let labelledAt = Infinity;
  // From the end, for the latest leader is the one that matters.
  for (const { us, term = 0 } of won.slice(-ELECTIONS_MAX).reverse()) {
    const at = place(us);
    const labelled = labelledAt - at >= LABELS_APART;
    if (labelled) labelledAt = at;
    elections.unshift({ at, term, labelled });
  }
  const violation = marks.find(({ kind }) => kind === 'violation');
  return { now: place(nowUs), commits: thinned('commit'), inputs: thinned('input'), elections, violation: violation ? place(violation.us) : null };
}

/** The mark that stands nearest to a place, within `reach`; what is rarer than a commit is meant before one. */
export function nearest<T extends { readonly us: number; readonly kind?: Mark['kind'] }>(marks: readonly T[], livedUs: number, at: number, reach: number): T | undefined {
  let found: T | undefined;
  let least = Infinity;
  for (const mark of marks) {
    const far = Math.abs(mark.us / livedUs - at);
    const rank = far + (mark.kind === 'commit' ? reach : 0);
    if (far <= reach && rank < least) [found, least] = [mark, rank];
  }
  return found;
}

/** What a mark stands for, in words. */
export function markText({ kind, us, leader = 0, term = 0, input }: Mark): string {
  const time = timeText(us);
  if (kind === 'leader') return `${time}${WORDS.sign.colon}${PAST.elected(leader, term)}`;
  if (kind === 'commit') return `${time}${WORDS.sign.colon}${PAST.committed}`;
  if (kind === 'violation') return `${time}${WORDS.sign.colon}${PAST.violated}`;
  return `${time}${WORDS.sign.colon}${sentence({ number: 0, time_us: us, kind: 'input_applied', input }).text}`;
}

/** The present moment in words: when, and who was elected last. */
export function momentText(marks: readonly Mark[], nowUs: number, livedUs: number): string {
  let last: Mark | undefined;
  for (const mark of marks) if (mark.kind === 'leader' && mark.us <= nowUs && mark.us >= (last?.us ?? 0)) last = mark;
  const when = PAST.of(timeText(nowUs), timeText(livedUs));
  return last ? `${when}${WORDS.sign.semicolon}${PAST.leads(last.leader ?? 0, last.term ?? 0)}` : when;
}
