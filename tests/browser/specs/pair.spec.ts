// Two branches of a run on two stages, in step, with the first difference of each.
import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';
import { twoBranches } from '../runs';

const twin = ({ host }: Playground): Locator => host.locator('.twin');
const head = ({ host }: Playground, at: 0 | 1): Locator => host.locator('.twin-caption').nth(at);
const first = (playground: Playground, at: 0 | 1): Locator => head(playground, at).locator('.twin-first');
const present = (playground: Playground): Promise<number> => playground.call((element) => element.branches().present);

/** Branch 1, in which S1 has crashed, on the page, and the first run beside it. */
async function pair(playground: Playground): Promise<void> {
  await twoBranches(playground);
  await playground.press('D');
  await expect(twin(playground)).toBeVisible();
}

test('two branches stand side by side, each under its name with the first event that the other does not have', async ({ playground, page }) => {
  await pair(playground);
  await expect(head(playground, 0)).toContainText('branch 1');
  await expect(head(playground, 1)).toContainText('run');
  await expect(first(playground, 0)).toContainText('You crash S1.');
  await expect(first(playground, 0)).toContainText('First difference:');
  await expect(first(playground, 1)).toContainText('Not done here. Instead:');
  await expect(playground.notice).toContainText('What you do is done to “branch 1”; “run” keeps step.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
});

test('both are in step, and servers that differ are named as the two states have them', async ({ playground }) => {
  await pair(playground);
  const now = twin(playground).locator('.twin-now');
  await expect(now).toContainText('S1: runs in one only');
  // Before they part there is nothing to mark.
  await playground.call((element) => element.seek(990));
  await expect(now).toHaveText('At this moment all servers are the same.');
  await first(playground, 0).getByRole('button').click();
  await expect.poll(() => playground.time()).toBe(1_000);
  expect((await playground.serverState(1)).up).toBe(false);
  await expect(now).toContainText('S1: runs in one only');
  // The right one's first event, on both stages.
  await first(playground, 1).getByRole('button').click();
  await expect.poll(() => playground.time()).toBeGreaterThan(1_000);
  expect(await present(playground)).toBe(1);
  // Beyond what the other was lived to it lives on by itself.
  await playground.advance(2_000);
  await expect(now).toContainText('S1');
});

test('the servers that differ have a plate on both stages', async ({ playground }) => {
  await pair(playground);
  await playground.call((element) => element.seek(990));
  await expect(twin(playground).locator('.twin-now')).toContainText('all servers are the same');
  await playground.settled();
  const before = [await playground.stage.locator('canvas').screenshot(), await twin(playground).screenshot()];
  await playground.call((element) => element.advance(10));
  await expect(twin(playground).locator('.twin-now')).toContainText('runs in one only');
  await playground.settled();
  const plates = await playground.host.evaluate((element) => [...(element as unknown as { stage: { plates: Map<number, string> } }).stage.plates]);
  expect(plates.length).toBeGreaterThan(0);
  expect(plates.every(([, plate]) => plate === '≠')).toBe(true);
  expect(await twin(playground).screenshot()).not.toEqual(before[1]);
  // Closed, none is left.
  await playground.press('D');
  await expect(twin(playground)).toHaveCount(0);
  expect(await playground.host.evaluate((element) => (element as unknown as { stage: { plates: Map<number, string> } }).stage.plates.size)).toBe(0);
});

test('they change places, what is done on the left begins a third, and another run ends it', async ({ playground }) => {
  await pair(playground);
  await playground.host.locator('[data-part="swap-twin"]').click();
  await expect.poll(() => present(playground)).toBe(0);
  await expect(head(playground, 0)).toContainText('run');
  await expect(head(playground, 1)).toContainText('branch 1');
  await expect(first(playground, 1)).toContainText('You crash S1.');
  await playground.call((element) => {
    element.seek(1_200);
    element.crash(2);
  });
  await expect(head(playground, 0)).toContainText('branch 2');
  await expect(head(playground, 1)).toContainText('branch 1');
  await expect(twin(playground).locator('.twin-now')).toContainText('runs in one only');
  await playground.call((element) => element.reset());
  await expect(playground.host.locator('.twin, .twin-caption')).toHaveCount(0);
  await expect(playground.stage).not.toHaveClass(/twinned/);
  await playground.settled();
  expect(await playground.notice.count(), 'nothing went wrong').toBe(0);
});

test('it is opened from the branches’ sheet with the two that are chosen there, and closed by its ×', async ({ playground }) => {
  await twoBranches(playground);
  await playground.call((element) => {
    element.seek(1_300);
    element.crash(3);
    element.advance(100);
  });
  await playground.host.locator('[data-part="branches"]').click();
  await playground.host.getByRole('combobox', { name: 'This branch' }).selectOption({ label: 'run' });
  await playground.host.locator('[data-part="beside"]').click();
  await expect(head(playground, 0)).toContainText('branch 2');
  await expect(head(playground, 1)).toContainText('run');
  await expect(playground.host.locator('#branches')).toBeHidden();
  await playground.host.locator('[data-part="close-twin"]').click();
  await expect(twin(playground)).toHaveCount(0);
});

test('the search box opens it and goes to its first difference; with one branch it says why not', async ({ playground, page }) => {
  await playground.advance(500);
  await playground.press('D');
  await expect(playground.notice).toContainText('There is one branch only');
  await twoBranches(playground);
  const find = async (query: string): Promise<void> => {
    await playground.press('Control+k');
    await page.keyboard.type(query);
    await expect(playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option').first()).toBeVisible();
    await page.keyboard.press('Enter');
  };
  await find('branches side by side');
  await expect(twin(playground)).toBeVisible();
  await find('first difference of branch 1');
  await expect.poll(() => playground.time()).toBe(1_000);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('the stages stand below each other, with nothing that sticks out', async ({ playground, page }) => {
    await pair(playground);
    const [one, other] = [await playground.stage.boundingBox(), await twin(playground).boundingBox()];
    expect(other?.y).toBeGreaterThan((one?.y ?? 0) + (one?.height ?? 0));
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    await expect(first(playground, 0)).toContainText('You crash S1.');
  });
});
