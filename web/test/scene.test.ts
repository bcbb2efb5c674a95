import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MEMBERS_BIT, NO_OP_BIT, NO_TIMER } from '../src/door/layout';
import { layoutFor } from '../src/stage/geometry';
import { shifted, targetAt } from '../src/stage/hands';
import { AFTERGLOW_US, asksForVotes, inSteps, Scene, VOTE, Way } from '../src/stage/scene';
import { frameOf, RING, type Sketch } from './frames';

const layout = layoutFor(1000, 840, 5);
const sceneOf = (sketch: Sketch, steps = 0): Scene => {
  const scene = new Scene();
  scene.build(frameOf(sketch), layout, steps);
  return scene;
};

test('a message stands as far on its way as its time says, to the right of it', () => {
  const servers = [{ x: 1000, y: 5000 }, { x: 9000, y: 5000 }];
  const scene = sceneOf({ servers, messages: [{ from: 1, to: 2, kind: 2, entries: 3, sinceSent: 5_000, wholeWay: 20_000, untilEnd: 20_000 }] });
  const message = scene.messages.at(0);
  assert.equal(message.x, 100 + 800 / 4);
  assert.equal(message.y, 400 + 5);
  assert.deepEqual([message.dx, message.dy, message.kind, message.reply, message.entries], [1, 0, 'append', false, 3]);
});

test('both directions of a link keep apart', () => {
  const servers = [{ x: 1000, y: 5000 }, { x: 9000, y: 5000 }];
  const half = { sinceSent: 1, wholeWay: 2, untilEnd: 2 };
  const scene = sceneOf({ servers, messages: [{ from: 1, to: 2, kind: 2, ...half }, { from: 2, to: 1, kind: 3, verdict: 1, ...half }] });
  assert.equal(scene.messages.at(0).y - scene.messages.at(1).y, 10);
  assert.equal(scene.messages.at(1).reply, true);
});

test('a blocked message stays where it was stopped and fades', () => {
  const servers = [{ x: 0, y: 5000 }, { x: 10_000, y: 5000 }];
  const scene = sceneOf({
    servers,
    messages: [{ from: 1, to: 2, kind: 0, state: 2, sinceSent: 25_000, wholeWay: 20_000, untilEnd: 6_000, sinceEnd: AFTERGLOW_US / 4, wall: 1 }],
  });
  assert.equal(scene.messages.at(0).x, 300);
  assert.equal(scene.messages.at(0).gone, 0.25);
});

test('with reduced motion a message stands at a few places only', () => {
  assert.deepEqual([0, 0.1, 0.19, 0.2, 0.99, 1].map((share) => inSteps(share, 5)), [0.1, 0.1, 0.1, 0.3, 0.9, 0.9]);
  assert.equal(inSteps(0.123, 0), 0.123);
});

test('the timer is what is left of it; leaders and crashed servers have none', () => {
  const timer = { timerLeft: 50, timerTotal: 200 };
  const scene = sceneOf({ servers: [timer, { ...timer, up: 0 }, { role: 2, timerLeft: NO_TIMER }] });
  assert.deepEqual([1, 2, 3].map((id) => scene.server(id)?.timer), [0.25, -1, -1]);
});

test('votes are told apart, also of the fiftieth server', () => {
  const servers: Sketch['servers'] = Array.from({ length: 50 }, () => ({}));
  servers[0] = { role: 1, countedLo: 0b11, grantedLo: 0b110, refusedLo: 0x8000_0000, grantedHi: 1 << 17 };
  const votes = sceneOf({ servers }).server(1)?.votes;
  assert.deepEqual([0, 1, 2, 3, 31, 49].map((peer) => votes?.[peer]), [VOTE.counted, VOTE.counted, VOTE.granted, VOTE.open, VOTE.refused, VOTE.granted]);
});

