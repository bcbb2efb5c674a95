import { between } from '../geometry';
import { byMouse } from '../hands';
import { type ClusterState, expect, neighbourOf, type Playground, test } from '../page';

type Message = ClusterState['messages_in_flight'][number];

/** Goes to a moment when an AppendEntries of the leader is between these shares of its way, and returns it. */
async function messageOnItsWay(playground: Playground, from: number, to: number): Promise<{ message: Message; timeMs: number }> {
  await playground.elect();
  const find = (state: ClusterState, [from, to]: readonly [number, number]): Message | undefined =>
    state.messages_in_flight.find(({ name, sent_ms, arrives_ms }) => {
      const share = (state.time_ms - sent_ms) / (arrives_ms - sent_ms);
      return name === 'AppendEntries' && share > from && share < to;
    });
  const argument = [from, to] as const;
  const state = await playground.advanceUntil(find as unknown as (state: ClusterState, shares: typeof argument) => boolean, 400, { stepMs: 1, argument });
  return { message: find(state, argument) as Message, timeMs: state.time_ms };
}

/** Draws a short wall with the mouse across the middle of the way between two servers. */
async function wallAcross(playground: Playground, one: number, other: number): Promise<void> {
  const [from, to] = [await playground.serverCentre(one), await playground.serverCentre(other)];
  const middle = between(from, to, 0.5);
  const length = Math.hypot(to.x - from.x, to.y - from.y);
  const [nx, ny] = [(-(to.y - from.y) / length) * 40, ((to.x - from.x) / length) * 40];
  await playground.dragByMouse({ x: middle.x + nx, y: middle.y + ny }, { x: middle.x - nx, y: middle.y - ny });
}

const eventTexts = async (playground: Playground): Promise<string[]> => {
  await expect(playground.host.locator('.events li').first()).toBeVisible();
  await playground.settled();
  return playground.host.locator('.events li').allTextContents();
};

test('a message whose way crosses a new wall stops there, and is seen to', async ({ playground }) => {
  await playground.host.getByLabel('messages and timers too').check();
  const { message, timeMs } = await messageOnItsWay(playground, 0.1, 0.4);
  await wallAcross(playground, message.from, message.to);
  const { links_cut } = await playground.state();
  expect(links_cut).toContainEqual({ from: message.from, to: message.to, by: 'wall' });

  const atTheWall = between(await playground.serverCentre(message.from), await playground.serverCentre(message.to), 0.5);
  const halfway = (message.sent_ms + message.arrives_ms) / 2;
  await playground.advance(halfway - timeMs + 2);
  await playground.settled();
  expect((await playground.state()).messages_in_flight.map((other) => other.id)).not.toContain(message.id);
  const stopped = await playground.look(atTheWall);
  await playground.advance(60);
  await playground.settled();
  const gone = await playground.look(atTheWall);
  expect(stopped.equals(gone), 'the stopped message is drawn at the wall for a moment').toBe(false);

  const sentences = await eventTexts(playground);
  const about = sentences.filter((text) => text.includes(`S${message.from}`) && text.includes(`S${message.to}`));
  expect(about.some((text) => /is stopped by wall 1/.test(text)), about.join('\n')).toBe(true);
});

test('a message that had passed the place of a new wall arrives', async ({ playground }) => {
  await playground.host.getByLabel('messages and timers too').check();
  const { message, timeMs } = await messageOnItsWay(playground, 0.6, 0.9);
  await wallAcross(playground, message.from, message.to);
  await playground.advance(message.arrives_ms - timeMs - 0.001);
  expect((await playground.state()).messages_in_flight.map((other) => other.id), 'still on its way a microsecond before').toContain(message.id);
  await playground.advance(0.001);
  const sentences = await eventTexts(playground);
  expect(sentences.some((text) => text.includes(`S${message.from} to S${message.to}`) && /arrives/.test(text)), sentences.slice(0, 8).join('\n')).toBe(true);
  expect((await playground.state()).messages_in_flight.map((other) => other.id)).not.toContain(message.id);
});

test('a wall that goes before the message reaches it stops nothing', async ({ playground }) => {
  const { message, timeMs } = await messageOnItsWay(playground, 0.1, 0.3);
  await wallAcross(playground, message.from, message.to);
  await byMouse(playground).removeWall(1);
  await playground.advance(message.arrives_ms - timeMs - 0.001);
  expect((await playground.state()).messages_in_flight.map((other) => other.id)).toContain(message.id);
});

