import { ACTIONS } from '../../../web/src/actions';
import { expect, type Playground, test } from '../page';

const box = (playground: Playground) => playground.host.getByRole('combobox', { name: 'Search' });
const found = (playground: Playground) => playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option');

async function search(playground: Playground, query: string): Promise<void> {
  await playground.press('Control+k');
  await expect(box(playground)).toBeFocused();
  await playground.page.keyboard.type(query);
  await playground.settled();
}

test('Ctrl K opens the box from anywhere, Escape closes it, and the focus is where it was', async ({ playground, page }) => {
  await playground.valueField.focus();
  await playground.press('Control+k');
  await expect(box(playground)).toBeFocused();
  await playground.press('Escape');
  await expect(box(playground)).toHaveCount(0);
  await expect(playground.valueField).toBeFocused();
  await page.keyboard.press('Meta+k');
  await expect(box(playground)).toBeFocused();
  await page.keyboard.type('s3');
  await playground.press('Control+k');
  await expect(box(playground)).toHaveCount(0);
  await expect(playground.valueField).toBeFocused();
  // Over another sheet, too; and it opens empty.
  await playground.press('Escape');
  await playground.press('o');
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
  await playground.press('Control+k');
  await expect(box(playground)).toBeFocused();
  await expect(box(playground)).toHaveValue('');
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toHaveCount(0);
  await playground.press('Escape');
  await playground.host.getByRole('button', { name: 'Search' }).click();
  await expect(box(playground)).toBeFocused();
});

test('every action is found, with its key or why it would change nothing', async ({ playground }) => {
  await playground.press('Control+k');
  await expect(found(playground).first()).toBeVisible();
  const names = await playground.host.locator('[role="option"] > span:first-child').allTextContents();
  const titles = ['Play', 'Step', 'Crash', 'Heal', 'Reset', 'Copy link'];
  for (const title of titles) expect(names).toContain(title);
  expect(names.length, 'all of them').toBeGreaterThanOrEqual(ACTIONS.length - 1);
  await playground.page.keyboard.type('crash action');
  await expect(found(playground).first()).toContainText('Choose a server first.');
  await expect(found(playground).first()).toHaveAttribute('aria-disabled', 'true');
  await playground.press('Enter');
  await expect(box(playground), 'it says why, and stays').toBeVisible();
});

test('arrows go through what is found, and Enter does it', async ({ playground, page }) => {
  await search(playground, 's3');
  await expect(found(playground).first()).toContainText('S3');
  await playground.press('Enter');
  await expect(box(playground)).toHaveCount(0);
  await expect(playground.server(3)).toHaveAttribute('aria-pressed', 'true');

  await search(playground, 'crash');
  const selected = playground.host.locator('[role="option"][aria-selected="true"]');
  await expect(selected).toHaveCount(1);
  await expect(selected).toContainText('Crash');
  const first = await box(playground).getAttribute('aria-activedescendant');
  await playground.press('ArrowDown');
  const second = await box(playground).getAttribute('aria-activedescendant');
  expect(second).not.toBe(first);
  await expect(selected).toHaveId(second ?? '');
  await playground.press('ArrowUp');
  await playground.press('Enter');
  expect((await playground.serverState(3)).up).toBe(false);

  await search(playground, 'nel');
  await playground.press('Enter');
  expect((await playground.state()).servers.some(({ role }) => role === 'leader')).toBe(true);
  await search(playground, 'no such thing');
  await expect(found(playground)).toHaveCount(0);
  await expect(playground.host.getByRole('dialog', { name: 'Search' })).toContainText('Nothing on this page is called that.');
  await page.keyboard.press('Enter');
  await expect(box(playground)).toBeVisible();
});

test('panels, scenes and settings are found and gone to', async ({ playground }) => {
  await search(playground, 'figure 7');
  await expect(found(playground).first()).toContainText('scene');
  await playground.press('Enter');
  await expect.poll(async () => (await playground.call((element) => element.scenario())).title).toContain('Figure 7');

  await search(playground, 'server view');
  const view = found(playground).filter({ hasText: 'view' }).filter({ hasText: 'Server' });
  await view.first().click();
  await expect(playground.host.getByRole('tab', { name: 'Server' })).toHaveAttribute('aria-selected', 'true');

  await search(playground, 'check');
  const setting = found(playground).filter({ hasText: 'CheckQuorum' }).filter({ hasText: 'setting' });
  await setting.first().click();
  await expect(playground.host.locator('#rules input[name="check_quorum"]')).toBeFocused();
  await playground.press('Space');
  await expect.poll(() => playground.host.getAttribute('check-quorum')).toBe('');
  await playground.press('Escape');

  // One that is folded away.
  await search(playground, 'votes once in a term');
  await playground.press('Enter');
  await expect(playground.host.locator('#rules input[name="one_vote_per_term"]')).toBeFocused();
});

test('what only menus and the drawer can do is found, server by server, and done', async ({ playground }) => {
  await search(playground, 'pause s3');
  await expect(found(playground).first()).toContainText('S3: Pause');
  await playground.press('Enter');
  await expect(box(playground)).toHaveCount(0);
  expect((await playground.serverState(3)).paused).toBe(true);
  await expect(playground.notice).toContainText('S3: Pause.');
  await expect(playground.server(3), 'nobody was chosen').toHaveAttribute('aria-pressed', 'false');

  await search(playground, 'pause s3');
  await expect(found(playground).filter({ hasText: /S3: Pause\b/ }), 'it is paused already').toHaveCount(0);
  await playground.press('Escape');

  await search(playground, 'flaky');
  await expect(found(playground).first()).toContainText('All links and disks: Flaky');
  await playground.press('Enter');
  await search(playground, 'flaky');
  await expect(found(playground).first()).toHaveAttribute('aria-disabled', 'true');
  await expect(found(playground).first()).toContainText('All links and disks are so already.');
  await playground.press('Escape');
  await playground.expectReplayable();
});

test('what is typed before the box is there is searched for, and done to nothing', async ({ playground, page }) => {
  let answer: () => void = () => undefined;
  const asked = new Promise<void>((resolve) => (answer = resolve));
  await page.route('**/search-*.js', async (route) => {
    await asked;
    await route.continue();
  });
  await playground.press('2');
  await page.keyboard.press('/');
  await page.keyboard.type('crash s4');
  answer();
  await expect(playground.host.getByRole('combobox', { name: 'Search' })).toHaveValue('crash s4');
  await page.keyboard.type('x');
  await expect(playground.host.getByRole('combobox', { name: 'Search' })).toHaveValue('crash s4x');
  await page.keyboard.press('Escape');
  expect((await playground.state()).servers.filter(({ up }) => !up)).toEqual([]);
  await page.keyboard.press('/');
  await expect(playground.host.getByRole('combobox', { name: 'Search' }), 'it opens empty').toHaveValue('');
});
