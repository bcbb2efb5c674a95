import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from '../src/actions';
import type { ClusterState, Input, WorldOptions } from '../src/door/types';
import { settingsOf } from '../src/faults/settings';
import { doings } from '../src/menu/doings';
import type { Item, Moment, Page } from '../src/menu/items';
import { arrowAcross, pageOf } from '../src/menu/pages';
import { spotAt } from '../src/menu/spots';
import { layoutFor } from '../src/stage/geometry';
import { targetAt } from '../src/stage/hands';
import { Scene, type ServerItem } from '../src/stage/scene';
import { frameOf, RING, type Sketch } from './frames';

const OPTIONS = { delay_us_min: 15_000, delay_us_max: 25_000, delay_tail_us: 0, loss_ppm: 0, duplicate_ppm: 0, in_order: false, disk_us_min: 500, disk_us_max: 1_500 } as WorldOptions;
const layout = layoutFor(800, 600, 5);

function sceneOf(sketch: Sketch): Scene {
  const scene = new Scene();
  scene.build(frameOf(sketch), layout, 0);
  return scene;
}

/** A moment with these servers chosen, and what is done from it. */
function moment(chosen: readonly number[], sketch: Partial<Sketch> = {}, more: { state?: Partial<ClusterState>; bench?: Partial<Bench> } = {}): Moment & { done: Input[][]; calls: string[] } {
  const scene = sceneOf({ servers: RING, ...sketch });
  const every = scene.servers.items.slice(0, scene.servers.count);
  const done: Input[][] = [];
  const calls: string[] = [];
  const state = {
    servers: every.map(({ id, up, paused, role }) => ({ id, up, paused, role, step_ms: 0, disk: { ms_min: 0.5, ms_max: 1.5, lies: false }, clock: { rate_ppm: 1_000_000 }, configuration: { voters: [1, 2, 3, 4, 5], old_voters: null, learners: [], stays_joint: false } })),
    links_cut: [],
    messages_in_flight: [{ id: 7, from: 1, to: 2, name: 'AppendEntries', term: 1, sent_ms: 0, arrives_ms: 9, held: false }],
    walls: [],
    ...more.state,
  } as unknown as ClusterState;
  const bench = {
    ended: false,
    everyServer: every,
    targets: every.filter(({ id }) => chosen.includes(id)),
    wallChosen: 0,
    anyCut: false,
    lastDone: 'nothing',
    do: (inputs: Input[]) => void done.push(inputs),
    crash: (id: number) => void calls.push(`crash ${id}`),
    removeWall: (id: number) => void calls.push(`remove ${id}`),
    ...more.bench,
  } as unknown as Bench;
  return { bench, scene, state, settings: settingsOf(state, OPTIONS, []), place: { x: 5_000, y: 5_000 }, dials: (from, to) => void calls.push(`dials ${from} ${to}`), edits: (server) => void calls.push(`edits ${server}`), asks: (question) => void calls.push(`asks ${JSON.stringify(question)}`), done, calls };
}

/** The item at the end of a path of ids. */
function item(page: Page, ...path: string[]): Item {
  const [id, ...rest] = path;
  const found = page.items.find((one) => one.id === id);
  assert.ok(found, `${id} is not among ${page.items.map((one) => one.id).join(', ')}`);
  if (rest.length === 0) return found;
  assert.equal(found.refusal, null, `${id} is refused`);
  return item((found.page as () => Page)(), ...rest);
}

const serverMenu = (of: Moment): Page => pageOf({ kind: 'server', id: 1 }, of);

test('a server is paused, slowed, and has its disk and clock set', () => {
  const now = moment([2]);
  for (const path of [['pause'], ['slow', 'slow-20'], ['disk', 'disk-10'], ['disk', 'lies'], ['clock', 'rate-110'], ['clock', 'ahead-300']]) item(serverMenu(now), ...path).run?.();
  assert.deepEqual(now.done.flat(), [
    { kind: 'pause', server: 2 },
    { kind: 'slow', server: 2, step_us: 20_000 },
    { kind: 'set_disk', server: 2, us_min: 5_000, us_max: 10_000, lies: false },
    { kind: 'set_disk', server: 2, us_min: 500, us_max: 1_500, lies: true },
    { kind: 'set_clock', server: 2, rate_ppm: 1_100_000, ahead_us: 0 },
    { kind: 'set_clock', server: 2, rate_ppm: 1_000_000, ahead_us: 300_000 },
  ]);
  assert.equal(item(serverMenu(now), 'slow', 'slow-0').checked, true, 'what holds is marked');
  assert.equal(item(serverMenu(now), 'slow', 'slow-0').refusal, 'It is so already.');
});

