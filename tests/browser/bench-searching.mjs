// Script per animation frame while a search goes on in the panel, beside the same with the panel open and no search.
import { availableParallelism } from 'node:os';
import { begin, sceneOf } from './bench-frames.mjs';
import { ms, openPage, quantile, row, table, traced } from './bench-measure.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */
/** @typedef {{ name: string; fields?: Readonly<Record<string, string>>; everything?: boolean; processors?: number }} Kind */

const WARM_UP_MS = 1_500;
/** For as many workers as there are at most. Where there are fewer processors, the page has to wait for its own: that is not judged. */
const PROCESSORS_MAX = 9;

/** @type {readonly Kind[]} */
const KINDS = [
  { name: 'none' },
  { name: 'by chance', fields: { seconds: '600' } },
  { name: 'by chance', fields: { seconds: '600' }, processors: PROCESSORS_MAX },
  { name: 'everything', fields: { seconds: '600', depth: '40', crashes: '2', memory: '160' }, everything: true },
];

/** Opens the panel and starts a search in it that goes on for long. @param {import('@playwright/test').Page} page @param {import('@playwright/test').Locator} host @param {Kind} kind */
async function search(page, host, { fields, everything }) {
  await page.keyboard.press('Shift+B');
  const panel = host.locator('.hunt');
  await panel.locator('[data-part="start"]').waitFor();
  if (!fields) return;
  if (everything) await panel.locator('input[value="everything"]').check();
  await panel.locator('.hunt-more > summary').click();
  for (const [name, value] of Object.entries(fields)) await panel.locator(`input[name="${name}"]`).fill(value);
  await panel.locator('[data-part="start"]').click();
  await panel.locator('.hunt-figures').waitFor();
}

/** @param {import('@playwright/test').Browser} browser @param {string} address @param {number} seconds */
export async function searching(browser, address, seconds) {
  console.log(`\nScript per animation frame over ${seconds} s of play with the panel of searches open, in ms of the page's main thread:\n`);
  table([['servers/messages', ''], ['search', ''], ['workers', 'right'], ['frames', 'right'], ['p50', 'right'], ['p95', 'right'], ['max', 'right'], ['longest task', 'right'], ['main thread', 'right'], ['budget', '']]);
  let over = 0;
  for (const scene of ['9/200', '50/2,000'].map(sceneOf)) {
    for (const kind of KINDS) {
      const { context, page, host, cdp } = await openPage(browser, address, 1, kind.processors);
      await begin(host, scene);
      await search(page, host, kind);
      await host.evaluate((element) => /** @type {RaftPlayground} */ (element).play());
      await page.waitForTimeout(WARM_UP_MS);
      const workers = page.workers().length;
      const found = await traced(cdp, () => page.waitForTimeout(seconds * 1_000));
      const goesOn = page.workers().length === workers;
      await context.close();
      if (!goesOn) throw new Error(`the search ${kind.name} ended while it was measured`);
      const p95 = quantile(found.frames, 0.95);
      const share = found.tasks.reduce((sum, time) => sum + time, 0) / (seconds * 10);
      const kept = p95 <= scene.p95MsMax && found.long === 0;
      const judged = workers < availableParallelism();
      if (judged && !kept) over += 1;
      row([scene.name, kind.name, workers, found.frames.length, ms(quantile(found.frames, 0.5)), ms(p95), ms(Math.max(...found.frames)), ms(Math.max(...found.tasks)), `${share.toFixed(1)} %`, judged ? `p95 <= ${scene.p95MsMax}: ${kept ? 'kept' : 'over'}` : 'more workers than processors: not judged']);
    }
  }
  return over;
}
