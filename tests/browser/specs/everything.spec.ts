import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { faultsOn, Panel } from '../hunting';
import { expect, test } from '../page';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What the command prints, whatever its exit code says of what it found. */
function exhaust(...words: string[]): string {
  const command = ['run', '--quiet', '--profile', 'test', '--package', 'raft-cli', '--', 'exhaust', ...words];
  try {
    return execFileSync('cargo', command, { cwd: ROOT, encoding: 'utf8', stdio: 'pipe' });
  } catch (error) {
    return String((error as { stdout?: string }).stdout);
  }
}

class Everything extends Panel {
  /** Opened for everything in a small world. */
  override async open(...off: string[]): Promise<void> {
    await super.open(...off);
    await this.root.getByRole('radio', { name: 'Try everything, in a small world' }).check();
  }

  async write(fields: Readonly<Record<string, number>>): Promise<void> {
    const more = this.root.locator('.hunt-more');
    if (!(await more.evaluate((details) => (details as HTMLDetailsElement).open))) await more.locator('summary').click();
    for (const [name, value] of Object.entries(fields)) await this.root.getByRole('spinbutton', { name, exact: true }).fill(String(value));
  }

  /** A figure that is shown while it goes on, such as "Steps deep". */
  async figure(name: string): Promise<number> {
    const text = await this.root.locator('.hunt-figures > div', { hasText: name }).first().locator('dd').textContent();
    return Number((text ?? '').replace(/\D/g, ''));
  }

  /** What each number of steps came to: steps, states, different ones. */
  async levels(): Promise<number[][]> {
    const rows = await this.root.locator('.hunt-levels tbody tr').evaluateAll((rows) => rows.map((row) => [...row.children].map((cell) => cell.textContent ?? '')));
    return rows.map((cells) => cells.map((cell) => Number(cell.replace(/\D/g, ''))));
  }

  get says() {
    return this.root.getByRole('region', { name: 'What this says, and what it does not' }).getByRole('listitem');
  }
}