test('messages on their way to a server and from it are told with what they carry, and dropped or held together', () => {
  const names = ['AppendEntries', 'AppendEntries', 'AppendEntries reply', 'RequestVote'];
  const [kinds, carried] = [[2, 2, 3, 0], [{ entries: 2 }, { entries: 0 }, { verdict: 2 }, { term: 4 }]];
  const ends: readonly (readonly [number, number])[] = [[1, 2], [1, 3], [2, 1], [3, 1]];
  const now = moment(
    [1],
    { messages: names.map((_, at) => ({ id: at + 1, from: ends[at]?.[0] as number, to: ends[at]?.[1] as number, kind: kinds[at] as number, ...carried[at] })) },
    { state: { messages_in_flight: names.map((name, at) => ({ id: at + 1, from: ends[at]?.[0], to: ends[at]?.[1], name, term: 1, sent_ms: 0, arrives_ms: 9, held: at === 1 })) as never } },
  );
  const page = item(serverMenu(now), 'messages').page?.() as Page;
  assert.deepEqual(page.items.slice(4).map(({ label }) => label), ['AppendEntries S1 → S2: 2 entries', 'AppendEntries S1 → S3, held: heartbeat', 'AppendEntries reply S2 → S1: no', 'RequestVote S3 → S1: term 4']);
  for (const id of ['drop-all', 'hold-all', 'drop-sent', 'hold-sent']) item(page, id).run?.();
  const numbers = (kind: string, ...ids: number[]): Input[] => ids.map((message) => ({ kind, message }) as Input);
  assert.deepEqual(now.done, [numbers('drop', 1, 2, 3, 4), numbers('hold', 1, 3, 4), numbers('drop', 1, 2), numbers('hold', 1)]);
  assert.deepEqual(page.items.slice(0, 4).map(({ label }) => label), ['Drop all 4', 'Hold all 4', 'Drop the 2 that S1 sent', 'Hold the 2 that S1 sent']);
});

test('the menu of one server leads to what its disk holds; for several, or when all is over, it says why not', () => {
  const now = moment([3]);
  item(serverMenu(now), 'edit-disk').run?.();
  assert.deepEqual(now.calls, ['edits 3']);
  assert.equal(item(serverMenu(moment([1, 2])), 'edit-disk').refusal, 'Choose one server.');
  assert.match(item(serverMenu(moment([3], {}, { bench: { ended: true } })), 'edit-disk').refusal ?? '', /^A property is broken/);
  assert.ok(doings(moment([])).some(({ name }) => name === 'S2: Edit what its disk holds'), 'the search box has it');
});

test('what a server or a message is can be asked in its menu, also when all is over', () => {
  const now = moment([3], {}, { bench: { ended: true } });
  const voted = moment([3]);
  (voted.bench.targets[0] as ServerItem).votedFor = 1;
  item(serverMenu(now), 'why', 'why-role').run?.();
  item(serverMenu(voted), 'why', 'why-vote').run?.();
  item(pageOf({ kind: 'message', id: 7 }, now), 'why').run?.();
  assert.deepEqual(now.calls, ['asks {"about":"role","server":3}', 'asks {"about":"message","message":7}']);
  assert.deepEqual(voted.calls, ['asks {"about":"vote","server":3}']);
  assert.equal(item(serverMenu(voted), 'why', 'why-vote').label, 'Why did it vote for S1?');
  assert.equal(item(serverMenu(now), 'why', 'why-vote').refusal, 'It has voted for nobody in its term.');
  assert.equal(item(serverMenu(moment([1, 2])), 'why').refusal, 'Choose one server.');
  assert.ok(doings(moment([])).some(({ name, shows }) => shows && name === 'S2: Why is it as it is?: Why is it a follower?'), 'the search box has it');
});

