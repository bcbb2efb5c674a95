/** What `npm pack` makes of the site, installed into a project that knows nothing else of this one. */
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, readdir, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { pathToFileURL } from 'node:url';
import { compile } from '@mdx-js/mdx';
import type { Page } from '@playwright/test';
import { build, createServer } from 'vite';
import { serveFolders } from '../folder';
import { expect, Playground, type RaftPlayground, test as onPage } from '../page';

const run = promisify(execFile);
const ROOT = resolve(import.meta.dirname, '../../..');
const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const shell = process.platform === 'win32';
/** The compiler of these tests; the project has its own settings. */
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

const MAIN = `import { type ClusterState, RaftPlayground } from 'raft-playground';

const element = document.createElement('raft-playground');
element.servers = 3;
element.loading = 'eager';
element.style.height = '600px';
document.body.append(element);
await element.ready;
element.advance(2000);
const state: ClusterState = element.state();
element.addEventListener('leaderchange', ({ detail }) => detail.term.toFixed());
document.title = \`\${element instanceof RaftPlayground} \${state.servers.filter(({ role }) => role === 'leader').length}\`;
`;

/** Each must be refused: types that are \`any\` would let all of them pass. */
const WRONG = `import { RaftPlayground } from 'raft-playground';
declare const element: RaftPlayground;
element.servers = 'three';
element.sevrers;
element.seek();
`;

const html = (script: string): string =>
  `<!doctype html><html lang="en"><head><meta charset="utf-8"><link rel="icon" href="data:,"><title>fresh</title></head><body><script type="module" src="${script}"></script></body></html>`;

/** A project into which the packed package is installed, made once for the tests of a worker. */
const test = onPage.extend<object, { project: string }>({
  project: [
    async ({}, use) => {
      const folder = await realpath(await mkdtemp(join(tmpdir(), 'raft-playground-fresh-')));
      try {
        await run(process.execPath, [join(ROOT, 'web/pack.mjs'), '--dist', DIST, '--out', join(folder, 'packed')]);
        const { version } = JSON.parse(await readFile(join(ROOT, 'web/package.json'), 'utf8'));
        const project = join(folder, 'project');
        await mkdir(join(project, 'src'), { recursive: true });
        await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'fresh', private: true, type: 'module' }));
        await writeFile(join(project, 'index.html'), html('/src/main.ts'));
        await writeFile(join(project, 'src/main.ts'), MAIN);
        await run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, 'packed', `raft-playground-${version}.tgz`)], { cwd: project, shell });
        await use(project);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    },
    { scope: 'worker', timeout: 60_000 },
  ],
});

// One after the other, with one project for all: packing and installing takes longer than most of them.
test.describe.configure({ mode: 'default' });

const tsc = async (project: string, file: string, resolution: 'bundler' | 'nodenext'): Promise<string> => {
  const options = ['--noEmit', '--pretty', 'false', '--strict', '--target', 'es2022', '--lib', 'es2022,dom,dom.iterable', '--types', ''];
  const module = resolution === 'bundler' ? 'esnext' : 'nodenext';
  return run(process.execPath, [TSC, ...options, '--module', module, '--moduleResolution', resolution, file], { cwd: project }).then(
    () => '',
    ({ stdout }: { stdout: string }) => stdout,
  );
};

/** That the element of a page runs, and what it fetched. */
async function runs(page: Page, address: string): Promise<string[]> {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await page.goto(address);
  await expect(page).toHaveTitle('true 1');
  return asked;
}

test('types resolve, for bundlers and for Node.js, and are no mere any', async ({ project }) => {
  for (const resolution of ['bundler', 'nodenext'] as const) expect(await tsc(project, 'src/main.ts', resolution)).toBe('');
  await writeFile(join(project, 'src/classic.ts'), "import 'raft-playground/iife';\ndocument.querySelector('raft-playground')?.pause();\n");
  expect(await tsc(project, 'src/classic.ts', 'nodenext')).toBe('');
  await writeFile(join(project, 'src/wrong.ts'), WRONG);
  const refused = await tsc(project, 'src/wrong.ts', 'bundler');
  for (const line of [3, 4, 5]) expect(refused).toContain(`src/wrong.ts(${line},`);
});

test('what the package exports is there, by names that stay', async ({ project }) => {
  const { resolve: find } = createRequire(join(project, 'index.js'));
  const names = ['.', './iife', './widget', './raft_wasm.wasm', './embed.html', './scenes.json', './raft-playground.html', './package.json'];
  const sizes = await Promise.all(names.map(async (name) => (await readFile(find(join('raft-playground', name)))).length));
  expect(sizes.every((size) => size > 0)).toBe(true);
  const wasm = await readFile(find('raft-playground/raft_wasm.wasm'));
  expect(wasm.subarray(0, 4).toString('latin1')).toBe('\0asm');
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', "import { RaftPlayground } from 'raft-playground'; console.log(typeof RaftPlayground)"], { cwd: project });
  expect(stdout.trim()).toBe('function');
});

