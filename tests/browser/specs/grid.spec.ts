// The grid of logs: what a cell shows, and how far one comes in it with a mouse, keys and fingers.
import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';

const grid = (playground: Playground): Locator => playground.host.getByRole('grid', { name: 'Logs', exact: true });

/** A leader with so many values beside its no-op, in all logs. */
async function written(playground: Playground, values: number): Promise<number> {
  const { id } = await playground.elect();
  await playground.call(
    (element, { id, values }) => {
      for (let i = 1; i <= values; i += 1) element.propose(`k=${i}`, id);
    },
    { id, values },
  );
  await playground.advanceUntil(({ servers }, length) => servers.every((server) => server.commit_index === length), 5_000, { argument: values + 1 });
  await playground.settled();
  return id;
}

/** Fifty servers that begin with a thousand entries each, and two hundred clients that write some thousand more. */
async function longLogs(playground: Playground): Promise<void> {
  await playground.call((element) => {
    const servers = Array.from({ length: 50 }, (_, at) => ({ server: at + 1, log: [[1, 1_000]] as const, ...(at === 0 ? { role: 'leader' as const } : {}) }));
    const options = { clients: 200, client_pause_us: 1_000, client_retries: false, entries_per_append_max: 1_000, entries_in_flight_max: 10_000 };
    element.reset({ servers: 50, seed: 1, options, initial: { servers } });
    for (let i = 0; i < 25; i += 1) element.advance(100);
  });
  await playground.settled();
}

test('an entry is open below until it is on its server’s disk, and a crashed server shows what its disk holds', async ({ playground }) => {
  const leader = await written(playground, 2);
  await playground.call((element, id) => element.propose('late=1', id), leader);
  await playground.settled();
  const cell = playground.logCell(leader, 4);
  await expect(cell).toHaveClass(/unsaved/);
  await expect(cell).toHaveAccessibleName(/late=1; not committed, as far as this server knows; not on its disk yet/);
  await playground.call((element, id) => element.crash(id), leader);
  await playground.settled();
  await expect(cell, 'what was not saved is gone').toHaveClass(/none/);
  await expect(playground.logCell(leader, 3)).toHaveAccessibleName(/k=2$/);
  await expect(playground.logRow(leader).getByRole('rowheader')).toContainText('down: what its disk holds');
});

test('lastApplied and commitIndex stand behind their entries, a no-op and a configuration have their own shapes', async ({ playground }) => {
  const leader = await written(playground, 1);
  await expect(playground.logCell(leader, 2)).toHaveClass(/at-commit.*at-applied/);
  await expect(playground.logCell(leader, 1)).toHaveClass(/no-op/);
  await playground.call((element) => element.setMembers({ voters: [1, 2, 3, 4] }));
  await playground.settled();
  await expect(playground.logCell(leader, 3)).toHaveClass(/members/);
  // Neither is a matter of colour.
  const shape = (cell: Locator): Promise<string> => cell.locator('b').evaluate((text) => getComputedStyle(text, '::after').width);
  expect(new Set([await shape(playground.logCell(leader, 1)), await shape(playground.logCell(leader, 2)), await shape(playground.logCell(leader, 3))]).size).toBe(3);
});

test('an entry that is clicked is pointed out in every log that holds it, told of, and asked about', async ({ playground }) => {
  const leader = await written(playground, 3);
  const other = (leader % 5) + 1;
  await playground.logCell(other, 3).click();
  await expect(playground.server(other)).toHaveAttribute('aria-pressed', 'true');
  for (const id of [1, 2, 3, 4, 5]) await expect(playground.logCell(id, 3)).toHaveAttribute('aria-selected', 'true');
  await expect(playground.host.locator('.cell[aria-selected]')).toHaveCount(5);
  const told = playground.host.locator('.logs-told');
  await expect(told).toContainText('Index 3, term 1: k=2. In 5 of 5 logs: S1, S2, S3, S4 and S5.');
  await expect(told).toContainText('Known to be committed by');
  await told.getByRole('button', { name: 'Why is it committed?' }).click();
  await expect(playground.host.locator('.chain li').first()).toContainText(/commits index(es)? .*3/);
  await playground.press('Escape');
  await expect(playground.host.locator('.cell[aria-selected]')).toHaveCount(0);
  await expect(told).toBeHidden();
});

