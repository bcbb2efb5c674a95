import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRecord } from '../src/door/types';
import { EventsPanel, type Tell } from '../src/panels/events';

const record = (number: number): EventRecord => ({ number, time_us: number, kind: 'message_sent', server: 1 });
/** A run in which only what has these numbers is listed at first. */
const told =
  (loud: ReadonlySet<number>): Tell =>
  ({ number }) => ({ text: `event ${number}`, section: '', servers: [1], subject: 'messages', quiet: !loud.has(number), entry: null, term: null });

/** What is fetched of a run of so many events, and the texts that are listed then. */
function look(count: number, loud: ReadonlySet<number>, paused: boolean): { fetched: [number, number][]; kept: number } {
  const fetched: [number, number][] = [];
  const panel = new EventsPanel(
    () => undefined,
    () => undefined,
  );
  const fetch = (after: number, max: number): EventRecord[] => {
    fetched.push([after, max]);
    return Array.from({ length: Math.min(max, count - after) }, (_, at) => record(after + at + 1));
  };
  panel.catchUp(count, paused, fetch, () => told(loud));
  panel.catchUp(count, paused, fetch, () => told(loud));
  return { fetched, kept: panel.upTo };
}

const numbers = (from: number, to: number): Set<number> => new Set(Array.from({ length: to - from }, (_, at) => from + at));

test('when time stops behind a long quiet, what led there is fetched as well, as far back as it takes and no further', () => {
  assert.deepEqual(look(2_000, numbers(300, 320), true).fetched, [[1_400, 600], [800, 600], [200, 600]]);
  assert.deepEqual(look(2_000, numbers(1_900, 1_950), true).fetched, [[1_400, 600]], 'enough is listed');
  assert.deepEqual(look(700, numbers(5, 6), true).fetched, [[100, 600], [0, 100]], 'a run has a beginning');
});

test('a run that is quiet for long is not fetched without end, nor while time runs', () => {
  const { fetched, kept } = look(100_000, new Set(), true);
  assert.equal(fetched.length, 5);
  assert.equal(kept, 100_000);
  assert.deepEqual(look(2_000, numbers(300, 320), false).fetched, [[1_900, 100]]);
});
