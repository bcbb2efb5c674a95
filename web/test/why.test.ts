import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFor, xOf, yOf } from '../src/diagram/layout';
import { markAt, stepMarks } from '../src/diagram/paint-why';
import { momentOf, tellSpot } from '../src/diagram/spots';
import { after, before } from '../src/diagram/why';
import type { EventRecord, Reason } from '../src/door/types';
import { hereOf, placesByServer, placesText, type Step, stepsOf } from '../src/panels/past/chain';

const reason = (record: Partial<EventRecord> & { number: number }, explains: number | null, main = true): Reason => ({
  record: { time_us: record.number * 1_000, kind: 'decision', ...record } as EventRecord,
  explains,
  main,
});
const decision = (number: number, server: number, kind: string): Partial<EventRecord> & { number: number } => ({ number, server, event: { kind, term: 2 } });

/** S1 leads by S2's vote, which came by a message, and by S3's, which it had counted before. */
const REASONS: Reason[] = [
  reason(decision(90, 1, 'became_leader'), null),
  reason(decision(70, 1, 'vote_counted'), 0, false),
  reason(decision(88, 1, 'vote_counted'), 0),
  reason({ number: 87, kind: 'delivered', from: 2, to: 1 }, 2),
  reason({ number: 80, kind: 'sent', name: 'RequestVote reply', from: 2, to: 1, term: 2 }, 3),
  reason({ number: 5, kind: 'input_applied', input: { kind: 'heal' } }, 4),
];
const steps = stepsOf(REASONS);
const plan = planFor(600, 260, 5);
const view = { startUs: 0, usPerPx: 200 };

test('each step of an explanation has its place, whom it happened at, and what it explains', () => {
  assert.deepEqual(steps.map(({ place, number, server, explains, link }) => [place, number, server, explains, link]), [
    [1, 90, 1, 0, 'asked'],
    [2, 70, 1, 1, 'also'],
    [3, 88, 1, 1, 'because'],
    // What arrives does so at its receiver, though it is told of its sender first.
    [4, 87, 1, 3, 'because'],
    [5, 80, 2, 4, 'because'],
    [6, 5, 0, 5, 'because'],
  ]);
  assert.deepEqual([...placesByServer(steps)], [[1, '1–4'], [2, '5']]);
});

test('places are told as runs', () => {
  assert.equal(placesText([3]), '3');
  assert.equal(placesText([4, 3]), '3, 4');
  assert.equal(placesText([7, 2, 1, 3, 5]), '1–3, 5, 7');
  assert.equal(placesText([]), '');
});

test('where one stands in an explanation is its latest step that has happened', () => {
  assert.equal(hereOf(steps, 88), 88);
  assert.equal(hereOf(steps, 89), 88);
  assert.equal(hereOf(steps, 4), 0);
  assert.equal(before(steps, 88_000)?.number, 87);
  assert.equal(before(steps, 88_001)?.number, 88);
  assert.equal(before(steps, 5_000), undefined);
  assert.equal(after(steps, 5_000)?.number, 70);
  assert.equal(after(steps, 90_000), undefined);
  // Of what happened at one moment, the last is gone to.
  const atOnce = steps.map((step) => ({ ...step, timeUs: step.number > 80 ? 90_000 : step.timeUs }));
  assert.equal(after(atOnce, 80_000)?.number, 90);
  assert.equal(before(atOnce, 90_000)?.number, 80);
});

test('a step is marked in its lane at its moment; those that would hide each other share a mark', () => {
  const marks = stepMarks(plan, view, steps);
  assert.deepEqual(marks.map(({ text, y }) => [text, y < plan.top ? 0 : Math.round((y - plan.top) / plan.lane + 0.5)]).sort(), [['1, 3, 4', 1], ['2', 1], ['5', 2], ['6', 0]]);
  const alone = marks.find(({ text }) => text === '5');
  assert.equal(alone?.x, xOf(plan, view, 80_000));
  assert.equal(alone?.y, yOf(plan, 2));
  // From near by, each stands for itself.
  assert.deepEqual(stepMarks(plan, { startUs: 68_000, usPerPx: 42 }, steps).map(({ text }) => text).sort(), ['1', '2', '3', '4', '5']);
  // What is out of sight has no mark.
  assert.deepEqual(stepMarks(plan, { startUs: 60_000, usPerPx: 25 }, steps).map(({ text }) => text), ['2']);
});

test('a mark is found under the hand over all its width and nowhere else, and tells its steps', () => {
  const [wide] = stepMarks(plan, view, steps).filter(({ steps }) => steps.length > 1);
  assert.ok(wide);
  assert.equal(markAt(plan, view, steps, wide.x + wide.width / 2 - 1, wide.y)?.text, wide.text);
  assert.equal(markAt(plan, view, steps, wide.x, wide.y + 14), undefined);
  const [head, more] = tellSpot({ kind: 'step', mark: wide }, () => undefined);
  assert.match(head, /Why\? 1, 3, 4/);
  for (const { text } of wide.steps) assert.ok(more.includes(text));
  assert.equal(momentOf({ kind: 'step', mark: wide }, 0, 500_000), 90_000);
});

test('in the low lanes of many servers marks of one lane still do not hide each other', () => {
  const many: Step[] = Array.from({ length: 12 }, (_, at) => ({ place: at + 1, number: 100 - at, timeUs: 50_000 - at * 1_700, server: 7, text: '', link: 'because', explains: at }));
  const marks = stepMarks(planFor(480, 304, 50), { startUs: 0, usPerPx: 150 }, many);
  for (const [at, mark] of marks.entries()) {
    const next = marks[at + 1];
    if (next) assert.ok(mark.x + mark.width / 2 <= next.x - next.width / 2 + 1, `${mark.text} meets ${next.text}`);
  }
  assert.equal(marks.flatMap((mark) => mark.steps).length, 12);
});
