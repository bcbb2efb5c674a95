import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, ACTIONS, actionForKey, type Bench, keyText } from '../src/actions';
import { ServerItem } from '../src/stage/scene';

function bench(more: Partial<Bench> = {}): Bench & { calls: string[] } {
  const calls: string[] = [];
  const note = (name: string) => (...args: unknown[]): void => void calls.push([name, ...args].join(' '));
  return {
    calls,
    playing: false,
    ended: false,
    targets: [],
    everyServer: [server(1), server(2), server(3)],
    wallChosen: 0,
    anyCut: false,
    play: note('play'),
    pause: note('pause'),
    step: note('step'),
    jump: note('jump'),
    changeSpeed: note('speed'),
    reset: note('reset'),
    freshSeed: note('fresh'),
    crash: note('crash'),
    restart: note('restart'),
    timeout: note('timeout'),
    transfer: note('transfer'),
    askForValue: note('ask'),
    partTargets: note('part'),
    removeWall: note('remove'),
    heal: note('heal'),
    clearChoice: note('clear'),
    toggleHelp: note('help'),
    ...more,
  };
}

function server(id: number, more: Partial<ServerItem> = {}): ServerItem {
  return Object.assign(new ServerItem(), { id, up: true, role: 'follower' }, more);
}

test('no two actions share an id or a key, and all are told on the help sheet', () => {
  const ids = ACTIONS.map((one) => one.id);
  const keys = ACTIONS.flatMap((one) => one.keys);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(new Set(keys).size, keys.length);
  for (const one of ACTIONS) assert.ok(one.tells.length > 0 && one.keys.length > 0, one.id);
});

test('a key finds its action, but not together with Ctrl, Alt or Meta', () => {
  const press = (key: string, more: object = {}): string | undefined => actionForKey({ key, ctrlKey: false, altKey: false, metaKey: false, ...more })?.id;
  assert.equal(press(' '), 'play');
  assert.equal(press('r'), 'restart');
  assert.equal(press('R'), 'reset');
  assert.equal(press('r', { ctrlKey: true }), undefined);
  assert.equal(press('z'), undefined);
});

test('an action that would change nothing says why', () => {
  assert.equal(action('crash').refusal(bench()), 'Choose a server first.');
  assert.equal(action('crash').refusal(bench({ targets: [server(2, { up: false })] })), 'S2 is down already.');
  assert.equal(action('restart').refusal(bench({ targets: [server(1), server(2)] })), 'S1 and S2 are running: only a crashed server restarts.');
  assert.match(action('timeout').refusal(bench({ targets: [server(2, { role: 'leader' })] })) ?? '', /no election timer/);
  assert.equal(action('heal').refusal(bench()), 'No wall stands and no link is cut.');
  assert.match(action('part').refusal(bench({ targets: [server(1), server(2), server(3)] })) ?? '', /nobody is left/);
  assert.match(action('play').refusal(bench({ ended: true })) ?? '', /reset first/);
});

test('of several chosen servers, only those are acted on where it changes something', () => {
  const table = bench({ targets: [server(1), server(2, { up: false }), server(3)] });
  action('crash').run(table);
  action('restart').run(table);
  assert.deepEqual(table.calls, ['crash 1', 'crash 3', 'restart 2']);
});

test('the leader that the chosen server follows hands over to it', () => {
  const everyServer = [server(1, { role: 'leader' }), server(2, { leader: 1 }), server(3, { up: false }), server(4), server(5, { leader: 4 })];
  const [one, two, three, four, five] = everyServer as [ServerItem, ServerItem, ServerItem, ServerItem, ServerItem];
  const table = bench({ everyServer, targets: [two] });
  assert.equal(action('transfer').refusal(table), null);
  action('transfer').run(table);
  assert.deepEqual(table.calls, ['transfer 1 2']);
  const refusal = (...targets: ServerItem[]): string | null => action('transfer').refusal(bench({ everyServer, targets }));
  assert.equal(refusal(), 'Choose the server that is to lead first.');
  assert.equal(refusal(one, two), 'Choose one server only: the one that is to lead.');
  assert.equal(refusal(one), 'S1 leads already: choose the server that is to lead.');
  assert.equal(refusal(three), 'S3 is down.');
  assert.equal(refusal(four), 'S4 follows no leader that could hand over to it.');
  assert.equal(refusal(five), 'S4, which S5 follows, does not lead any more.');
});

test('play becomes pause while time runs', () => {
  const table = bench({ playing: true });
  assert.equal(action('play').label(table), 'Pause');
  action('play').run(table);
  assert.deepEqual(table.calls, ['pause']);
});

test('keys are written as people know them', () => {
  assert.deepEqual([' ', 'c', 'R', 'Escape', '?', 'Delete'].map(keyText), ['Space', 'C', 'Shift R', 'Esc', '?', 'Delete']);
});
