// The panel of one server: Figure 2's fields, what they mean, and what is so just now.
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';

const panel = (playground: Playground): Locator => playground.host.getByRole('tabpanel');
const field = (playground: Playground, name: string): Locator => panel(playground).locator(`[data-field="${name}"]`);
const tip = (playground: Playground): Locator => panel(playground).locator('.term-tip');

async function opened(playground: Playground, id: number): Promise<void> {
  await playground.press(String(id));
  await playground.host.getByRole('tab', { name: `S${id}`, exact: true }).click();
  await expect(field(playground, 'currentTerm')).toBeVisible();
}

test('a leader has Figure 2’s fields under its headings, and nextIndex and matchIndex for each other server', async ({ playground }) => {
  const { id } = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  await playground.advance(400);
  await opened(playground, id);
  for (const head of ['Persistent state on all servers', 'Volatile state on all servers', 'Volatile state on leaders']) {
    await expect(panel(playground).getByRole('heading', { name: head, exact: true })).toBeVisible();
  }
  const state = await playground.serverState(id);
  await expect(field(playground, 'votedFor')).toHaveText(`S${state.voted_for}`);
  await expect(field(playground, 'commitIndex')).toHaveText(String(state.commit_index));
  await expect(field(playground, 'store')).toHaveText('x = 1');
  const rows = panel(playground).getByRole('table').locator('tbody tr');
  await expect(rows).toHaveCount(4);
  const [other] = Object.keys(state.match_index ?? {}).filter((server) => Number(server) !== id);
  await expect(rows.first()).toContainText(new RegExp(`S${other}\\s*${state.next_index?.[String(other)]}\\s*${state.match_index?.[String(other)]}`));
  const follower = (id % 5) + 1;
  await playground.press(String(follower));
  await expect(panel(playground)).toContainText('Only a leader keeps these');
  await expect(field(playground, 'leader')).toHaveText(`S${id}`);
  await playground.press('c');
  await expect(panel(playground)).toContainText('Lost with the crash.');
  await expect(field(playground, 'currentTerm')).toHaveText(String(state.current_term));
});

test('what a term means is shown under a mouse, with the focus, and goes with Escape', async ({ playground, page }) => {
  await playground.elect();
  await opened(playground, 1);
  const votedFor = panel(playground).getByRole('button', { name: 'votedFor', exact: true });
  await expect(votedFor).toHaveAccessibleDescription(/one vote a term.*§5\.2/);
  await expect(tip(playground)).toBeHidden();
  await votedFor.hover();
  await expect(tip(playground)).toContainText('one vote a term');
  await tip(playground).hover();
  await page.waitForTimeout(300);
  await expect(tip(playground), 'one can go and read it').toBeVisible();
  await page.mouse.move(5, 5);
  await expect(tip(playground)).toBeHidden();
  await panel(playground).getByRole('button', { name: 'currentTerm', exact: true }).focus();
  await expect(tip(playground)).toContainText('only rises');
  await playground.press('Tab');
  await expect(tip(playground)).toContainText('one vote a term');
  await playground.press('Escape');
  await expect(tip(playground)).toBeHidden();
  await expect(playground.server(1), 'Escape meant what was open').toHaveAttribute('aria-pressed', 'true');
  await playground.press('Escape');
  await expect(playground.server(1)).toHaveAttribute('aria-pressed', 'false');
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, viewport: { width: 390, height: 844 } });

  test('a tap shows what a term means, within the screen; another elsewhere takes it away', async ({ playground }) => {
    const { id } = await playground.elect();
    await opened(playground, id);
    await panel(playground).getByRole('button', { name: 'matchIndex[]', exact: true }).tap();
    await expect(tip(playground)).toContainText('Commits are counted by it.');
    const box = await tip(playground).boundingBox();
    expect(box && box.x >= 0 && box.x + box.width <= 390).toBe(true);
    await field(playground, 'role').tap();
    await expect(tip(playground)).toBeHidden();
  });
});

test('while the members change it is said who counts in which majority', async ({ playground }) => {
  const { id } = await playground.elect();
  await playground.advance(300);
  const kept = [id, (id % 5) + 1, ((id + 1) % 5) + 1].sort();
  await playground.call((element, voters) => {
    element.setMembers({ voters, stays_joint: true });
    element.advance(200);
  }, kept);
  await opened(playground, id);
  await expect(field(playground, 'newVoters')).toHaveText(`S${kept[0]}, S${kept[1]} and S${kept[2]}; 2 of 3 needed`);
  await expect(field(playground, 'oldVoters')).toHaveText('S1, S2, S3, S4 and S5; 3 of 5 needed');
});

