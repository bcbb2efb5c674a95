import type { Locator } from '@playwright/test';
import { expect, type Playground, type Point, test } from '../page';

const track = (playground: Playground): Locator => playground.host.getByRole('slider', { name: 'Moment' });

/** Two seconds with an election, a commit and two things done. */
async function lived(playground: Playground): Promise<void> {
  await playground.elect();
  await playground.call((element) => {
    element.propose('x=1');
    element.advance(500);
    element.crash(2);
    element.advance(2_000 - element.time);
  });
  await expect(track(playground)).toBeVisible();
}

async function placeAt(playground: Playground, part: number): Promise<Point> {
  const box = await track(playground).boundingBox();
  if (!box) throw new Error('there is no time line');
  return { x: box.x + part * box.width, y: box.y + 0.64 * box.height };
}

test('the time line is not there before anything was lived, and keeps its place', async ({ playground }) => {
  await expect(track(playground)).toHaveCount(0);
  const before = await playground.stage.boundingBox();
  await lived(playground);
  expect(await playground.stage.boundingBox()).toEqual(before);
});

test('a press goes to its moment, a drag through moments, and time goes on from there as it did', async ({ playground }) => {
  await lived(playground);
  const end = await playground.fingerprint();
  await playground.clickAt(await placeAt(playground, 0.85));
  expect(await playground.time()).toBeCloseTo(1_700, -1);
  await playground.dragByMouse(await placeAt(playground, 0.85), await placeAt(playground, 0.45));
  expect(Math.abs((await playground.time()) - 900)).toBeLessThan(12);
  await expect(track(playground)).toHaveAttribute('aria-valuenow', String(await playground.time()));
  expect(await playground.call((element) => element.livedMs)).toBe(2_000);
  await playground.call((element) => element.advance(2_000 - element.time));
  expect(await playground.fingerprint()).toBe(end);
  expect(await playground.call((element) => element.branches().all.length), 'looking changes nothing').toBe(1);
});

test('the handle is moved by keys, and says where it stands', async ({ playground }) => {
  await lived(playground);
  await track(playground).focus();
  const leader = (await playground.state()).servers.find((server) => server.role === 'leader');
  await expect(track(playground)).toHaveAttribute('aria-valuetext', new RegExp(`^2\\s000\\.0 ms of 2\\s000\\.0 ms lived; S${leader?.id} was the last to be elected, in term ${leader?.current_term}$`));
  for (const [key, time] of [['ArrowLeft', 1_980], ['PageDown', 1_780], ['ArrowRight', 1_800], ['Home', 0], ['PageUp', 200], ['End', 2_000]] as const) {
    await playground.press(key);
    expect(await playground.time(), key).toBe(time);
  }
  await expect(track(playground)).toBeFocused();
});

test('a press on a mark goes to the very event', async ({ playground }) => {
  await lived(playground);
  const elected = await playground.call((element) => {
    element.jump('leader', false);
    return element.state();
  });
  const crashedMs = await playground.call((element) => {
    element.seek(2_000);
    return (element.scenario().inputs?.[1]?.at_us ?? 0) / 1_000;
  });
  await playground.settled();
  await playground.clickAt(await placeAt(playground, (elected.time_ms + 1) / 2_000));
  expect(await playground.fingerprint(), 'the election').toBe(elected.fingerprint);
  await playground.clickAt(await placeAt(playground, crashedMs / 2_000 + 0.001));
  expect(await playground.time()).toBe(crashedMs);
  expect((await playground.serverState(2)).up).toBe(false);
});

test('a stroke stands where a leader commits, and none where a follower learns of it', async ({ playground }) => {
  await playground.elect();
  const commits = await playground.call((element) => {
    element.propose('x=1');
    element.advance(1_000);
    const end = element.time;
    element.seek(0);
    let count = 0;
    while (element.jump('commit') && element.time <= end) count += 1;
    element.seek(end);
    return count;
  });
  expect(commits).toBe(2);
  await playground.settled();
  const strokes = async (): Promise<number> => ((await playground.host.locator('.ticks .commits').getAttribute('d')) ?? '').split('M').length - 1;
  expect(await strokes()).toBe(commits);
});

