import assert from 'node:assert/strict';
import { test } from 'node:test';
import { barAt, barsIn, laneOf, listed, momentAt, nextOf, planFor } from '../src/clients/layout';
import { ClientModel } from '../src/clients/model';
import type { EventRecord } from '../src/door/types';
import { CLIENTS } from '../src/lang/en/clients';

type Happening = { kind: string; time_us: number } & Record<string, unknown>;
const modelOf = (...happenings: Happening[]): ClientModel => {
  const model = new ClientModel();
  happenings.forEach((happening, at) => model.add({ number: at + 1, ...happening } as EventRecord));
  return model;
};
const at = (time_us: number, kind: string, more: Record<string, unknown>): Happening => ({ kind, time_us, ...more });
const asks = (us: number, client: number, sequence: number, value: string, reads = false, server = 1): Happening => at(us, 'client_requested', { client, sequence, server, value, reads });
const answered = (us: number, client: number, sequence: number, value: string | null = null, server = 1): Happening => at(us, 'client_answered', { client, sequence, server, value });

test('an operation lasts from when it is asked for to its answer, and says what was written, appended or read', () => {
  const model = modelOf(asks(1_000, 1, 1, 'x=a=b'), answered(9_000, 1, 1), asks(9_000, 1, 2, 'x+=2'), answered(12_000, 1, 2), asks(13_000, 2, 1, 'x?', true), answered(20_000, 2, 1, 'a=b2', 3));
  assert.deepEqual(
    model.operations.map(({ client, kind, key, value, fromUs, toUs, outcome, by }) => [client, kind, key, value, fromUs, toUs, outcome, by]),
    [
      [1, 'write', 'x', '=a=b', 1_000, 9_000, 'answered', 1],
      [1, 'append', 'x', '+=2', 9_000, 12_000, 'answered', 1],
      [2, 'read', 'x', 'a=b2', 13_000, 20_000, 'answered', 3],
    ],
  );
  assert.deepEqual(model.operations.map(CLIENTS.text), ['x=a=b', 'x+=2', 'x → a=b2']);
});

test('one that ends without an answer is not said to have failed, and one that waits has no end', () => {
  const model = modelOf(asks(0, 1, 1, 'x=1'), at(5_000, 'client_retries', { client: 1, sequence: 1, server: 2 }), at(9_000, 'client_gave_up', { client: 1, sequence: 1, server: 2 }), asks(9_000, 1, 2, 'x?', true));
  assert.deepEqual(model.operations.map(({ outcome, tries, server }) => [outcome, tries, server]), [['unknown', 2, 2], ['open', 1, 1]]);
  assert.match(CLIENTS.outcomes.unknown, /done, or not, or still to come/);
  const plan = planFor(500, 1);
  const view = { startUs: 0, usPerPx: 100 };
  const [, open] = barsIn(plan, view, model, 30_000);
  assert.equal(open?.x2, plan.left + 300);
});

test('what a server is asked for directly ends when that server has committed it, or has read it', () => {
  const model = modelOf(
    at(0, 'input_applied', { input: { kind: 'propose', value: 'x=1', server: 2 } }),
    { ...at(0, 'decision', { server: 2, event: { kind: 'entries_appended', first: { index: 4, term: 1 }, count: 1 } }), cause: 1 },
    at(1_000, 'input_applied', { input: { kind: 'read', key: 'x', server: 3 } }),
    at(5_000, 'decision', { server: 1, event: { kind: 'committed', to: 4 } }),
    at(7_000, 'decision', { server: 2, event: { kind: 'committed', to: 4 } }),
    at(8_000, 'read_answered', { server: 3, key: 'x', value: '1', index: 4 }),
  );
  assert.deepEqual(model.operations.map(({ client, slot, toUs, outcome, by, value }) => [client, slot, toUs, outcome, by, value]), [
    [0, 0, 7_000, 'answered', 2, '=1'],
    [0, 1, 8_000, 'answered', 3, '1'],
  ]);
  // Two at once need two lanes, below those there are clients for.
  assert.deepEqual(model.lanes, [{ client: 0, slot: 0 }, { client: 0, slot: 1 }]);
});

