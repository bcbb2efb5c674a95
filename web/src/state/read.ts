import type { Cluster } from '../door/cluster';
import type { Frame } from '../door/frame';
import { FOLLOWER, SERVER } from '../door/layout';
import type { EntryState, ServerState } from '../door/types';
import type { ServerItem } from '../stage/scene';
import { leaseOf } from './lease';

const FLOWS = ['probe', 'asked', 'replicate', 'snapshot'] as const;
export type Flow = (typeof FLOWS)[number];

/** What a leader knows of another member. */
export interface Follower {
  readonly id: number;
  readonly next: number;
  readonly match: number;
  readonly flow: Flow;
  readonly onTheWay: number;
}

/** Who counts, as a server itself has it. */
export interface Counting {
  readonly voters: readonly number[];
  readonly oldVoters: readonly number[];
  readonly learners: readonly number[];
}

/** All that is shown of one server. */
export interface StateView {
  readonly server: ServerItem;
  readonly counting: Counting;
  readonly followers: readonly Follower[];
  readonly snapshotBytes: number;
  /** The last entries of its log. */
  readonly entries: readonly EntryState[];
  /**
   * Of a leader that may answer reads on a lease: until when that ran by its own clock, as of its last read, or null before
   * the first. Of any other, nothing.
   */
  readonly leaseUntilUs?: number | null;
  /** What is not in a frame. */
  readonly more: Omit<ServerState, 'log'> | null;
}

/** Entries that are listed, and in a cluster of many servers. */
const ENTRIES_MAX = 40;
const ENTRIES_OF_MANY = 12;
const MANY = 12;

/** Reads what is to be shown of a server. */
export function readState(cluster: Cluster, server: ServerItem, servers: number, leases: boolean): StateView {
  const first = Math.max(1, server.lastIndex - (servers > MANY ? ENTRIES_OF_MANY : ENTRIES_MAX) + 1);
  const entries = cluster.entries(server.id, first, ENTRIES_MAX);
  const more = cluster.server(server.id);
  const lease = leases && server.up && server.role === 'leader' ? { leaseUntilUs: leaseOf(cluster, server.id) } : {};
  // Last, as what a frame shows holds until the next call.
  return { server, entries, more, ...lease, ...ofFrame(cluster.look(), server.id) };
}

/** What a frame tells of a server beside what the stage shows. */
export function ofFrame(frame: Frame, id: number): Pick<StateView, 'counting' | 'followers' | 'snapshotBytes'> {
  const which = id - 1;
  const set = (low: number): number[] => {
    const found: number[] = [];
    for (let at = 0; at < frame.serverCount; at += 1) if (Math.floor(frame.server(which, low + (at >= 32 ? 1 : 0)) / 2 ** (at % 32)) % 2 === 1) found.push(at + 1);
    return found;
  };
  const followers: Follower[] = [];
  for (let at = 0; at < frame.followerCount; at += 1) {
    const lane = (name: number): number => frame.follower(at, name);
    if (lane(FOLLOWER.leader) !== id) continue;
    followers.push({ id: lane(FOLLOWER.follower), next: lane(FOLLOWER.nextIndex), match: lane(FOLLOWER.matchIndex), flow: FLOWS[lane(FOLLOWER.flow)] ?? 'probe', onTheWay: lane(FOLLOWER.onTheWay) });
  }
  return {
    counting: { voters: set(SERVER.votersLo), oldVoters: set(SERVER.oldVotersLo), learners: set(SERVER.learnersLo) },
    followers: followers.sort((a, b) => a.id - b.id),
    snapshotBytes: frame.server(which, SERVER.snapshotBytes),
  };
}
