/** What crosses the wasm door as objects. Shapes follow raft-sim's serde types. */

import type {
  ClusterState,
  Input,
  LogTable,
  Scenario,
} from '../raft-playground';

export type {
  ClusterState,
  EntryState,
  Input,
  LogTable,
  Role,
  Scenario,
  ServerState,
  TableServer,
  Violation,
  WorldOptions,
} from '../raft-playground';

/** Something that happened, as the door tells it. The other fields depend on `kind`; words.ts knows them. */
export interface EventRecord {
  readonly number: number;
  readonly time_us: number;
  /** The number of the event that brought it about. */
  readonly cause?: number | null;
  readonly kind: string;
  readonly [field: string]: unknown;
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
  table(first: number, count: number): LogTable;
  events(after: number, max: number): EventRecord[];
  scenario(): Scenario;
  /** The run so far as few bytes, for a link. */
  encode(): Uint8Array;
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
