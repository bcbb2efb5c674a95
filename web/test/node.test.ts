import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const here = join(process.cwd(), '..');

function run(...words: string[]): string[] {
  assert.ok(existsSync(join(here, 'web/pkg/raft_wasm_bg.wasm')), '`cargo xtask build` leaves the wasm in web/pkg');
  return execFileSync(process.execPath, [join(here, 'examples/node/run.mjs'), ...words], { encoding: 'utf8' }).trim().split('\n');
}

test('the example for Node.js runs a cluster from leader to leader, the same each time', () => {
  const lines = run();
  const [, first] = /^\d+\.\d{3} ms: S([1-5]) leads term 1$/.exec(lines[0] ?? '') ?? assert.fail(lines[0]);
  assert.match(lines[1] ?? '', new RegExp(String.raw`^\d+\.\d{3} ms: S${first} has committed up to index 2, and holds \{"x":"1"\}$`));
  assert.match(lines[2] ?? '', new RegExp(`: S${first} crashes$`));
  const [, next] = /: S([1-5]) leads term [2-9]$/.exec(lines[3] ?? '') ?? assert.fail(lines[3]);
  assert.notEqual(next, first);
  assert.match(lines[4] ?? '', /fingerprint is [0-9a-f]{16},/);
  assert.deepEqual(run(), lines);
});
