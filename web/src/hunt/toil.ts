/** What a worker does that tries everything: piece by piece, and between two of them whatever it is told. Knows nothing of workers. */

import { attempt, type Surroundings } from './labour';
import type { BeginAll, Bounds, Came, Order, Story } from './orders';

/** The engine's search: raft-wasm's `Everything`. */
export interface Thorough {
  go_on(chunks: number): Came;
  story(): Story | null;
}

/** So long nothing is heard at most, and so seldom it is said how far it came. */
const PIECE_MS = 100;
/** Some 20 ms of work. */
const CHUNKS = 4;

export class Toil {
  private readonly thorough: Thorough | undefined;
  private paused = false;
  private waits = false;

  constructor(
    { bounds }: BeginAll,
    private readonly around: Surroundings<Bounds, Thorough>,
  ) {
    this.thorough = attempt(around.post, () => around.open(bounds));
    this.goOn();
  }

  hear(order: Order): void {
    this.paused = order.kind === 'pause';
    this.goOn();
  }

  private goOn(): void {
    const { thorough, around } = this;
    if (this.waits || this.paused || !thorough) return;
    this.waits = true;
    around.later(() => {
      this.waits = false;
      if (this.paused) return;
      const came = attempt(around.post, () => this.piece(thorough));
      if (came?.ended === null) this.goOn();
      if (came?.ended !== 'violation') return;
      const story = attempt(around.post, () => thorough.story());
      if (story !== undefined) around.post({ kind: 'story', at: 0, story });
    });
  }

  /** Goes on for a while. What each number of steps came to is said, and how far it is at the end. */
  private piece(thorough: Thorough): Came {
    for (const until = this.around.now() + PIECE_MS; ; ) {
      const came = thorough.go_on(CHUNKS);
      const isOver = came.ended !== null || this.around.now() >= until;
      if (isOver || came.beyond[0] === 0) this.around.post({ kind: 'came', came });
      if (isOver) return came;
    }
  }
}
