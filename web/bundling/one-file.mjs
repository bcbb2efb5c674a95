// The whole page as one file that opens by a double-click, without a server: its script lies in it, packed.
import { transform } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { shared, web } from './settings.mjs';
import { packed } from './smaller.mjs';

const hash = (text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but these two scripts and this style is let in, each by its hash, and nothing is fetched from anywhere. */
const policy = (scripts, style) =>
  [
    "default-src 'none'",
    `script-src ${scripts.map(hash).join(' ')} 'wasm-unsafe-eval'`,
    `style-src ${hash(style)}`,
    'img-src data: blob:',
    "base-uri 'none'",
    "form-action 'none'",
    "require-trusted-types-for 'script'",
    'trusted-types lit-html raft-playground-file',
  ].join('; ');

/** The page as a file, by its classic script. */
export async function oneFile(script) {
  const { target, minify } = shared;
  const loader = (await transform(await readFile(join(web, 'src/one-file/loader.ts'), 'utf8'), { target, minify, loader: 'ts' })).code.trim();
  const style = (await transform(await readFile(join(web, 'src/page.css'), 'utf8'), { loader: 'css', minify: true })).code.trim();
  const page = await readFile(join(web, 'src/one-file/page.html'), 'utf8');
  const parts = { policy: policy([loader, script], style), style, packed: await packed(script), loader };
  return page.replace(/\{\{(\w+)\}\}/g, (_, name) => parts[name]);
}
