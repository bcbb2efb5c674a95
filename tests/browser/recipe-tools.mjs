// The recipes of docs/recipes.md by the tools that they are for: each tool makes its pages of examples/recipes in a folder of its own.
import { spawn } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { fromCargo, fromNpm, fromPython, run } from './on-demand.mjs';
import { withHost } from './host.mjs';

const ROOT = resolve(import.meta.dirname, '../..');
const RECIPES = join(ROOT, 'examples/recipes');
const DIST = resolve(import.meta.dirname, process.env['RAFT_TEST_DIST'] ?? '../../dist');

/** What a recipe needs to be opened: its tool's version, and the address of the page. @typedef {{ tool: string; address: string }} Made */
/** @typedef {(open: (made: Made) => Promise<void>) => Promise<void>} Recipe */

/** Beside pages, under the name that recipes give it. @param {string} folder */
const copySite = (folder) => cp(DIST, join(folder, 'raft-playground'), { recursive: true });

/** A folder that is gone when `work` is done. @param {string} within @param {(folder: string) => Promise<void>} work */
async function inFolder(within, work) {
  const folder = await mkdtemp(join(within, 'raft-recipe-'));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** @type {Recipe} */
const mdbook = async (open) => {
  const program = join(await fromCargo('mdbook', '0.5.4'), 'mdbook');
  await inFolder(tmpdir(), async (folder) => {
    await cp(join(RECIPES, 'mdbook'), folder, { recursive: true });
    await writeFile(join(folder, 'book.toml'), '[book]\ntitle = "Notes on consensus"\n');
    await writeFile(join(folder, 'src/SUMMARY.md'), '# Summary\n\n- [Elections](elections.md)\n');
    await copySite(join(folder, 'src'));
    run(program, ['build', folder]);
    await withHost(join(folder, 'book'), (host) => open({ tool: run(program, ['--version']).trim(), address: `${host}elections.html` }));
  });
};

/** @type {Recipe} */
const sphinx = async (open) => {
  const bin = await fromPython('sphinx', ['sphinx', 'myst-parser']);
  const versions = "from importlib.metadata import version; print('Sphinx', version('sphinx') + ', MyST-Parser', version('myst-parser'))";
  await inFolder(tmpdir(), async (folder) => {
    await mkdir(join(folder, 'source/_static'), { recursive: true });
    for (const name of ['conf.py', 'index.md']) await cp(join(RECIPES, 'sphinx', name), join(folder, 'source', name));
    await copySite(join(folder, 'source/_static'));
    run(join(bin, 'sphinx-build'), ['-W', '-b', 'html', join(folder, 'source'), join(folder, 'html')]);
    await withHost(join(folder, 'html'), (host) => open({ tool: run(join(bin, 'python'), ['-c', versions]).trim(), address: `${host}index.html` }));
  });
};

/** Quarto hands its pages to pandoc, which does the rest: its settings are pandoc's, by other names. */
async function pandoc() {
  const bin = await fromPython('pandoc', ['pypandoc_binary']);
  return run(join(bin, 'python'), ['-c', 'import pypandoc; print(pypandoc.get_pandoc_path())']).trim();
}

/** What a recipe's `include-in-header` says. @param {string} recipe */
const headOf = (recipe) => /^ +text: (.+)$/m.exec(recipe)?.[1] ?? '';

/** @param {string} program */
const pandocVersion = (program) => run(program, ['--version']).split('\n')[0] ?? '';

/** @type {Recipe} */
const quarto = async (open) => {
  const program = await pandoc();
  await inFolder(tmpdir(), async (folder) => {
    await copySite(folder);
    await writeFile(join(folder, 'head.html'), headOf(await readFile(join(RECIPES, 'quarto/elections.qmd'), 'utf8')));
    run(program, ['--standalone', '--from', 'markdown', '--to', 'html5', '--include-in-header', 'head.html', '--output', 'elections.html', join(RECIPES, 'quarto/elections.qmd')], { cwd: folder });
    await withHost(folder, (host) => open({ tool: pandocVersion(program), address: `${host}elections.html` }));
  });
};

/** @type {Recipe} */
const quartoOneFile = async (open) => {
  const program = await pandoc();
  await inFolder(tmpdir(), async (folder) => {
    for (const name of ['raft-playground.iife.js', 'raft-playground.late.iife.js']) await cp(join(DIST, name), join(folder, name));
    await writeFile(join(folder, 'head.html'), headOf(await readFile(join(RECIPES, 'quarto/one-file.qmd'), 'utf8')));
    await mkdir(join(folder, 'alone'));
    const output = join(folder, 'alone/one-file.html');
    run(program, ['--standalone', '--embed-resources', '--from', 'markdown', '--to', 'html5', '--include-in-header', 'head.html', '--output', output, join(RECIPES, 'quarto/one-file.qmd')], { cwd: folder });
    await open({ tool: pandocVersion(program), address: pathToFileURL(output).href });
  });
};

/** A port that nobody has. @returns {Promise<number>} */
const freePort = () =>
  new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => done(typeof address === 'object' && address ? address.port : 0));
    });
  });

