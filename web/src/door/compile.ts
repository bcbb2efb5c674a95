/** Fetches and compiles wasm modules that lie beside the script. */

import { WRONG } from '../lang/en/wrong';

/** Apart, as tools that bundle look for names of files where it stands within `new URL()`, and here is none. */
const here = import.meta.url;

/** The address of a file beside the script. A script that is no file of its own has nothing beside it. */
export function beside(name: string): URL {
  if (!here) throw new Error(WRONG.alone(name));
  return new URL(name, here);
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
