import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { PROPERTIES } from '../src/lang/en/properties';
import { propertySays } from '../src/properties';

test('every property that is checked has its name and its words', () => {
  const source = readFileSync('../raft-sim/src/checkers/property.rs', 'utf8');
  const checked = [...source.matchAll(/^ {4}(\w+) = "([^"]+)", "[^"]+";$/gm)].map(([, property, name]) => [
    String(property).replace(/(?<!^)[A-Z]/g, '_$&').toLowerCase(),
    name,
  ]);
  assert.ok(checked.length >= 15);
  assert.deepEqual(Object.entries(PROPERTIES.list).map(([property, [name]]) => [property, name]), checked);
  for (const [name, says] of Object.values(PROPERTIES.list)) {
    assert.match(says, /^[A-Z].*\.$/);
    assert.equal(propertySays(name), says);
  }
});
