import { Cluster, Panicked, type Panic } from './door/cluster';
import type { Frame } from './door/frame';
import { FLAG } from './door/layout';
import type { Input, Instance, JumpKind, Scenario, Violation } from './door/types';
import { type Mark, Marks } from './marks';
import { WRONG } from './lang/en/wrong';
import { Player } from './player';
import type { Scene } from './stage/scene';

/** What a session tells its element. */
export interface Listener {
  /** The frame is new: look at it before anything else calls into wasm. */
  looked(frame: Frame): Scene;
  happened(): void;
  /** This is another moment, or another branch: what was said of the one before does not hold. */
  moved(): void;
  led(leader: number, term: number): void;
  committed(index: number, server: number): void;
  violated(violation: Violation): void;
  panicked(panic: Panic): void;
  /** Time has come to the last moment that is allowed, or to something that it is to stop at. */
  reachedLast(): void;
  stopped(): void;
}

/** What is allowed, and what stops time while it runs. */
export interface Bounds {
  firstUs: number;
  lastUs: number;
  /** FLAG bits. */
  pauseOn: number;
  /** Nothing may be done to the run. */
  readonly: boolean;
}

/** How much virtual time a jump may live through, and how long it may take. */
const JUMP_VIRTUAL_US_MAX = 10_000_000;
const JUMP_MS_MAX = 400;
/** Of more events, which take long to look at, those that rose a commit index are taken for a leader's. */
const EVENTS_LOOKED_AT_MAX = 300;
/** What passes at once is lived in slices of this length at least, and in so many at most, so that marks stand where they belong. */
const SLICE_US_MIN = 10_000;
const SLICES_MAX = 500;
/** What is lived on for when no such event lies ahead; what is done to a run lies in nobody's future. */
const JUMPS: readonly JumpKind[] = ['leader', 'commit', 'violation'];
const UNTIL: Readonly<Record<JumpKind, number>> = { leader: FLAG.leader, commit: FLAG.commit, violation: FLAG.violation, input: 0 };

/** One run with its clock: drives the cluster, looks at what came of it, and says what has changed. */
export class Session {
  readonly player: Player;
  readonly cluster: Cluster;
  readonly marks: Marks;
  ended = false;
  readonly bounds: Bounds = { firstUs: 0, lastUs: Infinity, pauseOn: 0, readonly: false };
  /** Counts up whenever the run is another one, another branch of it, or has been lived again. */
  generation = 0;
  /** Counts up whenever another run begins. */
  runs = 0;
  /** While time runs, it comes to just this moment before it goes beyond. */
  haltUs = Infinity;
  private flags = 0;
  private readonly ledTerms: number[] = [];
  private committedUpTo = 0;
  private stops = false;

  constructor(
    open: () => Instance,
    scenario: Scenario,
    private readonly listener: Listener,
  ) {
    this.cluster = Cluster.start(open, scenario);
    this.marks = new Marks(scenario);
    this.player = new Player(
      {
        advance: (us, maxEvents) => {
          const { timeUs } = this.cluster;
          const slice = Math.min(this.slice(us), this.bounds.lastUs - timeUs, this.haltUs > timeUs ? this.haltUs - timeUs : Infinity);
          const flags = this.liveOn(() => this.cluster.advance(slice, maxEvents));
          const stops = this.stopsAt(flags, timeUs);
          return { reached: slice === us && (flags & FLAG.reached) !== 0, stop: (flags & FLAG.violation) !== 0 || stops || this.atLast || this.cluster.timeUs === this.haltUs };
        },
        timeUs: () => this.cluster.timeUs,
      },
      () => performance.now(),
    );
  }

  /** The nearest moment that is allowed. */
  within(us: number): number {
    return Math.max(this.bounds.firstUs, Math.min(this.bounds.lastUs, us));
  }

  get atLast(): boolean {
    return this.cluster.timeUs >= this.bounds.lastUs;
  }

