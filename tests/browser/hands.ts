/** Three ways to do the same things: by mouse, by keys alone, by finger. */
import { expect, type Playground } from './page';

export interface Hands {
  /** One of the buttons of the page, by the id of its action. */
  act(action: 'play' | 'next-election' | 'next-commit' | 'heal'): Promise<void>;
  chooseServer(id: number): Promise<void>;
  chooseNothing(): Promise<void>;
  /** Writes a value into the page's field and sends it. */
  propose(value: string): Promise<void>;
  /** A wall between these servers and the others. */
  wallOff(servers: readonly number[]): Promise<void>;
  removeWall(wall: number): Promise<void>;
  /** One virtual second a second, about. */
  quicken(): Promise<void>;
}

/** Where on the slider one virtual second a second is: three of its five powers of ten; and the 1/50 that it opens at. */
const REAL_TIME = 0.6;
const OPENING = 0.26;

export function byMouse(playground: Playground): Hands {
  const { page } = playground;
  const click = async (thing: Parameters<Playground['centre']>[0]): Promise<void> => {
    await expect(thing).toBeVisible();
    await playground.clickAt(await playground.centre(thing));
  };
  return {
    act: (action) => click(playground.action(action)),
    chooseServer: (id) => click(playground.server(id)),
    async chooseNothing() {
      const box = await playground.stage.boundingBox();
      await playground.clickAt({ x: (box?.x ?? 0) + 8, y: (box?.y ?? 0) + 8 });
    },
    async propose(value) {
      await click(playground.valueField);
      await page.keyboard.type(value);
      await click(playground.host.getByRole('button', { name: /^Propose/ }));
    },
    async wallOff(servers) {
      const { from, to } = await playground.wallAround(servers);
      await playground.dragByMouse(from, to);
    },
    async removeWall(wall) {
      await click(playground.wall(wall));
      await click(playground.removeButton(wall));
    },
    async quicken() {
      const box = await playground.host.locator('.speed input').boundingBox();
      if (!box) throw new Error('there is no slider');
      await playground.clickAt({ x: box.x + box.width * REAL_TIME, y: box.y + box.height / 2 });
    },
  };
}

export function byKeyboard(playground: Playground): Hands {
  const { page } = playground;
  const KEYS = { play: 'Space', 'next-election': 'e', 'next-commit': 'm', heal: 'h' } as const;
  return {
    act: (action) => playground.press(KEYS[action]),
    chooseServer: (id) => playground.press(String(id)),
    chooseNothing: () => playground.press('Escape'),
    async propose(value) {
      await playground.press('p');
      await page.keyboard.type(value);
      await playground.press('Enter');
      await playground.press('Escape');
    },
    async wallOff(servers) {
      const [first, ...others] = servers;
      await playground.press(String(first));
      for (const other of others) {
        // From the first server's button to the other's.
        for (let id = first as number; id !== other; id += Math.sign(other - id)) await playground.press(other > id ? 'Tab' : 'Shift+Tab');
        await playground.press('Shift+Enter');
      }
      await playground.press('w');
    },
    async removeWall(wall) {
      // On from the last server, as far as the wall's own button.
      const { servers } = await playground.state();
      await playground.press(String(Math.min(9, servers.length)));
      await playground.press('Tab');
      await expect(playground.wall(wall)).toBeFocused();
      await playground.press('Delete');
    },
    async quicken() {
      for (let i = 0; i < 20 && (await playground.call((element) => element.speed)) < 1; i += 1) await playground.press('+');
    },
  };
}

export function byTouch(playground: Playground): Hands {
  const { page } = playground;
  const tap = async (thing: Parameters<Playground['centre']>[0]): Promise<void> => {
    await thing.scrollIntoViewIfNeeded();
    await playground.tapAt(await playground.centre(thing));
  };
  return {
    act: (action) => tap(playground.action(action)),
    chooseServer: (id) => tap(playground.server(id)),
    async chooseNothing() {
      await playground.stage.scrollIntoViewIfNeeded();
      const box = await playground.stage.boundingBox();
      await playground.tapAt({ x: (box?.x ?? 0) + 8, y: (box?.y ?? 0) + 8 });
    },
    async propose(value) {
      await tap(playground.valueField);
      await page.keyboard.insertText(value);
      await tap(playground.host.getByRole('button', { name: /^Propose/ }));
    },
    async wallOff(servers) {
      const { from, to } = await playground.wallAround(servers);
      await playground.dragByTouch(from, to);
    },
    async removeWall(wall) {
      await tap(playground.wall(wall));
      await tap(playground.removeButton(wall));
    },
    async quicken() {
      const slider = playground.host.locator('.speed input');
      await slider.scrollIntoViewIfNeeded();
      const box = await slider.boundingBox();
      if (!box) throw new Error('there is no slider');
      const on = (share: number) => ({ x: box.x + box.width * share, y: box.y + box.height / 2 });
      await playground.dragByTouch(on(OPENING), on(REAL_TIME));
    },
  };
}
