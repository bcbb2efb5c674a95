import type { Frame } from '../door/frame';
import { HELD, LETS, LINK, MEMBERS_BIT, MESSAGE, NO_OP_BIT, NO_TIMER, PAUSED, SERVER, WALL } from '../door/layout';
import type { Role } from '../door/types';
import { type Layout, toPixelX, toPixelY } from './geometry';

/** How a peer's vote stands, seen from a candidate or pre-candidate. */
export const VOTE = { open: 0, granted: 1, counted: 2, refused: 3 } as const;

export const ROLES: readonly Role[] = ['follower', 'candidate', 'leader', 'pre_candidate'];

/** What a server is to the cluster: an old voter counts only until joint consensus is left, a stranger not at all. */
export type Membership = 'voter' | 'old_voter' | 'learner' | 'none';

/** What a message is about; a request and its reply are of one kind. */
export type MessageKind = 'vote' | 'append' | 'pre_vote' | 'timeout_now' | 'snapshot' | 'read';
/** By the number that the door gives them, and whether they are replies. */
const KINDS: readonly (readonly [MessageKind, reply: boolean])[] = [
  ['vote', false],
  ['vote', true],
  ['append', false],
  ['append', true],
  ['pre_vote', false],
  ['pre_vote', true],
  ['timeout_now', false],
  ['snapshot', false],
  ['snapshot', true],
  ['read', false],
  ['read', true],
];

/** Messages on one line keep this far to the right of their way, so that both directions can be told apart. */
const KEEP_RIGHT_PX = 5;
/** How long an ended message stays to be seen, in virtual microseconds. */
export const AFTERGLOW_US = 40_000;

export class ServerItem {
  id = 0;
  up = true;
  paused = false;
  /** Bits of AILS. */
  ails = 0;
  role: Role = 'follower';
  term = 0;
  votedFor = 0;
  leader = 0;
  commitIndex = 0;
  lastApplied = 0;
  lastIndex = 0;
  durableIndex = 0;
  votesNeeded = 0;
  membership: Membership = 'voter';
  /** Whether the configuration that it counts by is joint, or not committed yet as far as it knows. */
  changing = false;
  /** By its own configuration, how many votes of the old voters it needs besides; 0 unless that is joint. */
  oldNeeded = 0;
  /** The last index that its snapshot stands for; 0 without one. */
  snapshotIndex = 0;
  /** How many saves its disk has under way. */
  saving = 0;
  /** Virtual place. */
  stageX = 0;
  stageY = 0;
  /** Place in CSS pixels. */
  x = 0;
  y = 0;
  /** What is left of the election timer, 1 to 0; -1 without one. */
  timer = -1;
  timerLeftUs = 0;
  timerTotalUs = 0;
  /** A VOTE for each server, in the order of their numbers; only those of one that asks for votes are drawn. */
  votes = new Uint8Array(0);
  /** The entries that the strip shows: terms, and which of them are no-ops or configurations. */
  shown = 0;
  shownFirst = 0;
  entryTerms = new Uint32Array(12);
  entryNoOps = new Uint8Array(12);
  entryMembers = new Uint8Array(12);
  /** Entries before the strip. */
  elided = 0;
}

export class MessageItem {
  id = 0;
  from = 0;
  to = 0;
  kind: MessageKind = 'append';
  reply = false;
  term = 0;
  entries = 0;
  /** 0 none, 1 yes, 2 no. */
  verdict = 0;
  /** 0 on its way, 1 lost, 2 blocked. */
  state = 0;
  /** Since it ended, 0 to 1; 0 while it travels. */
  gone = 0;
  copy = false;
  held = false;
  x = 0;
  y = 0;
  /** The direction it travels in, as a unit vector. */
  dx = 0;
  dy = 0;
  /** How much of its way it has come, from 0 to 1. */
  share = 0;
  /** How long its tail may be without reaching behind its sender. */
  travelled = 0;
}

export class WallItem {
  id = 0;
  stage = { ax: 0, ay: 0, bx: 0, by: 0 };
  /** To which side of it, seen from its end a, messages get through: 1 the right, -1 the left, 0 neither. */
  free: -1 | 0 | 1 = 0;
  /** How many of a thousand of the others get through. */
  othersPermille = 0;
  ax = 0;
  ay = 0;
  bx = 0;
  by = 0;
}

