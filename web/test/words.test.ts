import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sentence } from '../src/sentences';
import { sectionText, serverLabel, serverNames, speedText, timeText, WORDS } from '../src/words';

const decision = (server: number, section: string, event: object): ReturnType<typeof sentence> =>
  sentence({ number: 1, time_us: 0, kind: 'decision', server, section, event });

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
  const server = { id: 3, up: true, role: 'leader', term: 4, commitIndex: 5 } as const;
  assert.equal(serverLabel(server), 'S3, leader, term 4, commit index 5');
  assert.equal(serverLabel({ ...server, up: false }), 'S3, crashed, term 4, commit index 5');
});

test('decisions carry the values that decided, and their section', () => {
  const told = decision(4, 'P§5.4.1', { kind: 'vote_refused', candidate: 1, reason: { because: 'own_log_newer', candidate_last: { index: 2, term: 1 }, own_last: { index: 2, term: 3 } } });
  assert.equal(told.text, "S4 refuses its vote to S1: its own log (index 2, term 3) is more up-to-date than the candidate's (index 2, term 1).");
  assert.equal(told.section, '§5.4.1');
  assert.deepEqual(told.servers, [4, 1]);
  assert.equal(decision(3, 'P§5.2', { kind: 'became_leader', term: 4, votes: 3, votes_needed: 3 }).text, 'S3 becomes leader in term 4 with 3 votes; it needed 3.');
  assert.equal(
    decision(1, 'P§5.4.2', { kind: 'committed', from: 1, to: 3, reason: { because: 'quorum_holds', holders: 3, needed: 3 } }).text,
    'S1 commits indexes 2 to 3: 3 servers hold them, 3 are needed.',
  );
});

test('every decision is told in a whole sentence, without holes', () => {
  const id = { index: 2, term: 1 };
  const events = [
    { kind: 'timer_reset', deadline: 9, reason: { because: 'heard_from_leader', leader: 2 } },
    { kind: 'election_timed_out', waited_us: 187_400, forced: false },
    { kind: 'election_timed_out', waited_us: 1, forced: true },
    { kind: 'election_not_started', reason: { kind: 'not_a_voter' } },
    { kind: 'became_candidate', term: 2, votes_needed: 3 },
    { kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'higher_term', seen_from: 2 } },
    { kind: 'became_follower', from: 'candidate', term: 3, reason: { because: 'leader_elected', leader: 2 } },
    { kind: 'became_follower', from: 'pre_candidate', term: 3, reason: { because: 'leader_elected', leader: 2 } },
    { kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'no_quorum', heard: 2, needed: 3 } },
    { kind: 'became_pre_candidate', next_term: 2, votes_needed: 3 },
    { kind: 'pre_vote_granted', candidate: 2, next_term: 2, candidate_last: id, own_last: id },
    { kind: 'pre_vote_refused', candidate: 2, reason: { because: 'older_term', candidate_term: 2, current_term: 2 } },
    { kind: 'pre_vote_refused', candidate: 2, reason: { because: 'leader_alive', leader: 3, heard_us_ago: 12_000 } },
    { kind: 'pre_vote_refused', candidate: 2, reason: { because: 'own_log_newer', candidate_last: id, own_last: id } },
    { kind: 'vote_refused', candidate: 2, reason: { because: 'leader_alive', leader: 1, heard_us_ago: 0 } },
    { kind: 'told_to_time_out', leader: 2 },
    { kind: 'transfer_started', to: 2 },
    { kind: 'transfer_ready', to: 2, match_index: 3 },
    { kind: 'transfer_aborted', to: 2 },
    { kind: 'quorum_heard', heard: 4, needed: 3 },
    { kind: 'term_adopted', from: 1, to: 2, because_of: 3 },
    { kind: 'vote_granted', candidate: 2, candidate_last: id, own_last: { index: 0, term: 0 }, again: false },
    { kind: 'vote_granted', candidate: 2, candidate_last: id, own_last: id, again: true },
    { kind: 'vote_refused', candidate: 2, reason: { because: 'older_term', candidate_term: 1, current_term: 2 } },
    { kind: 'vote_refused', candidate: 2, reason: { because: 'already_voted', voted_for: 3 } },
    { kind: 'vote_counted', from: 1, votes: 1, votes_needed: 3 },
    { kind: 'pre_vote_counted', from: 1, votes: 1, votes_needed: 3 },
    { kind: 'pre_vote_denied', from: 2 },
    { kind: 'vote_denied', from: 2 },
    { kind: 'reply_ignored', from: 2, reason: { because: 'older_term', reply_term: 1, current_term: 2 } },
    { kind: 'entry_appended', entry: id },
    { kind: 'append_accepted', leader: 2, prev: { index: 0, term: 0 }, carried: 1, appended: 1, match_index: 1 },
    { kind: 'append_accepted', leader: 2, prev: id, carried: 1, appended: 0, match_index: 1 },
    { kind: 'entries_removed', first: id, last: 4, leaders_term: 3 },
    { kind: 'append_refused', leader: 2, reason: { because: 'log_too_short', prev: id, last_index: 1 } },
    { kind: 'append_refused', leader: 2, reason: { because: 'other_term', prev: id, own_term: 3 } },
    { kind: 'follower_matches', follower: 2, match_index: 3 },
    { kind: 'follower_conflicts', follower: 2, prev_log_index: 3, conflict_term: null, next_index_before: 4, next_index: 2 },
    { kind: 'committed', from: 1, to: 2, reason: { because: 'leader_committed', leader_commit: 2, verified: 2 } },
    { kind: 'commit_withheld', entry: id, current_term: 3 },
  ];
  for (const event of events) {
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
  const told = decision(1, 'D§6.2', { kind: 'became_follower', from: 'leader', term: 3, reason: { because: 'no_quorum', heard: 2, needed: 3 } });
  assert.equal(told.text, 'S1, leader until now, becomes follower: of the 3 servers it needs, itself included, it has heard from only 2.');
  assert.equal(told.section, 'thesis §6.2');
  assert.deepEqual(told.servers, [1]);
  const yields = decision(1, 'P§5.2', { kind: 'became_follower', from: 'pre_candidate', term: 3, reason: { because: 'leader_elected', leader: 2 } });
  assert.equal(yields.text, 'S1, pre-candidate until now, becomes follower: S2 leads term 3.');
  assert.deepEqual(yields.servers, [1, 2]);
});

