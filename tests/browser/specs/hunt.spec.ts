import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { faultsOn, Panel } from '../hunting';
import { expect, test } from '../page';

const RULE = 'vote_only_for_up_to_date_log';

/** The page believes that its machine has so many processors more than one. */
const withWorkers = (page: Page, count: number): Promise<unknown> => page.addInitScript((count) => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count + 1 }), count);

test('without the check of logs a violation is found, played to its end, and with Raft whole the same ends well', async ({ playground, page }) => {
  test.setTimeout(90_000);
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(new URL(request.url()).pathname));
  const panel = new Panel(playground);
  await playground.host.locator('[data-part="rules"]').click();
  const rules = playground.host.locator('#rules');
  await rules.locator('summary', { hasText: 'Voting' }).click();
  await rules.locator(`input[name="${RULE}"]`).uncheck();
  expect(fetched.filter((path) => /explore|worker/.test(path)), 'nothing of the search is fetched before somebody wants it').toEqual([]);
  await rules.getByRole('button', { name: 'Find a violation' }).click();
  await expect(rules).toBeHidden();
  await expect(panel.root).toContainText('A vote goes only to a log at least as up-to-date');
  await expect(panel.part('start')).toBeFocused();
  await panel.find();
  expect(fetched.filter((path) => /explore/.test(path)).length, 'the module is fetched once').toBe(1);

  const story = panel.stories.first();
  await expect(story.locator('h4')).toHaveText(/^(Leader Completeness|State Machine Safety) \d+ steps$/);
  const steps = await panel.steps();
  expect(steps.length).toBeGreaterThanOrEqual(8);
  expect(steps.length).toBeLessThanOrEqual(16);
  expect(steps[0]).toMatch(/^S\d times out$/);
  await expect(story.locator('h4')).toContainText(`${steps.length} steps`);

  await story.locator('[data-part="play-story"]').click();
  expect(await playground.call((element) => element.playing)).toBe(true);
  expect(await playground.call((element) => element.speed), 'a step a second').toBeCloseTo(0.02, 5);
  await expect(story.locator('.steps [aria-current="step"]')).toHaveText(steps[0] as string);
  await expect(story.locator('.steps [aria-current="step"]')).toHaveText(steps[1] as string);
  await playground.call((element) => (element.speed = 1));
  await expect(playground.violationCard).toBeVisible();
  const { violation, time_ms } = await playground.state();
  expect(violation?.property).toBe(((await story.locator('h4').textContent()) ?? '').replace(/ \d+ steps$/, ''));
  expect(time_ms).toBeLessThanOrEqual(20 * steps.length);
  expect(time_ms).toBeGreaterThan(20 * (steps.length - 1));

  await story.locator('[data-part="play-whole"]').click();
  await expect(playground.violationCard).toBeHidden();
  await playground.call((element) => (element.speed = 1));
  await expect(playground.notice).toHaveText(/no property is broken/);
  expect(await playground.call((element) => element.playing)).toBe(false);
  const whole = await playground.state();
  expect(whole.violation).toBeNull();
  expect(whole.time_ms).toBeGreaterThanOrEqual(20 * steps.length);
  expect(await playground.call((element) => element.scenario().options?.rules_off ?? [])).toEqual([]);
  expect(await playground.call((element) => element.scenario().title)).toMatch(/^Raft whole: /);
});

test('a scene is asked for by its name, found on correct servers, and played up to where it is reached', async ({ playground }) => {
  const panel = new Panel(playground);
  await panel.open();
  await panel.root.getByRole('combobox', { name: 'What to look for' }).selectOption('Two leaders at once');
  await expect(panel.root.getByRole('textbox', { name: 'As an expression' })).toHaveValue('leaders > 1');
  await panel.find();
  const story = panel.stories.first();
  await expect(story.locator('h4')).toHaveText(/^Reached: Two leaders at once \d+ steps$/);
  await expect(story.locator('[data-part="play-pair"]')).toHaveAttribute('aria-disabled', 'true');
  await story.locator('[data-part="play-story"]').click();
  // So fast that one frame would take it far beyond.
  await playground.call((element) => (element.speed = 100));
  await expect(playground.notice).toHaveText('This is it: from here on go on as you like.');
  expect(await playground.call((element) => element.playing)).toBe(false);
  const { servers, violation } = await playground.state();
  expect(servers.filter(({ role, up }) => up && role === 'leader').length).toBe(2);
  expect(violation).toBeNull();
  // Nobody has done anything to it, and it is kept all the same.
  await playground.call((element) => element.reset());
  await playground.press('o');
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toContainText('Two leaders at once');
});

