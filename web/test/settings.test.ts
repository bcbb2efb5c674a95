import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClusterState, Input, ServerState, WorldOptions } from '../src/door/types';
import { allWell, applyPreset, cut, flap, linksIn, mend, pause, PRESETS, presetOf, resume, serversIn, setClocks, setDisks, setLinks, slow } from '../src/faults/inputs';
import { doneUpTo, type Settings, settingsOf } from '../src/faults/settings';
import { linesOf, linkText } from '../src/faults/told';
import { FAULTS } from '../src/lang/en/faults';

const OPTIONS = { delay_us_min: 15_000, delay_us_max: 25_000, delay_tail_us: 0, loss_ppm: 0, duplicate_ppm: 0, in_order: false, disk_us_min: 500, disk_us_max: 1_500 } as WorldOptions;
type Some = Partial<Pick<ServerState, 'up' | 'paused' | 'step_ms' | 'disk' | 'clock'>>;

function settings(done: readonly Input[] = [], servers: readonly Some[] = [{}, {}, {}], more: Partial<ClusterState> = {}): Settings {
  const state = {
    servers: servers.map((server, at) => ({ id: at + 1, up: true, paused: false, step_ms: 0, disk: { ms_min: 0.5, ms_max: 1.5, lies: false }, clock: { rate_ppm: 1_000_000, shows_ms: 0 }, ...server })),
    links_cut: [],
    messages_in_flight: [],
    walls: [],
    ...more,
  } as unknown as ClusterState;
  return settingsOf(state, OPTIONS, done);
}

const slowLink: Input = { kind: 'set_link', from: 1, to: 2, delay_us_min: 40_000, delay_us_max: 60_000, loss_ppm: 50_000, duplicate_ppm: 0 };

test('links are as the run began, but for what was set of a direction since', () => {
  const { links } = settings([slowLink]);
  assert.equal(links.length, 6);
  const [set] = linksIn(settings([slowLink]), { from: 1, to: 2 });
  assert.deepEqual([set?.delay_us_min, set?.delay_us_max, set?.loss_ppm, set?.delay_tail_us, set?.in_order], [40_000, 60_000, 50_000, 0, false]);
  assert.equal(linksIn(settings([slowLink]), { from: 2, to: 1 })[0]?.delay_us_min, 15_000);
});

test('a link flaps until it is cut, mended, parted or healed', () => {
  const flaps: Input = { kind: 'flap', from: 1, to: 2, up_us: 1_000, down_us: 2_000 };
  const of = (...later: Input[]) => linksIn(settings([flaps, ...later]), { from: 1, to: 2 })[0]?.flap;
  assert.deepEqual(of(), { up_us: 1_000, down_us: 2_000 });
  assert.deepEqual(of({ kind: 'cut', from: 2, to: 1 }), { up_us: 1_000, down_us: 2_000 });
  for (const end of [{ kind: 'cut', from: 1, to: 2 }, { kind: 'uncut', from: 1, to: 2 }, { kind: 'heal' }, { kind: 'partition', groups: [[1]] }] as Input[]) assert.equal(of(end), null, end.kind);
});

test('what is planned for later was not done yet, and of one microsecond the number of events decides', () => {
  const heal: Input = { kind: 'heal' };
  const inputs = [
    { at_us: 10, input: slowLink },
    { at_us: 20, after_events: 2, input: heal },
    { at_us: 30, input: heal },
  ];
  let asked = 0;
  const at = (us: number, events: number): number => doneUpTo({ inputs }, us, () => ((asked += 1), events)).length;
  assert.deepEqual([at(9, 0), at(10, 0), at(19, 0)], [0, 1, 1]);
  assert.equal(asked, 0, 'it is a search, and is asked for only where it matters');
  assert.deepEqual([at(20, 1), at(20, 2), at(30, 0)], [1, 2, 3]);
});

test('only what changes something is done, so that nothing is refused', () => {
  const now = settings([slowLink], [{}, { up: false }, { paused: true }]);
  const all = linksIn(now, { from: 0, to: 0 });
  assert.equal(setLinks(all, { loss_ppm: 50_000 }).length, 5, 'one has that loss already');
  assert.deepEqual(pause(now.servers), [{ kind: 'pause', server: 1 }]);
  assert.deepEqual(resume(now.servers), [{ kind: 'resume', server: 3 }]);
  assert.deepEqual(slow(serversIn(now, 1), 0), []);
  assert.deepEqual(setClocks(serversIn(now, 1), 1_000_000), []);
  assert.deepEqual(setClocks(serversIn(now, 1), null, 5_000), [{ kind: 'set_clock', server: 1, rate_ppm: 1_000_000, ahead_us: 5_000 }]);
  assert.deepEqual(setDisks(serversIn(now, 1), { us_min: 500, us_max: 1_500, lies: false }), []);
  const [one] = linksIn(settings([], undefined, { links_cut: [{ from: 1, to: 2, by: 'hand' }] }), { from: 1, to: 2 });
  assert.ok(one);
  assert.deepEqual([cut([one]).length, mend([one]).length], [0, 1]);
  assert.deepEqual(flap([{ ...one, flap: { up_us: 5, down_us: 5 } }], 5, 5), []);
  assert.equal(mend([{ ...one, cut: false, flap: { up_us: 5, down_us: 5 } }]).length, 1, 'also while it is whole');
  assert.equal(cut([{ ...one, flap: { up_us: 5, down_us: 5 } }]).length, 1, 'to cut it ends its flapping');
});