test('what the world does is told too, and unknown kinds are named', () => {
  const told = (record: object): string => sentence({ number: 1, time_us: 0, ...record } as never).text;
  assert.equal(told({ kind: 'sent', message: 1, from: 1, to: 2, name: 'RequestVote', term: 3 }), 'S1 sends RequestVote to S2 in term 3.');
  assert.equal(told({ kind: 'blocked', message: 1, from: 1, to: 2, name: 'RequestVote', term: 3, wall: 4 }), 'A message from S1 to S2 is stopped by wall 4.');
  assert.equal(told({ kind: 'lost', from: 1, to: 2, why: 'receiver_down' }), 'A message from S1 to S2 is lost: its receiver is down.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'partition', groups: [[1, 2], [3]] } }), 'You part the cluster: S1 and S2 | S3.');
  assert.equal(told({ kind: 'input_applied', input: { kind: 'transfer', server: 1, to: 3 } }), 'You ask S1 to hand its leadership over to S3.');
  assert.equal(told({ kind: 'violated', property: 'election_safety' }), 'Election Safety is violated.');
  assert.equal(told({ kind: 'something_new' }), 'something new.');
});

test('quiet events are those that only carry the story', () => {
  assert.equal(sentence({ number: 1, time_us: 0, kind: 'delivered', from: 1, to: 2 }).quiet, true);
  assert.equal(decision(1, 'P§5.2', { kind: 'became_leader', term: 1, votes: 3, votes_needed: 3 }).quiet, false);
  assert.equal(decision(1, 'D§6.2', { kind: 'quorum_heard', heard: 3, needed: 3 }).quiet, true);
});

test('roles have a letter each', () => {
  assert.equal(new Set(Object.values(WORDS.roleLetters)).size, 4);
});
