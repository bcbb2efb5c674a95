// A host of static files as notes have one: right types, packed on the wire, no headers of its own.
import { readFile, stat } from 'node:fs/promises';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';

const pack = promisify(gzip);

/** @type {Readonly<Record<string, string>>} */
const TYPES = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.wasm': 'application/wasm',
};

/** The file that an address asks for; a folder's is its index.html. @param {string} folder @param {string} address */
async function fileOf(folder, address) {
  const path = join(folder, normalize(decodeURIComponent(new URL(address, 'http://host/').pathname)));
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return join(path, 'index.html');
  return path;
}

/**
 * Serves a folder on this machine while `work` is done with its address.
 * @param {string} folder
 * @param {(address: string) => Promise<void>} work
 */
export async function withHost(folder, work) {
  const server = createServer(async (request, response) => {
    try {
      const path = await fileOf(folder, request.url ?? '/');
      const bytes = await readFile(path);
      const packs = /\bgzip\b/.test(String(request.headers['accept-encoding']));
      response.writeHead(200, { 'Content-Type': TYPES[extname(path)] ?? 'application/octet-stream', 'Cache-Control': 'max-age=600', ...(packs ? { 'Content-Encoding': 'gzip' } : {}) });
      response.end(packs ? await pack(bytes) : bytes);
    } catch {
      response.writeHead(404).end();
    }
  });
  await new Promise((/** @type {(value?: unknown) => void} */ done) => server.listen(0, '127.0.0.1', done));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the host has no port');
  try {
    await work(`http://127.0.0.1:${address.port}/`);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}
