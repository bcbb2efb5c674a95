/**
 * `<raft-playground>`: a live Raft cluster in a page.
 *
 * ```html
 * <script type="module" src="raft-playground.js"></script>
 * <raft-playground servers="5" seed="1" speed="0.02" theme="auto"></raft-playground>
 * ```
 *
 * docs/embed/attributes.md documents its attributes: `scenario` and `src` say what it begins with, `servers` and `seed` how large a
 * plain run is and which, `speed`, `start-at`, `autoplay`, `range` and `pause-on` how it goes, `readonly` and `controls` what may be
 * done to it, `loading`, `poster`, `theme` and `lang` how it looks. All elements of a page speak the same language, the one that was
 * set last. `pre-vote`, `check-quorum`, `lease-reads` (boolean) and `snapshot-every` (a number of entries) are the options `pre_vote`,
 * `check_quorum`, `lease_reads` and `snapshot_every` of the first run, and later which of them hold. `measure`: each frame's script
 * time is recorded as a `performance.measure` named `raft-frame`.
 *
 * All times are virtual milliseconds since the start of the run. An argument outside its limits throws a `TypeError` or
 * `RangeError` whose message names it and what was expected; the run then goes on unharmed. Before `ready` has
 * resolved, every method but `play` and `pause` throws.
 */
export declare class RaftPlayground extends HTMLElement {
  /** How many servers there are now. Setting it starts another run with so many. */
  servers: number;
  /** The seed of the run. Setting it starts another run. */
  seed: number;
  /** Resolves when the run can be acted on; rejects when the wasm module cannot be loaded. */
  readonly ready: Promise<void>;
  /** Virtual milliseconds since the start of the run. */
  readonly time: number;
  /** Whether virtual time goes on by itself. */
  readonly playing: boolean;
  /** Virtual seconds a second, 0.001 to 100. */
  speed: number;
  /** Up to which virtual millisecond the present branch of the run was lived. */
  readonly livedMs: number;

  /** Lets time run. It rests while the page is hidden or the element out of sight, and stops at a violation. */
  play(): void;
  /** Stops time. */
  pause(): void;
  /** Goes to the next event, `count` times (1 to 10,000). Returns how many events there were. Pauses. */
  step(count?: number): number;
  /**
   * Goes back to the event before; false at the beginning. Pauses. What is done then begins another branch of the run, and
   * `scenario()` is that of the branch.
   */
  stepBack(): boolean;
  /**
   * Goes to a moment that the present branch has lived (0 to `livedMs`, whole microseconds): after so many `events` of that
   * very microsecond, or after all of them. Pauses. What was lived after it is lived again, and comes out the same, unless
   * something is done before: that begins another branch.
   */
  seek(time_ms: number, events?: number): void;
  /**
   * Goes to the next election won, entry committed, property violated or thing done to the run, or back to the last one
   * before this moment. Forward it goes on living where nothing of that kind was lived yet, for ten virtual seconds at most;
   * not for `input`. Returns whether there was one; backward, nothing changes otherwise. Pauses.
   */
  jump(kind: JumpKind, forward?: boolean): boolean;
  /**
   * Goes back to just before the last thing that was done to the run by hand, up to this moment; a drag counts as one. It is
   * done again when time goes on, unless something else is done before. False when there is none, or it was done at the very
   * beginning. Pauses.
   */
  undo(): boolean;
  /** All branches of the run, by their numbers from 0, and which of them is the present one. */
  branches(): { present: number; all: Branch[] };
  /** Goes over to another branch: to this moment there, or to the end of what was lived of it. Pauses. */
  switchBranch(branch: number): void;
  /** Gives a branch a name of 1 to 64 characters. */
  renameBranch(branch: number, name: string): void;
  /**
   * Why an event happened (its `number`, from 1): the events without which it would not have, itself first. Null when the
   * present branch has no such event up to this moment.
   */
  why(event: number): Reason[] | null;
  /** Why server `id` leads, or did last, up to this moment. Null when it never did. */
  whyLeader(id: number): Reason[] | null;
  /** Why the entry at an index is committed. Null when it is not, at this moment. */
  whyCommitted(index: number): Reason[] | null;
  /** Lets exactly `ms` virtual milliseconds pass (0 to 3,600,000, whole microseconds) while paused. */
  advance(ms: number): void;
  /**
   * Starts a new run. What is left out stays as it was for this element; `options` count as a whole. The inputs of the old
   * run are gone, unless it began with an `initial` state: such a scene stays whole until another number of servers ends it.
   */
  reset(scenario?: Partial<Scenario>): void;

