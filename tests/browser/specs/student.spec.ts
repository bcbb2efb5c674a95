/** What somebody does who has just read the paper, with the page's own controls alone: scenes of it, from a fresh cluster. */
import { expect, leaderOf, type Playground, test } from '../page';

const menuItem = (playground: Playground, id: string) => playground.host.locator(`.menu [data-item="${id}"]`);

/** Hands on the deck, the controls, menus and the sheet of rules. */
class Student {
  constructor(private readonly playground: Playground) {}

  async does(action: string): Promise<void> {
    const { playground } = this;
    await playground.clickAt(await playground.centre(playground.host.locator(`:is(.deck, .controls) [data-action="${action}"]:visible`).first()));
  }

  async chooses(...servers: number[]): Promise<void> {
    const { playground } = this;
    for (const [at, server] of servers.entries()) {
      if (at > 0) await playground.page.keyboard.down('Shift');
      await playground.clickAt(await playground.serverCentre(server));
      if (at > 0) await playground.page.keyboard.up('Shift');
    }
  }

  async choosesNobody(): Promise<void> {
    const box = await this.playground.stage.boundingBox();
    await this.playground.clickAt({ x: (box?.x ?? 0) + 8, y: (box?.y ?? 0) + 8 });
  }

  async proposes(value: string): Promise<void> {
    await this.playground.valueField.fill(value);
    await this.playground.press('Enter');
  }

  /** A server is crashed and started again, so that it may stand for election although it led. */
  async letsStand(server: number, ...before: ('crash' | 'restart')[]): Promise<void> {
    await this.chooses(server);
    for (const action of before) await this.does(action);
    await this.does('timeout');
  }

  /** By its menu: whatever is on its way to a server or from it. */
  async dropsAllOf(server: number): Promise<void> {
    const { playground } = this;
    const { x, y } = await playground.serverCentre(server);
    await playground.page.mouse.click(x, y, { button: 'right' });
    for (const id of ['messages', 'drop-all']) await menuItem(playground, id).click();
  }

  /** One of the times and sizes of the sheet of rules. */
  async sets(name: string, value: string): Promise<void> {
    const { host, page } = this.playground;
    await host.locator('[data-part="rules"]').click();
    await host.locator('#rules').getByRole('spinbutton', { name }).fill(value);
    await page.keyboard.press('Tab');
    await page.keyboard.press('Escape');
    await expect(host.locator('#rules')).toBeHidden();
  }

  async switchesRule(name: string | RegExp, group?: string): Promise<void> {
    const { host, page } = this.playground;
    await host.locator('[data-part="rules"]').click();
    if (group) await host.locator('#rules summary', { hasText: group }).click();
    await host.locator('#rules').getByRole('checkbox', { name }).click();
    await page.keyboard.press('Escape');
    await expect(host.locator('#rules')).toBeHidden();
  }
}

const logs = async (playground: Playground): Promise<string[]> => (await playground.state()).servers.map(({ log }) => log.map(({ term }) => term).join(' '));

test('Figure 8: an entry of an earlier term is on a majority, is not committed, and is overwritten', async ({ playground }) => {
  test.setTimeout(90_000);
  const student = new Student(playground);
  await student.switchesRule(/^No-op at election/);
  // So long that nobody stands for election but when told to.
  await student.sets('Election timeout, longest', '6000');
  await student.sets('Election timeout, shortest', '3000');
  // Term 1: all have one entry.
  await student.letsStand(1);
  await student.does('next-election');
  await student.proposes('x=1');
  await playground.advanceUntil(({ servers }) => servers.every(({ log, up }) => up && log.length === 1), 1_000);
  // (a) S1 leads term 2 and copies its entry to S2 alone.
  await student.letsStand(1, 'crash', 'restart');
  await student.does('next-election');
  await student.chooses(1, 2);
  await student.does('part');
  await student.chooses(1);
  await student.proposes('x=2');
  await playground.advanceUntil(({ servers }) => servers[1]?.log.length === 2, 1_000);
  expect(await logs(playground)).toEqual(['1 2', '1 2', '1', '1', '1']);
  // (b) S1 crashes, and what it sent last is lost; S5 is elected without S2, and has an entry of its own.
  await student.does('crash');
  await student.dropsAllOf(1);
  await student.does('heal');
  await student.letsStand(5);
  await student.does('next-election');
  expect(leaderOf(await playground.state())).toMatchObject({ id: 5, current_term: 3 });
  await student.does('part');
  await student.proposes('x=3');
  expect(await logs(playground)).toEqual(['1 2', '1 2', '1', '1', '1 3']);
  // Before it is on its disk a crash would take it away.
  await playground.advance(5);
  // (c) S5 crashes, and so is what it sent; S1 starts again, is elected, and goes on copying the entry of term 2.
  await student.does('crash');
  await student.dropsAllOf(5);
  await student.does('heal');
  await student.letsStand(1, 'restart');
  // S3 and S4 have voted in term 3: it asks again in term 4.
  await playground.advance(60);
  await student.does('timeout');
  await student.does('next-election');
  expect(leaderOf(await playground.state())).toMatchObject({ id: 1, current_term: 4 });
  await playground.advanceUntil(({ servers }) => servers.slice(0, 4).every(({ log }) => log.length === 2), 1_000);
  expect(await logs(playground)).toEqual(['1 2', '1 2', '1 2', '1 2', '1 3']);
  expect((await playground.state()).servers.map(({ commit_index }) => commit_index).every((index) => index < 2), 'on four of five, and not committed').toBe(true);
  // (d) S1 crashes; S5 starts again, is elected, and its entry takes the place of that one.
  await student.chooses(1);
  await student.does('crash');
  await student.letsStand(5, 'restart');
  // The others are in term 4: it learns of that, and asks again in term 5.
  await playground.advance(60);
  await student.does('timeout');
  await student.does('next-election');
  expect(leaderOf(await playground.state())).toMatchObject({ id: 5, current_term: 5 });
  await playground.advanceUntil(({ servers }) => servers.slice(1).every(({ log }) => log[1]?.term === 3), 2_000);
  expect(await logs(playground)).toEqual(['1 2', '1 3', '1 3', '1 3', '1 3']);
  expect((await playground.state()).violation).toBeNull();
  await playground.expectReplayable();
});

