/** The classic script in pieces: a scene is shown and played by the first alone; what few ask for is a script beside it, fetched once. */
import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from '@playwright/test';
import { serveFolders } from '../folder';
import { Panel } from '../hunting';
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';

const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const [FIRST, LATE, CHINESE] = ['raft-playground.iife.js', 'raft-playground.late.iife.js', 'raft-playground.zh-Hans.iife.js'];
const SCRIPT = `<script src="${FIRST}"></script>`;
const FULL = '<raft-playground controls="full" style="height: 640px"></raft-playground>';

/** The names of all scripts and modules that are asked for, as they are. */
function asked(page: Page): string[] {
  const names: string[] = [];
  page.on('request', (request) => {
    const { pathname } = new URL(request.url());
    if (/\.(js|wasm|json)$/.test(pathname)) names.push(pathname.split('/').at(-1) ?? '');
  });
  return names;
}

/** Where nobody has put it. */
const without = (page: Page, name: string): Promise<unknown> => page.route(`**/${name}*`, (route) => route.fulfill({ status: 404, body: 'not found' }));

/** By its button: keys need the focus. */
const openHelp = (playground: Playground): Promise<void> => playground.host.locator('[data-action="help"]').click();

for (const [where, element] of [
  ['in little room', '<raft-playground scenario="figure-8" speed="1" style="height: 420px; min-height: 0"></raft-playground>'],
  ['with all around it', '<raft-playground scenario="figure-8" speed="1" controls="full" style="height: 640px"></raft-playground>'],
] as const) {
  test(`the classic script alone shows a scene and plays it, ${where}, and fetches nothing else`, async ({ page }) => {
    const names = asked(page);
    await openHostPage(page, `${SCRIPT}${element}`);
    const playground = new Playground(page);
    await playground.ready();
    await playground.host.locator('.controls [data-action="play"]').click();
    await expect.poll(() => playground.time()).toBeGreaterThan(0);
    await playground.call((element) => (element.pause(), element.advance(600)));
    await expect(playground.host.locator('.line-place .line')).toBeVisible();
    if (where === 'with all around it') {
      await expect(playground.host.locator('.logs-place .cell').first()).toBeVisible();
      await expect(playground.host.locator('.events li').first()).toBeVisible();
    }
    // What is fetched while a page rests would be by now.
    await page.waitForTimeout(600);
    expect(names).toEqual([FIRST]);
  });
}

test('late parts are one script, which two elements fetch once and which runs once, with what the first script has', async ({ page }) => {
  const names = asked(page);
  // Whatever is laid down for the first script counts how often it is run.
  await page.addInitScript(() => {
    const runs: string[] = [];
    const set = (pieces: Record<string, unknown>, name: string, piece: (first: unknown) => unknown): boolean => {
      pieces[name] = (first: unknown) => (runs.push(name.split(' ')[0] ?? ''), piece(first));
      return true;
    };
    Object.assign(window, { [Symbol.for('raft-playground.pieces')]: new Proxy({}, { set }), runs });
  });
  await openHostPage(page, `${SCRIPT}${FULL.replace(' ', ' id="one" loading="eager" ')}${FULL.replace(' ', ' id="two" loading="eager" ')}`);
  const [one, two] = [new Playground(page, '#one'), new Playground(page, '#two')];
  for (const each of [one, two]) await each.call((element) => element.ready);
  await two.host.scrollIntoViewIfNeeded();
  // Both at once.
  await page.evaluate(() => {
    for (const [host, tab] of [['#one', '#tab-faults'], ['#two', '#tab-checks']] as const) document.querySelector(host)?.shadowRoot?.querySelector<HTMLElement>(tab)?.click();
  });
  await expect(two.host.locator('.room .checks')).toBeVisible();
  await one.host.scrollIntoViewIfNeeded();
  await expect(one.host.locator('.room .faults')).toBeVisible();
  await one.host.locator('[data-action="search"]').click();
  await expect(one.host.locator('dialog.search')).toBeVisible();
  await page.keyboard.press('Escape');
  await openHelp(two);
  await expect(two.help).toBeVisible();
  expect(names).toEqual([FIRST, LATE]);
  expect(await page.evaluate(() => (window as unknown as { runs: string[] }).runs)).toEqual(['late']);
});

test('a moment is put on paper once the late parts are there, and printed as the screen has it before', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}${FULL}`);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  await page.emulateMedia({ media: 'print' });
  await expect(playground.stage).toBeVisible();
  await page.emulateMedia({ media: 'screen' });
  await openHelp(playground);
  await expect(playground.help).toBeVisible();
  await page.emulateMedia({ media: 'print' });
  await expect(playground.host.locator('.print-stage')).toBeVisible();
});

test('another language is a script of its own, which only those fetch who read it', async ({ page }) => {
  const names = asked(page);
  await openHostPage(page, `${SCRIPT}<div lang="zh-CN">${FULL}</div>`);
  const playground = new Playground(page);
  await playground.ready();
  await expect(playground.host.getByRole('button', { name: '播放' })).toBeVisible();
  expect(names).toEqual([FIRST, CHINESE]);
});

test('two scripts in a folder work from a disk', async ({ page }) => {
  const folder = test.info().outputPath('课程 notes');
  await mkdir(folder, { recursive: true });
  for (const name of [FIRST, LATE]) await copyFile(join(DIST, name), join(folder, name));
  await writeFile(join(folder, 'notes.html'), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title>${SCRIPT}${FULL}</html>`);
  await page.goto(pathToFileURL(join(folder, 'notes.html')).href);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  await openHelp(playground);
  await expect(playground.help).toBeVisible();
});

