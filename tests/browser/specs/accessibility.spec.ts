import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect, leaderOf, neighbourOf, type Playground, test } from '../page';
import { twoBranches, twoLeaders } from '../runs';

/** What axe finds on the page as it is now, in words. */
async function faults(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}: ${node.failureSummary ?? ''}`));
}

async function leaderAndWall(playground: Playground): Promise<void> {
  const { id } = await playground.elect();
  const inside = [id, neighbourOf(id)];
  await playground.call((element) => element.propose('x=1'));
  await playground.advance(150);
  const { from, to } = await playground.wallAround(inside);
  await playground.dragByMouse(from, to);
  await playground.advance(40);
  await playground.press(String(id));
}

/** A server that learns, one that is no member, a snapshot, two majorities, and one server chosen. */
async function membersAndSnapshot(playground: Playground): Promise<void> {
  const { id } = await playground.elect();
  await playground.advance(400);
  await playground.call((element, id) => {
    element.compact(id);
    element.newServer();
    element.newServer();
    element.setMembers({ voters: [1, 2, 3, 4, 5], learners: [6] });
    // In steps, so that the snapshot is seen on its way.
    for (let ms = 0; ms < 600; ms += 5) element.advance(5);
    element.setMembers({ voters: [id, (id % 5) + 1, ((id + 1) % 5) + 1], learners: [6], stays_joint: true });
    element.advance(300);
    element.read('x', (id % 5) + 1);
    element.advance(5);
    element.advance(100);
  }, id);
  await playground.press(String(id));
}

/** Two branches, and a moment in the past of the present one. */
async function inABranch(playground: Playground): Promise<void> {
  await twoBranches(playground);
  await playground.call((element) => element.seek(1_200));
  await expect(playground.host.locator('.track')).toBeVisible();
}

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`in the ${colorScheme}`, () => {
    test.use({ colorScheme });
    // axe looks at every element, several times a test.
    test.describe.configure({ timeout: 120_000 });

    test(`axe finds nothing at rest, with a leader behind a wall, and with the help open (${colorScheme})`, async ({ playground, page }) => {
      expect(await faults(page), 'at rest').toEqual([]);
      await leaderAndWall(playground);
      expect(await faults(page), 'with a leader behind a wall, chosen').toEqual([]);
      await playground.host.getByRole('tab', { name: /^S\d/ }).click();
      await playground.settled();
      expect(await faults(page), 'with what a server holds').toEqual([]);
      await playground.press('?');
      await expect(playground.help).toBeVisible();
      expect(await faults(page), 'with the help open').toEqual([]);
    });

    test(`axe finds nothing with learners, strangers, two majorities and a snapshot, nor in the sheets that hang from buttons (${colorScheme})`, async ({ playground, page }) => {
      await membersAndSnapshot(playground);
      await expect(playground.host.locator('.legend .joint')).toBeVisible();
      await expect(playground.host.locator('.cell.snapshot:visible').first()).toBeVisible();
      expect(await faults(page), 'with members of all kinds').toEqual([]);
      await playground.host.locator('[data-part="more"]').click();
      await expect(playground.host.locator('#more')).toBeVisible();
      expect(await faults(page), 'with what else a server can do').toEqual([]);
      await page.keyboard.press('Escape');
      await playground.host.locator('[data-part="rules"]').click();
      await expect(playground.host.locator('.rules summary').first()).toBeVisible();
      for (const summary of await playground.host.locator('.rules summary').all()) await summary.click();
      expect(await faults(page), 'with all rules').toEqual([]);
    });

    test(`axe finds nothing in sharing, with runs that were kept, and in the search box (${colorScheme})`, async ({ playground }) => {
      await playground.call((element) => element.crash(1));
      await playground.press('f');
      await playground.press('o');
      await expect(playground.host.locator('[data-run]')).toBeVisible();
      expect(await faults(playground.page), 'sharing').toEqual([]);
      await playground.press('Escape');
      await playground.press('Control+k');
      await playground.page.keyboard.type('s');
      await expect(playground.host.getByRole('dialog', { name: 'Search' }).getByRole('option').first()).toBeVisible();
      expect(await faults(playground.page), 'what was found').toEqual([]);
    });

    test(`axe finds nothing in the past: on the time line, with branches and with reasons (${colorScheme})`, async ({ playground, page }) => {
      await inABranch(playground);
      await playground.host.locator('.events .ask').first().click();
      await expect(playground.host.locator('.chain li').nth(1)).toBeVisible();
      expect(await faults(page), 'with reasons').toEqual([]);
      await playground.host.locator('[data-part="branches"]').click();
      await expect(playground.host.locator('#branches')).toBeVisible();
      expect(await faults(page), 'with the branches').toEqual([]);
      await page.keyboard.press('Escape');
      await playground.host.locator('[data-part="go-to"]').click();
      await expect(playground.host.locator('#go-to')).toBeVisible();
      expect(await faults(page), 'with what can be gone to').toEqual([]);
    });

    test(`axe finds nothing when a property is broken or an action refused (${colorScheme})`, async ({ playground, page }) => {
      await playground.press('h');
      await expect(playground.notice).toBeVisible();
      expect(await faults(page), 'with a refusal').toEqual([]);
      await twoLeaders(playground);
      await expect(playground.violationCard).toBeVisible();
      expect(await faults(page), 'with the evidence').toEqual([]);
      await playground.violationCard.getByRole('button', { name: 'What shows it' }).click();
      await expect(playground.host.locator('.checks .evidence')).toBeVisible();
      expect(await faults(page), 'with all checks').toEqual([]);
    });
  });
}

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } });

  test('axe finds nothing, and what a finger has to hit is large enough', async ({ playground, page }) => {
    await playground.elect();
    await playground.call((element) => void element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_000 }));
    await playground.page.touchscreen.tap(...Object.values(await playground.serverCentre(1)) as [number, number]);
    await playground.settled();
    expect(await faults(page)).toEqual([]);
    const small = await playground.host.locator('button:visible, input:visible').evaluateAll((things) =>
      things
        .map((thing) => ({ name: thing.getAttribute('aria-label') ?? thing.textContent?.trim() ?? thing.tagName, box: (thing.closest('label') ?? thing).getBoundingClientRect() }))
        .filter(({ box }) => box.width > 0 && (box.width < 24 || box.height < 24))
        .map(({ name, box }) => `${name}: ${box.width} x ${box.height}`),
    );
    expect(small).toEqual([]);
  });
});

test('everything has a role and a name, and the stage is told as buttons', async ({ playground }) => {
  await playground.elect();
  const leader = leaderOf(await playground.state());
  await playground.call((element) => void element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_000 }));
  await playground.settled();
  const { host } = playground;
  await expect(host.getByRole('button', { name: `S${leader?.id}, leader, term ${leader?.current_term}, commit index ${leader?.commit_index}` })).toBeVisible();
  for (const name of ['Wall 1', 'Wall 1, first end', 'Wall 1, second end']) await expect(host.getByRole('button', { name, exact: true })).toBeVisible();
  await expect(host.getByRole('slider', { name: 'Speed' })).toBeVisible();
  await expect(host.getByRole('heading', { level: 1 })).toHaveText('Raft Playground');
  await expect(host.getByRole('grid', { name: 'Logs' })).toBeVisible();
});

test('a change is said once, politely', async ({ playground }) => {
  await playground.elect();
  const leader = leaderOf(await playground.state());
  await expect(playground.host.locator('[aria-live=polite]')).toContainText(`S${leader?.id} leads term ${leader?.current_term}`);
});

test('Tab goes through everything that can be pressed, and the focus is always seen', async ({ playground, page }) => {
  const seen: string[] = [];
  const things = new Set<string>();
  await page.locator('body').click({ position: { x: 2, y: 2 }, force: true });
  await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  for (let i = 0; i < 60; i += 1) {
    await page.keyboard.press('Tab');
    const focused = await playground.host.evaluate((element) => {
      const active = element.shadowRoot?.activeElement;
      if (!active) return null;
      const style = getComputedStyle(active);
      const box = active.getBoundingClientRect();
      return {
        name: active.getAttribute('aria-label') ?? active.getAttribute('name') ?? active.textContent?.replace(/\s+/g, ' ').trim() ?? '',
        outline: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2,
        onPage: box.width > 0 && box.height > 0,
        thing: (active.cloneNode(false) as Element).outerHTML,
      };
    });
    if (!focused) break;
    expect(focused, `the focus on ${focused.name}`).toMatchObject({ outline: true, onPage: true });
    seen.push(focused.name);
    things.add(focused.thing);
  }
  for (const name of ['servers', 'seed', 'Reset', 'S1, follower, term 0, commit index 0', 'S5, follower, term 0, commit index 0', 'Value to propose', 'Events', '▶ Play']) {
    expect(seen, 'reached by Tab').toContain(name);
  }
  expect(things.size, 'no trap, nothing twice').toBe(seen.length);
});

test('the help is searched as one types, says when it has nothing, and shows all the next time', async ({ playground, page }) => {
  await playground.press('?');
  const field = playground.help.getByRole('searchbox', { name: 'Search the help' });
  const heads = playground.help.locator('#help-found h3');
  await expect(heads).toHaveText(['Keys', 'Keys for what has the focus', 'With mouse or finger', 'What is drawn']);
  await field.fill('matchindex');
  await expect(heads).toHaveText(['Words of Raft']);
  await expect(playground.help.locator('dt')).toHaveText(['matchIndex[]']);
  await expect(playground.help.getByRole('status')).toHaveText('1 line found');
  await field.fill('election  previous');
  await expect(playground.help.getByRole('status')).toHaveText('The help says nothing of that. Ctrl K, or Command K, searches what can be done and seen on the page.');
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([]);
  await field.fill('<b>zzz');
  await expect(playground.help.locator('dt')).toHaveCount(0);
  // What is written goes first, the sheet after it.
  await playground.press('Escape');
  await expect(field).toHaveValue('');
  await expect(heads).toHaveCount(4);
  await field.fill('wall');
  await playground.help.getByRole('button', { name: 'Close' }).click();
  await expect(playground.help).toHaveCount(0);
  await playground.press('?');
  await expect(field).toHaveValue('');
  await expect(heads).toHaveCount(4);
  await playground.press('Escape');
  await expect(playground.help).toHaveCount(0);
});

test('the help lists every shortcut, and every shortcut works', async ({ playground, page }) => {
  const leader = await playground.elect();
  await playground.advance(200);
  const other = leader.id === 1 ? 2 : 1;
  await playground.press('?');
  await expect(playground.help).toBeVisible();
  const keys = (await playground.help.locator('kbd').allTextContents()).map((key) => key.trim());
  await playground.press('Escape');
  await expect(playground.help).toHaveCount(0);

  const up = async (id: number) => (await playground.serverState(id)).up;
  const time = () => playground.time();
  const playing = () => playground.call((element) => element.playing);
  const speed = () => playground.call((element) => element.speed);
  const walls = async () => (await playground.state()).walls.length;
  const changed = async (read: () => Promise<string | number | boolean | undefined>, key: string): Promise<void> => {
    const before = await read();
    await playground.press(key);
    await expect.poll(read, { message: `after ${key}` }).not.toEqual(before);
  };
  const servers = async () => (await playground.state()).servers.length;
  const members = async (key: string) => {
    await playground.press('6');
    const { id } = leaderOf(await playground.state()) ?? { id: 0 };
    await changed(async () => JSON.stringify((await playground.serverState(id)).configuration), key);
    await playground.advance(1_000);
  };
  const wall = () => playground.call((element) => void element.wall({ ax: 500, ay: 5_200, bx: 9_500, by: 5_000 }));
  const chooseWall = async () => {
    await wall();
    await playground.settled();
    await playground.wall(1).focus();
    await playground.press('Enter');
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  };
  const toggles = async (key: string) => {
    await changed(playing, key);
    await changed(playing, key);
  };
  const works: Record<string, () => Promise<void>> = {
    Space: () => toggles('Space'),
    K: () => toggles('k'),
    '.': () => changed(time, '.'),
    ',': () => changed(time, ','),
    E: async () => {
      await playground.call((element, id) => element.crash(id), leader.id);
      await changed(async () => leaderOf(await playground.state())?.id, 'e');
      await playground.call((element, id) => element.restart(id), leader.id);
      await playground.advance(200);
    },
    M: async () => {
      await playground.call((element) => element.propose('m=1'));
      await changed(async () => Math.max(...(await playground.state()).servers.map((server) => server.commit_index)), 'm');
    },
    '-': () => changed(speed, '-'),
    '+': () => changed(speed, '+'),
    '=': () => changed(speed, '='),
    C: async () => {
      await playground.press(String(other));
      await changed(() => up(other), 'c');
    },
    R: async () => {
      await playground.press(String(other));
      await changed(() => up(other), 'r');
    },
    L: async () => {
      // The server that was just crashed may have led: there is a leader again, and all have heard of it, after a while.
      await playground.advance(2_000);
      const leading = leaderOf(await playground.state())?.id;
      const follower = (await playground.state()).servers.find((server) => server.up && server.role === 'follower' && server.leader === leading);
      await playground.press(String(follower?.id));
      await playground.press('l');
      await playground.advance(200);
      expect(leaderOf(await playground.state())?.id, 'after l').toBe(follower?.id);
    },
    A: async () => {
      await changed(servers, 'a');
      await playground.advance(1_000);
    },
    N: () => members('n'),
    X: () => members('x'),
    J: () => members('j'),
    S: async () => {
      await playground.press('Escape');
      const { id } = leaderOf(await playground.state()) ?? { id: 0 };
      await playground.press(String(id));
      await changed(async () => (await playground.serverState(id)).snapshot?.index, 's');
    },
    G: async () => {
      await playground.press('g');
      await expect(playground.host.getByRole('status', { name: 'Answer to the read' })).toBeVisible();
      await playground.press('Escape');
    },
    T: async () => {
      const follower = (await playground.state()).servers.find((server) => server.up && server.role === 'follower');
      await playground.press(String(follower?.id));
      await changed(async () => (await playground.serverState(follower?.id ?? 0)).current_term, 't');
    },
    P: async () => {
      await playground.press('p');
      await expect(playground.valueField).toBeFocused();
      await playground.press('Escape');
      await expect(playground.valueField).not.toBeFocused();
    },
    'Shift P': async () => {
      await playground.press('P');
      await expect(playground.host.locator('header')).toHaveCount(0);
      await playground.press('P');
      await expect(playground.host.locator('header')).toBeVisible();
    },
    W: async () => {
      await playground.press('1');
      await changed(walls, 'w');
    },
    H: () => changed(walls, 'h'),
    Delete: async () => {
      await chooseWall();
      await changed(walls, 'Delete');
    },
    Backspace: async () => {
      await chooseWall();
      await changed(walls, 'Backspace');
    },
    Esc: async () => {
      await playground.press('1');
      await expect(playground.server(1)).toHaveAttribute('aria-pressed', 'true');
      await playground.press('Escape');
      await expect(playground.server(1)).toHaveAttribute('aria-pressed', 'false');
    },
    '?': async () => {
      await playground.press('?');
      await expect(playground.help).toBeVisible();
      await playground.press('?');
      await expect(playground.help).toHaveCount(0);
    },
    Y: async () => {
      await playground.press('y');
      await expect(page).toHaveURL(/#r=[\w-]+&t=\d+/);
    },
    D: async () => {
      await playground.press('d');
      await expect(playground.host.getByRole('menu')).toBeVisible();
      await playground.press('Escape');
      await expect(playground.host.getByRole('menu')).toHaveCount(0);
    },
    'Shift F': async () => {
      await playground.press('Shift+F');
      await expect(playground.host.locator('.faults')).toBeVisible();
    },
    O: async () => {
      await playground.press('o');
      await expect(playground.host.getByRole('dialog', { name: 'Share' })).toBeVisible();
      await playground.press('Escape');
    },
    '/': async () => {
      await playground.press('/');
      await expect(playground.host.getByRole('combobox', { name: 'Search' })).toBeFocused();
      await playground.press('Escape');
    },
    'Ctrl K': async () => {
      await playground.press('Control+k');
      await expect(playground.host.getByRole('combobox', { name: 'Search' })).toBeFocused();
      await playground.press('Escape');
      await expect(playground.host.getByRole('dialog')).toHaveCount(0);
    },
    'Ctrl P': async () => {
      await page.evaluate(() => (window.print = () => void Object.assign(window, { printed: true })));
      await playground.press('Control+p');
      await expect.poll(() => page.evaluate(() => (window as Window & { printed?: boolean }).printed)).toBe(true);
    },
    'Shift E': () => changed(time, 'E'),
    I: () => changed(time, 'i'),
    'Shift I': () => changed(time, 'I'),
    U: () => changed(time, 'u'),
    'Shift M': () => changed(time, 'M'),
    B: async () => {
      await changed(() => playground.host.locator('.flags .ribbon').count(), 'b');
      await playground.advance(10);
      await playground.press('b');
    },
    'Shift B': async () => {
      await playground.press('Shift+B');
      await expect(playground.host.locator('.hunt [data-part="start"]')).toBeVisible();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    },
    'Shift V': () => changed(time, 'V'),
    V: () => changed(time, 'v'),
    F: () => changed(async () => (await playground.call((element) => element.scenario())).seed, 'f'),
    'Shift R': async () => {
      await playground.advance(10);
      await playground.press('Shift+R');
      expect(await time()).toBe(0);
    },
    'Shift D': async () => {
      await twoBranches(playground);
      await playground.press('D');
      await expect(playground.host.locator('.twin')).toBeVisible();
      await playground.press('D');
      await expect(playground.host.locator('.twin')).toHaveCount(0);
    },
  };
  expect(keys.sort(), 'the shortcuts that are listed are those tried here').toEqual(Object.keys(works).sort());
  for (const [key, act] of Object.entries(works)) await test.step(key, act);
});

test('keys in a text field write, and keys with Ctrl belong to the browser', async ({ playground, page }) => {
  await playground.valueField.focus();
  await page.keyboard.type('k=c r.');
  await expect(playground.valueField).toHaveValue('k=c r.');
  const { time_ms, servers } = await playground.state();
  expect([time_ms, servers.every((server) => server.up)]).toEqual([0, true]);
  await playground.press('Escape');
  await playground.press('1');
  await playground.press('Control+c');
  expect((await playground.serverState(1)).up).toBe(true);
});

test.describe('with reduced motion', () => {
  test.use({ contextOptions: { reducedMotion: 'reduce' } });

  test('a message goes its way in steps, not frame by frame', async ({ playground, page }) => {
    await playground.call((element) => element.reset({ servers: 2 }));
    await playground.advanceUntil((state) => state.messages_in_flight.length === 1, 2_000, { stepMs: 1 });
    // Half of the way between the two, where nothing but the message moves.
    const [from, to] = [await playground.serverCentre(1), await playground.serverCentre(2)];
    const clip = {
      x: Math.min(from.x, to.x) + 0.25 * Math.abs(to.x - from.x) - 20,
      y: Math.min(from.y, to.y) + 0.25 * Math.abs(to.y - from.y) - 20,
      width: 0.5 * Math.abs(to.x - from.x) + 40,
      height: 0.5 * Math.abs(to.y - from.y) + 40,
    };
    const pictures = new Set<string>();
    for (let i = 0; i < 24; i += 1) {
      await playground.advance(0.5);
      await playground.settled();
      pictures.add((await page.screenshot({ clip })).toString('base64'));
    }
    expect(pictures.size, 'places where the message was seen').toBeGreaterThan(1);
    expect(pictures.size, 'places where the message was seen').toBeLessThan(8);
  });

  test('nothing is animated by style sheets', async ({ playground, page }) => {
    await playground.press('?');
    await expect(playground.help).toBeVisible();
    expect(await page.evaluate(() => document.getAnimations().length)).toBe(0);
  });
});

test.describe('with forced colours', () => {
  test.use({ contextOptions: { forcedColors: 'active' } });

  test('the stage and its buttons are still to be seen', async ({ playground, page }) => {
    await leaderAndWall(playground);
    const box = await playground.stage.boundingBox();
    if (!box) throw new Error('there is no stage');
    const colours = await playground.host.evaluate((element) => {
      const canvas = element.shadowRoot?.querySelector('canvas');
      const pixels = canvas?.getContext('2d')?.getImageData(0, 0, canvas.width, canvas.height).data ?? new Uint8ClampedArray();
      const seen = new Map<string, number>();
      for (let i = 0; i < pixels.length; i += 4) {
        const colour = `${pixels[i]},${pixels[i + 1]},${pixels[i + 2]}`;
        seen.set(colour, (seen.get(colour) ?? 0) + 1);
      }
      return [...seen.values()].filter((count) => count > 300).length;
    });
    expect(colours, 'colours that cover more than a speck').toBeGreaterThan(2);
    await expect(playground.action('play')).toBeVisible();
    expect((await page.screenshot()).length).toBeGreaterThan(10_000);
  });
});

for (const [width, height] of [[320, 640], [390, 844], [640, 400], [768, 1_024], [1_280, 800], [1_920, 1_080]] as const) {
  test(`nothing is cut off at the side at ${width} pixels`, async ({ playground, page }) => {
    await page.setViewportSize({ width, height });
    await membersAndSnapshot(playground);
    await playground.call((element) => void element.wall({ ax: 500, ay: 5_000, bx: 9_500, by: 5_000 }));
    await playground.settled();
    await expect(playground.host.locator('.legend li', { hasText: 'snapshot' })).toBeVisible();
    await expect(playground.host.locator('.legend li', { hasText: 'read' })).toBeVisible();
    const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(over, 'the page scrolls sideways').toBe(0);
    const outside = () => playground.host.locator('button:visible, input:visible, select:visible, output:visible, .track, .legend li').evaluateAll((things, width) =>
      things
        .filter((thing) => !thing.classList.contains('hit'))
        .map((thing) => ({ name: thing.getAttribute('aria-label') ?? thing.textContent?.trim(), box: thing.getBoundingClientRect() }))
        .filter(({ box }) => box.left < -0.5 || box.right > width + 0.5)
        .map(({ name, box }) => `${name}: ${box.left} to ${box.right}`),
      width,
    );
    expect(await outside()).toEqual([]);
    await playground.call((element) => {
      element.seek(element.time - 1);
      element.crash(2);
    });
    await expect(playground.host.locator('[data-part="branches"]')).toBeVisible();
    expect(await outside(), 'with two branches').toEqual([]);
  });
}

test.describe('at 200 %', () => {
  test.use({ viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 });

  test('everything can still be reached and used', async ({ playground }) => {
    for (const action of ['play', 'step', 'next-election', 'reset', 'help']) {
      await playground.action(action).scrollIntoViewIfNeeded();
      await expect(playground.action(action)).toBeInViewport();
    }
    await playground.action('next-election').click();
    expect(leaderOf(await playground.state())).toBeDefined();
    const sharp = await playground.host.evaluate((element) => {
      const canvas = element.shadowRoot?.querySelector('canvas');
      return canvas ? canvas.width / canvas.clientWidth : 0;
    });
    expect(sharp, 'the canvas has two pixels for one').toBeCloseTo(2, 1);
  });
});
