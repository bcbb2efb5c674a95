/**
 * A moving picture as GIF (version 89a), which slides, notes and chats all show. One palette for all of it; each picture after
 * the first holds only the rectangle that has changed, and of that only the pixels that have. The same pictures give the same
 * bytes.
 */

/** Of the 256 colours of a palette one stands for what stays as it was. */
const COLOURS_MAX = 255;
const STAYS = 255;
const CODE_BITS_MAX = 12;
const CODES_MAX = 1 << CODE_BITS_MAX;
/** Codes of pixels take eight bits; two more begin anew and end. */
const PIXEL_BITS = 8;
const CLEAR = 1 << PIXEL_BITS;
const END = CLEAR + 1;

/** Counts which colours there are; pixels are read as 0xAABBGGRR, and are opaque. */
export class ColourCount {
  private readonly counts = new Map<number, number>();

  add(pixels: Uint32Array): void {
    // Neighbours are mostly of one colour.
    let [colour, run] = [-1, 0];
    for (const pixel of pixels) {
      if (pixel === colour) {
        run += 1;
        continue;
      }
      if (run > 0) this.counts.set(colour, (this.counts.get(colour) ?? 0) + run);
      [colour, run] = [pixel, 1];
    }
    if (run > 0) this.counts.set(colour, (this.counts.get(colour) ?? 0) + run);
  }

  /** The colours that are met most, the most frequent first; of equally many the one with the lower number. */
  palette(): number[] {
    return [...this.counts]
      .sort(([a, many], [b, more]) => more - many || a - b)
      .slice(0, COLOURS_MAX)
      .map(([colour]) => colour);
  }
}

const red = (colour: number): number => colour & 255;
const green = (colour: number): number => (colour >> 8) & 255;
const blue = (colour: number): number => (colour >> 16) & 255;

export class GifWriter {
  private readonly parts: Uint8Array<ArrayBuffer>[] = [];
  private readonly known = new Map<number, number>();
  private before: Uint32Array | undefined;
  private waits: { readonly pixels: Uint32Array; hundredths: number } | undefined;
  /** How long the file is by now. */
  bytes = 0;

  /** Without an end it goes round. */
  constructor(
    private readonly width: number,
    private readonly height: number,
    private readonly palette: readonly number[],
  ) {
    for (const [at, colour] of palette.entries()) this.known.set(colour, at);
    const table = new Uint8Array(256 * 3);
    palette.forEach((colour, at) => table.set([red(colour), green(colour), blue(colour)], at * 3));
    // A palette of 256 colours behind the screen's size, and the extension by which it goes round for ever.
    this.put(ascii('GIF89a'), short(width), short(height), [0xf7, 0, 0], table, [0x21, 0xff, 11], ascii('NETSCAPE2.0'), [3, 1, 0, 0, 0]);
  }

  /** The next picture, seen for so many hundredths of a second. One that looks like the one before prolongs it. */
  add(pixels: Uint32Array, hundredths: number): void {
    if (this.waits && same(this.waits.pixels, pixels)) {
      this.waits.hundredths += hundredths;
      return;
    }
    this.flush();
    this.waits = { pixels: pixels.slice(), hundredths };
  }

  end(): Blob {
    this.flush();
    this.put([0x3b]);
    return new Blob(this.parts, { type: 'image/gif' });
  }

  private flush(): void {
    const { waits, before, width, height } = this;
    if (!waits) return;
    const { pixels, hundredths } = waits;
    const [left, top, right, bottom] = before ? changed(before, pixels, width) : [0, 0, width, height];
    const indexes = new Uint8Array((right - left) * (bottom - top));
    let to = 0;
    for (let y = top; y < bottom; y += 1) {
      for (let at = y * width + left; at < y * width + right; at += 1, to += 1) {
        const pixel = pixels[at] as number;
        indexes[to] = before && before[at] === pixel ? STAYS : this.indexOf(pixel);
      }
    }
    // What was there stays there, and one index is none of the colours.
    this.put([0x21, 0xf9, 4, 0x05], short(Math.min(0xffff, hundredths)), [STAYS, 0]);
    this.put([0x2c], short(left), short(top), short(right - left), short(bottom - top), [0, PIXEL_BITS], blocks(packed(indexes)), [0]);
    this.before = pixels;
    this.waits = undefined;
  }