test('what cannot be read of an expression is said at its field, with the place, and a change takes it back', async ({ playground, page }) => {
  const panel = new Panel(playground);
  await panel.open();
  await panel.root.getByRole('combobox', { name: 'What to look for' }).selectOption('In your own words');
  const field = panel.root.getByRole('textbox', { name: 'As an expression' });
  await panel.part('start').click();
  await expect(playground.notice).toHaveText(/^Write what is to be looked for/);
  await field.click();
  await page.keyboard.type('  leaders > 1 and x');
  await panel.part('start').click();
  await expect(panel.root.getByRole('alert')).toHaveText(/^Character 17 is "x": expected a number, a server such as S1, /);
  await expect(field).toBeFocused();
  await expect(field).toHaveAttribute('aria-invalid', 'true');
  expect(await field.evaluate((element) => (element as HTMLTextAreaElement).value.slice((element as HTMLTextAreaElement).selectionStart))).toBe('x');
  await page.keyboard.type('term = 2');
  await expect(field).toHaveAttribute('aria-invalid', 'false');
  await expect(panel.root.getByRole('alert')).toBeEmpty();
  await panel.find();
  await expect(panel.stories.first().locator('h4')).toHaveText(/^Reached: leaders > 1 and term = 2 \d+ steps$/);
});

test('a stale read is found with the rule off that prevents it, and plays beside Raft whole in step: broken here, well there', async ({ playground, page }) => {
  test.setTimeout(60_000);
  const panel = new Panel(playground);
  await panel.open();
  await panel.root.getByRole('combobox', { name: 'What to look for' }).selectOption('A stale read');
  await expect(panel.root).toContainText('A leader answers a read only once a quorum has answered it since.');
  await panel.find();
  await panel.part('play-pair').first().click();
  const [here, there] = [playground.host.locator('.twin-caption').first(), playground.host.locator('.twin-caption').last()];
  await expect(here).toContainText('Without: A leader answers a read');
  await expect(there).toContainText('Every rule followed');
  await playground.call((element) => (element.speed = 1));
  await expect(here).toContainText('Linearizable Reads is broken');
  await expect(there).toContainText('No property is broken');
  await expect(playground.violationCard).toBeVisible();

  // Back to just before the first election, on both.
  const term = async (): Promise<string> => ((await there.locator('p').textContent()) ?? '').trim();
  expect(await term()).toMatch(/^S\d leads term 2/);
  await playground.call((element) => element.seek(1));
  await expect.poll(term).toBe('Nobody leads');
  await expect(here.locator('p')).toHaveText('Nobody leads');
  await playground.call((element) => void element.jump('leader'));
  await expect.poll(term).toMatch(/^S\d leads term 1$/);
  await expect(here.locator('p')).toHaveText(await term());
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);

  // What is done to one makes it another run.
  await playground.call((element) => element.crash(3));
  await expect(playground.host.locator('.twin')).toHaveCount(0);
  await expect(playground.stage).not.toHaveClass(/twinned/);
  await panel.part('play-pair').first().click();
  await expect(playground.host.locator('.twin')).toHaveCount(1);
  await playground.host.locator('[data-part="close-twin"]').click();
  await expect(playground.host.locator('.twin, .twin-caption')).toHaveCount(0);
});

test('the same seed tells the same stories with one worker and with three', async ({ browser }) => {
  test.setTimeout(90_000);
  const told: string[][] = [];
  for (const count of [1, 3]) {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.addInitScript(() => localStorage.setItem('raft-playground.visited', '1'));
    await withWorkers(page, count);
    await page.goto('./');
    const { Playground } = await import('../page');
    const playground = new Playground(page);
    await playground.ready();
    const panel = new Panel(playground);
    await panel.open('one_vote_per_term');
    await panel.find();
    await expect(panel.root).toContainText(count === 1 ? '1 worker' : '3 workers');
    told.push(await panel.stories.locator('.steps li').allTextContents());
    await context.close();
  }
  expect(told[0]?.length).toBeGreaterThan(0);
  expect(told[1]).toEqual(told[0]);
});

