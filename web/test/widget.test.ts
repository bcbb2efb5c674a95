import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PARAMETERS } from '../src/embed/parameters';
import { attributeText, TRAITS } from '../src/widget/traits';

test('a trait of a widget is an attribute by the name that Python can write', () => {
  assert.equal(TRAITS.get('start_at'), 'start-at');
  assert.equal(TRAITS.get('scenario'), 'scenario');
  assert.deepEqual([...TRAITS.values()], [...PARAMETERS]);
});

test('values of Python and JSON become the texts of attributes', () => {
  assert.equal(attributeText('servers', 5), '5');
  assert.equal(attributeText('seed', 0), '0');
  assert.equal(attributeText('readonly', true), '');
  assert.equal(attributeText('pause_on', ['election', 'commit']), 'election commit');
  assert.equal(attributeText('range', [null, 2500]), '* 2500');
  assert.equal(attributeText('range', '0 3000'), '0 3000');
  for (const nothing of [null, undefined, false, '', []]) assert.equal(attributeText('scenario', nothing), null);
});

test('a value that no attribute can have is named', () => {
  assert.throws(() => attributeText('scenario', { seed: 7 }), /^TypeError: scenario is \{"seed":7\}; expected a text, a number, true or false/);
  assert.throws(() => attributeText('range', [[1], 2]), /range is \[\[1\],2\]/);
  assert.throws(() => attributeText('seed', Symbol('x')), /seed is Symbol\(x\)/);
});
