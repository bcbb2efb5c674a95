import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ColourCount, GifWriter } from '../src/exports/gif';

interface Shown {
  readonly pixels: Uint32Array;
  readonly hundredths: number;
  readonly box: readonly number[];
}

/** A decoder of its own, by the text of the standard: what a viewer shows after each picture. */
function decode(bytes: Uint8Array): { width: number; height: number; pictures: Shown[]; loops: boolean } {
  let at = 0;
  const byte = (): number => bytes[at++] as number;
  const short = (): number => byte() | (byte() << 8);
  const text = (length: number): string => Array.from({ length }, () => String.fromCharCode(byte())).join('');
  assert.equal(text(6), 'GIF89a');
  const [width, height] = [short(), short()];
  assert.equal(byte(), 0xf7);
  at += 2;
  const palette = Array.from({ length: 256 }, () => (byte() | (byte() << 8) | (byte() << 16) | 0xff000000) >>> 0);
  const screen = new Uint32Array(width * height);
  const pictures: Shown[] = [];
  let [loops, hundredths, clear] = [false, 0, -1];
  const subBlocks = (): number[] => {
    const all: number[] = [];
    for (let length = byte(); length > 0; length = byte()) for (let i = 0; i < length; i += 1) all.push(byte());
    return all;
  };
  for (;;) {
    const kind = byte();
    if (kind === 0x3b) {
      assert.equal(at, bytes.length, 'nothing stands behind the end');
      return { width, height, pictures, loops };
    }
    if (kind === 0x21) {
      const label = byte();
      if (label === 0xff) {
        assert.equal(byte(), 11);
        assert.equal(text(11), 'NETSCAPE2.0');
        assert.deepEqual(subBlocks(), [1, 0, 0]);
        loops = true;
      } else {
        assert.equal(label, 0xf9);
        assert.equal(byte(), 4);
        assert.equal(byte(), 5, 'what was there stays, and one index shows it');
        hundredths = short();
        clear = byte();
        assert.equal(byte(), 0);
      }
      continue;
    }
    assert.equal(kind, 0x2c);
    const box = [short(), short(), short(), short()] as const;
    assert.equal(byte(), 0);
    const size = byte();
    const indexes = unpack(subBlocks(), size);
    assert.equal(indexes.length, box[2] * box[3]);
    indexes.forEach((index, i) => {
      if (index !== clear) screen[(box[1] + Math.floor(i / box[2])) * width + box[0] + (i % box[2])] = palette[index] as number;
    });
    pictures.push({ pixels: screen.slice(), hundredths, box });
  }
}

function unpack(bytes: readonly number[], size: number): number[] {
  const [clear, end] = [1 << size, (1 << size) + 1];
  let [bits, at] = [size + 1, 0];
  let table: number[][] = [];
  const begin = (): void => {
    table = Array.from({ length: end + 1 }, (_, index) => (index < clear ? [index] : []));
    bits = size + 1;
  };
  const code = (): number => {
    let value = 0;
    for (let i = 0; i < bits; i += 1, at += 1) value |= (((bytes[at >> 3] as number) >> (at & 7)) & 1) << i;
    return value;
  };
  const out: number[] = [];
  let before: number[] | undefined;
  for (let now = code(); now !== end; now = code()) {
    if (now === clear) {
      begin();
      before = undefined;
      continue;
    }
    const known = table[now];
    const run: number[] = known ?? [...(before as number[]), (before as number[])[0] as number];
    if (before && table.length < 4096) table.push([...before, run[0] as number]);
    if (table.length === 1 << bits && bits < 12) bits += 1;
    out.push(...run);
    before = run;
  }
  return out;
}

const rgb = (red: number, green: number, blue: number): number => (red | (green << 8) | (blue << 16) | 0xff000000) >>> 0;
const [PAPER, INK, BLUE] = [rgb(250, 250, 247), rgb(28, 36, 48), rgb(86, 180, 233)];

