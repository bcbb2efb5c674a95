import type { EventRecord, Input, Role } from '../door/types';
import { drop, Gathered, num } from './gathered';

/** What became of a message. Of one whose end fell into a stretch that nobody looked at, nothing is known. */
export type Fate = 'open' | 'delivered' | 'lost' | 'blocked' | 'unknown';

export interface MessageLine {
  readonly id: number;
  readonly from: number;
  readonly to: number;
  readonly name: string;
  readonly reply: boolean;
  /** Whether it is about votes: RequestVote, PreVote, their replies. */
  readonly vote: boolean;
  readonly term: number;
  readonly number: number;
  readonly sentUs: number;
  readonly copy: boolean;
  fate: Fate;
  /** When it arrived or ended; meaningless while it is open. */
  endUs: number;
  /** How far it came, from 0 to 1; for one that stopped on its way, as its time suggests. */
  share: number;
  /** Why it was lost. */
  why: string;
  /** The wall that stopped it, or 0: a cut link. */
  wall: number;
  /** When it began to wait at a receiver that is paused or slow, or -1. */
  waitsUs: number;
  /** Whether it was held on its way. */
  held: boolean;
}

/** A stretch of a server's life. It lasts until the next one begins. */
export interface Span {
  readonly fromUs: number;
  /** Nothing is known until the first event that says something. */
  role: Role | null;
  term: number;
  up: boolean;
  readonly paused: boolean;
}

export interface Election {
  readonly term: number;
  readonly fromUs: number;
  /** When it was over, or -1. */
  toUs: number;
  /** Who won, or 0. */
  leader: number;
}

export interface Commit {
  readonly server: number;
  readonly atUs: number;
  readonly index: number;
  /** Whether the leader counted it, rather than a follower being told. */
  readonly counted: boolean;
}

export type MarkKind = 'crashed' | 'restarted' | 'appeared' | 'refused' | 'violated';

export interface Mark {
  readonly kind: MarkKind;
  /** 0: the whole cluster. */
  readonly server: number;
  readonly atUs: number;
  readonly record: EventRecord;
}

/** A time in which a wall stood, or links were cut by hand (wall 0). */
export interface Barrier {
  readonly wall: number;
  readonly fromUs: number;
  /** -1 while it lasts. */
  toUs: number;
}

/** How far a message seems to have come that ended on its way at most and at least. */
const SHARE_MIN = 0.2;
const SHARE_MAX = 0.85;

/** What is drawn of a run, gathered from its records one after the other. */
export class Model extends Gathered {
  readonly messages: MessageLine[] = [];
  /** By a server's number. */
  readonly lanes: Span[][] = [];
  readonly elections: Election[] = [];
  readonly commits: Commit[] = [];
  readonly marks: Mark[] = [];
  readonly barriers: Barrier[] = [];

  private readonly open = new Map<number, MessageLine>();
  private readonly cuts = new Set<string>();
  private readonly asking = new Set<number>();
  /** What a message takes on its way, on the average. */
  private usualUs = 0;

  /** The stretch of a server's life that a moment falls into. */
  spanAt(server: number, us: number): Span | undefined {
    const spans = this.lanes[server];
    return spans?.[lastBegun(spans, us)];
  }

  protected missed(nextUs: number): void {
    for (const message of this.open.values()) message.fate = 'unknown';
    this.open.clear();
    this.asking.clear();
    for (const spans of this.lanes) spans?.push({ fromUs: nextUs, role: null, term: 0, up: true, paused: false });
    const election = this.elections[this.elections.length - 1];
    if (election && election.toUs < 0) election.toUs = this.endUs;
  }

