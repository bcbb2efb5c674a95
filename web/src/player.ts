/** Time: how much virtual time each animation frame lives through. Knows nothing of the DOM. */

import { WRONG } from './lang/en/wrong';

export const SPEED = { min: 0.001, max: 100, opening: 0.02 } as const;

/** After a longer pause between two frames, time goes on as though only this had passed. */
const FRAME_MS_MAX = 100;
/** Virtual time is lived in slices of this many events, so that the clock can be looked at in between. */
const EVENTS_A_SLICE = 150;
/** The speed that is reached is that of about the last second. */
const AVERAGE_MS = 500;
/** A frame may spend this long living through events; what is left over is not made up. */
const BUDGET_MS = 2.5;

/** What the player drives. */
export interface Clockwork {
  /** Lets time pass, with at most so many events; tells whether the whole time has passed and whether to stop. */
  advance(us: number, maxEvents: number): { readonly reached: boolean; readonly stop: boolean };
  timeUs(): number;
}

/** Turns real time into virtual time, carrying what is less than a microsecond from frame to frame. */
export class Player {
  playing = false;
  /** Whether the last frames could not keep up, and the speed that they reached. */
  slowed = false;
  reachedSpeed = 0;
  private chosen: number = SPEED.opening;
  private carryUs = 0;
  private last: number | undefined;
  /** Virtual and real time of the latest frames, the earlier the less. */
  private recentUs = 0;
  private recentMs = 0;

  constructor(
    private readonly clockwork: Clockwork,
    private readonly now: () => number,
  ) {}

  get speed(): number {
    return this.chosen;
  }

  set speed(speed: number) {
    if (typeof speed !== 'number') throw new TypeError(WRONG.speed(typeof speed, SPEED.min, SPEED.max));
    if (!(speed >= SPEED.min && speed <= SPEED.max)) {
      throw new RangeError(WRONG.speed(String(speed), SPEED.min, SPEED.max));
    }
    this.chosen = speed;
    this.carryUs = 0;
    this.recentUs = this.recentMs = 0;
  }

  play(): void {
    this.playing = true;
    this.rest();
  }

  pause(): void {
    this.playing = false;
    this.slowed = false;
  }

  /** Forgets when the last frame was: the time until the next one does not count. */
  rest(): void {
    this.last = undefined;
    this.carryUs = 0;
    this.recentUs = this.recentMs = 0;
  }

  /** Lives through one frame at the real time `timestamp` in milliseconds. Returns whether anything was driven. */
  frame(timestamp: number): boolean {
    if (!this.playing) return false;
    const last = this.last;
    this.last = timestamp;
    if (last === undefined || timestamp <= last) return false;
    const passedMs = timestamp - last;
    const wanted = Math.min(passedMs, FRAME_MS_MAX) * 1000 * this.chosen + this.carryUs;
    const whole = Math.floor(wanted);
    this.carryUs = wanted - whole;
    if (whole === 0) return false;
    const from = this.clockwork.timeUs();
    const target = from + whole;
    const until = this.now() + BUDGET_MS;
    let reached = false;
    for (;;) {
      const slice = this.clockwork.advance(target - this.clockwork.timeUs(), EVENTS_A_SLICE);
      reached = slice.reached;
      if (reached || slice.stop || this.now() >= until) break;
    }
    if (!reached) this.carryUs = 0;
    // What a late frame leaves out is left out too, though all that was wanted was lived.
    this.slowed = !reached || passedMs > FRAME_MS_MAX;
    const stays = Math.exp(-passedMs / AVERAGE_MS);
    this.recentUs = this.recentUs * stays + this.clockwork.timeUs() - from;
    this.recentMs = this.recentMs * stays + passedMs;
    this.reachedSpeed = this.slowed ? Math.min(this.chosen, this.recentUs / this.recentMs / 1000) : this.chosen;
    return true;
  }
}

/** Where a speed stands on a slider from 0 to 1000, logarithmic. */
export const speedToSlider = (speed: number): number =>
  Math.round((Math.log(speed / SPEED.min) / Math.log(SPEED.max / SPEED.min)) * 1000);

/** The speed at a place of the slider, in two figures. */
export function sliderToSpeed(place: number): number {
  const speed = SPEED.min * (SPEED.max / SPEED.min) ** (place / 1000);
  return clampSpeed(speed < 1 ? 1 / Number((1 / speed).toPrecision(2)) : Number(speed.toPrecision(2)));
}

/** The next speed up or down in steps of 1, 2, 5. */
export function nextSpeed(speed: number, up: boolean): number {
  const steps: number[] = [];
  for (let power = 0.001; power <= 100; power *= 10) for (const by of [1, 2, 5]) steps.push(clampSpeed(Number((power * by).toPrecision(1))));
  const found = up ? steps.find((step) => step > speed * 1.001) : steps.reverse().find((step) => step < speed * 0.999);
  return found ?? clampSpeed(up ? SPEED.max : SPEED.min);
}

const clampSpeed = (speed: number): number => Math.min(SPEED.max, Math.max(SPEED.min, speed));
