/** Compiles the page's wasm module, once for all elements. */

import { freshGlue } from 'wasm-door/glue';
import { engine } from './engine';
import { WRONG } from '../lang/en/wrong';
import { instanceOf } from './instance';
import type { Glue, Instance } from './types';

/** Each browser says in its own words that a page's policy lets no WebAssembly in; some have none at all. */
const isForbidden = (error: unknown): boolean => typeof WebAssembly === 'undefined' || /unsafe-eval|embedder|Content.Security.Policy/i.test(String(error));

let compiled: Promise<WebAssembly.Module> | undefined;

/** A function that makes a fresh instance at once: after a panic there is no waiting. */
export async function loadDoor(): Promise<() => Instance> {
  compiled ??= engine();
  let module: WebAssembly.Module;
  try {
    module = await compiled;
  } catch (error) {
    compiled = undefined;
    throw isForbidden(error) ? new Error(WRONG.forbidden) : error;
  }
  return () => instanceOf<Glue>(freshGlue, module);
}
