/** A late part that cannot be had, for a reason that helps whoever put the page there: that is told in place of a mere "once more". */

import { WORDS } from './words';

export class Absent extends Error {}

/** What is said of a part that did not come. */
export const absentText = (what: string, error: unknown): string => (error instanceof Absent ? error.message : WORDS.late(what));
