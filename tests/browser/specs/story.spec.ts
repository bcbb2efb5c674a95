import { byKeyboard, byMouse, byTouch, type Hands } from '../hands';
import { committedOf, expect, leaderOf, neighbourOf, type Playground, test, valuesOf } from '../page';

/**
 * The story that the page exists for: an old leader cut off with a minority believes that it still leads, and what it
 * appends there is never committed. Everything is done by these hands; the element's methods only look.
 */
async function play(playground: Playground, hands: Hands): Promise<void> {
  const state = () => playground.state();
  const playUntil = async (what: string, wanted: () => Promise<boolean>): Promise<void> => {
    await hands.act('play');
    await expect.poll(wanted, { message: what, timeout: 15_000 }).toBe(true);
    await hands.act('play');
    expect(await playground.call((element) => element.playing)).toBe(false);
  };

  await hands.act('next-election');
  const oldLeader = leaderOf(await state());
  if (!oldLeader) throw new Error('nobody was elected');
  expect((await state()).time_ms, 'a leader within two seconds').toBeLessThanOrEqual(2_000);
  await hands.quicken();

  await hands.propose('x=1');
  await playUntil('x=1 is committed on all', async () => (await state()).servers.every((server) => committedOf(server).includes('x=1')));

  const minority = [oldLeader.id, neighbourOf(oldLeader.id)];
  const majority = [1, 2, 3, 4, 5].filter((id) => !minority.includes(id));
  await hands.wallOff(minority);
  const { links_cut } = await state();
  expect(links_cut, 'both directions of each way between the two sides').toHaveLength(2 * minority.length * majority.length);
  for (const { from, to, by } of links_cut) {
    expect(by).toBe('wall');
    expect(minority.includes(from), `S${from} to S${to} is cut`).not.toBe(minority.includes(to));
  }

  await hands.act('next-election');
  const newLeader = leaderOf(await state());
  expect(majority).toContain(newLeader?.id);
  expect(newLeader?.current_term).toBeGreaterThan(oldLeader.current_term);
  expect((await playground.serverState(oldLeader.id)).role, 'nobody told the old leader').toBe('leader');

  await hands.chooseServer(oldLeader.id);
  await expect(playground.server(oldLeader.id)).toHaveAttribute('aria-pressed', 'true');
  await hands.propose('x=lost');
  await hands.chooseServer(newLeader?.id ?? 0);
  await hands.propose('x=2');
  await playUntil('the majority commits x=2', async () =>
    (await state()).servers.filter((server) => majority.includes(server.id)).every((server) => committedOf(server).includes('x=2')),
  );
  const parted = await state();
  for (const id of minority) {
    const server = parted.servers[id - 1];
    if (!server) throw new Error(`there is no S${id}`);
    expect(valuesOf(server), `S${id} holds the old leader's value`).toContain('x=lost');
    expect(committedOf(server), `S${id} has committed nothing since`).toEqual(['x=1']);
  }

  await hands.removeWall(1);
  expect((await state()).walls).toEqual([]);
  expect((await state()).links_cut).toEqual([]);
  await playUntil('all logs agree', async () => {
    const { servers } = await state();
    return servers.every((server) => committedOf(server).includes('x=2') && JSON.stringify(server.log) === JSON.stringify(servers[0]?.log));
  });
  const healed = await state();
  for (const server of healed.servers) expect(valuesOf(server), `the log of S${server.id}`).toEqual(['x=1', 'x=2']);
  expect(healed.servers.every((server) => server.store['x'] === '2')).toBe(true);
  expect(leaderOf(healed)?.id).toBe(newLeader?.id);
  expect(healed.violation).toBeNull();
  await expect(playground.violationCard).toHaveCount(0);
  await playground.expectReplayable();
}

test('an old leader behind a wall commits nothing, and its value is gone when the wall is: by mouse', async ({ playground }) => {
  await play(playground, byMouse(playground));
});

test('an old leader behind a wall commits nothing, and its value is gone when the wall is: by keys alone', async ({ playground }) => {
  await play(playground, byKeyboard(playground));
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('an old leader behind a wall commits nothing, and its value is gone when the wall is: by finger', async ({ playground }) => {
    await play(playground, byTouch(playground));
  });
});
