/** The texts of an element in somebody else's page: what is wrong with its attributes, and what it offers there. */

import { spoken } from '../texts';
import { plural } from './english';

export const EMBED = spoken('embed', {
  twoBeginnings: 'both src and scenario are given; expected one of them',
  noScene: (found: string, names: string) => `scenario is ${found}; expected the fragment of a link, or one of ${names}`,
  badLink: (why: string) => `scenario holds a link that cannot be opened: ${why}`,
  badFile: (address: string, why: string) => `src, ${address}, cannot be opened: ${why}`,
  milliseconds: (name: string, found: string, most: number) => `${name} is ${found}; expected milliseconds from 0 to ${most}`,
  range: (found: string) => `range is ${found}; expected the first and the last moment in milliseconds, such as 0 5000, or * for one of them`,
  pauses: (found: string, known: string) => `pause-on names ${found}; expected some of ${known}`,
  state: (found: string) => `state is ${found}; expected what getState() returned`,
  /** Of a host that does not have the file. */
  status: (status: number) => `the host answers with HTTP ${status}`,
});

/** The bars of a stage with little around it: in little room, and for a room full of people. */
export const BAR = spoken('bar', {
  remix: 'Open in the Playground',
  remixTells: 'opens this run at this moment on a page of its own, to go on from there',
  /** Which bookmark the presenter stands at. */
  none: 'No bookmark yet: B sets one, or the ribbon.',
  at: (name: string, at: number, all: number) => `${at} of ${all}: ${name}`,
  between: (all: number) => plural(all, 'bookmark', 'bookmarks'),
});