test('where the shortest time passes the longest, the other end follows', () => {
  const one = linksIn(settings(), { from: 1, to: 2 });
  const times = (change: object) => setLinks(one, change).map((input) => (input.kind === 'set_link' ? [input.delay_us_min, input.delay_us_max] : []));
  assert.deepEqual(times({ delay_us_min: 50_000 }), [[50_000, 50_000]]);
  assert.deepEqual(times({ delay_us_max: 5_000 }), [[5_000, 5_000]]);
  const disk = setDisks(serversIn(settings(), 1), { us_min: 9_000 });
  assert.deepEqual(disk, [{ kind: 'set_disk', server: 1, us_min: 9_000, us_max: 9_000, lies: false }]);
});

test('all well again undoes everything that is told as set, and then nothing is left to do', () => {
  const bad = settings(
    [slowLink, { kind: 'flap', from: 2, to: 3, up_us: 1_000, down_us: 1_000 }],
    [{ up: false }, { paused: true, step_ms: 5 }, { disk: { ms_min: 5, ms_max: 9, lies: true }, clock: { rate_ppm: 1_500_000, shows_ms: 0 } }],
    { walls: [{ wall: 1, ax: 0, ay: 0, bx: 9, by: 9, stops: 'both', loss_ppm: 1_000_000 }], messages_in_flight: [{ held: true }] as never },
  );
  assert.deepEqual(
    allWell(bad).map(({ kind }) => kind),
    ['heal', 'set_link', 'release_all', 'restart', 'resume', 'slow', 'set_disk', 'set_clock'],
  );
  assert.deepEqual(
    linesOf(bad).map(({ who, what }) => `${who}: ${what}`),
    [
      'S1 → S2: 40 to 60 ms, 5 % lost',
      'S2 → S3: flaps: 1 ms cut, 1 ms whole',
      ': 1 wall stands',
      ': 1 message is held',
      'S1: crashed',
      'S2: paused',
      'S2: slow, 5 ms for each thing',
      'S3: a save takes 5 to 9 ms; the disk lies',
      'S3: clock at 150 %',
    ],
  );
  assert.deepEqual(allWell(settings()), []);
  assert.deepEqual(linesOf(settings()), []);
});

test('walls are taken away where they are told, unless links that were cut by hand would be mended with them', () => {
  const walls = { walls: [{ wall: 1, ax: 0, ay: 0, bx: 9, by: 9, stops: 'both', loss_ppm: 1_000_000 }] } as unknown as Partial<ClusterState>;
  const well = (done: readonly Input[]): readonly Input[] | undefined => linesOf(settings(done, [{}, {}, {}], walls)).find(({ what }) => what === '1 wall stands')?.well;
  assert.deepEqual(well([]), [{ kind: 'heal' }]);
  assert.deepEqual(well([{ kind: 'flap', from: 2, to: 3, up_us: 1_000, down_us: 1_000 }]), []);
});

test('links that are alike are told together, and both directions as one', () => {
  const set = (from: number, to: number): Input => ({ ...slowLink, from, to }) as Input;
  const who = (...links: [number, number][]): string | undefined => linesOf(settings(links.map(([from, to]) => set(from, to))))[0]?.who;
  assert.equal(who([1, 2]), 'S1 → S2');
  assert.equal(who([1, 2], [2, 1]), 'S1 – S2');
  assert.equal(who([1, 2], [2, 1], [3, 1]), 'S1 – S2, S3 → S1');
  assert.equal(who([1, 2], [2, 1], [3, 1], [1, 3], [2, 3], [3, 2]), 'All links');
});

test('a preset is set once, holds then, and its figures are those that are told', () => {
  for (const preset of PRESETS) {
    const { link, disk } = presetOf(preset);
    const done = applyPreset(settings(), preset);
    const after = settings(done, [1, 2, 3].map(() => ({ disk: { ms_min: disk.us_min / 1000, ms_max: disk.us_max / 1000, lies: false } })));
    assert.deepEqual(applyPreset(after, preset), [], preset);
    const { tells } = FAULTS.presets.list[preset];
    const told = linkText(link);
    assert.ok(tells.toLowerCase().includes(told.split(' ms')[0] as string), `${tells} does not tell ${told}`);
    for (const [part] of told.matchAll(/[\d.]+ % \w+/g)) assert.ok(tells.includes(part), `${tells} does not tell ${part}`);
  }
  assert.deepEqual(applyPreset(settings(), 'calm'), [], 'a run begins calm');
});
