import type { EventRecord } from '../door/types';
import { type Gathered, KEPT_MAX } from './gathered';

/** Where a run stands, as the door tells it. */
export interface Standing {
  /** The number of the latest record. */
  readonly count: number;
  readonly timeUs: number;
  /** Up to where the present branch was lived. */
  readonly livedUs: number;
  readonly branch: number;
  /** Counts up whenever the run is another one, or has been lived again. */
  readonly generation: number;
  readonly playing: boolean;
}

type Fetch = (after: number, max: number) => EventRecord[];

/** Records that are fetched for one frame while time runs, and while it does not. */
const FETCH_MAX = 250;
const FETCH_PAUSED_MAX = 1_000;

/**
 * Keeps a model up with a run. What was lived after the present moment stays known as long as it is sure to come again:
 * until the branch is another, or something else happens in its place.
 */
export class Source<M extends Gathered> {
  model: M;
  /** Put together aside, until it is complete. */
  private next: M | undefined;
  private generation = -1;
  private branch = 0;
  /** Up to which record the model is known to be that of the run. */
  private checked = 0;
  private skipped = false;

  /** `make` begins a model after the record of a number. */
  constructor(private readonly make: (after: number) => M) {
    this.model = make(0);
  }

  /** Whether there is more to fetch at once. */
  get behind(): boolean {
    return this.next !== undefined;
  }

  catchUp(run: Standing, fetch: Fetch): void {
    if (run.generation !== this.generation) this.moved(run, fetch);
    if (!run.playing && this.skipped && !this.next) this.begin(run);
    if (this.next) {
      this.refill(this.next, run, fetch);
      return;
    }
    const max = run.playing ? FETCH_MAX : FETCH_PAUSED_MAX;
    // What was known to come is compared with what comes.
    if (this.checked < Math.min(run.count, this.model.upTo)) {
      const ahead = Math.min(run.count, this.model.upTo) - this.checked;
      const after = this.checked + Math.max(0, ahead - max);
      for (const record of fetch(after, ahead + this.checked - after)) {
        if (record.number > run.count || record.number > this.model.upTo) break;
        if (!this.model.knows(record)) return this.again(run, fetch);
      }
      this.checked = Math.min(run.count, this.model.upTo);
    }
    if (run.count <= this.model.upTo) return;
    let after = this.model.upTo;
    if (run.count - after > max) {
      if (!run.playing) return this.again(run, fetch);
      after = run.count - max;
      this.skipped = true;
    }
    const records = fetch(after, max);
    const [first] = records;
    if (first && after > this.model.upTo) this.model.skipTo(after, first.time_us);
    for (const record of records) this.model.add(record);
    this.checked = this.model.upTo;
  }

  /** The run has been lived again, or is another one: the latest record that both have tells. */
  private moved(run: Standing, fetch: Fetch): void {
    const { model } = this;
    const anew = this.generation < 0 || run.branch !== this.branch || run.count - model.upTo > KEPT_MAX;
    this.generation = run.generation;
    this.branch = run.branch;
    const both = Math.min(run.count, model.upTo);
    this.checked = Math.min(this.checked, both);
    const over = model.upTo > run.count && run.livedUs <= run.timeUs;
    const [last] = both > 0 && !anew && !over ? fetch(both - 1, 1) : [];
    if (anew || over || this.next || (last && !model.knows(last))) this.begin(run);
  }

  private again(run: Standing, fetch: Fetch): void {
    const next = this.begin(run);
    this.refill(next, run, fetch);
  }

  /** While time runs there is only so much that can be looked at; the rest follows when it stops. */
  private begin(run: Standing): M {
    const after = Math.max(0, run.count - (run.playing ? FETCH_PAUSED_MAX : KEPT_MAX));
    this.skipped = run.playing && after > 0;
    this.next = this.make(after);
    return this.next;
  }

  /** The latest alone, to be seen while the rest is fetched. */
  private foretaste(run: Standing, fetch: Fetch): M {
    const model = this.make(run.count - FETCH_PAUSED_MAX);
    for (const record of fetch(model.upTo, FETCH_PAUSED_MAX)) model.add(record);
    return model;
  }

  private refill(next: M, run: Standing, fetch: Fetch): void {
    for (const record of run.count > next.upTo ? fetch(next.upTo, FETCH_PAUSED_MAX) : []) next.add(record);
    const whole = next.upTo >= run.count || run.playing;
    if (!whole && next.size > FETCH_PAUSED_MAX) return;
    const seen = whole ? next : this.foretaste(run, fetch);
    seen.version += this.model.version + 1;
    this.model = seen;
    this.checked = seen.upTo;
    if (whole) this.next = undefined;
  }
}
