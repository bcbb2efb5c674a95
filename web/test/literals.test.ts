/** Nothing that people read or hear stands outside the catalogues. */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

/** Where a template that begins at `from`, its first backtick, ends; and its own text, expressions left out. */
function template(source: string, from: number): { readonly end: number; readonly text: string } {
  let text = '';
  let at = from + 1;
  while (at < source.length && source[at] !== '`') {
    if (source[at] === '\\') {
      text += source.slice(at, at + 2);
      at += 2;
    } else if (source.startsWith('${', at)) {
      at = expressionEnd(source, at + 2);
      text += '${}';
    } else {
      text += source[at];
      at += 1;
    }
  }
  return { end: at + 1, text };
}

/** Behind the brace that ends an expression. */
function expressionEnd(source: string, from: number): number {
  let at = from;
  for (let depth = 1; depth > 0; ) {
    const sign = source[at];
    if (sign === undefined) throw new Error(`an expression does not end: ${source.slice(from, from + 60)}`);
    if (sign === '`') at = template(source, at).end;
    else if (sign === "'" || sign === '"') {
      at += 1;
      while (source[at] !== sign) at += source[at] === '\\' ? 2 : 1;
      at += 1;
    } else {
      if (sign === '{') depth += 1;
      if (sign === '}') depth -= 1;
      at += 1;
    }
  }
  return at;
}

/** What is read and heard of a source: the text between tags, attributes that are told, and the same set by hand. */
export function literals(source: string): string[] {
  const found: string[] = [];
  const word = /\p{L}{2,}/u;
  for (const start of source.matchAll(/\b(?:html|svg)`/g)) {
    const { text } = template(source, start.index + start[0].length - 1);
    for (const [, , value = ''] of text.matchAll(/\b(aria-label|aria-roledescription|aria-valuetext|title|placeholder|alt)="([^"]*)"/g)) if (word.test(value.replaceAll('${}', ''))) found.push(value);
    // `>` stands in arrows only within expressions, which are gone.
    const between = text.replace(/<!--.*?-->/gs, ' ').replace(/<[^>]*>/g, '|').replaceAll('${}', '|').replace(/&\w+;/g, ' ');
    for (const piece of between.split('|')) if (word.test(piece)) found.push(piece.trim());
  }
  const byHand = [
    /setAttribute\('(?:aria-label|aria-roledescription|aria-valuetext|title|placeholder|alt)', (?:'([^']*)'|`([^`]*)`)/g,
    /\.(?:textContent|title|ariaLabel|placeholder|innerText) = (?:'([^']*)'|`([^`]*)`)/g,
    /\.(?:tell|say|append|fillText|write)\((?:'([^']*)'|`([^`]*)`)/g,
    /new \w*Error\((?:'([^']*)'|`([^`]*)`)/g,
    // A lower-case word by itself is a name for the page, not for people.
    /\b(?:label|tells|title|about|refusal|name|notice): (?:'([A-Z][^']*|[^']* [^']*)'|`([^`]*)`)/g,
    /(?:\?|:|\?\?|return) (?:'([A-Za-z][^']* [^']*)'|`([A-Za-z][^`]* [^`]*)`)/g,
  ];
  for (const pattern of byHand) {
    for (const [, plain, made = ''] of source.matchAll(pattern)) {
      const said = plain ?? made.replace(/\$\{[^}]*\}/g, '');
      if (word.test(said.replace(/\bS\b|\bms\b/g, ''))) found.push(plain ?? made);
    }
  }
  return found;
}

/** What may stand in a source all the same, and why. */
const EXCEPTIONS: Readonly<Record<string, readonly (readonly [literal: string | RegExp, why: string])[]>> = {
  'actions.ts': [
    ['no action is called ${id}', 'a mistake in the page itself, which nobody at it can make'],
    [/^(Ctrl|Shift) \$\{/, 'keys are called so on keyboards of either language'],
  ],
  'clipboard.ts': [['no clipboard', 'whoever copies says in its own words that it did not work']],
  'door/frame.ts': [[/^the frame has /, 'page and wasm of two versions: for who has put them together']],
  'element.ts': [[/^(members|leader|commit)$/, 'what a word is about, for the narrator; it is not said']],
  'embed/contract.ts': [[/^up \$\{id\}$/, 'what a word is about, for the narrator; it is not said']],
  'embed/messages.ts': [[/./, 'for who writes the page around a frame: nobody else sees an answer to a message']],
  'exports/svg.ts': [[/^the (painting is not finished|writer of SVG does not know)/, 'a mistake in the page itself']],
  'hunt/goals.ts': [
    [/^(leaders|split_votes|overwritten) > |^any\(L: /, 'the language that raft-sim reads, whatever the page speaks'],
    ['Linearizable Reads', 'a property by the name that raft-sim knows it by'],
  ],
  'keep/file.ts': [[/^raft-/, 'the beginning of a file’s name']],
  'logs/cells.ts': [[/^cell /, 'classes']],
  'logs/grid.ts': [['logs-index chosen', 'classes']],
  'menu/doings.ts': [['S3: Clock: 90 %', 'an example in a comment']],
  'menu/items.ts': [['of several', 'a kind of item']],
  'panels/legend.ts': [['notice news', 'classes']],
  'widget/traits.ts': [[/expected a text/, 'for who writes the notebook: raised and shown by its host']],
};

function* sources(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (path !== join('src', 'lang')) yield* sources(path);
    } else if (path.endsWith('.ts') && !path.endsWith('.d.ts')) yield path;
  }
}

test('the finder of literals finds them where people would read or hear them', () => {
  assert.deepEqual(literals('html`<p class="quiet">${WORDS.x} and more</p>`'), ['and more']);
  assert.deepEqual(literals('html`<b title="What it is" class="of it">${a ? html`<i>Inside</i>` : b}</b>`').sort(), ['Inside', 'What it is']);
  assert.deepEqual(literals("button.setAttribute('aria-label', 'Remove it'); b.title = `Wall ${id}`; desk.tell('No');"), ['Remove it', 'Wall ${id}', 'No']);
  assert.deepEqual(literals('html`<p class=${a > b ? "x" : "y"}>S${id} · ${time} ms</p>`').filter((text) => text !== 'S' && !/ms$/.test(text)), []);
  assert.deepEqual(literals("throw new RangeError('it is too long'); return ok ? 'Nothing was done' : null;"), ['it is too long', 'Nothing was done']);
});

test('no text that is read or heard stands outside the catalogues', () => {
  const left: string[] = [];
  const unused = new Set(Object.entries(EXCEPTIONS).flatMap(([file, list]) => list.map(([literal]) => `${file}: ${literal}`)));
  for (const path of sources('src')) {
    const file = path.replaceAll('\\', '/').replace('src/', '');
    for (const literal of literals(readFileSync(path, 'utf8'))) {
      const known = (EXCEPTIONS[file] ?? []).find(([text]) => (typeof text === 'string' ? text === literal : text.test(literal)));
      if (known) unused.delete(`${file}: ${known[0]}`);
      else left.push(`${file}: ${literal}`);
    }
  }
  assert.deepEqual(left, []);
  assert.deepEqual([...unused], [], 'each exception is needed');
});
