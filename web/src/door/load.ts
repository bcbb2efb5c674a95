/** Fetches and compiles the wasm module once, and makes instances of it, each with a memory of its own. */

import { freshGlue } from 'wasm-door/glue';
import wasmAddress from 'wasm-door/wasm';
import { WRONG } from '../lang/en/wrong';
import type { Glue, Instance } from './types';

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiles while it loads; a host that serves wasm as another type costs a second look. */
async function compile(): Promise<WebAssembly.Module> {
  const address = new URL(wasmAddress, import.meta.url);
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  if (response.headers.get('content-type')?.startsWith('application/wasm')) {
    return WebAssembly.compileStreaming(response);
  }
  return WebAssembly.compile(await response.arrayBuffer());
}

/** A function that makes a fresh instance at once: after a panic there is no waiting. */
export async function loadDoor(): Promise<() => Instance> {
  compiled ??= compile();
  let module: WebAssembly.Module;
  try {
    module = await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
  return () => {
    const said: string[] = [];
    const glue = freshGlue({
      error: (...words: unknown[]) => {
        said.push(words.map(String).join(' '));
        console.error(...words);
      },
      warn: (...words: unknown[]) => console.warn(...words),
      log: (...words: unknown[]) => console.log(...words),
    }) as Glue;
    const { memory } = glue.initSync({ module });
    return { glue, memory, said };
  };
}
