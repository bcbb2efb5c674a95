/**
 * A search that tries everything, by one worker: each level rests on the one before, and where the states are kept is one memory.
 * Knows nothing of workers but what they are told and report.
 */

import { ASLEEP_MS, type Hands, SILENT_MS_MAX } from './hunt';
import type { BeginAll, Bounds, Came, Report, Story } from './orders';

/** What up to a number of steps came to. */
export type Level = Pick<Came, 'depth' | 'all' | 'unique'>;

export type Ending =
  | { readonly kind: 'violation' | 'depth' | 'nothing' | 'memory' | 'time' | 'cancelled' }
  | { readonly kind: 'failed'; readonly why: string };

/** Before the first step. */
const BEGIN: Came = { depth: 0, all: 1, unique: 1, beyond: [0, 1], bytes: 0, ended: null, property: null };

export class Everything {
  /** How far it is. */
  came = BEGIN;
  /** The shortest story there is, once it is found. */
  stories: readonly Story[] = [];
  ending: Ending | null = null;
  paused = false;
  readonly levels: Level[] = [];
  private hands: Hands | undefined;
  private spentMs = 0;
  private lookedAt: number;
  private heardAt: number;

  constructor(
    readonly bounds: Bounds,
    private readonly forMs: number,
    start: (begin: BeginAll, heard: (report: Report) => void) => Hands,
    private readonly now: () => number,
  ) {
    this.lookedAt = this.heardAt = now();
    try {
      this.hands = start({ bounds }, (report) => this.hear(report));
    } catch (error) {
      this.end({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
    }
  }

  /** How long it has searched, pauses left out. */
  get elapsedMs(): number {
    return this.spentMs;
  }

  pause(): void {
    if (this.ending || this.paused) return;
    this.look();
    this.paused = true;
    this.hands?.tell({ kind: 'pause' });
  }

  resume(): void {
    if (this.ending || !this.paused) return;
    this.lookedAt = this.heardAt = this.now();
    this.paused = false;
    this.hands?.tell({ kind: 'resume' });
  }

  cancel(): void {
    this.end({ kind: 'cancelled' });
  }

  /** To be called a few times a second: sees whether the worker is silent, and whether the time is up. */
  look(): void {
    if (this.ending || this.paused) return;
    const now = this.now();
    const passed = now - this.lookedAt;
    this.lookedAt = now;
    this.spentMs += passed;
    if (passed > ASLEEP_MS) this.heardAt = now;
    if (now - this.heardAt > SILENT_MS_MAX) this.end({ kind: 'failed', why: '' });
    else if (this.spentMs >= this.forMs) this.end({ kind: 'time' });
  }

  private hear(report: Report): void {
    if (this.ending) return;
    this.heardAt = this.now();
    switch (report.kind) {
      case 'refused':
      case 'failed':
        return this.end({ kind: 'failed', why: report.message });
      case 'came':
        return this.take(report.came);
      case 'story':
        if (report.story) this.stories = [report.story];
        return this.end({ kind: 'violation' });
    }
  }

  private take(came: Came): void {
    const { depth, all, unique, ended } = (this.came = came);
    // The end of each level is reported, before anything of the next is counted.
    if (depth > (this.levels.at(-1)?.depth ?? 0)) this.levels.push({ depth, all, unique });
    // With a violation its story is still to come.
    if (ended !== null && ended !== 'violation') this.end({ kind: ended });
  }

  private end(ending: Ending): void {
    if (this.ending) return;
    if (!this.paused && ending.kind !== 'failed') this.spentMs += this.now() - this.lookedAt;
    this.ending = ending;
    this.hands?.end();
  }
}