test('everything of up to eight steps comes to the same as by the command, and what that says stands there', async ({ playground, page }) => {
  // The command may have to be compiled first.
  test.setTimeout(600_000);
  const panel = new Everything(playground);
  await panel.open();
  await panel.write({ Steps: 8 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText('No violation: everything of up to 8 steps was tried.', { timeout: 60_000 });
  await expect(panel.part('start')).toBeFocused();
  await expect.poll(() => page.workers().length, 'the one worker is gone').toBe(0);
  const levels = await panel.levels();
  const lines = exhaust('--depth', '8', '--json').trim().split('\n').map((line) => JSON.parse(line) as { depth: number; all: number; unique: number; says?: string });
  expect(levels).toEqual(lines.slice(0, -1).map(({ depth, all, unique }) => [depth, all, unique]));
  const documented = [...readFileSync(join(ROOT, 'docs/exhaustive.md'), 'utf8').matchAll(/^\| (\d+) \| ([\d,]+) \| ([\d,]+) \|/gm)].map((row) => row.slice(1, 4).map((cell) => Number(cell.replaceAll(',', ''))));
  expect(documented.filter(([steps = 9]) => steps <= 8).length).toBeGreaterThan(2);
  for (const row of documented.filter(([steps = 9]) => steps <= 8)) expect(levels).toContainEqual(row);
  expect([await panel.figure('Steps deep'), await panel.figure('States'), await panel.figure('Different')]).toEqual([8, 40_666, 18_347]);

  await expect(panel.says.first()).toHaveText('No property is broken by anything of up to 8 steps.');
  const says = (await panel.says.allTextContents()).join(' ');
  expect(says).toContain('3 servers, terms up to 3, at most 1 write, 0 crashes and 0 doubled messages');
  expect(says).toContain('It says nothing of what lies beyond these bounds');
  // The command gives all figures of the same chance, the page two.
  const [, one] = /about 1 in (\d+)\.$/.exec(lines.at(-1)?.says ?? '') ?? [];
  const [, shown] = /about 1 in ([\d\u202f]+)\.$/.exec(says) ?? [];
  expect(Number(shown?.replaceAll('\u202f', ''))).toBe(Number(Number(one).toPrecision(2)));
});

test('the shortest story is the command’s, to the letter of its file, and plays beside Raft whole: broken here, well there', async ({ playground, page }) => {
  test.setTimeout(120_000);
  const panel = new Everything(playground);
  await panel.open('vote_only_for_up_to_date_log');
  await panel.write({ Terms: 2, Steps: 12 });
  await panel.find();
  await expect(panel.status).toHaveText('Found: a story of 10 steps. There is none that is shorter.');
  await expect(panel.stories).toHaveCount(1);
  await expect(panel.stories.locator('h4')).toHaveText('Leader Completeness 10 steps');
  await expect(panel.says.first()).toHaveText('Leader Completeness is broken after 10 steps, and by no fewer: everything of up to 9 steps was tried.');
  await expect(panel.says.filter({ hasText: 'Not followed: A vote goes only to a log at least as up-to-date' })).toHaveCount(1);

  const file = join(mkdtempSync(join(tmpdir(), 'raft-exhaust-')), 'story.json');
  exhaust('--rules-off', 'vote_only_for_up_to_date_log', '--terms', '2', '--depth', '12', '--story', file);
  const [saved] = await Promise.all([page.waitForEvent('download'), panel.part('save-story').click()]);
  expect(JSON.parse(readFileSync(await saved.path(), 'utf8'))).toEqual(JSON.parse(readFileSync(file, 'utf8')));

  await panel.part('play-pair').click();
  const [here, there] = [playground.host.locator('.twin-caption').first(), playground.host.locator('.twin-caption').last()];
  await playground.call((element) => (element.speed = 1));
  await expect(here).toContainText('Leader Completeness is broken');
  await expect(there).toContainText('No property is broken');
  await expect(playground.violationCard).toBeVisible();
});

test('it is paused, goes on where it was, and is cancelled; what was tried until then is said, and the page lives meanwhile', async ({ playground, page }) => {
  test.setTimeout(60_000);
  const panel = new Everything(playground);
  await panel.open();
  await panel.write({ Steps: 40, Seconds: 600 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText(/^Trying everything of up to \d+ steps …$/);
  await expect.poll(() => panel.figure('Steps deep')).toBeGreaterThan(6);
  expect(page.workers().length, 'one worker').toBe(1);
  await expect(panel.root).toContainText('1 worker');
  await playground.call((element) => element.advance(500));
  await panel.part('pause').click();
  await expect(panel.status).toHaveText('Paused.');
  await page.waitForTimeout(500);
  const paused = await panel.figure('States');
  await page.waitForTimeout(700);
  expect(await panel.figure('States')).toBe(paused);
  await panel.part('pause').click();
  await expect.poll(() => panel.figure('States')).toBeGreaterThan(paused);
  await panel.part('cancel').click();
  await expect(panel.status).toHaveText(/^Cancelled\. No violation: everything of up to (\d+) steps was tried\.$/);
  await expect(panel.part('start')).toBeFocused();
  const depth = await panel.figure('Steps deep');
  await expect(panel.says.first()).toHaveText(`No property is broken by anything of up to ${depth} steps.`);
  await expect.poll(() => page.workers().length).toBe(0);
  // Levels that were not finished are not in the table.
  expect((await panel.levels()).map(([steps]) => steps)).toEqual(Array.from({ length: depth }, (_, at) => at + 1));
});

test('it ends where nothing is left to try, where the memory is full and when the time is over, and says which', async ({ playground }) => {
  test.setTimeout(60_000);
  const panel = new Everything(playground);
  await panel.open();
  await panel.write({ Servers: 1, Terms: 1 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText('No violation: everything was tried. After 2 steps nothing new comes.');
  await expect(panel.says.filter({ hasText: 'There is nothing beyond: no step leads to a new state.' })).toHaveCount(1);

  await panel.write({ Servers: 3, Terms: 3, Memory: 1 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText(/^The memory is full\. No violation: everything of up to \d steps was tried\.$/, { timeout: 20_000 });
  await expect(panel.says.filter({ hasText: /^Of the [\d\u202f]+ states there, [\d\u202f]+ were tried one step further\.$/ })).toHaveCount(1);

  await panel.write({ Steps: 40, Crashes: 2, Memory: 160, Seconds: 1 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText(/^The time is over\. No violation: everything of up to \d steps was tried\.$/, { timeout: 20_000 });
});

test('what cannot be tried is refused with its reason', async ({ playground, page }) => {
  const panel = new Everything(playground);
  await panel.open('match_starts_at_zero');
  await expect(panel.root.locator('.hunt-lost')).toHaveText(/^Everything cannot be tried without the rule “Nothing is known of a follower's log when a leadership begins”: a server without it remembers/);
  await panel.part('start').click();
  await expect(playground.notice).toHaveText(/^Everything cannot be tried without the rule/);
  expect(page.workers().length).toBe(0);
  await panel.root.getByRole('radio', { name: 'Search by chance' }).check();
  await expect(panel.root.locator('.hunt-lost')).toHaveCount(0);

  await panel.open('one_vote_per_term');
  await panel.write({ Terms: 5, Writes: 4 });
  await panel.part('start').click();
  await expect(playground.notice).toHaveText('Writes: a whole number from 0 to 3 was expected.');
  await panel.write({ Writes: 3 });
  await panel.find();
  await expect(panel.stories.locator('h4')).toHaveText('One Vote per Term 3 steps');
});

/** The page's next worker is one that does as `how` says. */
const replaceWorker = (page: Page, how: 'dies' | 'says nothing'): Promise<void> =>
  page.evaluate((how) => {
    const { Worker: Real } = window;
    window.Worker = class extends Real {
      constructor(address: string | URL, options?: WorkerOptions) {
        super(address, options);
        if (how === 'dies') setTimeout(() => this.onerror?.call(this, new ErrorEvent('error', { message: 'out of memory', cancelable: true })), 2_000);
        else this.postMessage = () => undefined;
      }
    };
  }, how);

test('a worker that dies is ended, and what it had tried before is said', async ({ playground, page }) => {
  const panel = new Everything(playground);
  await replaceWorker(page, 'dies');
  await panel.open();
  await panel.write({ Steps: 40 });
  await panel.part('start').click();
  await expect(panel.status).toHaveText(/^The search ended: out of memory\. Up to then no violation: everything of up to [1-9]\d* steps was tried\.$/);
  await expect(panel.says.first()).toHaveText(`No property is broken by anything of up to ${await panel.figure('Steps deep')} steps.`);
  await expect.poll(() => page.workers().length).toBe(0);
});

test('a worker that says nothing any more is ended, and that is said', async ({ playground, page }) => {
  const panel = new Everything(playground);
  await replaceWorker(page, 'says nothing');
  await page.evaluate(() => {
    const now = performance.now.bind(performance);
    let ahead = 0;
    performance.now = () => now() + ahead;
    // A machine that slept for so long would be told apart, so it is hurried on in small steps.
    (window as Window & { hurry?: () => void }).hurry = () => void (ahead += 4_000);
  });
  await panel.open();
  await panel.write({ Seconds: 600 });
  await panel.part('start').click();
  await expect(panel.part('cancel')).toBeVisible();
  for (let times = 0; times < 6; times += 1) {
    await page.waitForTimeout(600);
    await page.evaluate(() => (window as Window & { hurry?: () => void }).hurry?.());
  }
  await expect(panel.status).toHaveText('The search ended: it said nothing any more. Up to then no violation: everything of up to 0 steps was tried.');
  await expect.poll(() => page.workers().length).toBe(0);
});

test('by keys alone it is chosen, bounded and started', async ({ playground, page }) => {
  const panel = new Panel(playground);
  await panel.open('quorum_is_more_than_half');
  await panel.root.getByRole('radio', { name: 'Search by chance' }).focus();
  await page.keyboard.press('ArrowDown');
  await expect(panel.root.getByRole('radio', { name: 'Try everything, in a small world' })).toBeFocused();
  for (let presses = 0; presses < 12; presses += 1) {
    if (await panel.root.locator('#hunt-depth').evaluate((field) => field === (field.getRootNode() as ShadowRoot).activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Control+a');
  await page.keyboard.type('4');
  for (let presses = 0; presses < 4; presses += 1) {
    if (await panel.part('start').evaluate((button) => button === (button.getRootNode() as ShadowRoot).activeElement)) break;
    await page.keyboard.press('Tab');
  }
  await page.keyboard.press('Enter');
  await expect(panel.status).toHaveText('Found: a story of 2 steps. There is none that is shorter.', { timeout: 20_000 });
  await expect(panel.part('play-story')).toBeFocused();
});

test('in another language what it says is said anew, from the same values', async ({ playground }) => {
  const panel = new Everything(playground);
  await panel.open('one_vote_per_term');
  await panel.find();
  await playground.call((element) => (element.lang = 'zh-Hans'));
  await expect(panel.status).toHaveText('找到一个 3 步的故事。没有更短的。');
  const region = panel.root.getByRole('region', { name: '这说明什么，不说明什么' });
  await expect(region.getByRole('listitem').first()).toHaveText(/^3 步后被破坏的性质：.+。更少的步数做不到：2 步以内的一切都试过了。$/);
  expect((await region.textContent())?.replace(/Raft|MB/g, '')).not.toMatch(/[a-z]{3}/i);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    test(`axe finds nothing in the form, while it goes on, and at its end (${colorScheme})`, async ({ playground, page }) => {
      test.setTimeout(90_000);
      const panel = new Everything(playground);
      await panel.open('match_starts_at_zero');
      await panel.root.locator('.hunt-more > summary').click();
      expect(await faultsOn(page), 'the form').toEqual([]);
      await panel.open();
      await panel.write({ Steps: 40 });
      await panel.part('start').click();
      await expect.poll(() => panel.figure('Steps deep')).toBeGreaterThan(3);
      await panel.part('pause').click();
      expect(await faultsOn(page), 'paused').toEqual([]);
      await panel.part('cancel').click();
      await panel.root.locator('summary', { hasText: 'Step by step' }).click();
      expect(await faultsOn(page), 'what came of it').toEqual([]);
    });
  });
}
