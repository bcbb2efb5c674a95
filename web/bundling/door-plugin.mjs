// wasm-bindgen's glue keeps the one instance it belongs to in module-level variables, so a module can be initialised
// only once. After a panic the page needs a fresh instance. This plugin turns the glue into a function: each call runs
// the whole glue anew, with variables of its own. `console` is a parameter so that the page also hears what the panic
// hook says.
import { build } from 'esbuild';
import { join } from 'node:path';

export const doorPlugin = (pkg) => ({
  name: 'wasm-door',
  setup(plugin) {
    // The module that the page opens with, the one that also writes traces, and the one that also searches.
    for (const [door, name] of [['wasm-door', 'raft_wasm'], ['wasm-door-trace', 'raft_wasm_trace'], ['wasm-door-explore', 'raft_wasm_explore']]) {
      plugin.onResolve({ filter: new RegExp(`^${door}/glue$`) }, () => ({ path: join(pkg, `${name}.js`), namespace: 'wasm-door' }));
      plugin.onResolve({ filter: new RegExp(`^${door}/wasm$`) }, () => ({ path: join(pkg, `${name}_bg.wasm`) }));
    }
    plugin.onLoad({ filter: /.*/, namespace: 'wasm-door' }, async ({ path }) => {
      const glue = await build({
        entryPoints: [path],
        bundle: true,
        format: 'iife',
        globalName: 'glue',
        write: false,
        define: { 'import.meta.url': '""' },
        logLevel: 'warning',
      });
      return {
        contents: `export function freshGlue(console) {\n${glue.outputFiles[0].text}\nreturn glue;\n}`,
        loader: 'js',
        watchFiles: [path],
      };
    });
  },
});
