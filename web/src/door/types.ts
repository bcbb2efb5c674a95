/** What crosses the wasm door as objects. Shapes follow raft-sim's serde types. */

import type {
  Branch,
  ClusterState,
  EntryState,
  EventRecord,
  Input,
  JumpKind,
  Linearizability,
  Moment,
  Reason,
  Scenario,
  ServerState,
} from '../raft-playground';

export type {
  Branch,
  ClusterState,
  EntryState,
  EventRecord,
  Input,
  JumpKind,
  Linearizability,
  Moment,
  Reason,
  Role,
  Scenario,
  ServerState,
  Violation,
  WallStops,
  WorldOptions,
} from '../raft-playground';

/** Where two branches part, and what is not the same at the latest moment that both have lived. */
export interface Difference {
  readonly parted_at: Moment;
  /** The first event of each that the other does not have in its place. */
  readonly first: readonly [EventRecord | null, EventRecord | null] | null;
  readonly compared_at: Moment;
  readonly servers: readonly {
    readonly server: number;
    readonly differs_in: readonly ('there' | 'up' | 'term' | 'vote' | 'role' | 'log' | 'commit' | 'configuration' | 'disk' | 'store' | 'timer' | 'place')[];
    /** The first index at which the logs differ. */
    readonly log_from: number | null;
  }[];
  /** Whether other messages are on their way. */
  readonly messages: boolean;
  /** Whether walls, cuts or links differ. */
  readonly network: boolean;
}

/** The class that raft-wasm exports. */
export interface Playground {
  advance(us: number, maxEvents: number): number;
  step(): number;
  time_us(): number;
  event_count(): number;
  fingerprint(): string;
  apply(input: Input): void;
  frame(): number;
  state(): ClusterState;
  /** The same with empty logs and no fingerprint. */
  standing(): ClusterState;
  /** How the clients' history stands, without the rest. */
  linearizability(): Linearizability;
  /** One server of it, with an empty log. */
  server(server: number): ServerState | null;
  /** The cells of a window on the logs, log by log: each a lane as in a frame, 0 where there is no entry. */
  cells(first: number, count: number, server: number, servers: number): Uint32Array;
  entries(server: number, first: number, count: number): EntryState[];
  events(after: number, max: number): EventRecord[];
  scenario(): Scenario;
  /** The run so far as few bytes, for a link, with what is kept beside it: left out, what came with the scenario. */
  encode(page?: NonNullable<Scenario['page']>): Uint8Array;
  /** Goes to a moment that this branch has lived: after so many events of that microsecond, or after all of them. */
  seek(timeUs: number, events?: number): void;
  events_of_now(): number;
  step_back(): boolean;
  /** Goes to the next such event that this branch has lived, or the last one; its number, or 0. */
  jump(kind: JumpKind, forward: boolean): number;
  lived_us(): number;
  branch(): number;
  branches(): Branch[];
  switch_branch(branch: number): void;
  rename_branch(branch: number, name: string): void;
  diff(a: number, b: number): Difference;
  /** With an entry, how that came with the event. */
  why(event: number, entry?: number): Reason[] | null;
  why_leader(server: number): Reason[] | null;
  why_committed(index: number): Reason[] | null;
  free(): void;
}

/** wasm-bindgen's glue after one evaluation. */
export interface Glue {
  readonly Playground: {
    new (scenario: Scenario): Playground;
    fresh_seed(): number;
    /** The scenario that the bytes of `encode` stand for; throws a TypeError that names the byte or the field. */
    decode(bytes: Uint8Array): Scenario;
  };
  initSync(options: { module: WebAssembly.Module }): { readonly memory: { readonly buffer: ArrayBuffer } };
}

/** One living instance of the wasm module. */
export interface Instance {
  readonly glue: Glue;
  readonly memory: { readonly buffer: ArrayBuffer };
  /** What the panic hook has said, line by line. */
  readonly said: readonly string[];
}
