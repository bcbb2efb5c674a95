import { readFile } from 'node:fs/promises';
import type { BrowserContext, Page } from '@playwright/test';
import { expect, openHostPage, Playground, test } from '../page';

test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

/** A run with something of everything that a link has to carry, in the middle of a microsecond. */
async function story(playground: Playground): Promise<void> {
  const { id } = await playground.elect();
  await playground.call((element, id) => {
    element.propose('x=1');
    element.advance(31.4);
    element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_100 });
    element.crash(id);
    element.advance(410);
    element.restart(id);
    element.propose('k=☂ 1');
    element.step(7);
    element.move((id % 5) + 1, 3_000, 4_000);
  }, id);
}

const copied = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function opened(context: BrowserContext, address: string): Promise<Playground> {
  const page = await context.newPage();
  await page.goto(address);
  const playground = new Playground(page);
  await playground.ready();
  await expect(playground.notice).toContainText('as it was shared');
  return playground;
}

/** That nothing tells this run from another, now and after a while. */
async function expectSame(one: Playground, other: Playground): Promise<void> {
  const [a, b] = [await one.state(), await other.state()];
  expect([b.time_ms, b.fingerprint]).toEqual([a.time_ms, a.fingerprint]);
  await one.advance(700);
  await other.advance(700);
  expect(await other.fingerprint(), 'lived on').toBe(await one.fingerprint());
}

