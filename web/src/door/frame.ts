import { FOLLOWER, HEADER, LAYOUT_VERSION, LINK, MESSAGE, SERVER, WALL } from './layout';

const TWO_TO_32 = 0x1_0000_0000;

/**
 * A view of the door's frame records. It is taken anew after each call into wasm and read at once: a later call may
 * move the memory from under it.
 */
export class Frame {
  timeUs = 0;
  violated = false;
  serverCount = 0;
  messageCount = 0;
  wallCount = 0;
  followerCount = 0;
  entrySlots = 0;
  events = 0;
  leaderChanges = 0;
  commits = 0;

  private lanes = new Uint32Array(0);
  private servers = 0;
  private messages = 0;
  private walls = 0;
  private entries = 0;
  private links = 0;
  private followers = 0;

  /** Looks at the records behind `pointer`, the address of the header. */
  read(buffer: ArrayBuffer, pointer: number): this {
    if (this.lanes.buffer !== buffer) this.lanes = new Uint32Array(buffer);
    const header = pointer >>> 2;
    const at = (lane: number): number => this.at(header + lane);
    if (at(HEADER.version) !== LAYOUT_VERSION) {
      throw new Error(`the frame has layout ${at(HEADER.version)}; this page reads layout ${LAYOUT_VERSION}`);
    }
    if (at(HEADER.serverLanes) !== SERVER.lanes || at(HEADER.messageLanes) !== MESSAGE.lanes || at(HEADER.wallLanes) !== WALL.lanes || at(HEADER.followerLanes) !== FOLLOWER.lanes) {
      throw new Error('the frame has records of another length than this page reads');
    }
    this.timeUs = at(HEADER.timeLo) + at(HEADER.timeHi) * TWO_TO_32;
    this.violated = (at(HEADER.flags) & 1) !== 0;
    this.serverCount = at(HEADER.serverCount);
    this.messageCount = at(HEADER.messageCount);
    this.wallCount = at(HEADER.wallCount);
    this.followerCount = at(HEADER.followerCount);
    this.entrySlots = at(HEADER.entrySlots);
    this.events = at(HEADER.eventsLo) + at(HEADER.eventsHi) * TWO_TO_32;
    this.leaderChanges = at(HEADER.leaderChanges);
    this.commits = at(HEADER.commits);
    this.servers = at(HEADER.serversPtr) >>> 2;
    this.messages = at(HEADER.messagesPtr) >>> 2;
    this.walls = at(HEADER.wallsPtr) >>> 2;
    this.entries = at(HEADER.entriesPtr) >>> 2;
    this.links = at(HEADER.linksPtr) >>> 2;
    this.followers = at(HEADER.followersPtr) >>> 2;
    return this;
  }

  /** A lane of a server: `which` counts from 0, `lane` is one of SERVER. */
  server(which: number, lane: number): number {
    return this.at(this.servers + which * SERVER.lanes + lane);
  }

  /** A lane of a message. */
  message(which: number, lane: number): number {
    return this.at(this.messages + which * MESSAGE.lanes + lane);
  }

  /** A lane of a wall. */
  wall(which: number, lane: number): number {
    return this.at(this.walls + which * WALL.lanes + lane);
  }

  /** A lane of what a leader knows of another member. */
  follower(which: number, lane: number): number {
    return this.at(this.followers + which * FOLLOWER.lanes + lane);
  }

  /** An entry of a server's tail, as its lane stands. */
  entry(which: number, slot: number): number {
    return this.at(this.entries + which * this.entrySlots + slot);
  }

  /** Whether messages from one server to another are stopped; both count from 0. */
  isCut(from: number, to: number): boolean {
    return (this.link(from, to) & (LINK.byHand | LINK.byWall)) !== 0;
  }

  /** The lane of the link from one server to another; both count from 0. */
  link(from: number, to: number): number {
    return this.at(this.links + from * this.serverCount + to);
  }

  private at(lane: number): number {
    return this.lanes[lane] as number;
  }
}
