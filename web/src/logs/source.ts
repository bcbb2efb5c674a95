import type { EntryState, LogTable, TableServer } from '../door/types';
import type { Range } from './columns';

/** What is said of the servers costs more than a few entries more: so many columns are fetched at least, in the direction of the way. */
const AHEAD = 16;

/** Reads so many entries of every log, from an index on. */
export type Fetch = (first: number, count: number) => LogTable;

/**
 * The entries that are in sight, and a few beside them. While the run stays where it is, only those are fetched that come into
 * sight; what is said of the servers, and the entries, are of one moment as long as nothing goes on.
 */
export class LogSource {
  last = 0;
  /** Rises whenever what is said of the servers is read anew. */
  moment = 0;
  servers: readonly TableServer[] = [];
  private held: Range = { from: 1, to: 1 };
  private slots: (EntryState | undefined)[][] = [];
  private stale = true;

  /** The run may be at another moment. */
  outdate(): void {
    this.stale = true;
  }

  /** Has the entries of these indexes afterwards. Returns whether anything was fetched. */
  read(wanted: Range, fetch: Fetch): boolean {
    const { from, to } = this.held;
    if (this.stale || wanted.to <= from || wanted.from >= to) {
      const table = fetch(wanted.from, wanted.to - wanted.from);
      if (this.stale) {
        this.moment += 1;
        this.last = table.last_index;
        this.servers = table.servers;
      }
      this.slots = this.servers.map(() => []);
      this.held = wanted;
      this.stale = false;
      this.put(table);
      return true;
    }
    if (wanted.from >= from && wanted.to <= to) return false;
    // What lies far behind is let go.
    const next: Range = {
      from: wanted.from < from ? Math.max(1, Math.min(wanted.from, from - AHEAD)) : Math.max(from, wanted.from - AHEAD),
      to: wanted.to > to ? Math.max(wanted.to, to + AHEAD) : Math.min(to, wanted.to + AHEAD),
    };
    const [before, skip] = [Math.max(0, from - next.from), Math.max(0, next.from - from)];
    this.slots = this.slots.map((slots) => [...new Array<undefined>(before), ...slots.slice(skip, Math.max(skip, next.to - from))]);
    this.held = next;
    if (before > 0) this.put(fetch(next.from, before));
    if (next.to > to) this.put(fetch(to, next.to - to));
    return true;
  }

  /** The entry at an index that was read, of a server counted from 0. */
  entry(server: number, index: number): EntryState | undefined {
    return index < this.held.from ? undefined : this.slots[server]?.[index - this.held.from];
  }

  private put({ servers }: LogTable): void {
    servers.forEach(({ entries }, at) => {
      const slots = this.slots[at];
      if (slots) for (const entry of entries) slots[entry.index - this.held.from] = entry;
    });
  }
}
