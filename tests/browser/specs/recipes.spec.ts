/** The recipes of docs/recipes.md, as somebody would copy them: what can be made without their tools is made and opened. */
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import MarkdownIt from 'markdown-it';
import { serveFolders } from '../folder';
import { expect, Playground, type RaftPlayground, test } from '../page';

const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const RECIPES = resolve(import.meta.dirname, '../../../examples/recipes');
const HOST = 'https://notes.example';

const recipe = (name: string): Promise<string> => readFile(join(RECIPES, name), 'utf8');
const pageOf = (body: string, head = ''): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>notes</title>${head}</head><body>${body}</body></html>`;
/** The blocks of raw HTML in a recipe that a tool hands on as they are. */
const rawHtml = (text: string): string => [...text.matchAll(/^```\{(?:=html|raw\} html)\}?\n(.*?)^```$/gms)].map(([, block]) => block).join('\n');

test('plain HTML', async ({ page }) => {
  await serveFolders(page, HOST, { '/': join(RECIPES, 'plain'), '/dist/': DIST });
  await page.goto(`${HOST}/notes.html`);
  const playground = new Playground(page);
  await playground.ready();
  expect(await playground.call((element) => element.scenario().title)).toContain('Figure 8');
});

test('a host with a strict policy', async ({ page }) => {
  await serveFolders(page, HOST, { '/': join(RECIPES, 'plain'), '/dist/': DIST });
  await page.goto(`${HOST}/strict.html`);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
});

test('Markdown that hands HTML on, as mdBook’s does', async ({ page }) => {
  const html = new MarkdownIt('commonmark').render(await recipe('mdbook/src/elections.md'));
  expect(html).toContain('What becomes of the <em>old</em> leader');
  await serveFolders(page, HOST, { '/raft-playground/': DIST });
  await page.route(`${HOST}/elections.html`, (route) => route.fulfill({ contentType: 'text/html', body: pageOf(html) }));
  await page.goto(`${HOST}/elections.html`);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
});

test('raw HTML of Sphinx and Quarto, with the script in the head', async ({ page }) => {
  await serveFolders(page, HOST, { '/raft-playground/': DIST });
  for (const name of ['sphinx/index.md', 'quarto/elections.qmd']) {
    const body = rawHtml(await recipe(name));
    expect(body, name).toContain('<raft-playground');
    await page.route(`${HOST}/elections.html`, (route) => route.fulfill({ contentType: 'text/html', body: pageOf(body, '<script type="module" src="raft-playground/raft-playground.js"></script>') }));
    await page.goto(`${HOST}/elections.html`);
    const playground = new Playground(page);
    await playground.ready();
    await playground.elect();
  }
});

test('one file of Quarto’s, with its resources embedded, opens from a disk', async ({ page }) => {
  const text = await recipe('quarto/one-file.qmd');
  let scripts = '';
  for (const [, name = ''] of text.matchAll(/<script src="([^"]+)">/g)) {
    const script = await readFile(join(DIST, name), 'utf8');
    // A script that ends before its end, or that seems to begin another, cannot lie in a page.
    expect(script, name).not.toMatch(/<\/script|<!--/i);
    scripts += `<script>${script}</script>`;
  }
  const path = test.info().outputPath('elections.html');
  await writeFile(path, pageOf(rawHtml(text), scripts));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto(pathToFileURL(path).href);
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  await playground.host.locator('[data-action="help"]').click();
  await expect(playground.help).toBeVisible();
  expect(asked.filter((address) => !address.startsWith('data:'))).toEqual([pathToFileURL(path).href]);
});

test('HTML of which a learning platform leaves the frame alone', async ({ page }) => {
  const purify = join(dirname(createRequire(import.meta.url).resolve('dompurify')), 'purify.min.js');
  const written = `<script>document.title = 'run'</script><raft-playground onclick="alert(1)"></raft-playground>${await recipe('moodle/label.html')}`;
  await page.goto('about:blank');
  await page.addScriptTag({ path: purify });
  const clean = await page.evaluate((html) => {
    const { DOMPurify } = window as unknown as { DOMPurify: { sanitize(html: string, options: object): string } };
    // As the filter of Moodle lets frames through: by their tag, with few attributes.
    return DOMPurify.sanitize(html, { ALLOWED_TAGS: ['p', 'em', 'strong', 'a', 'ul', 'li', 'iframe'], ALLOWED_ATTR: ['src', 'width', 'height', 'title', 'name', 'frameborder'] });
  }, written);
  expect(clean).not.toMatch(/<script|<raft-playground|onclick/);
  await serveFolders(page, 'https://raft.example', { '/': DIST });
  await page.route(`${HOST}/course.html`, (route) => route.fulfill({ contentType: 'text/html', body: pageOf(clean) }));
  await page.goto(`${HOST}/course.html`);
  const element = page.frameLocator('iframe').locator('raft-playground');
  await expect(element.locator('.hit-server[data-server="5"]')).toBeVisible();
  await element.evaluate(async (it: RaftPlayground) => {
    await it.ready;
    it.advance(2_000);
  });
  expect(await element.evaluate((it: RaftPlayground) => it.state().servers.filter(({ role }) => role === 'leader').length)).toBe(1);
});
