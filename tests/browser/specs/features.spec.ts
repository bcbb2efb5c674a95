import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';

const sheet = (playground: Playground): Locator => playground.host.locator('#rules');
const optionsOf = (playground: Playground) => playground.call((element) => element.scenario().options ?? {});

async function openRules(playground: Playground): Promise<void> {
  await playground.host.getByRole('button', { name: /^Rules/ }).click();
  await expect(sheet(playground).getByRole('checkbox', { name: 'No-op at election', exact: true })).toBeVisible();
}

async function write(playground: Playground, option: string, value: string): Promise<void> {
  const field = sheet(playground).locator(`input[name="${option}"]`);
  await field.fill(value);
  await field.blur();
  await playground.settled();
}

test('without a no-op a new leader’s log stays empty; the run begins anew with its seed', async ({ playground }) => {
  await playground.call((element) => element.reset({ seed: 7 }));
  await playground.advance(1_000);
  expect((await playground.serverState(1)).log).toHaveLength(1);
  await openRules(playground);
  await expect(sheet(playground)).toContainText('Each switch and each size starts the run anew, with the same seed.');
  const noOp = sheet(playground).getByRole('checkbox', { name: 'No-op at election', exact: true });
  await expect(noOp, 'it is on unless it is switched off').toBeChecked();
  await noOp.uncheck();
  expect(await playground.time()).toBe(0);
  expect((await playground.call((element) => element.scenario())).seed).toBe(7);
  await playground.elect();
  await playground.advance(500);
  expect((await playground.serverState(1)).log).toHaveLength(0);
  await noOp.check();
  expect((await optionsOf(playground)).noop_on_election).toBe(true);
});

test('without sessions a value that is sent twice is written twice', async ({ playground }) => {
  await openRules(playground);
  await sheet(playground).getByRole('checkbox', { name: 'Sessions', exact: true }).uncheck();
  expect((await optionsOf(playground)).sessions).toBe(false);
  await playground.press('Escape');
  const { id } = await playground.elect();
  await playground.advance(300);
  // The leader commits, and does not live to answer: the client asks the next one for the same.
  await playground.call((element) => element.propose('x+=a'));
  await playground.advanceUntil(({ servers }, leader) => servers.some((server) => server.id !== leader && server.durable_index > 1), 500, { stepMs: 1, argument: id });
  await playground.call((element, id) => element.crash(id), id);
  await playground.advanceUntil(({ servers }) => servers.some((server) => server.store['x'] === 'aa'), 6_000);
});

test('times and sizes are set by their fields: nobody stands before the shortest timeout', async ({ playground }) => {
  await openRules(playground);
  await write(playground, 'election_timeout_us_min', '900');
  const max = sheet(playground).locator('input[name="election_timeout_us_max"]');
  await expect(max, 'the longest goes along').toHaveValue('900');
  await write(playground, 'election_timeout_us_max', '1200');
  await write(playground, 'heartbeat_us', '40.5');
  await write(playground, 'entries_per_append_max', '1');
  await write(playground, 'clock_drift_ppm_max', '5');
  await write(playground, 'clients', '3');
  expect(await optionsOf(playground)).toMatchObject({ election_timeout_us_min: 900_000, election_timeout_us_max: 1_200_000, heartbeat_us: 40_500, entries_per_append_max: 1, clock_drift_ppm_max: 50_000, clients: 3 });
  await playground.advance(899);
  expect((await playground.state()).servers.every((server) => server.current_term === 0)).toBe(true);
  await playground.elect();
  await playground.advance(500);
  expect((await playground.serverState(1)).commit_index, 'the clients write').toBeGreaterThan(2);
});

test('a size that cannot be changes nothing, and the field shows what holds', async ({ playground }) => {
  await playground.advance(50);
  await openRules(playground);
  for (const [option, wrong, holds] of [['heartbeat_us', '0', '75'], ['clients', '201', '0'], ['entries_per_append_max', '', '64']] as const) {
    await write(playground, option, wrong);
    await expect(sheet(playground).locator(`input[name="${option}"]`)).toHaveValue(holds);
  }
  expect(await playground.time(), 'the run goes on').toBe(50);
});

test('by keys alone: a size is found by the search box, and set', async ({ playground, page }) => {
  await playground.press('Control+k');
  await page.keyboard.type('heartbeat every');
  await expect(playground.host.getByRole('option', { name: /^Heartbeat every/ })).toBeVisible();
  await playground.press('Enter');
  const field = sheet(playground).locator('input[name="heartbeat_us"]');
  await expect(field).toBeFocused();
  await playground.press('Control+a');
  await page.keyboard.type('20');
  await playground.press('Enter');
  expect((await optionsOf(playground)).heartbeat_us).toBe(20_000);
  await expect(field, 'the focus stays').toBeFocused();
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 720 } });

  test('a switch is tapped, and nothing sticks out at a width of 320', async ({ playground, page }) => {
    const tap = async (thing: Locator): Promise<void> => {
      await thing.scrollIntoViewIfNeeded();
      await playground.tapAt(await playground.centre(thing));
    };
    await tap(playground.host.getByRole('button', { name: /^Rules/ }));
    const sessions = sheet(playground).getByText('Sessions', { exact: true });
    await expect(sessions).toBeVisible();
    await tap(sessions);
    expect((await optionsOf(playground)).sessions).toBe(false);
    expect(await sheet(playground).evaluate((element) => element.scrollWidth <= element.clientWidth)).toBe(true);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
  });
});
