import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { EXAMPLE, goalRefusal, NAMED, STALE_READ } from '../src/hunt/goals';
import { Hunt, SILENT_MS_MAX } from '../src/hunt/hunt';
import { Labour } from '../src/hunt/labour';
import type { Ask, Begin, Epoch, Order, Report, Story } from '../src/hunt/orders';
import { stepAt } from '../src/hunt/stories';
import { askOf, freshWish, seek } from '../src/hunt/wish';
import { HUNT } from '../src/lang/en/hunt';
import { propertyCalled } from '../src/properties';

const ASK: Ask = { seed: 7, rules_off: ['one_vote_per_term'], on: 'rule', shares: { swarm: 1, weighted: 1, macros: 1, priorities: 1, coverage: 1 } };
const MINUTE_MS = 60_000;

const storyOf = (epoch: number, at: number, steps: readonly string[]): Story => ({ property: 'Election Safety', bytes: new Uint8Array([epoch, at]), title: 't', text: '', steps, step_us: 10, ends_us: 10 * steps.length, replays: 1 });

/** What each epoch finds, and what its stories are; epochs in `dead` kill who lives them, and those in `mute` silence them. */
interface World {
  finds?: Record<number, number>;
  stories?: (epoch: number, at: number) => Story | null;
  dead?: readonly number[];
  mute?: readonly number[];
}

/** Fake workers: each does one thing, an epoch or a story, when it is its turn. */
class Crew {
  nowMs = 0;
  readonly begun: Begin[] = [];
  readonly lived: number[] = [];
  readonly all: { begin: Begin; orders: Order[]; ended: boolean; labour: Labour; todo: (() => void)[] }[] = [];

  constructor(private readonly world: World) {}

  readonly start = (begin: Begin, heard: (report: Report) => void): { tell(order: Order): void; end(): void } => {
    const { finds = {}, stories = (epoch, at) => storyOf(epoch, at, [`${at}`]), dead = [], mute = [] } = this.world;
    const todo: (() => void)[] = [];
    const one = { begin, orders: [] as Order[], ended: false, todo } as unknown as Crew['all'][number];
    this.begun.push(begin);
    one.labour = new Labour(begin, {
      open: () => ({
        epoch: (number): Epoch => {
          if (mute.includes(number)) return todo.splice(0), undefined as never;
          if (dead.includes(number)) throw new Error(`unreachable at ${number}`);
          this.lived.push(number);
          return { number, strategy: number % 2 ? 'swarm' : 'macro', runs: 64, actions: 100, found: Array.from({ length: finds[number] ?? 0 }, (_, run) => ({ run, property: null, steps: 9 })) };
        },
        story: (epoch, at) => stories(epoch, at),
      }),
      post: heard,
      later: (work) => void todo.push(work),
      now: () => this.nowMs,
    });
    this.all.push(one);
    return { tell: (order) => (one.orders.push(order), void todo.push(() => one.labour.hear(order))), end: () => void (one.ended = true) };
  };

  /** One worker does the next thing that it has to do. False when it has nothing. */
  turn(at: number): boolean {
    const one = this.all[at];
    const work = one?.ended ? undefined : one?.todo.shift();
    work?.();
    return work !== undefined;
  }

  /** All work until it is over, in an order drawn from a seed: some are faster than others. */
  run(hunt: Hunt, seed = 1): void {
    let draw = seed;
    for (let turns = 0; turns < 5_000 && !hunt.ending; turns += 1) {
      draw = (draw * 1_103_515_245 + 12_345) % 2_147_483_648;
      this.nowMs += 1;
      this.turn(Math.floor(draw / 65_536) % this.all.length);
    }
  }
}

const huntWith = (crew: Crew, count: number, forMs = MINUTE_MS): Hunt => new Hunt(ASK, forMs, count, crew.start, () => crew.nowMs);

test('worker w takes the epochs w, w + N, w + 2N, ...', () => {
  const crew = new Crew({});
  huntWith(crew, 3);
  for (let turns = 0; turns < 3; turns += 1) for (const at of [0, 1, 2]) crew.turn(at);
  assert.deepEqual(crew.begun.map(({ first, stride }) => [first, stride]), [[0, 3], [1, 3], [2, 3]]);
  assert.deepEqual(crew.lived, [0, 1, 2, 3, 4, 5, 6, 7, 8]);
});

