import { AxeBuilder } from '@axe-core/playwright';
import { xOf, yOf } from '../../../web/src/diagram/layout';
import { planFor } from '../../../web/src/clients/layout';
import { expect, type Playground, test } from '../page';
import { staleRead } from '../runs';

const lanes = (playground: Playground) => playground.host.locator('.lanes');
const canvas = (playground: Playground) => lanes(playground).getByRole('application', { name: 'Clients’ operations', exact: true });
const rows = (playground: Playground) => lanes(playground).locator('tbody tr');
const tip = (playground: Playground) => lanes(playground).locator('.diagram-tip');

async function open(playground: Playground): Promise<void> {
  await playground.host.getByRole('tab', { name: 'Clients', exact: true }).click();
  await expect(canvas(playground)).toBeVisible();
  await playground.settled();
}

/** A write by the person's client, and a read of it at a server; when they began. */
async function writeAndRead(playground: Playground): Promise<{ wroteMs: number; readMs: number }> {
  const { id } = await playground.elect();
  const wroteMs = await playground.time();
  await playground.call((element) => (element.propose('x=1'), element.advance(300)));
  const readMs = await playground.time();
  await playground.call((element, id) => (element.read('x', id), element.advance(200)), id);
  return { wroteMs, readMs };
}

test('operations are listed with what they wrote or showed, when they were asked for and answered', async ({ playground }) => {
  const { wroteMs, readMs } = await writeAndRead(playground);
  await open(playground);
  await expect(rows(playground)).toHaveCount(2);
  await expect(rows(playground).first()).toContainText('You, directly');
  await expect(rows(playground).first()).toContainText('read x → 1');
  await expect(rows(playground).last()).toContainText('Your client');
  await expect(rows(playground).last()).toContainText('write x=1');
  await expect(rows(playground).last()).toContainText('answered');
  // A row is a way to its moment, at which nothing was answered yet.
  await rows(playground).last().getByRole('button', { name: /^Go to write x=1/ }).click();
  await expect.poll(() => playground.time()).toBe(wroteMs);
  await expect(rows(playground)).toHaveCount(1);
  await expect(rows(playground)).toContainText('waits for its answer');
  expect(readMs).toBeGreaterThan(wroteMs);
});

test('a bar tells what it is, and a press on its beginning goes there', async ({ playground }) => {
  const { readMs } = await writeAndRead(playground);
  await open(playground);
  const width = await canvas(playground).evaluate((element) => element.clientWidth);
  const plan = planFor(width, 2);
  const place = { x: xOf(plan, { startUs: 0, usPerPx: 3_000 }, readMs * 1_000) + 1, y: yOf(plan, 1) };
  await canvas(playground).hover({ position: place });
  await expect(tip(playground)).toContainText('You, directly: read x → 1');
  await canvas(playground).click({ position: place });
  await expect.poll(() => playground.time()).toBe(readMs);
});

test('keys go from operation to operation, and to the marked one', async ({ playground }) => {
  const { wroteMs } = await writeAndRead(playground);
  await open(playground);
  await canvas(playground).focus();
  await playground.press('ArrowUp');
  await expect(tip(playground)).toContainText('read x → 1');
  await playground.press('ArrowUp');
  await expect(tip(playground)).toContainText('Your client: write x=1');
  await playground.press('Enter');
  await expect.poll(() => playground.time()).toBe(wroteMs);
  await playground.press('Escape');
  await expect(tip(playground)).toBeHidden();
  // In the table too, a row after the other.
  await playground.call((element) => element.seek(element.livedMs));
  await playground.settled();
  await rows(playground).first().getByRole('button').focus();
  await playground.press('ArrowDown');
  await expect(rows(playground).last().getByRole('button')).toBeFocused();
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    test.describe.configure({ timeout: 90_000 });

    test(`a stale read is marked where it happens, and axe finds nothing (${colorScheme})`, async ({ playground, page }) => {
      await staleRead(playground);
      await open(playground);
      const stale = lanes(playground).locator('tr.stale');
      await expect(stale).toHaveCount(1);
      await expect(stale).toContainText('read k1 → nothing');
      await expect(stale).toContainText('no order of the operations explains it');
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
      // At the moment at which it was asked for, nobody knows yet what it will show.
      await stale.getByRole('button').click();
      await expect(lanes(playground).locator('tr.stale')).toHaveCount(0);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('lanes and table have room at 320 pixels', async ({ playground, page }) => {
    await writeAndRead(playground);
    await open(playground);
    await expect(rows(playground)).toHaveCount(2);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBe(0);
    const small = await lanes(playground).locator('button').evaluateAll((buttons) => buttons.filter((button) => button.getBoundingClientRect().height < 24).length);
    expect(small).toBe(0);
  });
});
