/** How the element behaves in somebody else's page: it costs nothing unseen, and takes nothing that it was not given. */
import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';
import { withTabs } from '../tabs';

const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const SCRIPT = '<script type="module" src="raft-playground.js"></script>';

const modulesAsked = (page: Page): string[] => {
  const asked: string[] = [];
  page.on('request', (request) => {
    if (request.url().endsWith('.wasm')) asked.push(request.url());
  });
  return asked;
};

test('an element far below is fetched for once somebody comes near, and three share one module', async ({ page }) => {
  const asked = modulesAsked(page);
  await openHostPage(page, `${SCRIPT}<p style="height: 4000px">long notes</p>${'<raft-playground style="height: 500px"></raft-playground>'.repeat(3)}`);
  await page.waitForLoadState('networkidle');
  expect(asked).toEqual([]);
  await page.evaluate(() => scrollTo(0, 3_000));
  await expect.poll(() => page.evaluate(() => Promise.all([...document.querySelectorAll('raft-playground')].slice(0, 2).map((element) => element.ready.then(() => element.time))))).toEqual([0, 0]);
  await page.evaluate(() => scrollTo(0, 9_000));
  await new Playground(page, 'raft-playground:last-of-type').ready();
  expect(asked).toHaveLength(1);
});

test('an element that is to be there at once is, wherever it stands', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}<p style="height: 4000px">long notes</p><raft-playground loading="eager" style="height: 500px"></raft-playground>`);
  await page.locator('raft-playground').evaluate((element: RaftPlayground) => element.ready);
  expect(await page.evaluate(() => scrollY)).toBe(0);
});

test('a host that serves wasm as something else costs no more than that', async ({ page }) => {
  await page.route('**/*.wasm', async (route) => route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'application/octet-stream' } }));
  await openHostPage(page, `${SCRIPT}<raft-playground></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
});

test('out of sight time rests, and goes on when somebody looks again', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}<raft-playground autoplay speed="1" style="height: 500px"></raft-playground><p style="height: 4000px">long notes</p>`);
  const playground = new Playground(page);
  await expect.poll(() => playground.time()).toBeGreaterThan(20);
  await page.evaluate(() => scrollTo(0, 3_000));
  await page.waitForTimeout(150);
  const rested = await playground.time();
  await page.waitForTimeout(400);
  expect(await playground.time()).toBe(rested);
  expect(await playground.call((element) => element.playing)).toBe(true);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => playground.time()).toBeGreaterThan(rested);
});

/** How long scripts of a page's process ran within a second, in milliseconds. */
async function scriptTime(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable');
  const ran = async (): Promise<number> => ((await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN) * 1_000;
  const before = await ran();
  await new Promise((done) => setTimeout(done, 1_000));
  return (await ran()) - before;
}

for (const [name, path] of [
  ['the page', './'],
  ['a frame', 'framed.html'],
] as const) {
  test(`${name} in a tab behind another rests and costs nothing, and goes on when it is seen again`, async ({ baseURL }) => {
    await withTabs(async (context) => {
      const page = await context.newPage();
      await page.route('**/framed.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>Course notes</title><iframe title="Raft" width="640" height="480" src="embed.html?servers=5"></iframe>' }));
      await page.goto(new URL(path, baseURL).href);
      const element = (path === './' ? page : page.frameLocator('iframe')).locator('raft-playground');
      const time = (): Promise<number> => element.evaluate((it: RaftPlayground) => it.time);
      const isHidden = (): Promise<boolean> => page.evaluate(() => document.hidden);
      await element.evaluate(async (it: RaftPlayground) => {
        await it.ready;
        it.speed = 1;
        it.play();
      });
      await expect.poll(time).toBeGreaterThan(1);
      expect(await scriptTime(page), 'seen').toBeGreaterThan(2);
      const other = await context.newPage();
      await other.bringToFront();
      await expect.poll(isHidden).toBe(true);
      const rested = await time();
      expect(await scriptTime(page), 'hidden').toBeLessThan(0.5);
      expect(await time()).toBe(rested);
      expect(await element.evaluate((it: RaftPlayground) => it.playing), 'it rests, but is not paused').toBe(true);
      const back = Date.now();
      await page.bringToFront();
      await expect.poll(isHidden).toBe(false);
      await expect.poll(time).toBeGreaterThan(rested);
      // What nobody saw is not made up for.
      expect((await time()) - rested).toBeLessThan(Date.now() - back + 50);
    });
  });
}

test('what was set before the element was one is kept', async ({ page }) => {
  await openHostPage(page, '<raft-playground style="height: 500px"></raft-playground>');
  await page.evaluate(async () => {
    const element = document.querySelector('raft-playground') as RaftPlayground;
    Object.assign(element, { speed: 0.5, servers: 3, startAt: '250', readonly: true });
    const script = document.createElement('script');
    script.type = 'module';
    script.src = 'raft-playground.js';
    document.head.append(script);
  });
  const playground = new Playground(page);
  await page.evaluate(() => customElements.whenDefined('raft-playground').then(() => undefined));
  await playground.ready();
  expect(await playground.call((element) => [element.speed, element.servers, element.time, element.readonly])).toEqual([0.5, 3, 250, true]);
  for (const [name, value] of [['servers', '3'], ['start-at', '250'], ['readonly', '']] as const) await expect(playground.host).toHaveAttribute(name, value);
});

test('imported where there is no browser, it defines nothing and breaks nothing', async () => {
  for (const name of ['raft-playground.js', 'raft-playground.iife.js']) {
    const address = pathToFileURL(resolve(DIST, name)).href;
    const { stdout } = await promisify(execFile)(process.execPath, ['-e', `import(${JSON.stringify(address)}).then((it) => console.log(typeof it.RaftPlayground, typeof customElements))`]);
    expect(stdout.trim(), name).toBe(name.includes('iife') ? 'undefined undefined' : 'function undefined');
  }
});

test('those who print see what stands between the tags, or else the moment; on the screen neither', async ({ page }) => {
  await openHostPage(
    page,
    `${SCRIPT}<raft-playground id="one" style="height: 500px"><p id="told">Five servers, and S1 leads.</p></raft-playground><raft-playground id="two" style="height: 500px"><noscript>no script</noscript></raft-playground>`,
  );
  for (const id of ['#one', '#two']) await new Playground(page, id).ready();
  await expect(page.locator('#told')).toBeHidden();
  await page.waitForTimeout(300);
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('#told')).toBeVisible();
  await expect(page.locator('#two .print-stage')).toBeVisible();
  await expect(page.locator('#one .print-stage')).toHaveCount(0);
});

test('an element that nobody came near prints what stands between its tags, and no empty frame', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}<p style="height: 6000px">long notes</p><raft-playground><p id="told">Five servers, and S1 leads.</p></raft-playground>`);
  await page.evaluate(() => customElements.whenDefined('raft-playground').then(() => undefined));
  await page.emulateMedia({ media: 'print' });
  await expect(page.locator('#told')).toBeVisible();
  await expect(page.locator('raft-playground .page')).toBeHidden();
});

