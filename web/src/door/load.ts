/** Compiles the page's wasm module, once for all elements. */

import { freshGlue } from 'wasm-door/glue';
import { engine } from './engine';
import { instanceOf } from './instance';
import type { Glue, Instance } from './types';

let compiled: Promise<WebAssembly.Module> | undefined;

/** A function that makes a fresh instance at once: after a panic there is no waiting. */
export async function loadDoor(): Promise<() => Instance> {
  compiled ??= engine();
  let module: WebAssembly.Module;
  try {
    module = await compiled;
  } catch (error) {
    compiled = undefined;
    throw error;
  }
  return () => instanceOf<Glue>(freshGlue, module);
}
