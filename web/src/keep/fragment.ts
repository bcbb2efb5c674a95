/** A run and a moment of it as the fragment of an address: `#r=<bytes>&t=<microseconds>&n=<events>`. */

import { WRONG } from '../lang/en/wrong';

/** A longer link is cut off somewhere on its way. */
export const LINK_CHARACTERS_MAX = 8_000;

/** A moment: after so many events of a microsecond, or after all that it has. */
export interface Place {
  readonly time_us: number;
  readonly events?: number;
}

/** A run as its compact bytes, whose first says their version, and where it stands. */
export interface Link extends Place {
  readonly bytes: Uint8Array;
}

/** Why an address holds no run. */
export class BadLink extends Error {
  override readonly name = 'BadLink';
}

export function toText(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

/** What `toText` makes, and nothing else: two texts never stand for the same bytes. */
export function toBytes(name: string, text: string): Uint8Array {
  const wrong = /[^\w-]/u.exec(text);
  if (wrong) throw new BadLink(WRONG.link.letters(name, JSON.stringify(wrong[0]), wrong.index + 1));
  if (text.length === 0) throw new BadLink(WRONG.link.empty(name));
  if (text.length % 4 !== 1) {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    if (toText(bytes) === text) return bytes;
  }
  throw new BadLink(WRONG.link.cutShort(name));
}

export function writeFragment({ bytes, time_us, events }: Link): string {
  return `#r=${toText(bytes)}&t=${time_us}${events === undefined ? '' : `&n=${events}`}`;
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new BadLink(WRONG.wholeNumber(name, JSON.stringify(text.slice(0, 24)), 0, most));
}

/** What a fragment holds; null when it is none of ours. Whether the bytes are a run is for the door to say. */
export function readFragment(hash: string, most = LINK_CHARACTERS_MAX): Link | null {
  if (!/^#(r|t|n)=/.test(hash)) return null;
  if (hash.length > most) throw new BadLink(WRONG.link.tooLong(hash.length, most));
  const found = new Map<string, string>();
  for (const part of hash.slice(1).split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/su.exec(part) ?? [];
    if (!['r', 't', 'n'].includes(name)) throw new BadLink(WRONG.link.unknown(JSON.stringify(name.slice(0, 24))));
    if (found.has(name)) throw new BadLink(WRONG.link.twice(name));
    found.set(name, value);
  }
  const [r, t, n] = ['r', 't', 'n'].map((name) => found.get(name));
  if (r === undefined || t === undefined) throw new BadLink(r === undefined ? WRONG.link.noRun : WRONG.link.noTime);
  const place = { bytes: toBytes('r', r), time_us: wholeNumber('t', t, Number.MAX_SAFE_INTEGER) };
  return n === undefined ? place : { ...place, events: wholeNumber('n', n, 0xffff_ffff) };
}

/** The run of the address is left: opening the page again would bring it back. Only where the address is the playground's own. */
export function leaveAddress(ownsPage: boolean): void {
  if (ownsPage && location.hash) history.replaceState(history.state, '', location.pathname + location.search);
}
