/** The texts of the grid of logs, which comes with it. */

import { spoken } from '../texts';

export const LOGS = spoken('logs', {
  name: 'Logs',
  kind: 'grid of logs',
  server: 'server',
  latest: 'Latest',
  latestAbout: 'show the end of the logs, and follow it',
  empty: 'No log holds an entry yet.',
  whyCommitted: 'Why is it committed?',
  cell: {
    entry: (index: number, term: number, what: string) => `index ${index}, term ${term}: ${what}`,
    none: (index: number) => `index ${index}: no entry`,
    uncommitted: 'not committed, as far as this server knows',
    committed: 'committed',
    applied: 'committed and applied',
    unsaved: 'not on its disk yet',
    match: (leader: number) => `matchIndex: the last that S${leader} knows to agree with its own`,
    next: (leader: number) => `nextIndex: what S${leader} sends next`,
    broken: 'shows what is broken',
  },
  row: {
    paused: 'paused',
    crashed: 'down',
    /** A follower is called nothing. */
    roles: { pre_candidate: 'pre-vote', candidate: 'candidate', leader: 'leader' },
    knows: (term: number, commit: number, applied: number) => `currentTerm ${term}, commitIndex ${commit}, lastApplied ${applied}`,
    disk: (term: number) => `down: what its disk holds, currentTerm ${term}`,
    behind: (last: number) => `its last entry has index ${last}, further to the left`,
    snapshot: (index: number) => `a snapshot stands for all up to index ${index}`,
    known: (leader: number, match: number, next: number) => `as S${leader} knows it: matchIndex ${match}, nextIndex ${next}`,
  },
  told: {
    entry: (index: number, term: number, what: string) => `Index ${index}, term ${term}: ${what}.`,
    gone: (index: number) => `Index ${index}: no log holds it as an entry.`,
    held: (holding: number, all: number, names: string) => `In ${holding} of ${all} logs: ${names}.`,
    within: (names: string) => `Within the snapshot of ${names}.`,
    unsaved: (names: string) => `Not on the disk of ${names} yet.`,
    committed: (names: string) => `Known to be committed by ${names}.`,
    uncommitted: 'No running server knows it to be committed.',
  },
  solid: 'solid: committed',
  dashed: 'dashed: not yet',
  colour: 'number and colour: term',
  more: 'all marks',
  marks: {
    unsaved: 'open below: not on disk yet',
    'no-op': 'folded corner: a new leader’s no-op',
    members: 'three dots: a configuration',
    snapshot: 'band: a snapshot in their place',
    commit: 'commitIndex',
    applied: 'lastApplied',
    match: 'matchIndex, as the leader knows it',
    next: 'nextIndex',
  },
});