/** One direction between two servers that is not as ways are in this run. */
export class LinkItem {
  from = 0;
  to = 0;
  /** The longest time that a message takes, in milliseconds; 0 when that and what is lost are as everywhere. */
  delayMs = 0;
  /** In tenths of a percent. */
  lossPermille = 0;
  flaps = false;
}

/** Both directions between two servers. */
export enum Way {
  open = 0,
  cut = 1,
  /** Only from the lower to the higher number. */
  upOnly = 2,
  downOnly = 3,
}

/** Whether a server asks for votes, or whether it would get them. */
export const asksForVotes = (server: { up: boolean; role: Role }): boolean =>
  server.up && (server.role === 'candidate' || server.role === 'pre_candidate');

/** Items that are made once and filled again each frame. */
class Pool<T> {
  readonly items: T[] = [];
  count = 0;
  constructor(private readonly make: () => T) {}
  resize(count: number): void {
    while (this.items.length < count) this.items.push(this.make());
    this.count = count;
  }
  at(which: number): T {
    return this.items[which] as T;
  }
}

/**
 * What is to be seen, decided: a display list in CSS pixels, filled from a frame. Nothing here knows of a canvas, and
 * nothing is allocated once the lists have grown to the size of the run.
 */
export class Scene {
  timeUs = 0;
  readonly servers = new Pool(() => new ServerItem());
  readonly messages = new Pool(() => new MessageItem());
  readonly walls = new Pool(() => new WallItem());
  /** How many voters there are, and of the old ones while their majority is needed too. */
  voters = 0;
  oldVoters = 0;
  /** Rises whenever a server has become something else to the cluster. */
  membersVersion = 0;
  /** Messages of these kinds have been seen in this run. */
  readonly seen = { snapshot: false, read: false };
  /** A Way for each pair, row by row: (1,2) (1,3) ... (2,3) ... */
  ways = new Uint8Array(0);
  /** Those with a delay or loss of their own, or that flap: the directions, and for each pair whether one of its two does. */
  readonly links = new Pool(() => new LinkItem());
  own = new Uint8Array(0);

  /** Fills the lists. With `steps`, messages and timers move in that many jumps instead of smoothly; 0: smoothly. */
  build(frame: Frame, layout: Layout, steps: number): void {
    if (frame.timeUs < this.timeUs) this.seen.snapshot = this.seen.read = false;
    this.timeUs = frame.timeUs;
    this.servers.resize(frame.serverCount);
    for (let i = 0; i < frame.serverCount; i += 1) this.fillServer(frame, i, layout, steps);
    this.fillMembers(frame);
    this.messages.resize(frame.messageCount);
    for (let i = 0; i < frame.messageCount; i += 1) this.fillMessage(frame, i, steps);
    this.walls.resize(frame.wallCount);
    for (let i = 0; i < frame.wallCount; i += 1) fillWall(this.walls.at(i), frame, i, layout);
    this.fillWays(frame);
  }

  /** The server with this number, if there is one. */
  server(id: number): ServerItem | undefined {
    return id >= 1 && id <= this.servers.count ? this.servers.at(id - 1) : undefined;
  }

  /** The wall with this number, if there is one. */
  wall(id: number): WallItem | undefined {
    for (let i = 0; i < this.walls.count; i += 1) {
      if (this.walls.at(i).id === id) return this.walls.at(i);
    }
    return undefined;
  }

  /** The lowest number that no wall has. */
  get freeWall(): number {
    let wall = 1;
    while (this.wall(wall)) wall += 1;
    return wall;
  }

  /** The message with this number, if the stage shows it. */
  message(id: number): MessageItem | undefined {
    for (let i = 0; i < this.messages.count; i += 1) if (this.messages.at(i).id === id) return this.messages.at(i);
    return undefined;
  }

  /** The leader of the highest term among the servers that are up. */
  leader(): ServerItem | undefined {
    let found: ServerItem | undefined;
    for (let i = 0; i < this.servers.count; i += 1) {
      const server = this.servers.at(i);
      if (server.up && server.role === 'leader' && (!found || server.term > found.term)) found = server;
    }
    return found;
  }