test('a copied link opens the same run at the same moment, paused', async ({ playground, page, context }) => {
  await story(playground);
  await page.keyboard.press('y');
  await expect(playground.notice).toContainText('Link copied');
  const link = await copied(page);
  expect(link).toMatch(/#r=[\w-]+&t=\d+&n=\d+$/);
  expect(page.url(), 'the address holds it too').toBe(link);
  const other = await opened(context, link);
  expect(await other.call((element) => element.playing)).toBe(false);
  await expectSame(playground, other);
});

test('a link copied in the past of a run, between two events of a moment, stands there', async ({ playground, page, context }) => {
  await story(playground);
  const before = await playground.state();
  for (let back = 0; back < 4; back += 1) {
    expect(await playground.call((element) => element.stepBack())).toBe(true);
    await page.keyboard.press('y');
    await expect(playground.notice).toContainText('Link copied');
    const other = await opened(context, await copied(page));
    const [a, b] = [await playground.state(), await other.state()];
    expect([b.time_ms, b.fingerprint], `${back + 1} back`).toEqual([a.time_ms, a.fingerprint]);
    await other.page.close();
  }
  expect(await playground.fingerprint()).not.toBe(before.fingerprint);

  // Where all messages take equally long, a leader's arrive in one microsecond: after the first of them.
  await playground.call((element) => {
    element.reset({ servers: 5, options: { delay_us_min: 5_000, delay_us_max: 5_000 } });
    element.advance(800);
    for (let before = -1; before !== element.time; element.step()) before = element.time;
    element.stepBack();
  });
  await page.evaluate(() => history.replaceState(null, '', '#'));
  await page.keyboard.press('y');
  await expect.poll(() => new URL(page.url()).hash).toMatch(/&n=[1-9]\d*$/);
  await expectSame(playground, await opened(context, page.url()));
});

test('a scene can be shared, and a change of the address is obeyed', async ({ playground, page, context }) => {
  await playground.host.getByRole('button', { name: 'Scenes' }).click();
  await playground.host.locator('[data-scene="0"]').click();
  await playground.advance(40);
  await page.keyboard.press('y');
  await expect(playground.notice).toContainText('Link copied');
  const link = await copied(page);
  const fingerprint = await playground.fingerprint();
  const other = await opened(context, link);
  expect(await other.fingerprint()).toBe(fingerprint);
  const title = (await playground.call((element) => element.scenario())).title;
  expect((await other.call((element) => element.scenario())).title).toBe(title);

  await playground.press('f');
  expect(await playground.fingerprint()).not.toBe(fingerprint);
  await page.evaluate(() => (location.hash = '#elsewhere'));
  await page.evaluate((hash) => (location.hash = hash), new URL(link).hash);
  await expect.poll(() => playground.fingerprint()).toBe(fingerprint);
});

test('whatever stands in the address, the page names what is wrong and goes on with what it had', async ({ playground, page }) => {
  test.setTimeout(180_000);
  await story(playground);
  await page.keyboard.press('y');
  await expect(playground.notice).toContainText('Link copied');
  const good = new URL(await copied(page)).hash;
  for (const [hash, says] of [
    ['#r=AAAA&t=1', 'byte 1 is 0; expected the version 1'],
    ['#r=AgUC&t=1', 'it may come from a newer Playground; its run is of version 2, and this page knows version 1'],
    [good.slice(0, 40) + '&t=5', 'byte'],
    [good.replace(/&t=.*/, ''), 't, the time, is missing'],
    [good.replace('&t=', '&t=-'), 't is "-'],
    ['#r=<img src=x onerror=alert(1)>&t=1', 'r holds'],
  ] as const) {
    const before = await playground.fingerprint();
    await page.evaluate((hash) => (location.hash = hash), hash);
    await expect(playground.notice).toContainText('This link cannot be opened');
    await expect(playground.notice).toContainText(says);
    expect(await playground.fingerprint()).toBe(before);
  }
  await expect(playground.host.locator('.notice *')).toHaveCount(0);

  // Mutations of a good link: each is refused and changes nothing, or is a link to some run.
  const { refused, taken } = await playground.call(async (element, good) => {
    let state = 12_345;
    const next = (below: number): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_&=%#<☂';
    const notice = (): string => element.shadowRoot?.querySelector('.notice')?.textContent ?? '';
    const told = async (): Promise<string> => {
      for (let wait = 0; wait < 400; wait += 1) {
        await new Promise((done) => requestAnimationFrame(done));
        const text = notice();
        if (text !== '' && !text.includes('Living')) return text;
      }
      return '';
    };
    const counts = { refused: 0, taken: 0 };
    for (let round = 0; round < 300; round += 1) {
      const at = 3 + next(good.length - 3);
      const changed = next(3);
      const letter = letters[next(letters.length)] as string;
      // A moment that is far away would only take long.
      const hash = (changed === 0 ? good.slice(0, at) : good.slice(0, at) + letter + good.slice(at + changed - 1)).replace(/&t=(\d{7})\d+/, '&t=$1');
      element.pause();
      history.replaceState(null, '', '#');
      const before = element.state().fingerprint;
      // What was said before is not what is waited for.
      (element as unknown as { desk: { tell(text: string): void } }).desk.tell('');
      await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
      location.hash = hash;
      const text = await told();
      if (text === '') throw new Error(`nothing was said about ${hash}`);
      if (text.includes('cannot be opened')) {
        counts.refused += 1;
        if (element.state().fingerprint !== before) throw new Error(`${hash} was refused and changed the run`);
      } else counts.taken += 1;
    }
    return counts;
  }, good);
  expect(refused, `${taken} taken`).toBeGreaterThan(100);
  await playground.advance(5);
});

test('a run too long for a link is offered as a file, and says so', async ({ playground, page }) => {
  await playground.elect();
  await playground.call((element) => {
    for (let number = 0; number < 160; number += 1) {
      element.propose(`key${number}=a value that nothing is known about ${(number * 7_919) % 1_000}`);
      element.advance(40.1);
    }
  });
  const before = page.url();
  await playground.press('y');
  const sheet = playground.host.getByRole('dialog', { name: 'Share' });
  await expect(sheet).toContainText(/The link would have \d+ characters, and more than 8000 do not arrive everywhere/);
  await expect(sheet.getByRole('button', { name: 'Copy link' })).toHaveAttribute('aria-disabled', 'true');
  await expect(sheet.getByRole('button', { name: 'Save as a file' })).toBeEnabled();
  expect(page.url()).toBe(before);
});

test('a saved file opens again, by button and by dropping it', async ({ playground, page }) => {
  await story(playground);
  // At the end of a moment: a file knows of none in the middle of one.
  await playground.advance(3);
  const { fingerprint, time_ms } = await playground.state();
  await playground.press('o');
  const sheet = playground.host.getByRole('dialog', { name: 'Share' });
  const [download] = await Promise.all([page.waitForEvent('download'), sheet.getByRole('button', { name: 'Save as a file' }).click()]);
  expect(download.suggestedFilename()).toBe('raft-seed-1.json');
  const text = await readFile((await download.path()) ?? '', 'utf8');
  expect(text.split('\n').length, 'indented').toBeGreaterThan(20);
  await expect(sheet).toHaveCount(0);

  const lived = async (): Promise<string> => {
    expect(await playground.time()).toBe(0);
    await playground.advance(time_ms);
    return playground.fingerprint();
  };
  await playground.press('f');
  await playground.press('o');
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), sheet.getByRole('button', { name: 'Open a file' }).click()]);
  await chooser.setFiles({ name: 'run.json', mimeType: 'application/json', buffer: Buffer.from(text) });
  await expect(playground.notice).toContainText('run.json is open');
  expect(await lived()).toBe(fingerprint);

  const drop = (name: string, content: string): Promise<void> =>
    playground.call(
      (element, [name, content]) => {
        const data = new DataTransfer();
        data.items.add(new File([content], name, { type: 'application/json' }));
        for (const type of ['dragover', 'drop']) {
          const event = new DragEvent(type, { dataTransfer: data, bubbles: true, cancelable: true, composed: true });
          element.dispatchEvent(event);
          if (!event.defaultPrevented) throw new Error(`the browser would have had the ${type}`);
        }
      },
      [name, content] as const,
    );
  await playground.press('f');
  await drop('run.json', text);
  await expect(playground.notice).toContainText('run.json is open');
  expect(await lived()).toBe(fingerprint);

  const good = await playground.fingerprint();
  for (const [content, says] of [
    ['{"version":1', 'it is no JSON'],
    ['[]', 'it is no object'],
    ['{"version":99}', 'version'],
    ['{"version":1,"servers":500}', 'servers'],
    ['{"version":1,"servers":5,"seed":1,"options":{"loss_ppm":"much"}}', 'loss_ppm'],
    ['{"version":1,"inputs":[{"at_us":5,"input":{"kind":"crash","server":9}}]}', 'server'],
  ] as const) {
    await drop('bad.json', content);
    await expect(playground.notice).toContainText('bad.json cannot be opened');
    await expect(playground.notice).toContainText(says);
    expect(await playground.fingerprint(), content).toBe(good);
  }
});