test('a moment in the events that names an entry points it out in the logs', async ({ playground }) => {
  const leader = await written(playground, 30);
  const line = playground.host.locator('.events li', { hasText: `S${leader} appends an entry to its own log: index 5,` });
  await playground.host.getByRole('button', { name: 'Show more' }).click();
  await line.locator('button.when').click();
  await expect(playground.logCell(leader, 5)).toHaveAttribute('aria-selected', 'true');
  await expect(playground.logCell(leader, 5)).toBeInViewport();
  await expect(playground.host.locator('.logs-told')).toContainText('Index 5, term 1: k=4.');
});

test('keys go from cell to cell, to the beginning and the end; Enter points out', async ({ playground }) => {
  await written(playground, 30);
  await grid(playground).focus();
  const place = playground.host.locator('#log-place');
  await expect(place).toHaveAttribute('data-index', '31');
  await expect(grid(playground)).toHaveAttribute('aria-activedescendant', 'log-place');
  await playground.press('ArrowDown');
  await playground.press('ArrowLeft');
  await expect(playground.logRow(2).locator('#log-place')).toHaveAttribute('data-index', '30');
  await playground.press('Home');
  await expect(place).toHaveAttribute('data-index', '1');
  await expect(place).toBeInViewport();
  await expect(playground.host.getByRole('button', { name: 'Latest', exact: true })).toBeVisible();
  await playground.press('Enter');
  await expect(playground.server(2)).toHaveAttribute('aria-pressed', 'true');
  await expect(playground.logCell(1, 1)).toHaveAttribute('aria-selected', 'true');
  await playground.press('ArrowLeft');
  await expect(playground.logRow(2).getByRole('rowheader')).toHaveAttribute('id', 'log-place');
  await playground.press('Control+End');
  await expect(playground.logRow(5).locator('#log-place')).toHaveAttribute('data-index', '31');
  await expect(playground.host.getByRole('button', { name: 'Latest', exact: true })).toBeHidden();
  await playground.press('PageUp');
  const page = Number(await place.getAttribute('data-index'));
  expect(page).toBeLessThan(25);
});

test('the end stays in sight while logs grow, until one goes back, and again from “Latest” on', async ({ playground }) => {
  const leader = await written(playground, 20);
  await expect(playground.logCell(leader, 21)).toBeInViewport();
  const box = await grid(playground).boundingBox();
  if (!box) throw new Error('there is no grid');
  await playground.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await playground.page.mouse.wheel(-5_000, 0);
  await expect(playground.logCell(leader, 1)).toBeInViewport();
  await expect(playground.logCell(leader, 21), 'what is out of sight does not exist').toHaveCount(0);
  await playground.call((element, id) => element.propose('k=new', id), leader);
  await playground.settled();
  await expect(playground.logCell(leader, 1), 'it stays where one looks').toBeInViewport();
  await playground.host.getByRole('button', { name: 'Latest', exact: true }).click();
  await expect(playground.logCell(leader, 22)).toBeInViewport();
  await expect(grid(playground), 'the button goes, the focus does not').toBeFocused();
  await playground.call((element, id) => element.propose('k=newer', id), leader);
  await playground.settled();
  await expect(playground.logCell(leader, 23)).toBeInViewport();
});

test('while the end stays in sight the first column is whole, whatever the width; hands scroll anywhere', async ({ playground, page }) => {
  const leader = await written(playground, 30);
  /** How much of a column the names of the servers cover. */
  const covered = (): Promise<number> => grid(playground).evaluate((scroller) => scroller.scrollLeft % Number.parseFloat(getComputedStyle(scroller).getPropertyValue('--pitch')));
  for (const width of [1280, 1291, 1304, 1310]) {
    await page.setViewportSize({ width, height: 800 });
    await playground.settled();
    await expect(playground.logCell(leader, 31), `${width} px`).toBeInViewport({ ratio: 1 });
    await expect.poll(covered, `${width} px`).toBe(0);
  }
  const box = await grid(playground).boundingBox();
  if (!box) throw new Error('there is no grid');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.wheel(-37, 0);
  await expect.poll(covered, 'it stays where the hand left it').toBe(52 - 37);
});

