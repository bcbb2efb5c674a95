/** The messages of a frame, as they are read and answered. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Driven, Messages, readCommand } from '../src/embed/messages';

/** An element that takes down what is asked of it. */
function fake(): { element: Driven; calls: unknown[][] } {
  const calls: unknown[][] = [];
  const element = Object.assign(new EventTarget(), {
    ready: Promise.resolve(),
    time: 12.5,
    setAttribute: (...values: unknown[]) => void calls.push(['setAttribute', ...values]),
    removeAttribute: (...values: unknown[]) => void calls.push(['removeAttribute', ...values]),
    seek: (...values: unknown[]) => {
      calls.push(['seek', ...values]);
      if (values[0] === -1) throw new RangeError('time_ms is -1');
      return undefined;
    },
    dispose: () => void calls.push(['dispose']),
  });
  return { element: element as unknown as Driven, calls };
}

function driven(now = (): number => 0): { hear: (data: unknown) => Promise<unknown>; calls: unknown[][]; announced: Record<string, unknown>[]; element: Driven } {
  const { element, calls } = fake();
  const announced: Record<string, unknown>[] = [];
  const messages = new Messages(element, Promise.resolve(), (message) => announced.push(message), now);
  const hear = async (data: unknown): Promise<unknown> => {
    let said: unknown = 'nothing';
    await messages.hear(data, (message) => (said = message));
    return said;
  };
  return { hear, calls, announced, element };
}

test('a command is carried out and answered by its number', async () => {
  const { hear, calls } = driven();
  assert.deepEqual(await hear({ raftPlayground: 1, id: 7, command: 'seek', arguments: [100, 2] }), { reply: 7, result: null });
  assert.deepEqual(calls, [['seek', 100, 2]]);
  assert.deepEqual(await hear({ raftPlayground: 1, id: 'a', command: 'get', arguments: ['time'] }), { reply: 'a', result: 12.5 });
  assert.equal(await hear({ raftPlayground: 1, command: 'seek', arguments: [1] }), 'nothing', 'without a number nobody waits for an answer');
  assert.deepEqual(await hear({ raftPlayground: 1, id: 8, command: 'seek', arguments: [-1] }), { reply: 8, error: { name: 'RangeError', message: 'time_ms is -1' } });
});

test('what is not on the lists is refused, also where the element has it', async () => {
  const { hear, calls } = driven();
  for (const command of ['dispose', 'constructor', '__proto__', 'setAttribute', 'addEventListener', '']) {
    const { error } = (await hear({ raftPlayground: 1, id: 1, command })) as { error: { message: string } };
    assert.match(error.message, /is no command; hello lists them/, command);
  }
  for (const name of ['onclick', 'style', 'full-page', 'fragment', 'constructor', 5]) {
    const { error } = (await hear({ raftPlayground: 1, id: 1, command: 'set', arguments: [name, 'x'] })) as { error: { message: string } };
    assert.match(error.message, /is no attribute that can be set/);
  }
  assert.match(((await hear({ raftPlayground: 1, id: 1, command: 'get', arguments: ['innerHTML'] })) as { error: { message: string } }).error.message, /is no property/);
  assert.deepEqual(calls, []);
});

test('events are told once they are asked for', async () => {
  const { hear, element, announced } = driven();
  element.dispatchEvent(new CustomEvent('commit', { detail: { index: 1 } }));
  element.dispatchEvent(new CustomEvent('ready', { detail: { time_ms: 0 } }));
  assert.deepEqual(announced, [{ event: 'ready', detail: { time_ms: 0 } }]);
  assert.deepEqual(await hear({ raftPlayground: 1, id: 1, command: 'listen', arguments: ['commit'] }), { reply: 1, result: ['ready', 'error', 'commit'] });
  element.dispatchEvent(new CustomEvent('commit', { detail: { index: 2 } }));
  assert.deepEqual(announced[1], { event: 'commit', detail: { index: 2 } });
  assert.match(JSON.stringify(await hear({ raftPlayground: 1, id: 1, command: 'listen', arguments: ['keydown'] })), /is no event/);
});

test('a message is somebody else’s, or right, or told what is wrong with it', () => {
  for (const foreign of [null, 5, 'raftPlayground', [], {}, { type: 'webpackOk' }, Object.create({ raftPlayground: 1 })]) assert.equal(readCommand(foreign), null);
  for (const [bad, why] of [
    [{ raftPlayground: 2, command: 'play' }, /raftPlayground is 2; expected 1/],
    [{ raftPlayground: 1 }, /command is undefined/],
    [{ raftPlayground: 1, command: 'play', id: {} }, /id is an object/],
    [{ raftPlayground: 1, command: 'play', id: 'x'.repeat(65) }, /id is "x+"; expected/],
    [{ raftPlayground: 1, command: 'play', arguments: 'x' }, /arguments is "x"/],
    [{ raftPlayground: 1, command: 'play', arguments: Array(9).fill(0) }, /arguments is an array of 9/],
    [{ raftPlayground: 1, command: 'propose', arguments: ['x'.repeat(500_000)] }, /larger than 400000/],
    [{ raftPlayground: 1, command: 'reset', arguments: [nested(40)] }, /larger than/],
    [{ raftPlayground: 1, command: 'reset', arguments: [Array(300_000).fill(1)] }, /larger than/],
  ] as const) {
    assert.throws(() => readCommand(bad), why);
  }
});

function nested(depth: number): unknown {
  return depth === 0 ? 1 : [nested(depth - 1)];
}

test('more commands than anyone means in a second are passed over, and that is told once', async () => {
  let ms = 0;
  const { hear, calls, announced } = driven(() => ms);
  for (let count = 0; count < 5_000; count += 1) await hear({ raftPlayground: 1, command: 'seek', arguments: [1] });
  assert.equal(calls.length, 500);
  assert.deepEqual(announced, [{ event: 'busy', detail: { commands_a_second: 500 } }]);
  ms = 1_000;
  await hear({ raftPlayground: 1, command: 'seek', arguments: [1] });
  assert.equal(calls.length, 501);
});

test('whatever comes, nothing but an answer comes of it', async () => {
  const seed = 20_261_129;
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
  const value = (depth: number): unknown => {
    const kinds = [null, undefined, 1, -1, NaN, '', 'seek', '<img src=x>', '\u202e', true, 2n, Symbol.iterator, () => 1];
    const kind = draw(kinds.length + 3);
    if (kind < kinds.length || depth === 0) return kinds[kind % kinds.length];
    if (kind === kinds.length) return Array.from({ length: draw(12) }, () => value(depth - 1));
    return Object.fromEntries(['raftPlayground', 'command', 'id', 'arguments', '__proto__'].filter(() => draw(2) === 0).map((key) => [key, key === 'raftPlayground' && draw(2) ? 1 : value(depth - 1)]));
  };
  let ms = 0;
  const { hear, calls } = driven(() => (ms += 10));
  for (let count = 0; count < 100_000; count += 1) {
    const said = await hear(value(3));
    assert.ok(said === 'nothing' || Object.hasOwn(said as object, 'reply'), `seed ${seed}, message ${count}`);
  }
  assert.ok(calls.every(([name]) => name === 'seek' || name === 'setAttribute' || name === 'removeAttribute'));
});
