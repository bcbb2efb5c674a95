import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ACTIONS } from '../src/actions';
import { matchingSections, sections } from '../src/help/topics';
import { DEFINITIONS } from '../src/lang/en/state';

const all = sections();
const found = (query: string) => matchingSections(query, all).flatMap(({ chapter, topics }) => topics.map(({ what, keys }) => `${chapter}: ${what || keys.join(' ')}`));

test('without a query the help tells everything: each action, and each word of the state', () => {
  assert.deepEqual(matchingSections('  ', all), all);
  const count = (chapter: string) => all.find((section) => section.chapter === chapter)?.topics.length;
  assert.equal(count('keys'), ACTIONS.length);
  assert.equal(count('words'), Object.keys(DEFINITIONS).length);
});

test('a word is found in what is done, in its keys and in what is told of it, however it is written', () => {
  assert.ok(found('NEXTINDEX').includes('words: nextIndex[]'));
  assert.ok(found('diamond').includes('reading: Diamond'));
  assert.ok(found('space').some((line) => line.startsWith('keys: ')), 'the key that plays');
});

test('every word of the query has to stand there, and chapters without any are left out', () => {
  assert.deepEqual(found('wall sides'), ['gestures: drag a server']);
  assert.deepEqual(matchingSections('wall sides', all).map(({ chapter }) => chapter), ['gestures']);
  assert.deepEqual(matchingSections('wall zzz', all), []);
});
