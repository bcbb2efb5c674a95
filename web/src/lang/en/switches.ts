/** The texts of the switches under Rules, and of the card that tells of a violation: both come when there is something to show. */

import { spoken } from '../texts';

export const SWITCHES = spoken('switches', {
  list: {
    pre_vote: {
      tells: 'Before it enters a new term, a server asks whether it could win it. One that comes back from behind a wall then deposes nobody.',
      section: 'D§9.6',
    },
    check_quorum: {
      tells: 'A leader that does not hear from a majority steps down, and servers that hear from a leader hold on to it.',
      section: 'D§6.2',
    },
    lease_reads: {
      tells: 'A leader answers reads without asking anyone as long as nobody else can have been elected: for the shortest election timeout after a heartbeat that a majority answered. To act within that by hand, make the timeouts below longer.',
      section: 'D§6.4.1',
    },
    eager_commit: {
      tells: 'Followers are told at once what is committed, not with the next heartbeat.',
      section: 'P§5.3',
    },
  },
  leaseNeeds: 'Switch CheckQuorum on first: a lease rests on servers that hold on to their leader.',
  snapshots: ['Snapshot every', 'entries'],
  snapshotsTell: 'A server that has applied so many since its last snapshot takes another, and drops the log up to there; 0: only when told to.',
  snapshotsSection: 'P§7',
  must: 'What Raft must do',
  mustTell: 'Switch a rule off to see what it guards against: the properties of Figure 3, and what they rest on, are checked all the while.',
  without: (what: string) => `Otherwise: ${what}`,
});

export const VIOLATION = spoken('violation', {
  broken: (says: string) => `What should hold: ${says}`,
  servers: 'Servers',
  indexes: 'Index',
  terms: 'Term',
  note: 'Time has stopped. Reset starts anew.',
  copy: 'Copy the run',
  evidence: 'What shows it',
});
