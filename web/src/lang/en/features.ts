/** The texts of the switches and sizes that are no rules of Raft: fetched with them. */

import { spoken } from '../texts';

export const FEATURES = spoken('features', {
  anew: 'Each switch and each size starts the run anew, with the same seed.',
  switches: {
    noop_on_election: {
      name: 'No-op at election',
      tells: 'A new leader begins its term with an entry that carries nothing: with it, what earlier terms left is committed too. Without it, that waits for the next value.',
      section: 'P§8',
    },
    sessions: {
      name: 'Sessions',
      tells: 'The state machine passes over what it has applied before: a value that a client sends twice, as no answer came, is written once.',
      section: 'P§8',
    },
  },
  sizes: {
    head: 'Times and sizes',
    bytes: 'bytes',
    election_timeout_us_min: {
      name: 'Election timeout, shortest',
      tells: 'Each server draws one from this range, again and again. The paper takes 150 to 300 ms; it should be many times as long as a broadcast.',
      section: 'P§5.6',
    },
    election_timeout_us_max: {
      name: 'Election timeout, longest',
      tells: 'The wider the range, the rarer two stand at once and split the vote. Equal to the shortest: they split it for very long.',
      section: 'P§9.3',
    },
    heartbeat_us: {
      name: 'Heartbeat every',
      tells: 'So often a leader shows that it is alive; in the paper’s experiments half of the shortest election timeout.',
      section: 'P§9.3',
    },
    entries_per_append_max: { name: 'Entries in one append, at most', tells: 'The leader gathers so many into one message.', section: 'P§5.3' },
    entries_in_flight_max: { name: 'Entries on their way to a follower, at most', tells: 'The leader sends on without waiting for answers until so many are unacknowledged.', section: 'D§10.2.2' },
    snapshot_chunk_bytes: { name: 'Part of a snapshot, at most', tells: 'A snapshot that is longer is sent in parts.', section: 'P§7' },
    clock_drift_ppm_max: { name: 'Clocks may drift apart by', tells: 'Lease reads allow for as much; a clock that is set to run faster than that can make them stale.', section: 'D§6.4.1' },
    clients: { name: 'Clients', tells: 'So many write in the background, each one thing at a time.', section: '' },
  },
});