  restart(scenario: Scenario): void {
    this.guarded(() => this.cluster.restart(scenario));
    this.marks.begin(scenario);
    this.runs += 1;
    this.forget();
    this.look();
    this.listener.happened();
  }

  /** Lives through an animation frame. Panics are told, not thrown: nobody would catch them. */
  frame(timestamp: number): void {
    try {
      this.guarded(() => {
        const { player } = this;
        this.stops = false;
        player.frame(timestamp);
        this.settle();
        if (!player.playing || !(this.stops || this.atLast)) return;
        player.pause();
        if (this.atLast) this.listener.reachedLast();
        else this.listener.stopped();
      });
    } catch (error) {
      if (!(error instanceof Panicked)) throw error;
    }
  }

  /** Lives up to a time, at most so many events. Returns whether that is as far as it goes. */
  live(untilUs: number, maxEvents: number): boolean {
    return this.guarded(() => {
      const { cluster } = this;
      const from = cluster.eventCount;
      let flags = 0;
      do flags = this.liveOn(() => cluster.advance(this.slice(Math.min(SLICE_US_MIN, untilUs - cluster.timeUs)), maxEvents));
      while ((flags & FLAG.violation) === 0 && cluster.timeUs < untilUs && cluster.eventCount - from < maxEvents);
      this.settle();
      return (flags & FLAG.violation) !== 0 || ((flags & FLAG.reached) !== 0 && cluster.timeUs === untilUs);
    });
  }

  /** Does all of this now; it is marked, and undone, as one. */
  input(...inputs: readonly Input[]): void {
    if (this.bounds.readonly) throw new Error(WRONG.readonly);
    this.guarded(() => {
      for (const [at, input] of inputs.entries()) {
        const { branch, timeUs, eventCount } = this.cluster;
        this.cluster.apply(input);
        this.flags |= FLAG.any;
        if (at > 0) continue;
        const present = this.cluster.branch;
        if (present !== branch) {
          this.generation += 1;
          this.marks.fork(present, branch, timeUs);
        }
        // Whatever is done is done at the latest moment of its branch.
        const events = this.cluster.branches()[present]?.lived.events ?? 0;
        this.marks.note(present, { kind: 'input', fromUs: timeUs, us: timeUs, input, events, number: eventCount + 1 });
      }
      // A read that is answered at once may show it.
      if (!this.ended && this.cluster.look().violated) {
        const { branch, timeUs } = this.cluster;
        this.flags |= FLAG.violation;
        this.marks.note(branch, { kind: 'violation', fromUs: timeUs, us: timeUs });
      }
      this.settle();
    });
  }

  pass(us: number): void {
    this.guarded(() => {
      const end = this.cluster.timeUs + us;
      const most = Math.max(SLICE_US_MIN, Math.ceil(us / SLICES_MAX));
      let flags = 0;
      do flags = this.liveOn(() => this.cluster.pass(this.slice(Math.min(most, end - this.cluster.timeUs))));
      while (this.cluster.timeUs < end && (flags & FLAG.violation) === 0);
      this.settle();
    });
  }

  /** Goes to the next event, so many times. Returns how many there were. */
  step(count: number): number {
    let events = 0;
    this.guarded(() => {
      for (; events < count; events += 1) {
        if ((this.liveOn(() => this.cluster.step()) & FLAG.any) === 0) break;
      }
      this.settle();
    });
    return events;
  }

  /** Goes back to the event before. False at the beginning. */
  stepBack(): boolean {
    return this.guarded(() => {
      const moved = this.cluster.stepBack();
      if (moved) this.arrive();
      return moved;
    });
  }

  /** Goes to a moment that was lived. */
  seek(timeUs: number, events?: number): void {
    this.guarded(() => {
      this.cluster.seek(timeUs, events);
      this.arrive();
    });
  }

