import assert from 'node:assert/strict';
import { test } from 'node:test';
import { KEPT_MAX } from '../src/diagram/gathered';
import { Model } from '../src/diagram/model';
import { Source, type Standing } from '../src/diagram/source';
import type { EventRecord } from '../src/door/types';

type Happening = { kind: string; time_us: number } & Record<string, unknown>;

const numbered = (happenings: readonly Happening[]): EventRecord[] => happenings.map((happening, at) => ({ number: at + 1, ...happening }));
const modelOf = (...happenings: Happening[]): Model => {
  const model = new Model();
  for (const record of numbered(happenings)) model.add(record);
  return model;
};
const label = (message: number, from: number, to: number, name = 'AppendEntries', term = 1): Record<string, unknown> => ({ message, from, to, name, term });
const at = (time_us: number, kind: string, more: Record<string, unknown>): Happening => ({ kind, time_us, ...more });
const decides = (time_us: number, server: number, kind: string, more: Record<string, unknown> = {}): Happening => at(time_us, 'decision', { server, event: { kind, ...more } });

test('a message is a line from when it was sent to when it arrived', () => {
  const model = modelOf(at(1_000, 'sent', label(1, 4, 2)), at(19_000, 'delivered', label(1, 4, 2)));
  const [message] = model.messages;
  assert.equal(model.messages.length, 1);
  assert.deepEqual([message?.from, message?.to, message?.sentUs, message?.endUs, message?.fate, message?.share], [4, 2, 1_000, 19_000, 'delivered', 1]);
  assert.deepEqual([message?.reply, message?.vote, message?.name], [false, false, 'AppendEntries']);
});

test('requests and replies about votes are told from the others', () => {
  const model = modelOf(...['RequestVote', 'RequestVote reply', 'PreVote reply', 'AppendEntries reply'].map((name, i) => at(i, 'sent', label(i + 1, 1, 2, name))));
  assert.deepEqual(model.messages.map(({ vote, reply }) => [vote, reply]), [[true, false], [true, true], [true, true], [false, true]]);
});

test('a message that is lost or blocked ends on its way, one whose receiver is down at its lane', () => {
  const model = modelOf(
    at(0, 'sent', label(1, 1, 2)),
    at(20_000, 'delivered', label(1, 1, 2)),
    at(30_000, 'sent', label(2, 1, 2)),
    at(40_000, 'lost', { ...label(2, 1, 2), why: 'chance' }),
    at(40_000, 'sent', label(3, 1, 2)),
    at(46_000, 'blocked', { ...label(3, 1, 2), wall: 7 }),
    at(50_000, 'sent', label(4, 1, 2)),
    at(70_000, 'lost', { ...label(4, 1, 2), why: 'receiver_down' }),
  );
  const [, lost, blocked, down] = model.messages;
  assert.deepEqual([lost?.fate, lost?.endUs, lost?.why, lost?.share], ['lost', 40_000, 'chance', 0.5]);
  assert.deepEqual([blocked?.fate, blocked?.wall, blocked?.share], ['blocked', 7, 0.3]);
  assert.equal(down?.share, 1);
});

test('what waits at a paused receiver has arrived before it is handled, and a copy leaves with its original', () => {
  const model = modelOf(
    at(1_000, 'sent', label(1, 1, 2)),
    at(1_000, 'duplicated', { ...label(2, 1, 2), copy_of: 1 }),
    at(9_000, 'waits', label(1, 1, 2)),
    at(50_000, 'delivered', label(1, 1, 2)),
    at(51_000, 'held', label(2, 1, 2)),
  );
  const [first, copy] = model.messages;
  assert.deepEqual([first?.waitsUs, first?.endUs], [9_000, 50_000]);
  assert.deepEqual([copy?.copy, copy?.sentUs, copy?.fate, copy?.held], [true, 1_000, 'open', true]);
});

