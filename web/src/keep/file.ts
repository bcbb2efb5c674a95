/** Runs as files. */

import type { Scenario } from '../door/types';
import { FILES } from '../lang/en/links';

export const FILE_BYTES_MAX = 4_000_000;

/** What stands in a file, for the door to look at. Throws an error that says what is wrong with it. */
export async function readScenario(file: Pick<File, 'size' | 'text'>): Promise<Scenario> {
  if (file.size > FILE_BYTES_MAX) throw new RangeError(FILES.tooLarge(file.size, FILE_BYTES_MAX));
  let value: unknown;
  try {
    value = JSON.parse(await file.text());
  } catch (error) {
    throw new TypeError(FILES.noJson(error instanceof Error ? error.message : String(error)));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new TypeError(FILES.noObject);
  return value as Scenario;
}

/** A name that every system takes: the title's letters and digits, or the seed. */
export function fileName(title: string | undefined, seed: number, ending = 'json'): string {
  return `raft-${wordsOf(title) || `seed-${seed}`}.${ending}`;
}

/** A name for what was taken at a moment: `raft-seed-1-at-1250.5ms-stage.png`. */
export function momentName(title: string | undefined, seed: number, us: number, what: string, ending: string): string {
  const words = wordsOf(title);
  return `raft-${words ? `${words}-` : ''}seed-${seed}-at-${us / 1_000}ms-${what}.${ending}`;
}

const wordsOf = (title = ''): string | undefined => title.toLowerCase().match(/[\p{L}\p{N}]+/gu)?.join('-').slice(0, 48);

/** Hands a file to the person. */
export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  // The download has its own hold on what is behind the address.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