test.describe('from a disk, without the second script', () => {
  test.use({ expected: [/ERR_FILE_NOT_FOUND/] });

  test('what is missing is told with its folder as it is called', async ({ page }) => {
    const folder = test.info().outputPath('课程 notes');
    await mkdir(folder, { recursive: true });
    await copyFile(join(DIST, FIRST), join(folder, FIRST));
    await writeFile(join(folder, 'notes.html'), `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title>${SCRIPT}${FULL}</html>`);
    await page.goto(pathToFileURL(join(folder, 'notes.html')).href);
    const playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.notice).toContainText(`${LATE} could not be loaded from file://`);
    await expect(playground.notice).toContainText('课程 notes/');
  });
});

test('in a frame without an origin the late parts come as well', async ({ page }) => {
  const names = asked(page);
  // Browsers keep a page without an origin from this machine's own addresses: all of it is another host's.
  await serveFolders(page, 'https://notes.example', { '/': DIST });
  const pages = { inner: `${SCRIPT}${FULL}`, notes: '<iframe sandbox="allow-scripts" title="Raft" width="1000" height="700" src="inner.html"></iframe>' };
  for (const [name, body] of Object.entries(pages)) {
    await page.route(`https://notes.example/${name}.html`, (route) => route.fulfill({ contentType: 'text/html', body: `<!doctype html><title>Notes</title><link rel="icon" href="data:,">${body}` }));
  }
  await page.goto('https://notes.example/notes.html');
  const frame = page.frameLocator('iframe');
  await frame.locator('[data-action="help"]').click();
  await expect(frame.locator('dialog.help')).toBeVisible();
  expect(names).toEqual([FIRST, LATE]);
});

test.describe('the page for frames, in a frame without an origin', () => {
  test.use({ expected: [/raft-playground\.js|CORS|ERR_FAILED/] });

  test('has its late parts under its own policy', async ({ page }) => {
    await openHostPage(page, '<iframe sandbox="allow-scripts" title="Raft" width="1000" height="700" src="embed.html?controls=full"></iframe>');
    const frame = page.frameLocator('iframe');
    await frame.locator('[data-action="help"]').click();
    await expect(frame.locator('dialog.help')).toBeVisible();
  });
});

const POLICY = "default-src 'none'; script-src 'nonce-aB3' 'wasm-unsafe-eval'; style-src 'nonce-aB3'; require-trusted-types-for 'script'";
const NONCED = `<script nonce="aB3" src="${FIRST}"></script>`;

test('under a policy of nonces and Trusted Types, late parts come with the nonce of the first', async ({ page }) => {
  await openHostPage(page, `${NONCED}<raft-playground controls="full"></raft-playground>`, { policy: `${POLICY}; trusted-types lit-html raft-playground-worker` });
  const playground = new Playground(page);
  await playground.ready();
  await openHelp(playground);
  await expect(playground.help).toBeVisible();
});

test.describe('under a policy that does not let the late parts in', () => {
  test.use({ expected: [/trusted-types/i] });

  test('the policy’s lack is told, and the run goes on', async ({ page }) => {
    await openHostPage(page, `${NONCED}<raft-playground controls="full"></raft-playground>`, { policy: `${POLICY}; trusted-types lit-html` });
    const playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.notice).toContainText(`does not let ${LATE} in; expected raft-playground-worker among its trusted-types`);
    await playground.elect();
  });
});

