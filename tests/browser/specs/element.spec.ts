import { expect, openHostPage, Playground, test } from '../page';

const HOST = `<script type="module" src="raft-playground.js"></script>`;

test('the methods do what they say, and state() tells of it', async ({ playground }) => {
  const told = await playground.call((element) => {
    const seen: Record<string, unknown> = {};
    element.advance(1_000);
    seen['time'] = element.time;
    const leader = element.state().servers.find((server) => server.role === 'leader');
    if (!leader) throw new Error('nobody leads after a second');
    element.propose('x=1', leader.id);
    seen['proposed'] = element.state().servers[leader.id - 1]?.log.at(-1)?.command;
    const follower = leader.id === 1 ? 2 : 1;
    element.crash(follower);
    seen['crashed'] = element.state().servers[follower - 1]?.up;
    element.restart(follower);
    seen['restarted'] = element.state().servers[follower - 1]?.up;
    element.timeout(follower);
    seen['timed out'] = element.state().servers[follower - 1]?.role;
    element.partition([[1, 2], [3, 4]]);
    seen['cut'] = element.state().links_cut.length;
    element.heal();
    seen['healed'] = element.state().links_cut.length;
    element.move(3, 100, 9_000);
    seen['moved'] = [element.state().servers[2]?.x, element.state().servers[2]?.y];
    seen['wall'] = element.wall({ ax: 0, ay: 0, bx: 10_000, by: 10_000 });
    seen['wall moved'] = element.wall({ ax: 0, ay: 0, bx: 5_000, by: 10_000 }, 1);
    seen['walls'] = element.state().walls;
    element.removeWall(1);
    seen['walls after'] = element.state().walls;
    seen['events'] = element.step(5);
    element.play();
    seen['playing'] = element.playing;
    element.pause();
    seen['paused'] = element.playing;
    element.speed = 2;
    seen['speed'] = element.speed;
    seen['inputs'] = element.scenario().inputs?.map(({ input }) => input.kind);
    element.reset({ servers: 3, seed: 9 });
    seen['reset'] = [element.time, element.state().servers.length, element.scenario().seed, element.scenario().inputs?.length];
    return seen;
  });
  expect(told).toEqual({
    time: 1_000,
    proposed: 'x=1',
    crashed: false,
    restarted: true,
    'timed out': 'candidate',
    // Three groups: 1 and 2, 3 and 4, and 5 by itself.
    cut: 2 * (4 + 2 + 2),
    healed: 0,
    moved: [100, 9_000],
    wall: 1,
    'wall moved': 1,
    walls: [{ wall: 1, ax: 0, ay: 0, bx: 5_000, by: 10_000, stops: 'both', loss_ppm: 1_000_000 }],
    'walls after': [],
    events: 5,
    playing: true,
    paused: false,
    speed: 2,
    inputs: ['propose', 'crash', 'restart', 'time_out', 'partition', 'heal', 'move', 'wall', 'wall', 'remove_wall'],
    reset: [0, 3, 9, 0],
  });
});

test('state() is a plain object that JSON keeps whole', async ({ playground }) => {
  await playground.elect();
  await playground.call((element) => {
    element.propose('x=1');
    element.wall({ ax: 0, ay: 4_000, bx: 10_000, by: 4_000 });
    element.advance(3);
  });
  const [state, again] = await playground.call((element) => [element.state(), JSON.parse(JSON.stringify(element.state()))]);
  expect(again).toEqual(state);
  expect(Object.keys(state ?? {}).sort()).toEqual(
    ['clients', 'fingerprint', 'links_cut', 'messages_in_flight', 'servers', 'time_ms', 'violation', 'walls'].sort(),
  );
  expect(state?.fingerprint).toMatch(/^[0-9a-f]{16}$/);
});

