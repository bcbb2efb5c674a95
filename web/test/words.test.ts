import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { sentence } from '../src/sentences';
import { DECIDED, REFUSED_FOR } from './samples';
import { entryText, membersText, sectionText, serverLabel, serverNames, speedText, timeText, WORDS } from '../src/words';

const decision = (server: number, section: string, event: object): ReturnType<typeof sentence> =>
  sentence({ number: 1, time_us: 0, kind: 'decision', server, section, event });

test('a sentence knows the entry that it is about', () => {
  const about = (event: object): unknown => decision(1, 'P§5.3', event).entry;
  assert.deepEqual(about({ kind: 'entries_appended', first: { index: 4, term: 2 }, count: 1 }), { index: 4, term: 2 });
  assert.deepEqual(about({ kind: 'commit_withheld', entry: { index: 3, term: 1 }, current_term: 2 }), { index: 3, term: 1 });
  assert.deepEqual(about({ kind: 'committed', from: 4, to: 6, reason: { because: 'leader_says', leader_commit: 6 } }), { index: 6, term: 0 });
  assert.deepEqual(about({ kind: 'follower_matches', follower: 2, match_index: 5 }), { index: 5, term: 0 });
  assert.equal(about({ kind: 'became_leader', term: 4, votes: { voters: { have: 3, needed: 3 } } }), null);
  assert.equal(about({ kind: 'follower_matches', follower: 2, match_index: 0 }), null);
});

test('times are grouped and keep one figure behind the point', () => {
  assert.equal(timeText(1_238_449), '1 238.4 ms');
  assert.equal(timeText(0), '0.0 ms');
  assert.equal(timeText(12_345_678_999), '12 345 679.0 ms');
});

test('speeds below one are fractions', () => {
  assert.equal(speedText(0.02), '1/50 ×');
  assert.equal(speedText(1), '1 ×');
  assert.equal(speedText(100), '100 ×');
  assert.equal(speedText(0.001), '1/1000 ×');
});

test('sections name the paper by default and the thesis by name', () => {
  assert.equal(sectionText('P§5.4.1'), '§5.4.1');
  assert.equal(sectionText('D§6.3'), 'thesis §6.3');
});

test('names of servers are listed as one would say them', () => {
  assert.equal(serverNames([3, 1, 2]), 'S1, S2 and S3');
  assert.equal(serverNames([4]), 'S4');
  assert.equal(serverNames([]), '');
});

test('a label tells who, what, which term and what is committed', () => {
  const server = { id: 3, up: true, role: 'leader', term: 4, commitIndex: 5, membership: 'voter' } as const;
  assert.equal(serverLabel(server), 'S3, leader, term 4, commit index 5');
  assert.equal(serverLabel({ ...server, paused: true }), 'S3, leader, paused, term 4, commit index 5');
  assert.equal(serverLabel({ ...server, up: false }), 'S3, crashed, term 4, commit index 5');
  assert.equal(serverLabel({ ...server, role: 'follower', membership: 'learner' }), 'S3, follower, learner, term 4, commit index 5');
  assert.equal(serverLabel({ ...server, membership: 'none' }), 'S3, leader, not a member, term 4, commit index 5');
});

test('decisions carry the values that decided, and their section', () => {
  const told = decision(4, 'P§5.4.1', { kind: 'vote_refused', candidate: 1, reason: { because: 'own_log_newer', candidate_last: { index: 2, term: 1 }, own_last: { index: 2, term: 3 } } });
  assert.equal(told.text, "S4 refuses its vote to S1: its own log (index 2, term 3) is more up-to-date than the candidate's (index 2, term 1).");
  assert.equal(told.section, '§5.4.1');
  assert.deepEqual(told.servers, [4, 1]);
  assert.equal(decision(3, 'P§5.2', { kind: 'became_leader', term: 4, votes: { voters: { have: 3, needed: 3 } } }).text, 'S3 becomes leader in term 4 with 3 votes; it needed 3.');
  assert.equal(
    decision(1, 'P§5.4.2', { kind: 'committed', from: 1, to: 3, reason: { because: 'quorum_holds', holders: { voters: { have: 3, needed: 3 } } } }).text,
    'S1 commits indexes 2 to 3: 3 servers hold them, 3 are needed.',
  );
});

