import { AxeBuilder } from '@axe-core/playwright';
import type { Locator } from '@playwright/test';
import { type Plan, planFor, type View, xOf, yOf } from '../../../web/src/diagram/layout';
import { expect, neighbourOf, type Playground, test } from '../page';

/** The diagram on the page, and where things are on it. */
class Drawn {
  readonly canvas: Locator;
  readonly tip: Locator;
  readonly told: Locator;

  constructor(readonly playground: Playground) {
    this.canvas = playground.host.getByRole('application', { name: 'Space-time diagram' });
    this.tip = playground.host.locator('.diagram-tip');
    this.told = playground.host.locator('#diagram-told');
  }

  async open(): Promise<this> {
    await this.playground.host.getByRole('tab', { name: 'Diagram' }).click();
    await expect(this.canvas).toBeVisible();
    await expect(this.told).toContainText('From');
    await this.playground.settled();
    return this;
  }

  async plan(): Promise<Plan> {
    const { width, height } = await this.canvas.evaluate((canvas) => ({ width: canvas.clientWidth, height: canvas.clientHeight }));
    return planFor(width, height, (await this.playground.state()).servers.length);
  }

  /** Which milliseconds are in sight, as it is told. */
  async shown(): Promise<{ from: number; to: number }> {
    await this.playground.settled();
    const [, from, to] = /From ([\d.\s]+?) ms to ([\d.\s]+?) ms/.exec((await this.told.textContent()) ?? '') ?? [];
    return { from: number(from), to: number(to) };
  }

  async view(): Promise<View> {
    const [plan, { from, to }] = [await this.plan(), await this.shown()];
    return { startUs: from * 1_000, usPerPx: ((to - from) * 1_000) / (plan.right - plan.left) };
  }

  /** A place on the canvas: a moment in milliseconds, and a server's lane or a place between two. */
  async place(ms: number, lane: number): Promise<{ x: number; y: number }> {
    const [plan, view] = [await this.plan(), await this.view()];
    return { x: xOf(plan, view, ms * 1_000), y: yOf(plan, lane) };
  }

  async hover(ms: number, lane: number): Promise<void> {
    await this.canvas.hover({ position: await this.place(ms, lane) });
    await this.playground.settled();
  }

  /** Colours around a place of the canvas, as "r,g,b". */
  async colours({ x, y }: { x: number; y: number }, around = 2): Promise<Set<string>> {
    const list = await this.canvas.evaluate(
      (canvas: HTMLCanvasElement, { x, y, around }) => {
        const side = 2 * around + 1;
        // Read from a copy: the page's own canvas is not made for that.
        const copy = new OffscreenCanvas(side, side).getContext('2d', { willReadFrequently: true }) as OffscreenCanvasRenderingContext2D;
        copy.drawImage(canvas, Math.round(x) - around, Math.round(y) - around, side, side, 0, 0, side, side);
        const { data } = copy.getImageData(0, 0, side, side);
        return Array.from({ length: side * side }, (_, i) => data.slice(4 * i, 4 * i + 3).join(','));
      },
      { x, y, around },
    );
    return new Set(list);
  }

  /** Goes back from event to event by keys until one is told like this. */
  async walkTo(pattern: RegExp): Promise<string> {
    await this.canvas.focus();
    for (let i = 0; i < 80; i += 1) {
      await this.playground.press('ArrowUp');
      const text = (await this.tip.textContent()) ?? '';
      if (pattern.test(text)) return text;
    }
    throw new Error(`nothing is told like ${pattern}`);
  }
}

const number = (text: string | undefined): number => Number((text ?? '').replace(/\s/g, ''));

/** Where a message began and ended, from what is told of it. */
function ends(told: string): { from: number; to: number; sent: number; ended: number } {
  const found = /S(\d+) → S(\d+)Sent at ([\d.\s]+?) ms, (?:arrived|lost|stopped) at ([\d.\s]+?) ms/.exec(told);
  if (!found) throw new Error(told);
  return { from: Number(found[1]), to: Number(found[2]), sent: number(found[3]), ended: number(found[4]) };
}