test('what happens is told by events that bubble and leave the shadow', async ({ playground, page }) => {
  const heard = await page.evaluate(async () => {
    const element = document.querySelector('raft-playground');
    if (!element) throw new Error('there is no playground');
    const heard: { type: string; bubbles: boolean; composed: boolean; detail: Record<string, unknown> }[] = [];
    for (const type of ['statechange', 'leaderchange', 'commit', 'violation', 'error']) {
      // On the document: only what bubbles and is composed comes here.
      document.addEventListener(type, (event) => {
        if (event instanceof CustomEvent) heard.push({ type, bubbles: event.bubbles, composed: event.composed, detail: event.detail });
      });
    }
    element.advance(1_000);
    element.propose('x=1');
    element.advance(1_000);
    return heard;
  });
  expect([...new Set(heard.map((event) => event.type))].sort()).toEqual(['commit', 'leaderchange', 'statechange']);
  expect(heard.every((event) => event.bubbles && event.composed)).toBe(true);
  const leader = (await playground.state()).servers.find((server) => server.role === 'leader');
  expect(heard.find((event) => event.type === 'leaderchange')?.detail).toEqual({ time_ms: 1_000, leader: leader?.id, term: leader?.current_term });
  expect(heard.filter((event) => event.type === 'commit').map((event) => event.detail['index'])).toEqual([1, 2]);
});

test('an element that nobody waits for plays as soon as it can', async ({ page }) => {
  await openHostPage(page, `${HOST}<raft-playground style="height: 560px" speed="1"></raft-playground>`);
  await page.evaluate(async () => {
    await customElements.whenDefined('raft-playground');
    document.querySelector('raft-playground')?.play();
  });
  const playground = new Playground(page);
  await expect.poll(() => playground.time()).toBeGreaterThan(50);
});

test('before it is ready, the element says so', async ({ page }) => {
  await openHostPage(page, HOST);
  const message = await page.evaluate(async () => {
    await customElements.whenDefined('raft-playground');
    const element = document.createElement('raft-playground');
    document.body.append(element);
    try {
      element.advance(1);
    } catch (error) {
      await element.ready;
      return (error as Error).message;
    }
    return 'nothing was thrown';
  });
  expect(message).toMatch(/await element\.ready/);
});

test('two elements on one page have nothing to do with each other', async ({ page }) => {
  await openHostPage(
    page,
    `${HOST}<raft-playground id="one" style="height: 520px"></raft-playground>
     <raft-playground id="two" servers="3" seed="4" style="height: 520px"></raft-playground>`,
  );
  const [one, two] = [new Playground(page, '#one'), new Playground(page, '#two')];
  await one.ready();
  await two.ready();
  await two.advance(700);
  const before = await two.fingerprint();
  await one.advance(900);
  await one.call((element) => {
    element.crash(1);
    element.speed = 10;
    element.play();
  });
  await expect.poll(() => one.time()).toBeGreaterThan(1_000);
  expect(await two.fingerprint()).toBe(before);
  expect((await two.state()).servers).toHaveLength(3);
  expect(await two.call((element) => [element.playing, element.speed])).toEqual([false, 0.02]);

  // Keys belong to the element that has the focus.
  await one.call((element) => element.pause());
  await two.server(2).focus();
  await page.keyboard.press('c');
  expect((await two.serverState(2)).up).toBe(false);
  expect((await one.serverState(2)).up).toBe(true);
});

