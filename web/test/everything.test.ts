import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { saidOf } from '../src/hunt/bound';
import { Everything } from '../src/hunt/everything';
import { oneIn } from '../src/hunt/figures';
import { SILENT_MS_MAX } from '../src/hunt/hunt';
import type { Bounds, Came, Order, Report, Story } from '../src/hunt/orders';
import { boundsOf, freshSmallWish, LIMITS, limitsOf, NOT_WITHOUT } from '../src/hunt/small';
import { Toil } from '../src/hunt/toil';
import type { Rule } from '../src/rules';

const MINUTE_MS = 60_000;
const BOUNDS: Bounds = { servers: 3, rules_off: [], noop_on_election: false, terms: 3, writes: 1, crashes: 0, duplicates: 0, symmetry: true, depth: 10, memory: 1e8 };
const STORY: Story = { property: 'Election Safety', bytes: new Uint8Array([1]), title: 't', text: '', steps: ['a', 'b'], step_us: 10, ends_us: 20, replays: 0 };

/** An engine in which each level has twice the chunks of the one before, and a chunk takes 10 ms. */
class Engine {
  depth = 0;
  tried = 0;
  all = 1;
  calls = 0;

  constructor(
    private readonly ends: { readonly ended: Came['ended']; readonly depth: number },
    private readonly takes: (ms: number) => void,
    private readonly dies: number = Infinity,
  ) {}

  go_on(chunks: number): Came {
    this.calls += 1;
    if (this.calls === this.dies) throw new Error('unreachable');
    const of = 2 ** this.depth;
    for (let at = 0; at < chunks && this.tried < of; at += 1) {
      this.tried += 1;
      this.all += 10;
      this.takes(10);
    }
    if (this.tried === of) [this.depth, this.tried] = [this.depth + 1, 0];
    const ended = this.depth === this.ends.depth ? this.ends.ended : null;
    return { depth: this.depth, all: this.all, unique: this.all / 2, beyond: [this.tried, 2 ** this.depth], bytes: this.all * 30, ended, property: ended === 'violation' ? 'Election Safety' : null };
  }

  story(): Story {
    return STORY;
  }
}

/** A fake worker: what it has to do, it does a thing at a time. */
class Crew {
  nowMs = 0;
  ended = false;
  readonly todo: (() => void)[] = [];
  readonly reports: Report[] = [];
  readonly engine: Engine;

  constructor(ends: { readonly ended: Came['ended']; readonly depth: number }, dies?: number) {
    this.engine = new Engine(ends, (ms) => (this.nowMs += ms), dies);
  }

  readonly start = (begin: { readonly bounds: Bounds }, heard: (report: Report) => void): { tell(order: Order): void; end(): void } => {
    const post = (report: Report): void => {
      this.reports.push(report);
      heard(report);
    };
    const toil = new Toil(begin, { open: () => this.engine, post, later: (work) => void this.todo.push(work), now: () => this.nowMs });
    return { tell: (order) => void this.todo.push(() => toil.hear(order)), end: () => void (this.ended = true) };
  };

  turns(most: number): number {
    let done = 0;
    for (; done < most && !this.ended && this.todo.length > 0; done += 1) this.todo.shift()?.();
    return done;
  }
}

const searchWith = (crew: Crew, forMs = MINUTE_MS): Everything => new Everything(BOUNDS, forMs, crew.start, () => crew.nowMs);

test('everything is tried level by level; what each came to is kept, and how far it is is said ten times a second', () => {
  const crew = new Crew({ ended: 'depth', depth: 6 });
  const search = searchWith(crew);
  crew.turns(1_000);
  assert.deepEqual(search.ending, { kind: 'depth' });
  assert.deepEqual(search.levels.map(({ depth, all }) => [depth, all]), [[1, 11], [2, 31], [3, 71], [4, 151], [5, 311], [6, 631]]);
  assert.equal(search.came.depth, 6);
  assert.ok(crew.ended, 'the worker is gone');
  assert.ok(crew.reports.length <= 6 + search.elapsedMs / 100 + 1, `${crew.reports.length} reports in ${search.elapsedMs} ms`);
});

test('a level that is under way is not taken for one that was tried', () => {
  const crew = new Crew({ ended: 'depth', depth: 9 });
  const search = searchWith(crew);
  crew.turns(4);
  assert.ok(search.came.beyond[0] > 0, 'in the middle of a level');
  assert.equal(search.levels.at(-1)?.depth, search.came.depth);
  assert.ok((search.levels.at(-1)?.all ?? 0) < search.came.all);
});

