import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';

const drawer = (playground: Playground): Locator => playground.host.locator('.faults');
const button = (playground: Playground, name: string): Locator => drawer(playground).getByRole('button', { name, exact: true });
const dial = (playground: Playground, name: string): Locator => drawer(playground).locator(`[name="fault-${name}"]`);
const setNow = (playground: Playground): Locator => drawer(playground).locator('.set-now li');

async function openDrawer(playground: Playground): Promise<void> {
  await playground.host.getByRole('tab', { name: 'Faults', exact: true }).click();
  await expect(drawer(playground)).toBeVisible();
}

/** Writes a number and leaves the field. */
async function turn(playground: Playground, name: string, value: string): Promise<void> {
  await dial(playground, name).fill(value);
  await dial(playground, name).blur();
  await playground.settled();
}

const inputsOf = (playground: Playground) => playground.call((element) => (element.scenario().inputs ?? []).map(({ input }) => input));

test('a preset sets all links and disks at once, and the run is lived again by it', async ({ playground }) => {
  await playground.elect();
  await openDrawer(playground);
  await expect(setNow(playground)).toHaveCount(0);
  await expect(button(playground, 'Calm')).toHaveAttribute('aria-pressed', 'true');
  await button(playground, 'Chaos').click();
  await expect(button(playground, 'Chaos')).toHaveAttribute('aria-pressed', 'true');
  await expect(setNow(playground).first()).toContainText('All links: 5 to 60 ms + 40 ms, 20 % lost, 10 % twice');
  await expect(setNow(playground).nth(1)).toContainText('All servers: a save takes 0.5 to 30 ms');
  expect((await inputsOf(playground)).map(({ kind }) => kind)).toEqual([...Array(20).fill('set_link'), ...Array(5).fill('set_disk')]);
  await playground.advance(3_000);
  await playground.expectReplayable();
});

test('what was set together is undone together, and in the past another branch begins', async ({ playground }) => {
  await playground.elect();
  await playground.advance(100);
  await openDrawer(playground);
  await button(playground, 'Flaky').click();
  await expect(setNow(playground)).toHaveCount(1);
  await playground.press('u');
  await expect(setNow(playground), 'nothing of it is left').toHaveCount(0);
  await button(playground, 'WAN').click();
  await expect(setNow(playground)).toHaveCount(1);
  expect((await playground.call((element) => element.branches())).all, 'it was done in the past').toHaveLength(2);
});

test('all links lose everything by the dial, and nothing arrives until all is well again', async ({ playground }) => {
  await playground.elect();
  await openDrawer(playground);
  await turn(playground, 'loss_ppm', '100');
  await expect(setNow(playground)).toContainText('All links: 15 to 25 ms, 100 % lost');
  await playground.advance(2_000);
  const { servers } = await playground.state();
  const candidates = servers.filter(({ role }) => role === 'candidate');
  expect(candidates.map(({ votes }) => votes.granted.length), 'no vote but their own').toEqual(candidates.map(() => 1));
  expect(candidates.length).toBeGreaterThan(0);
  await button(playground, 'All well again').click();
  await expect(setNow(playground)).toHaveCount(0);
  await expect(drawer(playground)).toContainText('All is well: as the run began.');
  await expect(button(playground, 'All well again')).toHaveAttribute('aria-disabled', 'true');
  await playground.elect();
  await playground.expectReplayable();
});

test('one direction has dials of its own; where links differ, the field says so', async ({ playground }) => {
  await openDrawer(playground);
  await dial(playground, 'link-from').selectOption('S2');
  await dial(playground, 'link-to').selectOption('S4');
  await turn(playground, 'delay_us_min', '90');
  await expect(dial(playground, 'delay_us_max'), 'the longest is not below the shortest').toHaveValue('90');
  await turn(playground, 'duplicate_ppm', '2.5');
  await drawer(playground).getByLabel(/^In order/).check();
  await expect(setNow(playground)).toHaveText(/S2 → S4: 90 ms, 2.5 % twice, in order/);
  await button(playground, 'Cut').click();
  expect((await playground.state()).links_cut).toEqual([{ from: 2, to: 4, by: 'hand' }]);
  await button(playground, 'Mend').click();
  await button(playground, 'Flap').click();
  await expect(setNow(playground).nth(1)).toContainText('S2 → S4: flaps: 200 ms cut, 200 ms whole');
  await dial(playground, 'link-to').selectOption('any server');
  await expect(dial(playground, 'delay_us_min')).toHaveValue('');
  await expect(dial(playground, 'delay_us_min')).toHaveAttribute('placeholder', 'differ');
  await dial(playground, 'link-to').selectOption('S2');
  await expect(drawer(playground)).toContainText('One server has no link to itself.');
  await dial(playground, 'link-from').selectOption('any server');
  await turn(playground, 'delay_tail_us', '5');
  expect((await inputsOf(playground)).filter((input) => input.kind === 'set_link' && input.to === 2)).toHaveLength(4);
});

