import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Frame } from '../src/door/frame';
import { FLAG, FOLLOWER, HEADER, LINK, MESSAGE, MEMBERS_BIT, NO_OP_BIT, NO_TIMER, SERVER, WALL } from '../src/door/layout';
import { frameOf, record } from './frames';

test('lanes of each record are numbered without gaps or overlaps', () => {
  for (const [record, spare] of [[HEADER, 1], [SERVER, 0], [FOLLOWER, 0], [MESSAGE, 0], [WALL, 0]] as const) {
    const { lanes, ...named } = record;
    const numbers = Object.values(named).sort((a, b) => a - b);
    assert.deepEqual(numbers, Array.from({ length: lanes - spare }, (_, k) => k));
  }
});

test('the numbers that are the contract with the wasm door', () => {
  assert.equal(HEADER.lanes, 24);
  assert.equal(SERVER.lanes, 35);
  assert.equal(FOLLOWER.lanes, 6);
  assert.equal(MESSAGE.lanes, 14);
  assert.equal(WALL.lanes, 6);
  assert.equal(HEADER.commits, 19);
  assert.equal(SERVER.tailFirst, 20);
  assert.equal(MESSAGE.sinceEnd, 11);
  assert.equal(NO_TIMER, 2 ** 32 - 1);
  assert.equal(NO_OP_BIT, 2 ** 31);
  assert.equal(MEMBERS_BIT, 2 ** 30);
  assert.deepEqual(FLAG, { reached: 1, violation: 2, leader: 4, commit: 8, any: 16 });
  assert.deepEqual(LINK, { byHand: 1, byWall: 2, flaps: 4, own: 8, lossShift: 4, delayShift: 16 });
});

test('a frame reads times beyond 32 bits exactly', () => {
  assert.equal(frameOf({ servers: [{}], timeUs: 2 ** 32 * 3 + 17 }).timeUs, 2 ** 32 * 3 + 17);
});

test('a frame tells what a leader knows of others', () => {
  const frame = frameOf({ servers: [{}, {}], followers: [{ leader: 1, follower: 2, nextIndex: 5, matchIndex: 3, flow: 2 }] });
  assert.equal(frame.followerCount, 1);
  assert.deepEqual([FOLLOWER.leader, FOLLOWER.nextIndex, FOLLOWER.flow].map((lane) => frame.follower(0, lane)), [1, 5, 2]);
});

test('a frame of another layout is refused', () => {
  const { buffer, pointer } = record({ servers: [{}] });
  new Uint32Array(buffer)[pointer / 4 + HEADER.version] = 1;
  assert.throws(() => new Frame().read(buffer, pointer), /layout 1; this page reads layout 3/);
});

test('a cut holds in one direction only', () => {
  const frame = frameOf({ servers: [{}, {}, {}], cuts: [[1, 3]] });
  assert.equal(frame.isCut(0, 2), true);
  assert.equal(frame.isCut(2, 0), false);
});
