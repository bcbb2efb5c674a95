/** A stretch of a run as a sequence diagram in Mermaid's language, for notes and issues. */

import type { EventRecord } from '../door/types';
import { sentence } from '../sentences';
import { EXPORTS } from '../lang/en/exports';

/** Mermaid refuses more than 50,000 characters unless it is told otherwise (its `maxTextSize`). */
export const CHARACTERS_MAX = 50_000;

const ARROWS: Readonly<Partial<Record<string, readonly [arrow: string, how: string]>>> = { delivered: ['->>', ''], lost: ['-x', EXPORTS.mermaid.lost], blocked: ['-x', EXPORTS.mermaid.blocked] };

/** What Mermaid would read as its own: a semicolon ends a statement, a number sign begins an entity, a break a line. */
export const plain = (text: string): string => text.replace(/[;#<>\n\r]/g, (sign) => `#${sign.charCodeAt(0)};`);

/**
 * The messages that came to an end, and what was decided and done, in the order of the records. Of appends and their
 * answers only those are shown that were lost or that something came of: most say only that the leader is alive.
 * Of a stretch that is too long the latest part is shown, and how much was left out is said.
 */
export function mermaid(records: readonly EventRecord[], servers: number): string {
  const rows: string[] = [];
  let waits: string | undefined;
  for (const record of records) {
    const arrow = ARROWS[record.kind];
    if (arrow) {
      const row = message(record, arrow);
      waits = undefined;
      if (record.kind === 'delivered' && String(record['name']).startsWith('AppendEntries')) waits = row;
      else rows.push(row);
      continue;
    }
    const { text, section, quiet } = sentence(record);
    const matches = record.kind === 'decision' && (record['event'] as { kind?: unknown } | undefined)?.kind === 'follower_matches';
    if (quiet && !matches) continue;
    if (waits !== undefined && record.kind === 'decision') {
      rows.push(waits);
      waits = undefined;
    }
    if (!quiet) rows.push(note(record, servers, section ? `${text} ${section}` : text));
  }
  const head = ['sequenceDiagram', ...Array.from({ length: servers }, (_, at) => `    participant S${at + 1}`)];
  return [...head, ...latest(rows, CHARACTERS_MAX - head.join('\n').length - 100), ''].join('\n');
}

const time = (record: EventRecord): string => `(${record.time_us / 1_000} ms)`;

const message = (record: EventRecord, [arrow, how]: readonly [string, string]): string =>
  `    S${Number(record['from'])}${arrow}S${Number(record['to'])}: ${plain(EXPORTS.mermaid.message(String(record['name']), Number(record['term'])))}${how} ${time(record)}`;

function note(record: EventRecord, servers: number, text: string): string {
  const over = typeof record['server'] === 'number' && record['server'] > 0 ? `S${record['server']}` : servers > 1 ? `S1,S${servers}` : 'S1';
  return `    Note over ${over}: ${plain(text)} ${time(record)}`;
}

/** As many of the last rows as so many characters hold. */
function latest(rows: readonly string[], characters: number): string[] {
  let [from, left] = [rows.length, characters];
  while (from > 0 && left > (rows[from - 1] as string).length) left -= (rows[(from -= 1)] as string).length + 1;
  return from > 0 ? [`    %% ${EXPORTS.mermaid.leftOut(from)}`, ...rows.slice(from)] : [...rows];
}
