// The service worker of the page, which knows all files of the site and the hash of what is in them.
import { build } from 'esbuild';
import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { shared, web } from './settings.mjs';

/** What is large and few ask for: a first visit would fetch it for nothing. The modules are kept once somebody has asked for them. */
const FOR_FEW = /_(trace|explore)_bg-|^raft-playground\.(html|(.+\.)?iife\.js|widget\.js)$/;

export async function serviceWorker(out) {
  const names = (await readdir(out)).filter((name) => /\.(html|css|js|json|wasm)$/.test(name) && name !== 'service-worker.js').sort();
  const version = createHash('sha256');
  const kept = [];
  for (const name of names) {
    const bytes = await readFile(join(out, name));
    version.update(`${name} ${createHash('sha256').update(bytes).digest('hex')}\n`);
    if (!FOR_FEW.test(name)) kept.push(name);
  }
  const made = await build({
    ...shared,
    inject: [],
    entryPoints: [join(web, 'src/offline/worker.ts')],
    format: 'iife',
    define: { FILES: JSON.stringify(kept), VERSION: JSON.stringify(version.digest('hex').slice(0, 16)) },
    write: false,
  });
  return made.outputFiles[0].text;
}
