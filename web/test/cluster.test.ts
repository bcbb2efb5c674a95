import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Cluster, Panicked } from '../src/door/cluster';
import { FLAG } from '../src/door/layout';
import type { Input, Instance, Scenario } from '../src/door/types';

/** Two events at every tenth microsecond; its "state" is a text of everything that happened, in order. */
function door(panicsAt: (story: string, call: string) => boolean): { open: () => Instance; opened: () => number } {
  let opened = 0;
  const open = (): Instance => {
    opened += 1;
    const instance = opened;
    let broken = false;
    class Playground {
      now = 0;
      events = 0;
      lived = 0;
      story = '';
      constructor(readonly started: Scenario) {
        if ((started.servers ?? 5) > 50) throw new RangeError('servers is too many');
      }
      static fresh_seed(): number {
        return 42;
      }
      private call(name: string): void {
        if (broken) throw new Error('recursive use of an object');
        if (instance === 1 && panicsAt(this.story, name)) {
          broken = true;
          throw new WebAssembly.RuntimeError('unreachable');
        }
      }
      private due(): number {
        return (Math.floor(this.events / 2) + 1) * 10;
      }
      step(): number {
        this.call('step');
        this.now = this.due();
        this.lived = Math.max(this.lived, this.now);
        this.events += 1;
        this.story += `e${this.events}@${this.now} `;
        return FLAG.any;
      }
      step_back(): boolean {
        if (this.events === 0) return false;
        this.events -= 1;
        this.now = this.events === 0 ? 0 : (Math.floor((this.events - 1) / 2) + 1) * 10;
        this.story += `back to e${this.events}@${this.now} `;
        return true;
      }
      seek(us: number): void {
        if (us > this.lived) throw new RangeError('time_us is not lived');
        this.now = us;
        this.events = 2 * Math.floor(us / 10);
      }
      switch_branch(branch: number): void {
        if (branch > 1) throw new RangeError('no such branch');
        this.story += `branch ${branch} `;
      }
      rename_branch(branch: number, name: string): void {
        this.story += `${branch} is ${name} `;
      }
      advance(us: number, max: number): number {
        this.call('advance');
        const target = this.now + us;
        let done = 0;
        while (this.due() <= target) {
          if (done === max) return FLAG.any;
          this.step();
          done += 1;
        }
        this.now = target;
        this.lived = Math.max(this.lived, target);
        return FLAG.reached | (done > 0 ? FLAG.any : 0);
      }
      apply(input: Input): void {
        this.call('apply');
        if (input.kind === 'heal') throw new RangeError('nothing to heal');
        this.story += `${input.kind}@${this.now} `;
      }
      time_us = (): number => this.now;
      event_count = (): number => this.events;
      fingerprint = (): string => this.story;
      frame = (): number => 0;
      state = (): never => ({ fingerprint: this.story }) as never;
      table = (): never => undefined as never;
      scenario = (): Scenario => ({ ...this.started, inputs: [] });
      free(): void {}
    }
    return { glue: { Playground, initSync: () => ({ memory: { buffer: new ArrayBuffer(0) } }) } as never, memory: { buffer: new ArrayBuffer(0) }, said: instance === 1 ? ['panicked at world.rs:7:\nno such server\n\nstack'] : [] };
  };
  return { open, opened: () => opened };
}

const live = (cluster: Cluster): void => {
  cluster.advance(25, 100);
  cluster.apply({ kind: 'crash', server: 1 });
  cluster.step();
  cluster.apply({ kind: 'restart', server: 1 });
  cluster.stepBack();
  cluster.advance(30, 2);
  cluster.apply({ kind: 'time_out', server: 2 });
  cluster.advance(7, 100);
  cluster.stepBack();
  cluster.advance(3, 100);
  cluster.stepBack();
  cluster.stepBack();
  cluster.step();
  cluster.step();
  // As a time line is dragged: over moments that only the last of them matters of.
  for (const us of [20, 5, 33, 12]) cluster.seek(us);
  cluster.switchBranch(1);
  cluster.seek(25);
  cluster.advance(4, 100);
  cluster.seek(15);
  cluster.renameBranch(0, 'first');
  cluster.step();
};

test('after a panic the run is lived again, to the same event', () => {
  const sound = door(() => false);
  const untouched = Cluster.start(sound.open, { seed: 7 });
  live(untouched);

  const broken = door((story, call) => call === 'apply' && story.includes('time_out'));
  const cluster = Cluster.start(broken.open, { seed: 7 });
  live(cluster);
  assert.throws(
    () => cluster.apply({ kind: 'crash', server: 3 }),
    (error: unknown) => {
      assert.ok(error instanceof Panicked);
      assert.equal(error.panic.rebuilt, true);
      assert.equal(error.panic.message, 'panicked at world.rs:7: no such server');
      const report = JSON.parse(error.panic.report) as { during: string; scenario: Scenario };
      assert.match(report.during, /apply\(\{"kind":"crash","server":3\}\)/);
      assert.equal(report.scenario.seed, 7);
      return true;
    },
  );
  assert.equal(broken.opened(), 2);
  assert.equal(cluster.state().fingerprint, untouched.state().fingerprint);
  assert.equal(cluster.timeUs, untouched.timeUs);
  cluster.step();
  untouched.step();
  assert.equal(cluster.state().fingerprint, untouched.state().fingerprint);
});

test('a refusal is no panic: it is passed on and nothing is recorded', () => {
  const { open, opened } = door(() => false);
  const cluster = Cluster.start(open, {});
  assert.throws(() => cluster.apply({ kind: 'heal' }), RangeError);
  assert.throws(() => cluster.restart({ servers: 99 }), RangeError);
  assert.throws(() => cluster.seek(1), RangeError);
  assert.throws(() => cluster.switchBranch(2), RangeError);
  cluster.step();
  assert.equal(opened(), 1);
  assert.equal(cluster.state().fingerprint, 'e1@10 ');
});

test('passing an hour takes as many calls as it needs, and ends at the microsecond', () => {
  const { open } = door(() => false);
  const cluster = Cluster.start(open, {});
  const flags = cluster.pass(1_000_003);
  assert.ok((flags & FLAG.reached) !== 0);
  assert.equal(cluster.timeUs, 1_000_003);
  assert.equal(cluster.eventCount, 200_000);
});
