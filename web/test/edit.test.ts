import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ServerItem } from '../src/stage/scene';
import { editsOf, type Typed } from '../src/state/edit';
import type { StateView } from '../src/state/read';
import { EDIT } from '../src/lang/en/state';

const NOTHING: Typed = { term: '', vote: '', keep: '', behind: '' };
const entry = (index: number, term: number): StateView['entries'][number] => ({ index, term, command: 'x=1', configuration: null });
const view = (server: Partial<ServerItem>): StateView => ({
  server: Object.assign(new ServerItem(), { id: 2, up: false, term: 3, votedFor: 1, lastIndex: 3, durableIndex: 3 }, server),
  counting: { voters: [1, 2, 3], oldVoters: [], learners: [] },
  followers: [],
  snapshotBytes: 0,
  entries: [entry(1, 1), entry(2, 2), entry(3, 3)],
  more: null,
});
const edits = (typed: Partial<Typed>, server: Partial<ServerItem> = {}): unknown => editsOf(view(server), { ...NOTHING, ...typed });

test('only what was typed is written, and a server that runs stops for it', () => {
  assert.deepEqual(edits({ term: '7' }), [{ kind: 'edit_disk', server: 2, term: 7 }]);
  assert.deepEqual(edits({ vote: '0' }), [{ kind: 'edit_disk', server: 2, voted_for: 0 }]);
  assert.deepEqual(edits({ term: '7', vote: '3', keep: '1', behind: '2, 2 5' }), [{ kind: 'edit_disk', server: 2, term: 7, voted_for: 3, keep: 1, log: [2, 2, 5] }]);
  assert.deepEqual(edits({ keep: '0' }, { up: true }), [
    { kind: 'crash', server: 2 },
    { kind: 'edit_disk', server: 2, keep: 0 },
    { kind: 'restart', server: 2 },
  ]);
});

test('of a server that runs only what is on its disk can be kept', () => {
  assert.equal(edits({ keep: '3' }, { up: true, durableIndex: 2 }), EDIT.wrongKeep('3', 0, 2));
  assert.equal(edits({ keep: '2' }, { up: true, durableIndex: 2 }), EDIT.same);
  assert.equal(edits({ keep: '1' }, { snapshotIndex: 2 }), EDIT.wrongKeep('1', 2, 3));
});

test('what no disk can hold is named, and nothing is done', () => {
  assert.equal(edits({}), EDIT.same);
  assert.equal(edits({ term: '3', vote: '1', keep: '3' }), EDIT.same);
  assert.equal(edits({ term: '-1' }), EDIT.wrongTerm('-1'));
  assert.equal(edits({ term: 'three' }), EDIT.wrongTerm('three'));
  assert.equal(edits({ keep: '4' }), EDIT.wrongKeep('4', 0, 3));
  assert.equal(edits({ behind: '2' }), EDIT.wrongEntry('2', 3));
  assert.equal(edits({ keep: '1', behind: '2 1' }), EDIT.wrongEntry('1', 2));
  assert.equal(edits({ behind: '4' }), EDIT.termBehind(3, 4));
  assert.equal(edits({ term: '2' }), EDIT.termBehind(2, 3));
  assert.equal(edits({ behind: '3 '.repeat(101) }), EDIT.tooMany(101, 100));
});

test('another term forgets the vote, and naming nobody again changes nothing more', () => {
  assert.deepEqual(edits({ term: '4', vote: '0' }), [{ kind: 'edit_disk', server: 2, term: 4 }]);
  assert.deepEqual(edits({ term: '4', vote: '1' }), [{ kind: 'edit_disk', server: 2, term: 4, voted_for: 1 }]);
});
