// Snapshots, and reads that need no entry in the log, on the page.
import { expect, leaderOf, type Playground, test } from '../page';

/** A leader, and so many values that all servers have applied. */
async function written(playground: Playground, values: number): Promise<number> {
  const { id } = await playground.elect();
  await playground.call((element, values) => {
    for (let i = 1; i <= values; i += 1) element.propose(`k${i}=${i}`);
  }, values);
  await playground.advanceUntil(({ servers }, values) => servers.every((server) => Object.keys(server.store).length === values), 3_000, { argument: values });
  return id;
}

test('the chosen server takes a snapshot, and the table shows where it ends', async ({ playground }) => {
  await written(playground, 4);
  await playground.press('2');
  await playground.press('s');
  const { snapshot, log, store } = await playground.serverState(2);
  expect([snapshot?.index, log.length, Object.keys(store).length]).toEqual([5, 0, 4]);
  const cell = playground.logRow(2).locator('.cell.snapshot:visible');
  await expect(cell).toHaveText('…5');
  await expect(cell).toHaveAttribute('aria-colspan', '5');
  await expect(playground.logRow(1).locator('.cell.snapshot:visible')).toHaveCount(0);
  await expect(playground.host.locator('.events li').first()).toContainText(/S2 takes a snapshot: \d+ bytes stand for the log up to index 5, term \d+, and 5 entries go\./);
  await playground.press('s');
  await expect(playground.notice).toHaveText(/has applied nothing that is not in a snapshot already/);
  await playground.host.getByRole('tab', { name: 'S2' }).click();
  await expect(playground.host.getByRole('tabpanel')).toContainText('lastIncludedIndex 5, lastIncludedTerm 1');
  // It starts again from it, once it is on disk.
  await playground.advance(50);
  await playground.press('c');
  await playground.press('r');
  expect((await playground.serverState(2)).store).toEqual(store);
});

test('a new server is brought up by the snapshot, which is seen on its way', async ({ playground }) => {
  const leader = await written(playground, 4);
  await playground.press(String(leader));
  await playground.press('s');
  await expect(playground.host.locator('.legend li', { hasText: 'snapshot' }), 'none was sent yet').toHaveCount(0);
  await playground.press('a');
  const before = await playground.fingerprint();
  await playground.advanceUntil((state) => state.messages_in_flight.some((message) => message.name === 'InstallSnapshot'), 500, { stepMs: 1 });
  expect(await playground.fingerprint()).not.toBe(before);
  await playground.settled();
  await expect(playground.host.locator('.legend li', { hasText: 'snapshot' })).toBeVisible();
  await playground.advanceUntil(({ servers }) => servers[5]?.configuration?.voters.includes(6) === true && servers[5].store['k4'] === '4', 2_000);
  await playground.settled();
  await expect(playground.logRow(6).locator('.cell.snapshot:visible')).toHaveText('…5');
  await expect(playground.host.locator('.events')).toContainText(`S6 puts S${leader}'s snapshot in place of its state`);
  await playground.expectReplayable();
});

test('a server that was down while the others went on is brought up by the snapshot', async ({ playground }) => {
  const { id: leader } = await playground.elect();
  const late = leader === 1 ? 2 : 1;
  await playground.call((element, late) => element.crash(late), late);
  await playground.call((element) => ['x=1', 'x=2', 'x=3'].forEach((value) => element.propose(value)));
  await playground.advanceUntil(({ servers }) => servers.filter((server) => server.store['x'] === '3').length === 4, 2_000);
  await playground.press(String(leader));
  await playground.press('s');
  await playground.press(String(late));
  await playground.press('r');
  await playground.advanceUntil(({ servers }, late) => servers[late - 1]?.store['x'] === '3', 2_000, { argument: late });
  expect((await playground.serverState(late)).snapshot?.index).toBe(4);
  await playground.settled();
  await expect(playground.host.locator('.events')).toContainText(`S${late} puts S${leader}'s snapshot in place of its state`);
});