test('the result is the first epoch in order that found something, whoever is faster and however many there are', () => {
  for (const count of [1, 2, 3, 5, 8]) {
    for (let seed = 1; seed <= 40; seed += 1) {
      const crew = new Crew({ finds: { 11: 2, 12: 3, 17: 1 } });
      const hunt = huntWith(crew, count);
      crew.run(hunt, seed);
      assert.deepEqual(hunt.ending, { kind: 'found' }, `${count} workers, seed ${seed}`);
      assert.deepEqual(hunt.stories.map(({ bytes }) => [...bytes]), [[11, 0], [11, 1]], `${count} workers, seed ${seed}`);
      for (let epoch = 0; epoch <= 11; epoch += 1) assert.ok(crew.lived.includes(epoch), `epoch ${epoch}`);
    }
  }
});

test('a find is no result before all epochs before it are done, and nobody goes on behind it', () => {
  const crew = new Crew({ finds: { 2: 1, 3: 1 } });
  const hunt = huntWith(crew, 2);
  crew.turn(1);
  crew.turn(1);
  assert.deepEqual(crew.lived, [1, 3]);
  assert.equal(hunt.certain, null, 'epochs 0 and 2 are not done');
  assert.ok(crew.all.every(({ orders }) => orders.some((order) => order.kind === 'limit' && order.epoch === 3)));
  // The order is heard only after what is begun.
  crew.turn(0);
  assert.equal(hunt.certain, null, 'epoch 2 is not done');
  crew.run(hunt);
  assert.deepEqual(hunt.stories.map(({ bytes }) => [...bytes]), [[2, 0]]);
  assert.ok(Math.max(...crew.lived) <= 5, `${crew.lived}`);
});

