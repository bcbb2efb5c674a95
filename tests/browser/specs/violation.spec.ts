import { expect, type Playground, type Scenario, test } from '../page';
import { TWO_LEADERS } from '../scenarios.mjs';

/** Half of the servers are taken for a majority: both halves elect a leader of the same term. */
const BROKEN: Partial<Scenario> = { ...TWO_LEADERS, seed: 1 };

const begin = (playground: Playground): Promise<void> =>
  playground.call((element, scenario) => {
    const heard: unknown[] = [];
    Object.assign(window, { heard });
    element.addEventListener('violation', (event) => heard.push(event.detail));
    element.reset(scenario);
    element.speed = 1;
  }, BROKEN);

test('two leaders of one term stop time, and the page shows the evidence', async ({ playground, page }) => {
  await begin(playground);
  await playground.call((element) => element.play());
  await expect(playground.violationCard).toBeVisible();
  expect(await playground.call((element) => element.playing)).toBe(false);

  const { violation, servers, time_ms } = await playground.state();
  const leaders = servers.filter((server) => server.role === 'leader');
  expect(leaders).toHaveLength(2);
  expect(violation).toMatchObject({ terms: [1], time_ms });
  expect([...(violation?.servers ?? [])].sort()).toEqual(leaders.map((server) => server.id));
  expect(violation?.property.replace(/[^a-z]/gi, '').toLowerCase()).toBe('electionsafety');
  expect(await page.evaluate(() => (window as unknown as { heard: unknown[] }).heard)).toEqual([violation]);

  const card = playground.violationCard;
  await expect(card).toHaveRole('alert');
  await expect(card).toContainText('Election Safety');
  for (const { id } of leaders) await expect(card).toContainText(`S${id}`);
  await expect(card).toContainText(/Term 1\b/i);
  await expect(card).toContainText('§5.2');
});

test('after a violation time does not go on, and the page says why; a new run does', async ({ playground }) => {
  await begin(playground);
  await playground.advance(200);
  await expect(playground.violationCard).toBeVisible();
  const { time_ms, fingerprint } = await playground.state();
  const playButton = playground.action('play');
  await expect(playButton).toHaveAttribute('aria-disabled', 'true');
  await expect(playButton).toHaveAttribute('title', /broken|violat|stopped/i);
  await playground.clickAt(await playground.centre(playButton));
  await expect(playground.notice).toHaveText(/reset/i);
  for (const key of ['Space', '.', 'e']) await playground.press(key);
  await playground.call((element) => element.play());
  await playground.settled();
  expect(await playground.call((element) => element.playing)).toBe(false);
  expect(await playground.state()).toMatchObject({ time_ms, fingerprint });

  await playground.call((element) => element.reset({ servers: 5, options: {} }));
  await expect(playground.violationCard).toHaveCount(0);
  await playground.elect();
  expect((await playground.state()).violation).toBeNull();
});

test('the violation comes at the same event when the run is lived again', async ({ playground }) => {
  await begin(playground);
  await playground.advance(200);
  const first = await playground.state();
  await playground.call((element, scenario) => {
    element.reset(scenario);
    while (element.state().violation === null && element.step() > 0);
  }, BROKEN);
  expect(await playground.state()).toEqual(first);
});

test('with all rules kept the same inputs break nothing', async ({ playground }) => {
  await playground.call((element, scenario) => element.reset({ ...scenario, options: {} }), BROKEN);
  await playground.advance(3_000);
  expect((await playground.state()).violation).toBeNull();
});