  private fillServer(frame: Frame, which: number, layout: Layout, steps: number): void {
    const item = this.servers.at(which);
    const lane = (name: number): number => frame.server(which, name);
    item.id = lane(SERVER.id);
    item.up = lane(SERVER.up) !== 0;
    item.paused = lane(SERVER.up) === PAUSED;
    item.ails = lane(SERVER.ails);
    item.role = ROLES[lane(SERVER.role)] ?? 'follower';
    item.term = lane(SERVER.term);
    item.votedFor = lane(SERVER.votedFor);
    item.leader = lane(SERVER.leader);
    item.commitIndex = lane(SERVER.commitIndex);
    item.lastApplied = lane(SERVER.lastApplied);
    item.lastIndex = lane(SERVER.lastIndex);
    item.durableIndex = lane(SERVER.durableIndex);
    item.votesNeeded = lane(SERVER.votesNeeded);
    item.stageX = lane(SERVER.x);
    item.stageY = lane(SERVER.y);
    item.x = toPixelX(layout, item.stageX);
    item.y = toPixelY(layout, item.stageY);
    const left = lane(SERVER.timerLeft);
    const total = lane(SERVER.timerTotal);
    item.timerLeftUs = left;
    item.timerTotalUs = total;
    item.timer = left === NO_TIMER || total === 0 || !item.up ? -1 : inSteps(Math.min(1, left / total), steps * 2);
    if (item.votes.length !== frame.serverCount) item.votes = new Uint8Array(frame.serverCount);
    for (let peer = 0; peer < frame.serverCount; peer += 1) {
      const has = (low: number): boolean => holds(frame, which, low, peer);
      item.votes[peer] = has(SERVER.countedLo)
        ? VOTE.counted
        : has(SERVER.refusedLo)
          ? VOTE.refused
          : has(SERVER.grantedLo)
            ? VOTE.granted
            : VOTE.open;
    }
    const tail = Math.min(lane(SERVER.tailCount), frame.entrySlots, item.entryTerms.length);
    item.shown = Math.min(tail, layout.slots);
    item.shownFirst = lane(SERVER.tailFirst) + tail - item.shown;
    item.elided = Math.max(0, item.shownFirst - 1);
    item.oldNeeded = lane(SERVER.oldNeeded);
    item.snapshotIndex = lane(SERVER.snapshotIndex);
    item.saving = lane(SERVER.saving);
    item.changing = item.oldNeeded > 0;
    for (let slot = 0; slot < tail && !item.changing; slot += 1) {
      item.changing = lane(SERVER.tailFirst) + slot > item.commitIndex && isMembers(frame.entry(which, slot));
    }
    for (let slot = 0; slot < item.shown; slot += 1) {
      const entry = frame.entry(which, tail - item.shown + slot);
      item.entryTerms[slot] = entry % MEMBERS_BIT;
      item.entryNoOps[slot] = entry >= NO_OP_BIT ? 1 : 0;
      item.entryMembers[slot] = isMembers(entry) ? 1 : 0;
    }
  }

  /**
   * Who counts, as the leader has it; without one, as whoever knows most to be committed has it. A server that was removed
   * may never hear of it.
   */
  private fillMembers(frame: Frame): void {
    let by = this.leader();
    for (let i = 0; i < this.servers.count && by?.role !== 'leader'; i += 1) {
      const server = this.servers.at(i);
      const knows = frame.server(i, SERVER.votersLo) !== 0 || frame.server(i, SERVER.votersHi) !== 0;
      if (server.up && knows && (!by || server.commitIndex > by.commitIndex)) by = server;
    }
    // While all are down, what was known last stands.
    if (!by) return;
    const which = by.id - 1;
    this.voters = 0;
    this.oldVoters = 0;
    for (let i = 0; i < this.servers.count; i += 1) {
      const now = holds(frame, which, SERVER.votersLo, i);
      const old = holds(frame, which, SERVER.oldVotersLo, i);
      if (now) this.voters += 1;
      if (old) this.oldVoters += 1;
      const membership = now ? 'voter' : old ? 'old_voter' : holds(frame, which, SERVER.learnersLo, i) ? 'learner' : 'none';
      const server = this.servers.at(i);
      if (server.membership !== membership) this.membersVersion += 1;
      server.membership = membership;
    }
  }

