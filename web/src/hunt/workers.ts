/** The workers that search: made from the page's own script alone, each with an instance of a module that is compiled once. */

import workerAddress from 'worker:hunt/worker';
import wasmAddress from 'wasm-door-explore/wasm';
import { beside, compile } from '../door/compile';
import { trusted } from '../door/trusted';
import type { Hands } from './hunt';
import type { Begin, BeginAll, Report } from './orders';

/** More than this find little more, and each takes memory. */
const WORKERS_MAX = 8;

/** One processor is left to the page. */
export const workerCount = (): number => Math.max(1, Math.min(WORKERS_MAX, (navigator.hardwareConcurrency || 2) - 1));

/** Starts a worker of either kind. */
export type StartAny = (begin: Begin | BeginAll, heard: (report: Report) => void) => Hands;

/** Fetches and compiles the module that searches. */
export async function workersReady(): Promise<StartAny> {
  const module = await compile(wasmAddress);
  return (begin, heard) => {
    const worker = new Worker(trusted(beside(workerAddress)), { type: 'module' });
    worker.onmessage = ({ data }: MessageEvent<Report>) => heard(data);
    worker.onerror = (event) => {
      event.preventDefault();
      heard({ kind: 'failed', message: event.message || event.type });
    };
    worker.postMessage({ ...begin, module });
    return {
      tell: (order) => worker.postMessage(order),
      end: () => worker.terminate(),
    };
  };
}
