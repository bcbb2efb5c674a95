// Builds the static site: reads the wasm door from pkg/ (written by wasm-bindgen) and writes ../dist.
// Relative addresses only, so that the result runs under any path of any static host.
//   node build.mjs [--pkg DIR] [--out DIR]
import { build, transform } from 'esbuild';
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { doorPlugin } from './door-plugin.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return resolve(here, at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise));
};
const pkg = option('pkg', 'pkg');
const out = option('out', '../dist');

if (!['raft_wasm.js', 'raft_wasm_trace.js', 'raft_wasm_explore.js'].every((name) => existsSync(join(pkg, name)))) {
  console.error(`${pkg} holds no wasm door. \`cargo xtask build\` at the project's root makes it and then calls this.`);
  process.exit(1);
}

/** The element's style sheets become minified texts in its module. */
const styleTexts = {
  name: 'style-texts',
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]styles[\\/][^\\/]+\.css$/ }, async ({ path }) => ({
      contents: (await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })).code,
      loader: 'text',
    }));
  },
};

/**
 * What is imported late imports all of the first part, which is there by then. Otherwise each late part shares another piece
 * of it, every such piece is a file of its own, and each of those packs worse.
 */
const main = join(here, 'src/main.ts');
const oneFirstPart = {
  name: 'one-first-part',
  setup(plugin) {
    const late = new Set();
    plugin.onResolve({ filter: /^\.{1,2}\// }, async ({ path, resolveDir, importer, kind, pluginData }) => {
      if (kind !== 'dynamic-import' || pluginData === plugin) return undefined;
      const found = await plugin.resolve(path, { resolveDir, importer, kind, pluginData: plugin });
      late.add(found.path);
      return found;
    });
    plugin.onLoad({ filter: /\.ts$/ }, async ({ path }) =>
      late.has(path) ? { contents: `${await readFile(path, 'utf8')}\nimport ${JSON.stringify(main)};\n`, loader: 'ts' } : undefined,
    );
  },
};

/** The script of a worker is whole by itself: it is built apart, and whoever starts it imports its address. */
const workers = {
  name: 'workers',
  setup(plugin) {
    plugin.onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: join(here, 'src', `${path.slice('worker:'.length)}.js`), namespace: 'worker' }));
    plugin.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => {
      const script = await build({ ...shared, entryPoints: [path.replace(/\.js$/, '.ts')], bundle: true, format: 'esm', write: false, plugins: [doorPlugin(pkg)] });
      return { contents: script.outputFiles[0].contents, loader: 'file' };
    });
  },
};
const shared = {
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: true,
  // Module scripts are UTF-8 wherever they are served: no letter of any language takes six characters.
  charset: 'utf8',
  logLevel: 'warning',
};

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
await build({
  ...shared,
  entryPoints: { 'raft-playground': main, page: join(here, 'src/page.css') },
  outdir: out,
  bundle: true,
  // What is not needed at first sight is imported when it is: such parts become files of their own, in the same folder, as
  // addresses are relative to them.
  splitting: true,
  format: 'esm',
  chunkNames: '[name]-[hash]',
  sourcemap: 'linked',
  legalComments: 'linked',
  loader: { '.wasm': 'file' },
  assetNames: '[name]-[hash]',
  plugins: [doorPlugin(pkg), styleTexts, workers, oneFirstPart],
});
await copyFile(join(here, 'src/raft-playground.d.ts'), join(out, 'raft-playground.d.ts'));
// The scenes, in the order of their names and numbers: one file, fetched when somebody opens their list.
const scenarios = join(here, '../scenarios');
const names = (await readdir(scenarios)).map((name) => name.replace(/\.json$/, ''));
names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
const scenes = await Promise.all(names.map(async (name) => JSON.parse(await readFile(join(scenarios, `${name}.json`), 'utf8'))));
await writeFile(join(out, 'scenes.json'), JSON.stringify(scenes));
await writeFile(join(out, 'index.html'), await readFile(join(here, 'index.html')));

for (const name of (await readdir(out)).sort()) {
  if (!/\.(js|json|css|wasm|html)$/.test(name)) continue;
  const bytes = await readFile(join(out, name));
  const size = (count) => `${(count / 1000).toFixed(1)} kB`.padStart(10);
  console.log(`${name.padEnd(36)}${size(bytes.length)}${size(gzipSync(bytes, { level: 9 }).length)} gzipped`);
}