test('an entry that is pointed out in the logs is marked among those of the server', async ({ playground }) => {
  const { id } = await playground.elect();
  await playground.call((element, id) => element.propose('x=1', id), id);
  await playground.advance(400);
  await opened(playground, id);
  await playground.logCell(id, 2).click();
  await expect(panel(playground).locator('.entries [aria-current]')).toContainText('x=1');
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test(`axe finds nothing with a leader’s state, what a term means and an entry pointed out (${colorScheme})`, async ({ playground, page }) => {
      const { id } = await playground.elect();
      await playground.advance(300);
      await opened(playground, id);
      await playground.logCell(id, 1).click();
      await playground.host.locator('.key summary').click();
      await panel(playground).getByRole('button', { name: 'currentTerm', exact: true }).focus();
      await expect(tip(playground)).toBeVisible();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`))).toEqual([]);
    });
  });
}

test('the menu and the search box lead to the form that writes a disk, by keys alone, also while the stage is presented', async ({ playground, page }) => {
  await playground.elect();
  const form = panel(playground).locator('form');
  const first = form.getByRole('textbox', { name: 'currentTerm' });
  await playground.press('2');
  await playground.press('d');
  await expect(playground.host.getByRole('menu')).toHaveAccessibleName('S2');
  await page.keyboard.type('e');
  await expect(playground.host.getByRole('menuitem', { name: 'Edit what its disk holds', exact: true })).toBeFocused();
  await playground.press('Enter');
  await expect(first).toBeFocused();
  await page.keyboard.type('9');
  await playground.press('Enter');
  await expect(field(playground, 'currentTerm')).toHaveText('9');
  expect((await playground.serverState(2)).current_term).toBe(9);
  await expect(form).toBeHidden();
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await playground.host.evaluate((element) => (element.shadowRoot?.activeElement as HTMLElement | null)?.blur());
  await playground.press('Control+k');
  await expect(playground.host.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('s4 edit disk');
  await expect(playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option').first()).toContainText('S4: Edit what its disk holds');
  await playground.press('Enter');
  await expect(panel(playground).locator('.who')).toContainText('S4');
  await expect(first).toBeFocused();
  await playground.host.getByRole('tab', { name: 'Events' }).click();
  await playground.press('P');
  await expect(playground.host.getByRole('tab')).toHaveCount(0);
  await playground.server(3).click({ button: 'right' });
  await playground.host.getByRole('menuitem', { name: 'Edit what its disk holds', exact: true }).click();
  await expect(panel(playground).locator('.who')).toContainText('S3');
  await expect(first).toBeFocused();
});

test('a server’s disk is written by hand: it starts again from that, and undo takes it back as one', async ({ playground }) => {
  const { id } = await playground.elect();
  const other = (id % 5) + 1;
  await opened(playground, other);
  await panel(playground).getByText('Edit what its disk holds', { exact: true }).click();
  const form = panel(playground).locator('form');
  await form.getByRole('textbox', { name: 'currentTerm' }).fill('none');
  await form.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(playground.host).toContainText('currentTerm is “none”; expected a whole number from 0.');
  await expect(field(playground, 'currentTerm')).toHaveText('1');
  await form.getByRole('textbox', { name: 'currentTerm' }).fill('7');
  await form.getByRole('combobox', { name: 'votedFor' }).selectOption('S2');
  await form.getByRole('button', { name: 'Write', exact: true }).click();
  await expect(field(playground, 'currentTerm')).toHaveText('7');
  await expect(field(playground, 'votedFor')).toHaveText('S2');
  await expect(form).toBeHidden();
  const state = await playground.serverState(other);
  expect([state.up, state.current_term, state.voted_for]).toEqual([true, 7, 2]);
  await playground.host.getByRole('button', { name: 'Undo', exact: true }).click();
  await expect(field(playground, 'currentTerm')).toHaveText('1');
  // The leader is deposed by it, and time goes on.
  await playground.advance(2_000);
  expect((await playground.serverState(other)).current_term).toBeGreaterThan(0);
});