test('every decision is told in a whole sentence, without holes', () => {
  const core = readFileSync('../raft-core/src/event.rs', 'utf8');
  const variants = [...(core.match(/pub enum Event \{.*?\n\}/s)?.[0] ?? '').matchAll(/^    ([A-Z]\w+)/gm)].map(([, name = '']) => name);
  const kinds = variants.map((name) => name.replace(/(?<=.)[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
  assert.deepEqual([...new Set(DECIDED.map((event) => event.kind))].sort(), kinds.sort(), 'all events of raft-core, and no others');
  for (const event of DECIDED) {
    const { text } = decision(1, 'P§5.3', event);
    assert.match(text, /^S1\b.*\.$/, event.kind);
    assert.doesNotMatch(text, /undefined|null|NaN|_|\[object/, `${event.kind}: ${text}`);
  }
});

test('refusals for the sake of a living leader say whom the voter holds on to', () => {
  const alive = { because: 'leader_alive', leader: 3, heard_us_ago: 12_400 };
  assert.equal(decision(1, 'D§4.2.3', { kind: 'pre_vote_refused', candidate: 2, reason: alive }).text, 'S1 would not vote for S2: it holds on to the leader, S3, heard from 12 ms ago.');
  assert.equal(decision(3, 'D§4.2.3', { kind: 'vote_refused', candidate: 2, reason: alive }).text, 'S3 pays no heed to the vote request of S2: it leads itself.');
  const older = { because: 'older_term', candidate_term: 2, current_term: 2 };
  assert.equal(decision(1, 'P§5.1', { kind: 'pre_vote_refused', candidate: 2, reason: older }).text, 'S1 would not vote for S2: term 2 is not newer than its own term 2.');
});

test('who steps down, and for whom or what, is told', () => {
  const told = decision(1, 'D§6.2', { kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'no_quorum', heard: { voters: { have: 2, needed: 3 } } } });
  assert.equal(told.text, 'S1, leader until now, becomes follower: it has heard from only 2 of the 3 servers it needs, counting itself.');
  assert.equal(told.section, 'thesis §6.2');
  assert.deepEqual(told.servers, [1]);
  const yields = decision(1, 'P§5.2', { kind: 'became_follower', from: 'pre_candidate', term: 3, reason: { because: 'leader_elected', leader: 2 } });
  assert.equal(yields.text, 'S1, pre-candidate until now, becomes follower: S2 leads term 3.');
  assert.deepEqual(yields.servers, [1, 2]);
});

test('while two majorities count, both are told', () => {
  const both = { voters: { have: 2, needed: 3 }, old: { have: 1, needed: 2 } };
  const told = (event: object): string => decision(1, 'P§6', event).text;
  assert.equal(told({ kind: 'vote_counted', from: 2, votes: both }), 'S1 counts the vote of S2: 2 of the 3 new and 1 of the 2 old voters it needs.');
  assert.equal(told({ kind: 'vote_counted', from: 2, votes: { voters: both.voters, old: null } }), 'S1 counts the vote of S2: 2 of the 3 it needs.');
  assert.equal(told({ kind: 'became_candidate', term: 2, votes: both }), 'S1 becomes candidate in term 2 and votes for itself; it needs 3 votes of the new voters and 2 of the old.');
  assert.equal(
    told({ kind: 'became_leader', term: 2, votes: { voters: { have: 3, needed: 3 }, old: { have: 2, needed: 2 } } }),
    'S1 becomes leader in term 2 with 3 votes of the new voters and 2 of the old; it needed 3 and 2.',
  );
  assert.equal(
    told({ kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'no_quorum', heard: both } }),
    'S1, leader until now, becomes follower: it has heard from only 2 of the 3 new and 1 of the 2 old voters it needs, counting itself.',
  );
  assert.equal(
    told({ kind: 'committed', from: 4, to: 5, reason: { because: 'quorum_holds', holders: { voters: { have: 3, needed: 3 }, old: { have: 2, needed: 2 } } } }),
    'S1 commits index 5: 3 servers of the new voters and 2 of the old hold it, 3 and 2 are needed.',
  );
  assert.equal(told({ kind: 'quorum_heard', heard: both }), 'S1 has heard from 2 servers of the new voters and 1 of the old, itself included, since it last looked; it needs 3 and 2.');
});

test('who counts from when on, and why, is told', () => {
  const told = (reason: string, more: object = {}): string =>
    decision(1, 'P§6', { kind: 'configuration_in_force', index: 5, members: { voters: 4, learners: 1 }, reason, ...more }).text;
  assert.equal(told('appended'), 'S1 goes by the configuration at index 5 from the moment it is in its log: 4 voters, and 1 learner.');
  assert.equal(
    told('appended', { members: { voters: 4, old: 3, learners: 0 } }),
    'S1 goes by the joint configuration at index 5 from the moment it is in its log: a majority of the 4 new voters and one of the 3 old voters count together.',
  );
  assert.equal(told('truncated', { index: 0 }), 'S1 goes back to the configuration that its log began with, as the one after it is removed from its log: 4 voters, and 1 learner.');
  const removed = decision(1, 'D§4.2.2', { kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'removed', index: 7 } });
  assert.equal(removed.text, 'S1, leader until now, becomes follower: the configuration without it, at index 7, is committed.');
  assert.equal(removed.section, 'thesis §4.2.2');
});

test('what a read must see, and for whom, is told', () => {
  const asked = decision(1, 'D§6.4', { kind: 'read_confirmed', asked_by: 3, read_index: 4, round: 7 });
  assert.equal(asked.text, 'S1 still led when round 7 began, for a majority has answered it: the read for S3 must see all up to index 4.');
  assert.deepEqual(asked.servers, [1, 3]);
  const own = decision(1, 'D§6.4', { kind: 'read_waits', asked_by: 1, read_index: null, round: 7 });
  assert.equal(own.text, 'S1 lets a read wait: until an entry of its own term is committed, it does not know what is.');
  assert.deepEqual(own.servers, [1]);
  assert.match(decision(2, 'D§6.4', { kind: 'read_index_learned', read: 1, read_index: 4, last_applied: 2 }).text, /index 4; it has applied up to 2, so the read waits\.$/);
});

test('why a message is refused is told with its values, and a reason that is unknown is named', () => {
  const why = (why: object): string => sentence({ number: 1, time_us: 0, kind: 'refused', server: 2, from: 1, why } as never).text;
  assert.equal(why({ kind: 'second_leader', known: 3, claims: 1 }), 'S2 refuses a message from S1: S1 claims to lead the term that S3 leads.');
  assert.equal(why({ kind: 'absurd_offset', offset: 9, at_most: 4 }), 'S2 refuses a message from S1: its part of a snapshot is at byte 9; at most 4 can be.');
  assert.equal(why({ kind: 'of_another_make' }), 'S2 refuses a message from S1: of another make.');
  for (const reason of REFUSED_FOR) {
    const text = why(reason);
    assert.doesNotMatch(text, /undefined|null|NaN|_|\[object/, text);
    assert.notEqual(text, `S2 refuses a message from S1: ${reason.kind.replaceAll('_', ' ')}.`);
  }
});

test('what the world does is told too, and unknown kinds are named', () => {
  const told = (record: object): string => sentence({ number: 1, time_us: 0, ...record } as never).text;
  assert.equal(told({ kind: 'sent', message: 1, from: 1, to: 2, name: 'RequestVote', term: 3 }), 'S1 sends RequestVote to S2 in term 3.');
  assert.equal(told({ kind: 'blocked', message: 1, from: 1, to: 2, name: 'RequestVote', term: 3, wall: 4 }), 'A message from S1 to S2 is stopped by wall 4.');
  assert.equal(told({ kind: 'lost', from: 1, to: 2, why: 'receiver_down' }), 'A message from S1 to S2 is lost: its receiver is down.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'partition', groups: [[1, 2], [3]] } }), 'You part the cluster: S1 and S2 | S3.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'transfer', server: 1, to: 3 } }), 'You ask S1 to hand its leadership over to S3.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'set_members', voters: [3, 1], learners: [2] } }), 'You ask the leader to change the members: S1 and S3 to vote, S2 to learn.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'set_members', voters: [1], server: 4 } }), 'You ask S4 to change the members: S1 to vote.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'leave_joint' } }), 'You ask the leader to leave joint consensus.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'compact', server: 2 } }), 'You let S2 take a snapshot.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'read', key: 'colour' } }), 'You ask the cluster for “colour”.');
  assert.equal(told({ kind: 'read_answered', server: 2, read: 1, key: 'x', value: '1', index: 5 }), 'S2 reads “x” as of index 5: “1”.');
  assert.equal(told({ kind: 'read_answered', server: 2, read: 1, key: 'x', value: null, index: 5 }), 'S2 reads “x” as of index 5: nothing was written to it.');
  assert.equal(told({ kind: 'read_failed', server: 2, read: 1, key: 'x', why: 'crashed' }), 'S2 does not answer the read of “x”: it crashed.');
  assert.equal(told({ kind: 'client_requested', client: 1, sequence: 1, server: 2, value: 'x?', reads: true }), 'Your client asks S2 for “x”.');
  assert.equal(told({ kind: 'client_requested', client: 1, sequence: 1, server: 2, value: 'why?', reads: false }), 'Your client asks S2 to write “why?”.');
  assert.equal(told({ kind: 'client_requested', client: 3, sequence: 1, server: 2, value: 'x+=a=b', reads: false }), 'Client 3 asks S2 to append “a=b” to “x”.');
  assert.equal(told({ kind: 'client_requested', client: 1, sequence: 1, server: 2, value: 'x=why?', reads: false }), 'Your client asks S2 to write “x=why?”.');
  assert.equal(told({ kind: 'client_answered', client: 1, sequence: 1, server: 2, value: null }), 'Your client has its answer from S2: what it asked for is done.');
  assert.equal(told({ kind: 'client_answered', client: 2, sequence: 1, server: 2, value: '7' }), 'Client 2 has its answer from S2: it read “7”.');
  assert.equal(
    told({ kind: 'client_gave_up', client: 2, sequence: 1, server: 2 }),
    'Client 2 goes on without an answer from S2: what it asked for may be done, or come to be done, or never.',
  );
  assert.equal(told({ kind: 'violated', property: 'linearizability' }), 'Linearizability is violated.');
  assert.equal(told({ kind: 'server_appeared', server: 6 }), 'S6 is there, with an empty disk. It is no member yet, and waits to be sent a log.');
  assert.equal(told({ kind: 'leadership_lost', server: 1, uncertain_from: 4, last: { index: 5, term: 2 } }), 'S1 no longer leads, and cannot say what becomes of indexes 4 to 5.');
  assert.equal(told({ kind: 'leadership_lost', server: 1, uncertain_from: 6, last: { index: 5, term: 2 } }), 'S1 no longer leads; all that it appended is committed.');
  assert.equal(told({ kind: 'change_abandoned', server: 1, learner: 6 }), 'S1 does not change the members: S6 did not get up to date.');
  assert.equal(told({ kind: 'snapshot_unreadable', server: 1, last_included: { index: 5, term: 2 } }), 'S1 cannot read the snapshot up to index 5, term 2, and goes on with an empty state.');
  assert.equal(told({ kind: 'violated', property: 'election_safety' }), 'Election Safety is violated.');
  assert.equal(told({ kind: 'something_new' }), 'something new.');
});

