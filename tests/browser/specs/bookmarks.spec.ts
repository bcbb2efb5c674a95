import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Playground, test } from '../page';

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
