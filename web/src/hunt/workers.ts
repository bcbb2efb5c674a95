/** The workers that search: made from the page's own script alone, each with an instance of a module that is compiled once. */

import workerAddress from 'worker:hunt/worker';
import wasmAddress from 'wasm-door-explore/wasm';
import { beside, compile } from '../door/compile';
import type { Start } from './hunt';
import type { Report } from './orders';

/** More than this find little more, and each takes memory. */
const WORKERS_MAX = 8;

/** One processor is left to the page. */
export const workerCount = (): number => Math.max(1, Math.min(WORKERS_MAX, (navigator.hardwareConcurrency || 2) - 1));

/** Where the browser holds scripts to Trusted Types, an address of a script is text until a policy vouches for it. */
interface TrustedTypes {
  createPolicy(name: string, rules: { createScriptURL(address: string): string }): { createScriptURL(address: string): string };
}

let trusted: string | undefined;

/** The address of the worker's script, and of no other. */
function trustedScript(): string {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  const script = beside(workerAddress).href;
  trusted ??= trustedTypes ? trustedTypes.createPolicy('raft-playground-worker', { createScriptURL: () => script }).createScriptURL(script) : script;
  return trusted;
}

/** Fetches and compiles the module that searches. */
export async function workersReady(): Promise<Start> {
  const module = await compile(wasmAddress);
  return (begin, heard) => {
    const worker = new Worker(trustedScript(), { type: 'module' });
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
