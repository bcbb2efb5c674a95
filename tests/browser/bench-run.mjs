// Seeking, 100x speed, rest, memory and the first sight of a moving cluster.
import { begin, sceneOf } from './bench-frames.mjs';
import { heapBytes, ms, openPage, quantile, row, table, traced, wasmBytes } from './bench-measure.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */
/** @typedef {import('@playwright/test').Browser} Browser */

const SEEK_MS_MAX = 50;
const SEEKS = 200;
const RUN_MS = 600_000;

/** @param {Browser} browser @param {string} address */
export async function seek(browser, address) {
  const { context, page, host, cdp } = await openPage(browser, address);
  await host.evaluate((element, runMs) => {
    const playground = /** @type {RaftPlayground} */ (element);
    playground.reset({ seed: 1, servers: 5, options: { clients: 2 } });
    playground.advance(runMs);
  }, RUN_MS);
  await page.waitForTimeout(1_000);
  /** @type {number[]} */
  let times = [];
  const { tasks } = await traced(cdp, async () => {
    times = await host.evaluate(
      async (element, { runMs, seeks }) => {
        const playground = /** @type {RaftPlayground} */ (element);
        const times = [];
        for (let at = 1; at <= seeks; at += 1) {
          // Everywhere, in no order; each in a task of its own.
          await new Promise((done) => setTimeout(done));
          const began = performance.now();
          playground.seek(((at * 7_919) % seeks) * (runMs / seeks));
          times.push(performance.now() - began);
          await new Promise(requestAnimationFrame);
        }
        return times;
      },
      { runMs: RUN_MS, seeks: SEEKS },
    );
  });
  await context.close();
  const most = Math.max(...tasks);
  console.log(`\nTo go to a moment of a run of ten minutes (5 servers, 2 clients), ${SEEKS} times: by the clock p50 ${ms(quantile(times, 0.5))} ms, p95 ${ms(quantile(times, 0.95))} ms, at most ${ms(Math.max(...times))} ms; the longest task took the main thread ${ms(most)} ms (budget ${SEEK_MS_MAX}: ${most <= SEEK_MS_MAX ? 'kept' : 'over'})`);
  return most <= SEEK_MS_MAX ? 0 : 1;
}

/** @param {Browser} browser @param {string} address @param {number} seconds */
export async function fast(browser, address, seconds) {
  console.log(`\nAt 100 times the speed of time, over ${seconds} s: animation frames beside those of the same page at rest, and what it says of its speed:\n`);
  table([['servers/messages', ''], ['frames', 'right'], ['at rest', 'right'], ['script p95', 'right'], ['longest task', 'right'], ['virtual s a second', 'right'], ['says', '']]);
  let over = 0;
  for (const name of ['9/200', '50/2,000']) {
    const { context, page, host, cdp } = await openPage(browser, address);
    await begin(host, { ...sceneOf(name), speed: 100 });
    const count = () =>
      page.evaluate(async (wait) => {
        let frames = 0;
        for (const until = performance.now() + wait; performance.now() < until; frames += 1) await new Promise(requestAnimationFrame);
        return frames;
      }, seconds * 1_000);
    const resting = await count();
    const before = await host.evaluate((element) => (/** @type {RaftPlayground} */ (element).play(), /** @type {RaftPlayground} */ (element).time));
    let playing = 0;
    const { frames, tasks, long } = await traced(cdp, async () => (playing = await count()));
    const after = await host.evaluate((element) => /** @type {RaftPlayground} */ (element).time);
    const slowed = host.locator('.slowed');
    const says = (await slowed.count()) > 0 ? ((await slowed.textContent()) ?? '').trim() : 'nothing';
    await context.close();
    const reached = (after - before) / (seconds * 1_000);
    // Where time falls behind, it has to say so.
    const kept = long === 0 && (reached > 95 || says !== 'nothing');
    if (!kept) over += 1;
    // Two scripts run in each frame: the page's and the one that counts.
    row([name, playing, resting, ms(quantile(frames.filter((time) => time > 0.05), 0.95)), ms(Math.max(...tasks)), reached.toFixed(2), `${says}: ${kept ? 'kept' : 'over'}`]);
  }
  return over;
}

const REST_CPU_SHARE_MAX = 0.01;