  protected take(record: EventRecord): void {
    const us = record.time_us;
    switch (record.kind) {
      case 'sent':
        this.sent(record);
        break;
      case 'duplicated': {
        const original = this.open.get(num(record['copy_of']));
        this.line(record, original?.sentUs ?? us, true);
        break;
      }
      case 'delivered':
      case 'lost':
      case 'blocked':
        this.ended(record, record.kind);
        break;
      case 'waits': {
        const message = this.open.get(num(record['message']));
        if (message) message.waitsUs = us;
        break;
      }
      case 'held': {
        const message = this.open.get(num(record['message']));
        if (message) message.held = true;
        break;
      }
      case 'decision':
        this.decided(num(record['server']), record['event'] as Record<string, unknown>, us);
        break;
      case 'crashed':
        this.asking.delete(num(record['server']));
        this.endElectionWithoutCandidates(us);
        this.change(num(record['server']), us, { up: false, paused: false }, { up: true });
        this.marks.push({ kind: 'crashed', server: num(record['server']), atUs: us, record });
        break;
      case 'restarted':
        this.change(num(record['server']), us, { up: true, role: 'follower' }, { up: false });
        this.marks.push({ kind: 'restarted', server: num(record['server']), atUs: us, record });
        break;
      case 'server_appeared':
        this.lanes[num(record['server'])] = [{ fromUs: us, role: 'follower', term: 0, up: true, paused: false }];
        this.marks.push({ kind: 'appeared', server: num(record['server']), atUs: us, record });
        break;
      case 'refused':
        this.marks.push({ kind: 'refused', server: num(record['server']), atUs: us, record });
        break;
      case 'violated':
        this.marks.push({ kind: 'violated', server: 0, atUs: us, record });
        break;
      case 'input_applied':
        this.done(record['input'] as Input, us);
        break;
    }
  }

  private sent(record: EventRecord): void {
    const message = this.line(record, record.time_us, false);
    const { from, term, name } = message;
    const asks: Role | null = name === 'RequestVote' ? 'candidate' : name === 'PreVote' ? 'pre_candidate' : null;
    const leads = name === 'AppendEntries' || name === 'InstallSnapshot' || name === 'TimeoutNow';
    // Who sends says what he is, where that was not known yet. A vote reply is no sign of a role.
    const span = this.now(from);
    if (span.role === null && (asks || leads)) this.learn(span, { role: asks ?? 'leader', term });
    else if (span.term === 0 && term > 0) span.term = term;
  }

  private line(record: EventRecord, sentUs: number, copy: boolean): MessageLine {
    const name = String(record['name'] ?? '');
    const message: MessageLine = {
      id: num(record['message']),
      from: num(record['from']),
      to: num(record['to']),
      name,
      reply: name.endsWith(' reply'),
      vote: name.startsWith('RequestVote') || name.startsWith('PreVote'),
      term: num(record['term']),
      number: record.number,
      sentUs,
      copy,
      fate: 'open',
      endUs: 0,
      share: 1,
      why: '',
      wall: 0,
      waitsUs: -1,
      held: false,
    };
    this.messages.push(message);
    this.open.set(message.id, message);
    return message;
  }

  private ended(record: EventRecord, fate: 'delivered' | 'lost' | 'blocked'): void {
    const id = num(record['message']);
    const message = this.open.get(id);
    if (!message) return;
    this.open.delete(id);
    message.fate = fate;
    message.endUs = record.time_us;
    const took = message.endUs - message.sentUs;
    if (fate === 'delivered') {
      if (message.waitsUs < 0 && !message.held) this.usualUs = this.usualUs === 0 ? took : this.usualUs * 0.95 + took * 0.05;
      return;
    }
    message.why = String(record['why'] ?? '');
    message.wall = num(record['wall']);
    const arrived = message.why === 'receiver_down' || message.why === 'backlog_full' || message.waitsUs >= 0;
    message.share = arrived ? 1 : this.shareAfter(took);
  }

  /** How far a message seems to have come that has travelled for so long. */
  shareAfter(us: number): number {
    return this.usualUs === 0 ? 0.5 : Math.min(SHARE_MAX, Math.max(SHARE_MIN, us / this.usualUs));
  }

  private decided(server: number, event: Record<string, unknown>, us: number): void {
    const term = num(event['term']);
    switch (event['kind']) {
      case 'became_pre_candidate':
        this.change(server, us, { role: 'pre_candidate' }, { role: 'follower', term: num(event['next_term']) - 1 });
        break;
      case 'became_candidate':
        this.change(server, us, { role: 'candidate', term }, { role: 'follower', term: term - 1 });
        this.asking.add(server);
        this.election(term, us);
        break;
      case 'became_leader': {
        this.change(server, us, { role: 'leader', term }, { role: 'candidate', term });
        this.asking.delete(server);
        const election = this.election(term, us);
        election.toUs = us;
        election.leader = server;
        break;
      }
      case 'became_follower':
        this.change(server, us, { role: 'follower', term }, { role: event['from'] as Role });
        this.asking.delete(server);
        this.endElectionWithoutCandidates(us);
        break;
      case 'term_adopted':
        this.change(server, us, { term: num(event['to']) }, { role: 'follower', term: num(event['from']) });
        break;
      case 'committed': {
        const counted = (event['reason'] as Record<string, unknown> | undefined)?.['because'] === 'quorum_holds';
        this.commits.push({ server, atUs: us, index: num(event['to']), counted });
        break;
      }
    }
  }

