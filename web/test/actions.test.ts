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
    stepBack: note('back'),
    atBeginning: true,
    lastDone: 'nothing',
    passed: () => false,
    jump: note('jump'),
    undo: note('undo'),
    bookmarked: [],
    bookmark: () => undefined,
    mark: note('mark'),
    branchCount: 1,
    visit: ({ name }) => void calls.push(`visit ${name}`),
    changeSpeed: note('speed'),
    reset: note('reset'),
    freshSeed: note('fresh'),
    crash: note('crash'),
    restart: note('restart'),
    timeout: note('timeout'),
    transfer: note('transfer'),
    askForValue: note('ask'),
    read: note('read'),
    compact: note('compact'),
    addServer: note('add'),
    setMembers: (voters, learners) => void calls.push(`members ${voters.join(',')}; ${learners.join(',')}`),
    partTargets: note('part'),
    removeWall: note('remove'),
    heal: note('heal'),
    clearChoice: note('clear'),
    presenting: false,
    present: note('present'),
    hasAddress: true,
    copyLink: note('link'),
    print: note('print'),
    toggle: note('toggle'),
    do: (inputs) => void calls.push(`do ${JSON.stringify(inputs)}`),
    reveal: note('reveal'),
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

test('a key finds its action, and together with Ctrl, Alt or Meta only what is listed so', () => {
  const press = (key: string, more: object = {}): string | undefined => actionForKey({ key, ctrlKey: false, altKey: false, metaKey: false, ...more })?.id;
  assert.equal(press(' '), 'play');
  assert.equal(press('r'), 'restart');
  assert.equal(press('R'), 'reset');
  assert.equal(press('r', { ctrlKey: true }), undefined);
  assert.equal(press('k', { ctrlKey: true }), 'search');
  assert.equal(press('k', { metaKey: true }), 'search');
  assert.equal(press('k', { ctrlKey: true, altKey: true }), undefined);

  assert.equal(press('z'), undefined);
});

test('an action that would change nothing says why', () => {
  assert.equal(action('crash').refusal(bench()), 'Choose a server first.');
  assert.equal(action('crash').refusal(bench({ targets: [server(2, { up: false })] })), 'S2 is down already.');
  assert.equal(action('restart').refusal(bench({ targets: [server(1), server(2)] })), 'S1 and S2 are running: only a crashed server restarts.');
  assert.match(action('timeout').refusal(bench({ targets: [server(2, { role: 'leader' })] })) ?? '', /no election timer/);
  assert.equal(action('heal').refusal(bench()), 'No wall stands and no link is cut.');
  assert.match(action('part').refusal(bench({ targets: [server(1), server(2), server(3)] })) ?? '', /nobody is left/);
  assert.match(action('play').refusal(bench({ ended: true })) ?? '', /go back, or reset/);
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

test('chosen servers become voters, learners or strangers, and the others stay what they are', () => {
  const everyServer = [server(1, { role: 'leader', term: 2 }), server(2), server(3), server(4, { membership: 'learner' }), server(5, { membership: 'none' })];
  const [, two, three, four, five] = everyServer as [ServerItem, ServerItem, ServerItem, ServerItem, ServerItem];
  const asked = (id: string, ...targets: ServerItem[]): readonly string[] => {
    const table = bench({ everyServer, targets });
    assert.equal(action(id).refusal(table), null);
    action(id).run(table);
    return table.calls;
  };
  assert.deepEqual(asked('join', four, five), ['members 1,2,3,4,5; ']);
  assert.deepEqual(asked('learn', two, five), ['members 1,3; 2,4,5']);
  assert.deepEqual(asked('leave', three, four), ['members 1,2; ']);
  assert.deepEqual(asked('add-server', two), ['add']);
});

test('a change of members that would change nothing, or cannot begin, says why', () => {
  const leader = server(1, { role: 'leader', term: 2 });
  const refusal = (id: string, targets: ServerItem[], more: ServerItem[] = [server(2), server(3)]): string | null =>
    action(id).refusal(bench({ everyServer: [...targets, ...more], targets }));
  assert.equal(refusal('join', [leader]), 'S1 is in the cluster already.');
  assert.equal(refusal('learn', [server(2, { membership: 'learner' })], [leader]), 'S2 is learning already.');
  assert.equal(refusal('leave', [server(2, { membership: 'none' }), server(3, { membership: 'none' })], [leader]), 'S2 and S3 are outside the cluster already.');
  assert.equal(refusal('leave', []), 'Choose a server first.');
  assert.equal(refusal('leave', [server(1)]), 'Nobody leads: only a leader changes the members.');
  assert.equal(refusal('add-server', [], [server(1, { role: 'leader', up: false })]), 'Nobody leads: only a leader changes the members.');
  assert.equal(refusal('leave', [server(2)], [Object.assign(server(1), leader, { changing: true })]), 'A change of members is under way: one at a time.');
  assert.equal(refusal('leave', [leader], [server(2, { membership: 'learner' })]), 'No voter would be left.');
  assert.equal(refusal('learn', [leader], []), 'No voter would be left.');
  const fifty = Array.from({ length: 50 }, (_, at) => server(at + 1, at === 0 ? { role: 'leader' } : {}));
  assert.equal(refusal('add-server', [], fifty), 'There are 50 servers, and no more may be.');
  assert.equal(refusal('add-server', [], fifty.slice(1).concat(leader).slice(1)), null);
  // Of two that think they lead, the one of the higher term is asked.
  assert.equal(refusal('leave', [server(3)], [Object.assign(server(2), { role: 'leader', term: 1, changing: true }), leader]), null);
});

test('snapshots are for those that have applied something since the last, reads for those that know whom to ask', () => {
  const [news, none, down] = [server(1, { lastApplied: 5, snapshotIndex: 3 }), server(2, { lastApplied: 3, snapshotIndex: 3 }), server(3, { up: false, lastApplied: 9 })];
  const table = bench({ targets: [news, none, down] });
  action('snapshot').run(table);
  assert.deepEqual(table.calls, ['compact 1']);
  assert.equal(action('snapshot').refusal(bench({ targets: [none] })), 'S2 has applied nothing that is not in a snapshot already.');
  assert.equal(action('snapshot').refusal(bench({ targets: [down] })), 'S3 is down.');
  const read = (...targets: ServerItem[]): string | null => action('read').refusal(bench({ targets }));
  assert.equal(read(), null);
  assert.equal(read(server(1, { role: 'leader' })), null);
  assert.equal(read(server(1, { leader: 2 })), null);
  assert.equal(read(server(1)), 'S1 follows no leader that it could ask.');
  assert.equal(read(down), 'S3 is down.');
  assert.match(read(server(1), server(2)) ?? '', /Choose one server, or none/);
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