test('lanes follow role and term through an election, a crash and a restart', () => {
  const model = modelOf(
    decides(100, 1, 'became_candidate', { term: 1 }),
    decides(300, 1, 'became_leader', { term: 1 }),
    decides(400, 2, 'term_adopted', { from: 0, to: 1 }),
    at(500, 'crashed', { server: 1, written: 0 }),
    at(700, 'restarted', { server: 1 }),
  );
  assert.deepEqual(
    model.lanes[1]?.map(({ fromUs, role, term, up }) => [fromUs, role, term, up]),
    [[0, 'follower', 0, true], [100, 'candidate', 1, true], [300, 'leader', 1, true], [500, 'leader', 1, false], [700, 'follower', 1, true]],
  );
  assert.deepEqual(model.lanes[2]?.map(({ fromUs, term }) => [fromUs, term]), [[0, 0], [400, 1]]);
  assert.equal(model.spanAt(1, 650)?.up, false);
  assert.deepEqual(model.marks.map(({ kind, server }) => [kind, server]), [['crashed', 1], ['restarted', 1]]);
});

test('what a server was before the first record is seen from what it does then', () => {
  const model = modelOf(at(10, 'sent', label(1, 3, 1, 'AppendEntries', 5)), decides(40, 2, 'became_follower', { from: 'candidate', term: 5 }));
  assert.deepEqual([model.lanes[3]?.[0]?.role, model.lanes[3]?.[0]?.term], ['leader', 5]);
  assert.equal(model.lanes[2]?.[0]?.role, 'candidate');
  assert.equal(model.lanes[1], undefined);
});

test('an election lasts until somebody is elected, a higher term is asked for, or nobody asks any more', () => {
  const model = modelOf(
    decides(100, 1, 'became_candidate', { term: 1 }),
    decides(110, 2, 'became_candidate', { term: 1 }),
    decides(400, 3, 'became_candidate', { term: 2 }),
    decides(500, 3, 'became_leader', { term: 2 }),
    decides(800, 4, 'became_candidate', { term: 3 }),
    decides(810, 1, 'became_follower', { from: 'candidate', term: 3 }),
    decides(820, 2, 'became_follower', { from: 'candidate', term: 3 }),
    decides(900, 4, 'became_follower', { from: 'candidate', term: 4 }),
  );
  assert.deepEqual(
    model.elections.map(({ term, fromUs, toUs, leader }) => [term, fromUs, toUs, leader]),
    [[1, 100, 400, 0], [2, 400, 500, 3], [3, 800, 900, 0]],
  );
});

test('commits have their index and whether the leader counted them', () => {
  const model = modelOf(
    decides(5, 1, 'committed', { from: 0, to: 3, reason: { because: 'quorum_holds' } }),
    decides(9, 2, 'committed', { from: 0, to: 3, reason: { because: 'leader_told' } }),
  );
  assert.deepEqual(model.commits, [{ server: 1, atUs: 5, index: 3, counted: true }, { server: 2, atUs: 9, index: 3, counted: false }]);
});

test('walls and cut links last until they are taken away', () => {
  const input = (time_us: number, input: Record<string, unknown>): Happening => at(time_us, 'input_applied', { input });
  const model = modelOf(
    input(10, { kind: 'wall', wall: 1, ax: 0, ay: 0, bx: 1, by: 1 }),
    input(11, { kind: 'wall', wall: 1, ax: 0, ay: 0, bx: 2, by: 2 }),
    input(20, { kind: 'cut', from: 1, to: 2 }),
    input(30, { kind: 'remove_wall', wall: 1 }),
    input(35, { kind: 'uncut', from: 1, to: 2 }),
    input(40, { kind: 'partition', groups: [[1, 2], [3]] }),
    input(50, { kind: 'heal' }),
    input(60, { kind: 'wall', wall: 2, ax: 0, ay: 0, bx: 1, by: 1 }),
  );
  assert.deepEqual(model.barriers, [
    { wall: 1, fromUs: 10, toUs: 30 },
    { wall: 0, fromUs: 20, toUs: 35 },
    { wall: 0, fromUs: 40, toUs: 50 },
    { wall: 2, fromUs: 60, toUs: -1 },
  ]);
});

test('thousands of records are kept, and the oldest go with what ended with them', () => {
  const model = new Model();
  const heartbeats = 2 * KEPT_MAX;
  for (let number = 1; number <= heartbeats; number += 1) {
    const id = Math.ceil(number / 2);
    model.add({ number, time_us: number * 10, ...(number % 2 === 1 ? { kind: 'sent', ...label(id, 1, 2) } : { kind: 'delivered', ...label(id, 1, 2) }) });
  }
  assert.ok(model.size >= KEPT_MAX && model.size < KEPT_MAX * 1.2, `${model.size}`);
  assert.ok(model.messages.length <= model.size);
  assert.equal(model.messages[0]?.sentUs, model.fromUs);
  assert.equal(model.lanes[1]?.[0]?.role, 'leader');
});