test('what a menu takes from the list of actions is theirs, with their refusals', () => {
  const now = moment([1, 2]);
  assert.equal(serverMenu(now).title, 'S1 and S2');
  item(serverMenu(now), 'crash').run?.();
  assert.deepEqual(now.calls, ['crash 1', 'crash 2']);
  assert.equal(item(serverMenu(now), 'transfer').refusal, 'Choose one server only: the one that is to lead.');
  assert.equal(item(serverMenu(now), 'links').refusal, 'Choose one server.');
});

test('a paused server goes on, and does nothing else that it is told to', () => {
  const now = moment([1], { servers: [{ ...RING[0], up: 2 }, ...RING.slice(1)] });
  assert.match(item(serverMenu(now), 'timeout').refusal ?? '', /^S1: paused/);
  item(serverMenu(now), 'resume').run?.();
  assert.deepEqual(now.done, [[{ kind: 'resume', server: 1 }]]);
});

test('a crash in the middle of a save takes a save', () => {
  assert.match(item(serverMenu(moment([1])), 'crash-in-save').refusal ?? '', /^No save is under way at S1/);
  const now = moment([1], { servers: [{ ...RING[0], saving: 1 }, ...RING.slice(1)] });
  item(serverMenu(now), 'crash-in-save', 'pieces-2').run?.();
  assert.deepEqual(now.done, [[{ kind: 'crash', server: 1, written: 2 }]]);
});

test('a leader sends its heartbeats now; whoever does not lead says so, and one that is paused does nothing', () => {
  const lead = (more: object = {}): Sketch['servers'] => RING.map((server, at) => (at === 1 ? { ...server, role: 2, ...more } : server)) as Sketch['servers'];
  const now = moment([1, 2], { servers: lead() });
  item(serverMenu(now), 'heartbeat').run?.();
  assert.deepEqual(now.done, [[{ kind: 'heartbeat', server: 2 }]], 'of several, those that lead');
  assert.equal(item(serverMenu(moment([1], { servers: lead() })), 'heartbeat').refusal, 'S1: no leader, and only a leader sends heartbeats.');
  assert.match(item(serverMenu(moment([2], { servers: lead({ up: 2 }) })), 'heartbeat').refusal ?? '', /^S2: paused/);
});

test('how long a message still takes is set, unless it is held', () => {
  const now = moment([]);
  for (const ms of [5, 20, 100, 1000]) item(pageOf({ kind: 'message', id: 7 }, now), 'delay', `delay-${ms}`).run?.();
  assert.deepEqual(now.done.flat(), [5_000, 20_000, 100_000, 1_000_000].map((us) => ({ kind: 'set_delay', message: 7, us })));
  const held = moment([], {}, { state: { messages_in_flight: [{ id: 7, from: 1, to: 2, name: 'AppendEntries', held: true } as never] } });
  assert.equal(item(pageOf({ kind: 'message', id: 7 }, held), 'delay').refusal, 'It is held: let it go on first.');
});

test('a message is delivered now, held, dropped or doubled, and let go on once it is held', () => {
  const now = moment([]);
  const page = pageOf({ kind: 'message', id: 7 }, now);
  assert.equal(page.title, 'AppendEntries S1 → S2');
  for (const id of ['deliver', 'hold', 'drop', 'duplicate']) item(page, id).run?.();
  assert.deepEqual(now.done.flat().map(({ kind }) => kind), ['deliver', 'hold', 'drop', 'duplicate']);
  const held = pageOf({ kind: 'message', id: 7 }, moment([], {}, { state: { messages_in_flight: [{ id: 7, from: 1, to: 2, name: 'AppendEntries', held: true } as never] } }));
  assert.equal(held.title, 'AppendEntries S1 → S2, held');
  assert.ok(held.items.some(({ id }) => id === 'release') && !held.items.some(({ id }) => id === 'hold'));
  assert.equal(item(pageOf({ kind: 'message', id: 8 }, now), 'deliver').refusal, 'It is no longer on its way.');
});