test('acting in the past begins a branch without asking, and the list of branches goes to and fro', async ({ playground }) => {
  await lived(playground);
  const end = await playground.fingerprint();
  await playground.clickAt(await placeAt(playground, 0.8));
  await expect(playground.host.locator('[data-part="branches"]')).toHaveCount(0);
  await playground.press('4');
  await playground.press('c');
  const button = playground.host.locator('[data-part="branches"]');
  await expect(button).toContainText('branch 1');
  await playground.advance(300);
  await button.click();
  const sheet = playground.host.locator('#branches');
  await expect(sheet).toContainText(/the first run · lived to 2\s000\.0 ms/);
  await expect(sheet).toContainText(/from run at 1\s\d+\.\d ms · lived to/);
  const name = sheet.getByRole('textbox', { name: 'Name of branch 1' });
  await name.fill('S4 is gone');
  await name.press('Enter');
  await expect(button).toContainText('S4 is gone');
  const renamed = sheet.getByRole('textbox', { name: 'Name of S4 is gone' });
  await renamed.fill('');
  await renamed.press('Enter');
  await expect(playground.notice).toContainText('name has 0 characters');
  await expect(renamed).toHaveValue('S4 is gone');
  await sheet.getByRole('button', { name: 'Go to run' }).click();
  await expect(button).toContainText('run');
  await playground.call((element) => element.seek(element.livedMs));
  expect(await playground.fingerprint(), 'what was lived before is as it was').toBe(end);
});

test('undo goes back to just before what was done, and it is done again when time goes on', async ({ playground }) => {
  await lived(playground);
  const crashedMs = await playground.call((element) => (element.scenario().inputs?.[1]?.at_us ?? 0) / 1_000);
  await playground.action('undo').click();
  expect(await playground.time()).toBeCloseTo(crashedMs - 0.001, 6);
  expect((await playground.serverState(2)).up).toBe(true);
  await playground.advance(1);
  expect((await playground.serverState(2)).up).toBe(false);
  await playground.press('u');
  await playground.press('u');
  expect(await playground.time()).toBeLessThan(crashedMs - 400);
  await playground.press('u');
  await expect(playground.notice).toContainText('Nothing was done by hand before this moment.');
  await expect(playground.action('undo')).toHaveAttribute('aria-disabled', 'true');
});

test('what was done at the very beginning cannot be undone, and undo says so', async ({ playground }) => {
  await playground.call((element) => element.crash(1));
  await playground.press('u');
  await expect(playground.notice).toContainText('at the very beginning');
});

test('a drag of a server is undone as a whole', async ({ playground }) => {
  await playground.elect();
  const { x, y } = await playground.serverState(3);
  const from = await playground.serverCentre(3);
  await playground.dragByMouse(from, { x: from.x - 60, y: from.y - 40 });
  expect((await playground.serverState(3)).x).not.toBe(x);
  await playground.press('u');
  const { x: after, y: also } = await playground.serverState(3);
  expect([after, also]).toEqual([x, y]);
});

test('the list of what can be gone to does what it says, or says why not', async ({ playground }) => {
  await lived(playground);
  const open = () => playground.host.locator('[data-part="go-to"]').click();
  const sheet = playground.host.locator('#go-to');
  await open();
  await expect(sheet.locator('[data-action="next-input"]')).toHaveAttribute('aria-disabled', 'true');
  await expect(sheet).toContainText('Nothing was done to the run after this moment.');
  await sheet.locator('[data-action="previous-election"]').click();
  await expect(sheet).toBeHidden();
  const state = await playground.state();
  expect(state.servers.filter((server) => server.role === 'leader')).toHaveLength(1);
  expect(Math.max(...state.servers.map((server) => server.commit_index))).toBe(0);
  await playground.press('E');
  await expect(playground.notice).toContainText('No election was won before this moment.');
});

test.describe('by finger', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('the handle is dragged', async ({ playground }) => {
    await lived(playground);
    await playground.dragByTouch(await placeAt(playground, 0.95), await placeAt(playground, 0.6));
    expect(Math.abs((await playground.time()) - 1_200)).toBeLessThan(40);
  });
});
