// What the page costs, held against its budgets. Times are those of the page's main thread itself where that can be had, so other
// programs on the machine matter little; frame intervals are not judged, as without a graphics processor they tell of the rasteriser.
//   node bench.mjs [--check] [--only PART,...] [--seconds N] [--minutes N]
// Parts:
//   frames   script per animation frame with each view open: 5/20, 9/200 and 50/2,000 (servers/messages)
//   searching  the same while a search goes on in its panel, by chance and through everything, beside the panel at rest
//   logs     script per scroll event in the logs of 50 servers with thousands of entries
//   seek     going anywhere in a run of ten minutes
//   fast     100 times the speed of time: whether the page keeps drawing and says that it is slowed
//   rest     paused, and playing while nobody sees it: no animation frame, no processor
//   memory   of wasm and page over some minutes of play (--minutes, 10 if left out)
//   first    from a cold start at a quarter of the processor's speed to a cluster that moves
// With --check a figure over its budget ends in failure.
import { frames, logs } from './bench-frames.mjs';
import { machine } from './bench-measure.mjs';
import { fast, first, memory, rest, seek } from './bench-run.mjs';
import { searching } from './bench-searching.mjs';
import { withSite } from './site.mjs';

/** @param {string} name @param {string} otherwise */
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise);
};

const seconds = Number(option('seconds', '10'));
const minutes = Number(option('minutes', '10'));

/** @type {Record<string, (browser: import('@playwright/test').Browser, address: string) => Promise<number>>} */
const PARTS = {
  frames: (browser, address) => frames(browser, address, seconds),
  searching: (browser, address) => searching(browser, address, seconds),
  logs,
  seek,
  fast: (browser, address) => fast(browser, address, seconds),
  rest: (browser, address) => rest(browser, address, seconds),
  first,
  memory: (browser, address) => memory(browser, address, minutes),
};
const wanted = option('only', Object.keys(PARTS).join(',')).split(',');
const unknown = wanted.filter((name) => !(name in PARTS));
if (unknown.length > 0 || !(seconds > 0) || !(minutes > 0)) {
  console.error(`usage: node bench.mjs [--check] [--only ${Object.keys(PARTS).join(',')}] [--seconds N] [--minutes N]`);
  process.exit(1);
}

let over = 0;
await withSite(async (browser, address) => {
  console.log(`${machine()}, Chromium ${browser.version()}`);
  for (const name of wanted) over += (await PARTS[name]?.(browser, address)) ?? 0;
});
console.log(`\n${over === 0 ? 'All budgets are kept.' : `${over} over their budgets.`}`);
if (over > 0 && process.argv.includes('--check')) process.exitCode = 1;