test('Vite builds a page with it, the late parts included, which works below a folder', async ({ page, project }) => {
  await build({ root: project, base: './', logLevel: 'warn', build: { target: 'es2022' } });
  await serveFolders(page, 'https://built.example', { '/': project });
  const asked = await runs(page, 'https://built.example/dist/index.html');
  expect(asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(1);
  const element = page.locator('raft-playground');
  // What is fetched late is found too: scenes, the module that writes traces, and the worker that searches.
  await element.evaluate((it: RaftPlayground) => it.setAttribute('scenario', 'figure-7'));
  await expect.poll(() => element.evaluate((it: RaftPlayground) => it.servers)).toBe(7);
  expect(await element.evaluate(async (it: RaftPlayground) => (await it.exportTrace()).size)).toBeGreaterThan(100);
  expect(asked.filter((path) => path.endsWith('.wasm'))).toHaveLength(2);
  const assets = (await readdir(join(project, 'dist/assets'))).map((name) => name.split('-')[0]);
  expect(assets).toEqual(expect.arrayContaining(['raft_wasm_explore_bg', 'worker']));
});

test('Vite serves it while a page is being written', async ({ page, project }) => {
  // Its script asks for the port that was wished for, so that must be one; a taken one is passed over.
  const port = 20_000 + Math.floor(Math.random() * 20_000);
  const server = await createServer({ root: project, logLevel: 'warn', server: { port, host: '127.0.0.1' } });
  try {
    await server.listen();
    await runs(page, server.resolvedUrls?.local[0] as string);
    // What is still being fetched late is given up before there is nobody to answer.
    await page.goto('about:blank');
  } finally {
    await server.close();
  }
});

test('the classic script goes through Vite as well, and needs nothing beside it', async ({ page, project }) => {
  const root = join(dirname(project), 'classic');
  await mkdir(root, { recursive: true });
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'), 'junction').catch(() => undefined);
  await writeFile(join(root, 'index.html'), html('./main.js'));
  await writeFile(join(root, 'main.js'), "import 'raft-playground/iife';\ndocument.body.innerHTML = '<raft-playground loading=\"eager\" style=\"height: 600px\"></raft-playground>';\n");
  await build({ root, logLevel: 'warn', build: { target: 'es2022', chunkSizeWarningLimit: 2_000 } });
  await serveFolders(page, 'https://classic.example', { '/': join(root, 'dist') });
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.goto('https://classic.example/index.html');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  // Its late parts and Chinese are in the same script.
  await playground.call((element) => element.setAttribute('lang', 'zh'));
  await playground.host.getByRole('button', { name: '播放' }).waitFor();
  await playground.call((element) => element.setAttribute('controls', 'full'));
  await playground.host.locator('[data-action="help"]').click();
  await expect(playground.help).toBeVisible();
  expect(asked.filter((address) => /\.(wasm|js)\b/.test(address))).toHaveLength(1);
});

/** A page whose body was rendered before it is sent, and what goes on with it in a browser. */
const HYDRATE = "import { createElement } from 'react';\nimport { hydrateRoot } from 'react-dom/client';\nimport Elections from './elections.js';\nhydrateRoot(document.querySelector('#root'), createElement(Elections));\n";
const RENDER = "import { createElement } from 'react';\nimport { renderToString } from 'react-dom/server';\nimport Elections from './elections.js';\nexport const rendered = renderToString(createElement(Elections));\n";

test('MDX is rendered on a server by React and goes on in a browser, as Docusaurus has it', async ({ page, project }) => {
  const root = join(dirname(project), 'mdx');
  await mkdir(root, { recursive: true });
  await symlink(join(project, 'node_modules'), join(root, 'node_modules'), 'junction').catch(() => undefined);
  await writeFile(join(root, 'package.json'), JSON.stringify({ private: true, type: 'module' }));
  await writeFile(join(root, 'elections.js'), String(await compile(await readFile(join(ROOT, 'examples/recipes/docusaurus/elections.mdx'), 'utf8'))));
  await writeFile(join(root, 'main.js'), HYDRATE);
  await writeFile(join(root, 'server.js'), RENDER);
  // React is these tests', not the project's.
  const ours = (name: string): string => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
  const settings = { root, logLevel: 'warn', resolve: { alias: { react: ours('react'), 'react-dom': ours('react-dom') } } } as const;
  await build({ ...settings, build: { ssr: 'server.js', outDir: 'server' }, ssr: { noExternal: ['react', 'react-dom'] } });
  const { rendered } = (await import(pathToFileURL(join(root, 'server/server.js')).href)) as { rendered: string };
  expect(rendered).toMatch(/<raft-playground [^>]*><p>Five servers, one of which leads\.<\/p><\/raft-playground>/);
  await writeFile(join(root, 'index.html'), html('./main.js').replace('<script', `<div id="root">${rendered}</div><script`));
  await build({ ...settings, build: { target: 'es2022' } });
  await serveFolders(page, 'https://mdx.example', { '/': join(root, 'dist') });
  await page.goto('https://mdx.example/index.html');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
});

test('without a tool, the folder that npm leaves serves a page as it is', async ({ page, project }) => {
  await writeFile(
    join(project, 'plain.html'),
    html('node_modules/raft-playground/raft-playground.js').replace('</body>', '<raft-playground style="height: 600px"></raft-playground></body>'),
  );
  await serveFolders(page, 'https://plain.example', { '/': project });
  await page.goto('https://plain.example/plain.html');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  expect(await playground.call(async (element) => (await element.exportTrace()).size)).toBeGreaterThan(100);
});
