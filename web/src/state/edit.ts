/** A server's disk written by hand: what is typed into the form, decided. What is left empty stays as it is. */

import type { Input } from '../door/types';
import { EDIT } from '../lang/en/state';
import type { StateView } from './read';

/** What stands in the form's fields. */
export interface Typed {
  readonly term: string;
  /** The number of a server, 0 for nobody. */
  readonly vote: string;
  readonly keep: string;
  /** The terms of the entries to come behind that. */
  readonly behind: string;
}

const TERM_MAX = 1_000_000_000;
const BEHIND_MAX = 100;

/** The last entry that its disk holds: what is on the way there is lost when it stops. */
export const lastOnDisk = ({ server }: StateView): number => (server.up ? server.durableIndex : server.lastIndex);

/**
 * The inputs: a server that runs stops for that, and starts again. Or why there is nothing that could be done: a refusal in
 * the middle would leave it stopped.
 */
export function editsOf(view: StateView, typed: Typed): Input[] | string {
  const { server, entries, more } = view;
  const number = (text: string, least: number, most: number): number | null => {
    const value = Number(text);
    return /^\d+$/.test(text.trim()) && value >= least && value <= most ? value : null;
  };
  const given = (text: string): boolean => text.trim() !== '';
  const last = lastOnDisk(view);
  const term = given(typed.term) ? number(typed.term, 0, TERM_MAX) : server.term;
  if (term === null) return EDIT.wrongTerm(typed.term.trim());
  const keep = given(typed.keep) ? number(typed.keep, server.snapshotIndex, last) : last;
  if (keep === null) return EDIT.wrongKeep(typed.keep.trim(), server.snapshotIndex, last);
  const terms: number[] = [];
  let before = entries.find(({ index }) => index === keep)?.term ?? (keep > 0 && keep === server.snapshotIndex ? more?.snapshot?.term : undefined) ?? Math.min(keep, 1);
  for (const text of typed.behind.split(/[\s,;]+/).filter(given)) {
    const found = number(text, Math.max(1, before), TERM_MAX);
    if (found === null) return EDIT.wrongEntry(text, Math.max(1, before));
    terms.push(found);
    before = found;
  }
  if (terms.length > BEHIND_MAX) return EDIT.tooMany(terms.length, BEHIND_MAX);
  if (term < before) return EDIT.termBehind(term, before);
  const vote = given(typed.vote) ? Number(typed.vote) : null;
  const present = term === server.term ? server.votedFor : 0;
  const same = term === server.term && keep === last && terms.length === 0 && (vote === null || vote === present);
  if (same) return EDIT.same;
  const edit: Input = {
    kind: 'edit_disk',
    server: server.id,
    ...(term === server.term ? {} : { term }),
    ...(vote === null || vote === present ? {} : { voted_for: vote }),
    ...(keep === last ? {} : { keep }),
    ...(terms.length === 0 ? {} : { log: terms }),
  };
  if (!server.up) return [edit];
  return [{ kind: 'crash', server: server.id }, edit, { kind: 'restart', server: server.id }];
}
