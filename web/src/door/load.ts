/** Fetches and compiles wasm modules, the page's own once. */

import { freshGlue } from 'wasm-door/glue';
import wasmAddress from 'wasm-door/wasm';
import { WRONG } from '../lang/en/wrong';
import { instanceOf } from './instance';
import type { Glue, Instance } from './types';

/** Compiles while it loads; a host that serves wasm as another type costs a second look. */
export async function compile(address: URL): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** A function that makes a fresh instance at once: after a panic there is no waiting. */
export async function loadDoor(): Promise<() => Instance> {
  compiled ??= compile(new URL(wasmAddress, import.meta.url));
  let module: WebAssembly.Module;
  try {
    module = await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
  return () => instanceOf<Glue>(freshGlue, module);
}
