import type { EventRecord } from '../door/types';
import type { Answer } from './deck';

/** What became of the read that the person asked for last, as the records tell it. */
export class Answers {
  latest: Answer | null = null;
  private seen: Answer | null = null;

  /** The person asks for a key: the answer is one of the events to come. */
  asks(key: string, server = 0): void {
    this.latest = { key, asked: server, state: 'waits', value: null, by: 0, index: 0 };
  }

  /** Whether an answer is still to be heard. */
  get waits(): boolean {
    return this.latest?.state === 'waits';
  }

  hear(record: EventRecord): void {
    const { latest } = this;
    if (latest?.state !== 'waits' || record['key'] !== latest.key || (latest.asked > 0 && record['server'] !== latest.asked)) return;
    const [by, index, value] = [Number(record['server']), Number(record['index'] ?? 0), record['value']];
    if (record.kind === 'read_answered') this.latest = { ...latest, state: 'answered', value: typeof value === 'string' ? value : null, by, index };
    // A client that looks for the leader asks again.
    else if (record.kind === 'read_failed' && latest.asked > 0) this.latest = { ...latest, state: 'failed', by };
  }

  /** The answer, the first time that it is asked for. */
  fresh(): Answer | null {
    const { latest, seen } = this;
    this.seen = latest?.state === 'answered' ? latest : null;
    return this.seen === seen ? null : this.seen;
  }

  forget(): void {
    this.latest = null;
  }
}