test('roles and kinds of messages are as the door numbers them', () => {
  const messages = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10].map((kind) => ({ from: 1, to: 2, kind, wholeWay: 1 }));
  const scene = sceneOf({ servers: [0, 1, 2, 3].map((role) => ({ role })), messages });
  assert.deepEqual([1, 2, 3, 4].map((id) => scene.server(id)?.role), ['follower', 'candidate', 'leader', 'pre_candidate']);
  assert.deepEqual(
    messages.map((_, which) => [scene.messages.at(which).kind, scene.messages.at(which).reply]),
    [['vote', false], ['vote', true], ['append', false], ['append', true], ['pre_vote', false], ['pre_vote', true], ['timeout_now', false], ['snapshot', false], ['snapshot', true], ['read', false], ['read', true]],
  );
});

test('candidates and pre-candidates show votes, unless they are down', () => {
  const scene = sceneOf({ servers: [{ role: 0 }, { role: 1 }, { role: 2 }, { role: 3 }, { role: 3, up: 0 }] });
  assert.deepEqual([1, 2, 3, 4, 5].map((id) => asksForVotes(scene.servers.at(id - 1))), [false, true, false, true, false]);
});

test('a strip shows the end of the log and counts what it leaves out', () => {
  const tail = [1, 1, 2, 2, 2, 3, 3, 3, 3, 3, 3, NO_OP_BIT + 4];
  const small = layoutFor(390, 400, 5);
  const scene = new Scene();
  scene.build(frameOf({ servers: [{ ...RING[0], tail, tailFirst: 30, lastIndex: 41 }, ...RING.slice(1)] }), small, 0);
  const server = scene.server(1);
  assert.ok(server && server.shown === small.slots && server.shown < 12);
  assert.equal(server.shownFirst + server.shown - 1, 41);
  assert.equal(server.elided, 41 - server.shown);
  assert.equal(server.entryTerms[server.shown - 1], 4);
  assert.equal(server.entryNoOps[server.shown - 1], 1);
});

test('the leader is the one of the highest term that is up', () => {
  const scene = sceneOf({ servers: [{ role: 2, term: 2 }, { role: 2, term: 4 }, { role: 2, term: 9, up: 0 }] });
  assert.equal(scene.leader()?.id, 2);
});

test('a way is open, cut, or open in one direction', () => {
  const scene = sceneOf({ servers: [{}, {}, {}], cuts: [[1, 2], [2, 1], [1, 3]] });
  assert.deepEqual([...scene.ways], [Way.cut, Way.downOnly, Way.open]);
});

test('the display list shrinks with the run and is not made anew', () => {
  const scene = sceneOf({ servers: RING, messages: [{ from: 1, to: 2 }, { from: 2, to: 1 }] });
  const first = scene.messages.at(0);
  scene.build(frameOf({ servers: RING, messages: [{ from: 1, to: 3, wholeWay: 1 }] }), layout, 0);
  assert.equal(scene.messages.count, 1);
  assert.equal(scene.messages.at(0), first);
});

test('a wall says what it lets through', () => {
  const line = { ax: 0, ay: 0, bx: 9_000, by: 0 };
  const { walls } = sceneOf({ servers: RING, walls: [{ id: 1, ...line }, { id: 2, ...line, lets: 1 }, { id: 3, ...line, lets: 2 + (250 << 4) }] });
  assert.deepEqual([0, 1, 2].map((at) => [walls.at(at).free, walls.at(at).othersPermille]), [[0, 0], [-1, 0], [1, 250]]);
});

test('hands find ends of walls before servers, servers before walls, and else nothing', () => {
  const scene = sceneOf({ servers: [{ x: 5000, y: 5000 }], walls: [{ id: 7, ax: 5000, ay: 5000, bx: 5000, by: 9000 }] });
  assert.deepEqual(targetAt(scene, layout, 500, 400), { kind: 'end', wall: 7, end: 'a' });
  assert.deepEqual(targetAt(scene, layout, 500 + 25, 400), { kind: 'server', id: 1 });
  assert.deepEqual(targetAt(scene, layout, 505, 600), { kind: 'wall', wall: 7 });
  assert.deepEqual(targetAt(scene, layout, 100, 100), { kind: 'empty' });
});

test('a new wall takes the lowest free number', () => {
  const wall = { ax: 0, ay: 0, bx: 9, by: 9 };
  assert.equal(sceneOf({ servers: RING }).freeWall, 1);
  assert.equal(sceneOf({ servers: RING, walls: [{ id: 1, ...wall }, { id: 3, ...wall }] }).freeWall, 2);
});

