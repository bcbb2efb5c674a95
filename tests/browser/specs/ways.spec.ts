/** The ways into somebody else's page: a frame, a classic script, one file. */
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';

const DIST = resolve(import.meta.dirname, '..', process.env['RAFT_TEST_DIST'] ?? '../../dist');
const ONE_FILE = pathToFileURL(resolve(DIST, 'raft-playground.html')).href;

for (const sandbox of ['', 'sandbox="allow-scripts"']) {
  test.describe(sandbox === '' ? 'in a frame' : 'in a frame without an origin', () => {
    // Where modules are refused for want of an origin, the browser says so before the classic script comes.
    test.use({ expected: sandbox === '' ? [] : [/raft-playground\.js|CORS|ERR_FAILED/] });

    test('the page for frames starts what its address says', async ({ page, complaints }) => {
      await openHostPage(page, `<iframe ${sandbox} title="Raft" width="640" height="420" src="embed.html?scenario=figure-8&speed=0.5&theme=dark"></iframe>`);
      const frame = page.frameLocator('iframe');
      await expect(frame.locator('.hit-server[data-server="5"]')).toBeVisible();
      const element = frame.locator('raft-playground');
      expect(await element.evaluate(async (it: RaftPlayground) => {
        await it.ready;
        return [it.scenario().title, it.speed, it.getAttribute('theme')];
      })).toEqual(['Figure 8: on a majority, and yet not committed', 0.5, 'dark']);
      await frame.locator('.controls [data-action="play"]').click();
      await expect.poll(() => element.evaluate((it: RaftPlayground) => it.time)).toBeGreaterThan(0);
      // Nothing is asked for that is refused, but for the one script by which that is found out.
      expect(complaints.filter((complaint) => complaint.includes('CORS'))).toHaveLength(sandbox === '' ? 0 : 1);
    });
  });
}

test('the page for frames opens the moment in its fragment, and leaves the browser’s storage alone', async ({ page, playground }) => {
  await playground.elect();
  await playground.advance(123.5);
  await playground.press('y');
  // What copies comes late.
  await expect(page).toHaveURL(/#r=/);
  const [before, { hash }] = [await playground.state(), new URL(page.url())];
  await page.evaluate(() => localStorage.clear());
  await openHostPage(page, `<iframe title="Raft" width="800" height="600" src="embed.html${hash}"></iframe>`);
  const element = page.frameLocator('iframe').locator('raft-playground');
  await expect.poll(() => element.evaluate((it: RaftPlayground) => it.time)).toBe(before.time_ms);
  expect(await element.evaluate((it: RaftPlayground) => it.state().fingerprint)).toBe(before.fingerprint);
  // The fixture's own mark aside.
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key !== 'raft-playground.visited'))).toEqual([]);
});

test('the classic script has the engine and the scenes in it, and Chinese beside it, under a strict policy', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  await openHostPage(page, `<raft-playground lang="zh" scenario="figure-7"></raft-playground><script src="raft-playground.iife.js"></script>`, {
    policy: "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; require-trusted-types-for 'script'; trusted-types lit-html raft-playground-worker",
  });
  const playground = new Playground(page);
  await playground.ready();
  expect((await playground.state()).servers).toHaveLength(7);
  await expect(playground.host.getByRole('button', { name: '播放' })).toBeVisible();
  expect(asked.filter((path) => /\.(js|wasm|json)$/.test(path))).toEqual(['/raft-playground.iife.js', '/raft-playground.zh-Hans.iife.js']);
});

test('the classic script and Chinese beside it are read rightly from a host that says other letters of them', async ({ page }) => {
  await page.route('**/raft-playground.*iife.js*', async (route) => route.fulfill({ response: await route.fetch(), headers: { 'content-type': 'text/javascript; charset=windows-1252' } }));
  await openHostPage(page, '<raft-playground lang="zh"></raft-playground><script src="raft-playground.iife.js"></script>');
  const playground = new Playground(page);
  await playground.ready();
  await expect(playground.host.getByRole('button', { name: '播放' })).toBeVisible();
});

