// What all ways to bundle the page have in common.
import { build, transform } from 'esbuild';
import { readFile, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { doorPlugin } from './door-plugin.mjs';

/** The folder of the page's sources and of this tool. */
export const web = join(dirname(fileURLToPath(import.meta.url)), '..');
export const main = join(web, 'src/main.ts');

export const shared = {
  bundle: true,
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: true,
  inject: [join(web, 'src/browser.ts')],
  // Module scripts are UTF-8 wherever they are served: no letter of any language takes six characters.
  charset: 'utf8',
  logLevel: 'warning',
};

/** The element's style sheets become minified texts in its module. */
export const styleTexts = {
  name: 'style-texts',
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]styles[\\/][^\\/]+\.css$/ }, async ({ path }) => ({
      contents: (await transform(await readFile(path, 'utf8'), { loader: 'css', minify: true })).code,
      loader: 'text',
    }));
  },
};

/** The script of a worker is whole by itself: it is built apart, and whoever starts it imports its address. */
export const workers = (pkg) => ({
  name: 'workers',
  setup(plugin) {
    plugin.onResolve({ filter: /^worker:/ }, ({ path }) => ({ path: join(web, 'src', `${path.slice('worker:'.length)}.js`), namespace: 'worker' }));
    plugin.onLoad({ filter: /.*/, namespace: 'worker' }, async ({ path }) => {
      const script = await build({ ...shared, inject: [], entryPoints: [path.replace(/\.js$/, '.ts')], format: 'esm', write: false, plugins: [doorPlugin(pkg)] });
      return { contents: script.outputFiles[0].contents, loader: 'file' };
    });
  },
});

/** The scenes by their names, in the order of these and their numbers. */
export async function scenes() {
  const folder = join(web, '../scenarios');
  const names = (await readdir(folder)).map((name) => name.replace(/\.json$/, ''));
  names.sort((a, b) => a.localeCompare(b, 'en', { numeric: true }));
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, JSON.parse(await readFile(join(folder, `${name}.json`), 'utf8'))])));
}
