/** What happened, in whole sentences of the language that is spoken; and what else there is to know of it: whom it is about. */

import type { EventRecord, Input } from './door/types';
import { said } from './engine';
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
    return { text, section, servers: othersOf(event, [server]), quiet: isQuiet(event), subject: subjectOf(event.kind), entry: entryOf(event) };
  }
  const [subject, entry] = [subjectOf(record.kind), entryOf(record)];
  if (record.kind === 'input_applied') {
    const input = record['input'] as Input;
    return { text: doneText(input), section, servers: serversOf(input), quiet: QUIET_INPUTS.has(input.kind), subject, entry };
  }
  const happened = (HAPPENINGS as Readonly<Record<string, Happened>>)[record.kind];
  const told = record.kind === 'input_refused' ? { ...record, why: said(String(record['why'])) } : record;
  const text = happened ? happened(told) : `${record.kind.replaceAll('_', ' ')}.`;
  return { text, section, servers: named(record, ENDS), quiet: isQuiet(record), subject, entry };
}

/** What somebody did. */
const doneText = (input: Input): string => (INPUTS[input.kind] as (input: Input) => string)(input);

/** The servers that these fields name, each once, behind those that were found before. */
function named(of: Fields, fields: readonly string[], servers: number[] = []): number[] {
  for (const field of fields) {
    const server = of[field];
    if (typeof server === 'number' && server > 0 && !servers.includes(server)) servers.push(server);
  }
  return servers;
}

const ENDS = ['server', 'from', 'to', 'learner'] as const;
const OTHERS = ['candidate', 'leader', 'because_of', 'follower', 'learner', 'asked_by'] as const;

/** In `from` and `to` of a decision stand servers, terms or indexes. */
const FROM_SERVER: ReadonlySet<unknown> = new Set(['vote_counted', 'pre_vote_counted', 'vote_denied', 'pre_vote_denied', 'reply_ignored']);
const TO_SERVER: ReadonlySet<unknown> = new Set(['transfer_started', 'transfer_ready', 'transfer_aborted']);

/** Whom a decision is about besides who took it. */
function othersOf(event: Fields, servers: number[]): number[] {
  named(event, OTHERS, servers);
  if (FROM_SERVER.has(event['kind'])) named(event, ['from'], servers);
  if (TO_SERVER.has(event['kind'])) named(event, ['to'], servers);
  if (event['kind'] === 'became_follower') named(because(event), ['seen_from', 'leader'], servers);
  return servers;
}

function serversOf(input: Input): number[] {
  if (input.kind === 'partition') return input.groups.flat();
  if (input.kind === 'set_members') return [...input.voters, ...(input.learners ?? [])];
  return named(input as Fields, ENDS);
}

const QUIET: ReadonlySet<unknown> = new Set([
  ...['timer_reset', 'term_adopted', 'quorum_heard', 'reply_ignored', 'follower_matches', 'snapshot_part_taken'],
  // The leader has told why a change of members is abandoned.
  ...['sent', 'delivered', 'lost', 'blocked', 'duplicated', 'waits', 'link_turned', 'change_abandoned'],
]);
const QUIET_INPUTS: ReadonlySet<Input['kind']> = new Set(['crash', 'restart', 'new_server', 'hold', 'release', 'drop', 'deliver', 'duplicate', 'hold_latest', 'set_delay', 'set_link', 'move', 'wall']);

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
