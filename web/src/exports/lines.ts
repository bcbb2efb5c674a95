/** The lines of a trace, a stretch of them at a time, put together to a file. */

/** What writes them: the next lines, of so many steps of the run at most; none once all are written. */
export interface Lines {
  lines(maxSteps: number): string | undefined;
}

/** More nobody would open; an hour of an idle cluster has a fifth of that. */
const BYTES_MAX = 200_000_000;
const STEPS_AT_ONCE = 4_000;

export class TraceTooLong extends Error {
  constructor(readonly megabytes: number) {
    super();
  }
}

/** All lines as one file. Between stretches `rest` lets the page be used. */
export async function fileOf(trace: Lines, rest: () => Promise<void>, bytesMax = BYTES_MAX): Promise<Blob> {
  const parts: Blob[] = [];
  let size = 0;
  for (let lines = trace.lines(STEPS_AT_ONCE); lines !== undefined; lines = trace.lines(STEPS_AT_ONCE)) {
    // What is a part of a file need not stay in the memory of the page.
    const part = new Blob([lines]);
    parts.push(part);
    size += part.size;
    if (size > bytesMax) throw new TraceTooLong(bytesMax / 1_000_000);
    await rest();
  }
  return new Blob(parts, { type: 'application/jsonl' });
}
