// How fast the simulated world lives in a browser, beside the same natively: by turns, in one run.
//   node bench-world.mjs
// Both are built for speed (opt-level 3) and as the page is built (opt-level z).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';

const bench = resolve(import.meta.dirname, '../bench');
const ROUNDS = 9;
const SCENES = /** @type {const} */ ([
  { name: 'idle', number: 0, servers: 5, seconds: 4_000 },
  { name: 'busy', number: 1, servers: 5, seconds: 20 },
]);

/** Builds for a target, and says where the result is. @param {string[]} words @param {string} level */
function build(words, level) {
  const target = process.env['CARGO_TARGET_DIR'] ?? join(bench, 'target');
  const folder = `${target}-${level}`;
  const env = { ...process.env, CARGO_TARGET_DIR: folder, CARGO_PROFILE_RELEASE_OPT_LEVEL: level };
  execFileSync('cargo', ['build', '--release', '--quiet', '--package', 'world-bench', ...words], { cwd: bench, env, stdio: 'inherit' });
  return folder;
}

/** @param {string} level */
const wasm = (level) =>
  readFileSync(join(build(['--lib', '--target', 'wasm32-unknown-unknown'], level), 'wasm32-unknown-unknown/release/world_bench.wasm'));

/** @param {number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? NaN;

const native = join(build(['--bin', 'world-bench'], '3'), 'release/world-bench');
const modules = { '3': wasm('3'), z: wasm('z') };
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
try {
  const page = await browser.newPage({ serviceWorkers: 'block' });
  for (const [level, bytes] of Object.entries(modules)) {
    await page.evaluate(
      async ([level, base64]) => {
        const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
        const { instance } = await WebAssembly.instantiate(bytes);
        Object.assign(window, { [`level_${level}`]: instance.exports });
      },
      /** @type {const} */ ([level, bytes.toString('base64')]),
    );
  }
  console.log('| scene | native, ns an event | wasm, ns | wasm of the page, ns | native / wasm | native / wasm of the page |');
  console.log('| --- | ---: | ---: | ---: | ---: | ---: |');
  for (const { name, number, servers, seconds } of SCENES) {
    /** @type {Record<'native' | '3' | 'z', number[]>} */
    const costs = { native: [], 3: [], z: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const [ns, events] = execFileSync(native, [name, String(servers), String(seconds)]).toString().trim().split(' ').map(Number);
      costs.native.push((ns ?? NaN) / (events ?? NaN));
      for (const level of /** @type {const} */ (['3', 'z'])) {
        const cost = await page.evaluate(
          ({ level, number, servers, seconds }) => {
            const { begin, live } = /** @type {{ begin(scene: number, servers: number): void; live(seconds: number): number }} */ (
              /** @type {Record<string, unknown>} */ (/** @type {unknown} */ (window))[`level_${level}`]
            );
            begin(number, servers);
            const started = performance.now();
            const events = live(seconds);
            return ((performance.now() - started) * 1e6) / events;
          },
          { level, number, servers, seconds },
        );
        costs[level].push(cost);
      }
    }
    const [of, by, small] = [median(costs.native), median(costs['3']), median(costs.z)];
    const ratio = (/** @type {'3' | 'z'} */ level) => median(costs.native.map((ns, round) => ns / (costs[level][round] ?? NaN))).toFixed(2);
    console.log(`| ${name} | ${of.toFixed(0)} | ${by.toFixed(0)} | ${small.toFixed(0)} | ${ratio('3')} | ${ratio('z')} |`);
  }
} finally {
  await browser.close();
}
