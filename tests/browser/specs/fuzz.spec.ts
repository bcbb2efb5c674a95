/** What comes from outside, spoilt a hundred thousand times: it is refused with a reason or it is a run, and the page is whole afterwards. */
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';

const INPUTS = 100_000;
const SEED = 20_261_129;

test.describe.configure({ timeout: 240_000 });

test.beforeEach(async ({ page }) => {
  await openHostPage(page, '<script type="module" src="raft-playground.js"></script><raft-playground controls="none" style="height: 300px; min-height: 0"></raft-playground>');
  await new Playground(page).ready();
  // The same numbers for every run of a test.
  await page.evaluate((seed) => {
    let state = seed;
    Object.assign(window, {
      draw: (below: number) => {
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        return Math.floor((state / 2 ** 32) * below);
      },
    });
  }, SEED);
});

test.afterEach(async ({ page }) => {
  const playground = new Playground(page);
  await expect(playground.panicSheet).toHaveCount(0);
  await playground.call((element) => element.reset({ version: 1, servers: 5, seed: 1, options: {} }));
  await playground.elect();
});

type Random = Window & { draw(below: number): number };
interface Outcome {
  refused: number;
  opened: number;
  mute: number;
  panics: number;
}

test('links', async ({ page }) => {
  const outcome = await page.locator('raft-playground').evaluate(async (element: RaftPlayground, inputs): Promise<Outcome> => {
    const { draw } = window as unknown as Random;
    element.advance(300);
    element.propose('x=1');
    element.crash(2);
    element.advance(100);
    const { link } = element.getState();
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_#&=%"<\u202e\u0000';
    const outcome = { refused: 0, opened: 0, mute: 0, panics: 0 };
    element.addEventListener('error', () => (outcome.panics += 1));
    for (let count = 0; count < inputs; count += 1) {
      // Most keep to the letters of links, and end somewhere or not.
      const signs = [...link];
      for (let change = 0; change <= draw(4); change += 1) signs[3 + draw(signs.length - 3)] = letters[draw(draw(8) === 0 ? letters.length : 64)] ?? 'A';
      const spoilt = draw(5) === 0 ? signs.slice(0, draw(signs.length)).join('') : signs.join('');
      // Far moments take long to live up to, which is another test's matter.
      const near = spoilt.replace(/&t=\d{7,}/, '&t=100');
      await element.setState({ version: 1, link: near, speed: 1, playing: false }).then(
        () => (outcome.opened += 1),
        (error: Error) => ((outcome.refused += 1), (outcome.mute += error.message.length > 20 ? 0 : 1)),
      );
    }
    return outcome;
  }, INPUTS);
  expect(outcome.refused + outcome.opened).toBe(INPUTS);
  expect([outcome.mute, outcome.panics]).toEqual([0, 0]);
  expect(outcome.refused).toBeGreaterThan(INPUTS / 10);
});

test('scenarios', async ({ page }) => {
  const outcome = await page.locator('raft-playground').evaluate((element: RaftPlayground, inputs): Outcome => {
    const { draw } = window as unknown as Random;
    const values = [null, true, 0, 1, 3, 5, 50, 51, -1, 0.5, 1e300, NaN, '', 'x=1', 'crash', '\u202e', 'x'.repeat(70), [], {}, [1, 2], [[1], [2, 3]], undefined, Infinity, 'vote_persisted'];
    const kinds = ['crash', 'restart', 'partition', 'heal', 'propose', 'wall', 'set_members', 'edit_disk', 'set_link', 'flap', 'hold_latest', 'unknown'];
    const names = ['server', 'servers', 'value', 'groups', 'from', 'to', 'voters', 'learners', 'wall', 'ax', 'ay', 'bx', 'by', 'term', 'log', 'loss_ppm', 'up_us', 'down_us', 'delay_us_min', 'delay_us_max', 'extra'];
    const some = (): unknown => values[draw(values.length)];
    const thing = (keys: readonly string[], most: number): Record<string, unknown> => Object.fromEntries(Array.from({ length: draw(most + 1) }, () => [keys[draw(keys.length)] ?? 'x', some()]));
    const input = (): unknown => (draw(9) === 0 ? some() : { at_us: draw(4) === 0 ? some() : draw(1_000), input: draw(9) === 0 ? some() : { kind: kinds[draw(kinds.length)], ...thing(names, 3) } });
    const outcome = { refused: 0, opened: 0, mute: 0, panics: 0 };
    element.addEventListener('error', () => (outcome.panics += 1));
    for (let count = 0; count < inputs; count += 1) {
      const scenario = {
        ...(draw(3) === 0 ? { servers: draw(3) === 0 ? some() : 1 + draw(7) } : {}),
        ...(draw(4) === 0 ? { options: draw(4) === 0 ? some() : thing(['loss_ppm', 'rules_off', 'delay_us_max', 'clients', 'election_timeout_us_min', 'disk_us_max', 'nonsense'], 2) } : {}),
        ...(draw(4) === 0 ? { initial: draw(3) === 0 ? some() : { servers: [thing(['server', 'term', 'voted_for', 'log', 'commit_index', 'role', 'leader', 'votes', 'down'], 4)] } } : {}),
        ...(draw(2) === 0 ? { inputs: draw(8) === 0 ? some() : Array.from({ length: draw(4) }, input) } : {}),
        ...(draw(9) === 0 ? thing(['title', 'text', 'page', 'seed', '$schema', 'odd'], 2) : {}),
      };
      try {
        element.reset(scenario as never);
        element.advance(1);
        outcome.opened += 1;
      } catch (error) {
        outcome.refused += 1;
        if ((error as Error).message.length < 10) outcome.mute += 1;
      }
    }
    return outcome;
  }, INPUTS);
  expect([outcome.mute, outcome.panics]).toEqual([0, 0]);
  expect(outcome.refused).toBeGreaterThan(INPUTS / 10);
  expect(outcome.opened).toBeGreaterThan(INPUTS / 10);
});