test('a write that a server was handed is uncertain once that server has crashed', () => {
  const model = modelOf(at(0, 'input_applied', { input: { kind: 'propose', value: 'x=1', server: 2 } }), at(3_000, 'crashed', { server: 2, written: 0 }));
  assert.deepEqual(model.operations.map(({ outcome, toUs }) => [outcome, toUs]), [['unknown', 3_000]]);
});

test('the read that no order explains is the stale one, also when its client has not heard of it', () => {
  const heard = modelOf(asks(0, 1, 1, 'k=1'), answered(2_000, 1, 1), asks(3_000, 2, 1, 'k?', true), answered(6_000, 2, 1), at(6_000, 'violated', { property: 'linearizability' }));
  assert.deepEqual(heard.operations.map(({ stale }) => stale), [false, true]);
  const early = modelOf(asks(0, 2, 1, 'k?', true), at(2_000, 'read_answered', { server: 1, key: 'k', value: null }), at(2_000, 'violated', { property: 'linearizable_reads' }));
  assert.deepEqual(early.operations.map(({ stale }) => stale), [true]);
  const other = modelOf(asks(0, 1, 1, 'k=1'), answered(2_000, 1, 1), at(2_000, 'violated', { property: 'election_safety' }));
  assert.deepEqual(other.operations.map(({ stale }) => stale), [false]);
});

test('what nobody looked at is not known', () => {
  const model = modelOf(asks(0, 1, 1, 'x=1'));
  model.skipTo(500, 90_000);
  assert.deepEqual(model.operations.map(({ outcome }) => outcome), ['unseen']);
  assert.deepEqual(model.gaps, [{ fromUs: 0, toUs: 90_000 }]);
});

test('lanes stand in the order of the clients, and a press means an end of an operation or where it is', () => {
  const model = modelOf(asks(10_000, 7, 1, 'x=1'), answered(30_000, 7, 1), asks(10_000, 1, 1, 'x=2'), answered(40_000, 1, 1));
  assert.deepEqual(model.lanes.map(({ client }) => client), [1, 7]);
  const plan = planFor(500, 2);
  const view = { startUs: 0, usPerPx: 100 };
  const bars = barsIn(plan, view, model, 50_000);
  const y = plan.top + (laneOf(model.lanes, { client: 7, slot: 0 }) - 0.5) * plan.lane;
  const bar = barAt(bars, plan, plan.left + 200, y);
  assert.equal(bar?.operation.client, 7);
  assert.equal(momentAt(plan, view, bar, (bar?.x1 ?? 0) + 2), 10_000);
  assert.equal(momentAt(plan, view, bar, (bar?.x2 ?? 0) - 2), 30_000);
  assert.equal(momentAt(plan, view, bar, plan.left + 200), 20_000);
  assert.equal(barAt(bars, plan, plan.left + 350, y), undefined);
  assert.equal(momentAt(plan, view, undefined, plan.left + 350), 35_000);
});

test('the table tells operations as they are at the moment, the latest first', () => {
  const model = modelOf(asks(10_000, 1, 1, 'x=1'), answered(30_000, 1, 1), asks(40_000, 1, 2, 'x=2'));
  assert.deepEqual(listed(model, 20_000, 9).map(({ operation, over }) => [operation.key + operation.value, over]), [['x=1', false]]);
  assert.deepEqual(listed(model, 50_000, 9).map(({ operation, over }) => [operation.key + operation.value, over]), [['x=2', false], ['x=1', true]]);
  assert.equal(listed(model, 50_000, 1).length, 1);
  const [first, second] = model.operations;
  assert.equal(nextOf(model, null, false, 35_000), first);
  assert.equal(nextOf(model, first ?? null, true, 0), second);
  assert.equal(nextOf(model, second ?? null, true, 0), undefined);
});
