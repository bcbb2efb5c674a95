// The picture that opens the README, and pictures of the page to look at.
//   node screenshots.mjs README_PICTURE.png [FOLDER]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { withSite } from './site.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */

const [picture, folder] = process.argv.slice(2);
if (!picture) {
  console.error('usage: node screenshots.mjs README_PICTURE.png [FOLDER]');
  process.exit(1);
}

/**
 * The moment that the page is for: an old leader still leads its minority behind a wall and holds a value that nobody
 * will commit, while the other side has elected a leader of a later term, has committed something else at the same index,
 * and has just been handed a value.
 * @param {RaftPlayground} playground
 */
function moment(playground) {
  const leader = () => playground.state().servers.filter((server) => server.up && server.role === 'leader').sort((a, b) => b.current_term - a.current_term)[0];
  /** @param {() => boolean} wanted */
  const until = (wanted) => {
    for (let i = 0; i < 20_000 && !wanted(); i += 1) playground.advance(0.5);
  };
  playground.reset({ seed: 1, servers: 5 });
  until(() => leader() !== undefined);
  const old = leader();
  if (!old) throw new Error('nobody leads');
  playground.propose('x=1', old.id);
  until(() => playground.state().servers.every((server) => server.store['x'] === '1'));
  const neighbour = playground.state().servers[old.id % 5] ?? old;
  const middle = { x: (old.x + neighbour.x) / 2, y: (old.y + neighbour.y) / 2 };
  // Across the way from their middle to the stage's, a third along it.
  const [dx, dy] = [5_000 - middle.x, 5_000 - middle.y];
  const foot = { x: middle.x + dx * 0.4, y: middle.y + dy * 0.4 };
  const length = Math.hypot(dx, dy);
  const [ux, uy] = [-dy / length, dx / length];
  const reach = (/** @type {number} */ sign) => {
    let far = 0;
    const at = (/** @type {number} */ d) => ({ x: foot.x + sign * d * ux, y: foot.y + sign * d * uy });
    while (far < 4_600 && Math.min(at(far).x, at(far).y) > 300 && Math.max(at(far).x, at(far).y) < 9_700) far += 50;
    return { x: Math.round(at(far).x), y: Math.round(at(far).y) };
  };
  const [a, b] = [reach(1), reach(-1)];
  playground.wall({ ax: a.x, ay: a.y, bx: b.x, by: b.y });
  playground.propose('x=2', old.id);
  until(() => (leader()?.current_term ?? 0) > old.current_term);
  const next = leader();
  if (!next) throw new Error('nobody leads');
  // Committed on the new leader's side at an index where the old side holds something else.
  until(() => (playground.state().servers[next.id - 1]?.commit_index ?? 0) > 2);
  playground.propose('x=3', next.id);
  until(() => {
    const { messages_in_flight, time_ms } = playground.state();
    return messages_in_flight.filter((message) => (time_ms - message.sent_ms) / (message.arrives_ms - message.sent_ms) > 0.3).length >= 4;
  });
}

/** @type {readonly { name: string; width: number; height: number; dark?: boolean; phone?: boolean }[]} */
const REVIEWS = [
  { name: '1280x800-light', width: 1280, height: 800 },
  { name: '390x844-light', width: 390, height: 844, phone: true },
  { name: '1920x1080-dark', width: 1920, height: 1080, dark: true },
];

await withSite(async (browser, address) => {
  /** @param {(typeof REVIEWS)[number]} view @param {number} deviceScaleFactor @param {string} path */
  const shoot = async (view, deviceScaleFactor, path) => {
    const context = await browser.newContext({
      viewport: { width: view.width, height: view.height },
      colorScheme: view.dark ? 'dark' : 'light',
      hasTouch: view.phone ?? false,
      isMobile: view.phone ?? false,
      deviceScaleFactor,
    });
    // Not the first visit: no hint of the first steps.
    await context.addInitScript(() => localStorage.setItem('raft-playground.visited', '1'));
    const page = await context.newPage();
    await page.goto(address);
    const host = page.locator('raft-playground');
    await host.evaluate((element) => /** @type {RaftPlayground} */ (element).ready);
    await host.evaluate(/** @type {never} */ (/** @type {unknown} */ (moment)));
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
    await page.screenshot({ path });
    if (view.phone) await page.screenshot({ path: path.replace('.png', '-whole.png'), fullPage: true });
    await context.close();
  };
  const [first] = REVIEWS;
  if (first) await shoot(first, 2, picture);
  if (!folder) return;
  await mkdir(folder, { recursive: true });
  for (const view of REVIEWS) await shoot(view, 1, join(folder, `${view.name}.png`));
});
