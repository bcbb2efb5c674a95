import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FLOW, SERVER } from '../src/door/layout';
import type { EventRecord, ServerState } from '../src/door/types';
import { ServerItem } from '../src/stage/scene';
import { sectionsOf } from '../src/state/fields';
import { leaseOf } from '../src/state/lease';
import { ofFrame, type StateView } from '../src/state/read';
import { DEFINITIONS, STATE } from '../src/lang/en/state';
import { frameOf } from './frames';

const MORE: ServerState = {
  id: 1, up: true, paused: false, step_ms: 0, backlog: 0, clock: { rate_ppm: 1_000_000, shows_ms: 12.5 }, disk: { ms_min: 2, ms_max: 6, lies: false },
  role: 'follower', current_term: 3, voted_for: 2, leader: 2, commit_index: 4, last_applied: 3, durable_index: 5, election_timer: null,
  votes: { granted: [], refused: [], needed: 0 }, log: [], next_index: null, match_index: null, flow: null, configuration: null, snapshot: null, store: { x: '1' }, x: 0, y: 0,
};

function view(server: Partial<ServerItem>, more: Partial<StateView> = {}): StateView {
  const item = Object.assign(new ServerItem(), { id: 1, term: 3, votedFor: 2, commitIndex: 4, lastApplied: 3, lastIndex: 6, durableIndex: 5, leader: 2 }, server);
  return { server: item, counting: { voters: [1, 2, 3], oldVoters: [], learners: [] }, followers: [], snapshotBytes: 0, entries: [{ index: 6, term: 3, command: 'x=1', configuration: null }], more: MORE, ...more };
}

/** The values by heading and term. */
const listed = (of: StateView): Record<string, Record<string, string>> =>
  Object.fromEntries(sectionsOf(of).map(({ head, fields, note }) => [head, { ...Object.fromEntries(fields.map(({ term, value }) => [term, value])), ...(note ? { note } : {}) }]));
const { persistent, volatile, leaders, besides } = STATE.heads;

test('a follower has Figure 2’s fields under its headings', () => {
  const of = listed(view({}));
  assert.deepEqual(of[persistent], { currentTerm: '3', votedFor: 'S2', log: 'indexes 1 to 6; the last has term 3', durable: 'index 5; 1 entry is on the way there' });
  assert.deepEqual(of[volatile], { commitIndex: '4', lastApplied: '3' });
  assert.deepEqual(of[leaders], { note: STATE.onlyLeaders });
  assert.equal(of[besides]?.['leader'], 'S2');
  assert.equal(of[besides]?.['store'], 'x = 1');
  assert.equal(of[besides]?.['voters'], 'S1, S2 and S3; 2 of 3 needed');
  assert.equal(of[besides]?.['clock'], 'shows 12.5 ms; as fast as time');
  assert.equal(of[besides]?.['pace'], undefined);
});

test('a crashed server has lost what is volatile, and has no role', () => {
  const of = listed(view({ up: false }));
  assert.deepEqual(of[volatile], { note: STATE.lost });
  assert.deepEqual(Object.keys(of[besides] ?? {}), ['member', 'disk', 'clock']);
});

test('in joint consensus it is said who counts in which majority', () => {
  const of = listed(view({}, { counting: { voters: [1, 4], oldVoters: [1, 2, 3], learners: [5] } }));
  assert.equal(of[besides]?.['newVoters'], 'S1 and S4; 2 of 2 needed');
  assert.equal(of[besides]?.['oldVoters'], 'S1, S2 and S3; 2 of 3 needed');
  assert.equal(of[besides]?.['learners'], 'S5');
  assert.equal(of[besides]?.['voters'], undefined);
});

test('a candidate has its votes, a leader no timer and nobody to follow', () => {
  const votes = Uint8Array.from([2, 1, 0, 2, 0]);
  const candidate = listed(view({ role: 'candidate', votes, votesNeeded: 3, timer: 0.5, timerLeftUs: 80_000, timerTotalUs: 160_000 }))[besides];
  assert.equal(candidate?.['votes'], 'S1 and S4; 3 needed');
  assert.equal(candidate?.['timer'], '80.0 ms of 160.0 ms left');
  assert.equal(listed(view({ role: 'pre_candidate', votes, votesNeeded: 3, oldNeeded: 2 }))[besides]?.['preVotes'], 'S1 and S4; 3 of the new voters and 2 of the old needed');
  const leader = listed(view({ role: 'leader' }, { followers: [{ id: 2, next: 7, match: 6, flow: 'replicate', onTheWay: 0 }] }));
  assert.deepEqual([leader[besides]?.['leader'], leader[besides]?.['timer'], leader[leaders]], [undefined, undefined, {}]);
  assert.deepEqual(listed(view({ role: 'leader' }))[leaders], { note: STATE.alone });
});

