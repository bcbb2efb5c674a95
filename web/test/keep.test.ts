import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FILE_BYTES_MAX, fileName, readScenario } from '../src/keep/file';
import { forgetAll, recall } from '../src/keep/recall';
import { keep, type Kept, RUNS_MAX } from '../src/keep/recent';

function shelf(): { items: Map<string, string>; storing: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> } {
  const items = new Map<string, string>();
  return {
    items,
    storing: () => ({ getItem: (key) => items.get(key) ?? null, setItem: (key, value) => void items.set(key, value), removeItem: (key) => void items.delete(key) }),
  };
}

const run = (when: number, more: Partial<Kept> = {}): Kept => ({ bytes: Uint8Array.from([1, when]), time_us: 5, events: 1, when, title: `run ${when}`, seed: 3, servers: 5, ...more });

test('the last ten runs are kept, the latest first', () => {
  const { storing } = shelf();
  for (let when = 1; when <= 14; when += 1) keep(storing, run(when));
  const kept = recall(storing);
  assert.equal(kept.length, RUNS_MAX);
  assert.deepEqual(kept.map(({ when }) => when), [14, 13, 12, 11, 10, 9, 8, 7, 6, 5]);
  assert.deepEqual(kept[0], run(14));
  forgetAll(storing);
  assert.deepEqual(recall(storing), []);
});

test('a run is kept once: as it was last, and whenever it was the same', () => {
  const { storing } = shelf();
  keep(storing, run(1));
  keep(storing, run(2));
  keep(storing, run(1, { bytes: Uint8Array.from([1, 9]), time_us: 80 }));
  assert.deepEqual(recall(storing).map(({ when, time_us }) => [when, time_us]), [[1, 80], [2, 5]]);
  keep(storing, run(7, { bytes: Uint8Array.from([1, 2]) }));
  assert.deepEqual(recall(storing).map(({ when }) => when), [7, 1]);
});

test('storage that is refused, full or written by somebody else is no error', () => {
  const refuses = (): never => {
    throw new Error('SecurityError');
  };
  keep(refuses, run(1));
  forgetAll(refuses);
  assert.deepEqual(recall(refuses), []);
  const { items, storing } = shelf();
  keep(() => ({ ...storing(), setItem: refuses }), run(1));
  keep(storing, run(1));
  const [key] = items.keys();
  const good = JSON.parse(items.get(key ?? '') ?? '[]')[0];
  const { run: _, ...lacking } = good;
  for (const bad of ['', 'null', '{', '{"length":3}', '[null, 4, "x", {}]', JSON.stringify([lacking]), JSON.stringify([{ ...good, run: '<b>' }]), JSON.stringify([{ ...good, seed: -1 }])]) {
    items.set(key ?? '', bad);
    assert.deepEqual(recall(storing), [], bad);
    keep(storing, run(2));
    assert.equal(recall(storing).length, 1, bad);
  }
});

test('a file is a scenario, or it says what it is', async () => {
  const file = (text: string, size = text.length): { size: number; text: () => Promise<string> } => ({ size, text: () => Promise.resolve(text) });
  assert.deepEqual(await readScenario(file('{"version":1,"servers":3}')), { version: 1, servers: 3 });
  await assert.rejects(readScenario(file('{"version":')), /^TypeError: it is no JSON/);
  await assert.rejects(readScenario(file('[]')), /it is no object/);
  await assert.rejects(readScenario(file('null')), /it is no object/);
  await assert.rejects(readScenario(file('{}', FILE_BYTES_MAX + 1)), /it has 4000001 bytes; expected at most 4000000/);
});

test('a file is named after the scene or the seed, with letters that every system takes', () => {
  assert.equal(fileName('Figure 8: may a leader commit?', 1), 'raft-figure-8-may-a-leader-commit.json');
  assert.equal(fileName(undefined, 12), 'raft-seed-12.json');
  assert.equal(fileName('../..', 12), 'raft-seed-12.json');
});