/** @type {Recipe} */
const jupyter = async (open) => {
  const bin = await fromPython('jupyter', ['jupyterlab', 'anywidget']);
  const versions = "from importlib.metadata import version; print('JupyterLab', version('jupyterlab') + ', anywidget', version('anywidget'))";
  await inFolder(tmpdir(), async (folder) => {
    await cp(join(DIST, 'raft-playground.widget.js'), join(folder, 'raft-playground.widget.js'));
    const source = await readFile(join(RECIPES, 'jupyter/raft.py'), 'utf8');
    const cells = [{ cell_type: 'code', execution_count: null, id: 'raft', metadata: {}, outputs: [], source }];
    const kernelspec = { name: 'python3', display_name: 'Python 3', language: 'python' };
    await writeFile(join(folder, 'elections.ipynb'), JSON.stringify({ cells, metadata: { kernelspec }, nbformat: 4, nbformat_minor: 5 }));
    const port = await freePort();
    const words = ['lab', '--no-browser', '--allow-root', '--ip=127.0.0.1', `--port=${port}`, '--IdentityProvider.token=', '--ServerApp.password=', `--ServerApp.root_dir=${folder}`, '--LabApp.news_url=', '--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate'];
    const server = spawn(join(bin, 'jupyter'), words, { stdio: 'ignore' });
    try {
      const address = `http://127.0.0.1:${port}/lab/tree/elections.ipynb?reset`;
      for (let tries = 0; !(await fetch(address).then(({ ok }) => ok, () => false)); tries += 1) {
        if (tries > 300) throw new Error('JupyterLab did not start');
        await new Promise((done) => setTimeout(done, 200));
      }
      await open({ tool: run(join(bin, 'python'), ['-c', versions]).trim(), address });
    } finally {
      server.kill();
    }
  });
};

const DOCUSAURUS = '3.10.2';
const DOCUSAURUS_CONFIG = `export default {
  title: 'Notes on consensus', url: 'https://notes.example', baseUrl: '/', onBrokenLinks: 'ignore',
  presets: [['classic', { docs: { routeBasePath: '/', sidebarPath: undefined }, blog: false }]],
};
`;

/** @type {Recipe} */
const docusaurus = async (open) => {
  const modules = await fromNpm(`docusaurus-${DOCUSAURUS}`, [`@docusaurus/core@${DOCUSAURUS}`, `@docusaurus/preset-classic@${DOCUSAURUS}`, 'react@19', 'react-dom@19']);
  // Within the tool's folder, where its packages are found.
  await inFolder(dirname(modules), async (folder) => {
    await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'notes', private: true }));
    await writeFile(join(folder, 'docusaurus.config.js'), DOCUSAURUS_CONFIG);
    await mkdir(join(folder, 'docs'));
    await cp(join(RECIPES, 'docusaurus/elections.mdx'), join(folder, 'docs/elections.mdx'));
    run(process.execPath, [join(ROOT, 'web/pack.mjs'), '--dist', DIST, '--out', join(folder, 'packed')]);
    const [archive = ''] = (await readdir(join(folder, 'packed'))).filter((name) => name.endsWith('.tgz'));
    run('npm', ['install', '--offline', '--no-audit', '--no-fund', join(folder, 'packed', archive)], { cwd: folder });
    run(process.execPath, [join(modules, '@docusaurus/core/bin/docusaurus.mjs'), 'build'], { cwd: folder, env: { ...process.env, CI: 'true' } });
    await withHost(join(folder, 'build'), (host) => open({ tool: `Docusaurus ${DOCUSAURUS}`, address: `${host}elections` }));
  });
};

/** @type {Readonly<Record<string, Recipe>>} */
export const TOOLS = { mdbook, sphinx, quarto, 'quarto-one-file': quartoOneFile, jupyter, docusaurus };
