// Packs the built site as it would be published on npm: leaves the package, and the same unpacked, in a folder.
//   node pack.mjs [--dist DIR] [--out DIR]
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { execFileSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { makePackage } from './bundling/package.mjs';
import { web } from './bundling/settings.mjs';

const option = (name, otherwise) => {
  const at = process.argv.indexOf(`--${name}`);
  return resolve(web, at < 0 ? otherwise : (process.argv[at + 1] ?? otherwise));
};
const dist = option('dist', '../dist');
const out = option('out', '../release/npm');

if (!existsSync(join(dist, 'raft-playground.js'))) {
  console.error(`${dist} holds no site. \`cargo xtask build\` at the project's root makes it.`);
  process.exit(1);
}
const folder = join(out, 'raft-playground');
await rm(folder, { recursive: true, force: true });
const { name, version } = await makePackage(dist, folder);
// npm is a script of the shell's on Windows.
execFileSync('npm', ['pack', '--silent', '--pack-destination', out], { cwd: folder, shell: process.platform === 'win32', stdio: ['ignore', 'ignore', 'inherit'] });
console.log(join(out, `${name}-${version}.tgz`));