test('a split vote: all time out at once, nobody wins the term, and the events say why', async ({ playground }) => {
  const student = new Student(playground);
  await student.chooses(1, 2, 3, 4, 5);
  await student.does('timeout');
  await playground.advance(120);
  const { servers } = await playground.state();
  expect(servers.map(({ role, current_term }) => [role, current_term])).toEqual(Array.from({ length: 5 }, () => ['candidate', 1]));
  await expect(playground.host.locator('.events')).toContainText('S1 learns that S2 does not vote for it.');
  // Times are drawn anew: one of them wins in the end (5.2).
  await student.does('next-election');
  expect(leaderOf(await playground.state())?.current_term).toBeGreaterThan(1);
});

test('a leader that was deposed unknowingly answers no read; without the rule that keeps it from that its read is stale, and caught', async ({ playground }) => {
  test.setTimeout(60_000);
  const student = new Student(playground);
  const toTheRead = async (): Promise<void> => {
    await student.letsStand(1);
    await student.does('next-election');
    await student.proposes('x=1');
    await playground.advanceUntil(({ servers }) => servers.every(({ store }) => store['x'] === '1'), 1_000);
    await student.chooses(1);
    await student.does('part');
    await student.choosesNobody();
    await student.does('next-election');
    const leader = leaderOf(await playground.state())?.id ?? 0;
    expect(leader).toBeGreaterThan(1);
    await student.chooses(leader);
    await student.proposes('x=2');
    await playground.advanceUntil(({ servers }, leader) => servers[leader - 1]?.store['x'] === '2', 1_000, { argument: leader });
    await student.chooses(1);
    await playground.valueField.fill('x');
    await playground.host.locator('.deck [data-part="more"]').click();
    await playground.host.locator('#more [data-action="read"]').click();
  };
  await toTheRead();
  await expect(playground.host.locator('.answer')).toHaveText('x = …');
  await playground.advance(500);
  await expect(playground.host.locator('.answer')).toHaveText('x: no answer');
  expect((await playground.state()).violation).toBeNull();

  await student.switchesRule(/^A leader answers a read only once a quorum/, 'Reads');
  await toTheRead();
  await playground.advance(50);
  await expect(playground.violationCard).toContainText('Linearizab');
  await expect(playground.violationCard).toContainText('read x=1');
});

test('the outage of 2020: a follower hears all but its leader, and terms rise until Pre-Vote and CheckQuorum keep them', async ({ playground }) => {
  test.setTimeout(60_000);
  const student = new Student(playground);
  await playground.host.locator('input[name="servers"]').fill('3');
  await playground.press('Enter');
  const cut = async (): Promise<void> => {
    await student.letsStand(1);
    await student.does('next-election');
    await playground.advance(200);
    await playground.page.mouse.click(...Object.values(await playground.serverCentre(1)) as [number, number], { button: 'right' });
    for (const id of ['links', 'link-3', 'cut']) await menuItem(playground, id).click();
  };
  await cut();
  await playground.advance(5_000);
  const without = await playground.state();
  expect(Math.max(...without.servers.map(({ current_term }) => current_term)), 'each deposes the other').toBeGreaterThan(4);

  for (const feature of [/^Pre-Vote/, /^CheckQuorum/]) await student.switchesRule(feature);
  await cut();
  await playground.advance(5_000);
  const { servers } = await playground.state();
  expect(servers.map(({ current_term }) => current_term)).toEqual([1, 1, 1]);
  expect(servers[0]?.role).toBe('leader');
  await student.proposes('x=1');
  await playground.advance(300);
  expect((await playground.state()).servers.map(({ commit_index }) => commit_index > 1)).toEqual([true, true, false]);
});
