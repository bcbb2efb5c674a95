import type { EntryState, LogTable, TableServer } from '../door/types';
import type { Range } from './columns';

/** Reads so many entries of every log, from an index on. */
export type Fetch = (first: number, count: number) => LogTable;

/**
 * The entries that are in sight. While the run stays where it is, only those are fetched that come into sight; what is said
 * of the servers, and the entries, are of one moment as long as nothing goes on.
 */
export class LogSource {
  last = 0;
  /** Rises whenever what is said of the servers is read anew. */
  moment = 0;
  servers: readonly TableServer[] = [];
  private drawn: Range = { from: 1, to: 1 };
  private slots: (EntryState | undefined)[][] = [];
  private stale = true;

  /** The run may be at another moment. */
  outdate(): void {
    this.stale = true;
  }

  /** Has the entries of these indexes afterwards. Returns whether anything was fetched. */
  read(wanted: Range, fetch: Fetch): boolean {
    const { from, to } = this.drawn;
    const apart = wanted.to <= from || wanted.from >= to;
    if (this.stale || apart) {
      const table = fetch(wanted.from, wanted.to - wanted.from);
      if (this.stale) {
        this.moment += 1;
        this.last = table.last_index;
        this.servers = table.servers;
      }
      this.slots = this.servers.map(() => []);
      this.drawn = wanted;
      this.stale = false;
      this.put(table);
      return true;
    }
    if (wanted.from === from && wanted.to === to) return false;
    const [before, behind] = [Math.max(0, from - wanted.from), Math.max(0, wanted.to - to)];
    const [skip, count] = [Math.max(0, wanted.from - from), wanted.to - wanted.from];
    this.slots = this.slots.map((slots) => [...new Array<undefined>(before), ...slots.slice(skip)].slice(0, count));
    this.drawn = wanted;
    if (before > 0) this.put(fetch(wanted.from, before));
    if (behind > 0) this.put(fetch(to, behind));
    return before > 0 || behind > 0;
  }

  /** The entry at an index that was read, of a server counted from 0. */
  entry(server: number, index: number): EntryState | undefined {
    return this.slots[server]?.[index - this.drawn.from];
  }

  private put({ servers }: LogTable): void {
    servers.forEach(({ entries }, at) => {
      const slots = this.slots[at];
      if (slots) for (const entry of entries) slots[entry.index - this.drawn.from] = entry;
    });
  }
}
