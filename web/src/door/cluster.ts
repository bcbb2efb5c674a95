import { Frame } from './frame';
import { FLAG } from './layout';
import type { Branch, ClusterState, Difference, EntryState, EventRecord, Input, Instance, JumpKind, Linearizability, Playground, Reason, Scenario, ServerState } from './types';

/** Events that one call into wasm may process: more are asked for in turns. */
const EVENTS_A_CALL = 50_000;

/**
 * Where in a run something was done: at `settledUs` everything due had happened, and `eventsAfter` single events after
 * that. Reproducible without knowing what an event is.
 */
export interface Position {
  readonly settledUs: number;
  /** How many times time was settled there: what is done can make something due at that very moment. */
  readonly settles: number;
  readonly eventsAfter: number;
}

/** Goes to another moment or another branch. Returns false when it stays where it is. */
type Move = (playground: Playground) => boolean;

/** Something that was done to the history, where: places are counted anew after a move. */
type Done = { readonly at: Position } & ({ readonly input: Input } | { readonly move: Move; readonly seeks: boolean } | { readonly rename: (playground: Playground) => void });

/** What is shown when wasm has panicked. */
export interface Panic {
  /** What the panic hook said, or the trap's message. */
  readonly message: string;
  /** Everything that someone needs to see it again. */
  readonly report: string;
  /** Whether the run could be brought back to where it was. */
  readonly rebuilt: boolean;
}

/** A cluster without its logs. */
export type Standing = Omit<ClusterState, 'servers' | 'fingerprint'> & { readonly servers: readonly Omit<ServerState, 'log'>[] };

/** Thrown in place of what the panicking call would have returned. */
export class Panicked extends Error {
  override readonly name = 'Panicked';
  constructor(readonly panic: Panic) {
    super(panic.message);
  }
}

/**
 * A run, and the only way into wasm. It remembers what the run was started with and every input with its position, so
 * that after a panic, which leaves the instance's memory in an unknown state, the run can be lived again in a fresh one.
 */
export class Cluster {
  readonly frame = new Frame();
  private instance: Instance;
  private playground: Playground;
  private done: Done[] = [];
  private settledUs = 0;
  private settles = 0;
  private eventsAfter = 0;

  private constructor(
    private readonly open: () => Instance,
    private started: Scenario,
  ) {
    this.instance = open();
    this.playground = new this.instance.glue.Playground(started);
  }

  /** Starts a run. Throws the door's RangeError or TypeError when the scenario is not acceptable. */
  static start(open: () => Instance, scenario: Scenario): Cluster {
    return new Cluster(open, scenario);
  }

  /** A seed that nobody has chosen. */
  freshSeed(): number {
    return this.guarded('fresh_seed()', () => this.instance.glue.Playground.fresh_seed());
  }

  /** A new run in the same instance; the old one goes on if the scenario is refused. */
  restart(scenario: Scenario): void {
    const next = this.guarded('new Playground()', () => new this.instance.glue.Playground(scenario));
    this.playground.free();
    this.playground = next;
    this.started = scenario;
    this.forget();
  }

  get timeUs(): number {
    return this.guarded('time_us()', () => this.playground.time_us());
  }

  get eventCount(): number {
    return this.guarded('event_count()', () => this.playground.event_count());
  }

  /** Lets time pass; processes at most `maxEvents` events. Returns FLAG bits. */
  advance(us: number, maxEvents: number): number {
    const flags = this.guarded(`advance(${us}, ${maxEvents})`, () => this.playground.advance(us, maxEvents));
    if ((flags & FLAG.reached) !== 0) {
      const now = this.playground.time_us();
      this.settles = now === this.settledUs ? this.settles + 1 : 1;
      this.settledUs = now;
      this.eventsAfter = 0;
    } else if ((flags & FLAG.violation) === 0) {
      this.eventsAfter += maxEvents;
    }
    return flags;
  }

  /** Lets exactly `us` pass, however many events that takes, unless a violation stops it. Returns FLAG bits. */
  pass(us: number): number {
    const target = this.timeUs + us;
    let flags = 0;
    for (;;) {
      const now = this.advance(target - this.timeUs, EVENTS_A_CALL);
      flags |= now;
      if ((now & (FLAG.reached | FLAG.violation)) !== 0) return flags;
    }
  }

