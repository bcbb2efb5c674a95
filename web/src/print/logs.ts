/** Which part of the logs stands on paper, and what each cell of it says. */

import { type LogServer, termOf } from '../logs/cells';

/** As many columns as a sheet of A4 or Letter has room for. */
export const COLUMNS_MAX = 24;

export interface PrintedCell {
  /** Of the entry; 0: there is none. */
  readonly term: number;
  readonly committed: boolean;
  /** A snapshot stands for it. */
  readonly within: boolean;
}

/** The last indexes of the logs. */
export function indexesOf(last: number): number[] {
  const from = Math.max(1, last - COLUMNS_MAX + 1);
  return Array.from({ length: Math.max(0, last - from + 1) }, (_, at) => from + at);
}

/** A row; `laneAt` gives the lane of an entry. */
export const cellsOf = (server: LogServer, indexes: readonly number[], laneAt: (index: number) => number): PrintedCell[] =>
  indexes.map((index) => {
    const term = termOf(laneAt(index));
    // What a crashed server knew is gone.
    return { term, committed: term > 0 && server.up && index <= server.commit_index, within: term === 0 && index <= server.snapshot_index };
  });
