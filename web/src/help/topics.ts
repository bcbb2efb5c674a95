/** What the help sheet tells, and which of it somebody means who types a few words. */

import { ACTIONS, keyText } from '../actions';
import { glossary } from '../lang/texts';
import { paperWords } from '../search/match';
import { HELP } from '../lang/en/help';
import { DEFINITIONS, STATE, type Term } from '../lang/en/state';

/** One line of the help. */
export interface Topic {
  /** What is pressed, done or seen; empty where keys say it. */
  readonly what: string;
  /** As they are written on a keyboard. */
  readonly keys: readonly string[];
  readonly tells: string;
}

export type Chapter = keyof typeof HELP.heads;

export interface Section {
  readonly chapter: Chapter;
  readonly topics: readonly Topic[];
}

const told = (list: readonly (readonly [what: string, tells: string])[]): Topic[] => list.map(([what, tells]) => ({ what, keys: [], tells }));

/** All of it, chapter by chapter. The keys come from the actions, the words of Raft from where a server's state is shown. */
export function sections(): Section[] {
  const words = (Object.keys(DEFINITIONS) as Term[]).map((term): Topic => {
    const [text, section] = DEFINITIONS[term];
    return { what: STATE.names[term], keys: [], tells: section ? `${text} ${section}` : text };
  });
  return [
    { chapter: 'keys', topics: ACTIONS.map(({ keys, tells }) => ({ what: '', keys: keys.map(keyText), tells })) },
    { chapter: 'focused', topics: told(HELP.focused) },
    { chapter: 'gestures', topics: told(HELP.gestures) },
    { chapter: 'reading', topics: told(HELP.reading) },
    { chapter: 'words', topics: words },
  ];
}

/** The topics in which every word of the query stands somewhere, and the chapters that have some; without a query all. */
export function matchingSections(query: string, all: readonly Section[]): Section[] {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const known = glossary();
  const isMeant = ({ what, keys, tells }: Topic): boolean => {
    const text = `${what} ${keys.join(' ')} ${tells}`.toLowerCase();
    const all = `${text} ${paperWords(text, known)}`;
    return words.every((word) => all.includes(word));
  };
  return all.map(({ chapter, topics }) => ({ chapter, topics: topics.filter(isMeant) })).filter(({ topics }) => topics.length > 0);
}
