/** Frame records written by hand, for tests: the same lanes that the wasm door writes. */

import { Frame } from '../src/door/frame';
import { ENTRY_SLOTS, FOLLOWER, HEADER, LAYOUT_VERSION, MESSAGE, NO_TIMER, SERVER, WALL } from '../src/door/layout';

type Lanes<T> = Partial<Record<Exclude<keyof T, 'lanes'>, number>>;

export interface Sketch {
  timeUs?: number;
  servers: (Lanes<typeof SERVER> & { tail?: number[] })[];
  messages?: Lanes<typeof MESSAGE>[];
  walls?: Lanes<typeof WALL>[];
  followers?: Lanes<typeof FOLLOWER>[];
  /** Pairs [from, to], counted from 1, that are cut. */
  cuts?: [number, number][];
  /** Triples [from, to, lane]: links that are not as all are. */
  links?: [number, number, number][];
}

/** A memory that holds the sketch, and the address of its header. */
export function record(sketch: Sketch): { buffer: ArrayBuffer; pointer: number } {
  const lanes = new Uint32Array(20_000);
  const pointer = 16;
  let free = pointer / 4 + HEADER.lanes;
  const set = (lane: number, value: number): void => {
    lanes[pointer / 4 + lane] = value;
  };
  const take = (count: number): number => {
    const at = free;
    free += count;
    return at;
  };
  const n = sketch.servers.length;
  const messages = sketch.messages ?? [];
  const walls = sketch.walls ?? [];
  set(HEADER.version, LAYOUT_VERSION);
  set(HEADER.timeLo, (sketch.timeUs ?? 0) % 2 ** 32);
  set(HEADER.timeHi, Math.floor((sketch.timeUs ?? 0) / 2 ** 32));
  set(HEADER.serverCount, n);
  set(HEADER.serverLanes, SERVER.lanes);
  set(HEADER.messageCount, messages.length);
  set(HEADER.messageLanes, MESSAGE.lanes);
  set(HEADER.wallCount, walls.length);
  set(HEADER.wallLanes, WALL.lanes);
  const followers = sketch.followers ?? [];
  set(HEADER.followerCount, followers.length);
  set(HEADER.followerLanes, FOLLOWER.lanes);
  set(HEADER.entrySlots, ENTRY_SLOTS);
  const put = (at: number, names: Record<string, number>, values: Record<string, unknown>): void => {
    for (const [name, value] of Object.entries(values)) if (typeof value === 'number') lanes[at + (names[name] as number)] = value;
  };
  const servers = take(n * SERVER.lanes);
  const entries = take(n * ENTRY_SLOTS);
  sketch.servers.forEach((server, i) => {
    const tail = server.tail ?? [];
    put(servers + i * SERVER.lanes, SERVER, { id: i + 1, up: 1, timerLeft: NO_TIMER, tailFirst: tail.length > 0 ? 1 : 0, tailCount: tail.length, lastIndex: tail.length, ...server });
    tail.forEach((entry, slot) => (lanes[entries + i * ENTRY_SLOTS + slot] = entry));
  });
  const messagesAt = take(messages.length * MESSAGE.lanes);
  messages.forEach((message, i) => put(messagesAt + i * MESSAGE.lanes, MESSAGE, message));
  const wallsAt = take(walls.length * WALL.lanes);
  walls.forEach((wall, i) => put(wallsAt + i * WALL.lanes, WALL, wall));
  const followersAt = take(followers.length * FOLLOWER.lanes);
  followers.forEach((follower, i) => put(followersAt + i * FOLLOWER.lanes, FOLLOWER, follower));
  set(HEADER.followersPtr, followersAt * 4);
  const links = take(n * n);
  for (const [from, to] of sketch.cuts ?? []) lanes[links + (from - 1) * n + to - 1] = 2;
  for (const [from, to, lane] of sketch.links ?? []) lanes[links + (from - 1) * n + to - 1] = lane;
  set(HEADER.serversPtr, servers * 4);
  set(HEADER.entriesPtr, entries * 4);
  set(HEADER.messagesPtr, messagesAt * 4);
  set(HEADER.wallsPtr, wallsAt * 4);
  set(HEADER.linksPtr, links * 4);
  return { buffer: lanes.buffer as ArrayBuffer, pointer };
}

/** The same as a frame. */
export function frameOf(sketch: Sketch): Frame {
  const { buffer, pointer } = record(sketch);
  return new Frame().read(buffer, pointer);
}

/** Five servers in a ring, as a run starts. */
export const RING: Sketch['servers'] = [
  { x: 5000, y: 1600 },
  { x: 8233, y: 3949 },
  { x: 6998, y: 7750 },
  { x: 3002, y: 7750 },
  { x: 1767, y: 3949 },
];
