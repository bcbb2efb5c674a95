/** What a page and the frame in it say to each other. */
import type { Page } from '@playwright/test';
import { expect, openHostPage, type RaftPlayground, test } from '../page';

/** A page of notes that keeps what its frame says, and waits for answers. */
const HOST = `<script>
  window.told = [];
  window.waiting = new Map();
  addEventListener('message', ({ data }) => {
    if (!data || data.raftPlayground !== 1) return;
    if ('reply' in data) waiting.get(data.reply)?.(data);
    else told.push(data);
  });
  let last = 0;
  window.ask = (command, ...values) => new Promise((done) => {
    const id = (last += 1);
    waiting.set(id, done);
    document.querySelector('#raft').contentWindow.postMessage({ raftPlayground: 1, id, command, arguments: values }, '*');
  });
</script>`;
const frame = (address: string, more = ''): string => `${HOST}<iframe id="raft" title="Raft" width="640" height="420" ${more} src="${address}"></iframe>`;

interface Answer {
  result?: unknown;
  error?: { name: string; message: string };
}
type Host = Window & { ask(command: string, ...values: unknown[]): Promise<Answer>; told: { event: string; detail: Record<string, unknown> }[] };

const ask = (page: Page, command: string, ...values: unknown[]): Promise<Answer> =>
  page.evaluate(([command, values]) => (window as unknown as Host).ask(command, ...values), [command, values] as const);
const told = (page: Page, event: string): Promise<Record<string, unknown>[]> =>
  page.evaluate((event) => (window as unknown as Host).told.filter((one) => one.event === event).map(({ detail }) => detail), event);

for (const sandbox of ['', 'sandbox="allow-scripts"']) {
  test.describe(sandbox === '' ? 'to a frame' : 'to a frame without an origin', () => {
    test.use({ expected: sandbox === '' ? [] : [/raft-playground\.js|CORS|ERR_FAILED/] });

    test('commands are carried out, answered and refused as the methods are, and events are told', async ({ page }) => {
      await openHostPage(page, frame('embed.html?seed=1', sandbox));
      // Before there is an element, they wait for it.
      await page.frameLocator('#raft').locator('raft-playground').waitFor({ state: 'attached' });
      expect((await ask(page, 'hello')).result).toMatchObject({ version: 1 });
      expect(await ask(page, 'advance', 800)).toMatchObject({ result: null });
      expect((await ask(page, 'get', 'time')).result).toBe(800);
      const { servers } = (await ask(page, 'state')).result as ReturnType<RaftPlayground['state']>;
      expect(servers.filter((server) => server.role === 'leader')).toHaveLength(1);
      expect((await ask(page, 'seek', 5_000)).error).toEqual({ name: 'RangeError', message: 'time_ms is 5000; expected a number from 0 to 800' });
      expect((await ask(page, 'dispose')).error?.message).toContain('is no command');
      await ask(page, 'listen', 'commit');
      await ask(page, 'propose', 'x=1');
      await ask(page, 'advance', 400);
      await expect.poll(() => told(page, 'commit')).not.toEqual([]);
      expect(await told(page, 'ready')).toHaveLength(1);
      await ask(page, 'set', 'scenario', 'figure-7');
      await expect.poll(async () => (await ask(page, 'get', 'servers')).result).toBe(7);
    });
  });
}

test('a frame says how large it is, and again when that changes, so that its page can make room', async ({ page }) => {
  await openHostPage(page, frame('embed.html?controls=full'));
  await ask(page, 'get', 'time');
  const height = async (): Promise<number> => Number((await told(page, 'resize')).at(-1)?.['height']);
  // One below the other, panels take more than the frame has.
  await expect.poll(height).toBeGreaterThan(800);
  await page.evaluate(() => {
    const frame = document.querySelector('iframe') as HTMLIFrameElement;
    frame.width = '1200';
    frame.height = '700';
  });
  await expect.poll(async () => (await told(page, 'resize')).at(-1)).toEqual({ width: 1200, height: 700 });
});

test('another window than the one around the frame is heard only where its origin is listed', async ({ page, baseURL }) => {
  const origin = new URL(baseURL ?? '').origin;
  await page.route('**/other.html', (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><title>other</title>' }));
  for (const [list, heard] of [['', false], [`&origins=https://example.org,${origin}`, true]] as const) {
    await openHostPage(page, `${frame(`embed.html?seed=1${list}`)}<iframe id="other" src="other.html"></iframe>`);
    await ask(page, 'advance', 100);
    const other = page.frames().find((one) => one.url().endsWith('other.html'));
    const answer = await other?.evaluate(
      () =>
        new Promise<string>((done) => {
          addEventListener('message', ({ data }) => done(JSON.stringify(data)));
          const raft = parent.document.querySelector<HTMLIFrameElement>('#raft');
          raft?.contentWindow?.postMessage({ raftPlayground: 1, id: 1, command: 'advance', arguments: [50] }, '*');
          setTimeout(() => done('nothing'), 500);
        }),
    );
    expect(answer).toBe(heard ? '{"raftPlayground":1,"reply":1,"result":null}' : 'nothing');
    expect((await ask(page, 'get', 'time')).result).toBe(heard ? 150 : 100);
  }
});

test('a million messages in a burst leave the frame answering', async ({ page }) => {
  test.setTimeout(120_000);
  await openHostPage(page, frame('embed.html?seed=1'));
  await ask(page, 'advance', 100);
  await page.evaluate(async () => {
    const raft = document.querySelector<HTMLIFrameElement>('#raft')?.contentWindow;
    for (let count = 0; count < 1_000_000; count += 1) {
      raft?.postMessage(count % 2 ? { raftPlayground: 1, id: count, command: 'state' } : { somebody: 'else' }, '*');
      if (count % 20_000 === 0) await new Promise((done) => setTimeout(done));
    }
  });
  await expect.poll(() => told(page, 'busy')).not.toEqual([]);
  // The second after the burst it does what it is asked again.
  await expect(async () => expect((await Promise.race([ask(page, 'get', 'time'), new Promise<Answer>((done) => setTimeout(() => done({ result: 'late' }), 1_000))])).result).toBe(100)).toPass({ timeout: 60_000 });
  await page.frameLocator('#raft').locator('.controls [data-action="next-election"]').click();
  expect(Number((await ask(page, 'get', 'time')).result)).toBeGreaterThan(100);
});