  /** Goes to the moment just behind an event of the present branch. */
  goTo(timeUs: number, number: number): void {
    this.guarded(() => {
      const { cluster } = this;
      cluster.seek(timeUs, 0);
      while (cluster.eventCount < number && (cluster.step() & FLAG.any) !== 0);
      this.arrive();
    });
  }

  /** Goes to what a mark stands for. */
  goToMark({ kind, fromUs, us, events }: Mark): void {
    this.guarded(() => {
      this.cluster.seek(events === undefined ? fromUs : us, events ?? 0);
      if (events === undefined) this.cluster.jump(kind, true);
      this.arrive();
    });
  }

  /** What would be undone: what was done by hand last, up to this moment. */
  get lastDone(): Mark | undefined {
    return this.marks.lastDone(this.cluster.branch, this.cluster.eventCount);
  }

  /** Goes back to just before what was done by hand last. Returns whether something was. */
  undo(): boolean {
    return this.guarded(() => {
      const { fromUs = 0, events = 0 } = this.lastDone ?? {};
      if (events > 0) this.cluster.seek(fromUs, events - 1);
      else if (fromUs > 0) this.cluster.seek(fromUs - 1);
      else return false;
      this.arrive();
      return true;
    });
  }

  /** Goes over to another branch. */
  switchBranch(branch: number): void {
    this.guarded(() => {
      if (branch !== this.cluster.branch) this.generation += 1;
      this.cluster.switchBranch(branch);
      this.arrive();
    });
  }

  /**
   * Goes to the next such event, or back to the last one. Forward it lives on where none was lived yet, for as long as anyone
   * would wait. Returns whether there was one.
   */
  jump(kind: JumpKind, forward: boolean): boolean {
    return this.guarded(() => {
      const { cluster } = this;
      if (cluster.jump(kind, forward)) this.arrive();
      else if (!forward || UNTIL[kind] === 0) return false;
      else {
        const [us, events] = [cluster.timeUs, cluster.eventsOfNow];
        if (this.liveUntil(UNTIL[kind])) return true;
        // Whoever asked for what does not come is left at the moment where it was asked; what was lived meanwhile lies ahead.
        if (!this.ended) this.seek(us, events);
        return false;
      }
      return true;
    });
  }

  private liveUntil(until: number): boolean {
    let found = false;
    const start = performance.now();
    const end = this.cluster.timeUs + JUMP_VIRTUAL_US_MAX;
    for (let events = 0; this.cluster.timeUs < end; events += 1) {
      const { eventCount } = this.cluster;
      const flags = this.liveOn(() => this.cluster.step());
      found = (flags & until) !== 0 && (until !== FLAG.commit || this.committedSince(eventCount));
      if (found || (flags & FLAG.any) === 0 || (flags & FLAG.violation) !== 0) break;
      if (events % 256 === 255 && performance.now() - start > JUMP_MS_MAX) break;
    }
    this.settle();
    return found;
  }

  /** Whether a leader has committed something since an event: a follower that learns of it commits nothing. */
  private committedSince(number: number): boolean {
    const count = this.cluster.eventCount - number;
    return count > EVENTS_LOOKED_AT_MAX || this.cluster.events(number, count).some(({ event }) => (event as { reason?: { because?: string } } | undefined)?.reason?.because === 'quorum_holds');
  }

  /** Looks at the frame as it is now. */
  look(): Scene {
    return this.listener.looked(this.cluster.look());
  }

  /** Runs something that calls into wasm; a panic is told, and thrown for the caller. */
  guarded<T>(run: () => T): T {
    try {
      return run();
    } catch (error) {
      if (error instanceof Panicked) {
        this.player.pause();
        this.forget();
        if (!error.panic.rebuilt) this.marks.begin(this.cluster.scenario());
        this.look();
        this.listener.panicked(error.panic);
      }
      throw error;
    }
  }

  /** What may be lived at once: up to the end of what was lived, or beyond it. */
  private slice(us: number): number {
    return this.marks.slice(this.cluster.branch, this.cluster.timeUs, us);
  }

