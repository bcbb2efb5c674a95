import { expect, leaderOf, test, valuesOf } from '../page';

test('a crash loses what is volatile and keeps the log; a restart goes on from it', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  await playground.advanceUntil((state) => state.servers.every((server) => server.store['x'] === '1'), 2_000);
  const victim = leader.id === 1 ? 2 : 1;
  const before = await playground.serverState(victim);

  await playground.clickAt(await playground.serverCentre(victim));
  await playground.clickAt(await playground.centre(playground.action('crash')));
  const down = await playground.serverState(victim);
  expect(down).toMatchObject({ up: false, commit_index: 0, last_applied: 0, store: {}, election_timer: null, leader: null });
  expect(down).toMatchObject({ current_term: before.current_term, voted_for: before.voted_for, log: before.log });
  await expect(playground.server(victim)).toHaveAccessibleName(`S${victim}, crashed, term ${before.current_term}, commit index 0`);

  await playground.advance(500);
  expect((await playground.serverState(victim)).log).toEqual(before.log);
  await playground.clickAt(await playground.centre(playground.action('restart')));
  const restarted = await playground.serverState(victim);
  expect(restarted).toMatchObject({ up: true, role: 'follower', commit_index: 0, last_applied: 0, store: {}, log: before.log });
  await playground.advanceUntil((state, id) => state.servers[id - 1]?.store['x'] === '1', 1_000, { argument: victim });
  await playground.expectReplayable();
});

test('when the leader crashes the others elect another', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.press(String(leader.id));
  await playground.press('c');
  expect((await playground.serverState(leader.id)).up).toBe(false);
  await playground.press('e');
  const next = leaderOf(await playground.state());
  expect(next?.id).not.toBe(leader.id);
  expect(next?.current_term).toBeGreaterThan(leader.current_term);
  await playground.press('r');
  expect((await playground.serverState(leader.id)).up).toBe(true);
  await playground.advance(300);
  expect(await playground.serverState(leader.id)).toMatchObject({ role: 'follower', leader: next?.id });
});

test('a server that is told to time out stands for election at once, by its button and by its key', async ({ playground }) => {
  await playground.clickAt(await playground.serverCentre(2));
  await playground.clickAt(await playground.centre(playground.action('timeout')));
  expect(await playground.serverState(2)).toMatchObject({ role: 'candidate', current_term: 1, voted_for: 2 });
  await playground.press('3');
  await playground.press('t');
  expect(await playground.serverState(3)).toMatchObject({ role: 'candidate', current_term: 1, voted_for: 3 });
  await expect(playground.server(3)).toHaveAccessibleName('S3, candidate, term 1, commit index 0');
});

test('an action that would change nothing is marked, and says why when it is pressed', async ({ playground }) => {
  const leader = await playground.elect();
  const follower = leader.id === 1 ? 2 : 1;
  const before = await playground.fingerprint();
  const refuses = async (action: string, reason: RegExp): Promise<void> => {
    const button = playground.action(action);
    await expect(button).toHaveAttribute('aria-disabled', 'true');
    await expect(button).toHaveAttribute('title', reason);
    await playground.clickAt(await playground.centre(button));
    await expect(playground.notice).toHaveText(reason);
  };

  await refuses('heal', /No wall stands/);
  await playground.clickAt(await playground.serverCentre(follower));
  await refuses('restart', /running/);
  await playground.valueField.fill('x=1');
  await playground.clickAt(await playground.centre(playground.host.locator('[data-part="propose"]')));
  await expect(playground.notice).toHaveText(/does not lead/);
  await expect(playground.valueField, 'what was written is not lost').toHaveValue('x=1');
  await playground.clickAt(await playground.serverCentre(leader.id));
  await refuses('timeout', /no election timer/);
  expect(await playground.fingerprint(), 'nothing was done').toBe(before);

  await playground.call((element, id) => element.crash(id), follower);
  await playground.clickAt(await playground.serverCentre(follower));
  await refuses('crash', /down already/);
  await refuses('timeout', /no election timer/);
});

test('with no server chosen a value finds the leader, also when it asks another first', async ({ playground }) => {
  await playground.elect();
  await playground.press('p');
  await expect(playground.valueField).toBeFocused();
  await playground.page.keyboard.type('colour=blue');
  await playground.press('Enter');
  await expect(playground.valueField).toHaveValue('');
  const state = await playground.advanceUntil((now) => now.servers.every((server) => server.store['colour'] === 'blue'), 2_000);
  expect(state.clients.waiting).toEqual([]);
  expect(valuesOf(state.servers[0] ?? (undefined as never))).toEqual(['colour=blue']);
});

test('several servers are chosen with Shift, and crash together', async ({ playground }) => {
  await playground.press('1');
  await playground.press('Tab');
  await playground.press('Shift+Enter');
  await expect(playground.server(1)).toHaveAttribute('aria-pressed', 'true');
  await expect(playground.server(2)).toHaveAttribute('aria-pressed', 'true');
  await playground.press('c');
  expect((await playground.state()).servers.map((server) => server.up)).toEqual([false, false, true, true, true]);
  await playground.press('Escape');
  await expect(playground.server(1)).toHaveAttribute('aria-pressed', 'false');
});

test('the table of logs shows every entry with its term, and commitIndex, matchIndex and nextIndex', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.advanceUntil((state) => state.servers.every((server) => server.commit_index === 1), 500);
  await playground.call((element, id) => element.propose('x=1', id), leader.id);
  await playground.advance(5);
  await playground.settled();
  // The leader holds the value alone, and knows that it does.
  const own = playground.logCell(leader.id, 2);
  await expect(playground.logCell(leader.id, 1)).toHaveClass(/solid.*no-op|no-op.*solid/);
  await expect(own).toHaveClass(/dashed/);
  await expect(own).toHaveText(String(leader.current_term));
  await expect(own).toHaveAccessibleName(new RegExp(`^index 2, term ${leader.current_term}: x=1; not committed`));
  const follower = leader.id === 1 ? 2 : 1;
  const [second, third] = [playground.logCell(follower, 2), playground.logCell(follower, 3)];
  await expect(second).toHaveClass(/none/);

  await playground.advanceUntil((state) => state.servers.every((server) => server.commit_index === 2), 500);
  await playground.settled();
  await expect(second).toHaveClass(/solid/);
  await expect(second).toHaveClass(/at-commit/);
  await expect(second).toHaveClass(/at-match/);
  await expect(third).toHaveClass(/at-next/);
});

test('the tab of a server tells what it holds under the names of Figure 2', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  await playground.advance(400);
  await playground.clickAt(await playground.serverCentre(leader.id));
  await playground.host.getByRole('tab', { name: `S${leader.id}` }).click();
  const panel = playground.host.getByRole('tabpanel');
  for (const name of ['currentTerm', 'votedFor', 'commitIndex', 'lastApplied']) await expect(panel).toContainText(name);
  await expect(panel).toContainText('x = 1');
});

test('what happens is told in whole sentences with their sections, newest first', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.settled();
  const lines = playground.host.locator('.events li');
  // The words come with the first event.
  await expect(lines.first()).toBeVisible();
  const numbers = await lines.evaluateAll((items) => items.map((item) => Number((item as HTMLElement).dataset['number'])));
  expect(numbers.length).toBeGreaterThan(3);
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  await expect(lines.filter({ hasText: `S${leader.id}` }).filter({ hasText: '§5.2' }).first()).toBeVisible();
  const quiet = await lines.count();
  await playground.host.getByLabel('messages and timers too').check();
  await expect.poll(() => lines.count()).toBeGreaterThan(quiet);
});
