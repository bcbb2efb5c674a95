/** The texts of an element in somebody else's page: what is wrong with its attributes, and what it offers there. */

import { spoken } from '../texts';

export const EMBED = spoken('embed', {
  twoBeginnings: 'both src and scenario are given; expected one of them',
  noScene: (found: string, names: string) => `scenario is ${found}; expected the fragment of a link, or one of ${names}`,
  badLink: (why: string) => `scenario holds a link that cannot be opened: ${why}`,
  badFile: (address: string, why: string) => `src, ${address}, cannot be opened: ${why}`,
  status: (status: number) => `the host answers with HTTP ${status}`,
});
