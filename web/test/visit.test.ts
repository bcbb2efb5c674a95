import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isFirstVisit } from '../src/keep/visit';
import type { Storing } from '../src/keep/recent';

function storage(keeps = true): Storing {
  const held = new Map<string, string>();
  return () => ({ getItem: (key) => held.get(key) ?? null, setItem: (key, value) => void (keeps && held.set(key, value)), removeItem: (key) => void held.delete(key) });
}

test('the first visit is the first once', () => {
  const storing = storage();
  assert.deepEqual([isFirstVisit(storing), isFirstVisit(storing)], [true, false]);
});

test('where nothing is remembered or storage is refused, no visit is the first: a hint would come each time', () => {
  assert.equal(isFirstVisit(storage(false)), false);
  assert.equal(isFirstVisit(() => { throw new Error('refused'); }), false);
});