test.describe('from a disk', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('the page is one file that opens by itself and asks for nothing else', async ({ page }) => {
    const asked: string[] = [];
    page.on('request', (request) => asked.push(request.url()));
    await page.goto(ONE_FILE);
    const playground = new Playground(page);
    await playground.ready();
    await playground.elect();
    await playground.host.locator('[data-part="scenes"]').click();
    await expect(playground.host.locator('[data-scene]')).toHaveCount(7);
    await page.keyboard.press('Escape');
    await playground.press('?');
    await expect(playground.help).toBeVisible();
    expect(asked.filter((address) => !address.startsWith('data:'))).toEqual([ONE_FILE]);
  });

  test.describe('in a page of notes', () => {
    test.use({ expected: [/raft-playground\.js|CORS|ERR_FAILED|Unsafe attempt|origin/] });

    test('the classic script and the page for frames run beside it', async ({ page }) => {
      const notes = resolve(test.info().outputDir, 'notes.html');
      await mkdir(test.info().outputDir, { recursive: true });
      const beside = pathToFileURL(DIST).href;
      await writeFile(
        notes,
        `<!doctype html><meta charset="utf-8"><title>Notes</title><script src="${beside}/raft-playground.iife.js"></script>
         <raft-playground scenario="figure-8" style="height: 400px; min-height: 0"></raft-playground>
         <iframe title="Raft" width="640" height="420" src="${beside}/embed.html?scenario=figure-7"></iframe>`,
      );
      await page.goto(pathToFileURL(notes).href);
      const playground = new Playground(page);
      await playground.ready();
      expect(await playground.call((element) => element.scenario().title)).toContain('Figure 8');
      await expect(page.frameLocator('iframe').locator('.hit-server[data-server="7"]')).toBeVisible();
    });
  });

  test('what a file alone cannot do, it says', async ({ page }) => {
    await page.goto(ONE_FILE);
    const playground = new Playground(page);
    await playground.ready();
    await playground.elect();
    await playground.press('o');
    await playground.host.getByRole('button', { name: 'Save trace' }).click();
    await expect(playground.notice).toContainText('this one stands alone');
  });
});

test('a run is saved as one file, which opens at the same moment and can be saved again', async ({ page, playground }) => {
  await playground.elect();
  await playground.call((element) => {
    element.propose('</script><script>document.title="run"</script>&quot;');
    element.advance(40.25);
    element.step(3);
  });
  let from = playground;
  const before = await playground.state();
  for (const time of [1, 2]) {
    await from.press('o');
    const saving = page.waitForEvent('download');
    await from.host.getByRole('button', { name: 'Save as one file' }).click();
    const saved = await saving;
    expect(saved.suggestedFilename()).toBe('raft-seed-1.html');
    const path = resolve(test.info().outputDir, `${time}.html`);
    await saved.saveAs(path);
    await page.goto(pathToFileURL(path).href);
    from = new Playground(page);
    await from.ready();
    const { time_ms, fingerprint } = await from.state();
    expect([time_ms, fingerprint]).toEqual([before.time_ms, before.fingerprint]);
    expect(await page.title()).toBe('Raft Playground');
  }
});

test('the page that is one file runs in a frame without an origin, under its own policy', async ({ page }) => {
  await openHostPage(page, '<iframe sandbox="allow-scripts" title="Raft" width="1000" height="700" src="raft-playground.html"></iframe>');
  const frame = page.frameLocator('iframe');
  await expect(frame.locator('.hit-server[data-server="1"]')).toBeVisible();
  await frame.getByRole('button', { name: 'Next election' }).click();
  await expect(frame.getByRole('button', { name: /, leader, / })).toBeVisible();
});

test('a frame of another host waits until somebody comes near, and stops when they are gone', async ({ page, baseURL }) => {
  const notes = createServer((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<!doctype html><title>Notes</title><link rel="icon" href="data:,"><p style="height: 6000px">long notes</p><iframe title="Raft" width="640" height="420" src="${baseURL}embed.html?autoplay&speed=1"></iframe><p style="height: 4000px">more</p>`);
  });
  await new Promise<void>((done) => notes.listen(0, '127.0.0.1', done));
  try {
    const asked: string[] = [];
    page.on('request', (request) => {
      if (request.url().endsWith('.wasm')) asked.push(request.url());
    });
    await page.goto(`http://127.0.0.1:${(notes.address() as AddressInfo).port}/`);
    const element = page.frameLocator('iframe').locator('raft-playground');
    await element.waitFor({ state: 'attached' });
    await page.waitForTimeout(400);
    expect(asked).toEqual([]);
    await page.evaluate(() => scrollTo(0, 5_800));
    const time = (): Promise<number> => element.evaluate((it: RaftPlayground) => it.time);
    await expect.poll(time).toBeGreaterThan(10);
    expect(asked).toHaveLength(1);
    await page.evaluate(() => scrollTo(0, 0));
    await page.waitForTimeout(200);
    const rested = await time();
    await page.waitForTimeout(400);
    expect(await time()).toBe(rested);
  } finally {
    notes.close();
  }
});
