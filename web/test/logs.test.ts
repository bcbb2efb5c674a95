import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBERS_BIT, NO_OP_BIT } from '../src/door/layout';
import type { EntryState } from '../src/door/types';
import { cellLabel, classesOf, knownOf, type LogServer, MARK, marksOf, rowLabel, tellEntry, termOf } from '../src/logs/cells';
import { atEnd, columnLeft, COLUMNS_MAX, columnsDrawn, endLeft, firstInSight, isNumbered, leftFor, originOf, pageOf, planeWidth, type Room, rowsDrawn, type Sizes, topFor, walked } from '../src/logs/columns';
import type { Frame } from '../src/door/frame';
import { type Fetch, LogSource } from '../src/logs/source';
import { frameOf, type Sketch } from './frames';

const sizes: Sizes = { cell: 24, pitch: 26, row: 31, names: 80, head: 20 };
const room = (left: number, top = 0): Room => ({ left, top, width: 80 + 10 * 26, height: 20 + 5 * 31 });

const entry = (index: number, term: number, command: string | null = `x=${index}`): EntryState => ({ index, term, command, configuration: null });
const server = (id: number, more: Partial<LogServer> = {}): LogServer => ({
  id,
  up: true,
  role: 'follower',
  current_term: 2,
  commit_index: 0,
  last_applied: 0,
  durable_index: 1_000,
  last_index: 0,
  snapshot_index: 0,
  following: new Map(),
  ...more,
});

test('only the columns in sight are drawn, with a few on each side', () => {
  for (const left of [0, 13, 26, 2_600, 60_000]) {
    const { from, to } = columnsDrawn(sizes, room(left), 5_000);
    const first = Math.floor(left / 26) + 1;
    assert.ok(from <= first && from >= first - 4 && from >= 1, `left ${left}: from ${from}`);
    assert.ok(to > first + 10 && to <= first + 16, `left ${left}: to ${to}`);
  }
});

test('the first index in sight is that of which more is seen than not', () => {
  assert.deepEqual([0, 12, 14, 26 * 9].map((left) => firstInSight(sizes, room(left), 100)), [1, 1, 2, 10]);
});

test('a short log fills the panel with columns, a long one ends in an empty one', () => {
  assert.deepEqual(columnsDrawn(sizes, room(0), 3), { from: 1, to: 11 });
  assert.equal(endLeft(sizes, room(0), 3), 0);
  const end = endLeft(sizes, room(0), 100);
  assert.equal(planeWidth(sizes, room(0), 100), 80 + 101 * 26);
  assert.equal(columnsDrawn(sizes, room(end), 100).to, 102);
  assert.equal(atEnd(sizes, room(end), 100), true);
  assert.equal(atEnd(sizes, room(end - 26), 100), false);
});

test('the end begins with a whole column, however wide the panel is, and all of the last one is in sight', () => {
  for (let width = 200; width < 460; width += 1) {
    const narrow = { ...room(0), width };
    for (const last of [5, 14, 100, 10_000]) {
      const left = endLeft(sizes, narrow, last);
      assert.equal(left % sizes.pitch, 0, `${width} px, ${last} entries`);
      const right = columnLeft(sizes, last + 1, originOf(last)) + sizes.pitch - left;
      if (left > 0) assert.ok(right <= width && right > width - sizes.pitch, `${width} px, ${last} entries: the last ends at ${right}`);
      assert.equal(atEnd(sizes, { ...narrow, left }, last), true);
    }
  }
});

test('a column is brought into sight with as little movement as can be', () => {
  assert.equal(leftFor(sizes, room(260), 15, 100), 260, 'it is in sight');
  assert.equal(leftFor(sizes, room(260), 5, 100), 4 * 26, 'to the left edge');
  assert.equal(leftFor(sizes, room(260), 40, 100), 30 * 26, 'to the right edge');
  assert.equal(leftFor(sizes, room(0), 100, 100), endLeft(sizes, room(0), 100), 'the last one with the end');
  assert.equal(topFor(sizes, room(0, 0), 4), 0);
  assert.equal(topFor(sizes, room(0, 0), 9), 5 * 31);
  assert.equal(topFor(sizes, room(0, 300), 2), 62);
});

test('rows out of sight are not drawn', () => {
  assert.deepEqual(rowsDrawn(sizes, room(0, 0), 50), { from: 0, to: 9 });
  assert.deepEqual(rowsDrawn(sizes, room(0, 31 * 20), 50), { from: 16, to: 29 });
  assert.deepEqual(rowsDrawn(sizes, room(0, 31 * 45), 50), { from: 41, to: 50 });
});

