/** A second stage beside the page's own, and two branches of a run on the two. */

import { timeText } from '../../words';
import { spoken } from '../texts';

export const TWIN = spoken('twin', {
  close: 'Close the second stage',
  nobody: 'Nobody leads',
  leads: (server: number, term: number) => `S${server} leads term ${term}`,
  broken: (property: string) => `${property} is broken`,
  branches: {
    name: (name: string) => `${name}, in step with the branch on the page`,
    opened: (one: string, other: string) => `What you do is done to “${one}”; “${other}” keeps step. ≠ marks servers that differ.`,
    swap: 'Swap',
    swapTells: 'go over to the other branch: what you do is done to the first of the two',
    first: 'First difference:',
    /** Where the other one's first difference was done by hand. */
    notDone: 'Not done here. Instead:',
    goTo: (name: string, us: number) => `Go to the first difference of ${name}, at ${timeText(us)}`,
    nothing: 'nothing further happens here.',
    alike: (us: number) => `No event differs up to ${timeText(us)}.`,
    now: (servers: string) => `≠ Not the same at this moment: ${servers}`,
    servers: (names: string, aspects: string) => `${names}: ${aspects}`,
    same: 'At this moment all servers are the same.',
  },
});