  /** Processes the very next event. Returns FLAG bits. */
  step(): number {
    const flags = this.guarded('step()', () => this.playground.step());
    if ((flags & FLAG.any) !== 0) this.eventsAfter += 1;
    return flags;
  }

  /** Goes back to the event before. False at the beginning. */
  stepBack(): boolean {
    return this.move('step_back()', (playground) => playground.step_back());
  }

  /** Up to where the present branch was lived. */
  get livedUs(): number {
    return this.guarded('lived_us()', () => this.playground.lived_us());
  }

  /** Goes to a moment that was lived. Throws the door's RangeError when it was not. */
  seek(timeUs: number, events?: number): void {
    const seeks = (playground: Playground): boolean => {
      playground.seek(timeUs, events);
      return true;
    };
    this.move(`seek(${timeUs}, ${events})`, seeks, true);
  }

  /** Goes to the next event of a kind that was lived, or back to the last one. False when there is none. */
  jump(kind: JumpKind, forward: boolean): boolean {
    return this.move(`jump(${kind}, ${forward})`, (playground) => playground.jump(kind, forward) > 0);
  }

  /** The number of the present branch. */
  get branch(): number {
    return this.guarded('branch()', () => this.playground.branch());
  }

  branches(): Branch[] {
    return this.guarded('branches()', () => this.playground.branches());
  }

  /** Throws the door's RangeError when there is no such branch. */
  switchBranch(branch: number): void {
    this.move(`switch_branch(${branch})`, (playground) => {
      playground.switch_branch(branch);
      return true;
    });
  }

  /** Throws the door's RangeError when there is no such branch or it cannot be called so. */
  renameBranch(branch: number, name: string): void {
    const rename = (playground: Playground): void => playground.rename_branch(branch, name);
    this.guarded(`rename_branch(${branch}, ${JSON.stringify(name)})`, () => rename(this.playground));
    this.done.push({ at: this.position(), rename });
  }

  /** Throws the door's RangeError when there is no such branch. */
  diff(a: number, b: number): Difference {
    return this.guarded(`diff(${a}, ${b})`, () => this.playground.diff(a, b));
  }

  why(event: number, entry?: number): Reason[] | null {
    return this.guarded(`why(${event}, ${entry})`, () => this.playground.why(event, entry));
  }

  whyLeader(server: number): Reason[] | null {
    return this.guarded(`why_leader(${server})`, () => this.playground.why_leader(server));
  }

  whyCommitted(index: number): Reason[] | null {
    return this.guarded(`why_committed(${index})`, () => this.playground.why_committed(index));
  }

  /** Does something to the run. Throws the door's RangeError or TypeError when it is refused. */
  apply(input: Input): void {
    this.guarded(`apply(${JSON.stringify(input)})`, () => this.playground.apply(input));
    this.done.push({ at: this.position(), input });
  }

  /** The frame as it is now; read it before the next call. */
  look(): Frame {
    const pointer = this.guarded('frame()', () => this.playground.frame());
    return this.frame.read(this.instance.memory.buffer, pointer);
  }

  state(): ClusterState {
    return this.guarded('state()', () => this.playground.state());
  }

  /** The state without what takes long in a long run: logs are empty, and there is no fingerprint. */
  standing(): Standing {
    return this.guarded('standing()', () => this.playground.standing());
  }

  /** How the clients' history stands. */
  linearizability(): Linearizability {
    return this.guarded('linearizability()', () => this.playground.linearizability());
  }

  /** What is known of a server beside its log. */
  server(server: number): Omit<ServerState, 'log'> | null {
    return this.guarded(`server(${server})`, () => this.playground.server(server));
  }

  /** So many cells of so many logs, log by log, from an index and a server on: lanes of entries, 0 where there is none. */
  cells(first: number, count: number, server: number, servers: number): Uint32Array {
    return this.guarded(`cells(${first}, ${count}, ${server}, ${servers})`, () => this.playground.cells(first, count, server, servers));
  }

  /** At most so many entries of a server's log, from an index on. */
  entries(server: number, first: number, count: number): EntryState[] {
    return this.guarded(`entries(${server}, ${first}, ${count})`, () => this.playground.entries(server, first, count));
  }

