import type { Frame } from '../door/frame';
import { FOLLOWER, SERVER } from '../door/layout';
import { ROLES } from '../stage/scene';
import type { LogServer } from './cells';
import type { Range } from './columns';

/** So many cells of so many logs, log by log, from an index and a server on: lanes of entries, 0 where there is none. */
export type Fetch = (first: number, count: number, server: number, servers: number) => Uint32Array;

/**
 * What the grid is drawn from: who there is, from a frame, and the cells in sight. All of it crosses as numbers: as objects,
 * what comes into sight while one scrolls took longer than all else.
 */
export class LogSource {
  last = 0;
  /** Rises whenever what is said of the servers is read anew. */
  moment = 0;
  servers: readonly LogServer[] = [];
  private columns: Range = { from: 1, to: 1 };
  private rows: Range = { from: 0, to: 0 };
  private cells: Uint32Array = new Uint32Array(0);
  private stale = true;

  /** The run may be at another moment. */
  outdate(): void {
    this.stale = true;
  }

  /** Looks who there is, if the run may be at another moment. Cells that were read hold no longer then. */
  look(look: () => Frame): void {
    if (!this.stale) return;
    this.stale = false;
    this.moment += 1;
    this.rows = { from: 0, to: 0 };
    this.servers = serversOf(look());
    this.last = this.servers.reduce((last, { last_index }) => Math.max(last, last_index), 0);
  }

  /** Has the cells of these columns and rows afterwards. */
  read(columns: Range, rows: Range, fetch: Fetch): void {
    const within = (inner: Range, outer: Range): boolean => inner.from >= outer.from && inner.to <= outer.to;
    if (within(columns, this.columns) && within(rows, this.rows)) return;
    this.columns = columns;
    this.rows = rows;
    this.cells = fetch(columns.from, columns.to - columns.from, this.servers[rows.from]?.id ?? 1, rows.to - rows.from);
  }

  /** The lane of the entry at an index that was read, of a row counted from 0; 0 where there is none. */
  cell(row: number, index: number): number {
    const { columns, rows } = this;
    if (row < rows.from || row >= rows.to || index < columns.from || index >= columns.to) return 0;
    return this.cells[(row - rows.from) * (columns.to - columns.from) + index - columns.from] ?? 0;
  }
}

function serversOf(frame: Frame): LogServer[] {
  const servers: LogServer[] = [];
  for (let which = 0; which < frame.serverCount; which += 1) {
    const lane = (name: number): number => frame.server(which, name);
    servers.push({
      id: lane(SERVER.id),
      up: lane(SERVER.up) !== 0,
      role: ROLES[lane(SERVER.role)] ?? 'follower',
      current_term: lane(SERVER.term),
      commit_index: lane(SERVER.commitIndex),
      last_applied: lane(SERVER.lastApplied),
      durable_index: lane(SERVER.durableIndex),
      last_index: lane(SERVER.lastIndex),
      snapshot_index: lane(SERVER.snapshotIndex),
      following: new Map(),
    });
  }
  for (let which = 0; which < frame.followerCount; which += 1) {
    const lane = (name: number): number => frame.follower(which, name);
    servers[lane(FOLLOWER.leader) - 1]?.following.set(lane(FOLLOWER.follower), { match: lane(FOLLOWER.matchIndex), next: lane(FOLLOWER.nextIndex) });
  }
  return servers;
}
