import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Branch, Difference } from '../src/door/types';
import { differences, pairOf } from '../src/panels/past/compare';
import { PAST } from '../src/lang/en/past';

const nothing: Difference = { parted_at: { time_us: 0, events: 0 }, first: null, compared_at: { time_us: 9, events: 1 }, servers: [], messages: false, network: false };

test('what differs is told server by server, with the index from which the logs differ', () => {
  const found: Difference = { ...nothing, servers: [{ server: 2, differs_in: ['term', 'log'], log_from: 4 }, { server: 3, differs_in: ['log', 'up'], log_from: null }], messages: true, network: true };
  assert.deepEqual(differences(found), ['S2: term, log from index 4 on', 'S3: log, runs in one only', 'other messages are on their way', 'walls or links']);
  assert.deepEqual(differences(nothing), ['nothing: the states are the same']);
});

test('everything in which servers can differ has its words', () => {
  const source = /pub enum Aspect \{(.*?)\n\}/s.exec(readFileSync('../raft-sim/src/history/diff.rs', 'utf8'))?.[1] ?? '';
  const aspects = [...source.matchAll(/^ {4}(\w+),$/gm)].map(([, aspect]) => String(aspect).toLowerCase());
  assert.ok(aspects.length > 8);
  assert.deepEqual(Object.keys(PAST.compare.aspects), aspects);
});

test('at first the present branch is compared with the one it came from', () => {
  const branch = (number: number, parent: number | null): Branch => ({ branch: number, name: `b${number}`, parent, forked_at: null, lived: { time_us: 0, events: 0 } });
  const all = [branch(0, null), branch(1, 0), branch(2, 1)];
  assert.deepEqual(pairOf(all, 2), [1, 2]);
  assert.deepEqual(pairOf(all, 0), [1, 0]);
});
