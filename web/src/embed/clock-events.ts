/** Tells what becomes of time, each thing once: `play`, `pause`, `ended` and `timeupdate`. */

/** While time runs, the moment is told this often. */
const TELL_MS = 250;

/** How a clock stands: in virtual milliseconds, and whether it goes. */
export interface Standing {
  readonly time: number;
  readonly running: boolean;
}

export class ClockEvents {
  private running = false;
  private time = 0;
  private at = -Infinity;

  constructor(
    private readonly now: () => Standing,
    private readonly emit: (type: string, detail: { readonly time_ms: number }) => void,
  ) {}

  /** The clock may have begun or ceased to go. */
  turned(): void {
    const { running, time } = this.now();
    if (running === this.running) return;
    this.running = running;
    this.emit(running ? 'play' : 'pause', { time_ms: time });
  }

  /** It cannot go on. */
  ended(): void {
    this.turned();
    this.emit('ended', { time_ms: this.now().time });
  }

  /** With each frame. */
  frame(timestamp: number): void {
    const { running, time } = this.now();
    if (time === this.time || (running && timestamp - this.at < TELL_MS)) return;
    this.time = time;
    this.at = timestamp;
    this.emit('timeupdate', { time_ms: time });
  }
}
