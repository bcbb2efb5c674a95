import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AILS, HELD, LINK } from '../src/door/layout';
import { layoutFor } from '../src/stage/geometry';
import { ailsOf, labelsOf } from '../src/stage/paint-ails';
import { type LinkItem, Scene, Way } from '../src/stage/scene';
import { WORDS } from '../src/words';
import { frameOf, type Sketch } from './frames';

const sceneOf = (sketch: Sketch): Scene => {
  const scene = new Scene();
  scene.build(frameOf(sketch), layoutFor(1000, 840, 5), 0);
  return scene;
};
const lane = (lossPermille: number, delayMs: number, more = 0): number => (LINK.own + more + (lossPermille << LINK.lossShift) + (delayMs << LINK.delayShift)) >>> 0;
const linksOf = (scene: Scene): LinkItem[] => scene.links.items.slice(0, scene.links.count);
const labels = (scene: Scene, chosen = 0): string[] =>
  labelsOf(linksOf(scene), WORDS, (server) => server === chosen).map(({ from, to, share, text }) => `${from}-${to} at ${share}: ${text}`);

test('what ails a server is named, a pause first', () => {
  assert.deepEqual(ailsOf({ up: true, paused: true, ails: AILS.slow + AILS.diskLies }, WORDS), ['paused', 'slow', 'disk lies']);
  assert.deepEqual(ailsOf({ up: false, paused: false, ails: AILS.clockFast }, WORDS), ['clock fast'], 'a clock goes on while its server is down');
  assert.deepEqual(ailsOf({ up: true, paused: false, ails: 0 }, WORDS), []);
  const scene = sceneOf({ servers: [{ up: 2, ails: AILS.clockSlow }, {}] });
  assert.deepEqual([1, 2].map((id) => scene.server(id)?.ails), [AILS.clockSlow, 0]);
});

test('links that are not as all are say so: once where both directions are the same, else each', () => {
  const servers = [{}, {}, {}];
  const scene = sceneOf({ servers, links: [[1, 2, lane(0, 60_000)], [2, 1, lane(0, 60_000)], [3, 1, lane(301, 7)], [2, 3, LINK.flaps]] });
  assert.deepEqual([...scene.own], [1, 1, 1]);
  assert.deepEqual(labels(scene), ['1-2 at 0.5: up to 60000 ms', '3-1 at 0.34: S3 → S1: up to 7 ms, 30.1 % lost', '2-3 at 0.34: S2 → S3: flaps']);
  const mended = sceneOf({ servers, links: [[1, 2, LINK.byHand]] });
  assert.deepEqual([[...mended.own], labels(mended), mended.ways[0]], [[0, 0, 0], [], Way.downOnly]);
});

test('where many links differ only those of the chosen server are labelled', () => {
  const servers = [{}, {}, {}, {}];
  const all = [1, 2, 3, 4].flatMap((from) => [1, 2, 3, 4].filter((to) => to !== from).map((to): [number, number, number] => [from, to, lane(0, 90)]));
  assert.deepEqual(labels(sceneOf({ servers, links: all })), []);
  assert.deepEqual(labels(sceneOf({ servers, links: all }), 4), [1, 2, 3].map((id) => `${id}-4 at 0.5: up to 90 ms`));
});

test('a held message is known as one', () => {
  const way = { from: 1, to: 2, kind: 2, wholeWay: 10, untilEnd: 10 };
  const scene = sceneOf({ servers: [{ x: 0, y: 5_000 }, { x: 9_000, y: 5_000 }], messages: [{ ...way, flags: HELD }, { ...way, flags: 1 }] });
  assert.deepEqual([scene.messages.at(0), scene.messages.at(1)].map(({ held, copy }) => [held, copy]), [[true, false], [false, true]]);
});
