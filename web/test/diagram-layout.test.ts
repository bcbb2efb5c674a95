import assert from 'node:assert/strict';
import { test } from 'node:test';
import { distance, fitted, following, heightFor, inSight, lineOf, panned, planFor, serverAt, spanUs, tickText, ticks, timeAt, US_PER_PX, xOf, yOf, zoomed } from '../src/diagram/layout';
import { Model } from '../src/diagram/model';
import { momentOf, nextSpot, spotAt, tellSpot } from '../src/diagram/spots';

const plan = planFor(530, 354, 5);
const view = { startUs: 10_000, usPerPx: 100 };

const beats = (count: number): Model => {
  const model = new Model();
  for (let i = 0; i < count; i += 1) {
    const label = { message: i + 1, from: 1, to: 3, name: 'AppendEntries', term: 2 };
    model.add({ number: 2 * i + 1, time_us: 10_000 + i * 10, kind: 'sent', ...label });
    model.add({ number: 2 * i + 2, time_us: 10_000 + i * 10 + 5_000, kind: 'delivered', ...label });
  }
  return model;
};

test('time runs from left to right and comes back from x', () => {
  assert.equal(xOf(plan, view, view.startUs), plan.left);
  assert.equal(timeAt(plan, view, xOf(plan, view, 12_345)), 12_345);
  assert.equal(timeAt(plan, view, plan.right), view.startUs + spanUs(plan, view));
});

test('a lane has a height that leads back to its server, and above and below is nobody', () => {
  for (const server of [1, 3, 5]) assert.equal(serverAt(plan, yOf(plan, server)), server);
  assert.equal(serverAt(plan, plan.top - 1), 0);
  assert.equal(serverAt(plan, plan.bottom + 1), 0);
});

test('fifty servers have lanes of their own, names that do not meet, and no text in their bars', () => {
  const many = planFor(480, heightFor(50), 50);
  assert.ok(many.lane >= 5 && many.bar < many.lane);
  assert.ok(many.nameEvery * many.lane >= 14);
  assert.equal(many.roomy, false);
  assert.ok(many.bottom < many.height);
});

test('zooming keeps the moment under the hand and stops at both ends', () => {
  const near = zoomed(plan, view, 0.5, 200);
  assert.equal(near.usPerPx, 50);
  assert.ok(Math.abs(timeAt(plan, near, 200) - timeAt(plan, view, 200)) < 1e-6);
  assert.equal(zoomed(plan, view, 1e-9, 200).usPerPx, US_PER_PX.min);
  assert.equal(zoomed(plan, view, 1e9, 200).usPerPx, US_PER_PX.max);
});

test('panning never leaves the run behind, and all of it fits at once', () => {
  const span = spanUs(plan, view);
  assert.equal(panned(plan, view, 10, 0, 1_000_000).startUs, 11_000);
  assert.ok(panned(plan, view, 1e9, 0, 1_000_000).startUs < 1_000_000);
  assert.ok(panned(plan, view, -1e9, 0, 1_000_000).startUs + span > 0);
  const all = fitted(plan, 20_000, 900_000);
  assert.ok(all.startUs <= 20_000 && timeAt(plan, all, plan.right) >= 900_000);
});

test('the present runs to the right edge and stays there; with reduced motion the page is turned', () => {
  const span = spanUs(plan, view);
  const inside = view.startUs + span / 2;
  assert.equal(following(plan, view, inside, false), view);
  const beyond = view.startUs + span + 5_000;
  assert.equal(following(plan, view, beyond, false).startUs, beyond - span);
  const turned = following(plan, view, beyond, true);
  assert.equal(turned.startUs, beyond - span / 4);
  assert.equal(following(plan, turned, beyond + 1_000, true), turned);
  assert.ok(following(plan, view, 0, false).startUs === 0);
});

test('moments are named round and apart from each other', () => {
  for (const usPerPx of [4, 70, 700, 9_000, 400_000]) {
    const list = ticks(plan, { startUs: 12_345, usPerPx });
    const step = (list[1] ?? 0) - (list[0] ?? 0);
    assert.ok(list.length >= 2 && list.length < 20, `${usPerPx}: ${list.length}`);
    assert.ok(step / usPerPx >= 64);
    assert.match(String(step), /^[125]0*$/);
  }
  assert.equal(tickText(50_000, 50_000), '50 ms');
  assert.equal(tickText(500, 500), '0.5 ms');
  assert.equal(tickText(1_250_000, 50_000), '1.25 s');
  assert.equal(tickText(3_000_000, 1_000_000), '3 s');
});

