/** What happens in a story, which the engine tells in English, in the language that is spoken. */

import { said } from '../engine';
import { HUNT } from '../lang/en/hunt';
import { PROPERTIES } from '../lang/en/properties';
import { propertyName } from '../properties';

const VIOLATED = ' is violated: ';

/** All of it, sentence by sentence; one that this page does not know stays as it is. */
export function tale(text: string): string {
  const { between, last: end } = HUNT.story.stop;
  const sentences = text.replace(/\.$/, '').split('. ');
  // What was found may be more than one sentence, and is the last thing that is told.
  const last = sentences.findIndex((sentence) => sentence.includes(VIOLATED));
  const before = last < 0 ? sentences : sentences.slice(0, last);
  return [...before.map(said), ...(last < 0 ? [] : [violated(sentences.slice(last).join('. '))])].join(between) + end;
}

/** The page says of a violation what it knows of it: here that is what its sentence names. */
function violated(sentence: string): string {
  const [property = '', text = ''] = sentence.split(VIOLATED);
  const numbers = (pattern: RegExp): number[] => [...new Set([...text.matchAll(pattern)].map(([, found]) => Number(found)))];
  const found = PROPERTIES.found({ property, section: '', text, time_ms: 0, servers: numbers(/\bS(\d+)\b/g), indexes: numbers(/\b(?:index|entry) (\d+)/g), terms: numbers(/\bterms? (\d+)/g), operations: [] });
  return HUNT.story.violated(propertyName(property), found.replace(/[.。]$/, ''));
}