test('recent runs are kept, come back by a click and can be cleared', async ({ playground, page }) => {
  await story(playground);
  const { fingerprint, time_ms } = await playground.state();
  await playground.press('f');
  // Nothing was done to this one, so it is not kept.
  await playground.advance(100);
  await playground.press('f');
  await playground.press('o');
  const sheet = playground.host.getByRole('dialog', { name: 'Share' });
  const runs = sheet.locator('[data-run]');
  await expect(runs).toHaveCount(1);
  await expect(runs).toContainText('Seed 1');
  await runs.click();
  await expect.poll(() => playground.fingerprint()).toBe(fingerprint);
  expect(await playground.time()).toBe(time_ms);
  await expect(sheet).toHaveCount(0);

  await page.reload();
  await playground.ready();
  await playground.press('o');
  await expect(runs).toHaveCount(1);
  await sheet.getByRole('button', { name: 'Clear' }).click();
  await expect(runs).toHaveCount(0);
  await playground.press('Escape');
  await page.reload();
  await playground.ready();
  await playground.press('o');
  await expect(sheet).toBeVisible();
  await expect(runs).toHaveCount(0);
});

test('a run that is left by leaving the page is kept', async ({ playground, page }) => {
  await story(playground);
  const fingerprint = await playground.fingerprint();
  await page.goto('about:blank');
  await page.goto('./');
  await playground.ready();
  await playground.press('o');
  await playground.host.locator('[data-run]').click();
  await expect.poll(() => playground.fingerprint()).toBe(fingerprint);
});

