/** What the page and the workers that search for it say to each other. */

import type { Rule } from '../rules';

/** How the work is shared among strategies, in parts of all of them together. */
export interface Shares {
  swarm: number;
  weighted: number;
  macros: number;
  priorities: number;
  coverage: number;
}

export type On = 'rule' | 'plain' | 'full' | 'all';

/** What is asked of a search: what raft-sim's `explore::Ask` reads. */
export interface Ask {
  readonly seed: number;
  readonly rules_off: readonly Rule[];
  /** A name or an expression of docs/goals.md; left out, any violation. */
  readonly goal?: string;
  readonly on: On;
  readonly servers?: number;
  readonly shares: Shares;
}

/** What is asked of a search that tries everything: what raft-sim's `explore::Bounds` reads. */
export interface Bounds {
  readonly servers: number;
  readonly rules_off: readonly Rule[];
  readonly noop_on_election: boolean;
  readonly terms: number;
  readonly writes: number;
  readonly crashes: number;
  readonly duplicates: number;
  readonly symmetry: boolean;
  readonly depth: number;
  /** In bytes. */
  readonly memory: number;
}

/** How far such a search came. */
export interface Came {
  /** Up to how many steps everything was tried. */
  readonly depth: number;
  /** How many states there were, each counted as often as it was come to. */
  readonly all: number;
  /** How many of them were different. */
  readonly unique: number;
  /** Of the states from which the next step leads further, how many were tried, and how many there are. */
  readonly beyond: readonly [tried: number, of: number];
  readonly bytes: number;
  /** Why it ended; null while it can go on. */
  readonly ended: 'violation' | 'depth' | 'nothing' | 'memory' | null;
  /** What was violated. */
  readonly property: string | null;
}

/** What an epoch came to. */
export interface Epoch {
  readonly number: number;
  readonly strategy: string;
  readonly runs: number;
  readonly actions: number;
  readonly found: readonly { readonly run: number; readonly property: string | null; readonly steps: number }[];
}

/** A find made short, to be played. */
export interface Story {
  readonly property: string | null;
  readonly bytes: Uint8Array;
  readonly title: string;
  readonly text: string;
  readonly steps: readonly string[];
  readonly step_us: number;
  readonly ends_us: number;
  readonly replays: number;
}

/** How a worker begins: it lives the epochs `first`, `first + stride`, ... up to the last one that is of use, if that is known. */
export interface Begin {
  readonly ask: Ask;
  readonly first: number;
  readonly stride: number;
  readonly upTo: number | null;
}

/** How a worker begins that tries everything. */
export interface BeginAll {
  readonly bounds: Bounds;
}

/** Heard between two epochs, or two pieces. */
export type Order =
  | { readonly kind: 'pause' | 'resume' }
  /** Epochs behind this one are of no use any more. */
  | { readonly kind: 'limit'; readonly epoch: number }
  /** Makes one of an epoch's finds short. */
  | { readonly kind: 'tell'; readonly epoch: number; readonly at: number };

export type Report =
  | { readonly kind: 'epoch'; readonly epoch: Epoch; readonly ms: number }
  | { readonly kind: 'came'; readonly came: Came }
  | { readonly kind: 'story'; readonly at: number; readonly story: Story | null }
  /** What is asked for cannot be searched. */
  | { readonly kind: 'refused'; readonly message: string }
  /** It is dead: what it was at is not known to come to an end. */
  | { readonly kind: 'failed'; readonly message: string };
