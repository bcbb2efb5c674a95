/**
 * What every test stands on: a page that may not complain about anything, and hands for what is on it.
 *
 * Virtual time goes on only when a test says so (`advance`), so that what a test sees is the same on every machine.
 */
import { type CDPSession, expect, type Locator, type Page, test as base } from '@playwright/test';
import type { ClusterState, RaftPlayground, Scenario, ServerState } from '../../web/src/raft-playground';
import { parting, type Point, type Segment } from './geometry';

export { expect };
export type { ClusterState, Point, RaftPlayground, Scenario, Segment };

interface Fixtures {
  /** Whether somebody was on the page before: then there is no hint of the first steps. */
  visited: boolean;
  /** Complaints that a test provokes on purpose. */
  expected: RegExp[];
  /** Everything that the page complained about so far. */
  complaints: string[];
  /** The built page, loaded and at rest at time 0. */
  playground: Playground;
}

export const test = base.extend<Fixtures>({
  visited: [true, { option: true }],
  expected: [[], { option: true }],

  complaints: [
    async ({ page, context, expected, visited }, use) => {
      if (visited) {
        await context.addInitScript(() => {
          try {
            localStorage.setItem('raft-playground.visited', '1');
          } catch {
            // A page without a host of its own has no storage.
          }
        });
      }
      const complaints: string[] = [];
      page.on('console', (message) => {
        // What the tests themselves keep out is no complaint of the page.
        if (message.text() === 'Service Worker registration blocked by Playwright') return;
        if (['error', 'warning', 'assert'].includes(message.type())) complaints.push(`console ${message.type()}: ${message.text()}`);
      });
      page.on('pageerror', (error) => complaints.push(`uncaught: ${error.message}`));
      page.on('requestfailed', (request) => {
        const reason = request.failure()?.errorText ?? '';
        // The browser's own word for what it gave up because the page was left, as a late chunk is at a reload.
        if (reason !== 'net::ERR_ABORTED') complaints.push(`request failed: ${request.url()} ${reason}`);
      });
      page.on('response', (response) => {
        if (response.status() >= 400) complaints.push(`HTTP ${response.status()}: ${response.url()}`);
      });
      // Some violations are reported by an event alone.
      await page.exposeFunction('reportPolicyViolation', (text: string) => complaints.push(`security policy: ${text}`));
      await page.addInitScript(() => {
        document.addEventListener('securitypolicyviolation', (event) => {
          const { reportPolicyViolation } = window as unknown as { reportPolicyViolation(text: string): void };
          reportPolicyViolation(`${event.effectiveDirective} blocked ${event.blockedURI} at ${event.sourceFile}:${event.lineNumber}`);
        });
      });
      await use(complaints);
      expect(complaints.filter((complaint) => !expected.some((pattern) => pattern.test(complaint))), 'the page complained').toEqual([]);
    },
    { auto: true },
  ],

  playground: async ({ page }, use) => {
    await page.goto('./');
    const playground = new Playground(page);
    await playground.ready();
    await use(playground);
  },
});

/** A playground on a page, and the hands of somebody before it. */
export class Playground {
  readonly host: Locator;
  readonly stage: Locator;
  readonly notice: Locator;
  readonly help: Locator;
  readonly violationCard: Locator;
  readonly panicSheet: Locator;
  readonly valueField: Locator;
  private touchSession: CDPSession | undefined;

  constructor(
    readonly page: Page,
    selector = 'raft-playground',
  ) {
    this.host = page.locator(selector);
    this.stage = this.host.locator('.stage');
    this.notice = this.host.locator('.notice');
    this.help = this.host.locator('dialog.help');
    this.violationCard = this.host.locator('.violation');
    this.panicSheet = this.host.locator('dialog.panic');
    this.valueField = this.host.getByRole('textbox', { name: 'Value to propose' });
  }

  // ---- by the element's own methods ----

  async ready(): Promise<void> {
    await this.call((element) => element.ready);
    // The first look at the stage is after the next frame.
    await expect(this.server(1)).toBeVisible();
    await this.settled();
  }

  /** Runs something with the element, in the page. */
  call<T, A = undefined>(run: (element: RaftPlayground, argument: A) => T | Promise<T>, argument?: A): Promise<T> {
    return this.host.evaluate(run as never, argument as never);
  }

  state(): Promise<ClusterState> {
    return this.call((element) => element.state());
  }

