/** All texts of the page, as English has them: what does not say all of that, or more, is no catalogue. */

import type { ACTION_TEXTS, REFUSALS } from './en/actions';
import type { CHECKS } from './en/checks';
import type { CLIENTS } from './en/clients';
import type { DECISIONS } from './en/decisions';
import type { CLUSTER_DECISIONS } from './en/decisions-cluster';
import type { DIAGRAM } from './en/diagram';
import type { BAR, EMBED } from './en/embed';
import type { EXPORTS } from './en/exports';
import type { FAULTS, MENU } from './en/faults';
import type { FEATURES } from './en/features';
import type { HAPPENINGS, INPUTS } from './en/happenings';
import type { HELP } from './en/help';
import type { HINT } from './en/hint';
import type { HUNT } from './en/hunt';
import type { SEARCH, SHARE } from './en/keep';
import type { FILES, LINKS } from './en/links';
import type { LOGS } from './en/logs';
import type { WORDS } from './en/page';
import type { PAST } from './en/past';
import type { PRINT } from './en/print';
import type { PROPERTIES } from './en/properties';
import type { REFUSED } from './en/refused';
import type { RULES } from './en/rules';
import type { DEFINITIONS, EDIT, STATE } from './en/state';
import type { SWITCHES, VIOLATION } from './en/switches';
import type { WRONG } from './en/wrong';

export interface Catalogue {
  /** Its words for those of the paper, for search by either. */
  readonly glossary: Readonly<Record<string, string>>;
  readonly page: typeof WORDS;
  readonly actions: typeof ACTION_TEXTS;
  readonly refusals: typeof REFUSALS;
  readonly wrong: typeof WRONG;
  readonly links: typeof LINKS;
  readonly files: typeof FILES;
  readonly decisions: typeof DECISIONS;
  readonly clusterDecisions: typeof CLUSTER_DECISIONS;
  readonly happenings: typeof HAPPENINGS;
  readonly inputs: typeof INPUTS;
  readonly refused: typeof REFUSED;
  readonly properties: typeof PROPERTIES;
  readonly rules: typeof RULES;
  readonly switches: typeof SWITCHES;
  readonly violation: typeof VIOLATION;
  readonly features: typeof FEATURES;
  readonly logs: typeof LOGS;
  readonly state: typeof STATE;
  readonly edit: typeof EDIT;
  readonly definitions: typeof DEFINITIONS;
  readonly diagram: typeof DIAGRAM;
  readonly checks: typeof CHECKS;
  readonly clients: typeof CLIENTS;
  readonly faults: typeof FAULTS;
  readonly menu: typeof MENU;
  readonly past: typeof PAST;
  readonly help: typeof HELP;
  readonly hint: typeof HINT;
  readonly hunt: typeof HUNT;
  readonly share: typeof SHARE;
  readonly search: typeof SEARCH;
  readonly exports: typeof EXPORTS;
  readonly embed: typeof EMBED;
  readonly bar: typeof BAR;
  readonly print: typeof PRINT;
}
