/** The page's own module: a file beside the script. In a script that has it inside, bundling/classic.mjs puts it in this one's place. */

import wasmAddress from 'wasm-door/wasm';
import { compile } from './compile';

export const engine = (): Promise<WebAssembly.Module> => compile(wasmAddress);
