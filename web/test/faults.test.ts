import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Input } from '../src/door/types';
import { sentence } from '../src/sentences';

const told = (record: object): string => sentence({ number: 1, time_us: 0, ...record } as never).text;
const done = (input: Input): string => told({ kind: 'input_applied', input });

test('what is done to one message is told, and what becomes of it', () => {
  assert.equal(done({ kind: 'hold', message: 17 }), 'You hold message 17.');
  assert.equal(done({ kind: 'release', message: 17 }), 'You release message 17.');
  assert.equal(done({ kind: 'drop', message: 17 }), 'You drop message 17.');
  assert.equal(done({ kind: 'deliver', message: 17 }), 'You deliver message 17.');
  assert.equal(done({ kind: 'duplicate', message: 17 }), 'You double message 17.');
  assert.equal(done({ kind: 'hold_latest', from: 1, to: 2 }), 'You hold the latest message from S1 to S2.');
  assert.equal(done({ kind: 'release_all' }), 'You let all messages go on that are held.');
  const label = { message: 17, from: 1, to: 2, name: 'AppendEntries', term: 3 };
  assert.equal(told({ kind: 'held', ...label }), 'A message from S1 to S2 is held where it is.');
  assert.equal(told({ kind: 'released', ...label }), 'A message from S1 to S2 goes on.');
  assert.equal(told({ kind: 'lost', ...label, why: 'by_hand' }), 'A message from S1 to S2 is lost: you took it away.');
});

test('a link that flaps is told, and each of its turns', () => {
  assert.equal(done({ kind: 'flap', from: 1, to: 2, up_us: 1_000, down_us: 1_000 }), 'You let the link from S1 to S2 break and come back, again and again.');
  assert.equal(told({ kind: 'link_turned', from: 1, to: 2, cut: true }), 'The link from S1 to S2 breaks.');
  assert.equal(told({ kind: 'link_turned', from: 1, to: 2, cut: false }), 'The link from S1 to S2 is whole again.');
});

test('what is done to a server, its disk and its clock is told', () => {
  assert.equal(done({ kind: 'pause', server: 2 }), 'You pause S2: what comes to it waits.');
  assert.equal(done({ kind: 'resume', server: 2 }), 'You let S2 go on; what has waited is handled now.');
  assert.equal(done({ kind: 'slow', server: 2, step_us: 5_000 }), 'You slow S2 down: each thing takes it 5 ms.');
  assert.equal(done({ kind: 'slow', server: 2, step_us: 0 }), 'You let S2 work at its normal speed.');
  assert.equal(done({ kind: 'set_disk', server: 2, us_min: 500, us_max: 1_500 }), "You set S2's disk: a save takes 0.5 ms to 1.5 ms.");
  assert.equal(
    done({ kind: 'set_disk', server: 2, us_min: 500, us_max: 1_500, lies: true }),
    "You set S2's disk: a save takes 0.5 ms to 1.5 ms, and is said to be done although a crash would lose it.",
  );
  assert.equal(done({ kind: 'set_clock', server: 2, rate_ppm: 1_100_000 }), "You set S2's clock: it runs at 110 % of true time.");
  assert.equal(done({ kind: 'set_clock', server: 2, rate_ppm: 1_000_000, ahead_us: 5_000 }), "You set S2's clock: it runs at 100 % of true time, and is put ahead by 5 ms.");
  const label = { message: 17, from: 1, to: 2, name: 'AppendEntries', term: 3 };
  assert.equal(told({ kind: 'waits', ...label }), 'A message from S1 to S2 arrives, and waits until S2 gets to it.');
  assert.equal(told({ kind: 'lost', ...label, why: 'backlog_full' }), 'A message from S1 to S2 is lost: too much waits at its receiver.');
});

test('a crash tells what of a save it left on the disk', () => {
  assert.equal(told({ kind: 'crashed', server: 2, written: 0 }), 'S2 crashes: what its disk does not hold is gone.');
  assert.equal(told({ kind: 'crashed', server: 2, written: 1 }), 'S2 crashes in the middle of a save: 1 piece of it reached the disk; what the disk does not hold is gone.');
});
