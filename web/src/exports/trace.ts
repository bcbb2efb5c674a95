/** A run as a trace: lived once more, by a module of its own that also writes down what happens. */

import { freshGlue } from 'wasm-door-trace/glue';
import wasmAddress from 'wasm-door-trace/wasm';
import { instanceOf } from '../door/instance';
import { compile } from '../door/compile';
import { fileOf, type Lines } from './lines';

/** The class that the module adds to those of the door. */
interface Trace extends Lines {
  free(): void;
}

interface Glue {
  readonly Trace: new (bytes: Uint8Array, timeUs: number, events: number) => Trace;
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** A run as the door's bytes, up to a moment. */
export interface Stand {
  readonly bytes: Uint8Array;
  readonly timeUs: number;
  readonly events: number;
}

/** The trace as a file. Rejects with what the module has against the run, or where it cannot be fetched. */
export async function traceOf({ bytes, timeUs, events }: Stand): Promise<Blob> {
  const { glue } = instanceOf<Glue>(freshGlue, await compile(wasmAddress));
  const trace = new glue.Trace(bytes, timeUs, events);
  try {
    return await fileOf(trace, () => new Promise((done) => setTimeout(done)));
  } finally {
    trace.free();
  }
}
