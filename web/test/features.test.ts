import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { changedSize, ON_BY_DEFAULT, type Size, SIZES } from '../src/features';
import { FEATURES } from '../src/lang/en/features';

const SIM = readFileSync('../raft-sim/src/scenario.rs', 'utf8');
const CORE = readFileSync('../raft-core/src/options.rs', 'utf8');
const NAMED: Readonly<Record<string, number>> = { HOUR_US: 3_600_000_000, 'MILLION.into()': 1_000_000, '1 << 16': 1 << 16, '1 << 20': 1 << 20, timeout_min: 1_000, 'Self::CLIENTS_MAX.into()': 200 };
const value = (text: string): number => NAMED[text] ?? Number(text.replaceAll('_', ''));

/** What an option is at first, in the world's own words or in those of a server. */
function begins(option: string): string {
  const [, world = ''] = new RegExp(`impl Default for WorldOptions[^]*?\\n            ${option}: ([^\\n]+),\\n`).exec(SIM) ?? [];
  if (!world.startsWith('server.')) return world;
  return new RegExp(`impl Default for Options[^]*?\\n            ${option}: ([^\\n]+),\\n`).exec(CORE)?.[1] ?? '';
}

test('sizes begin and end where those of raft-sim do', () => {
  for (const { option, min, max, begins: first } of SIZES) {
    const [, least = '', most = ''] = new RegExp(`\\("${option}", [^,]+, ([^,]+), ([^\\n]+)\\),\\n`).exec(SIM) ?? [];
    assert.deepEqual([min, max], [value(least), value(most)], option);
    const text = begins(option);
    assert.equal(first, text === '64 << 10' ? 64 << 10 : value(text), option);
    assert.ok(FEATURES.sizes[option].tells.length > 0);
  }
  for (const option of ON_BY_DEFAULT) assert.equal(begins(option), 'true', option);
});

const size = (option: Size['option']): Size => SIZES.find((one) => one.option === option) as Size;

test('one end of the election timeout takes the other along where it passes it', () => {
  assert.deepEqual(changedSize({}, size('election_timeout_us_min'), 200_000), { election_timeout_us_min: 200_000 });
  assert.deepEqual(changedSize({}, size('election_timeout_us_min'), 400_000), { election_timeout_us_min: 400_000, election_timeout_us_max: 400_000 });
  assert.deepEqual(changedSize({ election_timeout_us_min: 200_000 }, size('election_timeout_us_max'), 100_000), { election_timeout_us_min: 100_000, election_timeout_us_max: 100_000 });
  assert.deepEqual(changedSize({}, size('heartbeat_us'), 500_000), { heartbeat_us: 500_000 });
});

test('what is so already, or cannot be, starts nothing anew', () => {
  assert.equal(changedSize({}, size('heartbeat_us'), 75_000), null);
  assert.equal(changedSize({ heartbeat_us: 50_000 }, size('heartbeat_us'), 50_000), null);
  for (const wrong of [999, 3_600_000_001, Number.NaN]) assert.equal(changedSize({}, size('heartbeat_us'), wrong), null);
});
