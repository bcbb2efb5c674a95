import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { expect, leaderOf, type Playground, type Point, test } from '../page';

const menuOf = (playground: Playground): Locator => playground.host.getByRole('menu');
/** An item by its id, of whatever role. */
const item = (playground: Playground, id: string): Locator => menuOf(playground).locator(`[data-item="${id}"]`);

async function openAt(playground: Playground, { x, y }: Point): Promise<void> {
  await playground.page.mouse.click(x, y, { button: 'right' });
  await expect(menuOf(playground)).toBeVisible();
}

/** Goes through the menu by its items' ids. */
async function choose(playground: Playground, ...ids: string[]): Promise<void> {
  for (const id of ids) await item(playground, id).click();
  await playground.settled();
}

/** A message on its way, and where it is; none else is near. */
async function messageOnStage(playground: Playground): Promise<{ id: number; from: number; to: number; at: Point }> {
  const { id } = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  const state = await playground.advanceUntil(
    ({ messages_in_flight, time_ms }, leader) =>
      messages_in_flight.some(({ from, sent_ms, arrives_ms }) => from === leader && Math.abs((time_ms - sent_ms) / (arrives_ms - sent_ms) - 0.5) < 0.03),
    1_000,
    { stepMs: 0.5, argument: id },
  );
  const half = (message: { sent_ms: number; arrives_ms: number }): number => (state.time_ms - message.sent_ms) / (message.arrives_ms - message.sent_ms);
  const message = state.messages_in_flight.filter(({ from }) => from === id).sort((a, b) => Math.abs(half(a) - 0.5) - Math.abs(half(b) - 0.5))[0];
  if (!message) throw new Error('no message is on its way');
  await playground.settled();
  const [from, to] = [await playground.serverCentre(message.from), await playground.serverCentre(message.to)];
  const share = half(message);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  // It keeps to the right of its way.
  const [dx, dy] = [(to.x - from.x) / length, (to.y - from.y) / length];
  return { id: message.id, from: message.from, to: message.to, at: { x: from.x + (to.x - from.x) * share - dy * 5, y: from.y + (to.y - from.y) * share + dx * 5 } };
}

const onItsWay = async (playground: Playground, id: number) => (await playground.state()).messages_in_flight.find((message) => message.id === id);

test('a server is paused by its menu, and goes on by it; what was done is told and listed', async ({ playground }) => {
  await playground.elect();
  await openAt(playground, await playground.serverCentre(2));
  await expect(menuOf(playground)).toHaveAccessibleName('S2');
  await choose(playground, 'pause');
  await expect(menuOf(playground)).toHaveCount(0);
  expect((await playground.serverState(2)).paused).toBe(true);
  await expect(playground.server(2)).toHaveAccessibleName(/paused/);
  await expect(playground.notice).toHaveText('S2: Pause.');
  await expect(playground.host.locator('.events')).toContainText('You pause S2: what comes to it waits.');
  await openAt(playground, await playground.serverCentre(2));
  await choose(playground, 'resume');
  expect((await playground.serverState(2)).paused).toBe(false);
  await playground.expectReplayable();
});

test('by keys alone: the menu key opens it where the focus is, arrows go through it, and the focus comes back', async ({ playground, page }) => {
  await playground.elect();
  await playground.server(3).focus();
  await playground.press('Shift+F10');
  await expect(menuOf(playground)).toHaveAccessibleName('S3');
  await expect(item(playground, 'crash')).toBeFocused();
  await playground.press('ArrowUp');
  await expect(item(playground, 'part'), 'it goes round').toBeFocused();
  await playground.press('Home');
  await page.keyboard.type('sl');
  await expect(item(playground, 'links'), 'letters go to the next item that begins with them').toBeFocused();
  await page.keyboard.type('ss');
  await expect(item(playground, 'slow')).toBeFocused();
  await playground.press('ArrowRight');
  await expect(menuOf(playground)).toHaveAccessibleName('S3: Slow');
  await playground.press('ArrowLeft');
  await expect(item(playground, 'slow'), 'back where it was opened').toBeFocused();
  await playground.press('Enter');
  await expect(item(playground, 'slow-0')).toHaveAttribute('aria-checked', 'true');
  for (const key of ['ArrowDown', 'ArrowDown', 'Enter']) await playground.press(key);
  await expect(menuOf(playground)).toHaveCount(0);
  await expect(playground.server(3)).toBeFocused();
  expect((await playground.serverState(3)).step_ms).toBe(5);
  await playground.press('d');
  await expect(menuOf(playground), 'another key for it').toHaveAccessibleName('S3');
  await playground.press('Escape');
  await expect(menuOf(playground)).toHaveCount(0);
  await expect(playground.server(3)).toBeFocused();
});