test('nothing of the diagram is fetched before its tab is opened', async ({ playground, page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => fetched.push(request.url()));
  await playground.elect();
  await playground.host.getByRole('tab', { name: 'Server' }).click();
  await playground.settled();
  const ofDiagram = (): string[] => fetched.filter((url) => /diagram-\w+\.js$/.test(url));
  expect(ofDiagram()).toEqual([]);
  await new Drawn(playground).open();
  expect(ofDiagram()).toHaveLength(1);
});

test('a message is a line from its sender’s lane to its receiver’s, and ends where it was delivered', async ({ playground }) => {
  const leader = await playground.elect();
  await playground.advance(120);
  const drawn = await new Drawn(playground).open();
  const told = await drawn.walkTo(/^AppendEntries, .*arrived/);
  const { from, to, sent, ended } = ends(told);
  expect(from).toBe(leader.id);
  await playground.press('Escape');
  await expect(drawn.tip).toBeHidden();
  // Its name and times are told wherever on the line one points.
  for (const share of [0.3, 0.7]) {
    await drawn.hover(sent + (ended - sent) * share, from + (to - from) * share);
    await expect(drawn.tip).toContainText(told.slice(0, told.indexOf('Sent')));
  }
  await playground.page.mouse.move(5, 5);
  await playground.settled();
  const ink = '28,36,48';
  expect(await drawn.colours(await drawn.place(ended, to)), 'a dot where it arrived').toContain(ink);
  expect(await drawn.colours(await drawn.place(ended + 6, to + 0.4)), 'and nothing behind').not.toContain(ink);
});

test('a message that is lost ends in a cross, and why is told', async ({ playground }) => {
  const leader = await playground.elect();
  const down = neighbourOf(leader.id);
  await playground.call((element, id) => element.crash(id), down);
  await playground.advance(150);
  const drawn = await new Drawn(playground).open();
  const told = await drawn.walkTo(/lost at/);
  expect(told).toMatch(new RegExp(`^AppendEntries, .*S${leader.id} → S${down}.*its receiver was down\\.$`));
  await playground.press('Escape');
  const { ended } = ends(told);
  const arm = await drawn.place(ended, down);
  expect(await drawn.colours({ x: arm.x + 2, y: arm.y + 2 }, 3), 'in the colour of a warning').toContain('178,58,30');
  await drawn.walkTo(new RegExp(`^S${down} crashes`));
});

test('a wall is marked for as long as it stands, and what it stops', async ({ playground }) => {
  await playground.elect();
  await playground.call((element) => void element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_000 }));
  const began = await playground.time();
  await playground.advance(120);
  const drawn = await new Drawn(playground).open();
  expect(await drawn.walkTo(/stopped at/)).toContain('by wall 1');
  await playground.press('Escape');
  const plan = await drawn.plan();
  const { x } = await drawn.place(began + 40, 1);
  await drawn.canvas.hover({ position: { x, y: plan.top - 8 } });
  await expect(drawn.tip).toContainText('wall 1Since');
});

test('a click goes to that moment; what was lived after it stays to be seen, and a click there goes forward again', async ({ playground }) => {
  await playground.elect();
  await playground.advance(150);
  const end = await playground.time();
  const { fingerprint } = await playground.state();
  const drawn = await new Drawn(playground).open();
  const before = await drawn.shown();
  await drawn.canvas.click({ position: await drawn.place(end - 100, 1.5) });
  await expect.poll(() => playground.time()).toBeLessThan(end - 90);
  expect(await playground.time()).toBeGreaterThan(end - 110);
  expect(await drawn.shown(), 'what is in sight stays').toEqual(before);
  // What is to come stands there at a third of its strength.
  const paper = '255,255,255';
  const lane = await drawn.place(end - 5, 1);
  expect([...(await drawn.colours(lane, 0))][0]).not.toBe(paper);
  await drawn.canvas.click({ position: { x: (await drawn.plan()).right, y: lane.y } });
  await expect.poll(() => playground.time()).toBeGreaterThan(end - 2);
  await playground.call((element, ms) => element.seek(ms), end);
  expect((await playground.state()).fingerprint).toBe(fingerprint);
});

