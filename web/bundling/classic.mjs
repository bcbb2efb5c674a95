// The element as one script, classic or a widget's module, with the wasm and every late part inside. What few ask for, and weighs much, stays beside
// it and is fetched from there: the modules that write traces and that search, and the worker that searches.
import { build } from 'esbuild';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { doorPlugin } from './door-plugin.mjs';
import { main, scenes, shared, styleTexts, web, workers } from './settings.mjs';
import { packed, smaller } from './smaller.mjs';

/** What is a file of its own beside the module stands in the script: the engine, and the scenes. */
export const inside = (pkg) => ({
  name: 'inside',
  setup(plugin) {
    plugin.onLoad({ filter: /[\\/]src[\\/]door[\\/]engine\.ts$/ }, async ({ path }) => ({
      contents: `import { unpack } from './unpack';
        export const engine = () => unpack('${await packed(await readFile(join(pkg, 'raft_wasm_bg.wasm')))}');`,
      loader: 'ts',
      watchFiles: [path],
    }));
    plugin.onLoad({ filter: /[\\/]src[\\/]keep[\\/]scenes\.ts$/ }, async () => ({
      contents: `export const fetchScenes = async () => (${JSON.stringify(await scenes())});`,
      loader: 'ts',
    }));
  },
});

const whole = async (pkg, out, settings) => {
  const made = await build({
    ...shared,
    outdir: out,
    // A module knows its own address; a script that is whole by itself finds out while it begins.
    define: { 'import.meta.url': 'scriptAddress' },
    loader: { '.wasm': 'file' },
    assetNames: '[name]-[hash]',
    legalComments: 'eof',
    plugins: [doorPlugin(pkg), inside(pkg), styleTexts, workers(pkg)],
    write: false,
    ...settings,
  });
  // What it names beside itself is there already: the site's own files have the same names.
  const { text } = made.outputFiles.find(({ path }) => path.endsWith('.js') && !path.includes('worker-'));
  return (await smaller(text, { module: settings.format === 'esm' })).code;
};

/** The element as one classic script with all in it, for the page that is one file. */
export const wholeScript = (pkg, out) =>
  whole(pkg, out, { entryPoints: [main], format: 'iife', inject: [...shared.inject, join(web, 'src/door/script-address.ts')] });

/** The element as a widget: a module, which a notebook may hold as text. */
export const widgetModule = (pkg, out) =>
  whole(pkg, out, { entryPoints: [join(web, 'src/widget/widget.ts')], format: 'esm', inject: [...shared.inject, join(web, 'src/widget/address.ts')] });
