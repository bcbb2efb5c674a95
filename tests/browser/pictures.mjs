// Pictures of every view at three sizes, in both themes and both languages, each view's on one sheet: to be looked at.
//   node pictures.mjs FOLDER [--only VIEW,...]
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { TWO_LEADERS } from './scenarios.mjs';
import { withSite } from './site.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */
/** @typedef {import('@playwright/test').Page} Page */
/** @typedef {import('@playwright/test').Locator} Locator */

const SIZES = [
  { name: '1440x900', width: 1440, height: 900 },
  { name: '820x1180', width: 820, height: 1180 },
  { name: '375x760', width: 375, height: 760, phone: true },
];
const THEMES = /** @type {const} */ (['light', 'dark']);
const LANGUAGES = ['en', 'zh-Hans'];

/** A run with a good deal in it: clients, a wall, two leaders, a crash, entries that differ. @param {RaftPlayground} element */
function liveMuch(element) {
  element.reset({ seed: 3, servers: 5, options: { clients: 2, client_pause_us: 60_000 } });
  const leader = () => element.state().servers.filter((server) => server.up && server.role === 'leader').sort((a, b) => b.current_term - a.current_term)[0];
  for (let at = 0; at < 600 && !leader(); at += 1) element.advance(5);
  element.advance(300);
  const old = leader()?.id ?? 1;
  element.wall({ ax: 1_500, ay: 3_000, bx: 8_500, by: 3_100 });
  element.advance(900);
  element.propose('x=2', old);
  element.crash((old % 5) + 1);
  element.advance(137);
}

/** @typedef {(host: Locator, page: Page) => Promise<void>} Show */

/** @param {string} name @returns {Show} */
const tab = (name) => async (host) => {
  await host.locator(`#tab-${name}`).click();
  await host.locator('.tabs').evaluate((tabs) => tabs.scrollIntoView());
};
/** @param {string} key @param {string} shows @returns {Show} */
const key = (key, shows) => async (host, page) => {
  await page.keyboard.press(key);
  await host.locator(shows).waitFor();
};

/** @type {Readonly<Record<string, Show>>} */
const VIEWS = {
  stage: async () => undefined,
  logs: async (host) => host.locator('section.panel.top').scrollIntoViewIfNeeded(),
  events: tab('events'),
  why: async (host) => {
    await tab('events')(host, /** @type {Page} */ (host.page()));
    await host.locator('.events .ask').first().click();
    await host.locator('.tabs').evaluate((tabs) => tabs.scrollIntoView());
  },
  diagram: tab('diagram'),
  checks: tab('checks'),
  clients: tab('clients'),
  state: async (host, page) => {
    await page.keyboard.press('2');
    await tab('server')(host, page);
  },
  menu: async (host, page) => {
    await host.locator('.stage').scrollIntoViewIfNeeded();
    await page.keyboard.press('3');
    await page.keyboard.press('d');
  },
  faults: tab('faults'),
  features: async (host) => host.locator('[data-part="rules"]').click(),
  break: async (host) => {
    await host.locator('[data-part="rules"]').click();
    const group = host.locator('#rules summary').first();
    await group.click();
    await group.scrollIntoViewIfNeeded();
  },
  violation: async (host) => {
    await host.evaluate((it, scenario) => {
      const element = /** @type {RaftPlayground} */ (it);
      element.reset(scenario);
      element.advance(500);
    }, TWO_LEADERS);
  },
  hunt: async (_host, page) => {
    await page.keyboard.press('Shift+B');
  },
  found: async (host, page) => {
    await host.evaluate((it) => /** @type {RaftPlayground} */ (it).reset({ options: { rules_off: ['vote_only_for_up_to_date_log'] } }));
    await page.keyboard.press('Shift+B');
    await host.locator('[data-part="start"]').click();
    await host.locator('[data-part="play-pair"]').first().click({ timeout: 60_000 });
    await host.locator('.twin').waitFor();
    await page.waitForTimeout(2_500);
    await host.evaluate((it) => /** @type {RaftPlayground} */ (it).pause());
  },
  branches: async (host) => {
    await host.evaluate((it) => {
      const element = /** @type {RaftPlayground} */ (it);
      element.seek(element.time - 400);
      element.crash(1);
      element.advance(300);
    });
    await host.locator('[data-part="branches"]').click();
    await host.locator('[data-part="compare"]').click();
  },
  pair: async (host, page) => {
    await host.evaluate((it) => {
      const element = /** @type {RaftPlayground} */ (it);
      element.seek(element.time - 400);
      element.crash(1);
      element.advance(300);
    });
    await page.keyboard.press('Shift+D');
    await host.locator('.twin').waitFor();
  },
  scenes: async (host) => host.locator('[data-part="scenes"]').click(),
  share: key('o', 'dialog.share'),
  help: key('?', 'dialog.help'),
  search: async (host, page) => {
    await page.keyboard.press('/');
    await host.locator('dialog.search input').waitFor();
    await page.keyboard.insertText('crash');
  },
  hint: async () => undefined,
  presenter: key('Shift+P', '.page.presenting'),
};

