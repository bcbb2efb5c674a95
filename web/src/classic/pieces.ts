/**
 * The classic script in pieces. What it takes to show a scene and play it is the script itself; what only some ask for is a second
 * script beside it, another language a third. Each is fetched once for all elements, when somebody asks for what is in it. The
 * bundler makes them (bundling/pieces.mjs), and turns every `import()` into a call of `part`.
 */

import { Absent } from '../absent';
import { ownScript } from '../door/script-address';
import { beside } from '../door/compile';
import { trusted } from '../door/trusted';
import { PIECES } from '../lang/en/pieces';
import { pieces as inChinese } from '../lang/zh-Hans/pieces';

/** Put here by the bundler: the hash that all pieces of a build have in common, and what each has as its `integrity`. */
declare const BUILD: string;
declare const INTEGRITY: Readonly<Record<string, string>>;
/** By the bundler, too: what this script has for the others to import. */
declare function firstPiece(): unknown;

type Modules = Readonly<Record<string, unknown>>;
/** A piece that has come, and has not been run. */
type Piece = (first: unknown) => Modules;

const REGISTRY = Symbol.for('raft-playground.pieces');
/** Pieces lay themselves down here, whether they were fetched or stand in the page; of several builds, each under its own name. */
const come = ((globalThis as { [REGISTRY]?: Record<string, Piece> })[REGISTRY] ??= {});

const LATE = 'late';
const running = new Map<string, Promise<Modules>>();
const here: Record<string, unknown> = {};
let tellLate: (known: unknown) => void;
const late = new Promise((resolve) => (tellLate = resolve));

/** These modules are in this very script. */
export const keep = (modules: Modules): unknown => Object.assign(here, modules);

/** A module that was left out of what is run at first, by its path. */
export async function part(path: string): Promise<unknown> {
  return here[path] ?? (await modulesOf(/^lang\/(.+)/.exec(path)?.[1] ?? LATE))[path];
}

/** Comes true once the late parts are there, since somebody asked for one or because the page has them in a script of its own. */
export const whenLate = (): Promise<unknown> => (come[named(LATE)] ? modulesOf(LATE) : late);

const named = (piece: string): string => `${piece} ${BUILD}`;

function modulesOf(piece: string): Promise<Modules> {
  const before = running.get(piece);
  if (before) return before;
  const modules = run(piece);
  running.set(piece, modules);
  // What is not there may be there the next time.
  modules.then(piece === LATE ? tellLate : undefined, () => running.delete(piece));
  return modules;
}

async function run(piece: string): Promise<Modules> {
  const name = named(piece);
  if (!come[name]) await fetchPiece(piece);
  return (come[name] as Piece)(firstPiece());
}

/** Whoever lacks a language is told so in it. */
const textsFor = (piece: string): typeof PIECES => (piece === 'zh-Hans' ? inChinese : PIECES);

async function fetchPiece(piece: string): Promise<void> {
  const texts = textsFor(piece);
  const file = `raft-playground.${piece}.iife.js`;
  const address = addressOf(file);
  if (!address) throw new Absent(texts.alone(file));
  const where = readable(new URL('.', address).href);
  // What a browser keeps of another build is not this one.
  address.search = BUILD;
  let source: string;
  try {
    source = trusted(address);
  } catch {
    throw new Absent(texts.refused(file));
  }
  const script = document.createElement('script');
  // What the page says of this script holds for what it brings.
  if (ownScript) {
    const { nonce, crossOrigin, referrerPolicy, integrity } = ownScript;
    Object.assign(script, { nonce, crossOrigin, referrerPolicy, ...(integrity ? { integrity: INTEGRITY[piece] } : {}) });
  }
  script.src = source;
  const loaded = await new Promise((resolve) => {
    script.onload = () => resolve(true);
    script.onerror = () => resolve(false);
    document.head.append(script);
  });
  script.remove();
  if (!loaded) throw new Absent(texts.missing(file, where));
  if (!come[named(piece)]) throw new Absent(texts.otherBuild(file, where));
}

/** An address as somebody wrote it, who may have names of folders in any script. */
function readable(address: string): string {
  try {
    return decodeURI(address);
  } catch {
    return address;
  }
}

/** Beside a script that stands in a page, or that is no file at all, there is nothing. */
function addressOf(file: string): URL | undefined {
  try {
    return beside(`./${file}`);
  } catch {
    return undefined;
  }
}
