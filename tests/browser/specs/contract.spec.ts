/** What attributes, methods and events of the element promise: docs/embedding.md. */
import AxeBuilder from '@axe-core/playwright';
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';
import type { Page } from '@playwright/test';

const SCRIPT = '<script type="module" src="raft-playground.js"></script>';

async function opened(page: Page, attributes: string): Promise<Playground> {
  await openHostPage(page, `${SCRIPT}<raft-playground style="height: 560px" ${attributes}></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  return playground;
}

/** What an element that does not become ready says. */
const refused = (page: Page): Promise<string> =>
  page.locator('raft-playground').evaluate((element: RaftPlayground) =>
    element.ready.then(
      () => 'it is ready',
      (error: Error) => error.message,
    ),
  );

test('a run stays within its range: whoever leaves it is refused, and time ends at its last moment', async ({ page }) => {
  const playground = await opened(page, 'range="100 350.5" speed="10"');
  expect(await playground.time()).toBe(100);
  expect(
    await playground.call((element) => {
      const heard: string[] = [];
      const attempt = (ms: number): void => {
        try {
          element.seek(ms);
        } catch (error) {
          heard.push((error as Error).message);
        }
      };
      attempt(99);
      attempt(351);
      element.advance(1_000);
      heard.push(String(element.time));
      element.seek(100);
      heard.push(String(element.stepBack() && element.time));
      return heard;
    }),
  ).toEqual(['time_ms is 99; expected a number from 100 to 100', 'time_ms is 351; expected a number from 100 to 100', '350.5', '100']);
  const ended = () =>
    playground.call(
      (element) =>
        new Promise<number>((done) => {
          element.addEventListener('ended', (event) => done(event.detail.time_ms), { once: true });
          element.play();
        }),
    );
  expect(await ended()).toBe(350.5);
  expect(await playground.call((element) => element.playing)).toBe(false);
  expect(await ended(), 'played again, it begins at the first moment').toBe(350.5);
});

test('time stops right behind what it is to stop at', async ({ page }) => {
  const playground = await opened(page, 'pause-on="election commit" autoplay speed="5"');
  await expect.poll(() => playground.call((element) => element.playing)).toBe(false);
  const leader = await playground.call((element) => [element.state().servers.filter((server) => server.role === 'leader').length, element.time] as const);
  expect(leader[0]).toBe(1);
  // One event back nobody leads.
  expect(
    await playground.call((element) => {
      element.stepBack();
      return element.state().servers.filter((server) => server.role === 'leader').length;
    }),
  ).toBe(0);
  await playground.call((element) => {
    element.step();
    element.play();
  });
  await expect.poll(() => playground.call((element) => element.playing)).toBe(false);
  const committed = () => playground.call((element) => Math.max(...element.state().servers.map((server) => server.commit_index)));
  expect(await committed()).toBe(1);
  await playground.call((element) => element.stepBack());
  expect(await committed()).toBe(0);
});

test('a run that is only to be looked at tells whoever would change it, and may be looked at again', async ({ page }) => {
  const playground = await opened(page, 'readonly start-at="900"');
  const before = await playground.fingerprint();
  const { x, y } = await playground.serverCentre(1);
  await playground.dragByMouse({ x, y }, { x: x + 60, y: y + 90 });
  await expect(playground.notice).toContainText('only to be looked at');
  await playground.server(2).focus();
  await playground.press('c');
  await playground.press('h');
  const message = await playground.call((element) => {
    const said: string[] = [];
    for (const act of [() => element.propose('x=1'), () => element.reset({ seed: 2 }), () => element.heal()]) {
      try {
        act();
        said.push('done');
      } catch (error) {
        said.push((error as Error).message);
      }
    }
    return said;
  });
  expect(message).toEqual(Array(3).fill('this run is only to be looked at: the attribute readonly is set'));
  expect(await playground.fingerprint()).toBe(before);
  await playground.call((element) => element.reset());
  expect(await playground.time()).toBe(0);
  await playground.call((element) => (element.readonly = false));
  await expect.poll(() => playground.call((element) => (element.propose('x=1'), element.scenario().inputs?.length))).toBe(1);
});

test('an attribute that changes makes another run, and one that is wrong says so while the run goes on', async ({ page }) => {
  const playground = await opened(page, '');
  await playground.host.evaluate((element) => element.setAttribute('scenario', 'figure-7'));
  await expect.poll(() => playground.call((element) => element.servers)).toBe(7);
  await playground.call((element) => {
    element.removeAttribute('scenario');
    element.seed = 9;
  });
  await expect.poll(() => playground.call((element) => [element.servers, element.scenario().seed])).toEqual([5, 9]);
  await playground.advance(300);
  const heard = playground.call((element) => new Promise<string>((done) => element.addEventListener('error', (event) => done((event as CustomEvent<{ message: string }>).detail.message), { once: true })));
  await playground.host.evaluate((element) => element.setAttribute('scenario', 'figure-9'));
  expect(await heard).toMatch(/^scenario is "figure-9"; expected the fragment of a link, or one of figure-6, /);
  await expect(playground.host.getByRole('alert')).toContainText('figure-9');
  await playground.host.evaluate((element) => element.setAttribute('scenario', 'figure-10'));
  await expect.poll(() => playground.call((element) => element.scenario().title)).toContain('Figure 10');
  await expect(playground.host.getByRole('alert')).toHaveCount(0);
});

for (const [attributes, message] of [
  ['range="5"', /^range is "5"; expected the first and the last moment/],
  ['range="9 3"', /^range is "9 3"; /],
  ['pause-on="elections"', /^pause-on names "elections"; expected some of election, commit, violation/],
  ['start-at="-1"', /^start-at is "-1"; expected milliseconds from 0 to 3600000/],
  ['scenario="__proto__"', /^scenario is "__proto__"; /],
  ['scenario="r=AAAA&amp;t=0"', /^scenario holds a link that cannot be opened: /],
  ['scenario="figure-8" src="x.json"', /^both src and scenario are given/],
  ['src="data:application/json,[]"', /^src, data:application\/json,\[\], cannot be opened: it is no object/],
] as const) {
  test(`an element with ${attributes} says what is wrong with it`, async ({ page }) => {
    await openHostPage(page, `${SCRIPT}<raft-playground ${attributes}></raft-playground>`);
    expect(await refused(page)).toMatch(message);
    await expect(page.locator('raft-playground').getByRole('alert')).toBeVisible();
    // Put right, it is right.
    await page.locator('raft-playground').evaluate((element: RaftPlayground) => {
      for (const name of ['range', 'pause-on', 'start-at', 'scenario', 'src']) element.removeAttribute(name);
      element.setAttribute('scenario', 'figure-7');
    });
    await expect.poll(() => page.locator('raft-playground').evaluate((element: RaftPlayground) => element.servers)).toBe(7);
    await expect(page.locator('raft-playground').getByRole('alert')).toHaveCount(0);
  });
}

test('a scenario is fetched from where src says', async ({ page }) => {
  await page.route('**/my.json', (route) => route.fulfill({ json: { version: 1, servers: 3, seed: 4, title: '<b>mine</b>', inputs: [{ at_us: 5, input: { kind: 'crash', server: 2 } }] } }));
  const playground = await opened(page, 'src="my.json" start-at="1"');
  expect(await playground.call((element) => element.scenario().title)).toBe('<b>mine</b>');
  expect((await playground.serverState(2)).up).toBe(false);
});

test('a state goes from one element to another as JSON', async ({ page }) => {
  await openHostPage(page, `${SCRIPT}<raft-playground id="first" style="height: 560px"></raft-playground><raft-playground id="other" servers="3" style="height: 560px"></raft-playground>`);
  const [first, other] = [new Playground(page, '#first'), new Playground(page, '#other')];
  for (const one of [first, other]) await one.ready();
  await first.elect();
  await first.call((element) => {
    element.propose('x=1');
    element.speed = 0.25;
    element.step(5);
  });
  const kept = await first.call((element) => JSON.stringify(element.getState()));
  await other.call((element, text) => element.setState(JSON.parse(text)), kept);
  expect(await other.fingerprint()).toBe(await first.fingerprint());
  expect(await other.call((element) => [element.speed, element.playing])).toEqual([0.25, false]);
  const wrong = await other.call((element) => element.setState({ version: 2 } as never).catch((error: Error) => `${error.name}: ${error.message}`));
  expect(wrong).toBe('TypeError: state is an object; expected what getState() returned');
  const fast = await other.call((element) => element.setState({ ...element.getState(), speed: 1e9 }).catch((error: Error) => error.name));
  expect(fast).toBe('TypeError');
});

test('a trace and a scenario are handed out as they are saved', async ({ page }) => {
  const playground = await opened(page, 'servers="3"');
  await playground.elect();
  const [trace, scenario] = await playground.call(async (element) => [await (await element.exportTrace()).text(), element.exportScenario()] as const);
  expect(trace.trimEnd().split('\n').map((line) => typeof JSON.parse(line))).not.toContain('string');
  expect(trace.split('\n').length).toBeGreaterThan(10);
  expect(JSON.parse(scenario)).toEqual(await playground.call((element) => element.scenario()));
});

test('events tell of what becomes of the run', async ({ page }) => {
  await openHostPage(page, '<raft-playground speed="5" style="height: 560px"></raft-playground>');
  await page.evaluate(() => {
    const heard: string[] = [];
    Object.assign(window, { heard });
    // Before there is an element, and where they have bubbled to.
    for (const type of ['ready', 'play', 'pause', 'timeupdate', 'leaderchange', 'commit']) document.addEventListener(type, () => heard.includes(type) || heard.push(type));
    const script = document.createElement('script');
    script.type = 'module';
    script.src = 'raft-playground.js';
    document.head.append(script);
  });
  const heard = () => page.evaluate(() => (window as unknown as { heard: string[] }).heard);
  await expect.poll(heard).toEqual(['ready']);
  const playground = new Playground(page);
  await playground.call((element) => element.play());
  await expect.poll(heard).toContain('commit');
  await playground.call((element) => element.pause());
  expect((await heard()).filter((type) => type !== 'timeupdate')).toEqual(['ready', 'play', 'leaderchange', 'commit', 'pause']);
  expect(await heard()).toContain('timeupdate');
});

test('in little room there are the stage, its time line and one bar, from which the run goes on elsewhere', async ({ page, context }) => {
  await openHostPage(page, '<iframe title="Raft" width="640" height="420" src="embed.html?seed=3"></iframe>');
  const frame = page.frameLocator('iframe');
  const element = frame.locator('raft-playground');
  await element.evaluate((it: RaftPlayground) => it.ready);
  await expect(frame.locator('header, .side, .deck')).toHaveCount(0);
  const stage = await frame.locator('.stage').boundingBox();
  expect(stage?.height).toBeGreaterThan(300);
  await frame.locator('.controls [data-action="next-election"]').click();
  const before = await element.evaluate((it: RaftPlayground) => it.state());
  expect(before.servers.filter((server) => server.role === 'leader')).toHaveLength(1);
  const opening = context.waitForEvent('page');
  await frame.getByRole('link', { name: 'Open in the Playground' }).click();
  const full = await opening;
  const playground = new Playground(full);
  await playground.ready();
  await expect.poll(() => playground.fingerprint()).toBe(before.fingerprint);
  await expect(playground.host.locator('.side')).toBeVisible();
});

test('controls are as many as the attribute says, whatever the room', async ({ page }) => {
  const playground = await opened(page, 'controls="none"');
  await expect(playground.host.locator('.controls, header, .line-place')).toHaveCount(0);
  await playground.call((element) => (element.controls = 'full'));
  await expect(playground.host.locator('header')).toBeVisible();
  await playground.call((element) => (element.style.width = '320px'));
  await playground.settled();
  await expect(playground.host.locator('header')).toBeVisible();
  await playground.call((element) => (element.controls = 'auto'));
  await expect(playground.host.locator('header')).toHaveCount(0);
  await expect(playground.action('play')).toBeVisible();
});

test('the page around gives the element its colours, on the stage as in the panels', async ({ page }) => {
  await openHostPage(page, `<style>raft-playground { --stage: #ff00ff; --panel: #00ff00 } raft-playground::part(controls) { border-top: 7px solid }</style>${SCRIPT}<raft-playground style="height: 560px"></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  expect(
    await playground.host.evaluate((element) => {
      const root = element.shadowRoot as ShadowRoot;
      const pixel = (root.querySelector('.stage canvas') as HTMLCanvasElement).getContext('2d')?.getImageData(3, 3, 1, 1).data;
      const controls = getComputedStyle(root.querySelector('.controls') as Element);
      return [[...(pixel ?? [])].join(), controls.backgroundColor, controls.borderTopWidth];
    }),
  ).toEqual(['255,0,255,255', 'rgb(0, 255, 0)', '7px']);
});