test('the row of times is a scrubber, and the marked event is gone to by Enter', async ({ playground }) => {
  await playground.elect();
  await playground.advance(150);
  const end = await playground.time();
  const drawn = await new Drawn(playground).open();
  const box = await drawn.canvas.boundingBox();
  const plan = await drawn.plan();
  if (!box) throw new Error('the diagram is not to be seen');
  const y = box.y + plan.bottom + 10;
  const to = await drawn.place(end - 80, 1);
  await playground.dragByMouse({ x: box.x + plan.right - 5, y }, { x: box.x + to.x, y });
  expect(Math.abs((await playground.time()) - (end - 80))).toBeLessThan(2);
  const told = await drawn.walkTo(/^AppendEntries, .*arrived/);
  await playground.press('Enter');
  expect(Math.abs((await playground.time()) - ends(told).sent)).toBeLessThan(0.1);
});

test('hovering a message on its way lights it up on the stage', async ({ playground }) => {
  await playground.elect();
  await playground.call((element) => {
    const { stage } = element as unknown as { stage: { scene: { messages: { count: number } } } };
    while (stage.scene.messages.count < 2) element.advance(3);
  });
  const drawn = await new Drawn(playground).open();
  const before = await playground.stage.screenshot();
  await drawn.walkTo(/on its way/);
  const lit = await playground.stage.screenshot();
  expect(lit.equals(before)).toBe(false);
  await playground.press('Escape');
  expect((await playground.stage.screenshot()).equals(before)).toBe(true);
});

test('keys zoom and pan while the diagram has the focus, and nothing else', async ({ playground }) => {
  await playground.elect();
  await playground.advance(400);
  const drawn = await new Drawn(playground).open();
  const speed = await playground.call((element) => element.speed);
  await drawn.canvas.focus();
  const first = await drawn.shown();
  await playground.press('+');
  const near = await drawn.shown();
  expect((near.to - near.from) * 1.5).toBeCloseTo(first.to - first.from, 0);
  expect(near.to, 'the present stays where it is').toBeCloseTo(first.to, 0);
  await playground.press('-');
  expect(await drawn.shown()).toEqual(first);
  await playground.press('ArrowLeft');
  const back = await drawn.shown();
  expect(back.from).toBeLessThan(first.from);
  expect(back.to - back.from).toBeCloseTo(first.to - first.from, 0);
  await playground.press('ArrowRight');
  expect((await drawn.shown()).from).toBeCloseTo(first.from, 0);
  await playground.press('Home');
  const all = await drawn.shown();
  expect(all.from).toBe(0);
  expect(all.to).toBeGreaterThanOrEqual(await playground.time());
  for (let i = 0; i < 3; i += 1) await playground.press('+');
  await playground.press('End');
  expect((await drawn.shown()).to).toBeCloseTo(await playground.time(), 0);
  expect(await playground.call((element) => element.speed), 'the page’s own keys rest').toBe(speed);
});

test('a wheel with Ctrl zooms where it points, alone it scrolls the page; a double click shows all', async ({ playground, page }) => {
  await playground.elect();
  await playground.advance(400);
  const now = await playground.time();
  const drawn = await new Drawn(playground).open();
  await playground.press('Tab');
  const first = await drawn.shown();
  await drawn.hover(now - 100, 2);
  await page.mouse.wheel(0, 200);
  expect(await drawn.shown()).toEqual(first);
  await page.keyboard.down('Control');
  await page.mouse.wheel(0, -200);
  await page.keyboard.up('Control');
  await expect.poll(async () => { const { from, to } = await drawn.shown(); return to - from; }).toBeLessThan((first.to - first.from) * 0.8);
  await drawn.canvas.dblclick({ position: { x: 200, y: 60 } });
  await expect.poll(async () => (await drawn.shown()).from).toBe(0);
  await page.waitForTimeout(400);
  expect(await playground.time(), 'and goes nowhere').toBe(now);
});

test('dragging pans, and a server’s name chooses it everywhere', async ({ playground }) => {
  await playground.elect();
  await playground.advance(400);
  const drawn = await new Drawn(playground).open();
  const first = await drawn.shown();
  const box = await drawn.canvas.boundingBox();
  if (!box) throw new Error('the diagram is not to be seen');
  await playground.dragByMouse({ x: box.x + 100, y: box.y + 80 }, { x: box.x + 200, y: box.y + 90 });
  const panned = await drawn.shown();
  const view = await drawn.view();
  expect(first.from - panned.from).toBeCloseTo((100 * view.usPerPx) / 1_000, 0);
  const plan = await drawn.plan();
  await drawn.canvas.click({ position: { x: 10, y: yOf(plan, 3) } });
  await expect(playground.server(3)).toHaveAttribute('aria-pressed', 'true');
});

