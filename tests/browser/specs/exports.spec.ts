import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
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

test.describe('a trace', () => {
  // The first time the command is compiled.
  test.describe.configure({ timeout: 900_000 });

  /** What the command `raft-sim` prints. */
  const raftSim = (...words: string[]): string =>
    execFileSync('cargo', ['run', '--quiet', '--profile', 'test', '--package', 'raft-cli', '--', ...words], { cwd: resolve(import.meta.dirname, '../../..'), encoding: 'utf8', maxBuffer: 64 << 20 });

  test('is what raft-sim writes of the same run, byte for byte, and holds', async ({ playground, page }) => {
    const fetched: string[] = [];
    page.on('request', (request) => fetched.push(request.url()));
    const { id } = await playground.elect();
    await playground.call((element, leader) => {
      element.propose('x=1');
      element.wall({ ax: 0, ay: 4_000, bx: 10_000, by: 4_300 });
      element.advance(800);
      element.crash(leader);
      element.propose('“y”=\\2');
      element.advance(1_500);
      element.restart(leader);
      element.heal();
      element.advance(700.123);
      // It ends with something that is written down, in its very microsecond.
      element.propose('z=3');
      element.jump('commit');
      element.advance(0);
    }, id);
    const folder = mkdtempSync(join(tmpdir(), 'raft-trace-'));
    const [scenario, mine] = [join(folder, 'scenario.json'), join(folder, 'page.jsonl')];
    writeFileSync(scenario, JSON.stringify(await playground.call((element) => element.scenario())));
    expect(fetched.filter((url) => url.includes('trace')), 'nobody has paid for it yet').toEqual([]);
    const us = Math.round((await playground.time()) * 1_000);
    const { name, bytes } = await saved(playground, 'Save trace');
    expect(name).toBe(`raft-seed-1-at-${us / 1_000}ms-trace.jsonl`);
    writeFileSync(mine, bytes);
    raftSim('run', scenario, '--until', `${us}us`, '--trace', join(folder, 'command.jsonl'));
    const theirs = readFileSync(join(folder, 'command.jsonl'));
    expect(theirs.length).toBeGreaterThan(20_000);
    expect(bytes.equals(theirs), 'the same bytes').toBe(true);
    expect(theirs.toString('utf8').trimEnd().split('\n').at(-1)).toContain(`"time_us":${us},`);
    expect(raftSim('check', mine)).toMatch(/^Election Safety +holds$/im);

    // At an earlier event, in the middle of its microsecond perhaps, it ends there: with what had happened by then.
    const earlier = await playground.call((element) => {
      for (let steps = 0; steps < 20; steps += 1) element.stepBack();
      return element.time;
    });
    const part = await saved(playground, 'Save trace');
    expect(part.bytes.length).toBeLessThan(bytes.length);
    expect(bytes.subarray(0, part.bytes.length).equals(part.bytes), 'the beginning of the whole').toBe(true);
    const last = part.bytes.toString('utf8').trimEnd().split('\n').at(-1) ?? '';
    expect((JSON.parse(last) as { time_us: number }).time_us).toBeLessThanOrEqual(earlier * 1_000);
  });

  test('of a run in which a disk was written by hand says why there is none', async ({ playground }) => {
    await playground.elect();
    await playground.call((element) => {
      element.crash(1);
      element.reset({ ...element.scenario(), inputs: [...(element.scenario().inputs ?? []), { at_us: 900_000, input: { kind: 'edit_disk', server: 1, term: 9 } as const }] });
      element.advance(1_000);
    });
    const sheet = await sheetOf(playground);
    await sheet.getByRole('button', { name: 'Save trace', exact: true }).click();
    await expect(playground.notice).toContainText(/There is no trace: inputs\[\d+\]\.input\.kind is edit_disk; expected an input that a trace can tell/);
  });
});

