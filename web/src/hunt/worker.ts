/** The script of a worker that searches. The module comes compiled with the first message, so no worker fetches anything. */

import { freshGlue } from 'wasm-door-explore/glue';
import { instanceOf } from '../door/instance';
import { type Explorer, Labour } from './labour';
import type { Ask, Begin, BeginAll, Bounds, Order, Report } from './orders';
import { type Thorough, Toil } from './toil';

interface Glue {
  readonly Explorer: new (ask: Ask) => Explorer;
  readonly Everything: new (bounds: Bounds) => Thorough;
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** Of a worker's own scope, what is used here: the page's types know another one. */
const scope = globalThis as unknown as {
  onmessage: ((event: MessageEvent) => void) | null;
  postMessage(report: Report): void;
};

type First = (Begin | BeginAll) & { readonly module: WebAssembly.Module };

let labour: Labour | Toil | undefined;

scope.onmessage = ({ data }: MessageEvent<First | Order>) => {
  if (labour) return labour.hear(data as Order);
  const { module, ...begin } = data as First;
  let said: readonly string[] = [];
  const glue = (): Glue => {
    const instance = instanceOf<Glue>(freshGlue, module);
    said = instance.said;
    return instance.glue;
  };
  const around = {
    // What the panic hook says tells more than the trap that follows.
    post: (report: Report) => scope.postMessage(report.kind === 'failed' ? { ...report, message: said[0] ?? report.message } : report),
    later: (work: () => void) => void setTimeout(work),
    now: () => performance.now(),
  };
  labour =
    'bounds' in begin
      ? new Toil(begin, { ...around, open: (bounds) => new (glue().Everything)(bounds) })
      : new Labour(begin, { ...around, open: (ask) => new (glue().Explorer)(ask) });
};
