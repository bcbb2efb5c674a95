/**
 * How the page's texts are kept. English stands in the script of the part that shows it; a catalogue of another language is a
 * script of its own, and takes the place of all of them at once. Whoever shows a text reads it where it is shown
 * (`CHECKS.properties`), so that it is of the language that is spoken then.
 */

import type { Catalogue } from './catalogue';

/**
 * What another language has to say in place of an English text: the same keys, as many members of each list, functions of the
 * same values. Sections stay as they are: a reference to the paper that differs does not compile.
 */
export type Texts<T> = T extends `${'P' | 'D'}${'§' | ' Fig. '}${string}`
  ? T
  : T extends string
    ? string
    : T extends (...values: infer Values) => infer Said
      ? (...values: Values) => Texts<Said>
      : T extends object
        ? { readonly [Key in keyof T]: Texts<T[Key]> }
        : T;

interface Part {
  readonly now: object;
  readonly english: object;
}

const parts = new Map<keyof Catalogue, Part>();
const english = new WeakMap<object, object>();
let catalogue: Catalogue | null = null;
/** Rises when another language is spoken: what was made of texts before has to be made again. */
let version = 0;

/** The texts of one part of the page, in the language that is spoken. */
export function spoken<const T extends object>(name: keyof Catalogue, texts: T): Texts<T> {
  const now = { ...texts, ...catalogue?.[name] };
  parts.set(name, { now, english: texts });
  english.set(now, texts);
  return now as Texts<T>;
}

/** From now on this catalogue is spoken; null: English. */
export function speak(next: Catalogue | null): void {
  if (next === catalogue) return;
  catalogue = next;
  version += 1;
  for (const [name, part] of parts) Object.assign(part.now, next?.[name] ?? part.english);
}

/** The same texts in English, whatever is spoken: names that Raft's engine gives, and what is searched by them. */
export const inEnglish = <T extends object>(texts: T): T => (english.get(texts) as T | undefined) ?? texts;

export const spokenVersion = (): number => version;

/** What a language says of words that the paper has, for whoever searches by the paper's; English needs none. */
export const glossary = (): Readonly<Record<string, string>> => catalogue?.glossary ?? {};
