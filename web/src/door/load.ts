/** Fetches and compiles a wasm module once, and makes instances of it, each with a memory of its own. */

import { freshGlue } from 'wasm-door/glue';
import wasmAddress from 'wasm-door/wasm';
import { WRONG } from '../lang/en/wrong';
import type { Glue, Instance } from './types';

/** What wasm-bindgen writes for any module. */
interface AnyGlue {
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** Compiles while it loads; a host that serves wasm as another type costs a second look. */
export async function compile(address: URL): Promise<WebAssembly.Module> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A fresh instance of a module, which reports what the panic hook says. */
export function instanceOf<T extends AnyGlue>(fresh: (console: unknown) => unknown, module: WebAssembly.Module): { glue: T; memory: { readonly buffer: ArrayBuffer }; said: readonly string[] } {
  const said: string[] = [];
  const glue = fresh({
    error: (...words: unknown[]) => {
      said.push(words.map(String).join(' '));
      console.error(...words);
    },
    warn: (...words: unknown[]) => console.warn(...words),
    log: (...words: unknown[]) => console.log(...words),
  }) as T;
  const { memory } = glue.initSync({ module });
  return { glue, memory, said };
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
