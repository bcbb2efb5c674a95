import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Box, type Label, labelsOf, markRadius, meets } from '../src/diagram/labels';
import { fitted, planFor, type Plan, type View, xOf, yOf } from '../src/diagram/layout';
import { Model } from '../src/diagram/model';
import { stepBoxes } from '../src/diagram/paint-why';
import type { EventRecord } from '../src/door/types';
import type { Step } from '../src/panels/past/chain';

const measure = (text: string): number => text.length * 6.4;
const ROUND_US = 120_000;

/** Elections one after the other: each leader commits twice, crashes, comes back; walls come and go. */
function troubled(rounds: number, servers: number, roundUs = ROUND_US): Model {
  const model = new Model();
  let number = 0;
  const add = (time_us: number, kind: string, more: Record<string, unknown>): void => model.add({ number: (number += 1), time_us, kind, ...more } as EventRecord);
  const decides = (us: number, server: number, kind: string, more: Record<string, unknown>): void => add(us, 'decision', { server, event: { kind, ...more } });
  for (let round = 0; round < rounds; round += 1) {
    const [us, term, leader] = [round * roundUs, round + 1, (round % servers) + 1];
    const at = (share: number): number => Math.round(us + share * roundUs);
    decides(at(0.02), leader, 'became_candidate', { term });
    for (let server = 1; server <= servers; server += 1) if (server !== leader) decides(at(0.06), server, 'term_adopted', { from: term - 1, to: term });
    decides(at(0.1), leader, 'became_leader', { term });
    for (const [share, to] of [[0.14, 2 * round + 1], [0.3, 2 * round + 2]] as const) decides(at(share), leader, 'committed', { to, reason: { because: 'quorum_holds' } });
    add(at(0.4), 'input_applied', { input: { kind: 'wall', wall: term } });
    add(at(0.6), 'crashed', { server: leader });
    add(at(0.7), 'input_applied', { input: { kind: 'remove_wall', wall: term } });
    add(at(0.8), 'restarted', { server: leader });
  }
  return model;
}

const step = (place: number, server: number, timeUs: number): Step => ({ place, number: place, timeUs, server, text: '', link: 'because', explains: place - 1 });
const now = (nowUs: number, steps: readonly Step[] = [], every = 1): Parameters<typeof labelsOf>[3] => ({ nowUs, present: () => undefined, steps, every });
const written = (labels: readonly Label[]): string[] => labels.map(({ text }) => text);

/** The marks that nothing may be written on. */
function marked(plan: Plan, view: View, model: Model, steps: readonly Step[]): Box[] {
  const r = markRadius(plan);
  return [...stepBoxes(plan, view, steps), ...model.marks.map(({ server, atUs }) => ({ x: xOf(plan, view, atUs) - r, y: yOf(plan, server), width: 2 * r, height: 2 * r }))];
}

test('no label stands on another, nor on a mark, however near elections are to each other and however far one looks from', () => {
  let looked = 0;
  for (const servers of [1, 3, 5, 9, 50]) {
    for (const roundUs of [4_000, 40_000, 400_000]) {
      const model = troubled(14, servers, roundUs);
      const steps = [0.02, 0.1, 0.11, 0.3, 0.6].map((share, at) => step(at + 1, at === 2 ? 0 : 1, Math.round((7 * servers + share) % 14 * roundUs)));
      for (const height of [140, 220, 330, 560]) {
        const plan = planFor(480, height, servers);
        for (const share of [1, 0.4, 0.13, 0.03]) {
          const view = fitted(plan, 6 * roundUs, (6 + 8 * share) * roundUs);
          for (const nowUs of [6.3 * roundUs, 6.41 * roundUs, model.endUs]) {
            const labels = labelsOf(plan, view, model, now(nowUs, steps, looked % 2 === 0 ? 3 : 1), measure);
            const marks = marked(plan, view, model, steps);
            labels.forEach((label, at) => {
              const other = [...labels.slice(0, at), ...(label.kind === 'note' || label.kind === 'gap' ? [] : marks)].find((one) => meets(label, one));
              assert.equal(other, undefined, `${JSON.stringify(label)} with ${servers} servers of ${plan.lane} px`);
              looked += 1;
            });
          }
        }
      }
    }
  }
  assert.ok(looked > 5_000, `${looked} labels`);
});

test('what a leader is called moves from under the step that explains its election, and is not left out', () => {
  const model = troubled(1, 5);
  const plan = planFor(480, 330, 5);
  const view = fitted(plan, 0, ROUND_US);
  const leads = (steps: readonly Step[]): Label | undefined => labelsOf(plan, view, model, now(ROUND_US, steps), measure).find(({ text }) => text === 'leader 1');
  const [alone, beside] = [leads([]), leads([step(1, 1, 12_000)])];
  assert.ok(alone && beside);
  assert.ok(Math.abs(alone.x - xOf(plan, view, 12_000) - 4) < 0.01);
  const [mark] = stepBoxes(plan, view, [step(1, 1, 12_000)]);
  assert.ok(mark && beside.x >= mark.x + mark.width && beside.x < mark.x + mark.width + 8);
});

test('a leader is named before the terms of followers, and these before what is committed', () => {
  const model = troubled(1, 5);
  // Lanes in which a commit would stand on the next server's term.
  const plan = planFor(480, 34 + 20 + 5 * 31, 5);
  const texts = written(labelsOf(plan, fitted(plan, 0, ROUND_US), model, now(ROUND_US), measure));
  assert.equal(texts.filter((text) => text === 'leader 1').length, 1);
  assert.equal(texts.filter((text) => text === 'term 1').length, 4 + 1);
  assert.deepEqual(texts.filter((text) => text.startsWith('✓')), ['✓ 2']);
});

test('the name of a wall that begins now stands beside the head of the present, near its own line', () => {
  const model = troubled(1, 5);
  const plan = planFor(480, 330, 5);
  for (const view of [{ startUs: 0, usPerPx: 300 }, { startUs: 48_000 - 300 * (plan.right - plan.left), usPerPx: 300 }]) {
    const wall = labelsOf(plan, view, model, now(48_000), measure).find(({ kind }) => kind === 'barrier');
    const line = xOf(plan, view, 48_000);
    assert.ok(wall, 'it is named');
    assert.ok(!meets(wall, { x: line - 5, y: plan.top - 7, width: 10, height: 8 }));
    assert.ok(Math.min(Math.abs(wall.x - line), Math.abs(wall.x + wall.width - line)) < 30);
  }
});

test('where not every election has room for a sentence, their terms stand there, the latest first', () => {
  const model = troubled(14, 5);
  const plan = planFor(480, 330, 5);
  const heads = (from: number, to: number): string[] => labelsOf(plan, fitted(plan, from, to), model, now(model.endUs), measure).filter(({ kind }) => kind === 'election').map(({ text }) => text);
  assert.deepEqual(heads(0, 1.9 * ROUND_US), ['S2 elected, term 2', 'S1 elected, term 1']);
  assert.deepEqual(heads(0, 4.9 * ROUND_US).slice(0, 1), ['term 5']);
  assert.ok(heads(0, 14 * ROUND_US).length < 14);
});

test('a stretch that nobody looked at says so, and no lane writes over that', () => {
  const model = troubled(1, 5);
  model.skipTo(1_000, 900_000);
  const plan = planFor(480, 330, 5);
  const labels = labelsOf(plan, fitted(plan, 0, 900_000), model, now(900_000), measure);
  assert.equal(labels.filter(({ kind }) => kind === 'gap').length, 1);
});
