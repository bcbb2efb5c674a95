/** What happened, in whole sentences of the language that is spoken; and what else there is to know of it: whom it is about. */

import type { EventRecord, Input } from './door/types';
import { DECISIONS } from './lang/en/decisions';
import { CLUSTER_DECISIONS } from './lang/en/decisions-cluster';
import { HAPPENINGS, INPUTS } from './lang/en/happenings';
import { type Sentence, subjectOf } from './subjects';
import { because, type EntryId, entryOf, type Fields, n, s } from './telling';
import { sectionText } from './words';

type Decided = (me: string, event: Fields) => string;
type Happened = (record: Fields) => string;

/** Puts a record into words. A kind that this page does not know is named as it is. */
export function sentence(record: EventRecord): Sentence {
  const section = typeof record['section'] === 'string' ? sectionText(record['section']) : '';
  if (record.kind === 'decision') {
    const event = record['event'] as Fields & { kind: string };
    const server = n(record['server']);
    const decided = (DECISIONS as Readonly<Record<string, Decided>>)[event.kind] ?? (CLUSTER_DECISIONS as Readonly<Record<string, Decided>>)[event.kind];
    const text = decided ? decided(s(server), event) : `${s(server)}: ${event.kind.replaceAll('_', ' ')}.`;
    return { text, section, servers: distinct([server, ...othersOf(event)]), quiet: isQuiet(event), subject: subjectOf(event.kind), entry: entryOf(event) };
  }
  const [subject, entry] = [subjectOf(record.kind), entryOf(record)];
  if (record.kind === 'input_applied') {
    const input = record['input'] as Input;
    return { text: doneText(input), section, servers: distinct(serversOf(input)), quiet: QUIET_INPUTS.has(input.kind), subject, entry };
  }
  const happened = (HAPPENINGS as Readonly<Record<string, Happened>>)[record.kind];
  const text = happened ? happened(record) : `${record.kind.replaceAll('_', ' ')}.`;
  return { text, section, servers: distinct(named(record, ['server', 'from', 'to', 'learner'])), quiet: isQuiet(record), subject, entry };
}

/** What somebody did. */
const doneText = (input: Input): string => (INPUTS[input.kind] as (input: Input) => string)(input);

const distinct = (servers: readonly number[]): number[] => [...new Set(servers)];
/** The servers that these fields name. */
const named = (of: Fields, fields: readonly string[]): number[] => fields.map((field) => n(of[field])).filter((server) => server > 0);

/** In `from` and `to` of a decision stand servers, terms or indexes. */
const FROM_SERVER: ReadonlySet<unknown> = new Set(['vote_counted', 'pre_vote_counted', 'vote_denied', 'pre_vote_denied', 'reply_ignored']);
const TO_SERVER: ReadonlySet<unknown> = new Set(['transfer_started', 'transfer_ready', 'transfer_aborted']);

/** Whom a decision is about besides who took it. */
function othersOf(event: Fields): number[] {
  const others = named(event, ['candidate', 'leader', 'because_of', 'follower', 'learner', 'asked_by']);
  if (FROM_SERVER.has(event['kind'])) others.push(n(event['from']));
  if (TO_SERVER.has(event['kind'])) others.push(n(event['to']));
  if (event['kind'] === 'became_follower') others.push(...named(because(event), ['seen_from', 'leader']));
  return others;
}

function serversOf(input: Input): number[] {
  if (input.kind === 'partition') return input.groups.flat();
  if (input.kind === 'set_members') return [...input.voters, ...(input.learners ?? [])];
  return named(input as Fields, ['server', 'from', 'to']);
}

const QUIET: ReadonlySet<unknown> = new Set([
  ...['timer_reset', 'term_adopted', 'quorum_heard', 'reply_ignored', 'follower_matches', 'snapshot_part_taken'],
  // The leader has told why a change of members is abandoned.
  ...['sent', 'delivered', 'lost', 'blocked', 'duplicated', 'waits', 'link_turned', 'change_abandoned'],
]);
const QUIET_INPUTS: ReadonlySet<Input['kind']> = new Set(['crash', 'restart', 'new_server', 'hold', 'release', 'drop', 'deliver', 'duplicate', 'hold_latest', 'set_link', 'move', 'wall']);

/** Whether it only carries the story. */
function isQuiet(event: Fields): boolean {
  switch (event['kind']) {
    case 'append_accepted':
      return n(event['appended']) === 0;
    case 'snapshot_sent':
      return n(event['offset']) > 0;
    case 'leadership_lost':
      return n(event['uncertain_from']) > n((event['last'] as EntryId | undefined)?.index);
    default:
      return QUIET.has(event['kind']);
  }
}