test('quiet events are those that only carry the story', () => {
  assert.equal(sentence({ number: 1, time_us: 0, kind: 'delivered', from: 1, to: 2 }).quiet, true);
  assert.equal(decision(1, 'P§5.2', { kind: 'became_leader', term: 1, votes: { voters: { have: 3, needed: 3 } } }).quiet, false);
  assert.equal(decision(1, 'D§6.2', { kind: 'quorum_heard', heard: { voters: { have: 3, needed: 3 } } }).quiet, true);
});

test('an entry tells its command, or who counts from it on', () => {
  const entry = { index: 5, term: 2, command: null, configuration: null };
  const members = { voters: [1, 2, 4], old_voters: null, learners: [], stays_joint: false };
  assert.equal(entryText({ ...entry, command: 'x=1' }), 'x=1');
  assert.equal(entryText(entry), 'no-op');
  assert.equal(entryText({ ...entry, configuration: members }), 'voters S1, S2 and S4');
  assert.equal(
    entryText({ ...entry, configuration: { ...members, old_voters: [1, 2, 3], learners: [3, 5] } }),
    'voters S1, S2 and S4, together with the old ones, S1, S2 and S3; learners S3 and S5',
  );
});

test('who is in the cluster is said by kind', () => {
  const kinds = ['voter', 'learner', 'none', 'old_voter', 'voter'] as const;
  assert.equal(membersText(kinds.map((membership, at) => ({ id: at + 1, membership }))), 'Voters: S1 and S5. Leaving: S4. Learners: S2.');
});

test('in joint consensus the two majorities are told', () => {
  assert.equal(WORDS.twoMajorities(3, 4), 'joint consensus: 2 of 3 old and 3 of 4 new voters needed');
});

test('roles have a letter each', () => {
  assert.equal(new Set(Object.values(WORDS.roleLetters)).size, 4);
});
