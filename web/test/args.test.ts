import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anotherServer, groupsOf, keyToRead, membersOf, microseconds, proposal, wholeNumber } from '../src/args';

test('numbers outside their range are refused by name, value and range', () => {
  assert.throws(() => wholeNumber('id', 9, 1, 5), { name: 'RangeError', message: 'id is 9; expected a whole number from 1 to 5' });
  assert.throws(() => wholeNumber('id', 1.5, 1, 5), RangeError);
  assert.throws(() => wholeNumber('id', '1', 1, 5), { name: 'TypeError', message: 'id is "1"; expected a whole number from 1 to 5' });
  assert.throws(() => wholeNumber('id', undefined, 1, 5), TypeError);
  assert.equal(wholeNumber('id', 5, 1, 5), 5);
});

test('leadership goes to another server', () => {
  assert.equal(anotherServer('to', 2, 5, 'id', 1), 2);
  assert.throws(() => anotherServer('to', 1, 5, 'id', 1), { name: 'RangeError', message: 'to is 1; expected another server than id' });
  assert.throws(() => anotherServer('to', 6, 5, 'id', 1), { name: 'RangeError', message: 'to is 6; expected a whole number from 1 to 5' });
  assert.throws(() => anotherServer('to', '2', 5, 'id', 1), TypeError);
});

test('milliseconds become whole microseconds', () => {
  assert.equal(microseconds('ms', 0.1, 10), 100);
  assert.throws(() => microseconds('ms', -1, 10), RangeError);
  assert.throws(() => microseconds('ms', Number.NaN, 10), RangeError);
  assert.throws(() => microseconds('ms', null, 10), TypeError);
});

test('a value is a text of 1 to 64 characters that can be seen', () => {
  assert.equal(proposal('x=1'), 'x=1');
  assert.equal(proposal('😀'.repeat(64)).length, 128);
  assert.throws(() => proposal(''), /value has 0 characters; expected 1 to 64/);
  assert.throws(() => proposal('a'.repeat(65)), RangeError);
  assert.throws(() => proposal('a\u202eb'), RangeError);
  assert.throws(() => proposal('a\nb'), RangeError);
  assert.throws(() => proposal(7), TypeError);
});

test('groups hold each server at most once', () => {
  assert.deepEqual(groupsOf([[1, 2], [3]], 5), [[1, 2], [3]]);
  assert.throws(() => groupsOf([[1, 2], [2]], 5), /names S2 twice/);
  assert.throws(() => groupsOf([[6]], 5), RangeError);
  assert.throws(() => groupsOf([1], 5), TypeError);
  assert.throws(() => groupsOf('1|2', 5), TypeError);
});

test('members are voters, at least one, and learners, each server once', () => {
  assert.deepEqual(membersOf({ voters: [3, 1] }, 5), { voters: [3, 1], learners: [] });
  assert.deepEqual(membersOf({ voters: [1], learners: [2] }, 5), { voters: [1], learners: [2] });
  const refused = (members: unknown): (() => unknown) => () => membersOf(members, 5);
  assert.throws(refused(null), { name: 'TypeError', message: /members is null; expected \{ voters, learners \}/ });
  assert.throws(refused({}), { name: 'TypeError', message: /voters is undefined; expected an array/ });
  assert.throws(refused({ voters: [] }), { name: 'RangeError', message: /voters is empty; expected at least one/ });
  assert.throws(refused({ voters: [6] }), { name: 'RangeError', message: /voters is 6; expected a whole number from 1 to 5/ });
  assert.throws(refused({ voters: [1], learners: [1] }), { name: 'RangeError', message: /members names S1 twice/ });
});

test('a key is a text without = that can be seen', () => {
  assert.equal(keyToRead('colour'), 'colour');
  assert.throws(() => keyToRead(5), { name: 'TypeError', message: /key is 5/ });
  assert.throws(() => keyToRead(''), { name: 'RangeError', message: /key has 0 characters; expected 1 to 64/ });
  assert.throws(() => keyToRead('a=b'), { name: 'RangeError', message: /key holds a =/ });
  assert.throws(() => keyToRead('a\nb'), { name: 'RangeError', message: /control/ });
});
