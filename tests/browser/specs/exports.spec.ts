import { readFile } from 'node:fs/promises';
import type { Locator } from '@playwright/test';
import { expect, type Playground, test } from '../page';

/** Opens the sheet for sharing. */
async function sheetOf(playground: Playground): Promise<Locator> {
  await playground.host.getByRole('button', { name: 'Share', exact: true }).click();
  const sheet = playground.host.locator('dialog.share');
  await expect(sheet.getByRole('heading', { name: 'For notes and slides' })).toBeVisible();
  return sheet;
}

/** What a button of the sheet saves. */
async function saved(playground: Playground, button: string): Promise<{ name: string; bytes: Buffer }> {
  const sheet = await sheetOf(playground);
  const download = playground.page.waitForEvent('download');
  await sheet.getByRole('button', { name: button, exact: true }).click();
  const file = await download;
  await expect(sheet).toHaveCount(0);
  await expect(playground.notice).toContainText(`${file.suggestedFilename()} is saved`);
  return { name: file.suggestedFilename(), bytes: await readFile((await file.path())!) };
}

async function openDiagram(playground: Playground): Promise<Locator> {
  await playground.host.getByRole('tab', { name: 'Diagram' }).click();
  const canvas = playground.host.getByRole('application', { name: 'Space-time diagram' });
  await expect(canvas).toBeVisible();
  await playground.settled();
  return canvas;
}

/** Width and height of a PNG, as its head says. */
const sizeOf = (bytes: Buffer): number[] => [bytes.readUInt32BE(16), bytes.readUInt32BE(20)];

test('stage and diagram are saved as pictures, named by seed and moment', async ({ playground, context }) => {
  await playground.elect();
  await playground.advance(33.5);
  const ms = await playground.time();
  const canvas = await openDiagram(playground);
  const sizes = { stage: await playground.stage.locator('canvas').evaluate((it) => [it.clientWidth * 2, it.clientHeight * 2]), diagram: await canvas.evaluate((it) => [it.clientWidth * 2, it.clientHeight * 2]) };
  for (const what of ['stage', 'diagram'] as const) {
    const { name, bytes } = await saved(playground, `${what === 'stage' ? 'Stage' : 'Diagram'} as PNG`);
    expect(name).toBe(`raft-seed-1-at-${ms}ms-${what}.png`);
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
    expect(sizeOf(bytes)).toEqual(sizes[what]);
    expect(bytes.length, 'something is on it').toBeGreaterThan(8_000);
  }
  for (const what of ['stage', 'diagram'] as const) {
    const { name, bytes } = await saved(playground, `${what === 'stage' ? 'Stage' : 'Diagram'} as SVG`);
    expect(name).toBe(`raft-seed-1-at-${ms}ms-${what}.svg`);
    // The page itself lets nobody parse what may be markup.
    const blank = await context.newPage();
    const read = await blank.evaluate((text) => {
      const tree = new DOMParser().parseFromString(text, 'image/svg+xml');
      return { root: tree.documentElement.localName, broken: tree.querySelectorAll('parsererror').length, texts: [...tree.querySelectorAll('text')].map((one) => one.textContent), title: tree.querySelector('title')?.textContent, kinds: [...new Set([...tree.querySelectorAll('*')].map((one) => one.localName))].sort() };
    }, bytes.toString('utf8'));
    await blank.close();
    expect(read).toMatchObject({ root: 'svg', broken: 0 });
    expect(read.texts).toEqual(expect.arrayContaining(['S1', 'S5']));
    expect(read.title).toContain('Raft, seed 1');
    expect(read.kinds).toEqual(what === 'stage' ? ['path', 'svg', 'text', 'title'] : ['clipPath', 'defs', 'g', 'path', 'svg', 'text', 'title']);
  }
});

test('without a diagram in sight its buttons say why they do nothing', async ({ playground }) => {
  const sheet = await sheetOf(playground);
  const button = sheet.getByRole('button', { name: 'Diagram as PNG', exact: true });
  await expect(button).toHaveAttribute('aria-disabled', 'true');
  await expect(button).toHaveAccessibleDescription(/Open the tab Diagram first/);
  await expect(sheet.getByRole('button', { name: 'Stage as PNG', exact: true })).toHaveAttribute('aria-disabled', 'false');
  // A dead button is there to be read: pressing it does nothing.
  await button.click({ force: true });
  await expect(sheet).toBeVisible();
});

test.describe('a sequence diagram for Mermaid', () => {
  test.use({ permissions: ['clipboard-read', 'clipboard-write'] });

  test('is copied or saved: messages with their ends, decisions and what was done', async ({ playground, page }) => {
    const { id } = await playground.elect();
    await playground.call((element, leader) => {
      element.propose('x=<1>;#2');
      element.advance(60);
      element.crash(leader);
      element.advance(40);
    }, id);
    const { name, bytes } = await saved(playground, 'Save as Mermaid');
    expect(name).toBe(`raft-seed-1-at-${await playground.time()}ms-sequence.mmd`);
    const text = bytes.toString('utf8');
    const lines = text.trimEnd().split('\n');
    expect(lines.slice(0, 6)).toEqual(['sequenceDiagram', ...[1, 2, 3, 4, 5].map((server) => `    participant S${server}`)]);
    for (const line of lines.slice(6)) expect(line).toMatch(/^ {4}(S[1-5](->>|-x)S[1-5]|Note over S[1-5](,S5)?): [^;<>]*(#\d+;[^;<>]*)* \([\d.]+ ms\)$/);
    expect(text).toMatch(new RegExp(`S${id}->>S\\d: RequestVote term 1 `));
    expect(text).toContain(`Note over S${id}: S${id} becomes leader`);
    expect(text).toMatch(new RegExp(`Note over S${id}: S${id} crashes: what its disk does not hold is gone`));
    expect(text, 'a follower was sent the entry').toMatch(new RegExp(`S${id}->>S\\d: AppendEntries term 1 `));
    expect(text, 'an answer found nobody').toMatch(new RegExp(`-xS${id}: .*, lost `));
    const sheet = await sheetOf(playground);
    await sheet.getByRole('button', { name: 'Copy as Mermaid', exact: true }).click();
    await expect(playground.notice).toContainText('The sequence diagram is copied.');
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  });

  test('shows what the diagram shows', async ({ playground }) => {
    await playground.elect();
    await playground.advance(400);
    const whole = (await saved(playground, 'Save as Mermaid')).bytes.toString('utf8');
    const canvas = await openDiagram(playground);
    await canvas.focus();
    for (let i = 0; i < 6; i += 1) await playground.press('+');
    const part = (await saved(playground, 'Save as Mermaid')).bytes.toString('utf8');
    expect(part.split('\n').length).toBeLessThan(whole.split('\n').length);
    const rows = new Set(whole.split('\n'));
    expect(part.split('\n').filter((line) => !rows.has(line) && !line.includes('AppendEntries'))).toEqual([]);
  });
});