test('of logs that no plane is wide enough for, the first columns go', () => {
  assert.equal(originOf(COLUMNS_MAX), 0);
  const last = COLUMNS_MAX + 1;
  const origin = originOf(last);
  assert.ok(origin > 0 && last - origin <= COLUMNS_MAX);
  assert.ok(planeWidth(sizes, room(0), 3_000_000) < 16_000_000);
  assert.equal(columnLeft(sizes, origin + 1, origin), 80);
  assert.equal(columnsDrawn(sizes, room(0), last).from, origin + 1);
  assert.equal(isNumbered(999, 999) && !isNumbered(1_001, 5_000) && isNumbered(1_002, 5_000), true);
});

test('keys go to neighbours, a page, the ends, and to the name before the first column', () => {
  const go = (key: string, index: number, row = 1, ctrl = false): unknown => walked(key, ctrl, { row, index }, 5, 100, pageOf(sizes, room(0)));
  assert.deepEqual(go('ArrowRight', 7), { row: 1, index: 8 });
  assert.deepEqual(go('ArrowRight', 100), { row: 1, index: 100 });
  assert.deepEqual(go('ArrowLeft', 1), { row: 1, index: 0 });
  assert.deepEqual(go('ArrowRight', 0), { row: 1, index: 1 });
  assert.deepEqual(go('ArrowUp', 7, 0), { row: 0, index: 7 });
  assert.deepEqual(go('ArrowDown', 7, 4), { row: 4, index: 7 });
  assert.deepEqual(go('PageUp', 50), { row: 1, index: 40 });
  assert.deepEqual(go('PageDown', 95), { row: 1, index: 100 });
  assert.deepEqual(go('Home', 50), { row: 1, index: 1 });
  assert.deepEqual(go('End', 50), { row: 1, index: 100 });
  assert.deepEqual(go('End', 50, 1, true), { row: 4, index: 100 });
  assert.equal(go('c', 50), undefined);
  assert.deepEqual(walked('ArrowRight', false, { row: 0, index: 0 }, 5, 0, 10), { row: 0, index: 1 }, 'an empty log');
});

test('a cell has the marks of its server and of what the leader knows', () => {
  const follower = server(2, { commit_index: 3, last_applied: 2, durable_index: 4 });
  const known = knownOf(server(1, { role: 'leader', following: new Map([[2, { match: 4, next: 6 }]]) }), 2);
  assert.deepEqual(known, { by: 1, match: 4, next: 6 });
  const marks = (index: number): number => marksOf(follower, index <= 5 ? 2 : 0, index, known, null, null);
  assert.equal(marks(2), MARK.entry | MARK.committed | MARK.applied | MARK.atApplied);
  assert.equal(marks(3), MARK.entry | MARK.committed | MARK.atCommit);
  assert.equal(marks(4), MARK.entry | MARK.atMatch);
  assert.equal(marks(5), MARK.entry | MARK.unsaved);
  assert.equal(marks(6), MARK.atNext);
  assert.equal(knownOf(server(1, { following: new Map([[1, { match: 4, next: 6 }]]) }), 1), undefined, 'a leader is no follower of its own');
  assert.equal(classesOf(marks(5), 't2 h0'), 'cell t2 h0 dashed unsaved');
  assert.equal(classesOf(marks(3), 't2 h0'), 'cell t2 h0 solid at-commit');
  assert.equal(classesOf(marks(6), ''), 'cell none at-next');
});

test('no-ops, configurations, the entry pointed out and what is broken are told apart without colour', () => {
  const one = server(1, { durable_index: 9 });
  const noOp = marksOf(one, 1 | NO_OP_BIT, 1, undefined, null, null);
  const members = marksOf(one, 1 | MEMBERS_BIT, 2, undefined, null, null);
  assert.deepEqual([noOp, members], [MARK.entry | MARK.noOp, MARK.entry | MARK.members]);
  const chosen = { index: 3, term: 1 };
  assert.ok(marksOf(one, 1, 3, undefined, chosen, null) & MARK.chosen);
  assert.equal(marksOf(one, 2, 3, undefined, chosen, null) & MARK.chosen, 0, 'another entry at the same index');
  assert.ok(marksOf(one, 2, 3, undefined, { index: 3, term: 0 }, null) & MARK.chosen, 'whatever stands there');
  assert.ok(marksOf(one, 0, 3, undefined, null, { servers: [1], indexes: [3] }) & MARK.broken);
  assert.equal(marksOf(one, 0, 3, undefined, null, { servers: [2], indexes: [3] }) & MARK.broken, 0);
});

test('a cell says in words what its marks show', () => {
  const label = (marks: number, up = true): string => cellLabel(marks, 5, entry(5, 2), up, { by: 1, match: 5, next: 6 });
  assert.equal(label(MARK.entry | MARK.committed | MARK.applied), 'index 5, term 2: x=5; committed and applied');
  assert.equal(label(MARK.entry | MARK.unsaved), 'index 5, term 2: x=5; not committed, as far as this server knows; not on its disk yet');
  assert.equal(label(MARK.entry, false), 'index 5, term 2: x=5', 'a crashed server knows nothing');
  assert.match(label(MARK.entry | MARK.atMatch), /matchIndex: the last that S1 knows to agree/);
  assert.equal(cellLabel(MARK.atNext, 6, undefined, true, { by: 1, match: 5, next: 6 }), 'index 6: no entry; nextIndex: what S1 sends next');
  assert.match(rowLabel(server(2, { up: false, snapshot_index: 4 }), undefined), /^down: what its disk holds, currentTerm 2; a snapshot stands for all up to index 4$/);
});