test('a snapshot, a bad disk, a skewed clock and a slow server are told', () => {
  const more = { ...MORE, disk: { ms_min: 5, ms_max: 5, lies: true }, clock: { rate_ppm: 1_500_000, shows_ms: 3 }, step_ms: 5, backlog: 2, snapshot: { index: 4, term: 2, bytes: 90 } };
  const of = listed(view({ snapshotIndex: 4, paused: true }, { more, snapshotBytes: 90 }));
  assert.equal(of[persistent]?.['snapshot'], 'lastIncludedIndex 4, lastIncludedTerm 2; 90 bytes');
  assert.equal(of[persistent]?.['log'], 'indexes 5 to 6; the last has term 3');
  assert.equal(of[besides]?.['disk'], 'a save takes 5 ms; it says too early that it is done');
  assert.equal(of[besides]?.['clock'], 'shows 3 ms; 150 % as fast as time');
  assert.equal(of[besides]?.['pace'], 'paused: what comes waits; 5 ms for each thing that it handles; 2 things wait');
});

test('every term is defined, shortly, and nearly all name their section', () => {
  for (const term of Object.keys(STATE.names)) {
    const [text, section] = DEFINITIONS[term as keyof typeof DEFINITIONS];
    assert.ok(text.length > 20 && text.length < 170, `${term}: ${text.length} characters`);
    assert.match(section, term === 'pace' ? /^$/ : /^[PD]§\d/, term);
  }
});

test('a frame tells who counts for a server, and what a leader knows of each other member', () => {
  const servers = Array.from({ length: 40 }, () => ({}));
  const frame = frameOf({
    servers: [{ votersLo: 0b111, votersHi: 0b1000_0000, oldVotersLo: 0b1, learnersLo: 0b1_0000, snapshotBytes: 70 }, ...servers.slice(1)],
    followers: [
      { leader: 1, follower: 3, nextIndex: 5, matchIndex: 4, flow: FLOW.replicate, onTheWay: 2 },
      { leader: 2, follower: 1, nextIndex: 9, matchIndex: 9, flow: FLOW.probe },
      { leader: 1, follower: 2, nextIndex: 1, matchIndex: 0, flow: FLOW.snapshot },
    ],
  });
  assert.equal(SERVER.votersHi, SERVER.votersLo + 1, 'a set has two lanes');
  assert.deepEqual(ofFrame(frame, 1), {
    counting: { voters: [1, 2, 3, 40], oldVoters: [1], learners: [5] },
    followers: [
      { id: 2, next: 1, match: 0, flow: 'snapshot', onTheWay: 0 },
      { id: 3, next: 5, match: 4, flow: 'replicate', onTheWay: 2 },
    ],
    snapshotBytes: 70,
  });
});

test('a leader’s lease is told as of its last read, by the leader’s own clock; other servers have none', () => {
  const lease = (leaseUntilUs: number | null | undefined): string | undefined => listed(view({ role: 'leader' }, leaseUntilUs === undefined ? {} : { leaseUntilUs }))[besides]?.['lease'];
  assert.equal(lease(undefined), undefined);
  assert.equal(lease(null), STATE.lease.unknown);
  assert.equal(lease(20_000), 'until 20.0 ms by its own clock, as of its last read: 7.5 ms from now');
  assert.equal(lease(12_500), 'until 12.5 ms by its own clock, as of its last read: that is past');
});

test('the last read on a lease is found in what was told, and forgotten with an election, in the past and on another branch', () => {
  const decides = (number: number, server: number, kind: string, more = {}): EventRecord => ({ number, time_us: number, kind: 'decision', server, event: { kind, ...more } });
  const records = [decides(1, 2, 'became_leader'), decides(2, 2, 'read_by_lease', { lease_until: 150 }), decides(3, 3, 'read_by_lease', { lease_until: 900 }), decides(4, 2, 'read_by_lease', { lease_until: 225 }), decides(5, 2, 'became_leader')];
  let asked = 0;
  const run = {
    branch: 1,
    eventCount: 3,
    events(after: number, max: number) {
      asked += max;
      return records.filter(({ number }) => number > after && number <= after + max);
    },
  };
  const at = (count: number, branch = 1): number | null => {
    Object.assign(run, { eventCount: count, branch });
    return leaseOf(run, 2);
  };
  assert.deepEqual([at(1), at(3), at(4), at(5), at(3)], [null, 150, 225, null, 150]);
  asked = 0;
  assert.deepEqual([at(3), at(3), asked], [150, 150, 0], 'what is known is not asked for again');
  records[1] = decides(2, 2, 'became_follower');
  assert.deepEqual([at(3, 2), leaseOf(run, 3)], [null, 900]);
});
