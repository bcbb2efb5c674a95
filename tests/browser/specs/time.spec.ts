import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { expect, openHostPage, Playground, type Scenario, test } from '../page';

interface NativeRun {
  readonly fingerprint: string;
  readonly scenario: Scenario;
  readonly until_us: number;
}

/** Runs with the fingerprints that the native build gives them. */
const NATIVE: readonly NativeRun[] = JSON.parse(readFileSync(new URL('../../fixtures/determinism.json', import.meta.url), 'utf8')).runs;

const speedIs = (playground: Playground): Promise<number> => playground.call((element) => element.speed);

test('the page opens at rest, at time 0, at a pace where a message takes about a second', async ({ playground }) => {
  expect(await playground.call((element) => element.playing)).toBe(false);
  const state = await playground.state();
  expect(state.time_ms).toBe(0);
  expect(state.servers).toHaveLength(5);
  const speed = await speedIs(playground);
  expect(20 / (speed * 1_000), 'seconds on its way for a message of 20 ms').toBeCloseTo(1, 1);
  await playground.page.waitForTimeout(150);
  expect(await playground.time()).toBe(0);
});

test('Play lets time run at the chosen speed, and Pause stops it', async ({ playground }) => {
  const { host, page } = playground;
  await host.getByRole('button', { name: 'Play' }).click();
  await expect(host.getByRole('button', { name: 'Pause' })).toBeVisible();
  const [virtual, real] = await playground.call(async (element) => {
    const nextFrame = () => new Promise((done) => requestAnimationFrame(done));
    await nextFrame();
    const [time, clock] = [element.time, performance.now()];
    while (performance.now() - clock < 600) await nextFrame();
    return [element.time - time, performance.now() - clock];
  });
  expect((virtual as number) / (real as number), 'about 1/50').toBeGreaterThan(0.012);
  expect((virtual as number) / (real as number)).toBeLessThan(0.028);
  await host.getByRole('button', { name: 'Pause' }).click();
  const stopped = await playground.time();
  await page.waitForTimeout(150);
  expect(await playground.time()).toBe(stopped);
});

test('Step goes to the very next event', async ({ playground }) => {
  await playground.clickAt(await playground.centre(playground.action('step')));
  const first = await playground.time();
  expect(first, 'the first election timer').toBeGreaterThan(150);
  expect(await playground.call((element) => element.step(3))).toBe(3);
  await playground.press('.');
  expect(await playground.time()).toBeGreaterThanOrEqual(first);
  await playground.expectReplayable();
});

test('Next election and Next commit stop at the moment they name', async ({ playground }) => {
  await playground.clickAt(await playground.centre(playground.action('next-election')));
  const elected = await playground.state();
  expect(elected.servers.filter((server) => server.role === 'leader')).toHaveLength(1);
  expect(elected.servers.every((server) => server.commit_index === 0)).toBe(true);
  await playground.clickAt(await playground.centre(playground.action('next-commit')));
  const committed = await playground.state();
  expect(committed.servers.filter((server) => server.commit_index === 1)).toHaveLength(1);
  await playground.expectReplayable();
});

test('a jump to a commit says what was committed, and of a new leader’s no-op that nobody wrote it', async ({ playground }) => {
  await playground.press('m');
  await expect(playground.notice).toContainText(/^S\d commits entry 1: no-op\. A leader begins its term with it \(§8\), no client wrote it/);
  await playground.call((element) => element.propose('x=1'));
  await playground.press('m');
  await expect(playground.notice).toHaveText(/^S\d commits entry 2: x=1\.$/);
  await playground.press('M');
  await expect(playground.notice).toContainText('entry 1: no-op');
  await playground.advance(2_000);
  await playground.press('m');
  await expect(playground.notice).toHaveText('Nothing is committed in the ten virtual seconds from here: P proposes a value.');
});

test('Next election gives up after ten virtual seconds of a healthy cluster, says so, and stays at its moment', async ({ playground }) => {
  await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  const [before, fingerprint] = [await playground.time(), await playground.fingerprint()];
  for (let times = 0; times < 2; times += 1) {
    await playground.press('e');
    await expect(playground.notice).toHaveText('No election is won in the ten virtual seconds from here.');
    expect(await playground.time()).toBe(before);
    expect(await playground.fingerprint()).toBe(fingerprint);
    const lived = await playground.call((element) => element.livedMs);
    expect(lived - before).toBeGreaterThan(9_000);
    expect(lived - before).toBeLessThan(11_000);
  }
});

