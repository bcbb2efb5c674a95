// Builds the static site: reads the wasm door from pkg/ (written by wasm-bindgen) and writes ../dist: the page and the element as
// ES modules, a page for frames, the element as one classic script and as a widget, and the page as one file.
// Relative addresses only, so that the result runs under any path of any static host.
//   node build.mjs [--pkg DIR] [--out DIR]
import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { gzipSync } from 'node:zlib';
import { wholeScript, widgetModule } from './bundling/classic.mjs';
import { serviceWorker } from './bundling/offline.mjs';
import { oneFile } from './bundling/one-file.mjs';
import { classicScripts } from './bundling/pieces.mjs';
import { scenes, web } from './bundling/settings.mjs';
import { buildSite } from './bundling/site.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return resolve(web, at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise));
};
const pkg = option('pkg', 'pkg');
const out = option('out', '../dist');

if (!['raft_wasm.js', 'raft_wasm_trace.js', 'raft_wasm_explore.js'].every((name) => existsSync(join(pkg, name)))) {
  console.error(`${pkg} holds no wasm door. \`cargo xtask build\` at the project's root makes it and then calls this.`);
  process.exit(1);
}

/** A page of the site, in which one piece of text is replaced. */
async function writePage(name, from, to) {
  const page = await readFile(join(web, name), 'utf8');
  if (!page.includes(from)) throw new Error(`${name} lacks ${from}`);
  await writeFile(join(out, name), page.replace(from, to));
}

await rm(out, { recursive: true, force: true });
await mkdir(out, { recursive: true });
const { page, frame, wasm } = await buildSite(pkg, out);
for (const [name, script] of Object.entries(await classicScripts(pkg, out))) await writeFile(join(out, name), script);
await writeFile(join(out, 'raft-playground.widget.js'), await widgetModule(pkg, out));
await writeFile(join(out, 'raft-playground.html'), await oneFile(await wholeScript(pkg, out)));
for (const types of ['raft-playground.d.ts', 'raft-playground.widget.d.ts']) await copyFile(join(web, 'src', types), join(out, types));
// One file, fetched when somebody opens the list of scenes or names one.
await writeFile(join(out, 'scenes.json'), JSON.stringify(await scenes()));
// The page asks at once for all that it opens with.
const links = page.map((name) => `<link rel="modulepreload" href="${name}">`);
links.push(`<link rel="preload" href="${wasm}" as="fetch" type="application/wasm" crossorigin>`);
await writePage('index.html', '  </head>', links.map((link) => `    ${link}\n`).join('') + '  </head>');
// In a frame nobody may ever come near, and pay for the engine; and its script knows whether the frame may fetch modules at all.
await writePage('embed.html', 'src="embed.js"', `src="embed.js" data-ahead="${frame.join(' ')}"`);
// Last, as it knows all that is there.
await writeFile(join(out, 'service-worker.js'), await serviceWorker(out));

for (const name of (await readdir(out)).sort()) {
  if (!/\.(js|json|css|wasm|html)$/.test(name)) continue;
  const bytes = await readFile(join(out, name));
  const size = (count) => `${(count / 1000).toFixed(1)} kB`.padStart(10);
  console.log(`${name.padEnd(36)}${size(bytes.length)}${size(gzipSync(bytes, { level: 9 }).length)} gzipped`);
}