test('a search can be paused, goes on, and is cancelled; meanwhile the page lives', async ({ playground, page }) => {
  const panel = new Panel(playground);
  await panel.open();
  await expect(panel.root).toContainText('Raft is whole');
  await panel.root.getByRole('spinbutton', { name: 'Seconds' }).fill('600');
  await panel.part('start').click();
  const runs = async (): Promise<number> => Number(((await panel.root.locator('.hunt-figures dd').first().textContent()) ?? '').replace(/\D/g, ''));
  await expect.poll(runs).toBeGreaterThan(64);
  await expect(panel.status).toHaveText('Searching …');
  // The stage is not held up.
  await playground.call((element) => element.advance(500));
  const frames = await page.evaluate(() => new Promise<number>((done) => {
    const from = performance.now();
    let count = 0;
    const frame = (): void => (performance.now() - from < 1_000 ? (count++, requestAnimationFrame(frame)) : done(count)) as void;
    requestAnimationFrame(frame);
  }));
  expect(frames, 'frames in a second').toBeGreaterThan(10);

  await panel.part('pause').click();
  await expect(panel.status).toHaveText('Paused.');
  await page.waitForTimeout(500);
  const paused = await runs();
  await page.waitForTimeout(700);
  expect(await runs()).toBe(paused);
  await panel.part('pause').click();
  await expect.poll(runs).toBeGreaterThan(paused);
  await panel.part('cancel').click();
  await expect(panel.status).toHaveText(/^Cancelled/);
  await expect(panel.part('start')).toBeFocused();
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a search that finds nothing in its time says what that means', async ({ playground }) => {
  const panel = new Panel(playground);
  await panel.open();
  await panel.root.getByRole('spinbutton', { name: 'Seconds' }).fill('0');
  await panel.part('start').click();
  await expect(playground.notice).toHaveText(/^Seconds: a number from 1 to 600/);
  await panel.root.getByRole('spinbutton', { name: 'Seconds' }).fill('1');
  await panel.part('start').click();
  await expect(panel.status).toHaveText(/^No violation in [\d\u202f]+ runs, 1\.\d s, as it should be/, { timeout: 15_000 });
});

test('a worker that dies is replaced, and its epoch and seed are told', async ({ playground, page }) => {
  const panel = new Panel(playground);
  await page.evaluate(() => {
    const { Worker: Real } = window;
    let first = true;
    window.Worker = class extends Real {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        if (!first) return;
        first = false;
        this.postMessage = () => queueMicrotask(() => this.onerror?.call(this, new ErrorEvent('error', { message: 'out of memory', cancelable: true })));
      }
    };
  });
  await panel.open(RULE);
  await panel.root.getByRole('spinbutton', { name: 'Seed' }).fill('5');
  await panel.find();
  await expect(panel.root.locator('.hunt-lost')).toHaveText('A worker was lost at epoch 0 of seed 5: out of memory. The search goes on behind it.');
});

test('a worker that says nothing any more is replaced, and its epoch and seed are told', async ({ playground, page }) => {
  const panel = new Panel(playground);
  await page.evaluate(() => {
    const { Worker: Real } = window;
    let first = true;
    window.Worker = class extends Real {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        if (first) this.postMessage = () => undefined;
        first = false;
      }
    };
    const now = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => now() + ahead;
    // A machine that slept for so long would be told apart, so it is hurried on in small steps.
    (window as Window & { hurry?: () => void }).hurry = () => void (ahead += 4_000);
  });
  await panel.open(RULE);
  await panel.root.getByRole('spinbutton', { name: 'Seconds' }).fill('600');
  await panel.root.getByRole('spinbutton', { name: 'Seed' }).fill('7');
  await panel.part('start').click();
  for (let times = 0; times < 6; times += 1) {
    await page.waitForTimeout(600);
    await page.evaluate(() => (window as Window & { hurry?: () => void }).hurry?.());
  }
  await expect(panel.root.locator('.hunt-lost')).toHaveText('A worker was lost at epoch 0 of seed 7: it said nothing any more. The search goes on behind it.');
  await expect(panel.status).toHaveText(/^Found: /, { timeout: 30_000 });
});

