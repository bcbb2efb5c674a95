/** What bundling/door-plugin.mjs makes of wasm-bindgen's output; load.ts knows its shape. */
declare module 'wasm-door/glue' {
  /** Runs the glue anew, as though its module had just been loaded; it reports to `console`. */
  export function freshGlue(console: unknown): unknown;
}
declare module 'wasm-door/wasm' {
  /** The address of the wasm file, relative to the module. */
  const address: string;
  export default address;
}
/** The same for the module that also writes traces. */
declare module 'wasm-door-trace/glue' {
  export function freshGlue(console: unknown): unknown;
}
declare module 'wasm-door-trace/wasm' {
  const address: string;
  export default address;
}
/** The same for the module that also searches. */
declare module 'wasm-door-explore/glue' {
  export function freshGlue(console: unknown): unknown;
}
declare module 'wasm-door-explore/wasm' {
  const address: string;
  export default address;
}
/** The script of the worker that searches, which bundling/settings.mjs makes whole: its address, relative to the module. */
declare module 'worker:hunt/worker' {
  const address: string;
  export default address;
}
