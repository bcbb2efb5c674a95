// The element as a classic script in pieces: what it takes to show a scene and play it, with the wasm inside; and, beside it and fetched
// when somebody asks for it, all late parts as one script and each further language as one. No module is in two of them. esbuild splits
// modules and no classic scripts, so it splits modules, and each becomes a function that is handed what it imports of the first.
import { build, transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { inside } from './classic.mjs';
import { doorPlugin } from './door-plugin.mjs';
import { shared, styleTexts, web, workers } from './settings.mjs';
import { smaller } from './smaller.mjs';

const src = join(web, 'src');

/** Imported late elsewhere, and by nearly all who play a scene: the scene itself, the bar, the time line, the logs, and words for what happened. */
const AT_FIRST = ['committed', 'embed/bars', 'embed/settings', 'engine', 'logs/grid', 'panels/past/past', 'panels/violation', 'sentences'];
const LANGUAGE = /^lang\//;

/** A mark that is bare of what it stands for until all pieces are made: the hash of the build, and the integrity of a piece. */
const BUILD = '<build>';
const integrityMark = (piece) => `<integrity of ${piece}>`;

const IMPORT = /(?<!typeof )\bimport\('(\.[^']+)'\)/g;
const pathOf = (from, name) => relative(src, join(dirname(from), name)).replaceAll('\\', '/');

/** All modules that are imported late, by their paths. */
async function lateModules() {
  const paths = new Set();
  for (const name of await readdir(src, { recursive: true })) {
    if (!name.endsWith('.ts')) continue;
    for (const [, imported] of (await readFile(join(src, name), 'utf8')).matchAll(IMPORT)) paths.add(pathOf(join(src, name), imported));
  }
  return [...paths].sort();
}

/** The beginning of each piece: modules by their paths, which imports that come late ask for. */
const gathered = (paths, whole) =>
  paths.map((path, at) => `import * as m${at} from './${path}';`).join('\n') + `\n${whole(`{ ${paths.map((path, at) => `'${path}': m${at}`).join(', ')} }`)}\n`;

/** The pieces by their names, and what each begins with. */
async function beginnings() {
  const late = await lateModules();
  const languages = late.filter((path) => LANGUAGE.test(path));
  const others = late.filter((path) => !LANGUAGE.test(path) && !AT_FIRST.includes(path));
  const unknown = AT_FIRST.filter((path) => !late.includes(path));
  if (unknown.length > 0) throw new Error(`Expected to be imported late somewhere, as bundling/pieces.mjs has it: ${unknown.join(', ')}`);
  // What comes later has all of the first piece at hand.
  const later = (paths) => `import 'piece:first';\n${gathered(paths, (modules) => `export const modules = ${modules};`)}`;
  const texts = {
    // An element that stands in the page asks for its parts as soon as there is an element.
    kept: `import { keep } from './classic/pieces';\n${gathered(AT_FIRST, (modules) => `keep(${modules});`)}`,
    first: "import 'piece:kept';\nimport './main';\n",
    late: later(others),
    ...Object.fromEntries(languages.map((path) => [basename(path), later([path])])),
  };
  return { texts, names: ['late', ...languages.map((path) => basename(path))] };
}

const inPieces = (texts) => ({
  name: 'pieces',
  setup(plugin) {
    plugin.onResolve({ filter: /^piece:/ }, ({ path }) => ({ path: path.slice('piece:'.length), namespace: 'piece' }));
    plugin.onLoad({ filter: /.*/, namespace: 'piece' }, ({ path }) => ({ contents: texts[path], loader: 'ts', resolveDir: src }));
    plugin.onLoad({ filter: /[\\/]door[\\/]ahead\.ts$/ }, () => ({ contents: "export * from '../classic/ahead';", loader: 'ts', resolveDir: join(src, 'door') }));
    plugin.onLoad({ filter: /[\\/]src[\\/].*\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      const asked = source.replace(IMPORT, (_, name) => `askedPart('${pathOf(path, name)}')`);
      return asked === source ? undefined : { contents: `${asked}\nimport { part as askedPart } from ${JSON.stringify(join(src, 'classic/pieces'))};\n`, loader: 'ts' };
    });
  },
});