test('of an entry that is pointed out it is said who holds it, and who knows it to be committed', () => {
  const servers = [server(1, { commit_index: 5 }), server(2, { durable_index: 4 }), server(3, { up: false, commit_index: 5 }), server(4), server(5, { snapshot_index: 6 })];
  const logs = [entry(5, 2), entry(5, 2), entry(5, 2), entry(5, 1), undefined];
  const { text, committed } = tellEntry({ index: 5, term: 2 }, 1, servers, (at) => logs[at]);
  assert.equal(text, 'Index 5, term 2: x=5. In 3 of 5 logs: S1, S2 and S3. Within the snapshot of S5. Not on the disk of S2 yet. Known to be committed by S1.');
  assert.equal(committed, true);
  assert.match(tellEntry({ index: 5, term: 0 }, 4, servers, (at) => logs[at]).text, /^Index 5, term 1: x=5\. In 1 of 5 logs: S4\./, 'what stands in the log that was spoken of');
  assert.equal(tellEntry({ index: 5, term: 1 }, 4, servers.slice(0, 4), (at) => logs[at]).committed, false);
  assert.match(tellEntry({ index: 9, term: 3 }, 1, servers, () => undefined).text, /no log holds it/);
});

/** Ten servers: S1 leads in term 3, and S2 is down. Their logs have 100 entries, that of S10 120. */
const TEN: Sketch = {
  servers: Array.from({ length: 10 }, (_, at) => ({ up: at === 1 ? 0 : 1, role: at === 0 ? 2 : 0, term: 3, lastIndex: at === 9 ? 120 : 100, commitIndex: 90, durableIndex: 95, snapshotIndex: at })),
  followers: [{ leader: 1, follower: 3, nextIndex: 101, matchIndex: 98 }],
};

/** What was asked for, in answer to which each cell says whose it is: a hundred times the server, and the index. */
function asked(): { calls: number[][]; fetch: Fetch; looks: number[]; look: () => Frame } {
  const calls: number[][] = [];
  const looks: number[] = [];
  const fetch: Fetch = (first, count, server, servers) => {
    calls.push([first, count, server, servers]);
    return Uint32Array.from({ length: count * servers }, (_, at) => (server + Math.floor(at / count)) * 1_000 + first + (at % count));
  };
  return { calls, fetch, looks, look: () => (looks.push(1), frameOf(TEN)) };
}

test('who there is, and what the leader knows of the others, is taken from a frame', () => {
  const source = new LogSource();
  source.look(asked().look);
  assert.deepEqual([source.servers.length, source.last, source.moment], [10, 120, 1]);
  const [one, two, three] = source.servers;
  assert.deepEqual([one?.id, one?.role, one?.up, one?.current_term, one?.commit_index, one?.durable_index], [1, 'leader', true, 3, 90, 95]);
  assert.deepEqual([two?.up, three?.snapshot_index], [false, 2]);
  assert.deepEqual(knownOf(one, 3), { by: 1, match: 98, next: 101 });
  assert.equal(knownOf(one, 4), undefined);
});

test('while the run stands still cells are read when they come into sight, and who there is once', () => {
  const { calls, fetch, looks, look } = asked();
  const source = new LogSource();
  const read = (from: number, to: number, top = 0): void => {
    source.look(look);
    source.read({ from, to }, { from: top, to: top + 4 }, fetch);
  };
  read(10, 30);
  read(10, 30);
  read(12, 28);
  read(20, 40);
  read(20, 40, 3);
  assert.deepEqual(calls, [[10, 20, 1, 4], [20, 20, 1, 4], [20, 20, 4, 4]]);
  assert.equal(looks.length, 1);
  source.outdate();
  read(21, 39, 3);
  assert.deepEqual([calls.at(-1), looks.length, source.moment], [[21, 18, 4, 4], 2, 2], 'all of it anew');
});

test('each cell is that of its row and index, and there is none where nothing was read', () => {
  const { fetch, look } = asked();
  const source = new LogSource();
  source.look(look);
  source.read({ from: 40, to: 55 }, { from: 2, to: 7 }, fetch);
  for (let row = 0; row < 10; row += 1) {
    for (let index = 35; index < 60; index += 1) assert.equal(source.cell(row, index), row >= 2 && row < 7 && index >= 40 && index < 55 ? (row + 1) * 1_000 + index : 0, `row ${row}, index ${index}`);
  }
  assert.deepEqual([termOf(7 | NO_OP_BIT), termOf(1_000_000_000 | MEMBERS_BIT), termOf(0)], [7, 1_000_000_000, 0]);
});