  private fillMessage(frame: Frame, which: number, steps: number): void {
    const item = this.messages.at(which);
    const lane = (name: number): number => frame.message(which, name);
    item.id = lane(MESSAGE.id);
    item.from = lane(MESSAGE.from);
    item.to = lane(MESSAGE.to);
    [item.kind, item.reply] = KINDS[lane(MESSAGE.kind)] ?? ['append', false];
    if (item.kind === 'snapshot' || item.kind === 'read') this.seen[item.kind] = true;
    item.term = lane(MESSAGE.term);
    item.entries = lane(MESSAGE.entries);
    item.verdict = lane(MESSAGE.verdict);
    item.state = lane(MESSAGE.state);
    item.copy = (lane(MESSAGE.flags) & 1) !== 0;
    item.held = (lane(MESSAGE.flags) & HELD) !== 0;
    const ended = item.state !== 0;
    item.gone = ended ? Math.min(1, lane(MESSAGE.sinceEnd) / AFTERGLOW_US) : 0;
    const whole = Math.max(1, lane(MESSAGE.wholeWay));
    const share = Math.min(1, (ended ? lane(MESSAGE.untilEnd) : lane(MESSAGE.sinceSent)) / whole);
    const t = ended ? share : inSteps(share, steps);
    const from = this.server(item.from);
    const to = this.server(item.to);
    if (!from || !to) return;
    const dx = to.x - from.x;
    const dy = to.y - from.y;
    const length = Math.hypot(dx, dy) || 1;
    item.dx = dx / length;
    item.dy = dy / length;
    item.share = t;
    item.travelled = t * length;
    item.x = from.x + dx * t - item.dy * KEEP_RIGHT_PX;
    item.y = from.y + dy * t + item.dx * KEEP_RIGHT_PX;
  }

  private fillWays(frame: Frame): void {
    const n = frame.serverCount;
    const pairs = (n * (n - 1)) / 2;
    if (this.ways.length !== pairs) {
      this.ways = new Uint8Array(pairs);
      this.own = new Uint8Array(pairs);
    }
    this.links.resize(0);
    let pair = 0;
    for (let low = 0; low < n; low += 1) {
      for (let high = low + 1; high < n; high += 1) {
        const up = frame.isCut(low, high);
        const down = frame.isCut(high, low);
        this.ways[pair] = up ? (down ? Way.cut : Way.downOnly) : down ? Way.upOnly : Way.open;
        const own = this.fillLink(frame, low, high);
        this.own[pair] = this.fillLink(frame, high, low) || own ? 1 : 0;
        pair += 1;
      }
    }
  }

  /** Whether this direction is not as all are; then it is listed. */
  private fillLink(frame: Frame, from: number, to: number): boolean {
    const lane = frame.link(from, to);
    if ((lane & (LINK.own | LINK.flaps)) === 0) return false;
    this.links.resize(this.links.count + 1);
    const item = this.links.at(this.links.count - 1);
    item.from = from + 1;
    item.to = to + 1;
    item.delayMs = lane >>> LINK.delayShift;
    item.lossPermille = (lane >>> LINK.lossShift) & 0x3ff;
    item.flaps = (lane & LINK.flaps) !== 0;
    return true;
  }
}

/** Whether a set of servers in two lanes holds one; it counts from 0. */
function holds(frame: Frame, which: number, low: number, server: number): boolean {
  return ((frame.server(which, low + (server >> 5)) >>> (server & 31)) & 1) === 1;
}

const isMembers = (entry: number): boolean => entry % NO_OP_BIT >= MEMBERS_BIT;

function fillWall(item: WallItem, frame: Frame, which: number, layout: Layout): void {
  item.id = frame.wall(which, WALL.id);
  item.stage.ax = frame.wall(which, WALL.ax);
  item.stage.ay = frame.wall(which, WALL.ay);
  item.stage.bx = frame.wall(which, WALL.bx);
  item.stage.by = frame.wall(which, WALL.by);
  const lets = frame.wall(which, WALL.lets);
  item.free = (lets & LETS.rightward) !== 0 ? 1 : (lets & LETS.leftward) !== 0 ? -1 : 0;
  item.othersPermille = lets >>> LETS.othersShift;
  item.ax = toPixelX(layout, item.stage.ax);
  item.ay = toPixelY(layout, item.stage.ay);
  item.bx = toPixelX(layout, item.stage.bx);
  item.by = toPixelY(layout, item.stage.by);
}

/** The middle of the step that a share of the whole falls into; with 0 steps the share itself. */
export function inSteps(share: number, steps: number): number {
  if (steps <= 0) return share;
  return (Math.min(steps - 1, Math.floor(share * steps)) + 0.5) / steps;
}