  /** Lives on by one slice or event, and marks what happens for the first time. Returns FLAG bits. */
  private liveOn(run: () => number): number {
    const { branch, timeUs, eventCount } = this.cluster;
    const flags = run();
    this.flags |= flags;
    const us = this.cluster.timeUs;
    if (!this.marks.live(branch, timeUs, us)) return flags;
    if ((flags & FLAG.commit) !== 0 && this.committedSince(eventCount)) this.marks.note(branch, { kind: 'commit', fromUs: timeUs, us });
    if ((flags & FLAG.violation) !== 0) this.marks.note(branch, { kind: 'violation', fromUs: timeUs, us });
    const leader = (flags & FLAG.leader) !== 0 ? this.look().leader() : undefined;
    if (leader) this.marks.note(branch, { kind: 'leader', fromUs: timeUs, us, leader: leader.id, term: leader.term });
    return flags;
  }

  /** Whether something has happened that time is to stop at; then it stands right behind it. */
  private stopsAt(flags: number, fromUs: number): boolean {
    const hit = JUMPS.find((kind) => (flags & this.bounds.pauseOn & UNTIL[kind]) !== 0);
    this.stops = hit !== undefined;
    // With a violation time has stopped there anyway.
    if (hit && hit !== 'violation') {
      const { timeUs, eventsOfNow } = this.cluster;
      this.cluster.seek(fromUs);
      this.stops = this.cluster.jump(hit, true) && this.cluster.timeUs <= timeUs;
      // A follower has only learnt of a commit.
      if (!this.stops) this.cluster.seek(timeUs, eventsOfNow);
    }
    return this.stops;
  }

  private forget(): void {
    this.generation += 1;
    this.startAnew();
  }

  /** What is told of is told once, from here on. */
  private startAnew(): void {
    this.flags = 0;
    this.ended = false;
    this.haltUs = Infinity;
    this.ledTerms.length = 0;
    this.committedUpTo = 0;
    this.player.rest();
  }

  /** At another moment of the run. */
  private arrive(): void {
    this.startAnew();
    this.look();
    this.listener.moved();
    // A run ends with its violation, so it can only be where the branch does.
    const ended = this.cluster.timeUs === this.cluster.livedUs && this.cluster.standing().violation !== null;
    this.flags = FLAG.any | (ended ? FLAG.violation : 0);
    this.settle();
  }

  /** Looks, and says what has changed since the last time. */
  private settle(): void {
    const { cluster } = this;
    const us = this.within(cluster.timeUs);
    // What was lived beyond the last moment is there, but not to be seen.
    if (us !== cluster.timeUs) cluster.seek(Math.min(us, cluster.livedUs));
    const scene = this.look();
    const flags = this.flags;
    this.flags = 0;
    if ((flags & FLAG.leader) !== 0) {
      for (let i = 0; i < scene.servers.count; i += 1) {
        const server = scene.servers.at(i);
        if (server.up && server.role === 'leader' && this.ledTerms[server.id] !== server.term) {
          this.ledTerms[server.id] = server.term;
          this.listener.led(server.id, server.term);
        }
      }
    }
    if ((flags & FLAG.commit) !== 0) {
      let index = this.committedUpTo;
      let by = 0;
      for (let i = 0; i < scene.servers.count; i += 1) {
        const server = scene.servers.at(i);
        if (server.commitIndex > index) {
          index = server.commitIndex;
          by = server.id;
        }
      }
      if (by > 0) {
        this.committedUpTo = index;
        this.listener.committed(index, by);
      }
    }
    if ((flags & FLAG.violation) !== 0 && !this.ended) {
      this.ended = true;
      this.player.pause();
      const { violation } = this.cluster.standing();
      this.look();
      if (violation) this.listener.violated(violation);
    }
    if ((flags & FLAG.any) !== 0) this.listener.happened();
  }
}
