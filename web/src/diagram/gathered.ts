import type { EventRecord } from '../door/types';

/** A stretch that was lived faster than it could be looked at. */
export interface Gap {
  readonly fromUs: number;
  readonly toUs: number;
}

/** Records that are kept to be drawn; beyond that the oldest go. */
export const KEPT_MAX = 20_000;
/** As many go at once. */
const FORGET_AT_ONCE = 2_000;

/** What is gathered from the records of a run, one after the other, to be drawn. */
export abstract class Gathered {
  /** Rises with each change. */
  version = 0;
  /** The number of the latest record, and its moment. */
  upTo = 0;
  endUs = 0;
  /** Where what is kept begins. */
  fromUs = 0;
  readonly gaps: Gap[] = [];
  protected first = 0;
  private readonly signatures: number[] = [];

  constructor(readonly after = 0) {
    this.upTo = after;
    this.first = after;
  }

  protected abstract take(record: EventRecord): void;
  /** Nobody looked at what there was up to a moment: of what was open, nothing is known any more. */
  protected abstract missed(nextUs: number): void;
  /** The records up to `first` go, and what ended with them; what is kept begins at `fromUs` then. */
  protected abstract forgotten(): void;

  /** How many records are kept. */
  get size(): number {
    return this.upTo - this.first;
  }

  /** Whether a record is the one that is known under its number. What is not kept cannot be told apart. */
  knows(record: EventRecord): boolean {
    const known = this.signatures[record.number - this.first - 1];
    return known === undefined || known === 0 || known === signature(record);
  }

  /** Takes in the record after the latest. */
  add(record: EventRecord): void {
    if (this.upTo === this.after) this.fromUs = this.after === 0 ? 0 : record.time_us;
    this.version += 1;
    this.upTo = record.number;
    this.endUs = record.time_us;
    this.signatures.push(signature(record));
    this.take(record);
    if (this.size > KEPT_MAX + FORGET_AT_ONCE) this.forget(FORGET_AT_ONCE);
  }

  /** Nobody looked at the records up to this number, the next of which is of `nextUs`. */
  skipTo(number: number, nextUs: number): void {
    this.version += 1;
    while (this.upTo < number) {
      this.upTo += 1;
      this.signatures.push(0);
    }
    this.gaps.push({ fromUs: this.endUs, toUs: nextUs });
    this.missed(nextUs);
    this.endUs = nextUs;
    if (this.size > KEPT_MAX + FORGET_AT_ONCE) this.forget(this.size - KEPT_MAX);
  }

  private forget(records: number): void {
    this.first += records;
    this.signatures.splice(0, records);
    this.forgotten();
    drop(this.gaps, (gap) => gap.toUs < this.fromUs);
  }
}

export const num = (value: unknown): number => (typeof value === 'number' ? value : 0);

export function drop<T>(list: T[], which: (item: T) => boolean): void {
  let kept = 0;
  for (const item of list) if (!which(item)) list[kept++] = item;
  list.length = kept;
}

/** Tells records of one number apart; 0 stands for one that nobody looked at. */
function signature(record: EventRecord): number {
  const event = record['event'] as { kind?: string } | undefined;
  const about = num(record['message']) * 37 + num(record['server']) * 11 + record.kind.length * 5 + (event?.kind?.length ?? 0);
  return 1 + record.time_us * 1_024 + (about % 1_023);
}
