import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Playground, test } from '../page';

const controls = (playground: Playground) => playground.host.locator('.controls');
const shown = (playground: Playground) => controls(playground).getByRole('status');

/** Two bookmarks; the run stands at the second. */
async function marked(playground: Playground): Promise<number[]> {
  await playground.elect();
  await playground.press('b');
  const first = await playground.time();
  await playground.advance(300);
  await playground.press('b');
  return [first, await playground.time()];
}

test('the stage is shown large with few controls, and one key goes from bookmark to bookmark', async ({ playground }) => {
  const [first, second] = await marked(playground);
  const before = await playground.stage.boundingBox();
  await playground.press('P');
  await expect(playground.host.locator('header')).toHaveCount(0);
  await expect(playground.host.getByRole('tablist')).toHaveCount(0);
  await expect(playground.valueField).toHaveCount(0);
  await expect(controls(playground).getByRole('button')).toHaveCount(4);
  await expect(controls(playground).locator('[data-action="play"]')).toBeFocused();
  await expect(playground.notice).toContainText('go from bookmark to bookmark');
  await expect.poll(async () => (await playground.stage.boundingBox())?.width).toBeGreaterThan((before?.width ?? 0) * 1.3);
  await expect(shown(playground)).toHaveText(/^2 of 2: S\d leads, /);
  await playground.press('PageUp');
  expect(await playground.time()).toBe(first);
  await expect(shown(playground)).toHaveText(/^1 of 2: /);
  await playground.press('PageDown');
  expect(await playground.time()).toBe(second);
  await playground.press('PageDown');
  await expect(playground.notice).toContainText('No bookmark comes after this moment');
  // What is done to the run is done as ever.
  await playground.advance(20);
  await expect(shown(playground)).toHaveText('2 bookmarks');
  await playground.press('1');
  await playground.press('c');
  expect((await playground.serverState(1)).up).toBe(false);
  await playground.press('Escape');
  await expect(playground.host.locator('header')).toBeVisible();
  await expect(playground.host.getByRole('tablist')).toBeVisible();
  await expect(controls(playground).locator('[data-action="play"]')).toBeFocused();
  // Elsewhere those keys belong to the browser.
  const time = await playground.time();
  await playground.press('PageUp');
  expect(await playground.time()).toBe(time);
  await playground.expectReplayable();
});

test('it begins from the sheet for sharing and ends by its button; without bookmarks it says how to set one', async ({ playground, page }) => {
  await playground.host.getByRole('button', { name: 'Share', exact: true }).click();
  await playground.host.locator('dialog.share').getByRole('button', { name: 'Present', exact: true }).click();
  await expect(playground.host.locator('dialog')).toHaveCount(0);
  await expect(shown(playground)).toHaveText('No bookmark yet: B sets one, or the ribbon.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  await playground.press('p');
  await expect(playground.host.locator('header')).toHaveCount(0);
  await controls(playground).getByRole('button', { name: 'Leave', exact: true }).click();
  await expect(playground.host.locator('header')).toBeVisible();
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('all of it has room at 320 pixels', async ({ playground, page }) => {
    await marked(playground);
    await playground.press('P');
    await expect(shown(playground)).toHaveText(/^2 of 2: /);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
    const bar = await controls(playground).boundingBox();
    expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual(640);
  });
});
