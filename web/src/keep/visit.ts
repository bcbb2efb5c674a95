/** Whether somebody is here for the first time. Where the browser remembers nothing, nobody can tell, and no hint returns again and again. */

import type { Storing } from './recent';

const KEY = 'raft-playground.visited';

/** Asks, and takes down that somebody was here. */
export function isFirstVisit(storing: Storing): boolean {
  try {
    const storage = storing();
    if (storage.getItem(KEY) !== null) return false;
    storage.setItem(KEY, '1');
    return storage.getItem(KEY) !== null;
  } catch {
    return false;
  }
}
