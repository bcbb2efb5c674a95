/** How the page and a frame come to be seen: what they need is asked for at once, and what comes late moves nothing that stands there. */
import type { Page } from '@playwright/test';
import { expect, type RaftPlayground, test } from '../page';

const PHONE = { width: 412, height: 823 };

/** Adds up how far things jumped, as browsers reckon it. */
async function watchShifts(page: Page): Promise<() => Promise<number>> {
  type Shifted = Window & { shifted: number };
  await page.addInitScript(() => {
    const here = window as unknown as Shifted;
    here.shifted = 0;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) here.shifted += (entry as PerformanceEntry & { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  return () => page.evaluate(() => (window as unknown as Shifted).shifted);
}

/** Parts that come late come later still. */
async function delay(page: Page, name: string): Promise<void> {
  await page.route(`**/${name}-*.js`, async (route) => {
    await new Promise((done) => setTimeout(done, 400));
    await route.continue();
  });
}

const isThere = (page: Page): Promise<void> => page.locator('raft-playground').evaluate((element: RaftPlayground) => element.ready);

test.describe('on a phone', () => {
  test.use({ viewport: PHONE });

  test.describe('for the first time', () => {
    test.use({ visited: false });

    test('the hint of the first steps is there with all else, and moves nothing', async ({ page }) => {
      const shifted = await watchShifts(page);
      await delay(page, 'hint');
      await page.goto('./');
      await isThere(page);
      await expect(page.locator('.hint')).toBeVisible();
      await page.waitForTimeout(300);
      expect(await shifted()).toBeLessThan(0.01);
    });
  });

  test('a frame with little room has its own look from the beginning', async ({ page }) => {
    const shifted = await watchShifts(page);
    await delay(page, 'bars');
    await page.goto('embed.html?scenario=figure-8');
    await isThere(page);
    await expect(page.locator('raft-playground .slim .controls')).toBeVisible();
    await page.waitForTimeout(300);
    expect(await shifted()).toBeLessThan(0.01);
  });
});

for (const [name, path, engine] of [
  ['the page', './', true],
  ['a frame', 'embed.html', false],
] as const) {
  test(`${name} names what it opens with, and nothing is fetched twice`, async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(path);
    await isThere(page);
    const named = await page.evaluate(() => [...document.querySelectorAll<HTMLLinkElement>('link[rel$="preload"]')].map(({ href }) => href));
    expect(named.some((address) => address.endsWith('.wasm'))).toBe(engine);
    expect(named.some((address) => address.endsWith('.js'))).toBe(true);
    for (const address of named) expect(asked.filter((it) => it === address)).toHaveLength(1);
    // The browser complains of what was fetched for nothing, a while after.
    await page.waitForTimeout(4_000);
  });
}
