import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FILM_SPEEDS, type FilmPlan, nearestSpeed, planOf, SECONDS_MAX, type Unfit } from '../src/exports/film';
import { fileOf, TraceTooLong } from '../src/exports/lines';

const planned = (fromUs: number, toUs: number, speed: number): FilmPlan => {
  const plan = planOf({ fromUs, toUs, speed });
  assert.ok('momentsUs' in plan, JSON.stringify(plan));
  return plan;
};

test('a film begins with the first moment of its stretch and ends with the last, evenly between', () => {
  const { momentsUs, seconds } = planned(800_000, 1_000_000, 0.02);
  assert.equal(seconds, 10);
  assert.equal(momentsUs.length, 126);
  assert.deepEqual([momentsUs[0], momentsUs[1], momentsUs.at(-1)], [800_000, 801_600, 1_000_000]);
  for (const [fromUs, toUs, speed] of [[0, 1, 0.002], [5, 777_777, 0.05], [0, 60_000_000, 10], [123, 80_123, 1], [0, 80_000, 1]] as const) {
    const { momentsUs } = planned(fromUs, toUs, speed);
    assert.equal(momentsUs[0], fromUs);
    assert.equal(momentsUs.at(-1), toUs);
    assert.ok(momentsUs.every((us, at) => Number.isInteger(us) && (at === 0 || us > (momentsUs[at - 1] as number))), `${fromUs} to ${toUs} at ${speed}`);
    assert.ok(momentsUs.length <= SECONDS_MAX * 12.5 + 1);
  }
});

test('what is no film says why, and at which speed it would be one', () => {
  assert.deepEqual(planOf({ fromUs: 10, toUs: 10, speed: 1 }), { why: 'empty' });
  assert.deepEqual(planOf({ fromUs: 11, toUs: 10, speed: 1 }), { why: 'empty' });
  const long = planOf({ fromUs: 0, toUs: 2_000_000, speed: 0.02 }) as Extract<Unfit, { why: 'long' }>;
  assert.deepEqual(long, { why: 'long', seconds: 100, fits: 0.1 });
  assert.ok('momentsUs' in planOf({ fromUs: 0, toUs: 2_000_000, speed: long.fits ?? 0 }));
  assert.deepEqual(planOf({ fromUs: 0, toUs: 3_600_000_000, speed: 1 }), { why: 'long', seconds: 3_600, fits: undefined });
});

test('the page’s speed leads to the nearest that a film can have', () => {
  for (const speed of FILM_SPEEDS) assert.equal(nearestSpeed(speed), speed);
  assert.equal(nearestSpeed(0.001), 0.002);
  assert.equal(nearestSpeed(0.8), 1);
  assert.equal(nearestSpeed(0.6), 0.5);
});

const linesOf = (texts: readonly string[]): { lines: () => string | undefined } => {
  const left = [...texts];
  return { lines: () => left.shift() };
};

test('the lines of a trace are one file, and the page rests between its stretches', async () => {
  let rests = 0;
  const rest = async (): Promise<void> => void (rests += 1);
  const blob = await fileOf(linesOf(['{"a":1}\n', '', '{"b":"ü"}\n']), rest);
  assert.equal(await blob.text(), '{"a":1}\n{"b":"ü"}\n');
  assert.equal(rests, 3);
  await assert.rejects(fileOf(linesOf(['12345\n', '12345\n', '12345\n']), rest, 12), (error: unknown) => error instanceof TraceTooLong);
  assert.equal((await fileOf(linesOf(['12345\n', '12345\n']), rest, 12)).size, 12);
});
