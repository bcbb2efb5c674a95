import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBERS_BIT, NO_OP_BIT } from '../src/door/layout';
import type { LogServer } from '../src/logs/cells';
import { cellsOf, COLUMNS_MAX, indexesOf } from '../src/print/logs';

const server = (more: Partial<LogServer>): LogServer => ({
  id: 1, up: true, role: 'follower', current_term: 3, commit_index: 0, last_applied: 0, durable_index: 0, last_index: 5, snapshot_index: 0, following: new Map(), ...more,
});

test('as many of the last indexes stand on paper as there is room for', () => {
  assert.deepEqual(indexesOf(0), []);
  assert.deepEqual(indexesOf(3), [1, 2, 3]);
  assert.equal(indexesOf(COLUMNS_MAX).length, COLUMNS_MAX);
  const long = indexesOf(1_000);
  assert.deepEqual([long.length, long[0], long.at(-1)], [COLUMNS_MAX, 1_001 - COLUMNS_MAX, 1_000]);
});

test('a cell on paper has its term, and is whole only where its server runs and knows it to be committed', () => {
  const lanes = new Map([[3, (1 | NO_OP_BIT) >>> 0], [4, (2 | MEMBERS_BIT) >>> 0], [5, 3]]);
  const cells = (more: Partial<LogServer>): string =>
    cellsOf(server(more), [2, 3, 4, 5, 6], (index) => lanes.get(index) ?? 0).map(({ term, committed, within }) => (within ? '…' : term === 0 ? '.' : `${term}${committed ? '!' : ''}`)).join(' ');
  assert.equal(cells({ commit_index: 4 }), '. 1! 2! 3 .');
  assert.equal(cells({ commit_index: 4, up: false }), '. 1 2 3 .', 'a crashed server knows nothing of it');
  assert.equal(cells({ commit_index: 5, snapshot_index: 2 }), '… 1! 2! 3! .');
});