test('the speed goes from 1/1000 to 100, by keys and by its slider', async ({ playground }) => {
  const slider = playground.host.locator('.speed input');
  const text = playground.host.locator('.speed-text');
  await playground.press('+');
  expect(await speedIs(playground)).toBeCloseTo(0.05);
  await expect(text).toHaveText('1/20 ×');
  await playground.press('-');
  await playground.press('-');
  await expect(text).toHaveText('1/100 ×');
  for (let i = 0; i < 30; i += 1) await playground.page.keyboard.press('+');
  expect(await speedIs(playground)).toBe(100);
  await expect(text).toHaveText('100 ×');
  for (let i = 0; i < 30; i += 1) await playground.page.keyboard.press('-');
  expect(await speedIs(playground)).toBe(0.001);
  await slider.fill('600');
  expect(await speedIs(playground)).toBeCloseTo(1);
  await expect(slider).toHaveAttribute('aria-valuetext', '1 ×');
});

test('Reset starts the same run anew, and New seed another', async ({ playground }) => {
  const seed = playground.host.getByRole('spinbutton', { name: 'Seed' });
  await playground.advance(500);
  const once = await playground.fingerprint();
  await playground.clickAt(await playground.centre(playground.action('reset')));
  expect(await playground.time()).toBe(0);
  await playground.advance(500);
  expect(await playground.fingerprint()).toBe(once);

  await playground.press('f');
  expect(await playground.time()).toBe(0);
  await expect(seed).not.toHaveValue('1');
  const fresh = await playground.call((element) => element.scenario().seed);
  await expect(seed).toHaveValue(String(fresh));
  await playground.advance(500);
  expect(await playground.fingerprint()).not.toBe(once);

  await seed.fill('1');
  await seed.press('Enter');
  await playground.advance(500);
  expect(await playground.fingerprint(), 'seed 1 again').toBe(once);
});

for (const servers of [1, 2, 3, 9, 50]) {
  test(`a cluster of ${servers} elects a leader and commits`, async ({ playground }) => {
    const field = playground.host.getByRole('spinbutton', { name: 'Servers' });
    await field.fill(String(servers));
    await field.press('Enter');
    await expect(playground.host.locator('.hit-server')).toHaveCount(servers);
    await expect(playground.host.locator('.logs-row')).toHaveCount(servers);
    await playground.elect();
    await playground.call((element) => element.propose('x=1'));
    const state = await playground.advanceUntil((now) => now.servers.every((server) => server.store['x'] === '1'), 3_000, { stepMs: 20 });
    expect(state.violation).toBeNull();
    await playground.settled();
    const box = await playground.stage.boundingBox();
    if (!box) throw new Error('there is no stage');
    for (const { id } of state.servers) {
      const { x, y } = await playground.serverCentre(id);
      expect(x > box.x && x < box.x + box.width && y > box.y && y < box.y + box.height, `S${id} is on the stage`).toBe(true);
    }
  });
}

test('a number of servers or a seed that cannot be is refused, and the field shows what is', async ({ playground }) => {
  await playground.advance(300);
  const before = await playground.fingerprint();
  for (const [label, wrong, right] of [['Servers', '51', '5'], ['Servers', '0', '5'], ['Servers', '', '5'], ['Seed', '-1', '1'], ['Seed', '1.5', '1']] as const) {
    const field = playground.host.getByRole('spinbutton', { name: label });
    await field.fill(wrong);
    await field.press('Enter');
    await expect(playground.notice).toContainText(/expected a whole number/);
    expect(await playground.fingerprint()).toBe(before);
    await field.blur();
    await expect(field, `${label} after ${JSON.stringify(wrong)}`).toHaveValue(right);
  }
});

test('where the engine cannot keep up the page says how fast it is, and takes it back when it can', async ({ playground }) => {
  // Fifty servers with two thousand messages on their way, at a hundred times the speed of time.
  await playground.call((element) => {
    const options = { delay_us_min: 400_000, delay_us_max: 420_000, heartbeat_us: 20_000, election_timeout_us_min: 1_500_000, election_timeout_us_max: 3_000_000 };
    element.reset({ servers: 50, seed: 1, options });
    element.advance(6_000);
    element.speed = 100;
    element.play();
  });
  const slowed = playground.host.locator('.slowed');
  await expect(slowed).toHaveText(/^as fast as it can: \d/);
  const [text, real] = await playground.call(async (element) => {
    const [time, clock] = [element.time, performance.now()];
    for (let frame = 0; frame < 30; frame += 1) await new Promise(requestAnimationFrame);
    return [element.shadowRoot?.querySelector('.slowed')?.textContent ?? '', (element.time - time) / (performance.now() - clock)] as const;
  });
  const [, part, times] = /(1\/)?([\d.]+) ×/.exec(text) ?? [];
  const told = part ? 1 / Number(times) : Number(times);
  expect(real, 'it does not keep up').toBeLessThan(50);
  expect(told, 'it does not say that it does').toBeLessThan(50);
  expect(told).toBeGreaterThan(0);
  await playground.call((element) => (element.speed = 0.001));
  await expect(slowed).toHaveCount(0);
});