/** @param {Browser} browser @param {string} address @param {number} seconds */
export async function rest(browser, address, seconds) {
  const { context, page, host, cdp } = await openPage(browser, address);
  await begin(host, sceneOf('9/200'));
  /** @param {string} when */
  const measure = async (when) => {
    // What was said is taken away after a while.
    await page.waitForTimeout(8_000);
    const { frames, tasks } = await traced(cdp, () => page.waitForTimeout(seconds * 1_000));
    const share = tasks.reduce((sum, time) => sum + time, 0) / (seconds * 1_000);
    const kept = frames.length === 0 && share <= REST_CPU_SHARE_MAX;
    console.log(`${when}: ${frames.length} animation frames in ${seconds} s${frames.length === 0 ? '' : `, ${(share * 100).toFixed(2)} % of a processor`} (${kept ? 'kept' : 'over'})`);
    return kept ? 0 : 1;
  };
  console.log('');
  let over = await measure('Paused');
  await host.evaluate((element) => /** @type {RaftPlayground} */ (element).play());
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  over += await measure('Playing, hidden');
  await context.close();
  return over;
}

/** Beside what the run itself takes, which grows with it and is thinned out at 64 MiB. */
const GROWTH_MAX = 0.05;

/** @param {Browser} browser @param {string} address @param {number} minutes */
export async function memory(browser, address, minutes) {
  const { context, page, host, cdp } = await openPage(browser, address);
  await begin(host, { ...sceneOf('9/200'), speed: 1 });
  await host.evaluate((element) => /** @type {RaftPlayground} */ (element).play());
  console.log(`\nMemory over ${minutes} minutes of play at the speed of time (9 servers, 200 messages):\n`);
  table([['after minutes', 'right'], ['virtual s', 'right'], ['wasm MiB', 'right'], ['page MiB', 'right']]);
  /** @type {number[]} */
  const wasm = [];
  for (let at = 0; at <= 10; at += 1) {
    const virtual = await host.evaluate((element) => /** @type {RaftPlayground} */ (element).time / 1_000);
    const [bytes, heap] = [await wasmBytes(cdp), await heapBytes(cdp)];
    wasm.push(bytes);
    row([((at * minutes) / 10).toFixed(1), virtual.toFixed(0), (bytes / 2 ** 20).toFixed(1), (heap / 2 ** 20).toFixed(1)]);
    if (at < 10) await page.waitForTimeout((minutes * 60_000) / 10);
  }
  await context.close();
  const [half = 0, end = 0] = [wasm[5], wasm[10]];
  const kept = end <= half * (1 + GROWTH_MAX);
  console.log(`\nIn the second half wasm grew by ${(((end - half) / half) * 100).toFixed(1)} % (${kept ? 'kept' : 'over'}: at most ${GROWTH_MAX * 100} %)`);
  return kept ? 0 : 1;
}

const FIRST_MS_MAX = 1_000;

/** @param {Browser} browser @param {string} address */
export async function first(browser, address) {
  /** @type {number[]} */
  const moving = [];
  /** @type {number[]} */
  const painted = [];
  for (let round = 0; round < 5; round += 1) {
    const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 800 } });
    const page = await context.newPage();
    const cdp = await context.newCDPSession(page);
    await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await context.addInitScript(() => {
      addEventListener('DOMContentLoaded', async () => {
        await customElements.whenDefined('raft-playground');
        const playground = /** @type {RaftPlayground} */ (document.querySelector('raft-playground'));
        await playground.ready;
        playground.play();
        while (playground.time === 0) await new Promise(requestAnimationFrame);
        // Painted with the next one.
        requestAnimationFrame(() => performance.mark('moving'));
      });
    });
    await page.goto(address);
    await page.waitForFunction(() => performance.getEntriesByName('moving').length > 0);
    moving.push(await page.evaluate(() => performance.getEntriesByName('moving')[0]?.startTime ?? NaN));
    painted.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? NaN));
    await context.close();
  }
  const median = quantile(moving, 0.5);
  console.log(`\nCold, at a quarter of the processor's speed, 5 times: first paint after ${painted.map((time) => time.toFixed(0)).join(', ')} ms, a moving cluster after ${moving.map((time) => time.toFixed(0)).join(', ')} ms (budget ${FIRST_MS_MAX}: ${median <= FIRST_MS_MAX ? 'kept' : 'over'} by the median)`);
  return median <= FIRST_MS_MAX ? 0 : 1;
}
