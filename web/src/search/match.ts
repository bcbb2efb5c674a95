/** Which of many things somebody means who has typed a few letters. */

/** How well one word of the query fits a text, both in lower case; 0: not at all. */
export function fit(word: string, text: string): number {
  const at = text.indexOf(word);
  if (at === 0) return text.length === word.length ? 120 : 100;
  if (at > 0) return startsWord(text, at) ? 80 : 50;
  // The letters one after another, of which the first begins a word: "nel" for "next election".
  if (word.length < 2) return 0;
  let best = 0;
  for (let start = text.indexOf(word[0] as string); start >= 0; start = text.indexOf(word[0] as string, start + 1)) {
    if (startsWord(text, start)) best = Math.max(best, scattered(word, text, start));
  }
  return best;
}

/** Between Chinese words nothing stands: each sign may begin one. */
const startsWord = (text: string, at: number): boolean => at === 0 || !/[\p{L}\p{N}]/u.test(text[at - 1] as string) || /\p{Script=Han}/u.test(text[at] as string);

/** How close together a word's letters can stand in a text from `start` on. Letters that begin words are as good as neighbours. */
function scattered(word: string, text: string, start: number): number {
  // For each place that the letters so far may end at, how many others were passed over at least.
  let ends = new Map([[start, 0]]);
  for (const letter of word.slice(1)) {
    const next = new Map<number, number>();
    for (const [at, skipped] of ends) {
      for (let to = text.indexOf(letter, at + 1); to >= 0; to = text.indexOf(letter, to + 1)) {
        const all = skipped + (startsWord(text, to) ? 0 : to - at - 1);
        next.set(to, Math.min(all, next.get(to) ?? Infinity));
      }
    }
    ends = next;
  }
  return Math.max(0, 40 - 4 * Math.min(...ends.values(), Infinity));
}

export interface Findable {
  readonly name: string;
  /** What is said about it, and what kind of thing it is: in these only beginnings of words count. */
  readonly about: string;
  readonly kind: string;
  /** What its name is besides: in English, where another language is spoken. */
  readonly english?: string;
  /** Why it would change nothing now: then others that fit come first, unless it fits far better. */
  readonly refusal?: string | null;
}

/** What the paper calls that of which a text speaks, by the words that the language has for it. */
export const paperWords = (text: string, glossary: Readonly<Record<string, string>>): string =>
  Object.entries(glossary).flatMap(([word, paper]) => (text.includes(word) ? paper : [])).join(' ');

/** Those that fit all words of a query, the best first and of equals the shortest; without a query all, as they stand. */
export function matching<T extends Findable>(query: string, things: readonly T[], glossary: Readonly<Record<string, string>> = {}): T[] {
  const words = query.toLowerCase().split(/\s+/u).filter(Boolean);
  const rated = things.map((thing) => {
    const [name, about] = [thing.name.toLowerCase(), `${thing.about} ${thing.kind}`.toLowerCase()];
    const english = `${thing.english ?? ''} ${paperWords(name, glossary)}`.trim().toLowerCase();
    const paper = paperWords(about, glossary);
    const fits = words.map((word) => {
      const inName = 2 * Math.max(fit(word, name), english === '' ? 0 : fit(word, english));
      const inAbout = Math.max(fit(word, about), paper === '' ? 0 : fit(word, paper));
      return Math.max(inName, inAbout >= 80 ? inAbout / 2 : 0);
    });
    const sum = fits.reduce((all, one) => all + one, 0);
    return { thing, score: fits.includes(0) ? -1 : (thing.refusal ?? null) === null ? sum : sum / 2 };
  });
  return rated
    .filter(({ score }) => score >= 0)
    .sort((a, b) => (words.length === 0 ? 0 : b.score - a.score || a.thing.name.length - b.thing.name.length))
    .map(({ thing }) => thing);
}