  async fingerprint(): Promise<string> {
    return (await this.state()).fingerprint;
  }

  time(): Promise<number> {
    return this.call((element) => element.time);
  }

  /** Lets exactly so many virtual milliseconds pass. */
  advance(ms: number): Promise<void> {
    return this.call((element, passing) => element.advance(passing), ms);
  }

  /**
   * Lets time pass in steps until the state is as wanted; fails when it has not come to that after `withinMs`. `wanted`
   * runs in the page and sees its arguments alone.
   */
  async advanceUntil<A = undefined>(
    wanted: (state: ClusterState, argument: A) => boolean,
    withinMs: number,
    options: { stepMs?: number; argument?: A } = {},
  ): Promise<ClusterState> {
    const test = await this.page.evaluateHandle<typeof wanted>(`(${wanted})`);
    const [found, state] = await this.host.evaluate(
      (element: RaftPlayground, { test, withinMs, stepMs, argument }) => {
        const end = element.time + withinMs;
        for (;;) {
          const state = element.state();
          if (test(state, argument as A)) return [true, state] as const;
          if (state.time_ms >= end) return [false, state] as const;
          element.advance(stepMs);
        }
      },
      { test, withinMs, stepMs: options.stepMs ?? 5, argument: options.argument },
    );
    if (!found) throw new Error(`not so within ${withinMs} virtual ms: ${wanted}\n${JSON.stringify(state)}`);
    return state;
  }

  /** Lets time pass until there is a leader and all know it. */
  async elect(): Promise<ServerState> {
    const state = await this.advanceUntil(
      ({ servers }) => servers.some(({ role, id }) => role === 'leader' && servers.every((server) => !server.up || server.leader === id)),
      2_000,
    );
    return leaderOf(state) as ServerState;
  }

  async serverState(id: number): Promise<ServerState> {
    return (await this.state()).servers[id - 1] as ServerState;
  }

  /** That the run so far, lived again from its scenario, ends in the same state to the last bit. */
  async expectReplayable(): Promise<void> {
    const [before, after] = await this.call((element) => {
      const { fingerprint, time_ms } = element.state();
      element.reset(element.scenario());
      element.advance(time_ms);
      return [fingerprint, element.state().fingerprint] as const;
    });
    expect(after, 'the run lived again ends otherwise').toBe(before);
  }

