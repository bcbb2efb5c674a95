import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fit, matching } from '../src/search/match';

const things = [
  { name: 'Next election', about: 'go on until a server is elected', kind: 'action' },
  { name: 'Next commit', about: 'go on until an entry is committed', kind: 'action' },
  { name: 'Crash', about: 'crash the chosen servers', kind: 'action' },
  { name: 'S3', about: 'follower, term 1', kind: 'action' },
  { name: 'Restart', about: 'restart the chosen servers', kind: 'action' },
  { name: 'Reset', about: 'start the same run anew', kind: 'action' },
  { name: 'Pre-Vote', about: 'Rules: Before it enters a new term, a server asks', kind: 'action' },
];
const names = (query: string): string[] => matching(query, things).map(({ name }) => name);

test('nothing typed finds all, in their order', () => {
  assert.deepEqual(names(''), things.map(({ name }) => name));
  assert.deepEqual(names('  '), things.map(({ name }) => name));
});

test('a beginning comes before a word within, and that before what is only said about it', () => {
  assert.ok(fit('next', 'next commit') > fit('commit', 'next commit'));
  assert.ok(fit('commit', 'next commit') > fit('omm', 'next commit'));
  assert.ok(fit('omm', 'next commit') > fit('ncm', 'next commit'));
  assert.equal(names('s3')[0], 'S3');
  assert.equal(names('crash')[0], 'Crash');
  assert.deepEqual(names('rules'), ['Pre-Vote']);
});

test('letters may be left out, but the first begins a word and all come in their order', () => {
  assert.equal(names('nel')[0], 'Next election');
  assert.equal(names('ncm')[0], 'Next commit');
  assert.equal(names('pv')[0], 'Pre-Vote');
  // Of all ways in which the letters may be found the closest counts.
  assert.equal(fit('nel', 'next election'), 40);
  assert.equal(fit('nel', 'next level'), 40);
  assert.equal(fit('xn', 'next election'), 0);
  assert.equal(fit('zz', 'next election'), 0);
});

test('all words of a query have to fit, wherever they stand', () => {
  assert.deepEqual(names('election next'), ['Next election']);
  assert.deepEqual(names('crash election'), []);
  assert.deepEqual(names('crash action'), ['Crash']);
  assert.deepEqual(names('CRASH chosen'), ['Crash']);
});

test('letters that mean something elsewhere are letters here', () => {
  for (const query of ['(', '.*', '[', '\\', '<b>', '💥', '%', '#']) assert.deepEqual(names(query), []);
});

test('of two that fit alike, the one that would do something comes first', () => {
  const things = [{ name: 'Crash', about: '', kind: 'action', refusal: 'Choose a server first.' }, { name: 'S1: Crash', about: '', kind: 'menu', refusal: null }];
  assert.deepEqual(matching('crash', things).map(({ name }) => name), ['S1: Crash', 'Crash']);
});
