/** Reads what link.ts writes, and says what is wrong with anything else. */

import { LINKS } from '../lang/en/links';
import { WRONG } from '../lang/en/wrong';
import { type Link, toText } from './link';

/** A longer link is cut off somewhere on its way. */
export const LINK_CHARACTERS_MAX = 8_000;

/** Why an address holds no run. */
export class BadLink extends Error {
  override readonly name = 'BadLink';
}

/** What `toText` makes, and nothing else: two texts never stand for the same bytes. */
export function toBytes(name: string, text: string): Uint8Array {
  const wrong = /[^\w-]/u.exec(text);
  if (wrong) throw new BadLink(LINKS.letters(name, JSON.stringify(wrong[0]), wrong.index + 1));
  if (text.length === 0) throw new BadLink(LINKS.empty(name));
  if (text.length % 4 !== 1) {
    const bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
    if (toText(bytes) === text) return bytes;
  }
  throw new BadLink(LINKS.cutShort(name));
}

function wholeNumber(name: string, text: string, most: number): number {
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value <= most) return value;
  throw new BadLink(WRONG.wholeNumber(name, JSON.stringify(text.slice(0, 24)), 0, most));
}

/** What a fragment holds; null when it is none of ours. Whether the bytes are a run is for the door to say. */
export function readFragment(hash: string, most = LINK_CHARACTERS_MAX): Link | null {
  if (!/^#(r|t|n)=/.test(hash)) return null;
  if (hash.length > most) throw new BadLink(LINKS.tooLong(hash.length, most));
  const found = new Map<string, string>();
  for (const part of hash.slice(1).split('&')) {
    const [, name = '', value = ''] = /^([^=]*)=?(.*)$/su.exec(part) ?? [];
    if (!['r', 't', 'n'].includes(name)) throw new BadLink(LINKS.unknown(JSON.stringify(name.slice(0, 24))));
    if (found.has(name)) throw new BadLink(LINKS.twice(name));
    found.set(name, value);
  }
  const [r, t, n] = ['r', 't', 'n'].map((name) => found.get(name));
  if (r === undefined || t === undefined) throw new BadLink(r === undefined ? LINKS.noRun : LINKS.noTime);
  const place = { bytes: toBytes('r', r), time_us: wholeNumber('t', t, Number.MAX_SAFE_INTEGER) };
  return n === undefined ? place : { ...place, events: wholeNumber('n', n, 0xffff_ffff) };
}

/** The run of the address is left: opening the page again would bring it back. Only where the address is the playground's own. */
export function leaveAddress(ownsPage: boolean): void {
  if (ownsPage && location.hash) history.replaceState(history.state, '', location.pathname + location.search);
}
