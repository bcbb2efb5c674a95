// What holds of every view, sheet and menu: nothing for axe to find, room at 320 pixels and at 200 %, and no animation where none is
// wanted. In the light and in the dark axe looks here at what no other spec shows it.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, type Playground, test } from '../page';
import { twoBranches, twoLeaders } from '../runs';

/** A leader, two clients that write and read, and something on its way. */
async function lively(playground: Playground): Promise<number> {
  await playground.call((element) => element.reset({ seed: 1, servers: 5, options: { clients: 2, client_pause_us: 200_000, client_reads_ppm: 300_000 } }));
  const { id } = await playground.elect();
  await playground.advance(600);
  await playground.call((element) => element.propose('x=1'));
  await playground.advanceUntil(({ messages_in_flight }) => messages_in_flight.some(({ name }) => name === 'AppendEntries'), 500);
  await playground.settled();
  return id;
}

async function tab(playground: Playground, name: string, shows: string): Promise<void> {
  await playground.host.locator(`#tab-${name}`).click();
  await expect(playground.host.locator(shows).first()).toBeVisible();
}

/** Opens the menu of what is chosen, and goes through it by its items' ids. */
async function menu(playground: Playground, ...ids: string[]): Promise<void> {
  await playground.press('d');
  const items = playground.host.getByRole('menu');
  await expect(items).toBeVisible();
  for (const id of ids) await items.locator(`[data-item^="${id}"]`).first().click();
}

/** Opens a sheet that hangs from a button, or lies over the page. */
async function sheet(playground: Playground, part: string, shows: string): Promise<void> {
  await playground.host.locator(`[data-part="${part}"]`).click();
  await expect(playground.host.locator(shows).first()).toBeVisible();
}

const VIEWS: Readonly<Record<string, (playground: Playground) => Promise<void>>> = {
  'events, with reasons': async (playground) => {
    await lively(playground);
    await playground.host.locator('.events .ask').first().click();
    await expect(playground.host.locator('.chain li').first()).toBeVisible();
  },
  'a server’s state, with its disk being edited': async (playground) => {
    await lively(playground);
    await playground.press('2');
    await menu(playground, 'edit-disk');
    await expect(playground.host.locator('.edit form')).toBeVisible();
  },
  'the diagram': async (playground) => {
    await lively(playground);
    await tab(playground, 'diagram', '.diagram canvas');
  },
  'the checks': async (playground) => {
    await lively(playground);
    await tab(playground, 'checks', '.properties li');
  },
  'the evidence': async (playground) => {
    await twoLeaders(playground);
    await tab(playground, 'checks', '.evidence');
  },
  'the clients': async (playground) => {
    await lively(playground);
    await tab(playground, 'clients', '.lanes');
  },
  'the faults': async (playground) => {
    await lively(playground);
    await tab(playground, 'faults', '.faults');
  },
  'the menu of the cluster': async (playground) => {
    await lively(playground);
    await menu(playground);
  },
  'the menu of a server': async (playground) => {
    await lively(playground);
    await playground.press('2');
    await menu(playground);
  },
  'the menu of a link': async (playground) => {
    await lively(playground);
    await playground.press('2');
    await menu(playground, 'links', 'link-', 'way-');
  },
  'the menu of a message': async (playground) => {
    const id = await lively(playground);
    await playground.press(String(id));
    await menu(playground, 'messages', 'message-');
  },
  'the menu of a wall': async (playground) => {
    await lively(playground);
    await playground.call((element) => void element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_000 }));
    await playground.settled();
    await playground.wall(1).focus();
    await playground.press('Enter');
    await menu(playground);
  },
  'what else a server can do': async (playground) => {
    await lively(playground);
    await playground.press('2');
    await sheet(playground, 'more', '#more');
  },
  'the help': async (playground) => {
    await playground.press('?');
    await expect(playground.help).toBeVisible();
  },
  'the rules': (playground) => sheet(playground, 'rules', '.rules summary'),
  'the scenes': (playground) => sheet(playground, 'scenes', '[data-scene]'),
  'sharing': async (playground) => {
    await lively(playground);
    await playground.press('o');
    await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
  },
  'the search box': async (playground) => {
    await lively(playground);
    await playground.press('Control+k');
    await playground.page.keyboard.type('disk');
    await expect(playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option').nth(3)).toBeVisible();
  },
  'the presenter’s stage': async (playground) => {
    await lively(playground);
    await playground.press('b');
    await playground.press('P');
    await expect(playground.host.locator('.presenting')).toBeVisible();
  },
  'two branches side by side': async (playground) => {
    await twoBranches(playground);
    await sheet(playground, 'branches', '#branches');
    await playground.host.locator('#branches').getByRole('button', { name: 'Compare', exact: true }).click();
    await expect(playground.host.locator('.compare .differs li').first()).toBeVisible();
  },
  'two branches on two stages': async (playground) => {
    await twoBranches(playground);
    await playground.press('D');
    await expect(playground.host.locator('.twin-first button')).toHaveCount(2);
  },
  'the bookmarks': async (playground) => {
    await lively(playground);
    await playground.press('b');
    await sheet(playground, 'bookmarks', '#bookmarks li');
  },
  'the search': async (playground) => {
    await playground.press('B');
    await expect(playground.host.locator('.hunt [data-part="start"]')).toBeVisible();
    await playground.host.locator('.hunt [name="sought"]').selectOption('own');
    for (const summary of await playground.host.locator('.hunt-goal summary, .hunt-more > summary').all()) await summary.click();
  },
  'a story on two stages': async (playground) => {
    await playground.call((element) => element.reset({ options: { rules_off: ['vote_only_for_up_to_date_log'] } }));
    await playground.press('B');
    await playground.host.locator('.hunt [data-part="start"]').click();
    await playground.host.locator('[data-part="play-pair"]').first().click({ timeout: 60_000 });
    await expect(playground.host.locator('.twin')).toBeVisible();
    await playground.call((element) => element.pause());
  },
  'where to go': async (playground) => {
    await lively(playground);
    await sheet(playground, 'go-to', '#go-to');
  },
};

