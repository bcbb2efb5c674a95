/**
 * The page's service worker: after the first visit the page opens without a network. It keeps one set of files that belong together;
 * whoever has a network gets what the host has now, so that nothing here is ever an old page in the way of a new one.
 */

/** Put here by bundling/offline.mjs: the files of the set, and the hash of all that is in them. */
declare const FILES: readonly string[];
declare const VERSION: string;

/** Of a service worker's own scope, what is used here: the page's types know another one. */
interface Scope {
  readonly registration: { readonly scope: string };
  addEventListener(type: 'install' | 'activate', listener: (event: { waitUntil(done: Promise<unknown>): void }) => void): void;
  addEventListener(type: 'fetch', listener: (event: { readonly request: Request; respondWith(answer: Promise<Response>): void }) => void): void;
  skipWaiting(): Promise<void>;
}
const scope = globalThis as unknown as Scope;

const PREFIX = 'raft-playground ';
const CACHE = PREFIX + VERSION;
/** A page that is open may still ask for late parts of the set before. */
const SETS_KEPT = 2;
const known = new Set(FILES);

/** Files that carry the hash of what is in them never change. */
const isFixed = (name: string): boolean => /-[A-Z0-9]{8}\.(?:js|wasm)$/.test(name);

async function fill(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll(FILES.map((name) => new Request(new URL(name, scope.registration.scope), { cache: 'no-cache' })));
  await scope.skipWaiting();
}

async function clear(): Promise<void> {
  const sets = (await caches.keys()).filter((name) => name.startsWith(PREFIX) && name !== CACHE);
  // In the order in which they were made.
  await Promise.all(sets.slice(0, sets.length - (SETS_KEPT - 1)).map((name) => caches.delete(name)));
}

/** From the network; what is kept where there is none. */
async function fresh(request: Request, name: string): Promise<Response> {
  try {
    return await fetch(request);
  } catch (error) {
    const kept = await (await caches.open(CACHE)).match(new URL(name, scope.registration.scope));
    if (kept) return kept;
    throw error;
  }
}

/** As it is kept, of whichever set; what many never ask for is kept once somebody has. */
async function fixed(request: Request): Promise<Response> {
  const kept = await caches.match(request.url);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(CACHE)).put(request.url, response.clone());
  return response;
}

scope.addEventListener('install', (event) => event.waitUntil(fill()));
scope.addEventListener('activate', (event) => event.waitUntil(clear()));
scope.addEventListener('fetch', (event) => {
  const { request } = event;
  if (request.method !== 'GET' || !request.url.startsWith(scope.registration.scope)) return;
  const name = request.url.slice(scope.registration.scope.length).replace(/[?#].*$/, '') || 'index.html';
  if (isFixed(name)) event.respondWith(fixed(request));
  else if (known.has(name)) event.respondWith(fresh(request, name));
});