/** A module in a function, within which what it imports and exports goes through `require` and `module`; what licenses say stands behind it. */
async function wrapped(text, before, after) {
  const { target, charset, logLevel } = shared;
  const { code } = await transform(text, { format: 'cjs', minify: true, legalComments: 'none', target, charset, logLevel });
  return `${before}\n${code}\n${after}\n${/\/\*! Bundled license information:.*?\n\*\/\s*$/s.exec(text)?.[0] ?? ''}`;
}

/** Makes the scripts: their texts by the names of their files. */
export async function classicScripts(pkg, out) {
  const { texts, names: later } = await beginnings();
  const { outputFiles, metafile } = await build({
    ...shared,
    inject: [...shared.inject, join(src, 'door/script-address.ts')],
    entryPoints: Object.fromEntries(['first', ...later].map((name) => [name, `piece:${name}`])),
    outdir: out,
    // A module knows its own address; a script finds out while it begins.
    define: { 'import.meta.url': 'scriptAddress', BUILD: JSON.stringify(BUILD), INTEGRITY: JSON.stringify(Object.fromEntries(later.map((name) => [name, integrityMark(name)]))) },
    format: 'esm',
    splitting: true,
    loader: { '.wasm': 'file' },
    assetNames: '[name]-[hash]',
    legalComments: 'eof',
    plugins: [inPieces(texts), doorPlugin(pkg), inside(pkg), styleTexts, workers(pkg)],
    metafile: true,
    write: false,
  });
  const made = new Map(outputFiles.filter(({ path }) => path.endsWith('.js') && !basename(path).startsWith('worker-')).map(({ path, text }) => [basename(path), text]));
  const left = Object.values(metafile.inputs).flatMap(({ imports }) => imports.filter(({ kind }) => kind === 'dynamic-import'));
  if (left.length > 0) throw new Error(`Expected each late import as import('./path') on one line; found ${left.map(({ original, path }) => original ?? path).join(', ')}`);
  // What several entries need is a file of its own. All that the first piece holds is one, since all others import it; its entry only leads there.
  const common = Object.entries(metafile.outputs).filter(([path]) => basename(path).startsWith('chunk-'));
  const holds = ([, { inputs }]) => Object.keys(inputs).some((path) => path.endsWith('src/main.ts'));
  const others = common.filter((each) => !holds(each)).flatMap(([, { inputs }]) => Object.keys(inputs));
  if (others.length > 0) throw new Error(`Late parts and a language share what the first piece lacks; expected an import of it there: ${others.join(', ')}`);
  const first = basename(common[0][0]);

  const hash = createHash('sha256');
  for (const text of made.values()) hash.update(text);
  const id = hash.digest('hex').slice(0, 12);
  /** A script without a mark of what it is in it, as any host may serve it. */
  const finished = async (script) => `\ufeff${(await smaller(script, { module: false })).code.replaceAll(BUILD, id)}`;
  const scripts = {};
  const integrity = {};
  for (const name of later) {
    const laid = `(globalThis[Symbol.for('raft-playground.pieces')] ??= {})['${name} ${BUILD}'] = (first) => { const module = {}, require = () => first;`;
    const text = await finished(await wrapped(made.get(`${name}.js`), laid, '; return module.exports.modules; };'));
    scripts[`raft-playground.${name}.iife.js`] = text;
    integrity[name] = `sha384-${createHash('sha384').update(text).digest('base64')}`;
  }
  let text = await finished(await wrapped(made.get(first), '(() => { const module = {}, firstPiece = () => module.exports;', '})();'));
  for (const name of later) text = text.replaceAll(integrityMark(name), integrity[name]);
  return { 'raft-playground.iife.js': text, ...scripts };
}