test('each direction of a link is cut, mended, set and let flap by itself, or both alike', () => {
  const now = moment([], {}, { state: { links_cut: [{ from: 2, to: 1, by: 'hand' }] } });
  const page = pageOf({ kind: 'link', a: 1, b: 2 }, now);
  item(page, 'way-1-2', 'cut').run?.();
  item(page, 'way-2-1', 'mend').run?.();
  item(page, 'way-1-2', 'loss', 'loss-20').run?.();
  item(page, 'way-1-2', 'flap', 'flap-200').run?.();
  item(page, 'way-1-2', 'hold-latest').run?.();
  item(page, 'cut').run?.();
  assert.deepEqual(now.done, [
    [{ kind: 'cut', from: 1, to: 2 }],
    [{ kind: 'uncut', from: 2, to: 1 }],
    [{ kind: 'set_link', from: 1, to: 2, delay_us_min: 15_000, delay_us_max: 25_000, delay_tail_us: 0, loss_ppm: 200_000, duplicate_ppm: 0, in_order: false }],
    [{ kind: 'flap', from: 1, to: 2, up_us: 200_000, down_us: 200_000 }],
    [{ kind: 'hold_latest', from: 1, to: 2 }],
    [{ kind: 'cut', from: 1, to: 2 }],
  ]);
  assert.equal(item(page, 'way-2-1', 'cut').refusal, 'It is cut by hand already.');
  assert.equal(item(page, 'way-2-1', 'hold-latest').refusal, 'No message that is not held is on its way there.');
  item(page, 'way-2-1', 'dials').run?.();
  item(page, 'ways', 'delay', 'delay-60').run?.();
  assert.deepEqual([now.calls, now.done.at(-1)?.length], [['dials 2 1'], 2]);
});

test('joint consensus that stays is entered with two that leave, and left when it is asked for', () => {
  const joint = { voters: [3, 4, 5], old_voters: [1, 2, 3, 4, 5], learners: [], stays_joint: true };
  const lead: Sketch['servers'] = [...RING.slice(0, 4), { ...RING[4], role: 2, votersLo: 0b11111, leader: 5 }];
  const now = moment([1, 2], { servers: lead });
  item(serverMenu(now), 'members', 'leave-joining').run?.();
  assert.deepEqual(now.done, [[{ kind: 'set_members', voters: [3, 4, 5], learners: [], stays_joint: true }]]);
  const one = moment([1], { servers: lead });
  assert.match(item(serverMenu(one), 'members', 'leave-joining').refusal ?? '', /choose two/);
  assert.match(item(serverMenu(one), 'members', 'leave-joint').refusal ?? '', /^S1 does not lead/);
  const stage = moment([], { servers: lead });
  assert.equal(item(pageOf({ kind: 'stage' }, stage), 'leave-joint').refusal, 'No joint consensus is under way.');
  for (const server of stage.state.servers) server.configuration = joint;
  item(pageOf({ kind: 'stage' }, stage), 'leave-joint').run?.();
  assert.deepEqual(stage.done, [[{ kind: 'leave_joint' }]]);
  for (const server of stage.state.servers) server.configuration = { ...joint, stays_joint: false };
  assert.match(item(pageOf({ kind: 'stage' }, stage), 'leave-joint').refusal ?? '', /by itself/);
});

test('a wall is put where the stage was pressed, and wholly on it', () => {
  const now = { ...moment([]), place: { x: 100, y: 4_000 } };
  item(pageOf({ kind: 'stage' }, now), 'wall-here').run?.();
  assert.deepEqual(now.done, [[{ kind: 'wall', wall: 1, ax: 0, ay: 4_000, bx: 2_500, by: 4_000 }]]);
  const walled = moment([], { walls: [{ id: 3, ax: 0, ay: 0, bx: 9_000, by: 0 }] });
  item(pageOf({ kind: 'wall', id: 3 }, walled), 'remove-wall').run?.();
  assert.deepEqual(walled.calls, ['remove 3']);
});

