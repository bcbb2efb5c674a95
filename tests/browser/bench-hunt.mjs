// How soon a search finds out in a browser that a rule of Raft is switched off: in a worker of the page's own, as its panel
// begins it, with the time that passes for whoever waits. Prints a line of JSON for each rule, as `raft-sim explore-rules` does.
//   node bench-hunt.mjs [--seeds N] [--seconds N] [RULE ...]
// Without rules all those of docs/rules.md are searched for, in their order. docs/rules-explored.md is made from what it prints.
import { readFileSync, readdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { withSite } from './site.mjs';

const rest = process.argv.slice(2);
/** @param {string} name @param {number} otherwise */
const option = (name, otherwise) => {
  const at = rest.indexOf(`--${name}`);
  const value = at < 0 ? otherwise : Number(rest.splice(at, 2)[1]);
  if (value > 0) return value;
  console.error('usage: node bench-hunt.mjs [--seeds N] [--seconds N] [RULE ...]');
  return process.exit(1);
};
const seeds = option('seeds', 20);
const seconds = option('seconds', 10);

const root = resolve(import.meta.dirname, '../..');
const table = readFileSync(resolve(root, 'docs/rules.md'), 'utf8');
const all = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, rule]) => rule ?? '');
const rules = rest.length > 0 ? rest : all;
const unknown = rules.filter((rule) => !all.includes(rule));
if (unknown.length > 0) {
  console.error(`${unknown[0]} is no rule of docs/rules.md`);
  process.exit(1);
}

/** The one file of the built site whose name matches. @param {RegExp} name */
const built = (name) => {
  const found = readdirSync(resolve(root, 'dist')).filter((file) => name.test(file));
  if (found.length !== 1) throw new Error(`${found.length} files of dist match ${name}; build the site first (cargo xtask build)`);
  return found[0] ?? '';
};
const files = { script: built(/^worker-\w+\.js$/), wasm: built(/^raft_wasm_explore\w*-\w+\.wasm$/) };

/**
 * Searches for one rule's absence from one seed, in the page.
 * @param {{ files: { script: string, wasm: string }, rule: string, seed: number, giveUpMs: number }} wish
 */
const search = async ({ files, rule, seed, giveUpMs }) => {
  const bench = /** @type {{ module?: WebAssembly.Module }} */ (globalThis);
  bench.module ??= await WebAssembly.compileStreaming(fetch(files.wasm));
  const begun = performance.now();
  const worker = new Worker(files.script, { type: 'module' });
  const ask = { seed, rules_off: [rule], on: 'rule' };
  worker.postMessage({ ask, first: 0, stride: 1, upTo: null, module: bench.module });
  try {
    return await new Promise((done, fail) => {
      let [runs, actions, foundMs, waiting] = [0, 0, 0, 0];
      /** @type {{ property: string | null, steps: readonly string[] }[]} */
      const stories = [];
      worker.onerror = (event) => fail(new Error(event.message));
      worker.onmessage = ({ data }) => {
        const ms = Math.round(performance.now() - begun);
        if (data.kind === 'epoch' && foundMs === 0) {
          runs += data.epoch.runs;
          actions += data.epoch.actions;
          if (data.epoch.found.length === 0) return ms < giveUpMs ? undefined : done({ seed, runs, actions, cpu_ms: ms });
          [foundMs, waiting] = [Math.max(ms, 1), data.epoch.found.length];
          worker.postMessage({ kind: 'limit', epoch: data.epoch.number });
          for (let at = 0; at < waiting; at++) worker.postMessage({ kind: 'tell', epoch: data.epoch.number, at });
        } else if (data.kind === 'story') {
          if (data.story) stories.push(data.story);
          if (--waiting > 0) return;
          const shortest = stories.sort((one, other) => one.steps.length - other.steps.length)[0];
          const found = shortest && { property: shortest.property, steps: shortest.steps.length, shrink_ms: ms - foundMs };
          done({ seed, runs, actions, cpu_ms: foundMs, ...found });
        } else if (data.kind !== 'epoch') fail(new Error(data.message));
      };
    });
  } finally {
    worker.terminate();
  }
};

await withSite(async (browser, address) => {
  console.error(`Chromium ${browser.version()}, ${seeds} seeds, given up after ${seconds} s`);
  const page = await browser.newPage({ bypassCSP: true });
  await page.goto(address);
  for (const rule of rules) {
    const searches = [];
    for (let seed = 0; seed < seeds; seed++) {
      searches.push(await page.evaluate(search, { files, rule, seed, giveUpMs: seconds * 1_000 }));
    }
    console.log(JSON.stringify({ rule, searches }));
  }
});
