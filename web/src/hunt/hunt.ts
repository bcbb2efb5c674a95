/**
 * A search by several workers, as one. Epochs rest on nothing but their number, and worker w takes w, w + N, w + 2N, ...: so what
 * is found first is the first epoch in the order of numbers that found something, once all before it are done. That is the same
 * however many workers there are. Knows nothing of workers but what they are told and report.
 */

import type { Ask, Begin, Order, Report, Story } from './orders';

/** Who says nothing for so long is ended. */
export const SILENT_MS_MAX = 20_000;
/** A clock that was not looked at for so long says nothing of the workers: the machine slept. */
export const ASLEEP_MS = 5_000;
/** As many stories are told at most, as there are finds in an epoch. */
const STORIES_MAX = 10;
/** Where so many workers are lost, something is wrong with all of them. */
const LOST_MAX = 20;

export interface Hands {
  tell(order: Order): void;
  end(): void;
}

/** Starts a worker. What it reports is heard until it is ended. */
export type Start = (begin: Begin, heard: (report: Report) => void) => Hands;

interface Worker {
  hands: Hands;
  /** The epoch that it lives now, or would. */
  next: number;
  /** The find that it makes short. */
  tells: number | null;
  heardAt: number;
}

/** Where a worker was lost. */
export interface Lost {
  readonly epoch: number;
  /** What it said last; nothing where it was silent. */
  readonly why: string | null;
}

export type Ending =
  | { readonly kind: 'found' | 'nothing' | 'cancelled' }
  | { readonly kind: 'failed'; readonly why: string };

export class Hunt {
  runs = 0;
  actions = 0;
  /** By strategy, the runs and steps so far. */
  readonly strategies = new Map<string, { runs: number; actions: number }>();
  readonly lost: Lost[] = [];
  /** Once they are all told: the shortest first. */
  stories: readonly Story[] = [];
  ending: Ending | null = null;
  paused = false;
  private readonly workers: Worker[] = [];
  /** The epochs that found something. */
  private readonly finds = new Map<number, number>();
  private readonly told: { readonly at: number; readonly story: Story }[] = [];
  /** Finds that nobody makes short yet; null until it is known which epoch's they are. */
  private untold: number[] | null = null;
  private toTell = 0;
  private spentMs = 0;
  private lookedAt: number;

  constructor(
    private readonly ask: Ask,
    private readonly forMs: number,
    readonly count: number,
    private readonly start: Start,
    private readonly now: () => number,
  ) {
    this.lookedAt = now();
    for (let at = 0; at < count && !this.ending; at += 1) this.employ(at, at);
  }

  /** How long it has searched, pauses left out. */
  get elapsedMs(): number {
    return this.spentMs;
  }

  /** The epoch whose finds are the result: the first that has some, once all before it are done. */
  get certain(): number | null {
    const { first } = this;
    return first < Infinity && this.workers.every(({ next }) => next > first) ? first : null;
  }

  /** How many finds are made short so far, and of how many; null before. */
  get telling(): { readonly done: number; readonly all: number } | null {
    if (!this.untold) return null;
    const inHand = this.workers.filter(({ tells }) => tells !== null).length;
    return { done: this.toTell - this.untold.length - inHand, all: this.toTell };
  }

  pause(): void {
    if (this.ending || this.paused) return;
    this.look();
    this.paused = true;
    this.order({ kind: 'pause' });
  }

  resume(): void {
    if (this.ending || !this.paused) return;
    this.lookedAt = this.now();
    this.paused = false;
    for (const worker of this.workers) worker.heardAt = this.lookedAt;
    this.order({ kind: 'resume' });
    this.settle();
  }

  cancel(): void {
    this.end({ kind: 'cancelled' });
  }

  /** To be called a few times a second: sees who is silent, and whether the time is up. */
  look(): void {
    if (this.ending || this.paused) return;
    const passed = this.spend();
    for (const [at, worker] of this.workers.entries()) {
      if (passed > ASLEEP_MS) worker.heardAt = this.lookedAt;
      const works = worker.tells !== null || (!this.untold && worker.next <= this.first);
      if (works && this.lookedAt - worker.heardAt > SILENT_MS_MAX) this.lose(at, null);
    }
    this.settle();
  }