test('keys without the focus do nothing where the page is somebody else’s', async ({ page }) => {
  await openHostPage(page, `<p id="notes" tabindex="0">notes</p>${HOST}<raft-playground style="height: 560px"></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  await page.locator('#notes').focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('?');
  await playground.settled();
  expect(await playground.call((element) => element.playing)).toBe(false);
  await expect(playground.help).toHaveCount(0);
});

test('dispose() stops everything, and the element leaves the page in peace', async ({ page }) => {
  await openHostPage(
    page,
    `${HOST}<raft-playground id="one" style="height: 520px"></raft-playground><raft-playground id="two" style="height: 520px"></raft-playground>`,
  );
  const [one, two] = [new Playground(page, '#one'), new Playground(page, '#two')];
  await one.ready();
  await two.ready();
  const message = await one.call((element) => {
    element.play();
    element.dispose();
    element.dispose();
    try {
      element.state();
    } catch (error) {
      element.remove();
      return (error as Error).message;
    }
    return 'nothing was thrown';
  });
  expect(message).toMatch(/disposed of/);
  await two.call((element) => element.play());
  await expect.poll(() => two.time()).toBeGreaterThan(0.5);
});

test('an element taken out of the page and put back goes on with its run', async ({ playground }) => {
  await playground.advance(400);
  const before = await playground.fingerprint();
  await playground.call(async (element) => {
    const parent = element.parentElement;
    element.remove();
    await new Promise((done) => requestAnimationFrame(done));
    parent?.append(element);
  });
  expect(await playground.fingerprint()).toBe(before);
  await playground.press('.');
  expect(await playground.time()).not.toBe(400);
});

test('attributes set the run, the pace and the look', async ({ page }) => {
  await openHostPage(
    page,
    `${HOST}<raft-playground servers="7" seed="42" speed="0.5" theme="dark" measure style="height: 560px"></raft-playground>`,
  );
  const playground = new Playground(page);
  await playground.ready();
  expect(await playground.call((element) => [element.state().servers.length, element.scenario().seed, element.speed])).toEqual([7, 42, 0.5]);
  const paper = () => playground.host.evaluate((element) => getComputedStyle(element).backgroundColor);
  expect(await paper()).toBe('rgb(18, 22, 28)');
  await playground.host.evaluate((element) => element.setAttribute('theme', 'light'));
  await playground.settled();
  expect(await paper()).toBe('rgb(251, 250, 247)');
  expect(await page.evaluate(() => performance.getEntriesByName('raft-frame').length)).toBeGreaterThan(0);
});

test('attributes set which of the additions hold, and follow the run', async ({ page }) => {
  await openHostPage(page, `${HOST}<raft-playground pre-vote check-quorum lease-reads snapshot-every="20" style="height: 560px"></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  const options = () => playground.call((element) => element.scenario().options);
  expect(await options()).toMatchObject({ pre_vote: true, check_quorum: true, lease_reads: true, snapshot_every: 20 });
  await playground.call((element) => element.reset({ options: { check_quorum: true, snapshot_every: 30 } }));
  expect(await options()).toMatchObject({ pre_vote: false, check_quorum: true, lease_reads: false, snapshot_every: 30 });
  await expect(playground.host).toHaveAttribute('check-quorum');
  await expect(playground.host).toHaveAttribute('snapshot-every', '30');
  for (const attribute of ['pre-vote', 'lease-reads']) await expect(playground.host).not.toHaveAttribute(attribute);
});

test('members, snapshots and reads go by methods, and a joint configuration stays as long as it is to', async ({ page }) => {
  await openHostPage(page, `${HOST}<raft-playground servers="3" style="height: 560px"></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  const { id: leader } = await playground.elect();
  await playground.advance(400);
  const added = await playground.call((element) => [element.newServer(), element.newServer()]);
  expect(added).toEqual([4, 5]);
  await playground.call((element) => element.setMembers({ voters: [1, 2, 3, 4, 5], stays_joint: true }));
  await playground.advance(1_500);
  const members = async () => (await playground.serverState(leader)).configuration;
  expect(await members()).toEqual({ voters: [1, 2, 3, 4, 5], old_voters: [1, 2, 3], learners: [], stays_joint: true });
  await playground.call((element) => element.leaveJoint());
  await playground.advance(500);
  expect(await members()).toEqual({ voters: [1, 2, 3, 4, 5], old_voters: null, learners: [], stays_joint: false });
  await playground.call((element, id) => element.compact(id), leader);
  expect((await playground.serverState(leader)).snapshot?.index).toBeGreaterThan(2);
  expect(await playground.call((element) => [element.scenario().servers, element.state().servers.length]), 'the run began with three').toEqual([3, 5]);
  await playground.expectReplayable();
});

for (const [attribute, value] of [['snapshot-every', '-1'], ['servers', '0'], ['servers', 'many'], ['seed', '-1'], ['speed', '1000']] as const) {
  test(`an element with ${attribute}="${value}" says what is wrong with it`, async ({ page }) => {
    await openHostPage(page, `${HOST}<raft-playground ${attribute}="${value}" style="height: 560px"></raft-playground>`);
    const said = await page.evaluate(async () => {
      await customElements.whenDefined('raft-playground');
      const element = document.querySelector('raft-playground');
      return element?.ready.then(
        () => 'it is ready',
        (error: Error) => `${error.name}: ${error.message}`,
      );
    });
    expect(said).toMatch(new RegExp(`^RangeError: ${attribute} is `));
    await expect(new Playground(page).host.getByRole('alert')).toContainText(`${attribute} is `);
  });
}
