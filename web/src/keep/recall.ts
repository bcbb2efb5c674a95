/** Reads what recent.ts keeps, once somebody asks for it. */

import { toBytes } from './fragment';
import { KEY, type Kept, type Storing, stored } from './recent';

const isNumber = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0;

/** What was written, as far as it is to be believed: whatever else runs on this host may have written it. */
export const recall = (storing: Storing): Kept[] => stored(storing).flatMap(keptOf);

function keptOf(value: unknown): Kept[] {
  try {
    const { run, when, title, seed, servers, time_us, events } = value as Record<string, unknown>;
    if (typeof run !== 'string' || typeof title !== 'string' || ![when, seed, servers, time_us, events ?? 0].every(isNumber)) return [];
    return [{ bytes: toBytes('run', run), when, title, seed, servers, time_us, ...(events === undefined ? {} : { events }) } as Kept];
  } catch {
    return [];
  }
}

export function forgetAll(storing: Storing): void {
  try {
    storing().removeItem(KEY);
  } catch {
    // Refused: then there is nothing.
  }
}
