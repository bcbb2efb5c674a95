// What the parts of the benchmark share: a page to measure on, what its main thread did, and rows to print.
import { execFileSync } from 'node:child_process';
import { loadavg } from 'node:os';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */
/** @typedef {{ name: string; ph: string; tid: number; pid: number; dur?: number; tdur?: number; args?: { data?: { type?: string } } }} TraceEvent */

/** @param {readonly number[]} numbers @param {number} share */
export function quantile(numbers, share) {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? NaN;
}

/** @param {number} value */
export const ms = (value) => value.toFixed(2);

/** A task of the main thread that takes longer is felt. */
export const LONG_MS = 50;

/**
 * A page as somebody has it who was here before: without the hint of the first steps.
 * @param {import('@playwright/test').Browser} browser
 * @param {string} address
 * @param {number} [density]
 * @param {number} [processors] how many it believes that its machine has, if not as many as it has
 */
export async function openPage(browser, address, density = 1, processors) {
  const context = await browser.newContext({ serviceWorkers: 'block', viewport: { width: 1280, height: 800 }, deviceScaleFactor: density });
  await context.addInitScript(() => localStorage.setItem('raft-playground.visited', '1'));
  if (processors) await context.addInitScript((count) => Object.defineProperty(navigator, 'hardwareConcurrency', { get: () => count }), processors);
  const page = await context.newPage();
  await page.goto(address);
  const host = page.locator('raft-playground');
  await host.evaluate((element) => /** @type {RaftPlayground} */ (element).ready);
  const cdp = await context.newCDPSession(page);
  return { context, page, host, cdp };
}

/**
 * What the page's main thread does meanwhile, in milliseconds of its own time: how long each animation frame's script takes,
 * how long each scroll event, and how long each task. Other programs on the machine do not count.
 * @param {import('@playwright/test').CDPSession} cdp
 * @param {() => Promise<unknown>} work
 */
export async function traced(cdp, work) {
  /** @type {TraceEvent[]} */
  const events = [];
  const collect = (/** @type {{ value: object[] }} */ { value }) => void events.push(.../** @type {TraceEvent[]} */ (value));
  cdp.on('Tracing.dataCollected', collect);
  await cdp.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: ['devtools.timeline', 'toplevel'] } });
  await work();
  const complete = new Promise((done) => cdp.once('Tracing.tracingComplete', done));
  await cdp.send('Tracing.end');
  await complete;
  cdp.off('Tracing.dataCollected', collect);
  const own = (/** @type {TraceEvent} */ { tdur = 0 }) => tdur / 1000;
  const frames = events.filter(({ name }) => name === 'FireAnimationFrame');
  const threads = new Set(frames.map(({ pid, tid }) => `${pid} ${tid}`));
  const tasks = events.filter(({ name, pid, tid }) => name === 'ThreadControllerImpl::RunTask' && threads.has(`${pid} ${tid}`)).map(own);
  return {
    frames: frames.map(own),
    scrolls: events.filter(({ name, args }) => name === 'EventDispatch' && args?.data?.type === 'scroll').map(own),
    tasks,
    long: tasks.filter((time) => time > LONG_MS).length,
  };
}

/** Bytes of all memories of wasm that the page has. @param {import('@playwright/test').CDPSession} cdp */
export async function wasmBytes(cdp) {
  const { result } = await cdp.send('Runtime.evaluate', { expression: 'WebAssembly.Memory.prototype' });
  const { objects } = await cdp.send('Runtime.queryObjects', { prototypeObjectId: result.objectId ?? '' });
  const sum = 'function () { let bytes = 0; for (const memory of this) bytes += memory.buffer.byteLength; return bytes; }';
  const { result: bytes } = await cdp.send('Runtime.callFunctionOn', { objectId: objects.objectId ?? '', functionDeclaration: sum, returnByValue: true });
  return Number(bytes.value);
}

/** Bytes of the page's own heap, after a collection. @param {import('@playwright/test').CDPSession} cdp */
export async function heapBytes(cdp) {
  await cdp.send('HeapProfiler.collectGarbage');
  const { usedSize } = await cdp.send('Runtime.getHeapUsage');
  return usedSize;
}

/** @param {readonly (readonly [string, string])[]} columns */
export function table(columns) {
  const head = `| ${columns.map(([name]) => name).join(' | ')} |`;
  console.log(`${head}\n| ${columns.map(([, align]) => (align === 'right' ? '---:' : '---')).join(' | ')} |`);
}

/** @param {readonly (string | number)[]} cells */
export const row = (cells) => console.log(`| ${cells.join(' | ')} |`);

/** On which machine this was measured. */
export function machine() {
  const version = execFileSync('uname', ['-sm']).toString().trim();
  return `${version}, load ${loadavg().map((load) => load.toFixed(1)).join(' ')}`;
}