/** Repeatable, and of every kind: runs, noise, gradients. */
function noise(length: number, seed: number, colours: readonly number[]): Uint32Array {
  let state = seed;
  return Uint32Array.from({ length }, (_, at) => {
    if (at % 7 !== 0 && at % 1_000 > 300) return colours[Math.floor(at / 97) % colours.length] as number;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return colours[state % colours.length] as number;
  });
}

async function write(width: number, height: number, pictures: readonly (readonly [Uint32Array, number])[]): Promise<Uint8Array> {
  const colours = new ColourCount();
  for (const [pixels] of pictures) colours.add(pixels);
  const gif = new GifWriter(width, height, colours.palette());
  for (const [pixels, hundredths] of pictures) gif.add(pixels, hundredths);
  const blob = gif.end();
  assert.equal(gif.bytes, blob.size);
  return new Uint8Array(await blob.arrayBuffer());
}

test('pictures come out of a GIF as they went in, each for its time, and again and again', async () => {
  const colours = Array.from({ length: 250 }, (_, at) => rgb(at, 255 - at, (at * 7) & 255));
  const pictures = [1, 2, 3].map((seed) => [noise(211 * 97, seed, colours), seed * 4] as const);
  const { width, height, pictures: shown, loops } = decode(await write(211, 97, pictures));
  assert.deepEqual([width, height, loops], [211, 97, true]);
  assert.equal(shown.length, 3);
  shown.forEach(({ pixels, hundredths }, at) => {
    assert.deepEqual(pixels, pictures[at]?.[0]);
    assert.equal(hundredths, pictures[at]?.[1]);
  });
});

test('a picture holds only what has changed, and one that has not prolongs the one before', async () => {
  const first = new Uint32Array(100 * 80).fill(PAPER);
  const second = first.slice();
  for (let y = 10; y < 14; y += 1) second.fill(INK, y * 100 + 20, y * 100 + 25);
  const bytes = await write(100, 80, [[first, 8], [first.slice(), 8], [second, 8], [second, 200]]);
  const { pictures } = decode(bytes);
  assert.deepEqual(pictures.map(({ box }) => box), [[0, 0, 100, 80], [20, 10, 5, 4]]);
  assert.deepEqual(pictures.map(({ hundredths }) => hundredths), [16, 208]);
  assert.deepEqual(pictures[1]?.pixels, second);
});

test('with more colours than a GIF has, the most frequent stay as they are and the others come near', async () => {
  const many = Uint32Array.from({ length: 64 * 64 }, (_, at) => (at < 1_500 ? PAPER : at < 2_500 ? BLUE : rgb(at & 63, (at >> 6) * 4, 128)));
  const colours = new ColourCount();
  colours.add(many);
  const palette = colours.palette();
  assert.deepEqual(palette.slice(0, 2), [PAPER, BLUE]);
  assert.equal(palette.length, 255);
  const [shown] = decode(await write(64, 64, [[many, 10]])).pictures;
  assert.ok(shown);
  for (let at = 0; at < 2_500; at += 1) assert.equal(shown.pixels[at], many[at]);
  for (let at = 2_500; at < many.length; at += 1) {
    const [a, b] = [shown.pixels[at] as number, many[at] as number];
    for (const shift of [0, 8, 16]) assert.ok(Math.abs(((a >> shift) & 255) - ((b >> shift) & 255)) < 90);
  }
});

test('the codes grow, begin anew and end at their edges', async () => {
  // Of every length around which the codes get longer or are all used up.
  for (const length of [1, 2, 3, 254, 255, 256, 257, 300, 766, 767, 768, 3_837, 3_838, 3_839, 3_840, 3_841, 4_096, 8_000, 20_000]) {
    const pixels = Uint32Array.from({ length }, (_, at) => rgb((at * at * 31 + (at >> 3)) & 15, ((at * 17) >> 2) & 15, 0));
    const [shown] = decode(await write(length, 1, [[pixels, 1]])).pictures;
    assert.deepEqual(shown?.pixels, pixels, `${length} pixels`);
  }
});
