import { AxeBuilder } from '@axe-core/playwright';
import { SCENES } from '../../../web/src/lang/zh-Hans/scenes';
import { ENGLISH_IN_CHINESE } from '../../../web/test/catalogues';
import { expect, openHostPage, Playground, test } from '../page';

/** Every text on the page and in its sheets that has two English words behind each other; also what only assistive technology reads. */
const english = (playground: Playground): Promise<string[]> =>
  playground.host.evaluate((host, { names, flags }) => {
    const root = host.shadowRoot as ShadowRoot;
    const found: string[] = [];
    const look = (text: string | null): void => {
      if (text && /[A-Za-z]{2,}[ ,.]+[A-Za-z]{2,}/.test(text.replace(new RegExp(names, flags), ''))) found.push(text.trim());
    };
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_ELEMENT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Text) {
        if (!node.parentElement?.closest('style, noscript, [lang="en"]')) look(node.data);
      } else for (const name of ['aria-label', 'aria-roledescription', 'aria-valuetext', 'title', 'placeholder']) look((node as Element).getAttribute(name));
    }
    return found;
  }, { names: ENGLISH_IN_CHINESE.source, flags: ENGLISH_IN_CHINESE.flags });

const expectChinese = async (playground: Playground, where: string): Promise<void> => {
  await playground.settled();
  expect(await english(playground), where).toEqual([]);
};

const heading = (playground: Playground) => playground.host.locator('section.panel.top > h2');

/** Chooses a language by the globe. */
async function choose(playground: Playground, name: string): Promise<void> {
  await playground.host.locator('[data-part="languages"]').click();
  await playground.host.locator('#languages').getByRole('button', { name, exact: true }).click();
  await playground.settled();
}

/** Types into the search box. */
async function search(playground: Playground, query: string): Promise<void> {
  await playground.press('Control+k');
  await expect(playground.host.locator('dialog.search input')).toBeFocused();
  await playground.page.keyboard.insertText(query);
  await playground.settled();
}

/** A run with a good deal in it. */
async function live(playground: Playground): Promise<void> {
  const leader = await playground.elect();
  await playground.call((element, id) => {
    element.propose('x=1', id);
    element.advance(300);
    element.read('x');
    element.compact(id);
    element.advance(200);
    element.crash((id % 5) + 1);
    element.wall({ ax: 3_000, ay: 1_000, bx: 5_500, by: 9_000 });
    element.advance(900);
    element.propose('y=2');
    element.advance(300);
  }, leader.id);
  await playground.settled();
}

test('the globe names each language in itself; another one is spoken at once, is remembered, and the run goes on', async ({ playground, page }) => {
  await live(playground);
  const [before, time] = [await playground.fingerprint(), await playground.time()];
  await playground.server(2).click();
  await expect(heading(playground)).toHaveText('Logs');
  await choose(playground, '简体中文');
  await expect(heading(playground)).toHaveText('日志');
  await expect(playground.host).toHaveAttribute('lang', 'zh-Hans');
  await expect(page.locator('html')).toHaveAttribute('lang', 'zh-Hans');
  expect(await playground.fingerprint()).toBe(before);
  expect(await playground.time()).toBe(time);
  await expect(playground.host.locator('.deck .who')).toContainText('S2');
  await expect(playground.host.locator('ol.events li').first()).toContainText(/\p{Script=Han}/u);
  await expectChinese(playground, 'after switching');
  // There and back while time runs.
  await playground.call((element) => {
    element.speed = 0.001;
    element.play();
  });
  await choose(playground, 'English');
  await expect(heading(playground)).toHaveText('Logs');
  expect(await playground.call((element) => element.playing)).toBe(true);
  await choose(playground, '简体中文');
  expect(await playground.call((element) => element.playing)).toBe(true);
  await playground.call((element) => element.pause());
  expect(await playground.time()).toBeGreaterThanOrEqual(time);
  await playground.expectReplayable();
  await page.reload();
  await playground.ready();
  await expect(heading(playground), 'it is remembered').toHaveText('日志');
});