  /** Counts the time since it did so before, and returns that. */
  private spend(): number {
    const now = this.now();
    const passed = now - this.lookedAt;
    this.lookedAt = now;
    if (!this.untold) this.spentMs += passed;
    return passed;
  }

  /** The first epoch that is known to have finds. */
  private get first(): number {
    return Math.min(...this.finds.keys(), Infinity);
  }

  private employ(at: number, next: number): void {
    if (this.ending) return;
    const { ask, first, count, start } = this;
    const upTo = first < Infinity ? first : null;
    const heard = (report: Report): void => {
      if (!this.ending && this.workers[at] === worker) this.hear(at, worker, report);
    };
    let worker: Worker;
    try {
      worker = { hands: start({ ask, first: next, stride: count, upTo }, heard), next, tells: null, heardAt: this.now() };
    } catch (error) {
      this.end({ kind: 'failed', why: error instanceof Error ? error.message : String(error) });
      return;
    }
    this.workers[at] = worker;
    if (this.paused) worker.hands.tell({ kind: 'pause' });
  }

  private hear(at: number, worker: Worker, report: Report): void {
    worker.heardAt = this.now();
    switch (report.kind) {
      case 'refused':
        return this.end({ kind: 'failed', why: report.message });
      case 'failed':
        this.lose(at, report.message);
        break;
      case 'story':
        worker.tells = null;
        if (report.story) this.told.push({ at: report.at, story: report.story });
        break;
      case 'epoch': {
        const { number, strategy, runs, actions, found } = report.epoch;
        const sum = this.strategies.get(strategy) ?? { runs: 0, actions: 0 };
        this.strategies.set(strategy, { runs: sum.runs + runs, actions: sum.actions + actions });
        this.runs += runs;
        this.actions += actions;
        worker.next = number + this.count;
        if (found.length === 0) break;
        const before = this.first;
        this.finds.set(number, found.length);
        if (number < before) this.order({ kind: 'limit', epoch: number });
      }
    }
    this.settle();
  }

  /** A worker is ended and another takes its place. What it was at is passed over: it would be lost there again. */
  private lose(at: number, why: string | null): void {
    const worker = this.workers[at] as Worker;
    worker.hands.end();
    const epoch = this.untold ? this.first : worker.next;
    this.lost.push({ epoch, why });
    if (this.lost.length >= LOST_MAX) this.end({ kind: 'failed', why: why ?? '' });
    this.employ(at, this.untold ? worker.next : worker.next + this.count);
  }

  /** Whatever follows from what is known now. */
  private settle(): void {
    if (this.ending || this.paused) return;
    const { certain } = this;
    if (certain === null) {
      // Where something was found the few epochs before it are still lived: else the result would rest on the machine.
      if (this.spentMs >= this.forMs && this.first === Infinity) this.end({ kind: 'nothing' });
      return;
    }
    if (!this.untold) {
      this.spend();
      this.toTell = Math.min(this.finds.get(certain) ?? 0, STORIES_MAX);
      this.untold = Array.from({ length: this.toTell }, (_, at) => at);
    }
    for (const worker of this.workers) {
      if (worker.tells !== null) continue;
      const at = this.untold.shift();
      if (at === undefined) break;
      worker.tells = at;
      worker.heardAt = this.now();
      worker.hands.tell({ kind: 'tell', epoch: certain, at });
    }
    if (this.workers.some(({ tells }) => tells !== null)) return;
    this.stories = inOrder(this.told);
    this.end({ kind: 'found' });
  }

  private order(order: Order): void {
    for (const { hands } of this.workers) hands.tell(order);
  }

  private end(ending: Ending): void {
    if (this.ending) return;
    this.ending = ending;
    for (const { hands } of this.workers) hands.end();
  }
}

/** The shortest first, of two as long the one that was found first; those that are the same step by step once. */
function inOrder(told: readonly { readonly at: number; readonly story: Story }[]): Story[] {
  const sorted = [...told].sort((a, b) => a.story.steps.length - b.story.steps.length || a.at - b.at);
  const seen = new Set<string>();
  return sorted.flatMap(({ story }) => {
    const steps = story.steps.join('\n');
    return seen.has(steps) ? [] : (seen.add(steps), [story]);
  });
}