test('what would change nothing says why, and does nothing', async ({ playground }) => {
  await playground.elect();
  await openAt(playground, await playground.serverCentre(1));
  const save = item(playground, 'crash-in-save');
  await expect(save).toHaveAttribute('aria-disabled', 'true');
  await expect(save).toHaveAccessibleDescription('No save is under way at S1: a plain crash is the same.');
  const before = await playground.fingerprint();
  await save.click({ force: true });
  await expect(menuOf(playground), 'it stays').toBeVisible();
  await expect(playground.notice).toHaveText('No save is under way at S1: a plain crash is the same.');
  expect(await playground.fingerprint()).toBe(before);
});

test('a server crashes in the middle of a save, with what was written of it', async ({ playground }) => {
  await playground.call((element) => element.reset({ options: { disk_us_min: 20_000, disk_us_max: 20_000 } }));
  const { id } = await playground.elect();
  await playground.advance(300);
  const before = (await playground.serverState(id)).durable_index;
  await playground.call((element, id) => {
    element.propose('x=1', id);
    element.advance(1);
  }, id);
  await playground.settled();
  await openAt(playground, await playground.serverCentre(id));
  await choose(playground, 'crash-in-save', 'pieces-2');
  await expect(playground.host.locator('.events')).toContainText('crashes in the middle of a save: 2 pieces of it reached the disk');
  expect((await playground.serverState(id)).log.length, 'the term and the entry are on its disk').toBe(before + 1);
  await playground.expectReplayable();
});

test('a disk lies and a clock runs fast by the menu', async ({ playground }) => {
  await openAt(playground, await playground.serverCentre(4));
  await choose(playground, 'disk', 'lies');
  await openAt(playground, await playground.serverCentre(4));
  await choose(playground, 'disk', 'disk-50');
  await openAt(playground, await playground.serverCentre(4));
  await choose(playground, 'clock', 'rate-150');
  const { disk, clock } = await playground.serverState(4);
  expect([disk, clock.rate_ppm]).toEqual([{ ms_min: 20, ms_max: 50, lies: true }, 1_500_000]);
  await openAt(playground, await playground.serverCentre(4));
  await choose(playground, 'clock', 'ahead-1000');
  expect((await playground.serverState(4)).clock.shows_ms).toBe(1_000);
  await playground.advance(100);
  await playground.expectReplayable();
});

test('a message on its way is held, goes on, is doubled, delivered now and dropped', async ({ playground }) => {
  const { id, from, to, at } = await messageOnStage(playground);
  await openAt(playground, at);
  await expect(menuOf(playground)).toHaveAccessibleName(`AppendEntries S${from} → S${to}`);
  await choose(playground, 'hold');
  expect((await onItsWay(playground, id))?.held).toBe(true);
  await playground.advance(40);
  expect((await onItsWay(playground, id))?.held, 'it stays where it is').toBe(true);
  await openAt(playground, at);
  await expect(menuOf(playground)).toHaveAccessibleName(/, held$/);
  await choose(playground, 'duplicate');
  expect((await playground.state()).messages_in_flight.filter(({ held }) => held)).toHaveLength(2);
  // Whichever of the two lies on top is delivered, and the other dropped.
  await openAt(playground, at);
  await choose(playground, 'deliver');
  expect((await playground.state()).messages_in_flight.filter(({ held }) => held)).toHaveLength(1);
  await openAt(playground, at);
  await choose(playground, 'release');
  expect((await playground.state()).messages_in_flight.filter(({ held }) => held)).toHaveLength(0);
  await openAt(playground, at);
  await choose(playground, 'drop');
  await expect(playground.host.locator('.events')).toContainText('is held where it is');
  await playground.expectReplayable();
});

test('a message that is pressed has a way to its menu beside it', async ({ playground }) => {
  const { id, at } = await messageOnStage(playground);
  await playground.clickAt(at);
  const handle = playground.host.getByRole('button', { name: /^What can be done with append S\d → S\d$/ });
  await expect(handle).toBeVisible();
  await handle.click();
  await choose(playground, 'drop');
  expect(await onItsWay(playground, id)).toBeUndefined();
  await expect(handle).toHaveCount(0);
});

