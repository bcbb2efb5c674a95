/** Both catalogues, put together: what the tests of languages walk through. */

import type { Catalogue } from '../src/lang/catalogue';
import { ACTION_TEXTS, REFUSALS } from '../src/lang/en/actions';
import { CHECKS } from '../src/lang/en/checks';
import { CLIENTS } from '../src/lang/en/clients';
import { DECISIONS } from '../src/lang/en/decisions';
import { CLUSTER_DECISIONS } from '../src/lang/en/decisions-cluster';
import { DIAGRAM } from '../src/lang/en/diagram';
import { BAR, EMBED } from '../src/lang/en/embed';
import { ENGINE } from '../src/lang/en/engine';
import { EXPORTS } from '../src/lang/en/exports';
import { FAULTS, MENU } from '../src/lang/en/faults';
import { FEATURES } from '../src/lang/en/features';
import { HAPPENINGS, INPUTS } from '../src/lang/en/happenings';
import { HELP } from '../src/lang/en/help';
import { HINT } from '../src/lang/en/hint';
import { HUNT } from '../src/lang/en/hunt';
import { TWIN } from '../src/lang/en/twin';
import { SEARCH, SHARE } from '../src/lang/en/keep';
import { FILES, LINKS } from '../src/lang/en/links';
import { LOGS } from '../src/lang/en/logs';
import { WORDS } from '../src/lang/en/page';
import { PAST } from '../src/lang/en/past';
import { PIECES } from '../src/lang/en/pieces';
import { PRINT } from '../src/lang/en/print';
import { PROPERTIES } from '../src/lang/en/properties';
import { REFUSED } from '../src/lang/en/refused';
import { RULES } from '../src/lang/en/rules';
import { DEFINITIONS, EDIT, STATE } from '../src/lang/en/state';
import { SWITCHES, VIOLATION } from '../src/lang/en/switches';
import { WRONG } from '../src/lang/en/wrong';

export const english: Catalogue = {
  glossary: {},
  page: WORDS,
  actions: ACTION_TEXTS,
  refusals: REFUSALS,
  wrong: WRONG,
  pieces: PIECES,
  links: LINKS,
  files: FILES,
  decisions: DECISIONS,
  clusterDecisions: CLUSTER_DECISIONS,
  happenings: HAPPENINGS,
  inputs: INPUTS,
  refused: REFUSED,
  engine: ENGINE,
  properties: PROPERTIES,
  rules: RULES,
  switches: SWITCHES,
  violation: VIOLATION,
  features: FEATURES,
  logs: LOGS,
  state: STATE,
  edit: EDIT,
  definitions: DEFINITIONS,
  diagram: DIAGRAM,
  checks: CHECKS,
  clients: CLIENTS,
  faults: FAULTS,
  menu: MENU,
  past: PAST,
  help: HELP,
  hint: HINT,
  hunt: HUNT,
  twin: TWIN,
  share: SHARE,
  search: SEARCH,
  exports: EXPORTS,
  embed: EMBED,
  bar: BAR,
  print: PRINT,
};

export type Leaf = string | ((...values: unknown[]) => unknown);

/** Every text and function of a catalogue but its glossary, by where it stands: `page.said.crashed`. */
export function leaves({ glossary: _, ...texts }: Catalogue): Map<string, Leaf> {
  const found = new Map<string, Leaf>();
  const walk = (thing: unknown, path: string): void => {
    if (typeof thing === 'string' || typeof thing === 'function') found.set(path, thing as Leaf);
    else for (const [key, inside] of Object.entries(thing as object)) walk(inside, path === '' ? key : `${path}.${key}`);
  };
  walk(texts, '');
  return found;
}

/**
 * English that stands in Chinese all the same: names of keys, of the page and of programs, and what the paper calls so. What
 * stands in braces is a form.
 */
export const ENGLISH_IN_CHINESE = /Raft Playground|Page (?:Up|Down)|Shift (?:F\d+|[A-Z])|Ctrl [A-Z]|Command K|In Search of an Understandable Consensus Algorithm|Lease Read|raft-sim (?:check|run --trace)|await element\.ready|raft-playground\.iife\.js/g;
