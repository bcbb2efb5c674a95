/** Fetches and compiles wasm modules that lie beside the script. */

import { WRONG } from '../lang/en/wrong';

/** The address of a file beside the script. A script that is no file of its own has nothing beside it. */
export function beside(name: string): URL {
  if (!import.meta.url) throw new Error(WRONG.alone(name));
  return new URL(name, import.meta.url);
}

/** Compiles while it loads; a host that serves wasm as another type costs a second look. */
export async function compile(name: string): Promise<WebAssembly.Module> {
  const address = beside(name);
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}