test('one direction of a link is cut, and set, by a press on the line', async ({ playground }) => {
  const [one, two] = [await playground.serverCentre(3), await playground.serverCentre(4)];
  const middle = { x: (one.x + two.x) / 2, y: (one.y + two.y) / 2 };
  await openAt(playground, middle);
  await expect(menuOf(playground)).toHaveAccessibleName('S3 – S4');
  await choose(playground, 'way-3-4', 'cut');
  expect((await playground.state()).links_cut).toEqual([{ from: 3, to: 4, by: 'hand' }]);
  await openAt(playground, middle);
  await choose(playground, 'way-3-4', 'mend');
  expect((await playground.state()).links_cut).toEqual([]);
  await openAt(playground, middle);
  await choose(playground, 'way-4-3', 'delay', 'delay-200');
  await openAt(playground, middle);
  await expect(item(playground, 'way-4-3')).toHaveAccessibleName('S4 → S3: 150 to 200 ms');
  await choose(playground, 'way-3-4', 'flap', 'flap-50');
  expect((await playground.state()).links_cut, 'it is cut first').toHaveLength(1);
  await playground.advance(60);
  expect((await playground.state()).links_cut, 'then whole').toHaveLength(0);
  await playground.expectReplayable();
});

test('the stage has a menu: a wall is put there and removed by its own, and held messages go on', async ({ playground }) => {
  const { at } = await messageOnStage(playground);
  await openAt(playground, at);
  await choose(playground, 'hold');
  const place = await playground.placeOnStage(800, 9_600);
  await openAt(playground, place);
  await expect(menuOf(playground)).toHaveAccessibleName('The cluster');
  await choose(playground, 'wall-here');
  expect((await playground.state()).walls).toHaveLength(1);
  await openAt(playground, await playground.centre(playground.wall(1)));
  await expect(menuOf(playground)).toHaveAccessibleName('Wall 1');
  await choose(playground, 'remove-wall');
  expect((await playground.state()).walls).toHaveLength(0);
  await openAt(playground, place);
  await choose(playground, 'release-all');
  expect((await playground.state()).messages_in_flight.some(({ held }) => held)).toBe(false);
});

test('a wall is made to stop one direction, and to stop some messages only, by its menu; it is seen, and stays so when it is moved', async ({ playground }) => {
  await playground.elect();
  const place = await playground.placeOnStage(5_000, 5_000);
  await openAt(playground, place);
  await choose(playground, 'wall-here');
  const middle = await playground.centre(playground.wall(1));
  const near = { x: middle.x - 60, y: middle.y };
  const tight = await playground.look(near);
  await openAt(playground, near);
  await expect(item(playground, 'both')).toHaveAttribute('aria-checked', 'true');
  await choose(playground, 'rightward');
  const cut = async () => (await playground.state()).links_cut.filter(({ by }) => by === 'wall');
  const oneWay = await cut();
  expect(oneWay.length).toBeGreaterThan(0);
  for (const { from, to } of oneWay) expect(oneWay, `S${to} to S${from} is free`).not.toContainEqual({ from: to, to: from, by: 'wall' });
  expect((await playground.look(near)).equals(tight), 'arrows are seen').toBe(false);
  const arrows = await playground.look(near);
  await openAt(playground, near);
  await choose(playground, 'stops-50');
  expect(await cut(), 'no link is cut that some messages pass').toHaveLength(0);
  expect((await playground.look(near)).equals(arrows), 'it is dashed').toBe(false);
  await expect(playground.host.locator('.events')).toContainText('You set wall 1: it stops 50 % of the messages that come from one side.');
  await playground.wall(1).focus();
  await playground.press('ArrowDown');
  expect((await playground.state()).walls[0]).toMatchObject({ stops: 'rightward', loss_ppm: 500_000 });
  await playground.advance(1_000);
  await playground.expectReplayable();
});

test('joint consensus is entered and left by the menus', async ({ playground }) => {
  const { id } = await playground.elect();
  await playground.advance(300);
  const [one, two] = [1, 2, 3, 4, 5].filter((other) => other !== id) as [number, number];
  await playground.press(String(one));
  await playground.server(two).focus();
  await playground.press('Shift+Enter');
  await playground.press('d');
  await expect(menuOf(playground)).toHaveAccessibleName(`S${one} and S${two}`);
  await choose(playground, 'members', 'leave-joining');
  await playground.advance(500);
  await expect(playground.host.locator('.legend .joint')).toBeVisible();
  await openAt(playground, await playground.serverCentre(id));
  await choose(playground, 'members', 'leave-joint');
  await playground.advance(500);
  expect((await playground.serverState(id)).configuration).toMatchObject({ old_voters: null, voters: [1, 2, 3, 4, 5].filter((other) => other !== one && other !== two) });
});

