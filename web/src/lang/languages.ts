/** The languages that the page speaks. Another one is a file beside this with a catalogue, and a line here. */

import type { Storing } from '../keep/recent';
import type { Catalogue } from './catalogue';
import { speak } from './texts';

export interface Language {
  /** Of BCP 47. */
  readonly tag: string;
  /** In itself: whoever looks for it reads it. */
  readonly name: string;
  /** Other tags that mean it, each with all that begin with it and a hyphen. */
  readonly also: readonly string[];
  /** Fetches its texts; English stands in the scripts themselves. */
  readonly load: (() => Promise<Catalogue>) | null;
}

export const LANGUAGES: readonly Language[] = [
  { tag: 'en', name: 'English', also: [], load: null },
  { tag: 'zh-Hans', name: '简体中文', also: ['zh-CN', 'zh-SG', 'zh-MY'], load: async () => (await import('./zh-Hans')).catalogue },
];

const KEY = 'raft-playground.language';

const means = (tag: string, wanted: string): boolean => wanted === tag || wanted.startsWith(`${tag}-`);

/** The language of the list that a tag means, if there is one: `zh-CN` is `zh-Hans`; the traditional script is another. */
export function languageFor(wanted: string | null | undefined): Language | undefined {
  const asked = (wanted ?? '').trim().toLowerCase();
  // Without a script or a place most mean the simplified one.
  if (asked === 'zh') return LANGUAGES.find(({ tag }) => tag === 'zh-Hans');
  return LANGUAGES.find(({ tag, also }) => [tag, ...also].some((one) => means(one.toLowerCase(), asked)));
}

/** The first of these wishes that can be met; English if none can. */
export const firstOf = (wanted: Iterable<string | null | undefined>): Language => {
  for (const one of wanted) {
    const found = languageFor(one);
    if (found) return found;
  }
  return LANGUAGES[0] as Language;
};

/** What was chosen here before; nothing where the browser remembers nothing. */
export function remembered(storing: Storing): string | null {
  try {
    return storing().getItem(KEY);
  } catch {
    return null;
  }
}

export function remember(storing: Storing, tag: string): void {
  try {
    storing().setItem(KEY, tag);
  } catch {
    // It is asked for again the next time.
  }
}

let now = LANGUAGES[0] as Language;
let wanted = now;
/** Whether somebody has said so: then what is only in doubt changes nothing. */
let said = false;
const listeners = new Set<() => void>();

/** The language that the page speaks. All elements on it speak the same. */
export const spokenLanguage = (): Language => now;

/** Whoever shows texts is told when another language is spoken. Returns what ends that. */
export function whenSpoken(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/**
 * Speaks a language from now on, once its texts are there; one that was asked for meanwhile comes before it. `explicit`: somebody
 * has said so. Returns why its texts could not be had, where all stays as it is.
 */
export async function speakLanguage(language: Language, explicit: boolean): Promise<unknown> {
  if (said && !explicit) return undefined;
  said ||= explicit;
  wanted = language;
  if (language === now) return undefined;
  try {
    const catalogue = language.load ? await language.load() : null;
    if (wanted !== language) return undefined;
    now = language;
    speak(catalogue);
  } catch (why) {
    if (wanted === language) wanted = now;
    return why;
  }
  for (const listener of [...listeners]) listener();
  return undefined;
}
