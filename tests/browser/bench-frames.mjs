// Script per animation frame with each view open, and per scroll event in the logs.
import { ms, openPage, quantile, row, table, traced } from './bench-measure.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */

const WARM_UP_MS = 1_500;

/** A leader's heartbeats and their answers fill the links: 2 * followers * delay / heartbeat messages at a time. */
const SCENES = [
  { name: '5/20', servers: 5, delayMs: 50, clients: 1, speed: 0.05, p95MsMax: 4 },
  { name: '9/200', servers: 9, delayMs: 250, clients: 2, speed: 0.25, p95MsMax: 4 },
  { name: '50/2,000', servers: 50, delayMs: 410, clients: 2, speed: 0.25, p95MsMax: 8 },
];
/** The logs are always to be seen beside these. */
const VIEWS = ['events', 'server', 'diagram', 'checks', 'clients', 'faults'];

/** Starts a scene and lives it until somebody leads and the links are full. @param {import('@playwright/test').Locator} host @param {(typeof SCENES)[number]} scene */
export const begin = (host, { servers, delayMs, clients, speed }) =>
  host.evaluate(
    (element, { servers, delayMs, clients, speed }) => {
      const playground = /** @type {RaftPlayground} */ (element);
      const timeout = { election_timeout_us_min: 1_500_000, election_timeout_us_max: 3_000_000, heartbeat_us: 20_000 };
      const delay = { delay_us_min: delayMs * 900, delay_us_max: delayMs * 1_100 };
      playground.reset({ seed: 1, servers, options: { ...timeout, ...delay, clients, client_pause_us: 400_000 } });
      playground.advance(8_000);
      playground.speed = speed;
    },
    { servers, delayMs, clients, speed },
  );

export const sceneOf = (/** @type {string} */ name) => /** @type {(typeof SCENES)[number]} */ (SCENES.find((scene) => scene.name === name));

/** @param {import('@playwright/test').Browser} browser @param {string} address @param {number} seconds */
export async function frames(browser, address, seconds) {
  console.log(`\nScript per animation frame over ${seconds} s of play, in ms of the page's main thread; logs and stage are always to be seen:\n`);
  table([['servers/messages', ''], ['view', ''], ['density', 'right'], ['messages', 'right'], ['frames', 'right'], ['p50', 'right'], ['p95', 'right'], ['max', 'right'], ['longest task', 'right'], ['budget', '']]);
  let over = 0;
  for (const scene of SCENES) {
    for (const [view, density] of /** @type {[string, number][]} */ ([...VIEWS.map((view) => [view, 1]), ['events', 2]])) {
      const { context, page, host, cdp } = await openPage(browser, address, density);
      await begin(host, scene);
      await page.keyboard.press('1');
      await host.locator(`#tab-${view}`).click();
      await host.evaluate((element) => /** @type {RaftPlayground} */ (element).play());
      await page.waitForTimeout(WARM_UP_MS);
      const found = await traced(cdp, () => page.waitForTimeout(seconds * 1_000));
      const messages = await host.evaluate((element) => /** @type {RaftPlayground} */ (element).state().messages_in_flight.length);
      await context.close();
      const p95 = quantile(found.frames, 0.95);
      const kept = p95 <= scene.p95MsMax && found.long === 0;
      if (!kept) over += 1;
      row([scene.name, view, density, messages, found.frames.length, ms(quantile(found.frames, 0.5)), ms(p95), ms(Math.max(...found.frames)), ms(Math.max(...found.tasks)), `p95 <= ${scene.p95MsMax}: ${kept ? 'kept' : 'over'}`]);
    }
  }
  return over;
}

/** What is scrolled by in each frame, in pixels: slowly, by a wheel, by a fling, and over the whole log. */
const SPEEDS = /** @type {const} */ ([['sideways', 13], ['sideways', 130], ['sideways', 1_300], ['sideways', 13_000], ['down', 8], ['down', 40], ['down', 200]]);
const SCROLL_P95_MS_MAX = 8;
const FRAMES = 120;

/** @param {import('@playwright/test').Browser} browser @param {string} address */
export async function logs(browser, address) {
  const { context, page, host, cdp } = await openPage(browser, address);
  const last = await host.evaluate((element) => {
    const playground = /** @type {RaftPlayground} */ (element);
    const servers = Array.from({ length: 50 }, (_, at) => ({ server: at + 1, log: /** @type {const} */ ([[1, 1_000]]), ...(at === 0 ? { role: /** @type {const} */ ('leader') } : {}) }));
    const options = { clients: 200, client_pause_us: 1_000, client_retries: false, entries_per_append_max: 1_000, entries_in_flight_max: 10_000 };
    playground.reset({ servers: 50, seed: 1, options, initial: { servers } });
    for (let i = 0; i < 25; i += 1) playground.advance(100);
    return Math.max(...playground.state().servers.map(({ log }) => log.length));
  });
  await page.waitForTimeout(500);
  console.log(`\nScript per scroll event in the logs of 50 servers x ${last} entries, in ms of the page's main thread:\n`);
  table([['way', ''], ['pixels a frame', 'right'], ['events', 'right'], ['p50', 'right'], ['p95', 'right'], ['max', 'right'], ['longest task', 'right'], ['budget', '']]);
  let over = 0;
  for (const [way, speed] of SPEEDS) {
    const { scrolls, tasks, long } = await traced(cdp, () =>
      host.evaluate(
        async (element, { way, speed, frames }) => {
          const scroller = /** @type {Element} */ (element.shadowRoot?.querySelector('.logs-scroll'));
          const most = way === 'sideways' ? scroller.scrollWidth - scroller.clientWidth : scroller.scrollHeight - scroller.clientHeight;
          let [at, by] = [0, Number(speed)];
          for (let i = 0; i < frames; i += 1) {
            if (at + by > most || at + by < 0) by = -by;
            at += by;
            if (way === 'sideways') scroller.scrollLeft = at;
            else scroller.scrollTop = at;
            await new Promise(requestAnimationFrame);
          }
        },
        { way, speed, frames: FRAMES },
      ),
    );
    const p95 = quantile(scrolls, 0.95);
    const kept = p95 <= SCROLL_P95_MS_MAX && long === 0;
    if (!kept) over += 1;
    row([way, speed, scrolls.length, ms(quantile(scrolls, 0.5)), ms(p95), ms(Math.max(...scrolls)), ms(Math.max(...tasks)), `p95 <= ${SCROLL_P95_MS_MAX}: ${kept ? 'kept' : 'over'}`]);
  }
  await context.close();
  return over;
}
