import assert from 'node:assert/strict';
import { test } from 'node:test';
import { layoutFor } from '../src/stage/geometry';
import { Scene } from '../src/stage/scene';
import { apart, serversText } from '../src/twin/apart';
import { frameOf, type Sketch } from './frames';

const sceneOf = (servers: Sketch['servers']): Scene => {
  const scene = new Scene();
  scene.build(frameOf({ servers }), layoutFor(800, 600, servers.length), 0);
  return scene;
};
const always = (): boolean => true;

test('servers that are the same on both stages are not named', () => {
  const servers = [{ term: 2, votedFor: 1, role: 2, lastIndex: 3 }, { term: 2, votedFor: 1 }];
  assert.deepEqual([...apart(sceneOf(servers), sceneOf(servers), always)], []);
});

test('it is said in what each server differs, and of one that is down not what it does not have', () => {
  const one = sceneOf([{ term: 1, role: 2, leader: 1, commitIndex: 2 }, { term: 1, votedFor: 1, lastIndex: 2 }, { term: 1 }]);
  const other = sceneOf([{ up: 0, term: 1 }, { term: 2, votedFor: 3, role: 1, lastIndex: 1 }, { term: 1 }]);
  assert.deepEqual([...apart(one, other, always)], [[1, ['up']], [2, ['term', 'vote', 'role', 'log']]]);
});

test('logs that end at one index are held against each other by their entries', () => {
  const scene = sceneOf([{ lastIndex: 4 }, { lastIndex: 7 }]);
  const asked: string[] = [];
  const found = apart(scene, scene, (server, last) => {
    asked.push(`S${server} ${last}`);
    return server !== 2;
  });
  assert.deepEqual([...found], [[2, ['log']]]);
  assert.deepEqual(asked, ['S1 4', 'S2 7']);
});

test('a server that is there in one branch only is named', () => {
  assert.deepEqual([...apart(sceneOf([{}, {}]), sceneOf([{}]), always)], [[2, ['there']]]);
});

test('servers that differ in the same are named together, and who differs most from the others first', () => {
  assert.equal(serversText(new Map([[2, ['term', 'log']], [3, ['up']], [4, ['term', 'log']]])), 'S3: runs in one only; S2 and S4: term, log');
});