test.describe('where somebody has copied the first script only', () => {
  test.use({ expected: [/404/] });

  test('the element names the file and where it was looked for, the run goes on, and once the file is there it is fetched', async ({ page, baseURL }) => {
    await without(page, LATE);
    const names = asked(page);
    await openHostPage(page, `${SCRIPT}${FULL}`);
    const playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.notice).toHaveText(`${LATE} could not be loaded from ${baseURL}, beside ${FIRST}. The run goes on; once the file is there, try again.`);
    await playground.elect();
    await playground.host.locator('#tab-diagram').click();
    await expect(playground.notice).toContainText(LATE);
    await expect(playground.host.locator('#tab-events')).toHaveAttribute('aria-selected', 'true');
    await playground.host.locator('.controls [data-action="play"]').click();
    const before = await playground.time();
    await expect.poll(() => playground.time()).toBeGreaterThan(before);
    await page.unroute(`**/${LATE}*`);
    await openHelp(playground);
    await expect(playground.help).toBeVisible();
    expect(names).toEqual([FIRST, LATE, LATE, LATE]);
  });

  test('methods that need it reject with the same words', async ({ page }) => {
    await without(page, LATE);
    await openHostPage(page, `${SCRIPT}${FULL}`);
    const playground = new Playground(page);
    await playground.ready();
    expect(await playground.call((element) => element.exportTrace().then(() => '', (error: Error) => error.message))).toContain(`${LATE} could not be loaded from`);
  });

  test('who reads Chinese is told so in Chinese, be it that or Chinese itself that is missing', async ({ page, baseURL }) => {
    await without(page, LATE);
    await openHostPage(page, `${SCRIPT}<raft-playground lang="zh" controls="full" style="height: 640px"></raft-playground>`);
    let playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.notice).toHaveText(`无法从 ${baseURL} 加载 ${LATE}；它应与 ${FIRST} 放在一起。运行会继续；文件就位后请再试一次。`);
    await without(page, CHINESE);
    await openHostPage(page, `${SCRIPT}<raft-playground lang="zh" controls="full" style="height: 640px"></raft-playground>`);
    playground = new Playground(page);
    await playground.ready();
    await expect(playground.notice).toContainText(`无法从 ${baseURL} 加载 ${CHINESE}`);
    await expect(playground.host.getByRole('button', { name: 'Play' })).toBeVisible();
  });
});

test('a second script of another build is refused by name, and nothing of it is run', async ({ page, baseURL }) => {
  const text = await readFile(join(DIST, LATE), 'utf8');
  const [, build = ''] = /"late ([0-9a-f]{12})"/.exec(text) ?? [];
  expect(build).not.toBe('');
  expect(await readFile(join(DIST, FIRST), 'utf8')).toContain(build);
  await page.route(`**/${LATE}*`, (route) => route.fulfill({ contentType: 'text/javascript', body: text.replaceAll(build, '0123456789ab') }));
  await openHostPage(page, `${SCRIPT}${FULL}`);
  const playground = new Playground(page);
  await playground.ready();
  await openHelp(playground);
  await expect(playground.notice).toHaveText(`${LATE} in ${baseURL} is of another build than ${FIRST}: copy both from one folder and load the page anew. The run goes on.`);
  await playground.elect();
  await page.unroute(`**/${LATE}*`);
  await openHelp(playground);
  await expect(playground.help).toBeVisible();
});

const integrityOf = async (name: string): Promise<string> => `sha384-${createHash('sha384').update(await readFile(join(DIST, name))).digest('base64')}`;

test.describe('for a page that insists on what the first script holds', () => {
  test.use({ expected: [/integrity/] });

  test('the late parts are held to what they were when both were made', async ({ page }) => {
    const tag = SCRIPT.replace(' ', ` integrity="${await integrityOf(FIRST)}" crossorigin="anonymous" `);
    await page.route(`**/${LATE}*`, async (route) => route.fulfill({ contentType: 'text/javascript', body: `${await readFile(join(DIST, LATE), 'utf8')};alert(1)` }));
    await openHostPage(page, `${tag}${FULL}`);
    const playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.notice).toContainText(`${LATE} could not be loaded`);
    await page.unroute(`**/${LATE}*`);
    await openHelp(playground);
    await expect(playground.help).toBeVisible();
  });
});

test('of two scripts that a page names itself, in whichever order they come, nothing is fetched again', async ({ page }) => {
  for (const scripts of [[FIRST, LATE], [LATE, FIRST]]) {
    const names = asked(page);
    await openHostPage(page, `${FULL}${scripts.map((name) => `<script src="${name}"></script>`).join('')}`);
    const playground = new Playground(page);
    await playground.ready();
    await openHelp(playground);
    await expect(playground.help).toBeVisible();
    expect(names).toEqual(scripts);
    page.removeAllListeners('request');
  }
});

test('a first script that stands in a page itself says that the page needs the other, too', async ({ page }) => {
  const path = test.info().outputPath('notes.html');
  await writeFile(path, `<!doctype html><html lang="en"><meta charset="utf-8"><title>Notes</title><script>${await readFile(join(DIST, FIRST), 'utf8')}</script>${FULL}</html>`);
  await page.goto(pathToFileURL(path).href);
  const playground = new Playground(page);
  await playground.ready();
  await openHelp(playground);
  await expect(playground.notice).toHaveText(`This needs ${LATE}, and ${FIRST} has no address here to look beside: put both into the page. The run goes on.`);
  await playground.elect();
});

test('what the licenses of lit say goes with the scripts that hold it', async () => {
  for (const name of [FIRST, LATE]) expect(await readFile(join(DIST, name), 'utf8'), name).toContain('SPDX-License-Identifier: BSD-3-Clause');
});

test('traces are written and violations found by what lies beside the classic script', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}${FULL.replace(' ', ' keys="page" ')}`);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  expect(await playground.call(async (element: RaftPlayground) => (await element.exportTrace()).size)).toBeGreaterThan(100);
  const panel = new Panel(playground);
  await panel.open('one_vote_per_term');
  await panel.find();
});
