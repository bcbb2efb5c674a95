import { AxeBuilder } from '@axe-core/playwright';
import { expect, type Playground, test } from '../page';

test.use({ visited: false });

const hint = (playground: Playground) => playground.host.getByRole('complementary', { name: 'First steps' });
const press = (playground: Playground, name: string) => hint(playground).getByRole('button', { name, exact: true }).click();

test('a first visit is told three steps, which do not return', async ({ playground, page }) => {
  for (const [at, says] of ['Press Play', 'Break it', 'Ask and go back'].entries()) {
    await expect(hint(playground)).toContainText(`${at + 1} of 3`);
    await expect(hint(playground).getByRole('status')).toContainText(says);
    if (at < 2) await press(playground, 'Next');
  }
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  await press(playground, 'Done');
  await expect(hint(playground)).toHaveCount(0);
  await expect(playground.host.locator('.controls [data-action="play"]')).toBeFocused();
  await page.reload();
  await playground.ready();
  await playground.settled();
  await expect(hint(playground)).toHaveCount(0);
});

test('it can be skipped at once, and does not return either', async ({ playground, page }) => {
  await press(playground, 'Skip');
  await expect(hint(playground)).toHaveCount(0);
  await page.reload();
  await playground.ready();
  await playground.settled();
  await expect(hint(playground)).toHaveCount(0);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('it has room at 320 pixels and covers no server', async ({ playground, page }) => {
    const [bar, stage] = [await hint(playground).boundingBox(), await playground.stage.boundingBox()];
    expect((bar?.y ?? 0) + (bar?.height ?? 0)).toBeLessThanOrEqual(stage?.y ?? 0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)).toBeLessThanOrEqual(0);
  });
});
