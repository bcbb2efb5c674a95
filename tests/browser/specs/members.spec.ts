// Servers join, learn and leave, on the page.
import { type ClusterState, expect, leaderOf, type Playground, test, valuesOf } from '../page';

/** A leader that has committed a value in its term, and which all follow. */
async function steady(playground: Playground): Promise<number> {
  const { id } = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  await playground.advanceUntil((state) => state.servers.every((server) => server.store['x'] === '1'), 1_000);
  return id;
}

/** Lets time pass until these servers vote, and nobody else, as far as everyone who votes knows. */
const untilVoters = (playground: Playground, voters: number[]): Promise<ClusterState> =>
  playground.advanceUntil(
    ({ servers }, voters) =>
      voters.every((id) => {
        const server = servers[id - 1];
        const entry = [...(server?.log ?? [])].reverse().find((one) => one.configuration);
        const members = server?.configuration;
        return members?.old_voters === null && JSON.stringify(members.voters) === JSON.stringify(voters) && (server?.commit_index ?? 0) >= (entry?.index ?? 0);
      }),
    3_000,
    { argument: voters },
  );

async function joins(playground: Playground, add: () => Promise<void>): Promise<void> {
  await steady(playground);
  await add();
  await expect(playground.server(6), 'the new server is the one to go on with').toHaveAttribute('aria-pressed', 'true');
  await expect(playground.server(6), 'the focus is not lost with the button').toBeFocused();
  await playground.advance(1);
  await playground.settled();
  await expect(playground.server(6), 'it learns before it votes').toHaveAccessibleName(/^S6, follower, learner, /);
  const state = await untilVoters(playground, [1, 2, 3, 4, 5, 6]);
  expect(valuesOf(state.servers[5] as never)).toEqual(['x=1']);
  await playground.settled();
  await expect(playground.server(6)).toHaveAccessibleName(/^S6, follower, term \d+, commit index \d+$/);
  await expect(playground.logRow(6).locator('.cell.members').first()).toHaveAccessibleName(/voters S1, S2, S3, S4 and S5; learners S6; /);
  // It counts: four of six are needed now, and with two of them down the four others are just enough.
  await playground.call((element, id) => element.crash((id % 5) + 1), leaderOf(state)?.id ?? 0);
  await playground.call((element, id) => element.crash(((id + 1) % 5) + 1), leaderOf(state)?.id ?? 0);
  await playground.call((element) => element.propose('y=2'));
  await playground.advanceUntil(({ servers }) => servers[5]?.store['y'] === '2', 2_000);
  await playground.expectReplayable();
}

test('a server is added by mouse: it learns, becomes a voter and has the log', ({ playground }) =>
  joins(playground, async () => playground.clickAt(await playground.centre(playground.action('add-server')))));

test('a server is added by its key: it learns, becomes a voter and has the log', ({ playground }) => joins(playground, () => playground.press('a')));

test('a leader that is removed leads until that is committed, then another is elected without it', async ({ playground }) => {
  const leader = await steady(playground);
  await playground.press(String(leader));
  await playground.press('x');
  expect((await playground.serverState(leader)).role, 'not yet committed').toBe('leader');
  await expect(playground.server(leader)).toHaveAccessibleName(new RegExp(`^S${leader}, leader, not a member`));
  const others = [1, 2, 3, 4, 5].filter((id) => id !== leader);
  await untilVoters(playground, others);
  const state = await playground.advanceUntil(({ servers }, leader) => servers.some(({ id, role }) => role === 'leader' && id !== leader), 3_000, { argument: leader });
  expect(state.servers[leader - 1]?.role).toBe('follower');
  await playground.host.locator('.events').getByText(`S${leader}, leader until now, becomes follower: the configuration without it`).first().waitFor();
  await playground.expectReplayable();
});

test('a follower is removed by mouse, and added again by its key', async ({ playground }) => {
  // Without them one that is removed, and does not hear of it, would depose leader after leader, and once more when it
  // comes back (D§4.2.3).
  await playground.call((element) => element.reset({ options: { check_quorum: true, pre_vote: true } }));
  const leader = await steady(playground);
  const other = leader === 1 ? 2 : 1;
  const four = [1, 2, 3, 4, 5].filter((id) => id !== other);
  await playground.clickAt(await playground.serverCentre(other));
  await playground.clickAt(await playground.centre(playground.host.locator('[data-part="more"]')));
  await playground.clickAt(await playground.centre(playground.action('leave')));
  await expect(playground.host.locator('#more'), 'the sheet closes by itself').toBeHidden();
  await untilVoters(playground, four);
  await playground.settled();
  await expect(playground.server(other)).toHaveAccessibleName(new RegExp(`^S${other}, [a-z-]+, not a member`));
  // Nobody sends it anything any more.
  await playground.call((element) => element.propose('y=2'));
  await playground.advance(500);
  expect((await playground.serverState(other)).store['y']).toBeUndefined();
  await playground.press('j');
  await untilVoters(playground, [1, 2, 3, 4, 5]);
  expect((await playground.serverState(other)).store['y']).toBe('2');
});