test('a server dragged across a wall has changed sides', async ({ playground }) => {
  await byMouse(playground).wallOff([1, 2]);
  const cutTo = async (id: number) =>
    (await playground.state()).links_cut.filter((link) => link.from === id).map((link) => link.to).sort();
  expect(await cutTo(2)).toEqual([3, 4, 5]);
  expect(await cutTo(1)).toEqual([3, 4, 5]);

  const before = await playground.serverState(2);
  const beyond = between(await playground.serverCentre(3), await playground.serverCentre(4), 0.5);
  await playground.dragByMouse(await playground.serverCentre(2), { x: beyond.x, y: beyond.y - 60 });
  const after = await playground.serverState(2);
  expect([after.x, after.y]).not.toEqual([before.x, before.y]);
  expect(await cutTo(2), 'S2 is with the others now').toEqual([1]);
  expect(await cutTo(1)).toEqual([2, 3, 4, 5]);
  await playground.expectReplayable();
});

test('a dragged server stays under the hand, and no further than the stage reaches', async ({ playground }) => {
  const from = await playground.serverCentre(3);
  const to = { x: from.x - 90, y: from.y - 120 };
  await playground.dragByMouse(from, to);
  const at = await playground.serverCentre(3);
  expect(Math.hypot(at.x - to.x, at.y - to.y)).toBeLessThan(1.5);
  expect((await playground.state()).walls, 'no wall was drawn').toEqual([]);

  const box = await playground.stage.boundingBox();
  if (!box) throw new Error('there is no stage');
  await playground.dragByMouse(at, { x: box.x + box.width + 300, y: box.y - 40 }, 20);
  const disc = await playground.server(3).boundingBox();
  if (!disc) throw new Error('S3 is not to be seen');
  // The button is a little larger than the disc that has to be seen whole.
  const margin = disc.width * 0.1;
  expect(disc.x + disc.width - margin).toBeLessThanOrEqual(box.x + box.width);
  expect(disc.y + margin).toBeGreaterThanOrEqual(box.y);
});

test('an end of a wall follows the mouse, and what it parts changes', async ({ playground }) => {
  const id = await playground.call((element) => element.wall({ ax: 300, ay: 5_500, bx: 9_700, by: 5_500 }));
  await playground.settled();
  expect((await playground.state()).links_cut.length).toBe(12);
  const end = await playground.centre(playground.wallEnd(id, 'b'));
  const start = await playground.centre(playground.wallEnd(id, 'a'));
  await playground.dragByMouse(end, { x: start.x + 30, y: start.y - 40 });
  const { walls, links_cut } = await playground.state();
  expect(walls[0]).toMatchObject({ wall: id, ax: 300, ay: 5_500 });
  expect(walls[0]?.bx).toBeLessThan(1_500);
  expect(links_cut).toEqual([]);
  const moved = await playground.centre(playground.wallEnd(id, 'b'));
  expect(Math.hypot(moved.x - start.x - 30, moved.y - start.y + 40)).toBeLessThan(1.5);
});

test('a wall dragged by its middle moves as a whole', async ({ playground }) => {
  await playground.call((element) => element.wall({ ax: 2_000, ay: 4_500, bx: 8_000, by: 4_500 }));
  await playground.settled();
  const middle = await playground.centre(playground.wall(1));
  await playground.dragByMouse(middle, { x: middle.x + 20, y: middle.y + 60 });
  const [wall] = (await playground.state()).walls;
  if (!wall) throw new Error('the wall is gone');
  expect(wall.bx - wall.ax).toBe(6_000);
  expect(wall.by - wall.ay).toBe(0);
  expect(wall.ay).toBeGreaterThan(4_900);
});