/** How many animation frames the page itself asks for in a while. */
const framesAskedFor = (page: Page, ms: number): Promise<number> =>
  page.evaluate(async (ms) => {
    const ask = window.requestAnimationFrame;
    let asked = 0;
    window.requestAnimationFrame = (callback) => {
      asked += 1;
      return ask.call(window, callback);
    };
    await new Promise((done) => setTimeout(done, ms));
    window.requestAnimationFrame = ask;
    return asked;
  }, ms);

test('at rest and out of sight the page asks for no animation frame, with whatever view is open', async ({ playground, page }) => {
  await playground.elect();
  await playground.advance(500);
  for (const view of ['events', 'diagram', 'checks', 'clients', 'faults']) {
    await playground.host.locator(`#tab-${view}`).click();
    // What came late is drawn, and what was said is taken away after a while.
    await expect.poll(() => framesAskedFor(page, 1_500), { message: `at rest, with ${view}`, timeout: 15_000 }).toBe(0);
  }
  await playground.call((element) => element.play());
  expect(await framesAskedFor(page, 500), 'playing').toBeGreaterThan(0);
  await page.evaluate(() => {
    Object.defineProperty(document, 'hidden', { value: true, configurable: true });
    document.dispatchEvent(new Event('visibilitychange'));
  });
  await playground.settled();
  expect(await framesAskedFor(page, 1_000), 'playing, hidden').toBe(0);
});

test('time rests while the page is hidden, and goes on afterwards as though nothing had been', async ({ playground, page }) => {
  const setHidden = (hidden: boolean) =>
    page.evaluate((hidden) => {
      Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden });
      Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => (hidden ? 'hidden' : 'visible') });
      document.dispatchEvent(new Event('visibilitychange'));
    }, hidden);
  await playground.call((element) => element.play());
  await expect.poll(() => playground.time()).toBeGreaterThan(1);
  await setHidden(true);
  await playground.settled();
  const hidden = await playground.time();
  await page.waitForTimeout(300);
  expect(await playground.time()).toBe(hidden);
  expect(await playground.call((element) => element.playing), 'it rests, but is not paused').toBe(true);
  await setHidden(false);
  await expect.poll(() => playground.time()).toBeGreaterThan(hidden);
  // At 1/50 the 300 ms would have been 6.
  const [time] = await playground.call(async (element) => [element.time]);
  expect(time).toBeLessThan(hidden + 60);
});

test('time rests while the element is out of sight, and goes on when it is back', async ({ page }) => {
  await openHostPage(
    page,
    `<script type="module" src="raft-playground.js"></script>
     <raft-playground style="height: 600px"></raft-playground><div style="height: 4000px">notes</div>`,
  );
  const playground = new Playground(page);
  await playground.ready();
  await playground.call((element) => element.play());
  await expect.poll(() => playground.time()).toBeGreaterThan(1);
  await page.evaluate(() => scrollTo(0, 3_000));
  await page.waitForTimeout(150);
  const away = await playground.time();
  await page.waitForTimeout(300);
  expect(await playground.time()).toBe(away);
  await page.evaluate(() => scrollTo(0, 0));
  await expect.poll(() => playground.time()).toBeGreaterThan(away);
});

test('the same seed and inputs give the same run in two loads, however they are stepped', async ({ playground, page }) => {
  const live = (sliceMs: number) =>
    playground.call((element, slice) => {
      const pass = (ms: number) => {
        for (let left = ms; left > 0; left -= slice) element.advance(Math.min(slice, left));
      };
      element.reset({ seed: 7, servers: 5, options: { loss_ppm: 50_000, duplicate_ppm: 20_000, clients: 2 } });
      pass(600);
      element.wall({ ax: 0, ay: 5_000, bx: 10_000, by: 5_100 });
      pass(700);
      element.crash(2);
      element.move(3, 500, 500);
      pass(400);
      element.removeWall(1);
      element.restart(2);
      pass(900);
      return element.state().fingerprint;
    }, sliceMs);
  const once = await live(2_000);
  await page.reload();
  await playground.ready();
  expect(await live(16)).toBe(once);
  expect(await live(7)).toBe(once);
});

for (const [at, run] of NATIVE.entries()) {
  const { inputs = [], servers, seed } = run.scenario;
  test(`run ${at + 1} (${servers} servers, seed ${seed}, ${inputs.length} inputs) ends in the browser as it does natively`, async ({ playground }) => {
    const fingerprint = await playground.call((element, { scenario, until_us }) => {
      element.reset(scenario);
      element.advance(until_us / 1_000);
      return element.state().fingerprint;
    }, run);
    expect(fingerprint).toBe(run.fingerprint);
  });
}
