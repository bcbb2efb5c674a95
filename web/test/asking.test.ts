import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { EventRecord } from '../src/door/types';
import { begins, type Question } from '../src/panels/past/asking';

const ENTRY = (index: number): { index: number; term: number } => ({ index, term: 1 });
const decision = (server: number, event: Record<string, unknown>): Partial<EventRecord> => ({ kind: 'decision', server, event });
const RUN: Partial<EventRecord>[] = [
  decision(2, { kind: 'became_candidate', term: 1 }),
  { kind: 'sent', message: 7, from: 2, to: 3 },
  decision(3, { kind: 'term_adopted', from: 0, to: 1 }),
  decision(3, { kind: 'vote_granted', candidate: 2 }),
  decision(2, { kind: 'became_leader', term: 1 }),
  decision(2, { kind: 'entries_appended', first: ENTRY(4), count: 3 }),
  decision(3, { kind: 'append_accepted', match_index: 6, appended: 2 }),
  { kind: 'delivered', message: 7 },
  decision(4, { kind: 'snapshot_installed', last_included: ENTRY(5), kept: 0 }),
  { kind: 'duplicated', message: 9, copy_of: 7 },
  decision(3, { kind: 'append_accepted', match_index: 6, appended: 0 }),
];

/** A run of so many records before the ones above, of which the door gives what it is asked for. */
function find(question: Question, before = 0, after = 0): number {
  const nothing = (count: number): Partial<EventRecord>[] => Array.from({ length: count }, () => ({ kind: 'timer_fired' }));
  const run = [...nothing(before), ...RUN, ...nothing(after)].map((record, at) => ({ number: at + 1, time_us: at, ...record }) as EventRecord);
  const found = begins(question, run.length, (from, max) => run.slice(from, from + max));
  return found === 0 ? 0 : found - before;
}

test('a message, a vote, a term and a role begin at what brought them about last', () => {
  assert.equal(find({ about: 'message', message: 7 }), 2);
  assert.equal(find({ about: 'message', message: 9 }), 10, 'a copy begins where it was made');
  assert.equal(find({ about: 'message', message: 8 }), 0);
  assert.equal(find({ about: 'vote', server: 3 }), 4);
  assert.equal(find({ about: 'vote', server: 2 }), 1, 'for itself');
  assert.equal(find({ about: 'term', server: 3 }), 3);
  assert.equal(find({ about: 'role', server: 2 }), 5);
  assert.equal(find({ about: 'role', server: 3 }), 0, 'a follower since the beginning');
});

test('an entry begins where its server came to hold it', () => {
  assert.deepEqual([3, 4, 6, 7].map((index) => find({ about: 'entry', server: 2, index })), [0, 6, 6, 0]);
  assert.deepEqual([4, 5, 6].map((index) => find({ about: 'entry', server: 3, index })), [0, 7, 7], 'what an append did not add was there before');
  assert.deepEqual([5, 6].map((index) => find({ about: 'entry', server: 4, index })), [9, 0]);
});

test('it is found over the edges of what is fetched at once, and not looked for without end', () => {
  for (const after of [980, 989, 990, 991, 992, 995, 1_000, 9_980]) assert.equal(find({ about: 'message', message: 7 }, 2_345, after), 2, `${after} behind`);
  assert.equal(find({ about: 'message', message: 7 }, 0, 12_000), 0);
});

test('the decisions that are looked for are raft-core’s', () => {
  const names = readFileSync(join(process.cwd(), '../raft-core/src/event.rs'), 'utf8');
  for (const kind of ['vote_granted', 'became_candidate', 'term_adopted', 'became_leader', 'became_pre_candidate', 'became_follower', 'entries_appended', 'append_accepted', 'snapshot_installed']) {
    const name = kind.replace(/(^|_)(\w)/g, (_, __, letter: string) => letter.toUpperCase());
    assert.match(names, new RegExp(`^    ${name} \\{`, 'm'), name);
  }
});