  /** The colour of the palette that is nearest. */
  private indexOf(pixel: number): number {
    const found = this.known.get(pixel);
    if (found !== undefined) return found;
    let [nearest, least] = [0, Infinity];
    for (const [at, colour] of this.palette.entries()) {
      const far = (red(colour) - red(pixel)) ** 2 + (green(colour) - green(pixel)) ** 2 + (blue(colour) - blue(pixel)) ** 2;
      if (far < least) [nearest, least] = [at, far];
    }
    this.known.set(pixel, nearest);
    return nearest;
  }

  private put(...parts: (Uint8Array<ArrayBuffer> | readonly number[])[]): void {
    for (const part of parts) {
      const bytes = part instanceof Uint8Array ? part : new Uint8Array(part);
      this.parts.push(bytes);
      this.bytes += bytes.length;
    }
  }
}

const ascii = (text: string): number[] => [...text].map((letter) => letter.charCodeAt(0));
const short = (value: number): number[] => [value & 255, (value >> 8) & 255];

function same(a: Uint32Array, b: Uint32Array): boolean {
  for (let at = 0; at < a.length; at += 1) if (a[at] !== b[at]) return false;
  return true;
}

/** The smallest rectangle that holds all that differs: left, top, right, bottom. Something does. */
function changed(before: Uint32Array, now: Uint32Array, width: number): readonly [number, number, number, number] {
  let [left, top, right, bottom] = [width, Infinity, 0, 0];
  for (let at = 0; at < now.length; at += 1) {
    if (before[at] === now[at]) continue;
    const [x, y] = [at % width, Math.floor(at / width)];
    if (x < left) left = x;
    if (x >= right) right = x + 1;
    if (y < top) top = y;
    bottom = y + 1;
  }
  return [left, top, right, bottom];
}

/** Indexes in the GIF's form of LZW: codes of growing length, the lowest bit first. */
function packed(indexes: Uint8Array): Uint8Array {
  let out = new Uint8Array(1 << 16);
  let [length, buffer, bits] = [0, 0, 0];
  let [codeBits, next] = [PIXEL_BITS + 1, END + 1];
  /** By the code before and the pixel behind it. */
  let codes = new Map<number, number>();
  const write = (code: number): void => {
    buffer |= code << bits;
    bits += codeBits;
    while (bits >= 8) {
      if (length === out.length) {
        const longer = new Uint8Array(2 * length);
        longer.set(out);
        out = longer;
      }
      out[length++] = buffer & 255;
      buffer >>>= 8;
      bits -= 8;
    }
  };
  write(CLEAR);
  let prefix = indexes[0] as number;
  for (let at = 1; at < indexes.length; at += 1) {
    const pixel = indexes[at] as number;
    const key = (prefix << PIXEL_BITS) | pixel;
    const code = codes.get(key);
    if (code !== undefined) {
      prefix = code;
      continue;
    }
    write(prefix);
    if (next === CODES_MAX) {
      write(CLEAR);
      codes = new Map();
      [codeBits, next] = [PIXEL_BITS + 1, END + 1];
    } else {
      if (next === 1 << codeBits) codeBits += 1;
      codes.set(key, next++);
    }
    prefix = pixel;
  }
  write(prefix);
  if (next === 1 << codeBits && codeBits < CODE_BITS_MAX) codeBits += 1;
  write(END);
  codeBits = 8;
  if (bits > 0) write(0);
  return out.subarray(0, length);
}

/** In blocks of at most 255 bytes, each behind its length. */
function blocks(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const out = new Uint8Array(bytes.length + Math.ceil(bytes.length / 255));
  let to = 0;
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.subarray(at, at + 255);
    out[to++] = block.length;
    out.set(block, to);
    to += block.length;
  }
  return out;
}
