/** The texts of the time line, the branches and the reasons: fetched with them. */

import { timeText } from './words';

/** "412.3 ms", or "12 412.3 ms". */
export const PAST = {
  line: 'Time line',
  moment: 'Moment',
  of: (now: string, lived: string) => `${now} of ${lived} lived`,
  leads: (leader: number, term: number) => `S${leader} was the last to be elected, in term ${term}`,
  elected: (leader: number, term: number) => `S${leader} is elected in term ${term}`,
  committed: 'something is committed',
  violated: 'a property is broken',
  forked: 'this branch begins',
  goTo: 'Go to',
  goToAbout: 'elections, commits and what was done: to the one before or the next',
  branches: {
    head: 'Branches',
    about: 'What was done in the past began another branch. Each keeps what was lived of it.',
    name: (name: string) => `Name of ${name}`,
    here: 'you are here',
    go: 'Go there',
    goTo: (name: string) => `Go to ${name}`,
    from: (parent: string, us: number) => `from ${parent} at ${timeText(us)}`,
    first: 'the first run',
    lived: (us: number) => `lived to ${timeText(us)}`,
  },
  why: {
    head: 'Why?',
    back: 'All events',
    because: 'Because:',
    also: 'And earlier:',
    ends: { input: 'This was done by hand: the reasons end here.', other: 'The reasons end here: what came before is not needed to explain it.' },
    none: 'Up to this moment, nothing explains it: it has not happened.',
  },
} as const;
