// The site as a package for npm. Tools that bundle a page find what a script fetches by `new URL('./name', import.meta.url)` and by
// nothing else; the site's scripts have the bare name, which is shorter.
import { copyFile, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { web } from './settings.mjs';

/** All pieces of the classic script, for tools that put one behind the other. */
const WHOLE = 'raft-playground.pieces.js';

/** What the package is, beside what web/package.json says of its name, version and license. */
const manifest = (wasm) => ({
  description: 'A live Raft cluster as a custom element, <raft-playground>, for pages of notes.',
  keywords: ['raft', 'consensus', 'custom-element', 'web-component', 'visualization', 'education'],
  type: 'module',
  exports: {
    '.': { types: './raft-playground.d.ts', default: './raft-playground.js' },
    './iife': { types: './raft-playground.iife.d.ts', default: `./${WHOLE}` },
    './widget': { types: './raft-playground.widget.d.ts', default: './raft-playground.widget.js' },
    './raft_wasm.wasm': `./${wasm}`,
    './package.json': './package.json',
    './*': './*',
  },
  types: './raft-playground.d.ts',
  // For tools that know no `exports`, and for hosts that serve packages as they are.
  main: './raft-playground.js',
  unpkg: './raft-playground.iife.js',
  jsdelivr: './raft-playground.iife.js',
});

/** Of the classic script there is only what it does: it defines the element. */
const CLASSIC_TYPES = "import './raft-playground.js';\n";

const README = (version) => `# raft-playground

A live Raft cluster for a page of notes: \`<raft-playground>\`, with its WebAssembly beside it.

\`\`\`js
import 'raft-playground'; // an ES module; its WebAssembly is fetched when somebody scrolls near
\`\`\`

\`\`\`html
<raft-playground scenario="figure-8" style="height: 40rem"></raft-playground>
\`\`\`

Tools that understand \`new URL('./name', import.meta.url)\`, such as Vite and webpack 5, put the WebAssembly beside their own scripts.
\`raft-playground/iife\` has everything inside, for tools that cannot do that. Without a tool, copy this folder beside your page:

\`\`\`html
<script type="module" src="raft-playground/raft-playground.js"></script>
\`\`\`

Where modules cannot be had, such as on a page that is opened from a disk, \`raft-playground.iife.js\` is a classic script with the WebAssembly inside.
It fetches \`raft-playground.late.iife.js\` from beside it when somebody opens what few ask for, and \`raft-playground.zh-Hans.iife.js\` for Chinese.

\`raft-playground/widget\` is a module for anywidget. \`embed.html\` is a page for frames, \`raft-playground.html\` the whole page as one file. \`raft-playground.d.ts\` documents attributes,
methods and events; their names change only with a major version. This is version ${version}.

MIT or Apache 2.0, at your option.
`;

/** A name in a script, of a file that the script fetches, becomes an address that tools understand. */
function addressed(script, fetched, counts) {
  return script.replace(/"\.\/([\w.-]+)"/g, (text, name) => {
    if (!fetched.has(name)) return text;
    counts.set(name, (counts.get(name) ?? 0) + 1);
    return `new URL(${text},import.meta.url)`;
  });
}

/** Makes the folder that `npm pack` packs; returns the package's name and version. */
export async function makePackage(dist, folder) {
  const { name, version, license } = JSON.parse(await readFile(join(web, 'package.json'), 'utf8'));
  const names = (await readdir(dist)).filter((file) => !file.endsWith('.map')).sort();
  const fetched = new Set(names.filter((file) => /\.(wasm|json)$|^worker-/.test(file)));
  const wasm = names.find((file) => /^raft_wasm_bg-.*\.wasm$/.test(file));
  if (!wasm) throw new Error(`${dist} holds no raft_wasm_bg-*.wasm. \`cargo xtask build\` makes it.`);
  await mkdir(folder, { recursive: true });
  const counts = new Map();
  for (const file of names) {
    const [from, to] = [join(dist, file), join(folder, file)];
    if (!file.endsWith('.js')) {
      await copyFile(from, to);
      continue;
    }
    // Maps of the sources are for those who work on them: they weigh more than all else.
    const script = (await readFile(from, 'utf8')).replace(/\n\/\/# sourceMappingURL=.*\s*$/, '\n');
    const isModule = !/^(embed|service-worker|raft-playground\.((.+\.)?iife|widget)|worker-.*)\.js$/.test(file);
    await writeFile(to, isModule ? addressed(script, fetched, counts) : script);
  }
  const wrong = [...fetched].filter((file) => counts.get(file) !== 1);
  if (wrong.length > 0) throw new Error(`Expected each to be named once in the scripts of ${dist}, for bundlers to find: ${wrong.join(', ')}`);
  const root = join(web, '..');
  for (const file of ['LICENSE-APACHE', 'LICENSE-MIT']) await copyFile(join(root, file), join(folder, file));
  // The first one first: it is what shows an element.
  const pieces = names.filter((file) => /^raft-playground\.(.+\.)?iife\.js$/.test(file)).sort((a, b) => a.length - b.length);
  await writeFile(join(folder, WHOLE), pieces.map((file) => `import './${file}';\n`).join(''));
  await writeFile(join(folder, 'raft-playground.iife.d.ts'), CLASSIC_TYPES);
  await writeFile(join(folder, 'README.md'), README(version));
  await writeFile(join(folder, 'package.json'), `${JSON.stringify({ name, version, license, ...manifest(wasm) }, null, 2)}\n`);
  return { name, version };
}
