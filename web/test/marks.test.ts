import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Reason } from '../src/door/types';
import { type Mark, Marks } from '../src/marks';
import { layOut, markText, momentText, nearest } from '../src/panels/past/layout';
import { chain } from '../src/panels/past/chain';

const at = (kind: Mark['kind'], us: number, more: Partial<Mark> = {}): Mark => ({ kind, fromUs: us, us, ...more });
const move = (server: number, us: number, number: number): Mark => at('input', us, { input: { kind: 'move', server, x: 1, y: 1 }, events: 0, number });
const times = (marks: readonly Mark[]): string[] => marks.map(({ kind, us }) => `${kind}@${us}`);

test('what was lived before is not marked again', () => {
  const marks = new Marks({});
  assert.ok(marks.live(0, 0, 100));
  assert.ok(!marks.live(0, 40, 100), 'lived again');
  assert.ok(marks.live(0, 100, 130));
  assert.equal(marks.slice(0, 40, 500), 90, 'to the end of what was lived, and no further');
  assert.equal(marks.slice(0, 130, 500), 500);
});

test('an election is marked once a term, and no term before another', () => {
  const marks = new Marks({});
  for (const [us, term] of [[10, 1], [20, 1], [30, 3], [40, 2]] as const) marks.note(0, at('leader', us, { leader: 1, term }));
  assert.deepEqual(times(marks.of(0)), ['leader@10', 'leader@30']);
});

test('a drag is one thing that was done, and undone as one', () => {
  const marks = new Marks({});
  [100, 5_000, 10_000].forEach((us, step) => marks.note(0, move(2, us, step + 1)));
  marks.note(0, move(3, 10_000, 4));
  marks.note(0, move(3, 500_000, 9));
  assert.deepEqual(times(marks.of(0)), ['input@10000', 'input@10000', 'input@500000']);
  assert.equal(marks.lastDone(0, 3)?.fromUs, 100);
  assert.equal(marks.lastDone(0, 9)?.fromUs, 500_000);
  assert.equal(marks.lastDone(0, 0), undefined);
});

test('a branch has the marks of its parent up to where it begins; what a scenario plans is in all, once it is lived', () => {
  const marks = new Marks({ inputs: [{ at_us: 50, input: { kind: 'crash', server: 1 } }] });
  marks.live(0, 0, 40);
  assert.deepEqual(times(marks.of(0)), []);
  marks.note(0, at('commit', 20));
  marks.live(0, 40, 90);
  marks.note(0, at('commit', 80));
  marks.fork(1, 0, 60);
  marks.note(1, at('input', 60, { input: { kind: 'heal' }, number: 7 }));
  assert.deepEqual(times(marks.of(0)), ['commit@20', 'commit@80', 'input@50']);
  assert.deepEqual(times(marks.of(1)), ['commit@20', 'input@60', 'input@50']);
  assert.equal(marks.lastDone(1, 99)?.us, 60, 'what was planned is not undone');
});

test('commits of a long run are thinned out, and nothing else is', () => {
  const marks = new Marks({});
  marks.note(0, at('leader', 1, { leader: 1, term: 1 }));
  for (let us = 2; us < 10_000; us += 1) marks.note(0, at('commit', us));
  const kinds = marks.of(0).map(({ kind }) => kind);
  assert.ok(kinds.length < 2_500 && kinds.length > 900, String(kinds.length));
  assert.equal(kinds[0], 'leader');
});

test('the line shows what was lived as a whole, and what stands close together as one', () => {
  const commits = Array.from({ length: 1_000 }, (_, k) => at('commit', k));
  const drawn = layOut([...commits, at('leader', 100, { term: 1 }), at('leader', 110, { term: 2 }), at('leader', 900, { term: 3 }), at('violation', 1_000)], 500, 1_000);
  assert.equal(drawn.now, 0.5);
  assert.equal(drawn.commits.length, 251);
  assert.deepEqual(drawn.elections, [
    { at: 0.1, term: 1, labelled: false },
    { at: 0.11, term: 2, labelled: true },
    { at: 0.9, term: 3, labelled: true },
  ]);
  assert.equal(drawn.violation, 1);
  assert.deepEqual(layOut([], 0, 0), { now: 0, commits: [], inputs: [], elections: [], violation: null });
});

test('a press near a mark means it, and rather an election than a commit', () => {
  const marks = [at('commit', 500), at('leader', 504, { term: 2 }), at('commit', 900)];
  assert.equal(nearest(marks, 1_000, 0.5, 0.01)?.kind, 'leader');
  assert.equal(nearest(marks, 1_000, 0.902, 0.01)?.us, 900);
  assert.equal(nearest(marks, 1_000, 0.7, 0.01), undefined);
});

test('moments and marks are put into words', () => {
  const marks = [at('leader', 412_300, { leader: 2, term: 1 }), at('leader', 900_000, { leader: 3, term: 4 })];
  assert.match(momentText(marks, 500_000, 1_000_000), /^500\.0 ms of 1\s000\.0 ms lived; S2 was the last to be elected, in term 1$/);
  assert.match(momentText(marks, 1_000, 1_000_000), /^1\.0 ms of 1\s000\.0 ms lived$/);
  assert.equal(markText(marks[1] as Mark), '900.0 ms: S3 is elected in term 4');
  assert.equal(markText(at('input', 5_000, { input: { kind: 'crash', server: 4 } })), '5.0 ms: You crash S4.');
});

test('the reasons follow the main line, each with what else it needed', () => {
  const reason = (number: number, explains: number | null, main = true): Reason => ({ record: { number, time_us: number, kind: 'sent' }, explains, main });
  // A leader with two votes besides the last one, which came by a message; one of the others has a cause of its own.
  const links = chain([reason(90, null), reason(70, 0, false), reason(88, 0), reason(60, 0, false), reason(87, 2), reason(69, 1), reason(80, 4)]);
  assert.deepEqual(
    links.map(({ reason: { record }, link }) => `${link} ${record.number}`),
    ['asked 90', 'also 70', 'also 60', 'because 88', 'because 87', 'because 80'],
  );
  assert.deepEqual(chain([]), []);
});
