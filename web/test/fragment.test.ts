import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BadLink, LINK_CHARACTERS_MAX, readFragment, toBytes } from '../src/keep/fragment';
import { toText, writeFragment } from '../src/keep/link';

/** A generator of numbers below 2^32; the tests name its seed. */
function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state;
  };
}

test('a run and its moment come back from a fragment as they were', () => {
  const next = numbers(1);
  for (let length = 1; length < 300; length += 1) {
    const link = { bytes: Uint8Array.from({ length }, () => next() >>> 24), time_us: next() * 1_000 + 7, events: next() % 40 };
    const hash = writeFragment(link);
    assert.match(hash, /^#r=[\w-]+&t=\d+&n=\d+$/);
    assert.deepEqual(readFragment(hash), link);
    const { events: _, ...rest } = link;
    assert.deepEqual(readFragment(writeFragment(rest)), rest);
  }
});

test('every byte has one text, and no other text stands for it', () => {
  assert.equal(toText(Uint8Array.from([0xfb, 0xff, 0xfe])), '-__-');
  assert.deepEqual(toBytes('r', '-__-'), Uint8Array.from([0xfb, 0xff, 0xfe]));
  // The lowest bits of the last letter are no part of a byte.
  assert.throws(() => toBytes('r', 'AB'), BadLink);
  assert.deepEqual(toBytes('r', 'AA'), Uint8Array.from([0]));
});

test('fragments of others are left alone', () => {
  for (const hash of ['', '#', '#top', '#x=1&r=AA', '#run=AA', 'r=AA']) assert.equal(readFragment(hash), null, hash);
});

test('what is wrong with a fragment is named', () => {
  const cases: readonly (readonly [string, RegExp])[] = [
    ['#r=AA', /^t, the time, is missing/],
    ['#t=5', /^r, the run, is missing/],
    ['#r=&t=5', /^r is empty/],
    ['#r=A+A&t=5', /^r holds "\+" at character 2/],
    ['#r=A%41&t=5', /^r holds "%" at character 2/],
    ['#r=A&t=5', /^r ends in the middle of a byte/],
    ['#r=AAAAA&t=5', /^r ends in the middle of a byte/],
    ['#r=AA&t=', /^t is ""; expected a whole number/],
    ['#r=AA&t=-1', /^t is "-1"/],
    ['#r=AA&t=1e3', /^t is "1e3"/],
    ['#r=AA&t=9007199254740992', /^t is "9007199254740992"/],
    ['#r=AA&t=5&n=4294967296', /^n is "4294967296"/],
    ['#r=AA&t=5&t=6', /^it says t twice/],
    ['#r=AA&t=5&z=6', /^it says "z", which is unknown here/],
    ['#r=AA&t=5&<img>=6', /^it says "<img>"/],
    [`#r=${'A'.repeat(LINK_CHARACTERS_MAX)}&t=5`, /^it has 8007 characters; expected at most 8000/],
  ];
  for (const [hash, says] of cases) assert.throws(() => readFragment(hash), (error: Error) => error instanceof BadLink && says.test(error.message), hash.slice(0, 40));
});

test('whatever a fragment holds, it is read or refused', () => {
  const next = numbers(2);
  const good = writeFragment({ bytes: Uint8Array.from({ length: 60 }, () => next() >>> 24), time_us: 123_456, events: 2 });
  let refused = 0;
  for (let round = 0; round < 5_000; round += 1) {
    const at = next() % good.length;
    const length = next() % 4;
    const hash = good.slice(0, at) + String.fromCodePoint(32 + (next() % 200), 0x1f600 + (next() % 20)).slice(0, next() % 4) + good.slice(at + length);
    try {
      readFragment(hash);
    } catch (error) {
      assert.ok(error instanceof BadLink, `${hash}: ${String(error)}`);
      refused += 1;
    }
  }
  assert.ok(refused > 2_000, `${refused} refused`);
});
