import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRecord } from '../src/door/types';
import { Answers } from '../src/panels/answers';
import type { Answer } from '../src/panels/deck';
import { outrun } from '../src/panels/past/outrun';

const told = (kind: string, server: number, more = {}): EventRecord => ({ number: 1, time_us: 0, kind, server, key: 'x', ...more });
const asking = (server = 0): Answers => {
  const answers = new Answers();
  answers.asks('x', server);
  return answers;
};

test('a read waits for its own answer: of that key, and of the server that was asked', () => {
  const answers = asking(4);
  for (const other of [told('read_answered', 2, { value: '9', index: 7 }), told('read_answered', 4, { key: 'y', value: '9', index: 7 })]) answers.hear(other);
  assert.equal(answers.waits, true);
  answers.hear(told('read_answered', 4, { value: '1', index: 2 }));
  assert.deepEqual(answers.latest, { key: 'x', asked: 4, state: 'answered', value: '1', by: 4, index: 2 });
  answers.hear(told('read_answered', 4, { value: '2', index: 3 }));
  assert.equal(answers.latest?.value, '1', 'the first is the answer');
});

test('a server that was asked may give no answer; whoever looks for the leader asks again', () => {
  const [one, any] = [asking(4), asking()];
  for (const answers of [one, any]) answers.hear(told('read_failed', 4));
  assert.deepEqual([one.latest?.state, any.latest?.state], ['failed', 'waits']);
});

test('an older value that was read is told of, where whoever leads has applied more and holds another', () => {
  const read = (index: number): Answer => ({ key: 'x', asked: 4, state: 'answered', value: '1', by: 4, index });
  const leads = (last_applied: number, x: string) => ({ id: 5, last_applied, store: { x } });
  assert.match(outrun(read(2), leads(4, '2')) ?? '', /^S5 already holds x = 2\. That write had not been answered/);
  assert.equal(outrun(read(2), leads(4, '1')), null, 'the same value');
  assert.equal(outrun(read(4), leads(4, '2')), null, 'nobody has applied more');
  assert.equal(outrun(read(2), null), null);
});

test('an answer is fresh once', () => {
  const answers = asking(4);
  assert.equal(answers.fresh(), null);
  answers.hear(told('read_answered', 4, { value: '1', index: 2 }));
  assert.equal(answers.fresh()?.value, '1');
  assert.equal(answers.fresh(), null);
});