test('a poster stands where the run will be', async ({ page }) => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  await page.route('**/*.wasm', async (route) => {
    await held;
    await route.continue();
  });
  const picture = 'data:image/svg+xml,<svg xmlns="http://www.w3.org/2000/svg"/>';
  await openHostPage(page, `${SCRIPT}<raft-playground poster='${picture}'></raft-playground>`);
  await expect(page.locator('raft-playground .poster')).toBeVisible();
  release();
  await new Playground(page).ready();
  await expect(page.locator('raft-playground .poster')).toHaveCount(0);
});

test('whoever wants less motion starts the run by hand', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await openHostPage(page, `${SCRIPT}<raft-playground autoplay></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  expect(await playground.call((element) => element.playing)).toBe(false);
});

test('the wheel over the stage scrolls the notes', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}<raft-playground style="height: 500px"></raft-playground><p style="height: 4000px">long notes</p>`);
  const playground = new Playground(page);
  await playground.ready();
  const { x, y } = await playground.centre(playground.stage);
  await page.mouse.move(x, y);
  await page.mouse.wheel(0, 600);
  await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(300);
});

test.describe('under a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 420, height: 760 } });

  test('a stroke over the empty stage scrolls the notes, until somebody has begun to act there', async ({ page }) => {
    await openHostPage(page, `<meta name="viewport" content="width=device-width">${SCRIPT}<p style="height: 200px">notes</p><raft-playground style="height: 460px"></raft-playground><p style="height: 4000px">long notes</p>`);
    const playground = new Playground(page);
    await playground.ready();
    const walls = async (): Promise<number> => (await playground.state()).walls.length;
    const box = await playground.stage.boundingBox();
    if (!box) throw new Error('no stage');
    const [x, top, bottom] = [box.x + box.width / 2, box.y + 150, box.y + box.height - 60];
    await playground.dragByTouch({ x, y: bottom }, { x, y: top });
    await expect.poll(() => page.evaluate(() => scrollY)).toBeGreaterThan(40);
    expect(await walls()).toBe(0);
    await page.evaluate(() => scrollTo(0, 0));
    await playground.server(2).evaluate((server: HTMLElement) => server.focus({ preventScroll: true }));
    await playground.settled();
    await playground.dragByTouch({ x, y: bottom }, { x, y: top });
    expect(await walls()).toBe(1);
    expect(await page.evaluate(() => scrollY)).toBe(0);
  });
});
