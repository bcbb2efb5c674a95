/** What a widget's traits are as attributes of the element. */

import { PARAMETERS } from '../embed/parameters';

/** Attributes by the names of their traits, which are names of Python: `start_at` is the attribute `start-at`. */
export const TRAITS: ReadonlyMap<string, string> = new Map(PARAMETERS.map((name) => [name.replaceAll('-', '_'), name]));

/** The text of an attribute; null where there shall be none. A list is its members, an open end of a range `*`. */
export function attributeText(trait: string, value: unknown): string | null {
  if (value === null || value === undefined || value === false || value === '') return null;
  if (value === true) return '';
  if (typeof value === 'string' || typeof value === 'number') return String(value);
  if (Array.isArray(value) && value.every((it) => it === null || typeof it === 'string' || typeof it === 'number')) {
    return value.length === 0 ? null : value.map((it) => it ?? '*').join(' ');
  }
  throw new TypeError(`${trait} is ${(JSON.stringify(value) ?? String(value)).slice(0, 60)}; expected a text, a number, true or false, a list of these, or nothing`);
}