  /** Server `id` loses its volatile state and is silent until it restarts. */
  crash(id: number): void;
  /** Server `id` starts from what its disk holds. */
  restart(id: number): void;
  /** Server `id` acts as though its election timer had run out. */
  timeout(id: number): void;
  /**
   * Leader `id` hands its leadership over to server `to`: it brings its log up to date, then lets it start an election at
   * once. Refused when `id` does not lead, is handing over already, or is `to` itself.
   */
  transfer(id: number, to: number): void;
  /** Cuts all links between different groups; servers not named form one further group. `partition([[1, 2], [3, 4, 5]])` */
  partition(groups: readonly (readonly number[])[]): void;
  /** Removes all walls and mends all links. */
  heal(): void;
  /**
   * Proposes a value of 1 to 64 characters. With `id` it is handed to that server at once, and refused when that
   * server is down or does not lead. Without, a client looks for the leader and retries. `key=value` writes that key,
   * `key+=value` appends to what it holds.
   */
  propose(value: string, id?: number): void;
  /**
   * Asks for the value of a key, `x` when left out. With `id` that server is asked at once, leader or not, and refuses when it
   * follows nobody. Without, a client looks for the leader. The answer is an event of the run.
   */
  read(key?: string, id?: number): void;
  /** One more server appears, with an empty disk and outside the cluster. Returns its number. At most 50 are there. */
  newServer(): number;
  /**
   * Asks server `id`, or the running leader of the highest term, to change the members. Refused when it does not lead,
   * when another change is under way, or when nothing would change.
   */
  setMembers(members: MembersWanted, id?: number): void;
  /** Asks to leave a joint configuration that stays until then (`stays_joint`). */
  leaveJoint(id?: number): void;
  /** Server `id` takes a snapshot of its state machine, which stands for its log up to there. */
  compact(id: number): void;
  /** Moves server `id` to a place on the stage, 0 to 10,000 in both directions. */
  move(id: number, x: number, y: number): void;
  /** Draws a wall, or moves one that is there. Returns its number. */
  wall(line: WallLine, wall?: number): number;
  /** Takes a wall away. */
  removeWall(wall: number): void;

  /** The whole cluster as a plain object. */
  state(): ClusterState;
  /** The run so far: what started it and every input, to be handed to `reset`. */
  scenario(): Scenario;
  /** The run with all that was done to it, where it stands, and how it goes on: to be kept, and handed to `setState`. */
  getState(): PlaygroundState;
  /** Goes back to a state; rejects with what is wrong with it. Branches that were left are not part of it. */
  setState(state: PlaygroundState): Promise<void>;
  /** All that happened up to this moment, a fact a line, as docs/trace.md has it. Fetches a part of its own. */
  exportTrace(): Promise<Blob>;
  /** `scenario()` as the text of a file. */
  exportScenario(): string;
  /** Stops everything and frees the run. The element is of no use afterwards. */
  dispose(): void;

  addEventListener<K extends keyof RaftPlaygroundEventMap>(
    type: K,
    listener: (this: RaftPlayground, event: RaftPlaygroundEventMap[K]) => void,
    options?: boolean | AddEventListenerOptions,
  ): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
}

export interface RaftPlayground extends Reflected {}

/** Attributes that are properties as well; empty or false where they are not set. docs/embedding.md says what each means. */
export interface Reflected {
  src: string;
  startAt: string;
  range: string;
  pauseOn: string;
  loading: string;
  controls: string;
  theme: string;
  poster: string;
  fullPage: string;
  autoplay: boolean;
  readonly: boolean;
}

/** What `getState` returns: plain, so that it can be kept as JSON. */
export interface PlaygroundState {
  version: 1;
  /** The run of the present branch and its moment, as the fragment of a link. */
  link: string;
  speed: number;
  playing: boolean;
}