  /** Waits until what was last asked for is on the screen. */
  async settled(): Promise<void> {
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  // ---- what is on the page ----

  server(id: number): Locator {
    return this.host.locator(`.hit-server[data-server="${id}"]`);
  }

  wall(wall: number): Locator {
    return this.host.locator(`.hit-wall[data-wall="${wall}"]`);
  }

  wallEnd(wall: number, end: 'a' | 'b'): Locator {
    return this.host.locator(`.hit-end[data-wall="${wall}"][data-end="${end}"]`);
  }

  removeButton(wall: number): Locator {
    return this.host.getByRole('button', { name: `Remove wall ${wall}` });
  }

  /** The button of an action, other than in the list of where to go. */
  action(id: string): Locator {
    return this.host.locator(`[data-action="${id}"]:not(#go-to *)`);
  }

  logRow(id: number): Locator {
    return this.host.locator(`.logs-row[data-server="${id}"]`);
  }

  /** The cell of an index in a server's row, which is there while it is in sight. */
  logCell(id: number, index: number): Locator {
    return this.logRow(id).locator(`.cell:not(.snapshot)[data-index="${index}"]`);
  }

  /** The middle of something, in pixels of the window. */
  async centre(thing: Locator): Promise<Point> {
    const box = await thing.boundingBox();
    if (!box) throw new Error(`${thing} is not to be seen`);
    return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }

  serverCentre(id: number): Promise<Point> {
    return this.centre(this.server(id));
  }

  /** Where on the window a place of the stage is, from 0 to 10,000 in both directions. */
  async placeOnStage(x: number, y: number): Promise<Point> {
    // From two servers, for hint and legend at the stage's foot are no part of it.
    const { servers } = await this.state();
    const [one, two] = [servers[0] as ServerState, servers.find((server) => server.x !== servers[0]?.x && server.y !== servers[0]?.y) as ServerState];
    const [at, to] = [await this.serverCentre(one.id), await this.serverCentre(two.id)];
    return {
      x: at.x + ((x - one.x) / (two.x - one.x)) * (to.x - at.x),
      y: at.y + ((y - one.y) / (two.y - one.y)) * (to.y - at.y),
    };
  }

  /** The ends of a line, in pixels, that parts these servers from all others and starts and ends on empty stage. */
  async wallAround(inside: readonly number[]): Promise<Segment> {
    await this.stage.scrollIntoViewIfNeeded();
    const { servers } = await this.state();
    const centres = await Promise.all(servers.map((server) => this.serverCentre(server.id)));
    const box = await this.stage.boundingBox();
    if (!box) throw new Error('the stage is not to be seen');
    const within = (server: ServerState): boolean => inside.includes(server.id);
    const margin = 10;
    return parting(
      centres.filter((_, at) => within(servers[at] as ServerState)),
      centres.filter((_, at) => !within(servers[at] as ServerState)),
      // Hint and legend take the stage's foot.
      { left: box.x + margin, top: box.y + margin, right: box.x + box.width - margin, bottom: box.y + box.height - 64 },
    );
  }

  // ---- hands ----

  async dragByMouse(from: Point, to: Point, steps = 8): Promise<void> {
    const { mouse } = this.page;
    await mouse.move(from.x, from.y);
    await mouse.down();
    await mouse.move(to.x, to.y, { steps });
    await this.settled();
    await mouse.up();
    await this.settled();
  }

  async dragByTouch(from: Point, to: Point, steps = 8): Promise<void> {
    this.touchSession ??= await this.page.context().newCDPSession(this.page);
    const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', points: Point[]): Promise<unknown> =>
      (this.touchSession as CDPSession).send('Input.dispatchTouchEvent', { type, touchPoints: points });
    await touch('touchStart', [from]);
    for (let step = 1; step <= steps; step += 1) {
      await touch('touchMove', [{ x: from.x + ((to.x - from.x) * step) / steps, y: from.y + ((to.y - from.y) * step) / steps }]);
    }
    await this.settled();
    // Where a finger is lifted at full speed, Chromium takes the next tap for the one that stops a fling.
    await this.page.waitForTimeout(120);
    await touch('touchEnd', []);
    await this.settled();
  }

  async clickAt(place: Point): Promise<void> {
    await this.page.mouse.click(place.x, place.y);
    await this.settled();
  }

  /** A tap becomes a click when the browser has made up its mind that it was one: that is waited for. */
  async tapAt(place: Point): Promise<void> {
    type Tapped = Window & { tapped?: Promise<void> };
    await this.page.evaluate(() => {
      (window as Tapped).tapped = new Promise((done) => addEventListener('click', () => done(), { capture: true, once: true }));
    });
    await this.page.touchscreen.tap(place.x, place.y);
    await this.page.evaluate(() => (window as Tapped).tapped);
    await this.settled();
  }

  async press(key: string): Promise<void> {
    await this.page.keyboard.press(key);
    await this.settled();
  }

  /** A picture of part of the stage around a place, to be compared with another. */
  look(around: Point, halfSide = 14): Promise<Buffer> {
    return this.page.screenshot({ clip: { x: around.x - halfSide, y: around.y - halfSide, width: 2 * halfSide, height: 2 * halfSide } });
  }
}

/** The leader with the highest term among those that run. */
export function leaderOf(state: ClusterState): ServerState | undefined {
  const leaders = state.servers.filter((server) => server.up && server.role === 'leader');
  return leaders.sort((a, b) => b.current_term - a.current_term)[0];
}

/** The values in a server's log, without no-ops. */
export const valuesOf = (server: ServerState): string[] => server.log.flatMap((entry) => entry.command ?? []);

/** The values in a server's log that it knows to be committed. */
export const committedOf = (server: ServerState): string[] =>
  server.log.filter((entry) => entry.index <= server.commit_index).flatMap((entry) => entry.command ?? []);

/** A page of somebody else's with a playground in it, under `path` of the same host. */
export async function openHostPage(page: Page, body: string, options: { path?: string; policy?: string | null } = {}): Promise<void> {
  const { path = 'host.html', policy = null } = options;
  const html = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Course notes</title></head><body>${body}</body></html>`;
  await page.route(`**/${path}`, (route) =>
    route.fulfill({ contentType: 'text/html', body: html, headers: policy === null ? {} : { 'Content-Security-Policy': policy } }),
  );
  await page.goto(path);
}

/** The number of the server after this one on the ring, as a neighbour. */
export const neighbourOf = (id: number, servers = 5): number => (id % servers) + 1;
