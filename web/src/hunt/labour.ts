/** What a worker does: one epoch at a time, and between two of them whatever it is told. Knows nothing of workers. */

import type { Ask, Begin, Epoch, Order, Report, Story } from './orders';

/** The engine's search: raft-wasm's `Explorer`. */
export interface Explorer {
  epoch(number: number): Epoch;
  story(epoch: number, at: number): Story | null;
}

/** What is around whoever works, with the engine that it opens. */
export interface Surroundings<Asked, Engine> {
  open(asked: Asked): Engine;
  post(report: Report): void;
  /** Calls it once whatever was said meanwhile has been heard. */
  later(work: () => void): void;
  now(): number;
}

/** What the engine has against values that it is handed; all else that it throws is a panic. */
const isRefusal = (error: unknown): boolean => error instanceof RangeError || error instanceof TypeError;

/** Nothing where it failed, which is reported then. */
export function attempt<T>(post: (report: Report) => void, work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    post({ kind: isRefusal(error) ? 'refused' : 'failed', message: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}

export class Labour {
  private readonly explorer: Explorer | undefined;
  private next: number;
  private upTo: number;
  private paused = false;
  private waits = false;

  constructor(
    private readonly begin: Begin,
    private readonly around: Surroundings<Ask, Explorer>,
  ) {
    this.next = begin.first;
    this.upTo = begin.upTo ?? Infinity;
    this.explorer = attempt(around.post, () => around.open(begin.ask));
    this.goOn();
  }

  hear(order: Order): void {
    if (order.kind === 'tell') {
      const story = attempt(this.around.post, () => this.explorer?.story(order.epoch, order.at));
      if (story !== undefined) this.around.post({ kind: 'story', at: order.at, story });
      return;
    }
    if (order.kind === 'limit') this.upTo = order.epoch;
    else this.paused = order.kind === 'pause';
    this.goOn();
  }

  private goOn(): void {
    if (this.waits || !this.explorer || this.paused || this.next > this.upTo) return;
    this.waits = true;
    this.around.later(() => {
      this.waits = false;
      if (this.paused || this.next > this.upTo) return;
      const from = this.around.now();
      const epoch = attempt(this.around.post, () => this.explorer?.epoch(this.next));
      if (!epoch) return;
      this.next += this.begin.stride;
      this.around.post({ kind: 'epoch', epoch, ms: this.around.now() - from });
      this.goOn();
    });
  }
}