test.describe('a film', () => {
  // Some hundred pictures are painted one after the other.
  test.describe.configure({ timeout: 120_000 });

  interface Film {
    readonly pictures: number;
    readonly loops: number;
    readonly size: readonly number[];
    /** How long each is seen, in milliseconds. */
    readonly lasts: readonly number[];
    /** Colours at places, in the pictures asked for. */
    readonly colours: readonly (readonly string[])[];
  }

  /** What the browser itself makes of a GIF. */
  async function decoded(playground: Playground, bytes: Buffer, pictures: readonly number[], places: readonly (readonly [number, number])[]): Promise<Film> {
    return playground.page.evaluate(
      async ({ base64, pictures, places }) => {
        const decoder = new ImageDecoder({ type: 'image/gif', data: Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) });
        await decoder.tracks.ready;
        await decoder.completed;
        const track = decoder.tracks.selectedTrack;
        const count = track?.frameCount ?? 0;
        const [lasts, colours, size]: [number[], string[][], number[]] = [[], [], []];
        const ctx = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
        if (!ctx) throw new Error('no canvas');
        for (let at = 0; at < count; at += 1) {
          const { image } = await decoder.decode({ frameIndex: at });
          lasts.push((image.duration ?? 0) / 1_000);
          if (at === 0) [ctx.canvas.width, ctx.canvas.height] = [image.displayWidth, image.displayHeight];
          if (pictures.includes(at) || (at === count - 1 && pictures.includes(-1))) {
            ctx.drawImage(image, 0, 0);
            colours.push(places.map(([x, y]) => [...ctx.getImageData(x, y, 1, 1).data.slice(0, 3)].map((part) => part.toString(16).padStart(2, '0')).join('')));
          }
          image.close();
        }
        size.push(ctx.canvas.width, ctx.canvas.height);
        return { pictures: count, loops: track?.repetitionCount ?? 0, size, lasts, colours };
      },
      { base64: bytes.toString('base64'), pictures, places },
    );
  }

  /** Where S1 stands in a film, beside what is written on it. */
  const S1 = [480, 118] as const;

  test('of a stretch shows what happened in it, moment by moment, and is the same each time', async ({ playground }) => {
    const { id } = await playground.elect();
    await playground.call((element, other) => {
      element.timeout(other);
      element.advance(100);
    }, id === 1 ? 2 : 1);
    await playground.call((element) => {
      element.crash(1);
      element.advance(30);
    });
    const sheet = await sheetOf(playground);
    const film = sheet.getByRole('group', { name: 'A stretch as a film' });
    await film.getByRole('combobox', { name: 'From' }).selectOption('the beginning');
    await film.getByRole('combobox', { name: 'Speed' }).selectOption('1/200 ×');
    await expect(film, 'too long is said, with what would fit').toContainText(/That is a film of \d+ s; expected at most 30 s\. It fits at 1\/\d+ ×/);
    await expect(film.getByRole('button')).toHaveAttribute('aria-disabled', 'true');
    await film.getByRole('combobox', { name: 'Speed' }).selectOption('1/20 ×');
    await film.getByRole('combobox', { name: 'From' }).selectOption('200 ms before');
    await expect(film).toContainText('4 s in 51 pictures.');
    await sheet.press('Escape');
    const { name, bytes } = await saved(playground, 'Save as GIF');
    expect(name).toBe(`raft-seed-1-at-${await playground.time()}ms-stage.gif`);
    const made = await decoded(playground, bytes, [0, -1], [S1, [5, 5]]);
    expect(made).toMatchObject({ loops: Infinity, size: [960, 600] });
    expect(made.lasts.reduce((sum, one) => sum + one, 0), 'each for its time, the last a while').toBe(50 * 80 + 2_000);
    const [first, last] = made.colours;
    expect(first?.[0], 'S1 is in a term').not.toBe('f6f4ee');
    expect(last?.[0], 'and has crashed in the end: hollow').toBe('f6f4ee');
    expect(made.colours.map(([, paper]) => paper)).toEqual(['f6f4ee', 'f6f4ee']);
    // The run on the page is where it was.
    await playground.expectReplayable();
    await playground.call((element) => element.play());
    await playground.call((element) => element.pause());
  });

  test('is the same whatever the window, and can be stopped', async ({ playground, page }) => {
    await playground.elect();
    await playground.advance(50);
    const choose = async (): Promise<void> => {
      const film = (await sheetOf(playground)).getByRole('group', { name: 'A stretch as a film' });
      await film.getByRole('combobox', { name: 'From' }).selectOption('50 ms before');
      await page.keyboard.press('Escape');
    };
    await choose();
    const wide = await saved(playground, 'Save as GIF');
    await page.setViewportSize({ width: 700, height: 900 });
    await playground.settled();
    const narrow = await saved(playground, 'Save as GIF');
    expect(narrow.bytes.equals(wide.bytes)).toBe(true);
    const sheet = await sheetOf(playground);
    await sheet.getByRole('button', { name: 'Save as GIF' }).click();
    await expect(playground.notice).toContainText('The film is being made');
    const again = await sheetOf(playground);
    await again.getByRole('button', { name: 'Stop making it' }).click();
    await expect(again.getByRole('button', { name: 'Save as GIF' })).toBeVisible();
    await expect(playground.notice).toContainText('The film is not made.');
  });
});
