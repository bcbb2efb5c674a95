/** The script of a worker that searches. The module comes compiled with the first message, so no worker fetches anything. */

import { freshGlue } from 'wasm-door-explore/glue';
import { instanceOf } from '../door/instance';
import { type Explorer, Labour } from './labour';
import type { Ask, Begin, Order, Report } from './orders';

interface Glue {
  readonly Explorer: new (ask: Ask) => Explorer;
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** Of a worker's own scope, what is used here: the page's types know another one. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(report: Report): void;
};

let labour: Labour | undefined;

scope.onmessage = ({ data }: MessageEvent<(Begin & { readonly module: WebAssembly.Module }) | Order>) => {
  if (labour) return labour.hear(data as Order);
  const { module, ...begin } = data as Begin & { readonly module: WebAssembly.Module };
  let said: readonly string[] = [];
  labour = new Labour(begin, {
    open: (ask) => {
      const instance = instanceOf<Glue>(freshGlue, module);
      said = instance.said;
      return new instance.glue.Explorer(ask);
    },
    // What the panic hook says tells more than the trap that follows.
    post: (report) => scope.postMessage(report.kind === 'failed' ? { ...report, message: said[0] ?? report.message } : report),
    later: (work) => void setTimeout(work),
    now: () => performance.now(),
  });
};
