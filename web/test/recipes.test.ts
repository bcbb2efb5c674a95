/** What docs/recipes.md shows is what lies in examples/recipes and is tested from there. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const root = join(process.cwd(), '..');
const folder = 'examples/recipes';

function* files(below: string): Generator<string> {
  for (const entry of readdirSync(join(root, below), { withFileTypes: true })) {
    if (entry.isDirectory()) yield* files(`${below}/${entry.name}`);
    else yield `${below}/${entry.name}`;
  }
}

test('each recipe is shown as it lies there, and none is left out', () => {
  const text = readFileSync(join(root, 'docs/recipes.md'), 'utf8');
  const shown = new Map([...text.matchAll(/^\[`([^`]+)`\]\(\.\.\/\1\)\n\n(`{3,})\w+\n(.*?\n)\2$/gms)].map(([, file = '', , block]) => [file, block]));
  const all = [...files(folder)].sort();
  assert.deepEqual([...shown.keys()].sort(), all);
  for (const file of all) assert.equal(shown.get(file), readFileSync(join(root, file), 'utf8'), file);
});