// ---- keeping up with a run ----

/** A run of numbered records, of which the first so many have been lived. */
class Run {
  records: EventRecord[];
  standing: Standing = { count: 0, timeUs: 0, livedUs: 0, branch: 0, generation: 0, playing: false };
  fetched = 0;
  constructor(readonly source: Source<Model>, count: number, seed = 0) {
    this.records = Run.made(count, seed);
  }
  static made(count: number, seed: number): EventRecord[] {
    return Array.from({ length: count }, (_, i) => ({ number: i + 1, time_us: (i + 1) * 100 + seed, ...(i % 2 === 0 ? { kind: 'sent', ...label(i / 2 + 1, 1, 2) } : { kind: 'delivered', ...label((i - 1) / 2 + 1, 1, 2) }) }));
  }
  at(count: number, more: Partial<Standing> = {}): Model {
    const timeUs = this.records[count - 1]?.time_us ?? 0;
    this.standing = { ...this.standing, count, timeUs, livedUs: Math.max(this.standing.livedUs, timeUs), ...more };
    this.source.catchUp(this.standing, (after, max) => {
      const found = this.records.slice(after, Math.min(count, after + max));
      this.fetched += found.length;
      return found;
    });
    return this.source.model;
  }
  settled(): Model {
    while (this.source.behind) this.at(this.standing.count);
    return this.source.model;
  }
}

test('it keeps up with a run, and with nothing new it fetches nothing', () => {
  const run = new Run(new Source((after) => new Model(after)), 100);
  assert.equal(run.at(40).messages.length, 20);
  assert.equal(run.at(60).messages.length, 30);
  const { fetched } = run;
  run.at(60);
  assert.equal(run.fetched, fetched);
});

test('a long run is there in parts, the latest first', () => {
  const run = new Run(new Source((after) => new Model(after)), 9_000);
  const first = run.at(9_000);
  assert.ok(run.source.behind);
  assert.equal(first.upTo, 9_000);
  assert.ok(first.size <= 1_000);
  const whole = run.settled();
  assert.equal(whole.size, 9_000);
  assert.equal(whole.messages.length, 4_500);
});

test('what was lived faster than it could be fetched is a gap while time runs, and is filled when it stops', () => {
  const run = new Run(new Source((after) => new Model(after)), 9_000);
  run.at(100, { playing: true });
  const fast = run.at(5_000, { playing: true });
  assert.equal(fast.gaps.length, 1);
  assert.equal(fast.gaps[0]?.fromUs, 10_000);
  assert.equal(fast.upTo, 5_000);
  run.at(5_000, { playing: false });
  assert.deepEqual(run.settled().gaps, []);
  assert.equal(run.source.model.messages.length, 2_500);
});

test('after a step into the past what is to come stays known, and comes again without being drawn anew', () => {
  const run = new Run(new Source((after) => new Model(after)), 100);
  run.at(80);
  const back = run.at(30, { generation: 1 });
  assert.equal(back.upTo, 80);
  const model = run.at(50);
  assert.equal(model, back);
  assert.equal(model.messages.length, 40);
  assert.equal(run.at(90).messages.length, 45);
});

test('what does not come to pass is forgotten: something else happened in its place', () => {
  const run = new Run(new Source((after) => new Model(after)), 100);
  run.at(80);
  run.at(30, { generation: 1 });
  run.records = [...run.records.slice(0, 30), ...Run.made(60, 7).slice(30)];
  assert.equal(run.at(32).upTo, 32);
});

test('another branch, and another run, are drawn anew', () => {
  const run = new Run(new Source((after) => new Model(after)), 100);
  run.at(80);
  assert.equal(run.at(40, { generation: 1, branch: 1 }).upTo, 40);
  run.at(80);
  const other = new Run(run.source, 100, 5);
  assert.equal(other.at(0, { generation: 9, branch: 1, livedUs: 0 }).messages.length, 0);
  const anew = new Run(run.source, 100, 9);
  assert.equal(anew.at(90, { generation: 10, branch: 1 }).messages[0]?.sentUs, 109);
});
