// The site's scripts as ES modules, with the wasm and all that comes late beside them.
import { build } from 'esbuild';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { doorPlugin } from './door-plugin.mjs';
import { main, shared, styleTexts, web, workers } from './settings.mjs';
import { smaller } from './smaller.mjs';

/**
 * What is imported late imports all of the first part, which is there by then. Otherwise each late part shares another piece
 * of it, every such piece is a file of its own, and each of those packs worse.
 */
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

/** The names of some scripts, and of those that they need before they can run. */
function withNeeded(outputs, paths) {
  const found = new Set(paths);
  for (const each of found) for (const { path, kind } of outputs[each].imports) if (kind === 'import-statement') found.add(path);
  return [...found].map((each) => basename(each));
}

/** Writes what a build made, its modules smaller. */
async function writeSmaller(files) {
  const maps = new Map(files.filter(({ path }) => path.endsWith('.js.map')).map(({ path, text }) => [path.slice(0, -'.map'.length), text]));
  for (const { path, text, contents } of files) {
    const content = maps.get(path);
    if (content) {
      const { code, map } = await smaller(text, { module: true, map: { content, name: `${basename(path)}.map` } });
      await writeFile(path, code);
      await writeFile(`${path}.map`, map);
    } else if (!path.endsWith('.js.map')) await writeFile(path, contents);
  }
}

/** Builds the scripts; returns what the pages open with: a browser that is told need not find out one by one. */
export async function buildSite(pkg, out) {
  const beside = { ...shared, outdir: out, sourcemap: 'linked', legalComments: 'linked' };
  const { outputFiles, metafile } = await build({
    ...beside,
    metafile: true,
    write: false,
    entryPoints: { 'raft-playground': main, page: join(web, 'src/page.css') },
    // What is not needed at first sight is imported when it is: such parts become files of their own, in the same folder, as
    // addresses are relative to them.
    splitting: true,
    format: 'esm',
    chunkNames: '[name]-[hash]',
    loader: { '.wasm': 'file' },
    assetNames: '[name]-[hash]',
    plugins: [doorPlugin(pkg), styleTexts, workers(pkg), oneFirstPart],
  });
  await writeSmaller(outputFiles);
  const { outputs } = metafile;
  // The page in a frame sets the element up before its script comes, and knows nothing of it but its name.
  await build({ ...beside, inject: [], entryPoints: { embed: join(web, 'src/embed/page.ts'), 'embed-page': join(web, 'src/embed/page.css') }, format: 'iife' });
  const named = (pattern) => Object.keys(outputs).find((path) => pattern.test(basename(path)));
  const script = named(/^raft-playground\.js$/);
  const page = withNeeded(outputs, [script]);
  // Most frames have little room, and what they show there comes late.
  const frame = withNeeded(outputs, [script, named(/^bars-.*\.js$/)]);
  return { page, frame, wasm: basename(named(/^raft_wasm_bg-.*\.wasm$/)) };
}