test('a moment that is far away is said to be lived up to, and whoever does something meanwhile is not disturbed', async ({ playground, page }) => {
  await playground.press('y');
  await expect(playground.notice).toContainText('Link copied');
  const hash = new URL(page.url()).hash.replace(/t=\d+/, `t=${Number.MAX_SAFE_INTEGER}`);
  await page.evaluate((hash) => (location.hash = hash), hash);
  await expect(playground.notice).toContainText('Living the run again');
  const time = await playground.time();
  await expect.poll(() => playground.time()).toBeGreaterThan(time);
  await playground.press('f');
  await page.waitForTimeout(500);
  expect(await playground.time()).toBe(0);
});

test('where storage and the clipboard are refused, all else works', async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(window, 'localStorage', {
      get: () => {
        throw new DOMException('refused', 'SecurityError');
      },
    });
    Object.defineProperty(navigator, 'clipboard', { value: undefined });
  });
  await page.goto('./');
  const playground = new Playground(page);
  await playground.ready();
  await story(playground);
  const fingerprint = await playground.fingerprint();
  await playground.press('y');
  await expect(playground.notice).toContainText('the link is in the address bar');
  const hash = new URL(page.url()).hash;
  await playground.press('f');
  await playground.press('o');
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toContainText('None yet');
  await playground.press('Escape');
  await page.evaluate((hash) => {
    history.replaceState(null, '', '#');
    location.hash = hash;
  }, hash);
  await expect.poll(() => playground.fingerprint()).toBe(fingerprint);
});

test('in somebody else’s page neither address nor storage is touched', async ({ page }) => {
  await openHostPage(page, '<script type="module" src="raft-playground.js"></script><raft-playground keys="page" style="height: 560px"></raft-playground>', { path: 'host.html' });
  const playground = new Playground(page);
  await playground.ready();
  await story(playground);
  await playground.press('y');
  await expect(playground.notice).toContainText('not the Playground’s own');
  await playground.press('f');
  const fingerprint = await playground.fingerprint();
  await page.evaluate(() => (location.hash = '#r=AQUCCBA4DA0CEhaAurcDFQIZK3AaeT0y&t=1100000&n=0'));
  await playground.settled();
  expect(await playground.fingerprint()).toBe(fingerprint);
  expect(await page.evaluate(() => Object.keys(localStorage).filter((key) => key !== 'raft-playground.visited'))).toEqual([]);
  await playground.press('o');
  const sheet = playground.host.getByRole('dialog', { name: 'Share' });
  await expect(sheet.getByRole('button', { name: 'Copy link' })).toHaveAttribute('aria-disabled', 'true');
  await expect(sheet.getByRole('button', { name: 'Save as a file' })).toBeVisible();
});

test('a sheet that is opened right behind another that closes stays open', async ({ playground }) => {
  await playground.press('o');
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
  // The browser tells of the close only after the key.
  await playground.call((element) => {
    element.shadowRoot?.querySelector<HTMLDialogElement>('dialog.share')?.close();
    element.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true, composed: true }));
  });
  await expect(playground.help).toBeVisible();
  await playground.settled();
  await expect(playground.help).toBeVisible();
  await playground.call((element) => {
    element.shadowRoot?.querySelector<HTMLDialogElement>('dialog.help')?.close();
    element.dispatchEvent(new KeyboardEvent('keydown', { key: 'o', bubbles: true, composed: true }));
  });
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
  await expect(playground.help).toHaveCount(0);
  await playground.settled();
  await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
});