test('a voter becomes a learner: it has the log and does not count', async ({ playground }) => {
  const leader = await steady(playground);
  const learner = leader === 1 ? 2 : 1;
  await playground.press(String(learner));
  await playground.press('n');
  await untilVoters(playground, [1, 2, 3, 4, 5].filter((id) => id !== learner));
  await playground.settled();
  await expect(playground.server(learner)).toHaveAccessibleName(new RegExp(`^S${learner}, follower, learner`));
  await expect(playground.host.locator('.deck .who')).toContainText('learner');
  await playground.call((element) => element.propose('y=2'));
  await playground.advanceUntil(({ servers }, id) => servers[id - 1]?.store['y'] === '2', 1_000, { argument: learner });
});

test('what a server is to the cluster is seen on the stage, at the very moment that it changes', async ({ playground }) => {
  const leader = await steady(playground);
  const other = leader === 1 ? 2 : 1;
  const look = async (): Promise<string> => (await playground.look(await playground.serverCentre(other), 36)).toString('base64');
  await playground.press(String(other));
  const height = async (): Promise<number | undefined> => (await playground.stage.boundingBox())?.height;
  const stood = await height();
  const voter = await look();
  const before = await playground.time();
  await playground.press('n');
  const learner = await look();
  expect(learner, 'a learner looks otherwise than a voter').not.toBe(voter);
  expect([await playground.time(), await height()], 'and nothing else has happened to it').toEqual([before, stood]);
  await untilVoters(playground, [1, 2, 3, 4, 5].filter((id) => id !== other));
  const still = await look();
  await playground.press('x');
  expect(await look(), 'a stranger looks otherwise than a learner').not.toBe(still);
});

test('two that leave at once need both majorities for a while, and the page says so', async ({ playground }) => {
  const leader = await steady(playground);
  const [one, two] = [1, 2, 3, 4, 5].filter((id) => id !== leader) as [number, number];
  await playground.press(String(one));
  await playground.server(two).focus();
  await playground.press('Shift+Enter');
  await playground.press('x');
  await playground.settled();
  const line = playground.host.locator('.legend .joint');
  await expect(line).toHaveText('joint consensus: 3 of 5 old and 2 of 3 new voters needed');
  await expect(playground.server(one)).toHaveAccessibleName(/leaving \(old voter\)/);
  await expect(playground.action('add-server'), 'one change at a time').toHaveCount(0);
  await expect(playground.action('leave')).toHaveAttribute('aria-disabled', 'true');
  await untilVoters(playground, [1, 2, 3, 4, 5].filter((id) => id !== one && id !== two));
  await playground.settled();
  await expect(line).toHaveCount(0);
  await expect(playground.host.locator('.events')).toContainText(/a majority of the 3 new voters and one of the 5 old voters count together/);
});

test('a change of members that cannot begin is marked, and says why', async ({ playground }) => {
  const refuses = async (action: string, reason: RegExp): Promise<void> => {
    const button = playground.action(action);
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await playground.clickAt(await playground.centre(button));
    await expect(playground.notice).toHaveText(reason);
  };
  await refuses('add-server', /Nobody leads/);
  expect((await playground.state()).servers.length).toBe(5);
  await steady(playground);
  await playground.press('1');
  const before = await playground.fingerprint();
  await playground.press('j');
  await expect(playground.notice).toHaveText('S1 is in the cluster already.');
  await playground.host.locator('[data-part="more"]').click();
  await expect(playground.host.locator('#why-join')).toHaveText('S1 is in the cluster already.');
  await playground.clickAt(await playground.centre(playground.action('join')));
  await expect(playground.host.locator('#more'), 'it stays, to say why').toBeVisible();
  expect(await playground.fingerprint()).toBe(before);
  await playground.press('Escape');
  await playground.call((element) => element.reset({ servers: 1 }));
  await playground.elect();
  await playground.press('1');
  await playground.press('x');
  await expect(playground.notice).toHaveText('No voter would be left.');
});