test('whatever is open is of the other language at once, there and back', async ({ playground }) => {
  await live(playground);
  // Another branch, a bookmark and an explanation: each has a list of its own.
  await playground.call((element) => element.seek(element.time - 300));
  await playground.call((element) => element.crash(1));
  await playground.press('b');
  await playground.server(3).click();
  const all = ['rules', 'scenes'];
  for (const part of all) {
    await playground.host.locator(`[data-part="${part}"]`).click();
    await playground.settled();
    await playground.press('Escape');
  }
  await playground.server(3).click();
  const han = (): Promise<string[]> =>
    playground.host.evaluate((host) =>
      [...(host.shadowRoot as ShadowRoot).querySelectorAll('*')]
        .flatMap((thing) => [...['aria-label', 'title', 'placeholder'].map((name) => thing.getAttribute(name) ?? ''), ...[...thing.childNodes].filter((node) => node instanceof Text && thing.tagName !== 'STYLE').map((node) => node.textContent ?? '')])
        // The languages are named in themselves.
        .filter((text) => /\p{Script=Han}/u.test(text.replaceAll('简体中文', ''))),
    );
  for (const tab of ['server', 'diagram', 'checks', 'clients', 'faults', 'events', 'why']) {
    if (tab === 'why') await playground.host.locator('#tab-panel .ask').first().click();
    else await playground.host.locator(`#tab-${tab}`).click();
    await playground.settled();
    await choose(playground, '简体中文');
    await expectChinese(playground, tab);
    await choose(playground, 'English');
    await playground.settled();
    expect(await han(), `${tab}, back in English`).toEqual([]);
  }
});

test('the texts of another language are fetched when it is chosen, and not before', async ({ page }) => {
  const fetched: string[] = [];
  page.on('request', (request) => void (/zh-Hans/.test(request.url()) && fetched.push(request.url())));
  await page.goto('./');
  const playground = new Playground(page);
  await playground.ready();
  expect(fetched).toEqual([]);
  await choose(playground, '简体中文');
  await expect(heading(playground)).toHaveText('日志');
  expect(fetched.length).toBe(1);
});

test.describe('where they cannot be had', () => {
  test.use({ expected: [/zh-Hans|503/] });
  test('the page says so in the language that it speaks, and goes on', async ({ playground, page }) => {
    await page.route('**/zh-Hans*', (route) => route.fulfill({ status: 503, body: '' }));
    await choose(playground, '简体中文');
    await expect(playground.notice).toContainText('简体中文 could not be loaded. Try once more.');
    await expect(heading(playground)).toHaveText('Logs');
    await expect(playground.host).toHaveAttribute('lang', 'en');
  });
});