/** Each view on a page that was loaded for it. */
async function each(playground: Playground, look: (name: string) => Promise<void>, names: readonly string[] = Object.keys(VIEWS)): Promise<void> {
  for (const name of names) {
    const open = VIEWS[name];
    if (!open) throw new Error(`no view is called ${name}`);
    await test.step(name, async () => {
      await playground.page.reload();
      await playground.ready();
      await open(playground);
      await playground.settled();
      await look(name);
    });
  }
}

async function foundByAxe(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

test.describe.configure({ timeout: 300_000 });

const NOWHERE_ELSE = ['the search', 'a story on two stages', 'a server’s state, with its disk being edited', 'the menu of a message', 'the menu of a wall', 'the scenes', 'the presenter’s stage', 'two branches side by side', 'two branches on two stages', 'the bookmarks'];
const WITH_COLOURS = Object.keys(VIEWS);

for (const [looks, options, names] of [
  ['in the light', { colorScheme: 'light' }, NOWHERE_ELSE],
  ['in the dark', { colorScheme: 'dark' }, NOWHERE_ELSE],
  ['with forced colours', { contextOptions: { forcedColors: 'active' } }, WITH_COLOURS],
] as const) {
  test.describe(looks, () => {
    test.use(options);

    test(`axe finds nothing in views, sheets and menus (${looks})`, async ({ playground, page }) => {
      await each(playground, async (name) => expect.soft(await foundByAxe(page), name).toEqual([]), names);
    });
  });
}

/** What sticks out of the window at a side, or out of what it stands in; what scrolls by itself may be wider than it shows. */
const stickingOut = (page: Page): Promise<string[]> =>
  page.locator('raft-playground').evaluate((element) => {
    const width = document.documentElement.clientWidth;
    const out: string[] = [];
    for (const it of [document.documentElement, element]) if (it.scrollWidth > Math.max(width, it.clientWidth)) out.push(`${it.tagName} is ${it.scrollWidth} wide`);
    const scrolls = (thing: Element | null): boolean => thing !== null && (/auto|scroll|hidden/.test(getComputedStyle(thing).overflowX) || scrolls(thing.parentElement));
    for (const thing of element.shadowRoot?.querySelectorAll('button, input, select, textarea, summary, h2, h3, p, li, dt, dd, td, th, kbd') ?? []) {
      const { left, right, width: wide, height } = thing.getBoundingClientRect();
      if (wide === 0 || height === 0 || !(thing as HTMLElement).checkVisibility() || thing.matches('.hit, .hit *, .unseen, .unseen *') || scrolls(thing.parentElement)) continue;
      if (left < -0.5 || right > width + 0.5) out.push(`${thing.tagName} ${thing.textContent?.trim().slice(0, 30)}: ${left.toFixed(0)} to ${right.toFixed(0)}`);
    }
    // Whatever lies over the page lies within it.
    for (const over of element.shadowRoot?.querySelectorAll('dialog[open], :popover-open') ?? []) {
      const { left, right, top } = over.getBoundingClientRect();
      if (left < -0.5 || right > width + 0.5 || top + scrollY < -0.5) out.push(`${over.className || over.tagName}: ${left.toFixed(0)} to ${right.toFixed(0)}, from ${top.toFixed(0)}`);
      if (over.scrollWidth > over.clientWidth + 1) out.push(`${over.className || over.tagName} scrolls sideways: ${over.scrollWidth} in ${over.clientWidth}`);
    }
    return out;
  });

for (const [looks, options] of [
  ['320 pixels wide', { hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } }],
  ['at 200 %', { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 }],
] as const) {
  test.describe(looks, () => {
    test.use(options);

    test(`every view, sheet and menu has room (${looks})`, async ({ playground, page }) => {
      await each(playground, async (name) => expect.soft(await stickingOut(page), name).toEqual([]));
    });
  });
}

for (const width of [1_100, 1_280]) {
  test.describe(`${width} pixels wide`, () => {
    test.use({ viewport: { width, height: 800 } });

    test(`all tabs stand in one row, that of the search for a violation too (${width})`, async ({ playground }) => {
      const rows = (): Promise<number> => playground.host.getByRole('tab').evaluateAll((tabs) => new Set(tabs.map((tab) => tab.getBoundingClientRect().top)).size);
      expect(await rows()).toBe(1);
      await playground.press('B');
      await expect(playground.host.getByRole('tab')).toHaveCount(7);
      expect(await rows()).toBe(1);
    });
  });
}

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('no view, sheet or menu is animated', async ({ playground, page }) => {
    await each(playground, async (name) => expect.soft(await page.evaluate(() => document.getAnimations().length), name).toBe(0));
  });
});
