/** What can be asked about besides an event of the list, and which event the answer begins at. */

import type { EventRecord } from '../../door/types';

export type Question =
  | { readonly about: 'message'; readonly message: number }
  | { readonly about: 'vote' | 'term' | 'role'; readonly server: number }
  | { readonly about: 'entry'; readonly server: number; readonly index: number };

/** What an explanation looks through at most; nobody would read what lies further back. */
const LOOKED_THROUGH = 10_000;
const AT_ONCE = 1_000;

/** The number of the latest event that brought it about; 0 when none of those that are looked through did. */
export function begins(question: Question, count: number, fetch: (after: number, max: number) => EventRecord[]): number {
  const is = answers(question);
  for (let upTo = count; upTo > 0 && count - upTo < LOOKED_THROUGH; ) {
    const after = Math.max(0, upTo - AT_ONCE);
    const records = fetch(after, upTo - after);
    for (let at = records.length - 1; at >= 0; at -= 1) {
      const record = records[at] as EventRecord;
      if (is(record)) return record.number;
    }
    upTo = after;
  }
  return 0;
}

interface EventFields {
  readonly kind?: string;
  readonly first?: { readonly index: number };
  readonly count?: number;
  readonly match_index?: number;
  readonly appended?: number;
  readonly last_included?: { readonly index: number };
}

/** What makes a server what it is now: its vote, its term, its role. */
const DECISIONS: Readonly<Record<'vote' | 'term' | 'role', readonly string[]>> = {
  // A candidate votes for itself.
  vote: ['vote_granted', 'became_candidate'],
  term: ['term_adopted', 'became_candidate'],
  role: ['became_leader', 'became_candidate', 'became_pre_candidate', 'became_follower'],
};

function answers(question: Question): (record: EventRecord) => boolean {
  if (question.about === 'message') return (record) => (record.kind === 'sent' || record.kind === 'duplicated') && record['message'] === question.message;
  const { server, about } = question;
  const decides = about === 'entry' ? (event: EventFields) => holds(event, question.index) : (event: EventFields) => DECISIONS[about].includes(event.kind ?? '');
  return (record) => record.kind === 'decision' && record['server'] === server && decides(record['event'] as EventFields);
}

/** Whether a server came to hold an index by this: as its leader's, from its leader, or within a snapshot. */
function holds({ kind, first, count = 0, match_index = 0, appended = 0, last_included }: EventFields, index: number): boolean {
  if (kind === 'entries_appended' && first) return first.index <= index && index < first.index + count;
  if (kind === 'append_accepted') return index <= match_index && index > match_index - appended;
  return kind === 'snapshot_installed' && last_included !== undefined && index <= last_included.index;
}
