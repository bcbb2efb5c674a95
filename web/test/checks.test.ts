import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { countText, type Facts, PROPERTY_NOTES, type Standing, standings, verdict } from '../src/checks/standings';
import { PROPERTIES } from '../src/lang/en/properties';

const server = { term: 0, lastIndex: 0, commitIndex: 0, snapshotIndex: 0, role: 'follower' };
const clients = { asked: 0, answered: 0, unknown: 0, undecided: 0, undecided_since_us: null };
const begun: Facts = { servers: [server, server], elections: 0, begunWithState: false, done: new Set(), clientsRead: false, clients, rulesOff: [], broken: '' };
const of = (facts: Facts, standing: Standing): string[] => standings(facts).flatMap((one) => (one.standing === standing ? one.property : []));

test('every property has the section that raft-sim gives it, and says what it takes', () => {
  const source = readFileSync('../raft-sim/src/checkers/property.rs', 'utf8');
  const sections = [...source.matchAll(/^ {4}\w+ = "[^"]+", "([^"]+)";$/gm)].map(([, section]) => section);
  assert.deepEqual(Object.keys(PROPERTY_NOTES), Object.keys(PROPERTIES.list));
  assert.deepEqual(Object.values(PROPERTY_NOTES).map(([section]) => section), sections);
});

test('before anything has happened there is nothing to check, and each property says what it takes', () => {
  assert.equal(of(begun, 'open').length, Object.keys(PROPERTIES.list).length);
  for (const { note } of standings(begun)) assert.match(note, /^It takes .+\.$/);
});

test('a leader with a committed entry leaves open what takes another leader, clients, reads or members', () => {
  const leads = { ...server, term: 1, lastIndex: 1, commitIndex: 1, role: 'leader' };
  const facts = { ...begun, servers: [leads, server], elections: 1 };
  assert.deepEqual(of(facts, 'open'), ['leader_completeness', 'acknowledged_writes_survive', 'membership_safety', 'linearizable_reads', 'linearizability']);
  assert.ok(!of({ ...facts, elections: 2 }, 'open').includes('leader_completeness'));
  assert.ok(!of({ ...facts, done: new Set(['set_members']) }, 'open').includes('membership_safety'));
  const answered = { ...facts, clients: { ...clients, asked: 2, answered: 1 } };
  assert.deepEqual(of(answered, 'open'), ['leader_completeness', 'membership_safety', 'linearizable_reads']);
  assert.ok(!of({ ...answered, done: new Set(['read']) }, 'open').includes('linearizable_reads'));
  assert.ok(!of({ ...answered, clientsRead: true }, 'open').includes('linearizable_reads'));
});

test('a run that begins in the middle may have had its elections before', () => {
  const holds = { ...server, term: 3, lastIndex: 4, commitIndex: 2 };
  const facts = { ...begun, servers: [holds], begunWithState: true };
  assert.deepEqual(of(facts, 'open'), ['acknowledged_writes_survive', 'linearizable_reads', 'linearizability']);
});

test('a property that is not looked at is not said to hold', () => {
  const facts = { ...begun, servers: [{ ...server, commitIndex: 3 }], rulesOff: ['commit_only_own_term_by_count'] };
  assert.deepEqual(of(facts, 'off'), ['own_term_commit']);
});

test('what is broken is told first', () => {
  const checked = standings({ ...begun, broken: 'Election Safety' });
  assert.deepEqual(checked.filter(({ standing }) => standing === 'broken').map(({ name }) => name), ['Election Safety']);
  assert.equal(countText(checked), '1 broken · 15 have nothing to check yet');
});

test('the verdict on clients claims nothing that is not known', () => {
  const kind = (more: object, broken = false): string => verdict({ ...clients, ...more }, broken).kind;
  assert.equal(kind({}), 'none');
  assert.equal(kind({ asked: 3 }), 'none');
  assert.equal(kind({ asked: 3, answered: 2 }), 'holds');
  assert.equal(kind({ asked: 3, answered: 2, undecided: 1, undecided_since_us: 5_000 }), 'undecided');
  assert.equal(kind({ asked: 3, answered: 2, undecided: 1 }, true), 'broken');
  assert.match(verdict({ ...clients, asked: 9, answered: 9, undecided: 2, undecided_since_us: 5_000 }, false).text, /since 5\.0 ms.*2 times.*neither a violation nor a proof/);
});