test('the present stays at the right edge while time passes', async ({ playground }) => {
  await playground.elect();
  await playground.advance(400);
  const drawn = await new Drawn(playground).open();
  for (let i = 0; i < 3; i += 1) {
    await playground.advance(15);
    expect((await drawn.shown()).to).toBeCloseTo(await playground.time(), 0);
  }
});

test('another run and a step back are followed', async ({ playground }) => {
  await playground.elect();
  const drawn = await new Drawn(playground).open();
  await playground.call((element) => void element.stepBack());
  await drawn.walkTo(/^S\d elected, term 1/);
  await playground.call((element) => element.reset({ seed: 8 }));
  await expect(drawn.told).toContainText('Nothing has happened yet');
  expect((await drawn.shown()).from).toBe(0);
  await drawn.canvas.focus();
  await playground.press('ArrowUp');
  await expect(drawn.tip).toBeHidden();
});

test('the narrower stage beside the diagram, or the clients, leaves what one server can be made to do in one row', async ({ playground }) => {
  await playground.elect();
  await playground.press('4');
  const rows = (): Promise<number> =>
    playground.host.locator('.deck').evaluate((deck) => new Set([...deck.querySelectorAll('button, input')].map((it) => it.getBoundingClientRect()).map(({ top, bottom }) => Math.round((top + bottom) / 20))).size);
  for (const tab of ['Events', 'Diagram', 'Clients']) {
    await playground.host.getByRole('tab', { name: tab }).click();
    await expect.poll(rows, tab).toBe(1);
  }
});

test('fifty servers have all their lanes in sight', async ({ playground }) => {
  await playground.call((element) => {
    element.reset({ servers: 50 });
    element.advance(600);
  });
  const drawn = await new Drawn(playground).open();
  const { canvas, plot } = await drawn.canvas.evaluate((canvas) => ({ canvas: canvas.clientHeight, plot: canvas.parentElement?.clientHeight ?? 0 }));
  expect(canvas).toBeLessThanOrEqual(plot);
  expect((await drawn.plan()).lane).toBeGreaterThanOrEqual(5);
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('the page is turned now and then in place of moving all the while', async ({ playground }) => {
    await playground.elect();
    await playground.advance(400);
    const drawn = await new Drawn(playground).open();
    await playground.advance(10);
    const turned = await drawn.shown();
    expect(turned.to).toBeGreaterThan((await playground.time()) + 20);
    await playground.advance(10);
    expect(await drawn.shown()).toEqual(turned);
  });
});

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test(`axe finds nothing with the diagram open (${colorScheme})`, async ({ playground, page }) => {
      await playground.elect();
      const drawn = await new Drawn(playground).open();
      await drawn.walkTo(/S\d/);
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' ')}`)).toEqual([]);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('a finger pans sideways, a tap goes there, and the buttons are large enough', async ({ playground, page }) => {
    await playground.elect();
    await playground.advance(400);
    const now = await playground.time();
    const drawn = await new Drawn(playground).open();
    await drawn.canvas.scrollIntoViewIfNeeded();
    const first = await drawn.shown();
    const box = await drawn.canvas.boundingBox();
    if (!box) throw new Error('the diagram is not to be seen');
    await playground.dragByTouch({ x: box.x + 100, y: box.y + 80 }, { x: box.x + 220, y: box.y + 82 });
    expect((await drawn.shown()).from).toBeLessThan(first.from - 40);
    await page.touchscreen.tap(box.x + 150, box.y + 80);
    await expect.poll(() => playground.time()).toBeLessThan(now - 50);
    const small = await playground.host.locator('.diagram-bar button').evaluateAll((buttons) => buttons.filter((button) => button.getBoundingClientRect().height < 44 || button.getBoundingClientRect().width < 44).length);
    expect(small).toBe(0);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
  });
});
