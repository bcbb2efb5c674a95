import type { Page } from '@playwright/test';
import { expect, Playground, test } from '../page';

test.use({ expected: [/simulated trap/] });

/** From now on one call of this export traps, as a panic does; what is called afterwards in that instance traps as well. */
async function armTrap(page: Page, name: string): Promise<void> {
  await page.evaluate((name) => {
    (window as unknown as { trap: { name: string } }).trap.name = name;
  }, name);
}

test.beforeEach(async ({ page }) => {
  // Stands between the page and every instance of the engine.
  await page.addInitScript(() => {
    const trap = { name: '', count: 0 };
    Object.assign(window, { trap });
    const Real = WebAssembly.Instance;
    WebAssembly.Instance = function Instance(module: WebAssembly.Module, imports: WebAssembly.Imports) {
      const real = new Real(module, imports);
      let broken = false;
      const exports: Record<string, unknown> = {};
      for (const [name, value] of Object.entries(real.exports)) {
        exports[name] =
          typeof value === 'function' && !name.startsWith('__')
            ? (...values: unknown[]) => {
                if (broken || name === trap.name) {
                  if (!broken) trap.count += 1;
                  broken = true;
                  trap.name = '';
                  throw new WebAssembly.RuntimeError('unreachable: a simulated trap');
                }
                return (value as (...values: unknown[]) => unknown)(...values);
              }
            : value;
      }
      return { exports };
    } as unknown as typeof WebAssembly.Instance;
  });
});

async function busyRun(page: Page): Promise<Playground> {
  await page.goto('./');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  await playground.call((element) => {
    element.propose('x=1');
    element.advance(200);
    element.wall({ ax: 0, ay: 5_200, bx: 10_000, by: 5_000 });
    element.step(7);
    element.crash(2);
    element.advance(33.333);
    element.step(2);
  });
  return playground;
}

for (const [name, act] of [
  ['playground_advance', (playground: Playground) => playground.call((element) => element.advance(10))],
  ['playground_state', (playground: Playground) => playground.call((element) => void element.state())],
  ['playground_apply', (playground: Playground) => playground.call((element) => element.crash(3))],
  ['playground_step', (playground: Playground) => playground.call((element) => void element.step())],
] as const) {
  test(`when the engine traps in ${name} the page says so, and the run is lived again to where it was`, async ({ page }) => {
    const playground = await busyRun(page);
    const before = await playground.state();
    const errors = page.evaluate(
      () => new Promise<{ message: string; report: string }>((done) => document.addEventListener('error', (event) => done((event as unknown as CustomEvent).detail))),
    );
    await armTrap(page, name);
    await expect(act(playground)).rejects.toThrow(/simulated trap/);

    await expect(playground.panicSheet).toBeVisible();
    const report = JSON.parse(await playground.panicSheet.locator('pre').innerText());
    expect(report.panic).toContain('simulated trap');
    expect(report.scenario.seed).toBe(1);
    expect(report.scenario.inputs.map((timed: { input: { kind: string } }) => timed.input.kind)).toEqual(['propose', 'wall', 'crash']);
    expect((await errors).message).toContain('simulated trap');
    expect((await errors).report).toBe(await playground.panicSheet.locator('pre').textContent());

    expect(await playground.state(), 'the run is as it was').toEqual(before);
    await playground.host.getByRole('button', { name: 'Go on' }).click();
    await expect(playground.panicSheet).toHaveCount(0);
    await playground.call((element) => element.restart(2));
    await playground.advance(500);
    await playground.expectReplayable();
  });
}

test('after a trap the branches are there again too, and the moment', async ({ page }) => {
  const playground = await busyRun(page);
  await playground.call((element) => {
    element.seek(100);
    element.crash(4);
    element.renameBranch(1, 'other');
    element.advance(250);
    for (const ms of [300, 20, 210]) element.seek(ms);
    element.switchBranch(0);
    element.jump('input');
  });
  const before = await playground.call((element) => ({ state: element.state(), branches: element.branches() }));
  await armTrap(page, 'playground_step');
  await expect(playground.call((element) => void element.step())).rejects.toThrow(/simulated trap/);
  expect(await playground.call((element) => ({ state: element.state(), branches: element.branches() }))).toEqual(before);
  await playground.host.getByRole('button', { name: 'Go on' }).click();
});

test('a trap in the middle of an animation frame stops time and is shown', async ({ page, complaints }) => {
  const playground = await busyRun(page);
  await playground.call((element) => {
    element.speed = 1;
    element.play();
  });
  await armTrap(page, 'playground_advance');
  await expect(playground.panicSheet).toBeVisible();
  expect(await playground.call((element) => element.playing)).toBe(false);
  expect((await playground.state()).servers).toHaveLength(5);
  await playground.host.getByRole('button', { name: 'Go on' }).click();
  await playground.expectReplayable();
  expect(complaints.filter((complaint) => complaint.startsWith('uncaught'))).toEqual([]);
});

test('a trap that comes again while the run is lived again is survived by a fresh run', async ({ page }) => {
  const playground = await busyRun(page);
  await page.evaluate(() => {
    // The next instance cannot advance either.
    const { trap } = window as unknown as { trap: { name: string; count: number } };
    let name = 'playground_advance';
    Object.defineProperty(trap, 'name', { get: () => (trap.count < 2 ? name : ''), set: () => (name = 'playground_advance') });
  });
  await expect(playground.advance(10)).rejects.toThrow(/simulated trap/);
  await expect(playground.panicSheet).toContainText(/starts anew/);
  expect(await playground.time()).toBe(0);
  await playground.host.getByRole('button', { name: 'Go on' }).click();
  await playground.elect();
});
