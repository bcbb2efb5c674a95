import { expect, test } from '../page';

test('the page is served under a policy that lets in nothing from elsewhere', async ({ page, request, baseURL }) => {
  const response = await request.get('./');
  const policy = response.headers()['content-security-policy'] ?? '';
  for (const part of ["default-src 'none'", "script-src 'self' 'wasm-unsafe-eval'", "style-src 'self'", "connect-src 'self'", "require-trusted-types-for 'script'", 'trusted-types lit-html raft-playground-worker']) {
    expect(policy).toContain(part);
  }
  expect(response.headers()['x-content-type-options']).toBe('nosniff');
  const hosts = new Set<string>();
  page.on('request', (asked) => hosts.add(new URL(asked.url()).origin));
  const types = new Map<string, string>();
  page.on('response', (answer) => types.set(new URL(answer.url()).pathname.split('.').at(-1) ?? '', answer.headers()['content-type'] ?? ''));
  await page.goto('./');
  await page.locator('raft-playground').evaluate((element) => (element as unknown as { ready: Promise<void> }).ready);
  expect([...hosts]).toEqual([new URL(baseURL ?? '').origin]);
  expect(types.get('wasm')).toBe('application/wasm');
  expect(types.get('js')).toMatch(/^text\/javascript/);
});

test.describe('with complaints expected', () => {
  test.use({ expected: [/Trusted(HTML|Script)|Content Security Policy|security policy|trusted-types|eval/i] });

  test('markup and code from strings are refused by the browser', async ({ playground, page, complaints }) => {
    // In a task of the page's own, as its scripts run.
    const refused = await page.evaluate(
      () =>
        new Promise<string[]>((done) => {
          const names: string[] = [];
          const attempt = (what: string, run: () => unknown) => {
            try {
              run();
              names.push(`${what} was let through`);
            } catch (error) {
              names.push(`${what}: ${(error as Error).name}`);
            }
          };
          setTimeout(() => {
            attempt('innerHTML', () => (document.createElement('div').innerHTML = '<b>x</b>'));
            attempt('eval', () => (0, eval)('1'));
            attempt('script', () => (document.createElement('script').text = '1'));
            done(names);
          });
        }),
    );
    expect(refused).toEqual(['innerHTML: TypeError', 'eval: EvalError', 'script: TypeError']);
    expect(complaints.length).toBeGreaterThan(0);
    await playground.elect();
  });
});

test('a value with markup is shown as it was written', async ({ playground, page }) => {
  const leader = await playground.elect();
  await playground.advance(200);
  const value = '<img src=x onerror=alert(1)>=<b>1</b>';
  await playground.valueField.fill(value);
  await playground.press('Enter');
  await playground.advanceUntil((state) => state.servers.every((server) => server.log.length === 2 && server.last_applied === 2), 2_000);
  await playground.clickAt(await playground.serverCentre(leader.id));
  await expect(playground.host.locator('.events')).toContainText(value);
  await expect(playground.logCell(leader.id, 2)).toHaveAttribute('aria-label', new RegExp(value.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')));
  await playground.host.getByRole('tab', { name: `S${leader.id}` }).click();
  await expect(playground.host.getByRole('tabpanel')).toContainText(value);
  await expect(playground.host.locator('img')).toHaveCount(0);
  expect(await page.evaluate(() => document.images.length)).toBe(0);
});
