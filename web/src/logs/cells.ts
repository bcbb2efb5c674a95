/** What a cell of the grid of logs shows, decided: nothing here knows of a page. */

import { MEMBERS_BIT, NO_OP_BIT } from '../door/layout';
import type { EntryState, Role } from '../door/types';
import { entryText, serverNames, WORDS } from '../words';
import { LOGS } from '../lang/en/logs';

/** An entry: what is the same in all logs that hold it. With term 0 whatever stands at its index. */
export interface EntryName {
  readonly index: number;
  readonly term: number;
}

/** An entry, and the server in whose log it was pointed out. */
export interface EntryChosen extends EntryName {
  readonly server: number;
}

/** A server, as far as its row shows it. */
export interface LogServer {
  readonly id: number;
  readonly up: boolean;
  readonly role: Role;
  readonly current_term: number;
  readonly commit_index: number;
  readonly last_applied: number;
  readonly durable_index: number;
  readonly last_index: number;
  /** The last index that its snapshot stands for; 0 without one. */
  readonly snapshot_index: number;
  /** What it knows of the others while it leads. */
  readonly following: Map<number, { readonly match: number; readonly next: number }>;
}

/** What a server is, beside its name; a follower is nothing else. */
export const roleText = (role: Role): string => (role === 'follower' ? '' : LOGS.row.roles[role]);

/** An entry as a lane: its term, and whether it carries nothing or says who counts; 0 is none. */
export const termOf = (lane: number): number => lane & ~(NO_OP_BIT | MEMBERS_BIT);

/** What a leader knows of one server's log. */
export interface Known {
  readonly by: number;
  readonly match: number;
  readonly next: number;
}

/** Servers and indexes that show a broken property. */
export interface Evidence {
  readonly servers: readonly number[];
  readonly indexes: readonly number[];
}

export const MARK = {
  entry: 1,
  committed: 2,
  applied: 4,
  /** Not on the server's disk yet. */
  unsaved: 8,
  noOp: 16,
  members: 32,
  /** The last of the committed, of the applied, of those that agree with the leader; where the leader sends next. */
  atCommit: 64,
  atApplied: 128,
  atMatch: 256,
  atNext: 512,
  chosen: 1024,
  broken: 2048,
} as const;

const CLASSES: readonly (readonly [bit: number, name: string])[] = [
  [MARK.unsaved, 'unsaved'],
  [MARK.noOp, 'no-op'],
  [MARK.members, 'members'],
  [MARK.atCommit, 'at-commit'],
  [MARK.atApplied, 'at-applied'],
  [MARK.atMatch, 'at-match'],
  [MARK.atNext, 'at-next'],
  [MARK.chosen, 'chosen'],
  [MARK.broken, 'broken'],
];

/** What the leader knows of a server, if it is another member. */
export function knownOf(leader: LogServer | undefined, server: number): Known | undefined {
  const known = leader?.following.get(server);
  return leader && known && leader.id !== server ? { by: leader.id, ...known } : undefined;
}

/** Whether an entry is the one that is meant. */
export const isSame = (name: EntryName | null, index: number, term: number): boolean =>
  name !== null && name.index === index && (name.term === 0 || name.term === term);

/** The marks of one cell, as bits of MARK. */
export function marksOf(server: LogServer, lane: number, index: number, known: Known | undefined, chosen: EntryName | null, evidence: Evidence | null): number {
  let marks = 0;
  if (index === known?.match) marks |= MARK.atMatch;
  if (index === known?.next) marks |= MARK.atNext;
  if (index === server.commit_index) marks |= MARK.atCommit;
  if (index === server.last_applied) marks |= MARK.atApplied;
  if (evidence?.indexes.includes(index) && evidence.servers.includes(server.id)) marks |= MARK.broken;
  if (lane === 0) return marks;
  marks |= MARK.entry;
  if (index <= server.commit_index) marks |= MARK.committed;
  if (index <= server.last_applied) marks |= MARK.applied;
  if (index > server.durable_index) marks |= MARK.unsaved;
  if ((lane & MEMBERS_BIT) !== 0) marks |= MARK.members;
  else if ((lane & NO_OP_BIT) !== 0) marks |= MARK.noOp;
  if (isSame(chosen, index, termOf(lane))) marks |= MARK.chosen;
  return marks;
}

