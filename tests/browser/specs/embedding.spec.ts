import { expect, openHostPage, Playground, test } from '../page';

test('the site works below any folder of a host', async ({ page, baseURL }) => {
  // What is asked for below the folder is answered from the site itself.
  await page.route('**/courses/raft/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace('/courses/raft/', '');
    // What the page fetches while it rests may still be on its way when it is left.
    await route.fetch({ url: new URL(path, baseURL).href }).then((response) => route.fulfill({ response })).catch((error: Error) => expect(error.message).toMatch(/disposed|closed/));
  });
  const outside: string[] = [];
  page.on('request', (request) => {
    const { pathname, protocol } = new URL(request.url());
    if (protocol.startsWith('http') && !pathname.startsWith('/courses/raft/')) outside.push(pathname);
  });
  await page.goto('courses/raft/');
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
  expect(outside).toEqual([]);
});

test('the element runs in a page of course notes, as the README shows', async ({ page, baseURL }) => {
  await page.route('**/dist/**', async (route) => {
    const path = new URL(route.request().url()).pathname.replace('/dist/', '/');
    await route.fulfill({ response: await route.fetch({ url: new URL(path, baseURL).href }) });
  });
  await openHostPage(
    page,
    `<h1>Week 7: consensus</h1>
     <script type="module" src="dist/raft-playground.js"></script>
     <raft-playground servers="5" seed="1" style="height: 40rem"></raft-playground>
     <p>Notes below.</p>`,
    { path: 'notes.html' },
  );
  const playground = new Playground(page);
  await playground.ready();
  const box = await playground.host.boundingBox();
  expect(box?.height).toBe(640);
  const stage = await playground.stage.boundingBox();
  expect(stage?.height, 'the stage has the room that the element is given').toBeGreaterThan(300);
  const commands = await page.evaluate(async () => {
    const cluster = document.querySelector('raft-playground');
    if (!cluster) throw new Error('there is no playground');
    await cluster.ready;
    cluster.pause();
    cluster.advance(2000);
    const leader = cluster.state().servers.find((server) => server.role === 'leader');
    if (!leader) throw new Error('nobody leads');
    cluster.propose('x=1');
    cluster.partition([[leader.id], [1, 2, 3, 4, 5].filter((id) => id !== leader.id)]);
    const heard: number[] = [];
    cluster.addEventListener('leaderchange', (event) => heard.push(event.detail.term));
    cluster.advance(2000);
    return { heard, cut: cluster.state().links_cut.length };
  });
  expect(commands.cut).toBe(8);
  expect(commands.heard.length).toBeGreaterThan(0);
});

test('the element runs in a page with a strict policy of its own', async ({ page }) => {
  await openHostPage(page, `<script type="module" src="raft-playground.js"></script><raft-playground></raft-playground>`, {
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; connect-src 'self'; require-trusted-types-for 'script'; trusted-types lit-html",
  });
  const playground = new Playground(page);
  await playground.ready();
  await playground.elect();
});

test('the whole page runs in a frame of another', async ({ page }) => {
  await openHostPage(page, `<iframe title="Raft" style="width: 1000px; height: 700px" src="index.html"></iframe>`);
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.hit-server[data-server="1"]')).toBeVisible();
  await frame.getByRole('button', { name: 'Next election' }).click();
  await expect(frame.getByRole('button', { name: /, leader, / })).toBeVisible();
});

test.describe('when the engine cannot be had', () => {
  test.use({ expected: [/wasm|404|WebAssembly/i] });

  test('the page says so instead of staying silent', async ({ page }) => {
    await page.route('**/*.wasm', (route) => route.fulfill({ status: 404, body: 'not found' }));
    await page.goto('./');
    await expect(page.locator('raft-playground').getByRole('alert')).toContainText(/404/);
  });
});

test.describe('where it is narrow', () => {
  test.use({ viewport: { width: 375, height: 760 } });

  test('an element with all around it and a height of its own scrolls within it, and covers nothing that comes after', async ({ page }) => {
    await openHostPage(page, `<script type="module" src="raft-playground.js"></script><raft-playground controls="full" style="height: 30rem"></raft-playground><p id="after">Notes below.</p>`);
    const playground = new Playground(page);
    await playground.ready();
    const box = await playground.host.boundingBox();
    expect(box?.height).toBe(480);
    const after = page.locator('#after');
    expect((await after.boundingBox())?.y).toBeGreaterThanOrEqual((box?.y ?? 0) + 480);
    await after.click();
    // What lies below the edge is reached by scrolling the element, and the page stays as long as its own parts.
    const heights = await playground.host.evaluate((host) => [host.scrollHeight, host.clientHeight, document.documentElement.scrollHeight]);
    expect(heights[0]).toBeGreaterThan(800);
    expect(heights[2], 'the window itself').toBeLessThanOrEqual(760);
    await playground.host.locator('#tab-checks').scrollIntoViewIfNeeded();
    expect(await playground.host.evaluate((host) => host.scrollTop)).toBeGreaterThan(100);
  });
});