test('at most ten stories are told, the shortest first, and the same one once', () => {
  const asked: number[] = [];
  const steps = [['a', 'b'], ['c'], ['a', 'b'], ['d', 'e', 'f']];
  const crew = new Crew({ finds: { 0: 14 }, stories: (epoch, at) => (asked.push(at), at === 9 ? null : storyOf(epoch, at, steps[at % 4] as string[])) });
  const hunt = huntWith(crew, 3);
  crew.run(hunt);
  assert.deepEqual([...asked].sort((a, b) => a - b), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.deepEqual(hunt.stories.map((story) => [story.bytes[1], story.steps.join('')]), [[1, 'c'], [0, 'ab'], [3, 'def']]);
  assert.ok(crew.all.every(({ ended }) => ended), 'nobody is left');
});

test('a worker that dies is replaced behind its epoch, which is told, and the search goes on', () => {
  const crew = new Crew({ dead: [4], finds: { 7: 1 } });
  const hunt = huntWith(crew, 2);
  crew.run(hunt);
  assert.deepEqual(hunt.lost, [{ epoch: 4, why: 'unreachable at 4' }]);
  assert.equal(crew.all[0]?.ended, true);
  assert.deepEqual(crew.begun[2], { ask: ASK, first: 6, stride: 2, upTo: null });
  assert.deepEqual(hunt.stories.map(({ bytes }) => [...bytes]), [[7, 0]]);
});

test('a worker that says nothing for 20 s is replaced; one that only waits is not', () => {
  const crew = new Crew({ finds: { 5: 1 } });
  const hunt = huntWith(crew, 3);
  const passes = (ms: number): void => {
    for (const until = crew.nowMs + ms; crew.nowMs < until; ) {
      crew.nowMs += 250;
      hunt.look();
    }
  };
  // The third has found something, and waits for what comes before.
  crew.turn(2);
  crew.turn(2);
  passes(SILENT_MS_MAX - 5_000);
  crew.turn(0);
  crew.turn(1);
  passes(SILENT_MS_MAX - 5_000);
  assert.deepEqual([hunt.certain, hunt.ending, hunt.lost], [null, null, []]);
  passes(6_000);
  assert.deepEqual(hunt.lost, [{ epoch: 3, why: null }, { epoch: 4, why: null }], 'the other two are silent by now');

  const silent = new Crew({ mute: [3] });
  const other = huntWith(silent, 2);
  for (let turns = 0; turns < 3; turns += 1) silent.turn(1);
  for (let passed = 0; passed <= SILENT_MS_MAX + 250; passed += 250) {
    silent.nowMs += 250;
    silent.turn(0);
    other.look();
  }
  assert.deepEqual(other.lost, [{ epoch: 3, why: null }]);
  assert.equal(silent.all[1]?.ended, true);
  assert.equal(silent.begun[2]?.first, 5);
});

test('after a machine slept nobody is taken for silent', () => {
  const crew = new Crew({});
  const hunt = huntWith(crew, 1);
  crew.nowMs += 10 * SILENT_MS_MAX;
  hunt.look();
  assert.deepEqual(hunt.lost, []);
});

test('where every worker is lost the search ends and says why', () => {
  const crew = new Crew({ dead: Array.from({ length: 200 }, (_, at) => at) });
  const hunt = huntWith(crew, 2);
  crew.run(hunt);
  assert.equal(hunt.ending?.kind, 'failed');
  assert.equal(hunt.lost.length, 20);
});

test('what cannot be searched is refused with the engine’s words', () => {
  const hunt = new Hunt(ASK, MINUTE_MS, 2, (begin, heard) => {
    new Labour(begin, { open: () => { throw new RangeError('servers: 1 to 7 was expected'); }, post: (report) => queueMicrotask(() => heard(report)), later: () => undefined, now: () => 0 });
    return { tell: () => undefined, end: () => undefined };
  }, () => 0);
  return Promise.resolve().then(() => assert.deepEqual(hunt.ending, { kind: 'failed', why: 'servers: 1 to 7 was expected' }));
});

test('a pause stops workers between two epochs, and its time does not count', () => {
  const crew = new Crew({});
  const hunt = huntWith(crew, 2, 1_000);
  for (const at of [0, 1, 0, 1]) crew.turn(at);
  hunt.pause();
  for (let turns = 0; turns < 20; turns += 1) crew.turn(turns % 2);
  const lived = crew.lived.length;
  assert.ok(lived <= 6, `${crew.lived}`);
  crew.nowMs += 10 * SILENT_MS_MAX;
  hunt.look();
  assert.deepEqual([hunt.ending, hunt.lost.length, hunt.elapsedMs], [null, 0, 0]);
  hunt.resume();
  for (let turns = 0; turns < 8; turns += 1) crew.turn(turns % 2);
  assert.ok(crew.lived.length > lived, 'they go on');
  assert.deepEqual([...crew.lived].sort((a, b) => a - b), crew.lived.map((_, at) => at), 'none was left out');
  hunt.look();
  assert.deepEqual([hunt.ending, hunt.elapsedMs], [null, 0]);
  crew.nowMs += 1_000;
  hunt.look();
  assert.deepEqual(hunt.ending, { kind: 'nothing' });
});

test('when the time is up and something was found, what lies before it is still lived', () => {
  const crew = new Crew({ finds: { 3: 1, 4: 1 } });
  const hunt = huntWith(crew, 2, 100);
  crew.turn(1);
  crew.turn(1);
  crew.nowMs += 5_000;
  hunt.look();
  assert.equal(hunt.ending, null);
  crew.run(hunt);
  assert.deepEqual(hunt.stories.map(({ bytes }) => [...bytes]), [[3, 0]]);
});

test('cancelled, all workers are ended and nothing more is heard', () => {
  const crew = new Crew({});
  const hunt = huntWith(crew, 2);
  crew.turn(0);
  hunt.cancel();
  const { runs } = hunt;
  crew.all[1]?.todo.shift()?.();
  assert.equal(hunt.runs, runs);
  assert.ok(crew.all.every(({ ended }) => ended));
  assert.deepEqual(hunt.ending, { kind: 'cancelled' });
});

test('what is written in the form is what is asked, and what cannot be is named', () => {
  const wish = freshWish(['vote_persisted', 'one_vote_per_term']);
  assert.deepEqual(askOf(wish), { ask: { seed: 1, rules_off: ['one_vote_per_term', 'vote_persisted'], on: 'rule', shares: { swarm: 20, weighted: 10, macros: 60, priorities: 5, coverage: 5 } }, forMs: 10_000 });
  const wrong = (more: object): unknown => askOf({ ...wish, ...more });
  assert.match(String(wrong({ servers: '8' })), /^Servers: .* 1 to 7/);
  assert.match(String(wrong({ seed: '-1' })), /^Seed: .* 0 to 9007199254740991/);
  assert.match(String(wrong({ seconds: '0.5' })), /^Seconds: .* 1 to 600/);
  assert.match(String(wrong({ seconds: '' })), /^Seconds/);
  assert.match(String(wrong({ shares: { ...wish.shares, macros: '1.5' } })), /^Larger moves: /);
  assert.match(String(wrong({ shares: { swarm: '0', weighted: '0', macros: '0', priorities: '0', coverage: '0' } })), /above 0/);
  assert.deepEqual((wrong({ servers: '5', seconds: '600' }) as { forMs: number; ask: Ask }).ask.servers, 5);
});

const engine = (path: string): string => readFileSync(`../raft-sim/src/explore/goal/${path}`, 'utf8');

test('the scenes that are ready are those of raft-sim, by its names and in its words', () => {
  const source = engine('mod.rs').replace(/\\\n\s*/g, '');
  const theirs = Object.fromEntries([...source.matchAll(/NamedGoal \{\s*name: "(\w+)",\s*title: "[^"]*",\s*text: "([^"]*)"/g)].map(([, name, text]) => [name, text]));
  assert.ok(Object.keys(theirs).length > 3);
  assert.deepEqual({ ...NAMED }, theirs);
  assert.ok(propertyCalled(STALE_READ.goal));
});

test('what an expression can speak of is told name by name, and no more', () => {
  const source = engine('expression.rs');
  const names = (list: string): string[] => [...(source.split(`const ${list}: `)[1]?.split('];')[0] ?? '').matchAll(/\("(\w+)"/g)].map(([, name]) => name as string);
  assert.deepEqual(Object.keys(HUNT.goal.names.run), names('QUANTITIES'));
  assert.deepEqual(Object.keys(HUNT.goal.names.server), names('FIELDS'));
});

test('a scene that is chosen is written as what it stands for, and asked for by its name; what is changed is asked for as it stands', () => {
  const wish = freshWish(['vote_persisted']);
  const asked = (): unknown => {
    const found = askOf(wish);
    return typeof found === 'string' ? found : [found.ask.goal, found.ask.rules_off];
  };
  seek(wish, 'two_leaders');
  assert.equal(wish.goal, 'leaders > 1');
  assert.deepEqual(asked(), ['two_leaders', ['vote_persisted']]);
  [wish.sought, wish.goal] = ['own', ` ${EXAMPLE} `];
  assert.deepEqual(asked(), [EXAMPLE, ['vote_persisted']]);
  wish.goal = ' ';
  assert.match(String(asked()), /such as leaders > 1/);
  seek(wish, 'stale_read');
  assert.deepEqual(asked(), ['Linearizable Reads', ['read_needs_fresh_confirmation']]);
  seek(wish, 'violation');
  assert.deepEqual(asked(), [undefined, ['read_needs_fresh_confirmation']]);
});

test('what the engine has against an expression is told apart from all else, with its place', () => {
  assert.deepEqual(goalRefusal('goal is "x" at character 11; expected a number, a server such as S1'), { found: '"x"', at: 11, expected: 'a number, a server such as S1' });
  assert.deepEqual(goalRefusal('goal is reached before the first step; expected what takes steps to come to'), { found: 'reached before the first step', at: null, expected: 'what takes steps to come to' });
  assert.equal(goalRefusal('servers is 9; expected 1 to 7'), undefined);
});

test('the step that is under way is told by the time', () => {
  const story = storyOf(0, 0, ['a', 'b', 'c']);
  assert.deepEqual([0, 1, 10, 11, 30, 31].map((us) => stepAt(story, us)), [-1, 0, 0, 1, 2, -1]);
  assert.equal(stepAt({ ...story, ends_us: 45 }, 11), -1, 'where time is let pass steps differ');
});
