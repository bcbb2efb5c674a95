/** The page that is one file, with a run put into it. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { withRun } from '../src/keep/one-file';

const html = readFileSync(join(process.cwd(), 'src/one-file/page.html'), 'utf8');
const link = { bytes: new Uint8Array([1, 250, 255, 62]), time_us: 1_500, events: 2 };

test('a run stands in the page as an attribute, in place of the one before', () => {
  const once = withRun(html, link);
  assert.match(once, /<raft-playground scenario="#r=[\w-]+&amp;t=1500&amp;n=2" keys="page" fragment="page" /);
  assert.equal(withRun(once, link), once);
  assert.equal(once.replace(/scenario="[^"]*"/, 'scenario=""'), html, 'nothing else has changed');
});

test('whatever is handed over as numbers, no sign of HTML gets into the page', () => {
  const evil = { bytes: link.bytes, time_us: '"><script>alert(1)</script>' as unknown as number };
  assert.match(withRun(html, evil), /scenario="#r=[\w-]+&amp;t=scriptalert1script" keys/);
});

test('a page that has no place for a run is refused', () => {
  assert.throws(() => withRun('<p>404</p>', link), /of another kind/);
});
