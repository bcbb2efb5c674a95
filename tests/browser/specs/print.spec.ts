import { expect, type Playground, test } from '../page';

/** A run with a wall, entries that are committed and one that is not everywhere, and a server that is down. */
async function lived(playground: Playground): Promise<number> {
  const { id } = await playground.elect();
  await playground.call((element, leader) => {
    element.propose('x=1', leader);
    element.advance(200);
    element.crash(leader === 1 ? 2 : 1);
    element.propose('x=2', leader);
    element.advance(8);
  }, id);
  await playground.settled();
  return id;
}

/** What prints is fetched while the page rests. */
const prepared = (playground: Playground): Promise<unknown> =>
  expect.poll(() => playground.host.evaluate((element) => element.shadowRoot?.adoptedStyleSheets.some((sheet) => [...sheet.cssRules].some((rule) => rule.cssText.includes('.print'))))).toBe(true);

/** The colour of a pixel of a canvas, as parts of its width and height. */
const pixel = (playground: Playground, selector: string, x: number, y: number): Promise<number[]> =>
  playground.host.locator(selector).evaluate((it, [x, y]) => {
    const canvas = it as HTMLCanvasElement;
    return [...(canvas.getContext('2d')?.getImageData(Math.round(canvas.width * (x as number)), Math.round(canvas.height * (y as number)), 1, 1).data ?? [])].slice(0, 3);
  }, [x, y]);

for (const colorScheme of ['light', 'dark'] as const) {
  test.describe(`a page in the ${colorScheme}`, () => {
    test.use({ colorScheme });

    test('is printed as stage, logs and diagram of its moment, black on white, with nothing to press', async ({ playground, page }) => {
      const leader = await lived(playground);
      await prepared(playground);
      const { host } = playground;
      const paper = host.locator('.print');
      await expect(paper).toBeHidden();
      await page.emulateMedia({ media: 'print', colorScheme });
      await expect(paper).toBeVisible();
      await expect(host.locator('.page')).toBeHidden();
      await expect(host.getByRole('button')).toHaveCount(0);
      const ms = await playground.time();
      await expect(paper.locator('h1')).toHaveText('Raft Playground');
      await expect(paper).toContainText(`At ${ms.toFixed(1)} ms · seed 1 · 5 servers`);
      expect(await paper.locator('figcaption').allTextContents()).toEqual(['Stage', 'Logs', 'Space-time diagram']);
      for (const name of ['.print-stage canvas', '.print-diagram canvas']) {
        await expect(host.locator(name)).toBeVisible();
        expect(await pixel(playground, name, 0.01, 0.985), `${name} is white`).toEqual([255, 255, 255]);
      }
      expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
      expect(await paper.evaluate((it) => getComputedStyle(it).color)).toBe('rgb(0, 0, 0)');
      // The table is that of the logs: an entry is whole where its server knows it to be committed.
      const { servers } = await playground.state();
      const rows = await paper.locator('tbody tr').evaluateAll((list) => list.map((row) => [row.querySelector('th')?.textContent, [...row.querySelectorAll('td b')].map((cell) => `${cell.textContent}${cell.className.includes('solid') ? '!' : ''}`).join(' ')]));
      const down = leader === 1 ? 2 : 1;
      expect(rows.map(([name]) => name?.trim())).toEqual(servers.map(({ id }) => (id === leader ? `S${id} leader` : id === down ? `S${id} crashed` : `S${id}`)));
      expect(rows.map(([, cells]) => cells)).toEqual(servers.map(({ log, commit_index, up }) => log.map(({ index, term }) => `${term}${up && index <= commit_index ? '!' : ''}`).join(' ')));
      expect(new Set(rows.map(([, cells]) => cells)).size, 'they differ').toBeGreaterThan(1);
      // Of the next moment, what is so then.
      await page.emulateMedia({ media: 'screen', colorScheme });
      await expect(paper.locator('canvas')).toHaveCount(0);
      await playground.advance(1_000);
      await page.emulateMedia({ media: 'print', colorScheme });
      await expect(paper).toContainText(`At ${Math.floor((ms + 1_000) / 1_000)}`);
      await page.emulateMedia({ media: 'screen', colorScheme });
    });
  });
}

test('a browser that prints at once finds everything laid out, on one sheet of A4 or Letter', async ({ playground, page }) => {
  await lived(playground);
  await prepared(playground);
  await page.evaluate(() => {
    const seen = window as Window & { seen?: number[] };
    seen.seen = [];
    // After the element's own listener.
    addEventListener('beforeprint', () => seen.seen?.push(document.querySelector('raft-playground')?.shadowRoot?.querySelectorAll('.print canvas, .print table').length ?? -1));
  });
  for (const format of ['A4', 'Letter'] as const) {
    const pdf = await page.pdf({ format });
    expect(pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect(pdf.toString('latin1').match(/\/Type\s*\/Page\b(?!s)/g), format).toHaveLength(1);
  }
  expect(await page.evaluate(() => (window as Window & { seen?: number[] }).seen)).toEqual([3, 3]);
  await expect(playground.host.locator('.print canvas'), 'and nothing stays').toHaveCount(0);
  await expect(playground.host.locator('.page')).toBeVisible();
});

test('of fifty servers with long logs all rows are printed, and the last indexes', async ({ playground, page }) => {
  await playground.call((element) => {
    element.reset({ servers: 50, seed: 2, options: { clients: 6 } });
    element.advance(4_000);
  });
  await prepared(playground);
  await page.emulateMedia({ media: 'print' });
  const paper = playground.host.locator('.print');
  await expect(paper.locator('tbody tr')).toHaveCount(50);
  const { servers } = await playground.state();
  const last = Math.max(...servers.map(({ log }) => log.at(-1)?.index ?? 0));
  expect(last).toBeGreaterThan(24);
  const indexes = await paper.locator('thead th').allTextContents();
  expect(indexes.slice(1)).toEqual(Array.from({ length: 24 }, (_, at) => String(last - 23 + at)));
  await expect(paper).toContainText(`The latest 24 of ${last} indexes.`);
  const overflow = await paper.locator('table').evaluate((table) => table.getBoundingClientRect().right - document.documentElement.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test('Share has a button that prints, and so has Ctrl P: what lies open is closed first, and the paper is ready', async ({ playground, page }) => {
  await lived(playground);
  await page.evaluate(() => {
    const told = Object.assign(window, { printed: [] as string[] });
    window.print = () => {
      window.dispatchEvent(new Event('beforeprint'));
      const root = document.querySelector('raft-playground')?.shadowRoot;
      told.printed.push(`${root?.querySelectorAll('dialog[open]').length} open, ${root?.querySelectorAll('.print figure').length} figures`);
      window.dispatchEvent(new Event('afterprint'));
    };
  });
  const printed = (): Promise<string[]> => page.evaluate(() => (window as Window & { printed?: string[] }).printed ?? []);
  await playground.press('o');
  await playground.host.locator('dialog.share [data-part="print"]').click();
  await expect.poll(printed).toEqual(['0 open, 3 figures']);
  await playground.press('Control+p');
  await expect.poll(printed).toEqual(['0 open, 3 figures', '0 open, 3 figures']);
});