test('what a wall stops is set in its menu, one thing at a time, and what holds is marked', () => {
  const line = { ax: 5_000, ay: 1_000, bx: 5_000, by: 9_000 };
  const now = moment([], { walls: [{ id: 3, ...line }] }, { state: { walls: [{ wall: 3, stops: 'both', loss_ppm: 500_000, ...line }] } });
  const page = pageOf({ kind: 'wall', id: 3 }, now);
  assert.deepEqual(page.items.filter(({ checked }) => checked).map(({ id }) => id), ['both', 'stops-50']);
  assert.match(item(page, 'both').refusal ?? '', /so already/);
  // Drawn downwards, its right is on the left of the page.
  assert.deepEqual([item(page, 'rightward').label, item(page, 'leftward').label], ['Stops ← only', 'Stops → only']);
  item(page, 'leftward').run?.();
  item(page, 'stops-100').run?.();
  assert.deepEqual(now.done, [[{ kind: 'set_wall', wall: 3, stops: 'leftward', loss_ppm: 500_000 }], [{ kind: 'set_wall', wall: 3, stops: 'both', loss_ppm: 1_000_000 }]]);
});

test('arrows across a wall turn with it', () => {
  const turned = (degrees: number) => arrowAcross({ ax: 0, ay: 0, bx: Math.cos((degrees * Math.PI) / 180), by: Math.sin((degrees * Math.PI) / 180) }).join('');
  assert.deepEqual([0, 45, 90, 135, 180, 225, 270, 315].map(turned), ['↓↑', '↙↗', '←→', '↖↘', '↑↓', '↗↙', '→←', '↘↖']);
});

test('when a property is broken, nothing that goes on with the run is offered', () => {
  const now = moment([1], {}, { bench: { ended: true } });
  for (const { id, refusal } of serverMenu(now).items) if (!['links', 'messages', 'part', 'why'].includes(id)) assert.match(refusal ?? '', /^A property is broken/, id);
});

test('a press means the disc, then a message, then a wall, then a line, then the stage', () => {
  const scene = sceneOf({
    servers: RING,
    messages: [{ id: 9, from: 1, to: 2, kind: 2, sinceSent: 5_000, wholeWay: 10_000 }],
    walls: [{ id: 4, ax: 500, ay: 9_500, bx: 1_500, by: 9_500 }],
  });
  const at = (x: number, y: number, touch = false) => spotAt(scene, layout, targetAt(scene, layout, x, y), x, y, touch);
  const message = scene.message(9);
  const [s1, s2, s3] = [scene.server(1), scene.server(2), scene.server(3)];
  assert.ok(message && s1 && s2 && s3);
  assert.deepEqual(at(s1.x + 3, s1.y), { kind: 'server', id: 1 });
  assert.deepEqual(at(message.x + 8, message.y), { kind: 'message', id: 9 });
  assert.notEqual(at(message.x + 18, message.y - 18).kind, 'message');
  assert.deepEqual(at(message.x + 12, message.y - 12, true), { kind: 'message', id: 9 }, 'a finger reaches further');
  assert.deepEqual(at((s2.x + s3.x) / 2 + 4, (s2.y + s3.y) / 2), { kind: 'link', a: 2, b: 3 });
  const wall = scene.walls.at(0);
  assert.deepEqual(at((wall.ax + wall.bx) / 2, wall.ay), { kind: 'wall', id: 4 });
  assert.deepEqual(at(10, 10), { kind: 'stage' });
});

test('the search box finds what menus and presets can do, for each server, with what stands against it', () => {
  const here = moment([], { servers: RING.map((server, at) => (at === 1 ? { ...server, up: 0 } : server)) });
  const all = doings(here);
  const named = (name: string) => all.filter((one) => one.name === name);
  assert.equal(named('S3: Pause').length, 1);
  named('S3: Pause')[0]?.run();
  assert.deepEqual(here.done, [[{ kind: 'pause', server: 3 }]]);
  assert.equal(named('S2: Crash').length, 0, 'a crashed server is offered its restart');
  assert.equal(named('S2: Restart')[0]?.refusal, null);
  assert.ok(named('S2: Pause')[0]?.refusal);
  assert.equal(named('All links and disks: Flaky')[0]?.refusal, null);
  assert.equal(named('All links and disks: Calm')[0]?.refusal, 'All links and disks are so already.');
  assert.ok(all.some(({ name }) => name.startsWith('S1 – S4')), 'and for each link');
  assert.deepEqual(here.bench.targets, [], 'nobody is chosen by it');
});