/** What the page around a frame may send to it; docs/embed/messages.md lists the commands. */
export interface FrameCommand {
  raftPlayground: 1;
  command: string;
  arguments?: readonly unknown[];
  /** With it there is an answer. */
  id?: number | string;
}

/** What the frame answers. */
export interface FrameAnswer {
  raftPlayground: 1;
  reply: number | string;
  result?: unknown;
  error?: { name: string; message: string };
}

/** What the frame tells: the element's events, `resize` with `width` and `height`, and `busy`. */
export interface FrameEvent {
  raftPlayground: 1;
  event: string;
  detail: unknown;
}

/** All bubble and cross shadow roots. */
export interface RaftPlaygroundEventMap extends Omit<HTMLElementEventMap, 'error' | 'play' | 'pause' | 'ended' | 'timeupdate'> {
  /** The run can be acted on. */
  ready: CustomEvent<{ time_ms: number }>;
  /** Time goes on by itself from here. */
  play: CustomEvent<{ time_ms: number }>;
  /** Time has stopped. */
  pause: CustomEvent<{ time_ms: number }>;
  /** The run cannot go on by itself: a property is broken, or this is the last moment of `range`. */
  ended: CustomEvent<{ time_ms: number }>;
  /** This is another moment than before; four times a second at most while time runs. */
  timeupdate: CustomEvent<{ time_ms: number }>;
  /** Something happened; at most once a frame. */
  statechange: CustomEvent<{ time_ms: number }>;
  /** A server began to lead. */
  leaderchange: CustomEvent<{ time_ms: number; leader: number; term: number }>;
  /** The highest commit index of the cluster rose. */
  commit: CustomEvent<{ time_ms: number; index: number; server: number }>;
  /** A property of Raft is broken; time has stopped. */
  violation: CustomEvent<Violation>;
  /**
   * Loading failed, or wasm panicked: `report` is the text that the page offers to copy. After a panic the run is lived again
   * with all its branches, from what was done to it, and is at the same moment as before; if that fails too, it starts anew.
   */
  error: CustomEvent<{ message: string; report: string }>;
}

/** What can be jumped to. */
export type JumpKind = 'leader' | 'commit' | 'violation' | 'input';

/** A place in a run: after so many events of a microsecond. */
export interface Moment {
  time_us: number;
  events: number;
}

/** One line of events among several: what is done in the past begins another. */
export interface Branch {
  branch: number;
  name: string;
  /** The branch that it forked off from, and where; null for the first. */
  parent: number | null;
  forked_at: Moment | null;
  /** How far it was lived. */
  lived: Moment;
}

