// What Lighthouse thinks of the page and of the page for frames, on a desk and on a phone, from a host on this machine: the medians of
// some runs, and what was found wanting. Lighthouse is installed when it is first asked for.
//   node lighthouse.mjs [--check] [--runs N] [--reports FOLDER]
// With --check a score below 95 ends in failure.
import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { row, table } from './bench-measure.mjs';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';
import { withHost } from './host.mjs';
import { fromNpm } from './on-demand.mjs';

const LIGHTHOUSE = '12.2.3';
const SCORE_MIN = 95;
const PAGES = { page: './', frame: 'embed.html?scenario=figure-8' };
const DEVICES = /** @type {const} */ (['desktop', 'mobile']);
const CATEGORIES = /** @type {const} */ (['performance', 'accessibility', 'best-practices']);

/** @typedef {{ score: number | null; title: string; displayValue?: string; numericValue?: number }} Audit */
/** @typedef {{ categories: Record<string, { score: number; auditRefs: { id: string; weight: number }[] }>; audits: Record<string, Audit>; runtimeError?: { message: string } }} Result */
/** @typedef {{ lhr: Result; report: string }} Run */
/** @typedef {(address: string, flags: object, config?: object) => Promise<Run>} Lighthouse */

/** @param {string} name @param {string} otherwise */
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};
const runs = Number(option('runs', '3'));
const reports = option('reports', '');
if (!(runs > 0)) {
  console.error('usage: node lighthouse.mjs [--check] [--runs N] [--reports FOLDER]');
  process.exit(1);
}

/** @param {readonly number[]} numbers */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor((numbers.length - 1) / 2)] ?? NaN;
/** @param {Result} result @param {string} category */
const score = ({ categories }, category) => Math.round((categories[category]?.score ?? 0) * 100);
/** @param {readonly Result[]} results @param {string} audit */
const timeOf = (results, audit) => median(results.map(({ audits }) => Math.round(audits[audit]?.numericValue ?? NaN)));

/** What counts and was found wanting in any run. @param {readonly Result[]} results */
function wanting(results) {
  const found = new Map();
  for (const { categories, audits } of results) {
    for (const category of CATEGORIES) {
      for (const { id, weight } of categories[category]?.auditRefs ?? []) {
        const { score, title, displayValue } = audits[id] ?? { score: null, title: id };
        if (weight > 0 && score !== null && score < 0.9) found.set(id, `${category}: ${title}${displayValue ? ` (${displayValue})` : ''}`);
      }
    }
  }
  return [...found.values()];
}

const modules = await fromNpm(`lighthouse-${LIGHTHOUSE}`, [`lighthouse@${LIGHTHOUSE}`]);
/** @param {string} path */
const load = (path) => import(pathToFileURL(join(modules, path)).href);
/** @type {Lighthouse} */
const lighthouse = (await load('lighthouse/core/index.js')).default;
const { default: desktop } = await load('lighthouse/core/config/desktop-config.js');
const { launch } = await load('chrome-launcher/dist/index.js');

/** @param {string} address @param {(typeof DEVICES)[number]} device @returns {Promise<Run>} */
async function once(address, device) {
  // A browser of its own, so that nothing is kept from the run before.
  const chrome = await launch({ chromePath: chromiumPath(), chromeFlags: ['--headless=new', ...CHROMIUM_ARGS], logLevel: 'silent' });
  try {
    const flags = { port: chrome.port, output: 'html', onlyCategories: CATEGORIES, logLevel: 'error' };
    const run = await lighthouse(address, flags, device === 'desktop' ? desktop : undefined);
    if (run.lhr.runtimeError) throw new Error(`${address}: ${run.lhr.runtimeError.message}`);
    return run;
  } finally {
    await chrome.kill();
  }
}

let below = 0;
/** @type {string[]} */
const notes = [];
await withHost(resolve(import.meta.dirname, process.env['RAFT_TEST_DIST'] ?? '../../dist'), async (host) => {
  table([['page', ''], ['device', ''], ['performance', 'right'], ['accessibility', 'right'], ['best practices', 'right'], ['first paint ms', 'right'], ['largest paint ms', 'right'], ['blocked ms', 'right']]);
  for (const [name, path] of Object.entries(PAGES)) {
    for (const device of DEVICES) {
      /** @type {Result[]} */
      const results = [];
      for (let at = 1; at <= runs; at += 1) {
        const { lhr, report } = await once(new URL(path, host).href, device);
        results.push(lhr);
        if (!reports) continue;
        await mkdir(reports, { recursive: true });
        await writeFile(join(reports, `${name}-${device}-${at}.html`), report);
      }
      const scores = CATEGORIES.map((category) => median(results.map((result) => score(result, category))));
      below += scores.filter((it) => it < SCORE_MIN).length;
      row([name, device, ...scores, timeOf(results, 'first-contentful-paint'), timeOf(results, 'largest-contentful-paint'), timeOf(results, 'total-blocking-time')]);
      notes.push(...wanting(results).map((note) => `${name}, ${device}: ${note}`));
    }
  }
});
console.log(`\n${notes.length === 0 ? 'Nothing was found wanting.' : `Found wanting:\n${notes.join('\n')}`}`);
console.log(`\n${below === 0 ? `All scores are ${SCORE_MIN} or more.` : `${below} below ${SCORE_MIN}.`}`);
if (below > 0 && process.argv.includes('--check')) process.exitCode = 1;