test('a wall that is moved keeps its shape and stays on the stage', () => {
  assert.deepEqual(shifted({ ax: 100, ay: 100, bx: 500, by: 900 }, -300, 50), { ax: 0, ay: 150, bx: 400, by: 950 });
});

test('who is in the cluster is as the leader of the highest term has it, also of the fiftieth server', () => {
  const servers: Sketch['servers'] = Array.from({ length: 50 }, () => ({ votersLo: 0b111 }));
  servers[0] = { role: 2, term: 3, votersLo: 0b1011, oldVotersLo: 0b111, learnersLo: 0b10000, learnersHi: 1 << 17, oldNeeded: 2 };
  servers[1] = { role: 2, term: 2, votersLo: 0b111 };
  const scene = sceneOf({ servers });
  assert.deepEqual([1, 2, 3, 4, 5, 6, 50].map((id) => scene.server(id)?.membership), ['voter', 'voter', 'old_voter', 'voter', 'learner', 'none', 'learner']);
  assert.deepEqual([scene.voters, scene.oldVoters], [3, 3]);
  // Without a leader, whoever knows most to be committed is asked; a server that knows nobody is not.
  const leaderless = sceneOf({ servers: [{ votersLo: 0b111, commitIndex: 4 }, { votersLo: 0b11, commitIndex: 5 }, { votersLo: 0, commitIndex: 9 }] });
  assert.deepEqual([1, 2, 3].map((id) => leaderless.server(id)?.membership), ['voter', 'voter', 'none']);
  assert.deepEqual([leaderless.voters, leaderless.oldVoters], [2, 0]);
});

test('while all servers are down, who is in the cluster stays as it was known', () => {
  const scene = sceneOf({ servers: [{ votersLo: 0b01 }, { votersLo: 0b01 }] });
  scene.build(frameOf({ servers: [{ up: 0 }, { up: 0 }] }), layout, 0);
  assert.deepEqual([1, 2].map((id) => scene.server(id)?.membership), ['voter', 'none']);
});

test('a change is under way while its configuration is joint or not known to be committed', () => {
  const tail = [1, MEMBERS_BIT + 1];
  const changing = (server: Sketch['servers'][number]): boolean | undefined => sceneOf({ servers: [{ role: 2, tail, ...server }] }).server(1)?.changing;
  assert.equal(changing({ commitIndex: 1 }), true);
  assert.equal(changing({ commitIndex: 2 }), false);
  assert.equal(changing({ commitIndex: 2, oldNeeded: 2 }), true);
  assert.equal(changing({ commitIndex: 0, tail: [1, NO_OP_BIT + 1] }), false);
});

test('a strip tells configurations from no-ops, and where a snapshot ends', () => {
  const server = sceneOf({ servers: [{ tail: [NO_OP_BIT + 2, MEMBERS_BIT + 2, 3], tailFirst: 6, lastIndex: 8, snapshotIndex: 5 }] }).server(1);
  assert.deepEqual([...(server?.entryTerms ?? [])].slice(0, 3), [2, 2, 3]);
  assert.deepEqual([...(server?.entryNoOps ?? [])].slice(0, 3), [1, 0, 0]);
  assert.deepEqual([...(server?.entryMembers ?? [])].slice(0, 3), [0, 1, 0]);
  assert.deepEqual([server?.elided, server?.snapshotIndex], [5, 5]);
});

test('snapshots and reads are remembered once they have been seen, until a new run begins', () => {
  const message = { from: 1, to: 2, wholeWay: 1 };
  const scene = sceneOf({ timeUs: 5, servers: [{}, {}], messages: [{ ...message, kind: 7 }] });
  assert.deepEqual(scene.seen, { snapshot: true, read: false });
  scene.build(frameOf({ timeUs: 6, servers: [{}, {}], messages: [{ ...message, kind: 9 }] }), layout, 0);
  assert.deepEqual(scene.seen, { snapshot: true, read: true });
  scene.build(frameOf({ timeUs: 0, servers: [{}, {}] }), layout, 0);
  assert.deepEqual(scene.seen, { snapshot: false, read: false });
});
