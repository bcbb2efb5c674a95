/** Hosts and files that mean no good, or know no better: each gets a clear state, nothing runs that should not, nothing hangs. */
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';

const SCRIPT = '<script type="module" src="raft-playground.js"></script>';

test.describe('where WebAssembly is forbidden', () => {
  test.use({ expected: [/WebAssembly|wasm|Content Security Policy|security policy/i] });

  for (const [name, tag] of [['the module', SCRIPT], ['the classic script', '<script src="raft-playground.iife.js"></script>']] as const) {
    test(`${name} says what the policy lacks`, async ({ page }) => {
      await openHostPage(page, `${tag}<raft-playground></raft-playground>`, { policy: "default-src 'none'; script-src 'self'; connect-src 'self'" });
      await expect(page.locator('raft-playground').getByRole('alert')).toContainText("expected a Content-Security-Policy whose script-src has 'wasm-unsafe-eval'");
    });
  }
});

test('a frame that shrinks to nothing goes on when it grows again', async ({ page }) => {
  await openHostPage(page, `<iframe title="Raft" width="640" height="420" src="embed.html?seed=1&autoplay&speed=1"></iframe>`);
  const frame = page.frameLocator('iframe');
  const element = frame.locator('raft-playground');
  const time = (): Promise<number> => element.evaluate((it: RaftPlayground) => it.time);
  await expect.poll(time).toBeGreaterThan(10);
  const resize = (width: number, height: number): Promise<void> =>
    page.evaluate(
      ([width, height]) => {
        const { style } = document.querySelector('iframe') as HTMLIFrameElement;
        style.width = `${width}px`;
        style.height = `${height}px`;
      },
      [width, height] as const,
    );
  for (const [width, height] of [[0, 0], [1, 300], [300, 1], [0, 420]] as const) {
    await resize(width, height);
    await page.waitForTimeout(100);
  }
  await resize(640, 420);
  const before = await time();
  await expect.poll(time).toBeGreaterThan(before);
  await expect(frame.locator('.hit-server[data-server="1"]')).toBeVisible();
});

const MARKUP = '<img src=x onerror=alert(1)><script>alert(2)</script>';

test('markup in names and captions is only ever text', async ({ page }) => {
  const dialogs: string[] = [];
  page.on('dialog', (dialog) => (dialogs.push(dialog.message()), void dialog.dismiss()));
  await page.route('**/evil.json', (route) =>
    route.fulfill({ json: { version: 1, servers: 3, title: MARKUP, text: MARKUP.repeat(3), page: { bookmarks: [{ at_us: 0, name: MARKUP }] }, inputs: [{ at_us: 1, input: { kind: 'propose', value: `k=${MARKUP}` } }] } }),
  );
  await openHostPage(page, `${SCRIPT}<raft-playground src="evil.json" start-at="1500" controls="full" style="height: 700px"></raft-playground>`);
  const playground = new Playground(page);
  await playground.ready();
  await expect(playground.host.locator('[data-part="scenes"]')).toContainText('<img');
  await expect(playground.host.locator('.events')).toContainText(MARKUP);
  expect(await playground.host.evaluate((element) => element.shadowRoot?.querySelectorAll('img, script').length)).toBe(0);
  expect(dialogs).toEqual([]);
});

test.describe('a poster that is no picture', () => {
  test.use({ expected: [/ERR_UNKNOWN_URL_SCHEME/] });

  test('is none, and nothing else', async ({ page }) => {
    const dialogs: string[] = [];
    page.on('dialog', (dialog) => (dialogs.push(dialog.message()), void dialog.dismiss()));
    await openHostPage(page, `${SCRIPT}<raft-playground poster="javascript:alert(3)"></raft-playground>`);
    await new Playground(page).ready();
    expect(dialogs).toEqual([]);
  });
});

for (const [what, title] of [['turns its reading around', 'Figure \u202e8'], ['holds a control character', 'Figure\u0007'], ['is too long', 'x'.repeat(65)]] as const) {
  test(`a title that ${what} is refused with its name`, async ({ page }) => {
    await page.route('**/evil.json', (route) => route.fulfill({ json: { version: 1, title } }));
    await openHostPage(page, `${SCRIPT}<raft-playground src="evil.json"></raft-playground>`);
    await expect(page.locator('raft-playground').getByRole('alert')).toContainText(/src, evil\.json, cannot be opened: .*title/);
  });
}

test('a hundred elements on one page leave it responsive, and only those in sight run', async ({ page }) => {
  test.setTimeout(120_000);
  await openHostPage(page, `${SCRIPT}${'<raft-playground autoplay speed="0.5" style="height: 320px; min-height: 0"></raft-playground>'.repeat(100)}`);
  await new Playground(page, 'raft-playground:first-of-type').ready();
  const counts = await page.evaluate(async () => {
    // All the way down, as somebody scrolls who looks for something.
    for (let y = 0; y < document.documentElement.scrollHeight; y += 700) {
      scrollTo(0, y);
      await new Promise((done) => setTimeout(done, 60));
    }
    scrollTo(0, 0);
    const elements = [...document.querySelectorAll('raft-playground')];
    await Promise.all(elements.map((element) => element.ready));
    await new Promise((done) => setTimeout(done, 500));
    const before = elements.map((element) => element.time);
    let longest = 0;
    for (let last = performance.now(), end = last + 2_000; last < end; ) {
      await new Promise((done) => setTimeout(done));
      longest = Math.max(longest, performance.now() - last);
      last = performance.now();
    }
    return { ran: elements.filter((element, at) => element.time > (before[at] ?? 0)).length, longest };
  });
  expect(counts.ran).toBeGreaterThan(0);
  expect(counts.ran).toBeLessThan(8);
  // Were all to run it would be far longer; on a busy machine a pause is several frames.
  expect(counts.longest).toBeLessThan(1_000);
});
