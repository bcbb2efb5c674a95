/** The languages that the page speaks. Another one is a file beside this with a catalogue, and a line here. */

import type { Catalogue } from './catalogue';
import { speak } from './texts';

export interface Language {
  readonly tag: string;
  /** In itself: whoever looks for it reads it. */
  readonly name: string;
  /** English is in the scripts themselves. */
  readonly load: (() => Promise<Catalogue>) | null;
}

export const LANGUAGES: readonly Language[] = [{ tag: 'en', name: 'English', load: null }];

let now = 'en';

/** The language that the page speaks, as its tag. */
export const spokenTag = (): string => now;

/** Speaks a language of the list from now on. Rejects where its texts cannot be had; then all stays as it is. */
export async function speakLanguage(tag: string, isWanted: () => boolean): Promise<void> {
  const language = LANGUAGES.find((one) => one.tag === tag);
  const catalogue = (await language?.load?.()) ?? null;
  if (!language || !isWanted()) return;
  now = language.tag;
  speak(catalogue);
}
