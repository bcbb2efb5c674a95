/** After the first visit the page opens without a network; with one, it is what the host has now. */
import { expect, Playground, test } from '../page';

test.use({ serviceWorkers: 'allow' });

test('after the first visit the page opens without a network, with all that it needs to play', async ({ page, context }) => {
  await page.goto('./');
  await new Playground(page).ready();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const sets = await page.evaluate(() => caches.keys());
  expect(sets).toHaveLength(1);
  expect(sets[0]).toMatch(/^raft-playground [0-9a-f]{16}$/);
  await context.setOffline(true);
  await page.goto('./?seed=1#nothing');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  await playground.host.locator('[data-part="scenes"]').click();
  await expect(playground.host.locator('[data-scene]')).toHaveCount(7);
  await page.keyboard.press('Escape');
  await playground.host.locator('[data-part="languages"]').click();
  await playground.host.locator('[data-language="zh-Hans"]').click();
  await expect(playground.host.getByRole('button', { name: '播放' })).toBeVisible();
  await page.goto('embed.html?scenario=figure-7');
  await expect(page.locator('raft-playground .hit-server[data-server="7"]')).toBeVisible();
});

test('with a network the page is what the host has now, not what was kept', async ({ page, context }) => {
  await page.goto('./');
  await new Playground(page).ready();
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await context.route('**/index.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>newer</title>' }));
  await page.goto('index.html');
  await expect(page).toHaveTitle('newer');
});

test('an element in somebody else’s page leaves nothing behind', async ({ page }) => {
  await page.goto('embed.html');
  await page.locator('raft-playground').evaluate((element: import('../page').RaftPlayground) => element.ready);
  await page.waitForTimeout(800);
  expect(await page.evaluate(async () => [(await navigator.serviceWorker.getRegistrations()).length, (await caches.keys()).length])).toEqual([0, 0]);
});
