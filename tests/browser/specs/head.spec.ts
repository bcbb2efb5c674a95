// The head of the page: what the run is, and the page's own buttons, in as few rows as there is room for.
import { expect, type Playground, test } from '../page';

/** As long as names of rules and seeds can be. */
const busy = (playground: Playground): Promise<void> =>
  playground.call((element) => element.reset({ seed: 1_234_567_890_123, options: { pre_vote: true, check_quorum: true, rules_off: ['one_vote_per_term'] } }));

/** A scene with the longest name. */
const story = (playground: Playground): Promise<void> =>
  playground.call(async (element) => {
    const scenes = Object.values((await (await fetch('scenes.json')).json()) as Record<string, { title: string }>);
    element.reset(scenes.sort((a, b) => b.title.length - a.title.length)[0]);
  });

/** The middles of the rows that the head stands in, and what is cut off or runs out of the page. */
const rows = (playground: Playground): Promise<{ rows: number; out: string[]; scrolls: boolean }> =>
  playground.host.evaluate((host) => {
    const parts = [...(host.shadowRoot as ShadowRoot).querySelectorAll<HTMLElement>('header > :not(.grow)')].map((part) => ({ part, box: part.getBoundingClientRect() }));
    const middles = parts.map(({ box }) => (box.top + box.bottom) / 2).sort((a, b) => a - b);
    return {
      rows: middles.filter((middle, at) => at === 0 || middle - (middles[at - 1] as number) > 6).length,
      out: parts.filter(({ part, box }) => box.right > innerWidth + 0.5 || box.left < 0 || (!part.querySelector('.wide') && part.scrollWidth > part.clientWidth + 1)).map(({ part }) => part.textContent?.trim() ?? ''),
      scrolls: document.documentElement.scrollWidth > innerWidth,
    };
  });

for (const lang of ['en', 'zh-Hans']) {
  for (const [width, most] of [[1280, 1], [1250, 1], [1100, 1], [1000, 1], [961, 1], [768, 2], [640, 2], [390, 3], [320, 3]] as const) {
    test(`on a page of ${width} pixels the head stands in ${most === 1 ? 'one row' : `at most ${most} rows`} (${lang})`, async ({ playground, page }) => {
      await page.setViewportSize({ width, height: 700 });
      await playground.call((element, lang) => (element.lang = lang), lang);
      for (const run of [() => Promise.resolve(), busy, story]) {
        await run(playground);
        await playground.settled();
        const found = await rows(playground);
        expect(found.rows).toBeLessThanOrEqual(most);
        expect(found).toMatchObject({ out: [], scrolls: false });
      }
    });
  }
}

test('signs in the place of buttons are called what they do, and are reached by keys in their order', async ({ playground, page }) => {
  await page.setViewportSize({ width: 1000, height: 700 });
  await playground.settled();
  const { host } = playground;
  await host.getByRole('spinbutton', { name: 'Seed' }).focus();
  const before = await host.getByRole('spinbutton', { name: 'Seed' }).inputValue();
  for (const name of ['New seed', 'Reset', 'Scenes', 'Rules', 'Break Raft', /^Language/, /^Theme/, 'Search', 'Share', 'Keys and gestures']) {
    await page.keyboard.press('Tab');
    const button = host.locator('header').getByRole('button', { name });
    await expect(button).toBeFocused();
    await expect(button).toHaveAttribute('title', /./);
  }
  await expect(host.locator('header').getByRole('button', { name: 'New seed' }).locator('svg')).toBeVisible();
  await host.locator('header').getByRole('button', { name: 'New seed' }).click();
  await expect(host.getByRole('spinbutton', { name: 'Seed' })).not.toHaveValue(before);
});

test.describe('with a finger', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 1024, height: 768 } });

  test('a tablet’s head stands in one row, of buttons that are large enough', async ({ playground }) => {
    await busy(playground);
    await playground.settled();
    expect(await rows(playground)).toEqual({ rows: 1, out: [], scrolls: false });
    const small = await playground.host.locator('header button').evaluateAll((all) => all.map((it) => it.getBoundingClientRect()).filter(({ width, height }) => width < 44 || height < 44).length);
    expect(small).toBe(0);
  });
});

test('Escape closes what hangs from a button, wherever the focus is, and leaves what is chosen', async ({ playground }) => {
  await playground.advance(300);
  await playground.press('2');
  const { host } = playground;
  for (const name of ['scenes', 'languages', 'rules', 'more']) {
    const sheet = host.locator(`#${name}`);
    await host.locator(`[data-part="${name}"]`).click();
    await expect(sheet).toBeVisible();
    // As after a click by mouse where nothing in the sheet takes the focus.
    await host.locator(`[data-part="${name}"]`).focus();
    await playground.press('Escape');
    await expect(sheet).toBeHidden();
    await expect(playground.server(2)).toHaveAttribute('aria-pressed', 'true');
  }
  await playground.press('Escape');
  await expect(playground.server(2)).toHaveAttribute('aria-pressed', 'false');
});