  private done(input: Input, us: number): void {
    switch (input.kind) {
      case 'pause':
      case 'resume':
        this.change(input.server, us, { paused: input.kind === 'pause' }, {});
        return;
      case 'wall':
        this.raise(input.wall, us);
        return;
      case 'remove_wall':
        this.lower(us, (barrier) => barrier.wall === input.wall);
        return;
      case 'heal':
        this.cuts.clear();
        this.lower(us, () => true);
        return;
      case 'cut':
        this.cuts.add(`${input.from}>${input.to}`);
        break;
      case 'uncut':
        this.cuts.delete(`${input.from}>${input.to}`);
        break;
      case 'partition':
        this.cuts.clear();
        if (input.groups.length > 1) this.cuts.add('groups');
        break;
      default:
        return;
    }
    if (this.cuts.size > 0) this.raise(0, us);
    else this.lower(us, (barrier) => barrier.wall === 0);
  }

  private raise(wall: number, us: number): void {
    if (!this.barriers.some((barrier) => barrier.wall === wall && barrier.toUs < 0)) this.barriers.push({ wall, fromUs: us, toUs: -1 });
  }

  private lower(us: number, which: (barrier: Barrier) => boolean): void {
    for (const barrier of this.barriers) if (barrier.toUs < 0 && which(barrier)) barrier.toUs = us;
  }

  private election(term: number, us: number): Election {
    const last = this.elections[this.elections.length - 1];
    if (last && last.toUs < 0 && last.term === term) return last;
    if (last && last.toUs < 0 && last.term < term) last.toUs = us;
    const election: Election = { term, fromUs: us, toUs: -1, leader: 0 };
    this.elections.push(election);
    return election;
  }

  private endElectionWithoutCandidates(us: number): void {
    const last = this.elections[this.elections.length - 1];
    if (last && last.toUs < 0 && this.asking.size === 0) last.toUs = us;
  }

  /** The present stretch of a server; before anything is known of it, one that says so. */
  private now(server: number): Span {
    const spans = (this.lanes[server] ??= [{ fromUs: this.fromUs, role: null, term: 0, up: true, paused: false }]);
    return spans[spans.length - 1] as Span;
  }

  /** A new stretch begins; what it says of the one before is taken down there if nothing was known of it. */
  private change(server: number, us: number, to: Partial<Span>, before: Partial<Span>): void {
    const span = this.now(server);
    if (span.role === null) this.learn(span, before);
    const spans = this.lanes[server] as Span[];
    const next: Span = { ...span, ...to, fromUs: us };
    // What happens at one moment is one change.
    if (span.fromUs === us && spans.length > 1) spans.pop();
    spans.push(next);
  }

  private learn(span: Span, known: Partial<Span>): void {
    if (known.role) span.role = known.role;
    if (known.term !== undefined && known.term > 0) span.term = known.term;
    if (known.up !== undefined) span.up = known.up;
  }

  protected forgotten(): void {
    const kept = this.messages.findIndex((message) => message.number > this.first);
    const gone = this.messages.splice(0, kept < 0 ? this.messages.length : kept);
    for (const message of gone) if (message.fate === 'open') this.open.delete(message.id);
    this.fromUs = this.messages[0]?.sentUs ?? this.endUs;
    const since = this.fromUs;
    drop(this.elections, (election) => election.toUs >= 0 && election.toUs < since);
    drop(this.commits, (commit) => commit.atUs < since);
    drop(this.marks, (mark) => mark.atUs < since);
    drop(this.barriers, (barrier) => barrier.toUs >= 0 && barrier.toUs < since);
    for (const spans of this.lanes) {
      if (!spans) continue;
      const current = lastBegun(spans, since);
      if (current > 0) spans.splice(0, current);
    }
  }
}

/** The place of the last stretch that had begun at a moment, or -1. */
export function lastBegun(spans: readonly Span[], us: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle] as Span).fromUs <= us) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
