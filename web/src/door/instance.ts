/** A fresh instance of a wasm module. */

/** What wasm-bindgen writes for any module. */
export interface AnyGlue {
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** Makes one, with a memory of its own; it reports what the panic hook says. */
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