test('a number that cannot be is not taken, and the field shows what is set', async ({ playground }) => {
  await openDrawer(playground);
  for (const wrong of ['101', '-1', '']) {
    await turn(playground, 'loss_ppm', wrong);
    await expect(dial(playground, 'loss_ppm')).toHaveValue('0');
  }
  expect(await inputsOf(playground)).toEqual([]);
});

test('the chosen server is slowed, paused, and has its disk and clock set; each line is mended by itself', async ({ playground }) => {
  await openDrawer(playground);
  await playground.press('3');
  await expect(dial(playground, 'server')).toHaveValue('3');
  await turn(playground, 'step_us', '4');
  await turn(playground, 'disk_us_max', '80');
  await drawer(playground).getByLabel(/^The disk lies/).check();
  await turn(playground, 'rate_ppm', '150');
  await turn(playground, 'ahead_ms', '250');
  await button(playground, 'Put ahead').click();
  await button(playground, 'Pause').click();
  const { step_ms, disk, clock, paused } = await playground.serverState(3);
  expect([step_ms, disk, clock, paused]).toEqual([4, { ms_min: 0.5, ms_max: 80, lies: true }, { rate_ppm: 1_500_000, shows_ms: 250 }, true]);
  await expect(setNow(playground)).toHaveText([/S3: paused/, /S3: slow, 4 ms for each thing/, /S3: a save takes 0.5 to 80 ms; the disk lies/, /S3: clock at 150 %/]);
  await button(playground, 'Well again: S3 paused').click();
  await expect(setNow(playground)).toHaveCount(3);
  expect((await playground.serverState(3)).paused).toBe(false);
  await dial(playground, 'server').selectOption('all servers');
  // They differ: the field is empty once the drawer shows all of them.
  await expect(dial(playground, 'step_us')).toHaveValue('');
  await turn(playground, 'step_us', '1');
  expect((await playground.state()).servers.map((server) => server.step_ms)).toEqual([1, 1, 1, 1, 1]);
  await button(playground, 'All well again').click();
  await expect(setNow(playground)).toHaveCount(0);
  await playground.advance(500);
  await playground.expectReplayable();
});

test('by keys alone: its key opens it, and a link’s dials are reached from its menu', async ({ playground, page }) => {
  await playground.press('Shift+F');
  await expect(drawer(playground)).toBeVisible();
  await expect(playground.host.getByRole('tab', { name: 'Faults', exact: true })).toBeFocused();
  for (let i = 0; i < 30 && !(await dial(playground, 'loss_ppm').evaluate((field) => field.matches(':focus'))); i += 1) await playground.press('Tab');
  await expect(dial(playground, 'loss_ppm')).toBeFocused();
  await page.keyboard.type('50');
  await playground.press('Enter');
  await expect(setNow(playground)).toContainText('50 % lost');
  await playground.server(1).focus();
  await playground.press('d');
  await expect(playground.host.getByRole('menu')).toBeVisible();
  await playground.press('l');
  await expect(playground.host.getByRole('menuitem', { name: 'Links', exact: true })).toBeFocused();
  for (const key of ['Enter', 'ArrowDown', 'Enter', 'Enter', 'End', 'Enter']) await playground.press(key);
  await expect(dial(playground, 'link-from')).toHaveValue('1');
  await expect(dial(playground, 'link-to')).toHaveValue('3');
});

test('while time runs, what is set is followed', async ({ playground }) => {
  await openDrawer(playground);
  await playground.press('Space');
  await playground.call((element) => element.crash(2));
  await expect(setNow(playground)).toContainText('S2: crashed');
  await playground.call((element) => element.restart(2));
  await expect(setNow(playground)).toHaveCount(0);
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 720 } });

  test('a preset is tapped, and all is seen at a width of 320', async ({ playground, page }) => {
    const tap = async (thing: Locator): Promise<void> => {
      await thing.scrollIntoViewIfNeeded();
      await playground.tapAt(await playground.centre(thing));
    };
    await tap(playground.host.getByRole('tab', { name: 'Faults', exact: true }));
    await expect(drawer(playground)).toBeVisible();
    await tap(button(playground, 'Data centre'));
    await expect(setNow(playground)).toContainText('All links: 0.2 to 0.5 ms');
    expect(await page.evaluate(() => document.documentElement.scrollWidth), 'nothing sticks out').toBeLessThanOrEqual(320);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test(`axe finds nothing in the drawer of faults (${colorScheme})`, async ({ playground, page }) => {
      await openDrawer(playground);
      await button(playground, 'Flaky').click();
      await playground.call((element) => element.crash(1));
      await expect(setNow(playground)).toHaveCount(2);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`))).toEqual([]);
    });
  });
}