test('the arrow keys move a focused server, a wall and its ends', async ({ playground }) => {
  await playground.call((element) => element.wall({ ax: 3_000, ay: 5_500, bx: 7_000, by: 5_500 }));
  await playground.settled();
  const { x, y } = await playground.serverState(1);
  await playground.press('1');
  await expect(playground.server(1)).toBeFocused();
  await playground.press('ArrowRight');
  await playground.press('ArrowDown');
  expect(await playground.serverState(1)).toMatchObject({ x: x + 200, y: y + 200 });
  await playground.press('Shift+ArrowLeft');
  expect(await playground.serverState(1)).toMatchObject({ x: x - 800, y: y + 200 });

  const wall = async () => (await playground.state()).walls[0];
  await playground.wall(1).focus();
  await playground.press('ArrowUp');
  expect(await wall()).toMatchObject({ ax: 3_000, ay: 5_300, bx: 7_000, by: 5_300 });
  await playground.wallEnd(1, 'b').focus();
  await playground.press('ArrowRight');
  expect(await wall()).toMatchObject({ ax: 3_000, ay: 5_300, bx: 7_200, by: 5_300 });
  await playground.wallEnd(1, 'a').focus();
  await playground.press('Shift+ArrowLeft');
  expect(await wall()).toMatchObject({ ax: 2_000, ay: 5_300, bx: 7_200, by: 5_300 });
});

test('a wall goes by its ×, by Delete and by Heal', async ({ playground }) => {
  const draw = () => playground.call((element) => element.wall({ ax: 500, ay: 5_500, bx: 9_500, by: 5_500 }));
  const walls = async () => (await playground.state()).walls.length;

  await draw();
  await playground.settled();
  await byMouse(playground).removeWall(1);
  expect(await walls()).toBe(0);
  await expect(playground.wall(1)).toHaveCount(0);

  await draw();
  await playground.settled();
  await playground.clickAt(await playground.centre(playground.wall(1)));
  await playground.press('Delete');
  expect(await walls()).toBe(0);

  await draw();
  await playground.call((element) => element.partition([[1], [2, 3, 4, 5]]));
  await playground.settled();
  await playground.clickAt(await playground.centre(playground.action('heal')));
  expect(await walls()).toBe(0);
  expect((await playground.state()).links_cut, 'links cut by hand are mended as well').toEqual([]);
  await expect(playground.action('heal')).toHaveAttribute('aria-disabled', 'true');
});

test('a slip of the mouse draws no wall, and Escape abandons one', async ({ playground }) => {
  const box = await playground.stage.boundingBox();
  if (!box) throw new Error('there is no stage');
  await playground.dragByMouse({ x: box.x + 20, y: box.y + 20 }, { x: box.x + 30, y: box.y + 26 });
  expect((await playground.state()).walls).toEqual([]);

  await playground.page.mouse.move(box.x + 20, box.y + 20);
  await playground.page.mouse.down();
  await playground.page.mouse.move(box.x + 400, box.y + 200, { steps: 4 });
  await playground.press('Escape');
  await playground.page.mouse.up();
  await playground.settled();
  expect((await playground.state()).walls).toEqual([]);
});

test('a wall drawn while time runs is lived again at the same moment', async ({ playground }) => {
  await playground.call((element) => {
    element.speed = 0.5;
    element.play();
  });
  await expect.poll(() => playground.time()).toBeGreaterThan(300);
  await byMouse(playground).wallOff([4, 5]);
  const drawn = await playground.time();
  await expect.poll(() => playground.time()).toBeGreaterThan(drawn + 200);
  await playground.call((element) => element.pause());
  expect((await playground.state()).walls).toHaveLength(1);
  await playground.expectReplayable();
});

test('servers that no straight wall parts are cut off link by link, and the page says so', async ({ playground }) => {
  await playground.clickAt(await playground.serverCentre(1));
  await playground.page.keyboard.down('Shift');
  await playground.clickAt(await playground.serverCentre(3));
  await playground.page.keyboard.up('Shift');
  await playground.clickAt(await playground.centre(playground.action('part')));
  await expect(playground.notice).toContainText('No straight wall parts S1 and S3');
  const { links_cut, walls } = await playground.state();
  expect(walls).toEqual([]);
  expect(links_cut).toHaveLength(2 * 2 * 3);
  expect(links_cut.every((link) => link.by === 'hand')).toBe(true);
});

test('wall off parts the chosen servers, and their neighbours see only their own side', async ({ playground }) => {
  await playground.press('1');
  await playground.press('Tab');
  await playground.press('Shift+Enter');
  await playground.press('w');
  const { walls, links_cut } = await playground.state();
  expect(walls).toHaveLength(1);
  expect(links_cut).toHaveLength(12);
  expect(links_cut.some((link) => link.from === 1 && link.to === neighbourOf(1))).toBe(false);
});
