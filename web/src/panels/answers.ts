import type { EventRecord, ServerState } from '../door/types';
import type { Answer } from './deck';

/** What became of the read that the person asked for last, as the records tell it. */
export class Answers {
  latest: Answer | null = null;
  private compared: Answer | null = null;

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

  /** Once: whoever leads holds another value by now than a read that was answered has shown. */
  outrun(leads: () => Pick<ServerState, 'id' | 'last_applied' | 'store'> | null): { readonly by: number; readonly key: string; readonly value: string } | null {
    const { latest } = this;
    if (latest?.state !== 'answered' || this.compared === latest) return null;
    this.compared = latest;
    const leader = leads();
    const value = leader?.store[latest.key];
    return leader && value !== undefined && leader.last_applied > latest.index && value !== latest.value ? { by: leader.id, key: latest.key, value } : null;
  }

  forget(): void {
    this.latest = null;
  }
}
