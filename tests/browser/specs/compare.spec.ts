import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Playground, test } from '../page';
import { twoBranches } from '../runs';

const sheet = (playground: Playground) => playground.host.locator('#branches');
const compared = (playground: Playground) => sheet(playground).locator('.compare');
const present = (playground: Playground) => playground.call((element) => element.branches().present);

/** The branches' sheet, open beside a run of two branches. */
async function besideEachOther(playground: Playground): Promise<void> {
  await twoBranches(playground);
  await playground.host.locator('[data-part="branches"]').click();
  await expect(compared(playground)).toBeVisible();
}

test('each branch stands under the one that it forked off from', async ({ playground }) => {
  await twoBranches(playground);
  await playground.call((element) => {
    // One that forks off from the branch, and another from the first run.
    element.seek(1_300);
    element.crash(2);
    element.switchBranch(0);
    element.seek(1_100);
    element.crash(3);
  });
  await playground.host.locator('[data-part="branches"]').click();
  const under = (name: string) => sheet(playground).getByRole('listitem').filter({ has: playground.page.getByRole('textbox', { name: `Name of ${name}`, exact: true }) });
  await expect(under('run').getByRole('textbox')).toHaveCount(4);
  await expect(under('branch 1').last().getByRole('textbox')).toHaveCount(2);
  await expect(under('branch 2').last().getByRole('textbox')).toHaveCount(1);
  await expect(under('branch 3').last().getByRole('textbox')).toHaveCount(1);
  await expect(under('branch 3').last()).toHaveAttribute('aria-current', 'true');
});

test('two branches are told apart: the first event that differs, and what is not the same then, each with its moment', async ({ playground }) => {
  await besideEachOther(playground);
  await compared(playground).getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(compared(playground)).toContainText(/They part at 1\s000\.0 ms/);
  const [run, branch] = [compared(playground).locator('[data-first="0"]'), compared(playground).locator('[data-first="1"]')];
  await expect(branch).toContainText('You crash S1.');
  await expect(run).not.toContainText('crash');
  await expect(compared(playground).locator('.differs li', { hasText: /^S1: runs in one only/ })).toBeVisible();
  await expect(compared(playground)).toContainText(/At 1\s600\.0 ms, the latest moment that both have lived/);
  // What differs then is what the states themselves say.
  const states: { up: boolean; term: number }[][] = [];
  for (const branch of [0, 1]) {
    await compared(playground).locator(`[data-see="${branch}"]`).click();
    await expect.poll(() => present(playground)).toBe(branch);
    await expect.poll(() => playground.time()).toBe(1_600);
    states.push((await playground.state()).servers.map(({ up, current_term }) => ({ up, term: current_term })));
  }
  expect([states[0]?.[0]?.up, states[1]?.[0]?.up]).toEqual([true, false]);
  const terms = states[0]?.flatMap(({ term }, at) => (term === states[1]?.[at]?.term ? [] : at + 1)) ?? [];
  const told = await compared(playground).locator('.differs li', { hasText: /\bterm\b/ }).allTextContents();
  expect(told.map((text) => Number(/^S(\d+)/.exec(text.trim())?.[1]))).toEqual(terms);
  // To the first event of each, and back.
  await run.getByRole('button').click();
  await expect.poll(() => present(playground)).toBe(0);
  await branch.getByRole('button').click();
  await expect.poll(() => present(playground)).toBe(1);
  expect(await playground.time()).toBe(1_000);
  expect((await playground.serverState(1)).up).toBe(false);
});

test('what was compared is not told any more once a branch was lived on; one with itself is no comparison', async ({ playground }) => {
  await besideEachOther(playground);
  await compared(playground).getByRole('button', { name: 'Compare', exact: true }).click();
  await expect(compared(playground)).toContainText('They part at');
  await playground.advance(100);
  await expect(compared(playground)).not.toContainText('They part at');
  await compared(playground).getByRole('combobox', { name: 'This branch' }).selectOption({ label: 'branch 1' });
  await expect(compared(playground)).toContainText('This is one branch: choose two.');
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('the comparison has room at 320 pixels, and axe finds nothing', async ({ playground, page }) => {
    await besideEachOther(playground);
    await compared(playground).getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(compared(playground)).toContainText('They part at');
    expect(await sheet(playground).evaluate((element) => element.scrollWidth - element.clientWidth)).toBeLessThanOrEqual(0);
    const { violations } = await new AxeBuilder({ page }).analyze();
    expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  });
});
