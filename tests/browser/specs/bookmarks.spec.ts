import { readFile } from 'node:fs/promises';
import { AxeBuilder } from '@axe-core/playwright';
import type { Scenario } from '../../../web/src/raft-playground';
import { expect, Playground, test } from '../page';

const sheet = (playground: Playground) => playground.host.locator('#bookmarks');
const rows = (playground: Playground) => sheet(playground).getByRole('listitem');
const ribbons = (playground: Playground) => playground.host.locator('.flags .ribbon');
const open = (playground: Playground) => playground.host.locator('[data-part="bookmarks"]').click();
const where = (playground: Playground) => playground.call((element) => [element.branches().present, element.time]);

/** One bookmark in the first run, and one in a branch in which the leader has crashed. */
async function twoMarked(playground: Playground): Promise<{ leader: number; times: number[] }> {
  const { id } = await playground.elect();
  await playground.advance(500);
  await playground.press('b');
  const first = await playground.time();
  await playground.advance(300);
  await playground.call((element, { id, at }) => {
    element.seek(at + 100);
    element.crash(id);
    element.advance(50);
  }, { id, at: first });
  await playground.press('b');
  return { leader: id, times: [first, await playground.time()] };
}

test('a moment is marked, gone back to and on from, in whatever branch it lies', async ({ playground }) => {
  const { leader, times } = await twoMarked(playground);
  await expect(playground.notice).toContainText('Marked: Nobody leads, ');
  // That of the first run lies before the branch began: its line shows both.
  await expect(ribbons(playground)).toHaveCount(2);
  const print = await playground.fingerprint();
  await playground.press('V');
  expect(await where(playground)).toEqual([0, times[0]]);
  await expect(ribbons(playground)).toHaveCount(1);
  await expect(playground.host.getByRole('slider', { name: 'Moment' })).toHaveAttribute('aria-valuetext', new RegExp(`; S${leader} leads, `));
  await playground.press('V');
  await expect(playground.notice).toContainText('No bookmark comes before this moment');
  await playground.press('b');
  await expect(playground.notice).toContainText(`This moment is marked already: S${leader} leads, `);
  await playground.press('v');
  expect(await where(playground)).toEqual([1, times[1]]);
  expect(await playground.fingerprint()).toBe(print);
  await playground.press('v');
  await expect(playground.notice).toContainText('No bookmark comes after this moment');
  await playground.expectReplayable();
});

test('the sheet goes to a bookmark, names it otherwise as plain text, and removes it', async ({ playground }) => {
  const { leader, times } = await twoMarked(playground);
  await open(playground);
  await expect(rows(playground)).toHaveCount(2);
  await expect(rows(playground).nth(1)).toContainText('you are here');
  await rows(playground).nth(0).getByRole('button', { name: 'Go to the bookmark' }).click();
  expect(await where(playground)).toEqual([0, times[0]]);
  const name = rows(playground).nth(0).getByRole('textbox');
  await expect(name).toHaveValue(new RegExp(`^S${leader} leads, `));
  await name.fill('<img src=x> before the crash');
  await playground.press('Enter');
  await expect(rows(playground).nth(0).getByRole('textbox', { name: 'Name of the bookmark <img src=x> before the crash', exact: true })).toBeVisible();
  await name.fill('  ');
  await playground.press('Enter');
  await expect(name).toHaveValue('<img src=x> before the crash');
  await expect(playground.notice).toContainText('A bookmark needs a name.');
  await rows(playground).nth(0).getByRole('button', { name: 'Remove' }).click();
  await expect(rows(playground)).toHaveCount(1);
  await expect(sheet(playground).getByRole('button', { name: 'Mark this moment', exact: true })).toBeFocused();
  await playground.press('Enter');
  await expect(rows(playground)).toHaveCount(2);
  await playground.press('Escape');
  await expect(sheet(playground)).toBeHidden();
  await expect(playground.host.locator('[data-part="bookmarks"]')).toBeFocused();
});

test('a press on a ribbon goes there; another run has no bookmarks', async ({ playground, page }) => {
  const { times } = await twoMarked(playground);
  const track = await playground.host.locator('.track').boundingBox();
  const ribbon = await ribbons(playground).nth(0).locator('path').boundingBox();
  if (!track || !ribbon) throw new Error('no ribbon is to be seen');
  await page.mouse.click(ribbon.x + ribbon.width / 2 + 2, track.y + track.height - 4);
  // It lies in this branch too.
  await expect.poll(() => where(playground)).toEqual([1, times[0]]);
  await playground.call((element) => element.reset());
  await playground.advance(400);
  await expect(playground.host.locator('.track')).toBeVisible();
  await expect(ribbons(playground)).toHaveCount(0);
  await playground.press('V');
  await expect(playground.notice).toContainText('No bookmark comes before this moment: B sets one.');
});

