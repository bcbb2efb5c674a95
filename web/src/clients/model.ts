import { drop, Gathered, num } from '../diagram/gathered';
import type { EventRecord, Input } from '../door/types';

/** `unknown`: it ended without an answer. `unseen`: nobody looked at the records that tell. */
export type Outcome = 'open' | 'answered' | 'unknown' | 'unseen';

/** An operation of a client, from when it was asked for to its answer. */
export interface Operation {
  /** 0 is the person, asking a server directly; 1 is the person's client. */
  readonly client: number;
  /** Which of the client's lanes: more than one is needed by whoever asks for more before there is an answer. */
  readonly slot: number;
  readonly kind: 'write' | 'append' | 'read';
  readonly key: string;
  /** Of a write what follows its key, with its sign; of a read what it showed, null when nothing was written to the key. */
  value: string | null;
  readonly fromUs: number;
  /** When it ended; meaningless while it is open. */
  toUs: number;
  outcome: Outcome;
  /** The number of the record with which it began. */
  readonly number: number;
  /** The server that was asked last, and the one that answered. */
  server: number;
  by: number;
  tries: number;
  /** Whether it is what showed that no order explains what clients were answered. */
  stale: boolean;
}

export interface Lane {
  readonly client: number;
  readonly slot: number;
}

/** What is asked of a server directly, as long as it is open. */
interface Direct {
  readonly operation: Operation;
  /** The index of the entry, once it is appended. */
  index: number;
}

/** The operations of all clients, gathered from the records of a run. */
export class ClientModel extends Gathered {
  readonly operations: Operation[] = [];
  readonly lanes: Lane[] = [];
  /** Whether some are forgotten. */
  forgot = false;

  private readonly open = new Map<string, Operation>();
  private readonly direct: Direct[] = [];
  private latest: Operation | undefined;
  /** The read that a server answered last; its client may yet have to hear of it. */
  private beingRead: Operation | undefined;

  protected take(record: EventRecord): void {
    const us = record.time_us;
    const server = num(record['server']);
    const operation = this.open.get(name(record));
    switch (record.kind) {
      case 'client_requested': {
        const text = String(record['value'] ?? '');
        const begun = record['reads'] === true ? this.begin(record, num(record['client']), server, 'read', text.slice(0, -1), null) : this.write(record, num(record['client']), server, text);
        this.open.set(name(record), begun);
        break;
      }
      case 'client_retries':
        if (operation) {
          operation.server = server;
          operation.tries += 1;
        }
        break;
      case 'client_answered':
        if (operation) this.end(operation, us, 'answered', server, record['value']);
        this.open.delete(name(record));
        break;
      case 'client_gave_up':
        if (operation) this.end(operation, us, 'unknown', 0);
        this.open.delete(name(record));
        break;
      case 'input_applied':
        this.asked(record, record['input'] as Input);
        break;
      case 'decision':
        this.decided(record, server, record['event'] as Record<string, unknown>);
        break;
      case 'read_answered':
      case 'read_failed':
        this.beingRead = this.operations.find(({ kind, outcome, server: of, key }) => kind === 'read' && outcome === 'open' && of === server && key === record['key']);
        this.endDirect(({ operation: { kind, key, server: of } }) => kind === 'read' && of === server && key === record['key'], us, record.kind === 'read_answered' ? 'answered' : 'unknown', server, record['value'], true);
        break;
      case 'crashed':
        this.endDirect(({ operation: { kind, server: of } }) => kind !== 'read' && of === server, us, 'unknown', 0);
        break;
      case 'violated':
        this.violated(record['property'], us);
        break;
    }
  }

  private asked(record: EventRecord, input: Input): void {
    if (input.kind !== 'read' && input.kind !== 'propose') return;
    const { server } = input;
    if (!server) return;
    const operation = input.kind === 'read' ? this.begin(record, 0, server, 'read', input.key ?? 'x', null) : this.write(record, 0, server, input.value);
    this.direct.push({ operation, index: 0 });
  }

  private decided(record: EventRecord, server: number, event: Record<string, unknown>): void {
    if (event['kind'] === 'entries_appended') {
      const direct = this.direct.find(({ operation }) => operation.number === record.cause);
      if (direct) direct.index = num((event['first'] as { index?: unknown } | undefined)?.index);
    } else if (event['kind'] === 'committed') {
      const upTo = num(event['to']);
      this.endDirect(({ operation, index }) => operation.server === server && index > 0 && index <= upTo, record.time_us, 'answered', server);
    } else if (event['kind'] === 'entries_removed') {
      const from = num((event['first'] as { index?: unknown } | undefined)?.index);
      this.endDirect(({ operation, index }) => operation.server === server && index >= from && index > 0, record.time_us, 'unknown', 0);
    }
  }

  /** It is found out when a client has its answer, or already when a server gives it. */
  private violated(property: unknown, us: number): void {
    const { latest, beingRead } = this;
    if (property === 'linearizability' && latest?.toUs === us) latest.stale = true;
    if (property === 'linearizable_reads' && beingRead) beingRead.stale = true;
  }

  private write(record: EventRecord, client: number, server: number, text: string): Operation {
    const at = text.indexOf('=');
    const appends = at > 0 && text[at - 1] === '+';
    const key = at < 0 ? text : text.slice(0, appends ? at - 1 : at);
    return this.begin(record, client, server, appends ? 'append' : 'write', key, text.slice(key.length));
  }

  private begin(record: EventRecord, client: number, server: number, kind: Operation['kind'], key: string, value: string | null): Operation {
    const busy = this.operations.filter((other) => other.client === client && other.outcome === 'open').map(({ slot }) => slot);
    let slot = 0;
    while (busy.includes(slot)) slot += 1;
    if (!this.lanes.some((lane) => lane.client === client && lane.slot === slot)) {
      this.lanes.push({ client, slot });
      this.lanes.sort((a, b) => a.client - b.client || a.slot - b.slot);
    }
    const operation: Operation = { client, slot, kind, key, value, fromUs: record.time_us, toUs: 0, outcome: 'open', number: record.number, server, by: 0, tries: 1, stale: false };
    this.operations.push(operation);
    return operation;
  }

  private end(operation: Operation, us: number, outcome: Outcome, by: number, value?: unknown): void {
    operation.toUs = us;
    operation.outcome = outcome;
    operation.by = by;
    if (operation.kind === 'read') operation.value = typeof value === 'string' ? value : null;
    this.latest = operation;
  }

  private endDirect(which: (direct: Direct) => boolean, us: number, outcome: Outcome, by: number, value?: unknown, one = false): void {
    for (const direct of this.direct.filter(which).slice(0, one ? 1 : undefined)) {
      this.direct.splice(this.direct.indexOf(direct), 1);
      this.end(direct.operation, us, outcome, by, value);
    }
  }

  protected missed(nextUs: number): void {
    for (const operation of this.operations) {
      if (operation.outcome !== 'open') continue;
      operation.outcome = 'unseen';
      operation.toUs = nextUs;
    }
    this.open.clear();
    this.direct.length = 0;
  }

  protected forgotten(): void {
    const { first } = this;
    const before = this.operations.length;
    drop(this.operations, ({ number, outcome }) => number <= first && outcome !== 'open');
    this.forgot ||= this.operations.length < before;
    this.fromUs = this.operations[0]?.fromUs ?? this.endUs;
  }
}

const name = (record: EventRecord): string => `${num(record['client'])}:${num(record['sequence'])}`;