test('with a violation the search ends with its story', () => {
  const crew = new Crew({ ended: 'violation', depth: 3 });
  const search = searchWith(crew);
  crew.turns(100);
  assert.deepEqual([search.ending, search.stories, search.came.property], [{ kind: 'violation' }, [STORY], 'Election Safety']);
});

test('what has come to its end does nothing more', () => {
  for (const ended of ['depth', 'violation'] as const) {
    const crew = new Crew({ ended, depth: 3 });
    crew.start({ bounds: BOUNDS }, () => undefined);
    crew.turns(100);
    const { calls } = crew.engine;
    assert.deepEqual([crew.todo.length, crew.reports.filter(({ kind }) => kind === 'story').length], [0, ended === 'violation' ? 1 : 0]);
    crew.turns(100);
    assert.equal(crew.engine.calls, calls);
  }
});

test('paused it does nothing and its time does not count; it goes on where it was', () => {
  const crew = new Crew({ ended: 'depth', depth: 8 });
  const search = searchWith(crew);
  crew.turns(2);
  search.pause();
  // What was begun before it heard of the pause, and that.
  crew.turns(2);
  const { calls } = crew.engine;
  crew.turns(100);
  assert.equal(crew.engine.calls, calls);
  const before = search.elapsedMs;
  crew.nowMs += 10 * SILENT_MS_MAX;
  search.look();
  assert.deepEqual([search.ending, search.elapsedMs, crew.todo.length], [null, before, 0]);
  search.resume();
  crew.turns(1_000);
  assert.ok(crew.engine.calls > calls);
  assert.deepEqual(search.ending, { kind: 'depth' });
  assert.deepEqual(search.levels.map(({ depth }) => depth), [1, 2, 3, 4, 5, 6, 7, 8]);
  assert.ok(search.elapsedMs < 5_000, `${search.elapsedMs}`);
});

test('cancelled, out of time, or silent for 20 s it ends, and what was known stays', () => {
  const after = (act: (search: Everything, crew: Crew) => void, forMs?: number): Everything => {
    const crew = new Crew({ ended: 'depth', depth: 9 });
    const search = searchWith(crew, forMs);
    crew.turns(3);
    act(search, crew);
    const { came } = search;
    crew.todo.shift()?.();
    assert.equal(search.came, came, 'nothing more is heard');
    assert.ok(crew.ended);
    return search;
  };
  assert.deepEqual(after((search) => search.cancel()).ending, { kind: 'cancelled' });
  const late = after((search, crew) => (search.look(), (crew.nowMs += 4_000), search.look()), 1_000);
  assert.deepEqual(late.ending, { kind: 'time' });
  assert.ok(late.came.depth > 2);
  const silent = after((search, crew) => {
    for (let passed = 0; passed <= SILENT_MS_MAX + 4_000; passed += 4_000) {
      crew.nowMs += 4_000;
      search.look();
    }
  });
  assert.deepEqual(silent.ending, { kind: 'failed', why: '' });
});

test('after a machine slept the worker is not taken for silent', () => {
  const crew = new Crew({ ended: 'depth', depth: 9 });
  const search = searchWith(crew, 100 * MINUTE_MS);
  crew.nowMs += 10 * SILENT_MS_MAX;
  search.look();
  assert.equal(search.ending, null);
});

test('a worker that dies ends the search, with its reason and what was tried before', () => {
  const crew = new Crew({ ended: 'depth', depth: 9 }, 12);
  const search = searchWith(crew);
  crew.turns(1_000);
  assert.deepEqual(search.ending, { kind: 'failed', why: 'unreachable' });
  assert.ok(search.came.depth > 2 && crew.ended);
});