/** Opens a file of this content by the sheet for sharing. */
async function openFile(playground: Playground, content: unknown): Promise<void> {
  await playground.press('o');
  const sheet = playground.host.getByRole('dialog', { name: 'Share' });
  await sheet.locator('input[type="file"]').setInputFiles({ name: 'class.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(content)) });
  await expect(sheet).toHaveCount(0);
}

test('a file keeps the bookmarks of its branch; opened again, they are gone to though nobody has lived so far', async ({ playground, page }) => {
  const { times } = await twoMarked(playground);
  // One that lies in the first run alone, behind where the branch left it.
  await playground.call((element) => element.switchBranch(0));
  await playground.call((element) => element.seek(element.livedMs));
  await playground.press('b');
  await playground.press('V');
  await playground.press('v');
  await playground.press('v');
  expect(await where(playground)).toEqual([1, times[1]]);
  const print = await playground.fingerprint();
  await playground.press('o');
  const [download] = await Promise.all([page.waitForEvent('download'), playground.host.getByRole('button', { name: 'Save as a file' }).click()]);
  const saved = JSON.parse(await readFile((await download.path()) ?? '', 'utf8')) as Scenario;
  expect(saved.page?.bookmarks?.map(({ at_us }) => at_us / 1000)).toEqual(times);
  expect(saved.page?.bookmarks?.[1]?.name).toContain('Nobody leads, ');
  await playground.call((element) => element.reset());
  await openFile(playground, saved);
  await expect(playground.notice).toHaveText('class.json is open. Press Play, or V for the first of its 2 bookmarks.');
  expect(await where(playground)).toEqual([0, 0]);
  await playground.press('v');
  await expect.poll(() => where(playground)).toEqual([0, times[0]]);
  await expect(ribbons(playground), 'what was not lived has no place on the line').toHaveCount(1);
  await playground.press('v');
  await expect.poll(() => where(playground)).toEqual([0, times[1]]);
  await expect(ribbons(playground)).toHaveCount(2);
  expect(await playground.fingerprint()).toBe(print);
  const again = await playground.call((element) => element.scenario());
  expect(again.page).toEqual(saved.page);
  await playground.press('Shift+R');
  await expect.poll(() => playground.call((element) => element.scenario().page), 'a new run has none').toBeUndefined();
});

test('a link and the recent runs keep them, with their names as text', async ({ playground, page, context }) => {
  const { times } = await twoMarked(playground);
  await open(playground);
  await rows(playground).nth(0).getByRole('textbox').fill('<img src=x> before');
  await playground.press('Enter');
  await playground.press('Escape');
  await playground.press('y');
  await expect(page).toHaveURL(/#r=/);
  const other = new Playground(await context.newPage());
  await other.page.goto(page.url());
  await other.ready();
  await expect(other.notice).toContainText('as it was shared');
  expect(await other.call((element) => element.scenario().page?.bookmarks?.map(({ name }) => name))).toEqual(['<img src=x> before', expect.stringContaining('Nobody leads, ')]);
  await expect(ribbons(other)).toHaveCount(2);
  await other.press('V');
  await expect.poll(() => where(other)).toEqual([0, times[0]]);
  await expect(other.host.getByRole('slider', { name: 'Moment' })).toHaveAttribute('aria-valuetext', /; <img src=x> before$/);
  await playground.press('f');
  await expect(ribbons(playground)).toHaveCount(0);
  await playground.press('o');
  await playground.host.locator('[data-run="0"]').click();
  await expect(ribbons(playground)).toHaveCount(2);
  await expect.poll(() => where(playground)).toEqual([0, times[1]]);
});

test('a file whose bookmarks are not as they may be is refused, and says which', async ({ playground }) => {
  await playground.press('b');
  const named = (name: string): unknown => ({ page: { bookmarks: [{ at_us: 5, name: 'good' }, { at_us: 6, name }] } });
  for (const [content, why] of [
    [named('a\u202eb'), 'page.bookmarks[1].name is a text with U+202E; expected no control or direction character'],
    [named('x'.repeat(65)), 'page.bookmarks[1].name is 65 characters long; expected 1 to 64'],
    [{ page: { bookmarks: Array(101).fill({ at_us: 5, name: 'x' }) } }, 'page.bookmarks is a list of 101; expected at most 100'],
    [{ page: { bookmark: [] } }, 'page.bookmark is no known field'],
  ] as const) {
    await openFile(playground, content);
    await expect(playground.notice).toContainText(why);
    expect(await playground.call((element) => element.scenario().page?.bookmarks?.length), 'the run goes on with its own').toBe(1);
  }
  await playground.advance(100);
  await open(playground);
  const name = rows(playground).nth(0).getByRole('textbox');
  const before = await name.inputValue();
  await name.fill('a\u202eb');
  await playground.press('Enter');
  await expect(playground.notice).toContainText('name holds a control character');
  await expect(name).toHaveValue(before);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('the bookmarks have room at 320 pixels, and axe finds nothing', async ({ playground, page }) => {
    await twoMarked(playground);
    await open(playground);
    await expect(rows(playground)).toHaveCount(2);
    expect(await sheet(playground).evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  });
});