test('a line ends where its message did: at the lane, on the way, or as far as it has come by now', () => {
  const line = { x1: 0, y1: 0, x2: 0, y2: 0 };
  const model = beats(1);
  const [message] = model.messages;
  assert.ok(message);
  lineOf(plan, view, message, 90_000, 0.4, line);
  assert.deepEqual({ ...line }, { x1: plan.left, y1: yOf(plan, 1), x2: plan.left + 50, y2: yOf(plan, 3) });
  lineOf(plan, view, { ...message, fate: 'open' }, 12_000, 0.5, line);
  assert.deepEqual([line.x2, line.y2], [plan.left + 20, yOf(plan, 2)]);
  lineOf(plan, view, { ...message, fate: 'lost', share: 0.25 }, 90_000, 1, line);
  assert.equal(line.y2, yOf(plan, 1) + (yOf(plan, 3) - yOf(plan, 1)) / 4);
  assert.equal(distance({ x1: 0, y1: 0, x2: 10, y2: 0 }, 5, 3), 3);
  assert.equal(distance({ x1: 0, y1: 0, x2: 10, y2: 0 }, 14, 3), 5);
});

test('only what is in sight is drawn, and of too many ordinary messages every so-manieth, always the same', () => {
  const few = inSight(plan, { startUs: 11_000, usPerPx: 1 }, beats(1_000), 1e9);
  assert.equal(few.every, 1);
  assert.ok(few.messages.length < 1_000 && few.messages.every(({ sentUs, endUs }) => sentUs <= 11_000 + spanUs(plan, { startUs: 0, usPerPx: 1 }) && endUs >= 11_000 - 4));
  const model = beats(9_000);
  const [first] = model.messages;
  if (first) first.fate = 'lost';
  const many = inSight(plan, { startUs: 0, usPerPx: 1_000 }, model, 1e9);
  assert.ok(many.every >= 4 && many.messages.length < 2_500);
  assert.equal(many.messages[0], first);
  const moved = inSight(plan, { startUs: 1_000, usPerPx: 1_000 }, model, 1e9);
  assert.deepEqual(moved.messages, many.messages);
});

test('what is pointed at is found, told in words, and has a moment', () => {
  const model = beats(1);
  const [message] = model.messages;
  assert.ok(message);
  const x = xOf(plan, view, 12_500);
  const spot = spotAt(plan, view, model, 90_000, () => 1, x, yOf(plan, 2) + 3);
  assert.deepEqual(spot, { kind: 'message', message });
  assert.ok(spot);
  assert.deepEqual(tellSpot(spot, () => undefined), ['AppendEntries, term 2, S1 → S3', 'Sent at 10.0 ms, arrived at 15.0 ms, after 5 ms.']);
  assert.deepEqual(tellSpot({ kind: 'message', message: { ...message, fate: 'lost', why: 'receiver_down' } }, () => undefined)[1], 'Sent at 10.0 ms, lost at 15.0 ms: its receiver was down.');
  assert.deepEqual(tellSpot({ kind: 'message', message: { ...message, fate: 'blocked', wall: 2 } }, () => undefined)[1], 'Sent at 10.0 ms, stopped at 15.0 ms by wall 2.');
  assert.equal(momentOf(spot, 12_500, 90_000), 12_500);
  assert.equal(momentOf(spot, 99_000, 90_000), 15_000);
  assert.equal(spotAt(plan, view, model, 90_000, () => 1, x + 40, yOf(plan, 5))?.kind, undefined);
  const lane = spotAt(plan, view, model, 90_000, () => 1, xOf(plan, view, 40_000), yOf(plan, 1));
  assert.equal(lane?.kind, 'span');
  assert.ok(lane && tellSpot(lane, () => undefined)[0] === 'S1, leader, term 2');
});

test('by keys one goes from event to event in the order of time', () => {
  const model = beats(3);
  const last = nextSpot(model, null, false, 1e9);
  assert.equal(last?.us, 10_020);
  const before = nextSpot(model, last?.spot ?? null, false, 1e9);
  assert.equal(before?.us, 10_010);
  assert.equal(nextSpot(model, before?.spot ?? null, true, 1e9)?.us, 10_020);
  assert.equal(nextSpot(model, last?.spot ?? null, true, 1e9), null);
});