/** The classes that draw a cell. */
export function classesOf(marks: number, termClasses: string): string {
  let classes = (marks & MARK.entry) === 0 ? 'cell none' : `cell ${termClasses} ${(marks & MARK.committed) !== 0 ? 'solid' : 'dashed'}`;
  for (const [bit, name] of CLASSES) if ((marks & bit) !== 0) classes += ` ${name}`;
  return classes;
}

/** A cell in words. */
export function cellLabel(marks: number, index: number, entry: EntryState | undefined, up: boolean, known: Known | undefined): string {
  const words = LOGS.cell;
  const has = (bit: number): boolean => (marks & bit) !== 0;
  const more: string[] = [];
  if (entry && up) more.push(has(MARK.applied) ? words.applied : has(MARK.committed) ? words.committed : words.uncommitted);
  if (has(MARK.unsaved)) more.push(words.unsaved);
  if (has(MARK.atMatch) && known) more.push(words.match(known.by));
  if (has(MARK.atNext) && known) more.push(words.next(known.by));
  if (has(MARK.broken)) more.push(words.broken);
  return [entry ? words.entry(index, entry.term, entryText(entry)) : words.none(index), ...more].join(WORDS.sign.semicolon);
}

/** What a server's row is called for those who do not see it. */
export function rowLabel(server: LogServer, known: Known | undefined): string {
  const words = LOGS.row;
  const what = server.up ? words.knows(server.current_term, server.commit_index, server.last_applied) : words.disk(server.current_term);
  const base = server.snapshot_index > 0 ? words.snapshot(server.snapshot_index) : '';
  return [what, base, known ? words.known(known.by, known.match, known.next) : ''].filter(Boolean).join(WORDS.sign.semicolon);
}

/** What is to be said of an entry that is pointed out. */
export interface Told {
  readonly text: string;
  /** Whether a running server that holds it knows it to be committed. */
  readonly committed: boolean;
}

/** Who holds an entry, and who knows it to be committed. `at` gives a log's entry at its index. */
export function tellEntry(name: EntryName, of: number, servers: readonly LogServer[], at: (server: number) => EntryState | undefined): Told {
  const words = LOGS.told;
  const { index } = name;
  // Without a term, what is meant is what stands in the log that was spoken of.
  const order = servers.map((_, which) => which).sort((a, b) => Number(servers[b]?.id === of) - Number(servers[a]?.id === of));
  const shown = order.map(at).find((entry) => entry && isSame(name, index, entry.term));
  const term = name.term || (shown?.term ?? 0);
  const holding = servers.filter((_, which) => at(which)?.term === term);
  const within = servers.filter(({ snapshot_index }) => snapshot_index >= index);
  const knowing = holding.filter(({ up, commit_index }) => up && commit_index >= index);
  const unsaved = holding.filter(({ durable_index }) => durable_index < index);
  const names = (list: readonly LogServer[]): string => serverNames(list.map(({ id }) => id));
  const parts = [
    shown ? words.entry(index, term, entryText(shown)) : words.gone(index),
    holding.length > 0 ? words.held(holding.length, servers.length, names(holding)) : '',
    within.length > 0 ? words.within(names(within)) : '',
    unsaved.length > 0 ? words.unsaved(names(unsaved)) : '',
    knowing.length > 0 ? words.committed(names(knowing)) : holding.length > 0 ? words.uncommitted : '',
  ];
  return { text: parts.filter(Boolean).join(' '), committed: knowing.length > 0 || within.some(({ up }) => up) };
}