  events(after: number, max: number): EventRecord[] {
    return this.guarded(`events(${after}, ${max})`, () => this.playground.events(after, max));
  }

  scenario(): Scenario {
    return this.guarded('scenario()', () => this.playground.scenario());
  }

  /** Whether anything was done to it since it began here. */
  get touched(): boolean {
    return this.done.some((done) => 'input' in done);
  }

  /** The run so far as few bytes, with what is kept beside it. */
  encode(page: NonNullable<Scenario['page']>): Uint8Array {
    return this.guarded('encode()', () => this.playground.encode(page));
  }

  /** The scenario that such bytes stand for. Throws the door's TypeError when they stand for none. */
  decode(bytes: Uint8Array): Scenario {
    return this.guarded('decode()', () => this.instance.glue.Playground.decode(bytes));
  }

  /** How many events of its microsecond have happened. */
  get eventsOfNow(): number {
    return this.guarded('events_of_now()', () => this.playground.events_of_now());
  }

  dispose(): void {
    this.playground.free();
  }

  /** Refusals pass through. Anything else that wasm throws is a panic: the run is lived again, and the caller told. */
  private guarded<T>(call: string, run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (isRefusal(error)) throw error;
      throw new Panicked(this.recover(call, error));
    }
  }

  private recover(call: string, error: unknown): Panic {
    const said = this.instance.said.join('\n');
    const message = said || (error instanceof Error ? error.message : String(error));
    const before = this.position();
    let rebuilt = true;
    let scenario: unknown;
    try {
      this.relive(before);
      scenario = this.playground.scenario();
    } catch {
      rebuilt = false;
      scenario = { ...this.started, inputs: this.done.filter((done) => 'input' in done) };
      this.instance = this.open();
      this.playground = new this.instance.glue.Playground(this.started);
      this.forget();
    }
    const report = JSON.stringify({ panic: message, during: call, at: before, scenario }, null, 1);
    // Rust names the place on the first line and the reason on the second.
    return { message: message.split('\n').slice(0, 2).join(' '), report, rebuilt };
  }

  private move(call: string, move: Move, seeks = false): boolean {
    const moved = this.guarded(call, () => move(this.playground));
    if (!moved) return false;
    const last = this.done[this.done.length - 1];
    // Of many moments that are only passed by, as when a time line is dragged, the last one counts.
    const passed = seeks && this.settles === 0 && this.eventsAfter === 0 && last && 'seeks' in last && last.seeks;
    if (passed) this.done.pop();
    this.done.push({ at: passed ? last.at : this.position(), move, seeks });
    this.settledUs = this.playground.time_us();
    this.settles = 0;
    this.eventsAfter = 0;
    return true;
  }

  private position(): Position {
    return { settledUs: this.settledUs, settles: this.settles, eventsAfter: this.eventsAfter };
  }

  private forget(): void {
    this.done = [];
    this.settledUs = 0;
    this.settles = 0;
    this.eventsAfter = 0;
  }

  /** The same run again in a fresh instance, up to `until`. */
  private relive(until: Position): void {
    this.instance = this.open();
    const playground = new this.instance.glue.Playground(this.started);
    let settledUs = 0;
    let settles = 0;
    let eventsAfter = 0;
    const goTo = (position: Position): void => {
      while (settledUs < position.settledUs || settles < position.settles) {
        const flags = playground.advance(position.settledUs - playground.time_us(), EVENTS_A_CALL);
        if ((flags & FLAG.violation) !== 0) return;
        if ((flags & FLAG.reached) === 0) continue;
        settles = settledUs === position.settledUs ? settles + 1 : 1;
        settledUs = position.settledUs;
        eventsAfter = 0;
      }
      for (; eventsAfter < position.eventsAfter; eventsAfter += 1) playground.step();
    };
    for (const done of this.done) {
      goTo(done.at);
      if ('input' in done) playground.apply(done.input);
      else if ('rename' in done) done.rename(playground);
      else {
        done.move(playground);
        settledUs = playground.time_us();
        settles = 0;
        eventsAfter = 0;
      }
    }
    goTo(until);
    this.playground = playground;
  }
}

/** Whether the door said no, rather than broke: running out of stack is a RangeError too. */
function isRefusal(error: unknown): boolean {
  return (error instanceof RangeError && !/call stack/i.test(error.message)) || error instanceof TypeError;
}
