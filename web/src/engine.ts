/** What the engine says in English, in the words of the language that is spoken. */

import { ENGINE } from './lang/en/engine';
import { inEnglish } from './lang/texts';
import { WORDS } from './words';

type Table = Readonly<Record<string, string>>;

/** A template as what it matches: each value is whatever stands there. */
const patterns = new Map<string, RegExp>();
function matcher(template: string): RegExp {
  let made = patterns.get(template);
  if (!made) {
    const parts = template.split('{}').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replace(/’/g, "['’]"));
    patterns.set(template, (made = new RegExp(`^${parts.join('(.+?)')}$`)));
  }
  return made;
}

/** A sentence of the engine, said again; one that this page does not know stays as it is, and so does each value in it. */
export function said(text: string): string {
  for (const [part, english] of Object.entries(inEnglish(ENGINE)) as [keyof typeof ENGINE, Table][]) {
    for (const [key, template] of Object.entries(english)) {
      const found = matcher(template).exec(text);
      if (!found) continue;
      const spoken = (ENGINE[part] as Table)[key] ?? template;
      if (spoken === template) return text;
      const values = found.slice(1).map(value);
      let next = 0;
      return spoken.replace(/\{(\d*)\}/g, (_, at: string) => values[at === '' ? next++ : Number(at)] ?? '');
    }
  }
  return text;
}

/** A value of a sentence: a list of servers as one lists them, a reason in words. */
const value = (text: string): string => (/^S\d+((, | and )S\d+)+$/.test(text) ? text.replace(/, | and /g, WORDS.sign.list) : said(text));