/** What leaves another run behind, or needs a page of its own. */
const ALONE = new Set(['violation', 'hunt', 'found', 'branches', 'pair', 'scenes', 'hint', 'presenter']);

const [folder, ...rest] = process.argv.slice(2);
const only = rest.includes('--only') ? (rest[rest.indexOf('--only') + 1] ?? '').split(',') : Object.keys(VIEWS);
if (!folder || only.some((name) => !(name in VIEWS))) {
  console.error(`usage: node pictures.mjs FOLDER [--only ${Object.keys(VIEWS).join(',')}]`);
  process.exit(1);
}
await mkdir(folder, { recursive: true });

await withSite(async (browser, address) => {
  for (const { name: size, width, height, phone = false } of SIZES) {
    for (const theme of THEMES) {
      for (const lang of LANGUAGES) {
        const context = await browser.newContext({ viewport: { width, height }, colorScheme: theme, hasTouch: phone, isMobile: phone });
        const page = await context.newPage();
        const host = page.locator('raft-playground');
        page.on('pageerror', (error) => console.error(`${size} ${theme} ${lang}: ${error.message}`));
        for (const view of only) {
          if (ALONE.has(view) || view === only[0]) {
            await page.goto(`${address}?lang=${lang}`);
            await host.evaluate((it) => /** @type {RaftPlayground} */ (it).ready);
            await page.evaluate((visited) => (visited ? localStorage.setItem('raft-playground.visited', '1') : localStorage.clear()), view !== 'hint');
            await page.reload();
            await host.evaluate((it) => /** @type {RaftPlayground} */ (it).ready);
            await host.locator('.hit-server').first().waitFor();
            if (view !== 'hint') await host.evaluate(/** @type {never} */ (/** @type {unknown} */ (liveMuch)));
          } else {
            for (let times = 0; times < 3; times += 1) await page.keyboard.press('Escape');
            await page.evaluate(() => scrollTo(0, 0));
          }
          try {
            await VIEWS[view]?.(host, page);
          } catch (error) {
            console.error(`${view} ${size} ${theme} ${lang}: ${error instanceof Error ? error.message.split('\n')[0] : error}`);
          }
          await page.waitForTimeout(300);
          await page.screenshot({ path: join(folder, `${view}-${size}-${theme}-${lang}.png`) });
        }
        await context.close();
      }
    }
  }
  // A sheet for each view: everything of it side by side.
  const page = await browser.newPage({ viewport: { width: 2_000, height: 1_000 } });
  for (const view of only) {
    const rows = [];
    for (const { name: size } of SIZES) {
      const images = [];
      for (const theme of THEMES) {
        for (const lang of LANGUAGES) images.push(`<img src="data:image/png;base64,${(await readFile(join(folder, `${view}-${size}-${theme}-${lang}.png`))).toString('base64')}">`);
      }
      rows.push(`<div>${images.join('')}</div>`);
    }
    await page.setContent(`<style>body{margin:0;background:#777}div{display:flex;gap:8px;padding:4px}img{height:520px;width:auto}div:first-of-type img{width:490px;height:auto}</style>${rows.join('')}`);
    await page.evaluate(() => Promise.all([...document.images].map((image) => image.decode())));
    await page.screenshot({ path: join(folder, `sheet-${view}.png`), fullPage: true });
  }
});