test('what is written for a small world is what is asked, and what cannot be is named with its limits', () => {
  const none = new Set<Rule>();
  assert.deepEqual(boundsOf(freshSmallWish(), none), { bounds: BOUNDS, forMs: MINUTE_MS });
  const asked = (more: object, off = none): unknown => boundsOf({ ...freshSmallWish(), ...more }, off);
  assert.deepEqual((asked({ noop: true, symmetry: false, memory: '20' }, new Set(['vote_persisted', 'one_vote_per_term'])) as { bounds: Bounds }).bounds, {
    ...BOUNDS,
    rules_off: ['one_vote_per_term', 'vote_persisted'],
    noop_on_election: true,
    symmetry: false,
    memory: 2e7,
  });
  assert.match(String(asked({ servers: '5' })), /^Servers: .* from 1 to 4/);
  assert.match(String(asked({ depth: '1.5' })), /^Steps: .* from 1 to 40/);
  assert.match(String(asked({ terms: '' })), /^Terms: .* from 1 to 7/);
  assert.match(String(asked({ writes: '6' })), /^Writes: .* from 0 to 5/);
  assert.match(String(asked({ writes: '2', terms: '7' })), /^Writes: .* from 0 to 1/);
  assert.match(String(asked({ crashes: '-1' })), /^Crashes: .* from 0 to 8/);
  assert.match(String(asked({ duplicates: '9' })), /^Duplicates: .* from 0 to 8/);
  assert.match(String(asked({ memory: '161' })), /^Memory: .* from 1 to 160/);
  assert.match(String(asked({ seconds: '601' })), /^Seconds: .* from 1 to 600/);
  assert.match(String(asked({}, new Set([NOT_WITHOUT]))), /^Everything cannot be tried without the rule “Nothing is known of a follower.s log when a leadership begins”/);
  assert.deepEqual(limitsOf('writes', { ...freshSmallWish(), terms: 'x' }), [0, 7]);
});

test('the limits of the fields are those of raft-sim and raft-wasm', () => {
  const read = (path: string): string => readFileSync(`../${path}`, 'utf8');
  const world = read('raft-sim/src/explore/small_world.rs');
  const of = (name: string): number[] => (new RegExp(`within\\("${name}", [^,]+, (\\d+), (\\d+)\\)`).exec(world) ?? []).slice(1).map(Number);
  assert.deepEqual([of('terms'), of('crashes'), of('duplicates')], [LIMITS.terms, LIMITS.crashes, LIMITS.duplicates]);
  assert.match(world, /within\("writes", self\.writes\.into\(\), 0, \(8 - self\.terms\)\.into\(\)\)/);
  assert.match(world, new RegExp(`DEPTH_MAX: u32 = ${LIMITS.depth[1]};`));
  assert.match(world, new RegExp(`contains\\(&Rule::MatchStartsAtZero\\)`));
  assert.match(read('raft-sim/src/explore/identity.rs'), new RegExp(`SERVERS_MAX: usize = ${LIMITS.servers[1]};`));
  assert.match(read('raft-wasm/src/explore.rs'), new RegExp(`MEMORY_MAX: u64 = ${LIMITS.memory[1]}_000_000;`));
});

const came = (more: Partial<Came>): Came => ({ depth: 8, all: 40_666, unique: 18_347, beyond: [0, 14_073], bytes: 600_000, ended: 'depth', property: null, ...more });

test('what it says names the bound that was reached, and what it does not say', () => {
  const says = saidOf(BOUNDS, came({})).join('\n');
  assert.match(says, /^No property is broken by anything of up to 8 steps\.\n/);
  assert.match(says, /3 servers, terms up to 3, at most 1 write, 0 crashes and 0 doubled messages/);
  assert.match(says, /\nNo leader begins its term with an entry of its own\.\n/);
  assert.match(says, /says nothing of what lies beyond these bounds/);
  assert.match(says, /changed places are one\.\n/);
  assert.match(says, /two of these 18\u202f347 had the same by chance is as likely as about 1 in 110\u202f000\u202f000\u202f000\.$/);
  assert.doesNotMatch(says, /further|Not followed|nothing beyond/);

  const whole = saidOf({ ...BOUNDS, symmetry: false, noop_on_election: true, rules_off: ['one_vote_per_term'] }, came({ ended: 'nothing', beyond: [0, 0] })).join('\n');
  assert.match(whole, /There is nothing beyond/);
  assert.match(whole, /\nNot followed: A server gives at most one vote in a term|Not followed: /);
  assert.match(whole, /Each leader begins its term with an entry/);
  assert.doesNotMatch(whole, /changed places/);

  const full = saidOf(BOUNDS, came({ ended: 'memory', beyond: [256, 14_073] })).join('\n');
  assert.match(full, /Of the 14\u202f073 states there, 256 were tried one step further\./);

  const found = saidOf(BOUNDS, came({ ended: 'violation', depth: 9, beyond: [100, 200], property: 'Leader Completeness' })).join('\n');
  assert.match(found, /^Leader Completeness is broken after 10 steps, and by no fewer: everything of up to 9 steps was tried\./);
  assert.doesNotMatch(found, /says nothing|further/);
});

test('how likely it is that two states have the same 64 bits is told to two figures', () => {
  // As raft-sim says it: 1 in 2^64 divided by the number of pairs.
  assert.deepEqual([0, 1, 2, 3].map(oneIn), [1.8e19, 1.8e19, 1.8e19, 6.1e18]);
  assert.equal(oneIn(4_514_181), 1_800_000);
});
