/** What is wrong with a link or a file that is opened. */

import { spoken } from '../texts';

/** `name` is the part of the address of a run: r, t or n. */
export const LINKS = spoken('links', {
  letters: (name: string, found: string, at: number) => `${name} holds ${found} at character ${at}; expected letters, digits, - and _`,
  empty: (name: string) => `${name} is empty; expected a run`,
  cutShort: (name: string) => `${name} ends in the middle of a byte; expected the whole link`,
  tooLong: (found: number, most: number) => `it has ${found} characters; expected at most ${most}`,
  unknown: (found: string) => `it says ${found}, which is unknown here; expected r, t and n`,
  twice: (name: string) => `it says ${name} twice; expected it once`,
  noRun: 'r, the run, is missing; expected the whole link',
  noTime: 't, the time, is missing; expected the whole link',
});

export const FILES = spoken('files', {
  tooLarge: (found: number, most: number) => `it has ${found} bytes; expected at most ${most}`,
  noJson: (why: string) => `it is no JSON: ${why}`,
  noObject: 'it is no object; expected a scenario, { "version": 1, … }',
});
