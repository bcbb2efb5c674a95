/** What is documented for those who embed the element is so. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { ACTIONS, keyText } from '../src/actions';
import { lookFor } from '../src/embed/look';
import { PARAMETERS } from '../src/embed/parameters';
import { readPauses, readRange } from '../src/embed/settings';
import { customProperties, DARK, LIGHT, worn } from '../src/theme';

const page = (name: string): string => readFileSync(join(process.cwd(), `../docs/embed/${name}.md`), 'utf8');

test('every attribute that an address may set is documented', () => {
  const text = page('attributes');
  for (const name of PARAMETERS) assert.ok(text.includes(`\`${name}\``), name);
});

test('every colour of the theme is documented as a custom property', () => {
  const text = page('styling');
  for (const [name] of customProperties(LIGHT).matchAll(/--[\w-]+/g)) assert.ok(text.includes(`\`${name}\``), name);
});

test('every key is documented with what it does', () => {
  const lines = ACTIONS.map((it) => `| ${it.keys.map(keyText).join(', ')} | ${it.tells} |`);
  const text = page('keys');
  for (const line of lines) assert.ok(text.includes(line), `docs/embed/keys.md lacks this line:\n${line}`);
  assert.equal(text.match(/^\| .* \|$/gm)?.length, lines.length + 2, 'and no other');
});

test('every method and event of the types is documented', () => {
  const types = readFileSync(join(process.cwd(), 'src/raft-playground.d.ts'), 'utf8');
  const element = types.slice(types.indexOf('export declare class'), types.indexOf('addEventListener<'));
  const text = page('methods');
  const methods = [...element.matchAll(/^ {2}(\w+)\(/gm)].map(([, name]) => name as string);
  assert.ok(methods.length > 35, `${methods.length} methods were found`);
  for (const name of methods) assert.match(text, new RegExp(`\`${name}\\(`), name);
  const events = types.slice(types.indexOf('interface RaftPlaygroundEventMap'));
  for (const [, name = ''] of events.slice(0, events.indexOf('\n}')).matchAll(/^ {2}(\w+): CustomEvent/gm)) assert.ok(text.includes(`\`${name}\``), name);
});

test('a range has a first and a last moment, of which one may be open', () => {
  assert.deepEqual(readRange('100 2500.5'), { firstUs: 100_000, lastUs: 2_500_500 });
  assert.deepEqual(readRange(' *  7 '), { firstUs: 0, lastUs: 7_000 });
  assert.deepEqual(readRange('7 *'), { firstUs: 7_000, lastUs: Infinity });
  assert.deepEqual(readRange(null), { firstUs: 0, lastUs: Infinity });
  for (const bad of ['', '5', '5 6 7', '7 5', '-1 5', 'a b', '0 1e9']) assert.throws(() => readRange(bad), /range is /, bad);
});

test('what stops time is named', () => {
  assert.equal(readPauses(null), 0);
  assert.equal(readPauses('election, commit'), readPauses('commit') | readPauses('election'));
  assert.throws(() => readPauses('toString'), /pause-on names "toString"; expected some of election, commit, violation/);
});

test('there is as much around the stage as there is room for, or as was asked for', () => {
  assert.equal(lookFor(null, 1_000, 700), 'full');
  assert.equal(lookFor('auto', 640, 420), 'slim');
  assert.equal(lookFor('nonsense', 1_200, 400), 'slim');
  // A phone on which everything stands below each other.
  assert.equal(lookFor(null, 390, 1_900), 'full');
  assert.equal(lookFor('full', 10, 10), 'full');
  assert.equal(lookFor('none', 1_000, 700), 'none');
});

test('a page’s own colours are taken where they are such, and nothing else is', () => {
  const given = (values: Record<string, string>) => ({ getPropertyValue: (name: string) => values[name] ?? '' });
  assert.deepEqual(worn(DARK, given({ '--on-accent': ' #ABCDEF ', '--stage': 'url(x)', '--ink': 'red' })), { ...DARK, onAccent: '#ABCDEF' });
});