test.describe('in Chinese', () => {
  test.use({ locale: 'zh-CN' });

  test('a browser that prefers Chinese sees a Chinese page from the first moment, whose panels and sheets have no English sentence', async ({ playground }) => {
    await expect(heading(playground)).toHaveText('日志');
    await expectChinese(playground, 'at the beginning');
    await live(playground);
    await expectChinese(playground, 'the page');
    await playground.server(3).click();
    for (const tab of ['server', 'diagram', 'checks', 'clients', 'faults', 'events']) {
      await playground.host.locator(`#tab-${tab}`).click();
      await expect(playground.host.locator('#tab-panel')).toContainText(/\p{Script=Han}/u);
      await expectChinese(playground, tab);
    }
    await playground.host.getByLabel('也列出消息和定时器').check();
    await expectChinese(playground, 'all events');
    await playground.host.locator('#tab-panel .ask').first().click();
    await expect(playground.host.locator('.why h3')).toHaveText('为什么？');
    await expectChinese(playground, 'why');
    await playground.server(3).click();
    for (const part of ['more', 'rules', 'scenes', 'languages']) {
      await playground.host.locator(`[data-part="${part}"]`).click();
      await expect(playground.host.locator(`#${part}:popover-open`)).toContainText(/\p{Script=Han}/u);
      await expectChinese(playground, part);
      await playground.press('Escape');
    }
    for (const [key, name] of [['?', '按键与手势'], ['o', '分享'], ['/', '搜索']] as const) {
      await playground.press(key);
      await expect(playground.host.getByRole('dialog', { name })).toBeVisible();
      // What makes pictures comes later.
      if (key === 'o') await expect(playground.host.getByRole('dialog', { name })).toContainText('Mermaid');
      await expectChinese(playground, name);
      await playground.press('Escape');
    }
    await playground.press('b');
    await expect(playground.notice).toContainText('已标记');
    await playground.press('d');
    await expect(playground.host.getByRole('menu')).toBeVisible();
    await expectChinese(playground, 'the menu');
    await playground.press('Escape');
    await playground.press('P');
    await expectChinese(playground, 'presenting');
  });

  test('a broken property is told in Chinese, with the servers and terms that show it', async ({ playground, page }) => {
    await playground.host.locator('[data-part="scenes"]').click();
    await playground.host.getByRole('button', { name: SCENES['Figure 8 without its rule: a committed entry is lost']?.[0] ?? '' }).click();
    await playground.call((element) => {
      for (let i = 0; i < 200 && !element.state().violation; i += 1) element.advance(100);
    });
    await expect(playground.violationCard).toContainText('领导者完整性');
    await expect(playground.violationCard).toContainText(/S\d/);
    await playground.host.locator('#tab-checks').click();
    await expect(playground.host.locator('.evidence')).toContainText('被破坏');
    await expectChinese(playground, 'the checks');
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });

  test('what is looked for is found in Chinese and by the paper’s English, and why something cannot be done is Chinese', async ({ playground }) => {
    const options = playground.host.locator('dialog.search [role="option"]');
    for (const [query, name] of [['崩溃', '崩溃'], ['crash', '崩溃'], ['next election', '下一次选举'], ['预投票', '预投票（Pre-Vote）'], ['pre-vote', '预投票（Pre-Vote）'], ['快照', '取快照'], ['snapshot', '取快照'], ['flaky', '不稳定']] as const) {
      await search(playground, query);
      await expect(options.filter({ hasText: name }).first(), query).toBeVisible();
      expect(await options.count(), `${query} narrows down`).toBeLessThan(30);
      await expectChinese(playground, query);
      await playground.press('Escape');
    }
    await playground.press('c');
    await expect(playground.notice).toHaveText('请先选择一台服务器。');
    await playground.call((element) => element.propose('x=1'));
    await expect(playground.call((element) => element.crash(9))).rejects.toThrow('id 是 9；应为 1 到 5 的整数');
    // The stage says it too, and those who do not see it hear it.
    await expect(playground.server(1)).toHaveAttribute('aria-label', /^S1，跟随者，任期 \d+，已提交到索引 \d+$/);
    await playground.elect();
    await expect(playground.host.locator('p.unseen[aria-live]')).toContainText('的领导者。');
  });

  for (const [width, height] of [[390, 844], [320, 640]] as const) {
    test(`on a screen of ${width} pixels nothing runs out of the page or of its button`, async ({ playground, page }) => {
      await page.setViewportSize({ width, height });
      await live(playground);
      await playground.call((element) => element.reset({ options: { pre_vote: true, check_quorum: true, rules_off: ['one_vote_per_term'] } }));
      await playground.settled();
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
      const cut = await playground.host.evaluate((host) =>
        [...(host.shadowRoot as ShadowRoot).querySelectorAll<HTMLElement>('header button, header label, .controls button, .deck button, .tabs button')]
          .filter((thing) => thing.offsetWidth > 0 && (thing.scrollWidth > thing.clientWidth + 1 || thing.getBoundingClientRect().right > innerWidth + 1))
          .map((thing) => thing.textContent?.trim()),
      );
      expect(cut).toEqual([]);
    });
  }

  test('axe finds nothing on the Chinese page', async ({ playground, page }) => {
    await live(playground);
    expect((await new AxeBuilder({ page }).analyze()).violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`)).toEqual([]);
  });
});

test('an element speaks what its attribute says, else the language around it; without storage and address of its own', async ({ page }) => {
  await openHostPage(page, `<div lang="zh-CN"><script type="module" src="raft-playground.js"></script><raft-playground></raft-playground></div>`);
  const playground = new Playground(page);
  await playground.ready();
  await expect(heading(playground)).toHaveText('日志');
  await expect(playground.host).toHaveAttribute('lang', 'zh-Hans');
  await playground.host.evaluate((host) => host.setAttribute('lang', 'en-GB'));
  await expect(heading(playground)).toHaveText('Logs');
  await expect(playground.host, 'it says which is spoken').toHaveAttribute('lang', 'en');
  await playground.host.evaluate((host) => host.setAttribute('lang', 'fr'));
  await expect(playground.host).toHaveAttribute('lang', 'en');
  await playground.host.evaluate((host) => host.setAttribute('lang', 'zh'));
  await expect(heading(playground)).toHaveText('日志');
  expect(await page.evaluate(() => localStorage.getItem('raft-playground.language'))).toBeNull();
  await expect(page.locator('html')).not.toHaveAttribute('lang', 'zh-Hans');
});

test('who is lost in another language finds his own by the search box', async ({ page }) => {
  await page.goto('./?lang=zh-Hans');
  const playground = new Playground(page);
  await playground.ready();
  for (const [query, name] of [['english', 'Logs'], ['中文', '日志']] as const) {
    await search(playground, query);
    await playground.press('Enter');
    await expect(heading(playground)).toHaveText(name);
  }
});

test('the address can ask for a language, until another one is chosen', async ({ page }) => {
  await page.goto('./?lang=zh-Hans');
  const playground = new Playground(page);
  await playground.ready();
  await expect(heading(playground)).toHaveText('日志');
  await choose(playground, 'English');
  expect(new URL(page.url()).search).toBe('');
  await page.reload();
  await playground.ready();
  await expect(heading(playground)).toHaveText('Logs');
});

test('what the engine refuses is refused in Chinese too', async ({ playground }) => {
  await playground.call((element) => {
    element.lang = 'zh-Hans';
    element.reset({ options: { check_quorum: true, lease_reads: true } });
  });
  await expect(heading(playground)).toHaveText('日志');
  await playground.press('2');
  await playground.press('t');
  await expect(playground.notice).toHaveText(/^S2 拒绝：.*租约可能还依靠着它；至今只过了 0 微秒$/);
  expect(await english(playground)).toEqual([]);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 375, height: 760 } });

  for (const lang of ['en', 'zh-Hans']) {
    test(`the name and the page’s buttons share one row, the run is below (${lang})`, async ({ playground }) => {
      await playground.call((element, lang) => (element.lang = lang), lang);
      await playground.settled();
      const boxes = async (selector: string): Promise<{ top: number; bottom: number }[]> =>
        playground.host.locator(selector).evaluateAll((all) => all.map((it) => it.getBoundingClientRect()).map(({ top, bottom }) => ({ top, bottom })));
      const row = [...(await boxes('header .title')), ...(await boxes('header .round'))];
      const below = [...(await boxes('header .field')), ...(await boxes('header [data-part="rules"]'))];
      expect(row.length).toBe(6);
      const lowest = Math.max(...row.map(({ bottom }) => bottom));
      for (const { top } of row) expect(top).toBeLessThan(60);
      for (const { top } of below) expect(top).toBeGreaterThanOrEqual(lowest);
    });
  }
});
