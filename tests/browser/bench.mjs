// What a frame costs: script time per animation frame while a cluster plays, with the panels open as the page opens them.
//   node bench.mjs [--check]
// With --check a figure over its budget ends in failure. Frame intervals are not judged: without a graphics processor
// they tell of the rasteriser.
import { withSite } from './site.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */

const PLAY_MS = 10_000;
const WARM_UP_MS = 2_000;

/** A leader's heartbeats and their answers fill the links: 2 * followers * delay / heartbeat messages at a time. */
const SCENES = [
  {
    name: '5 servers, 20 messages',
    servers: 5,
    options: { delay_us_min: 45_000, delay_us_max: 55_000, heartbeat_us: 20_000, election_timeout_us_min: 1_500_000, election_timeout_us_max: 3_000_000, clients: 1, client_pause_us: 400_000 },
    // A message takes about a second.
    speed: 0.05,
    p95MsMax: undefined,
  },
  {
    name: '9 servers, 200 messages',
    servers: 9,
    options: { delay_us_min: 230_000, delay_us_max: 270_000, heartbeat_us: 20_000, election_timeout_us_min: 1_500_000, election_timeout_us_max: 3_000_000, clients: 2, client_pause_us: 400_000 },
    speed: 0.25,
    p95MsMax: 4,
  },
];

const DENSITIES = [1, 2];

/** @param {readonly number[]} sorted @param {number} share */
const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;

/**
 * @param {import('@playwright/test').Page} page
 * @param {(typeof SCENES)[number]} scene
 */
async function measure(page, scene) {
  const host = page.locator('raft-playground');
  await host.evaluate((element) => /** @type {RaftPlayground} */ (element).ready);
  await host.evaluate((element, { servers, options, speed }) => {
    const playground = /** @type {RaftPlayground} */ (element);
    playground.setAttribute('measure', '');
    playground.reset({ seed: 1, servers, options });
    // Until somebody leads and the links are full.
    playground.advance(8_000);
    playground.speed = speed;
    playground.play();
  }, scene);
  await page.waitForTimeout(WARM_UP_MS);
  await page.evaluate(() => {
    performance.clearMeasures();
    const long = { count: 0 };
    Object.assign(window, { long });
    new PerformanceObserver((list) => (long.count += list.getEntries().length)).observe({ type: 'longtask' });
  });
  let messages = 0;
  const SAMPLES = 10;
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    await page.waitForTimeout(PLAY_MS / SAMPLES);
    messages += await host.evaluate((element) => /** @type {RaftPlayground} */ (element).state().messages_in_flight.length) / SAMPLES;
  }
  const [frames, long] = await page.evaluate(() => [
    performance.getEntriesByName('raft-frame').map((entry) => entry.duration),
    /** @type {{ long: { count: number } }} */ (/** @type {unknown} */ (window)).long.count,
  ]);
  const sorted = /** @type {number[]} */ (frames).sort((a, b) => a - b);
  return { frames: sorted.length, messages, p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), max: sorted.at(-1) ?? NaN, long };
}

let over = 0;
await withSite(async (browser, address) => {
  console.log('script time per animation frame, in milliseconds, over 10 s of play');
  console.log(`${'scene'.padEnd(26)}density   frames  messages     p50     p95     max  long tasks  budget`);
  for (const scene of SCENES) {
    for (const density of DENSITIES) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, deviceScaleFactor: density });
      // Not the first visit: no hint of the first steps.
      await context.addInitScript(() => localStorage.setItem('raft-playground.visited', '1'));
      const page = await context.newPage();
      await page.goto(address);
      const found = await measure(page, scene);
      await context.close();
      const fails = scene.p95MsMax !== undefined && found.p95 > scene.p95MsMax;
      if (fails) over += 1;
      const ms = (/** @type {number} */ value) => value.toFixed(2).padStart(8);
      console.log(
        `${scene.name.padEnd(26)}${String(density).padStart(7)}${String(found.frames).padStart(9)}${found.messages.toFixed(0).padStart(10)}` +
          `${ms(found.p50)}${ms(found.p95)}${ms(found.max)}${String(found.long).padStart(12)}` +
          `  ${scene.p95MsMax === undefined ? 'none' : `p95 <= ${scene.p95MsMax}: ${fails ? 'over' : 'kept'}`}`,
      );
    }
  }
});
if (over > 0 && process.argv.includes('--check')) process.exitCode = 1;