test('by keys alone: opened, rules chosen, started, and the story played', async ({ playground, page }) => {
  test.setTimeout(60_000);
  const panel = new Panel(playground);
  await playground.press('B');
  await expect(panel.root.locator('.hunt-rules > summary')).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Tab');
  await page.keyboard.press('Space');
  expect(await playground.call((element) => element.playing), 'Space opens what is folded, and plays nothing').toBe(false);
  await page.keyboard.press('Tab');
  // The first rule: a quorum is more than half.
  await page.keyboard.press('Space');
  await expect(panel.root.locator('.hunt-off')).toContainText('A quorum is more than half of the voters.');
  for (let presses = 0; presses < 40; presses += 1) {
    if (await panel.part('start').evaluate((button) => button === (button.getRootNode() as ShadowRoot).activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(panel.status).toHaveText(/^Found: /, { timeout: 30_000 });
  await expect(panel.stories.first().locator('[data-part="play-story"]')).toBeFocused();
  await page.keyboard.press('Enter');
  expect(await playground.call((element) => element.playing)).toBe(true);
});

test('the head of the page leads to it', async ({ playground }) => {
  await playground.host.locator('header').getByRole('button', { name: 'Break Raft' }).click();
  await expect(playground.host.getByRole('tab', { name: 'Find' })).toHaveAttribute('aria-selected', 'true');
  await expect(new Panel(playground).part('start')).toBeVisible();
});

test('the search box leads to it', async ({ playground, page }) => {
  await playground.press('Control+k');
  await expect(playground.host.getByRole('combobox', { name: 'Search' })).toBeFocused();
  await page.keyboard.type('find violation');
  await expect(playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option').first()).toContainText('Find a violation');
  await page.keyboard.press('Enter');
  await expect(playground.host.locator('.hunt')).toBeVisible();
});

test('a story is copied as a link and saved as a file', async ({ playground, page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const panel = new Panel(playground);
  await panel.open(RULE);
  await panel.find();
  await panel.part('link-story').first().click();
  await expect(playground.notice).toHaveText(/opens this story at its beginning/);
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const [saved] = await Promise.all([page.waitForEvent('download'), panel.part('save-story').first().click()]);
  expect(saved.suggestedFilename()).toMatch(/^raft-leader-completeness.*\.json$/);
  await page.goto(link);
  await page.reload();
  await playground.ready();
  await expect.poll(() => playground.call((element) => element.scenario().title)).toMatch(/^Leader Completeness/);
  await playground.call((element) => element.advance(1_000));
  await expect(playground.violationCard).toBeVisible();
});

test('in another language the search goes on, and what it found is kept', async ({ playground }) => {
  const panel = new Panel(playground);
  await panel.open(RULE);
  await panel.find();
  const steps = await panel.steps();
  await playground.call((element) => (element.lang = 'zh-Hans'));
  await expect(panel.root.locator('h3').first()).toHaveText('寻找违反');
  await expect(panel.stories.first().locator('h4')).toContainText(`${steps.length} 步`);
  const told = await panel.steps();
  expect(told[0]).toBe(`${steps[0]?.slice(0, 2)} 超时`);
  expect(told.length).toBe(steps.length);
  expect(told.filter((text) => /receives|times out|client/.test(text))).toEqual([]);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    test(`axe finds nothing before, and after something was found (${colorScheme})`, async ({ playground, page }) => {
      test.setTimeout(90_000);
      const panel = new Panel(playground);
      await panel.open(RULE);
      await panel.root.locator('.hunt-rules > summary').click();
      await panel.root.locator('.hunt-more > summary').click();
      expect(await faultsOn(page), 'the form').toEqual([]);
      await panel.find();
      await panel.part('play-story').first().click();
      expect(await faultsOn(page), 'a story that is played').toEqual([]);
    });
  });
}
