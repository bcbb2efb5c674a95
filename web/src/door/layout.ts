/**
 * The frame records as the wasm door lays them out, in lanes of four bytes. A test of the door compares these numbers
 * with the Rust side, and `Frame` refuses a header with another version.
 */
export const LAYOUT_VERSION = 3;

/** Lanes of the header. A `...Ptr` is an address in bytes. */
export const HEADER = {
  version: 0,
  timeLo: 1,
  timeHi: 2,
  flags: 3,
  serverCount: 4,
  serverLanes: 5,
  serversPtr: 6,
  messageCount: 7,
  messageLanes: 8,
  messagesPtr: 9,
  wallCount: 10,
  wallLanes: 11,
  wallsPtr: 12,
  entrySlots: 13,
  entriesPtr: 14,
  linksPtr: 15,
  eventsLo: 16,
  eventsHi: 17,
  leaderChanges: 18,
  commits: 19,
  followerCount: 20,
  followerLanes: 21,
  followersPtr: 22,
  lanes: 24,
} as const;

/** In a server's `up` lane, when it is paused; 1 when it runs, 0 when it is crashed. */
export const PAUSED = 2;

/** Lanes of a server. */
export const SERVER = {
  id: 0,
  up: 1,
  role: 2,
  term: 3,
  votedFor: 4,
  leader: 5,
  commitIndex: 6,
  lastApplied: 7,
  lastIndex: 8,
  durableIndex: 9,
  x: 10,
  y: 11,
  timerLeft: 12,
  timerTotal: 13,
  countedLo: 14,
  countedHi: 15,
  grantedLo: 16,
  grantedHi: 17,
  refusedLo: 18,
  refusedHi: 19,
  tailFirst: 20,
  tailCount: 21,
  votesNeeded: 22,
  saving: 23,
  member: 24,
  votersLo: 25,
  votersHi: 26,
  oldVotersLo: 27,
  oldVotersHi: 28,
  learnersLo: 29,
  learnersHi: 30,
  oldNeeded: 31,
  snapshotIndex: 32,
  snapshotBytes: 33,
  ails: 34,
  lanes: 35,
} as const;

/** Lanes of what a leader knows of another member. */
export const FOLLOWER = { leader: 0, follower: 1, nextIndex: 2, matchIndex: 3, flow: 4, onTheWay: 5, lanes: 6 } as const;

/** What a follower's flow lane says. */
export const FLOW = { probe: 0, asked: 1, replicate: 2, snapshot: 3 } as const;

/** Bits of a server's member lane: what it is in the configuration that it counts by itself. */
export const MEMBER = { voter: 1, oldVoter: 2, learner: 4, joint: 8 } as const;

/** Lanes of a message. */
export const MESSAGE = {
  id: 0,
  from: 1,
  to: 2,
  kind: 3,
  term: 4,
  entries: 5,
  verdict: 6,
  sinceSent: 7,
  wholeWay: 8,
  untilEnd: 9,
  state: 10,
  sinceEnd: 11,
  flags: 12,
  wall: 13,
  lanes: 14,
} as const;

/** Lanes of a wall. */
export const WALL = { id: 0, ax: 1, ay: 2, bx: 3, by: 4, lets: 5, lanes: 6 } as const;

/** In a wall's lane of what it lets through: what goes to one side of it, and from a bit on how many of a thousand others. */
export const LETS = { leftward: 1, rightward: 2, othersShift: 4 } as const;

/** Entries of its log's tail that a server's slots hold at most. */
export const ENTRY_SLOTS = 12;

/** In a timer lane: there is no timer. */
export const NO_TIMER = 0xffff_ffff;

/** In an entry lane: the entry is a no-op. The bits but this and the next are its term. */
export const NO_OP_BIT = 0x8000_0000;

/** In an entry lane: the entry is a configuration. */
export const MEMBERS_BIT = 0x4000_0000;

/** Bits of a server's ails lane: what is not as it should be with it. */
export const AILS = { slow: 1, clockFast: 2, clockSlow: 4, clockAhead: 8, diskSlow: 16, diskLies: 32 } as const;

/** In a message's flags: held where it is. */
export const HELD = 2;

/**
 * Bits of a link lane. With `own` it is not as links are in this run: from `lossShift` on stand ten bits, how many of a
 * thousand messages are lost, and from `delayShift` on sixteen, the longest time that one takes in milliseconds.
 */
export const LINK = { byHand: 1, byWall: 2, flaps: 4, own: 8, lossShift: 4, delayShift: 16 } as const;

/** Bits of what `advance` and `step` return. */
export const FLAG = { reached: 1, violation: 2, leader: 4, commit: 8, any: 16 } as const;

/** The stage's coordinates run from 0 to this in both directions. */
export const STAGE_EXTENT = 10_000;

/** What the world accepts at most. */
export const LIMITS = {
  servers: 50,
  walls: 64,
  valueLength: 64,
  seed: Number.MAX_SAFE_INTEGER,
} as const;