test('servers that are told to take snapshots by themselves do, under Rules', async ({ playground, page }) => {
  await page.getByRole('button', { name: /^Rules/ }).click();
  await page.getByRole('spinbutton', { name: 'Snapshot every' }).fill('3');
  await page.keyboard.press('Enter');
  await page.keyboard.press('Escape');
  await expect(page.getByRole('button', { name: /^Rules/ })).toHaveText(/Snapshot every 3 entries/);
  await expect(playground.host).toHaveAttribute('snapshot-every', '3');
  await written(playground, 6);
  expect((await playground.state()).servers.map((server) => (server.snapshot?.index ?? 0) >= 3)).toEqual([true, true, true, true, true]);
});

test('a read is answered by the leader that a client finds, and by a follower that asks the leader', async ({ playground }) => {
  const leader = await written(playground, 2);
  const before = (await playground.serverState(leader)).log.length;
  const answer = playground.host.getByRole('status', { name: 'Answer to the read' });
  await playground.valueField.fill('k2');
  await playground.clickAt(await playground.centre(playground.action('read')));
  await expect(answer).toHaveText('k2 = …');
  await playground.advance(300);
  await playground.settled();
  await expect(answer).toHaveText('k2 = 2');
  await expect(playground.host.locator('.events')).toContainText(`S${leader} reads “k2” as of index 3: “2”.`);
  expect((await playground.serverState(leader)).log.length, 'no entry was needed').toBe(before);

  await playground.valueField.fill('');
  await playground.press('Escape');
  await playground.press(String(leader === 1 ? 2 : 1));
  await playground.press('g');
  expect((await playground.state()).messages_in_flight.some((message) => message.name === 'ReadIndex')).toBe(true);
  await expect(playground.host.locator('.legend li', { hasText: 'read' })).toBeVisible();
  await playground.advance(300);
  await playground.settled();
  await expect(answer, 'x is read where nothing is written').toHaveText('x was never written');
  await playground.expectReplayable();
});

test('a read at a leader that is cut off gets no answer', async ({ playground }) => {
  const leader = await written(playground, 1);
  await playground.call((element, id) => element.partition([[id]]), leader);
  await playground.press(String(leader));
  await playground.press('g');
  await playground.advance(1_000);
  await playground.settled();
  await expect(playground.host.getByRole('status', { name: 'Answer to the read' })).toHaveText('x: no answer');
  await expect(playground.host.locator('.events')).toContainText(`S${leader} does not answer the read of “x”`);
  expect(leaderOf(await playground.state())?.id).not.toBe(leader);
});

test('lease reads take CheckQuorum, are answered at once, and go off with it', async ({ playground, page }) => {
  const rules = page.getByRole('button', { name: /^Rules/ });
  const lease = page.getByRole('checkbox', { name: 'Lease reads' });
  await rules.click();
  await expect(lease).toHaveAttribute('aria-disabled', 'true');
  await expect(playground.host.locator('#about-lease_reads')).toContainText('Switch CheckQuorum on first');
  await lease.click({ force: true });
  await expect(lease, 'nothing has changed').not.toBeChecked();
  await page.getByRole('checkbox', { name: 'CheckQuorum' }).check();
  await lease.check();
  await page.keyboard.press('Escape');
  const leader = await written(playground, 1);
  await playground.call((element, id) => element.read('k1', id), leader);
  await playground.settled();
  await expect(playground.host.getByRole('status', { name: 'Answer to the read' })).toHaveText('k1 = 1');
  await expect(playground.host.locator('.events')).toContainText(`S${leader} answers a read at once, as of index 2: nobody else can be elected before`);
  await rules.click();
  await page.getByRole('checkbox', { name: 'CheckQuorum' }).uncheck();
  const { options } = await playground.call((element) => element.scenario());
  expect([options?.check_quorum, options?.lease_reads]).toEqual([false, false]);
});