test('time stands still while a menu is open, and goes on after it', async ({ playground }) => {
  const playing = () => playground.call((element) => element.playing);
  await playground.press('Space');
  await openAt(playground, await playground.serverCentre(1));
  expect(await playing()).toBe(false);
  await playground.press('Escape');
  expect(await playing()).toBe(true);
  await openAt(playground, await playground.serverCentre(1));
  await choose(playground, 'pause');
  expect(await playing()).toBe(true);
  await playground.press('Space');
  await openAt(playground, await playground.serverCentre(2));
  // A press beside it closes it and does nothing else.
  await playground.clickAt(await playground.placeOnStage(300, 300));
  await expect(menuOf(playground)).toHaveCount(0);
  await expect(playground.host.locator('.deck .who b')).toHaveText('S2');
  expect(await playing(), 'time stood before').toBe(false);
});

test('in the past the menu begins another branch', async ({ playground }) => {
  await playground.elect();
  await playground.advance(500);
  await playground.call((element) => element.seek(100));
  await playground.settled();
  await openAt(playground, await playground.serverCentre(1));
  await choose(playground, 'pause');
  expect((await playground.call((element) => element.branches())).all).toHaveLength(2);
});

test.describe('by touch', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  /** A finger that rests until the menu is there, and is lifted then. */
  async function rest(playground: Playground, at: Point): Promise<void> {
    const session = await playground.page.context().newCDPSession(playground.page);
    await session.send('Input.dispatchTouchEvent', { type: 'touchStart', touchPoints: [at] });
    await expect(menuOf(playground)).toBeVisible();
    await session.send('Input.dispatchTouchEvent', { type: 'touchEnd', touchPoints: [] });
    await playground.settled();
  }

  test('a finger that rests on a server opens its menu, which stays; a tap does what it says', async ({ playground }) => {
    await rest(playground, await playground.serverCentre(2));
    await expect(menuOf(playground), 'also when the finger is lifted').toHaveAccessibleName('S2');
    await playground.tapAt(await playground.centre(item(playground, 'pause')));
    expect((await playground.serverState(2)).paused).toBe(true);
    await playground.press('Escape');
    await playground.tapAt(await playground.serverCentre(3));
    await playground.tapAt(await playground.centre(playground.host.getByRole('button', { name: 'What can be done with S3', exact: true })));
    await expect(menuOf(playground)).toHaveAccessibleName('S3');
    const box = await playground.host.locator('.menu').boundingBox();
    expect((box?.x ?? -1) >= 0 && (box?.y ?? -1) >= 0 && (box?.x ?? 0) + (box?.width ?? 999) <= 390, 'it is seen whole').toBe(true);
    for (const one of await menuOf(playground).getByRole('menuitem').all()) expect((await one.boundingBox())?.height, 'large enough for a finger').toBeGreaterThanOrEqual(44);
  });

  test('a finger that drags moves the server and opens nothing', async ({ playground }) => {
    const at = await playground.serverCentre(2);
    const before = await playground.serverState(2);
    await playground.dragByTouch(at, { x: at.x - 60, y: at.y + 40 }, 20);
    await playground.page.waitForTimeout(700);
    await expect(menuOf(playground)).toHaveCount(0);
    expect((await playground.serverState(2)).x).not.toBe(before.x);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test(`axe finds nothing in the menus (${colorScheme})`, async ({ playground, page }) => {
      const faults = async () => (await new AxeBuilder({ page }).analyze()).violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
      await playground.elect();
      await openAt(playground, await playground.serverCentre(1));
      expect(await faults(), 'of a server').toEqual([]);
      await choose(playground, 'disk');
      expect(await faults(), 'with what can be chosen').toEqual([]);
    });
  });
}

test('a leader sends its heartbeats now; a message is told how long it still takes', async ({ playground }) => {
  const { id, at } = await messageOnStage(playground);
  await openAt(playground, at);
  await choose(playground, 'delay', 'delay-1000');
  const { time_ms } = await playground.state();
  expect((await onItsWay(playground, id))?.arrives_ms).toBeCloseTo(time_ms + 1_000, 3);
  const leader = leaderOf(await playground.state())?.id ?? 0;
  const appends = async (): Promise<number> => (await playground.state()).messages_in_flight.filter(({ from, name }) => from === leader && name === 'AppendEntries').length;
  const before = await appends();
  await openAt(playground, await playground.serverCentre(leader));
  await choose(playground, 'heartbeat');
  expect(await appends()).toBe(before + 4);
  await playground.expectReplayable();
});