test.describe('with a clipboard', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('a link that is copied from an element leads to the full page, and leaves the address of its own page alone', async ({ page }) => {
    const playground = await opened(page, 'full-page="/index.html" start-at="400"');
    const before = page.url();
    await playground.server(1).focus();
    await playground.press('y');
    await expect(playground.notice).toContainText('Link copied');
    expect(page.url()).toBe(before);
    const link = await page.evaluate(() => navigator.clipboard.readText());
    expect(link).toMatch(/\/index\.html#r=/);
    const fingerprint = await playground.fingerprint();
    await page.goto(link);
    await expect.poll(() => playground.time()).toBe(400);
    expect(await playground.fingerprint()).toBe(fingerprint);
  });
});

for (const theme of ['light', 'dark']) {
  for (const width of [640, 320]) {
    test(`axe finds nothing in a frame ${width} pixels wide (${theme})`, async ({ page }) => {
      await page.setViewportSize({ width, height: 420 });
      await page.goto(`embed.html?scenario=figure-8&start-at=60&theme=${theme}`);
      const playground = new Playground(page);
      await playground.ready();
      await playground.server(2).click();
      await playground.settled();
      const { violations } = await new AxeBuilder({ page }).analyze();
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' ')}`)).toEqual([]);
      // Nothing is wider than the frame.
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
    });
  }
}
