/** On slides of Reveal.js, as docs/recipes.md has it: what plays rests while its slide is away. */
import { dirname, resolve } from 'node:path';
import { createRequire } from 'node:module';
import type { Frame, Page } from '@playwright/test';
import { serveFolders } from '../folder';
import { expect, type RaftPlayground, test } from '../page';

const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const RECIPES = resolve(import.meta.dirname, '../../../examples/recipes/reveal');
const REVEAL = dirname(dirname(createRequire(import.meta.url).resolve('reveal.js')));

interface Deck extends Window {
  Reveal: { slide(horizontal: number): void; getIndices(): { h: number }; isReady(): boolean };
}
declare const window: Deck;

async function open(page: Page): Promise<void> {
  await serveFolders(page, 'https://slides.example', { '/': RECIPES, '/dist/': DIST, '/reveal.js/': REVEAL });
  await page.goto('https://slides.example/slides.html');
  await page.waitForFunction(() => window.Reveal?.isReady());
}

const go = (page: Page, slide: number): Promise<void> => page.evaluate((it) => window.Reveal.slide(it), slide);
const times = (where: Page | Frame): Promise<[number, boolean]> => where.locator('raft-playground').evaluate((element: RaftPlayground) => [element.time, element.playing]);

/** That time goes on, or stands still, over a third of a second. */
async function passes(where: Page | Frame): Promise<boolean> {
  const [before] = await times(where);
  await new Promise((done) => setTimeout(done, 350));
  const [after] = await times(where);
  return after > before;
}

const frameOf = async (page: Page, id: string): Promise<Frame> => {
  const frame = await (await page.locator(`#${id}`).elementHandle())?.contentFrame();
  if (!frame) throw new Error(`#${id} holds no frame`);
  await frame.locator('raft-playground').evaluate(async (element: RaftPlayground) => {
    await customElements.whenDefined('raft-playground');
    await element.ready;
  });
  return frame;
};

test('a frame that is loaded with its slide runs, and is gone with it', async ({ page }) => {
  await open(page);
  await go(page, 1);
  const frame = await frameOf(page, 'anew');
  await expect.poll(() => times(frame).then(([, playing]) => playing)).toBe(true);
  expect(await passes(frame)).toBe(true);
  await go(page, 0);
  await expect(page.locator('#anew')).not.toHaveAttribute('src', /embed/);
});

test('a frame that stays stands still until it is let run, rests while its slide is away, and goes on when it is back', async ({ page }) => {
  await open(page);
  await go(page, 2);
  const frame = await frameOf(page, 'kept');
  await page.waitForTimeout(300);
  expect(await times(frame)).toEqual([0, false]);
  await frame.locator('raft-playground').evaluate((element: RaftPlayground) => element.play());
  expect(await passes(frame)).toBe(true);
  await go(page, 4);
  await expect.poll(() => times(frame).then(([, playing]) => playing)).toBe(false);
  expect(await passes(frame)).toBe(false);
  await go(page, 2);
  await expect.poll(() => times(frame).then(([, playing]) => playing)).toBe(true);
  expect(await passes(frame)).toBe(true);
  // What somebody has stopped by hand stays so.
  await frame.locator('raft-playground').evaluate((element: RaftPlayground) => element.pause());
  await go(page, 1);
  await go(page, 2);
  await page.waitForTimeout(300);
  expect((await times(frame))[1]).toBe(false);
});

test('whoever wants less motion is not shown any by a slide', async ({ page }) => {
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await open(page);
  await go(page, 1);
  const frame = await frameOf(page, 'anew');
  await page.waitForTimeout(300);
  expect(await times(frame)).toEqual([0, false]);
});

test('an element runs while its slide is shown, and its keys do not turn the page', async ({ page }) => {
  await open(page);
  await go(page, 3);
  const element = page.locator('raft-playground');
  await element.evaluate((it: RaftPlayground) => it.ready);
  await expect.poll(() => times(page).then(([, playing]) => playing)).toBe(true);
  expect(await passes(page)).toBe(true);
  await element.locator('.hit-server[data-server="1"]').click();
  await page.keyboard.press('Space');
  await expect.poll(() => times(page).then(([, playing]) => playing)).toBe(false);
  expect(await page.evaluate(() => window.Reveal.getIndices().h)).toBe(3);
  await page.keyboard.press('Space');
  await go(page, 4);
  expect(await times(page).then(([, playing]) => playing)).toBe(false);
});