test('an upright wheel is the page’s, unless the grid has the focus', async ({ playground, page }) => {
  await page.setViewportSize({ width: 700, height: 500 });
  await written(playground, 40);
  await grid(playground).scrollIntoViewIfNeeded();
  const left = (): Promise<number> => grid(playground).evaluate((element) => element.scrollLeft);
  const box = await grid(playground).boundingBox();
  if (!box) throw new Error('there is no grid');
  await page.mouse.move(box.x + box.width / 2, box.y + 20);
  const [before, y] = [await left(), await page.evaluate(() => scrollY)];
  await page.mouse.wheel(0, -60);
  await expect.poll(() => page.evaluate(() => scrollY)).toBe(y - 60);
  expect(await left()).toBe(before);
  await grid(playground).focus();
  const again = await page.evaluate(() => scrollY);
  const now = await grid(playground).boundingBox();
  if (!now) throw new Error('there is no grid');
  await page.mouse.move(now.x + now.width / 2, now.y + 20);
  await page.mouse.wheel(0, -60);
  await expect.poll(left).toBe(before - 60);
  expect(await page.evaluate(() => scrollY), 'the page stays').toBe(again);
});

test('with 50 servers and thousands of entries only what is in sight exists', async ({ playground }) => {
  await longLogs(playground);
  const cells = playground.host.locator('.cell:visible');
  const rows = playground.host.locator('.logs-row:has(.cell)');
  await expect(playground.host.locator('.logs-row')).toHaveCount(50);
  await expect.poll(() => cells.count()).toBeLessThan(600);
  await expect.poll(() => rows.count()).toBeLessThan(25);
  const last = Number(await grid(playground).getAttribute('aria-colcount'));
  expect(last).toBeGreaterThan(5_000);
  await grid(playground).focus();
  await playground.press('Control+Home');
  await expect(playground.logCell(1, 1)).toBeInViewport();
  await playground.press('Control+End');
  await expect(playground.logRow(50).locator('#log-place')).toBeInViewport();
  await expect.poll(() => cells.count()).toBeLessThan(600);
  await expect(playground.logCell(50, last - 2)).toBeInViewport();
});

test('once scrolling rests, cells stand in the order of their indexes and are called what they show', async ({ playground }) => {
  await longLogs(playground);
  const scroll = (left: number, top: number): Promise<void> =>
    grid(playground).evaluate(
      async (scroller, [left, top]) => {
        // In steps that take cells along, and in jumps that take none.
        for (const share of [0.2, 0.201, 0.202, 0.9, 0.899, 1]) {
          scroller.scrollTo(left * share, top * share);
          await new Promise(requestAnimationFrame);
        }
      },
      [left, top] as const,
    );
  await scroll(26 * 700, 31 * 20);
  const row = playground.logRow(22);
  await expect(playground.logCell(22, 705)).toBeInViewport();
  await expect(playground.logCell(22, 705)).toHaveText('1');
  await expect(playground.logCell(22, 705)).toHaveAccessibleName(/^index 705, term 1: .+; committed/);
  const indexes = (): Promise<number[]> => row.locator('.cell:visible').evaluateAll((cells) => cells.map((cell) => Number((cell as HTMLElement).dataset['index'])));
  const found = await indexes();
  expect(found.length).toBeGreaterThan(10);
  expect(found).toEqual(found.map((_, at) => (found[0] ?? 0) + at));
  const heads = await grid(playground).locator('.logs-index').evaluateAll((cells) => cells.map((cell) => cell.getAttribute('aria-label')));
  expect(heads).toEqual(found.map(String));
  // Not one is left over in a row that is out of sight.
  await expect(playground.logRow(1).locator('.cell:visible')).toHaveCount(0);
  await scroll(0, 0);
  await expect(playground.logCell(1, 1)).toHaveAccessibleName(/^index 1, term 1/);
  await expect(playground.logRow(22).locator('.cell:visible')).toHaveCount(0);
});

test('a server that is pointed at in its row is lit on the stage, and a row when its server is', async ({ playground }) => {
  const leader = await written(playground, 1);
  const { x, y } = await playground.serverCentre(leader);
  await playground.page.mouse.move(x, y);
  await expect(playground.logRow(leader)).toHaveClass(/lit/);
  await playground.logRow((leader % 5) + 1).getByRole('rowheader').hover();
  await expect(playground.logRow(leader)).not.toHaveClass(/lit/);
});