/** Something that happened. The other fields depend on `kind`. */
export interface EventRecord {
  /** Counted from 1, along its branch from the beginning of the run. */
  readonly number: number;
  readonly time_us: number;
  /** The number of the event that brought it about. */
  readonly cause?: number | null;
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** An event of an explanation; the first is what was asked about. */
export interface Reason {
  readonly record: EventRecord;
  /** The place, in the explanation, of what this helped bring about. */
  readonly explains: number | null;
  /** Whether it was the last that was missing. */
  readonly main: boolean;
}

/** How a run starts, and what is done to it. */
export interface Scenario {
  /** Where docs/scenario.schema.json is, for editors; it says nothing of the run. */
  $schema?: string;
  version?: 1;
  /** 0 to 2^53 - 1. */
  seed?: number;
  /** 1 to 50. */
  servers?: number;
  /** What it is called: 1 to 64 characters. */
  title?: string;
  /** What there is to see: 1 to 1,000 characters. */
  text?: string;
  /** The state that the servers begin with; left out, all are fresh. */
  initial?: Initial;
  options?: Partial<WorldOptions>;
  inputs?: readonly TimedInput[];
  /** What a page keeps beside the run; it says nothing of the run. */
  page?: {
    /** At most 100 moments, each with a name of 1 to 64 characters. */
    bookmarks?: readonly { at_us: number; after_events?: number; name: string }[];
  };
}

/** The state that a run begins with: see docs/scenario-initial.md. */
export interface Initial {
  /** Who counts where logs begin; left out, all servers vote. */
  configuration?: InitialMembers;
  servers?: readonly InitialServer[];
  /** At most 1,000. */
  messages?: readonly InitialMessage[];
}

export interface InitialMembers {
  voters: readonly number[];
  /** The old voters, while both majorities are needed. */
  old?: readonly number[];
  learners?: readonly number[];
}

/** A server as it begins. */
export interface InitialServer {
  server: number;
  /** Left out: the highest anywhere in the state. */
  term?: number;
  /** 0: nobody. Left out: itself for a leader or candidate, else whom it must have voted for. */
  voted_for?: number;
  log?: readonly InitialRun[];
  snapshot?: {
    last_included_index: number;
    last_included_term: number;
    configuration?: InitialMembers;
    /** `key=value` each. */
    values?: readonly string[];
  };
  commit_index?: number;
  role?: 'follower' | 'candidate' | 'leader';
  /** A follower's leader, 0: nobody. Left out: who leads its term. */
  leader?: number;
  /** A candidate's votes beside its own. */
  votes?: readonly number[];
  down?: boolean;
}

/** A term, for one entry that carries nothing; or the term and what follows: how many such entries, values, configurations. */
export type InitialRun = number | readonly [number, ...(number | string | InitialMembers)[]];

/** A message on its way. */
export interface InitialMessage {
  from: number;
  to: number;
  kind: 'request_vote' | 'request_vote_reply' | 'append_entries' | 'append_entries_reply' | 'timeout_now';
  term?: number;
  refused?: boolean;
  prev_log_index?: number;
  entries?: number;
  match_index?: number;
  arrives_us?: number;
}

/** An input and when it is made. */
export interface TimedInput {
  at_us: number;
  /** After how many events of that very microsecond; left out: before the first of them. */
  after_events?: number;
  input: Input;
}

/** Times in microseconds, chances in parts of a million. */
export interface WorldOptions {
  election_timeout_us_min: number;
  election_timeout_us_max: number;
  heartbeat_us: number;
  entries_per_append_max: number;
  /** How many entries may be on their way to a follower, unacknowledged, at most (thesis §10.2.2). */
  entries_in_flight_max: number;
  /** Followers are told at once of what is committed, rather than with the next append or heartbeat. */
  eager_commit: boolean;
  /** How many bytes of a snapshot go into one message at most. */
  snapshot_chunk_bytes: number;
  /** How many entries a server applies since its last snapshot before it takes one by itself; 0: it never does. */
  snapshot_every: number;
  noop_on_election: boolean;
  /** A server asks whether it could win before it enters a new term (thesis §9.6). */
  pre_vote: boolean;
  /** A leader without a quorum steps down, and servers hold on to a leader that they hear from (thesis §6.2). */
  check_quorum: boolean;
  /** A leader answers reads without asking anyone while no other can have been elected (thesis §6.4.1); takes `check_quorum`. */
  lease_reads: boolean;
  clock_drift_ppm_max: number;
  delay_us_min: number;
  delay_us_max: number;
  loss_ppm: number;
  duplicate_ppm: number;
  /** What is added to a message's time: exponentially distributed with this mean; 0 is nothing. */
  delay_tail_us: number;
  /** Messages in one direction of a link never overtake each other. */
  in_order: boolean;
  disk_us_min: number;
  disk_us_max: number;
  /** How many clients write in the background, 0 to 200, each one thing at a time. */
  clients: number;
  /** They want something more some time after an answer (`closed`), or at random moments, answered or not (`open`). */
  client_loop: 'closed' | 'open';
  /** From an answer to the next request; in an open loop, from one wish to the next on average. */
  client_pause_us: number;
  /** How many of a million of the background clients' requests are reads. */
  client_reads_ppm: number;
  /** How many of a million of their other requests append to the key's value rather than set it. */
  client_appends_ppm: number;
  /** How many keys they share, 1 to 100; 0: each has a key of its own. */
  client_keys: number;
  /**
   * How clients read: without an entry in the log (thesis §6.4), by an entry, or at once from the state machine of a server
   * that believes that it leads. The last is not Raft: such a server may have been deposed without knowing.
   */
  client_reads_by: 'read_index' | 'log' | 'local';
  /** Clients ask again until they have their answer; otherwise they go on without knowing what became of it. */
  client_retries: boolean;
  /** What the state machine has applied before it passes over, by each client's numbers (thesis §6.3). */
  sessions: boolean;
  /** How many of a million refusals name a wrong leader. */
  wrong_hints_ppm: number;
  /** Rules of Raft that are switched off, by name: `commit_only_own_term_by_count`, ... */
  rules_off: readonly string[];
}

/** Who shall be in the cluster: voters, at least one, and learners. */
export interface MembersWanted {
  voters: readonly number[];
  learners?: readonly number[];
  /** New voters are brought up to date before they count; true when left out. */
  catch_up?: boolean;
  /** Joint consensus lasts until `leaveJoint`; false when left out. */
  stays_joint?: boolean;
}

/** Which messages a wall stops, as seen from its end a to its end b. */
export type WallStops = 'both' | 'rightward' | 'leftward';

/** The ends of a wall, 0 to 10,000 in both directions. */
export interface WallLine {
  ax: number;
  ay: number;
  bx: number;
  by: number;
}

/** Everything that can be done to a run. */
export type Input =
  | { kind: 'restart' | 'time_out' | 'heartbeat' | 'compact' | 'pause' | 'resume'; server: number }
  /** The server takes `step_us` for each thing that it handles; 0 is normal. */
  | { kind: 'slow'; server: number; step_us: number }
  /** How long a save takes, and whether the disk says too early that it is done; false when left out. */
  | { kind: 'set_disk'; server: number; us_min: number; us_max: number; lies?: boolean }
  /** How many microseconds the server's clock goes on in a second (500,000 to 2,000,000), and how far it is put ahead now. */
  | { kind: 'edit_disk'; server: number; term?: number; voted_for?: number; keep?: number; log?: readonly InitialRun[] }
  | { kind: 'set_clock'; server: number; rate_ppm: number; ahead_us?: number }
  /** How many of the pieces that its disk is writing get onto it: of each save the term with the vote, a snapshot, each entry. */
  | { kind: 'crash'; server: number; written?: number }
  | { kind: 'transfer'; server: number; to: number }
  /** One more server appears, with the next number, an empty disk and nobody it knows. */
  | { kind: 'new_server' }
  /** Asks a leader to change the members: `server`, or the running leader of the highest term. */
  | {
      kind: 'set_members';
      voters: readonly number[];
      learners?: readonly number[];
      server?: number;
      /** New voters are brought up to date before they count; true when left out. */
      catch_up?: boolean;
      /** Joint consensus lasts until `leave_joint`; false when left out. */
      stays_joint?: boolean;
    }
  | { kind: 'leave_joint'; server?: number }
  | { kind: 'propose'; value: string; server?: number }
  /** Asks for the value of a key (`x` when left out), without an entry in the log. */
  | { kind: 'read'; key?: string; server?: number }
  | { kind: 'cut' | 'uncut'; from: number; to: number }
  | { kind: 'partition'; groups: readonly (readonly number[])[] }
  | { kind: 'heal' }
  /** The direction is cut and mended by turns until it is cut or mended otherwise; each turn takes 1 ms to an hour. */
  | { kind: 'flap'; from: number; to: number; up_us: number; down_us: number }
  /** One message on its way, by its number: it stays where it is, goes on, is gone, is doubled, or arrives now. */
  | { kind: 'hold' | 'release' | 'drop' | 'duplicate' | 'deliver'; message: number }
  /** How long one takes for the rest of its way. */
  | { kind: 'set_delay'; message: number; us: number }
  /** The message that left last of those on their way in one direction. */
  | { kind: 'hold_latest'; from: number; to: number }
  | { kind: 'release_all' }
  | {
      kind: 'set_link';
      from: number;
      to: number;
      delay_us_min: number;
      delay_us_max: number;
      loss_ppm: number;
      duplicate_ppm: number;
      /** As in `WorldOptions`; 0 and false when left out. */
      delay_tail_us?: number;
      in_order?: boolean;
    }
  | { kind: 'move'; server: number; x: number; y: number }
  | ({ kind: 'wall'; wall: number } & WallLine)
  /** What a wall stops: in both directions unless it is said, seen from a to b; and all unless `loss_ppm` says otherwise. */
  | { kind: 'set_wall'; wall: number; stops?: WallStops; loss_ppm?: number }
  | { kind: 'remove_wall'; wall: number };

export type Role = 'follower' | 'pre_candidate' | 'candidate' | 'leader';

/** The whole cluster at one moment. */
export interface ClusterState {
  time_ms: number;
  /** 16 hexadecimal digits over the whole state of the world. */
  fingerprint: string;
  servers: ServerState[];
  messages_in_flight: MessageState[];
  links_cut: { from: number; to: number; by: 'hand' | 'wall' }[];
  walls: ({ wall: number; stops: WallStops; loss_ppm: number } & WallLine)[];
  clients: { waiting: string[]; linearizability: Linearizability };
  violation: Violation | null;
}

/** How the check of all that clients were answered stands: whether one order of their operations explains it. */
export interface Linearizability {
  asked: number;
  answered: number;
  /** How many operations ended without an answer. */
  unknown: number;
  /** How often the search for an order was too large to be finished; 0: all that was answered is explained, or `violation` says what is not. */
  undecided: number;
  undecided_since_us: number | null;
}

/** One server. A crashed one shows what its disk holds. */
export interface ServerState {
  id: number;
  up: boolean;
  /** Frozen: what comes waits until it goes on. */
  paused: boolean;
  /** How long it takes for each thing that it handles; 0 is normal. */
  step_ms: number;
  /** How many things it has yet to handle. */
  backlog: number;
  /** Its own clock: how many microseconds it goes on in a second, and what it shows. */
  clock: { rate_ppm: number; shows_ms: number };
  /** How long a save takes, and whether it is said to be done too early. */
  disk: { ms_min: number; ms_max: number; lies: boolean };
  role: Role;
  current_term: number;
  voted_for: number | null;
  leader: number | null;
  commit_index: number;
  last_applied: number;
  durable_index: number;
  election_timer: { started_ms: number; deadline_ms: number } | null;
  /** Of a pre-candidate: its pre-votes. */
  votes: { granted: number[]; refused: number[]; needed: number };
  log: EntryState[];
  next_index: Record<string, number> | null;
  match_index: Record<string, number> | null;
  /** How a leader sends each other member its log. */
  flow: Record<string, 'probe' | 'replicate' | 'snapshot'> | null;
  /** The configuration that it counts by; of a crashed server none. */
  configuration: Members | null;
  /** What stands for its log before the first entry. */
  snapshot: { index: number; term: number; bytes: number } | null;
  store: Record<string, string>;
  x: number;
  y: number;
}

/** One entry of a log. A no-op carries neither a command nor a configuration. */
export interface EntryState {
  index: number;
  term: number;
  command: string | null;
  configuration: Members | null;
}

/** Who counts, and who only learns. */
export interface Members {
  voters: number[];
  /** The old voters, while theirs is a majority that is needed too: joint consensus. */
  old_voters: number[] | null;
  learners: number[];
  /** A joint configuration is left only when that is asked for. */
  stays_joint: boolean;
}

export interface MessageState {
  id: number;
  from: number;
  to: number;
  name: string;
  term: number;
  sent_ms: number;
  arrives_ms: number;
  /** It stays where it is until it is released. */
  held: boolean;
}

/** What Raft guarantees and did not hold, be it of the paper's Figure 3 or what that rests on; and what shows it. */
export interface Violation {
  property: string;
  section: string;
  time_ms: number;
  text: string;
  servers: number[];
  indexes: number[];
  terms: number[];
  /** Operations of clients, the last being the one that cannot be explained. */
  operations: ClientOperation[];
}

/** An operation as its client saw it. */
export interface ClientOperation {
  /** 0 is you, asking a server directly; 1 is your client. */
  client: number;
  sequence: number;
  kind: 'write' | 'append' | 'read';
  key: string;
  /** What was to be written or appended; of a read what it showed, null when nothing was written to the key. */
  value: string | null;
  asked_us: number;
  answered_us: number | null;
}

declare global {
  interface HTMLElementTagNameMap {
    'raft-playground': RaftPlayground;
  }
}
