import { Cluster, Panicked, type Panic } from './door/cluster';
import type { Frame } from './door/frame';
import { FLAG } from './door/layout';
import type { Input, Instance, JumpKind, Scenario, Violation } from './door/types';
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
}

/** How much virtual time a jump may live through, and how long it may take. */
const JUMP_VIRTUAL_US_MAX = 10_000_000;
const JUMP_MS_MAX = 400;
/** What is lived on for when no such event lies ahead; what is done to a run lies in nobody's future. */
const UNTIL: Readonly<Record<JumpKind, number>> = { leader: FLAG.leader, commit: FLAG.commit, violation: FLAG.violation, input: 0 };

/** One run with its clock: drives the cluster, looks at what came of it, and says what has changed. */
export class Session {
  readonly player: Player;
  readonly cluster: Cluster;
  ended = false;
  /** Counts up whenever the run is another one, another branch of it, or has been lived again. */
  generation = 0;
  private flags = 0;
  private readonly ledTerms: number[] = [];
  private committedUpTo = 0;

  constructor(
    open: () => Instance,
    scenario: Scenario,
    private readonly listener: Listener,
  ) {
    this.cluster = Cluster.start(open, scenario);
    this.player = new Player(
      {
        advance: (us, maxEvents) => {
          const flags = this.cluster.advance(us, maxEvents);
          this.flags |= flags;
          return { reached: (flags & FLAG.reached) !== 0, stop: (flags & FLAG.violation) !== 0 };
        },
        timeUs: () => this.cluster.timeUs,
      },
      () => performance.now(),
    );
  }

  restart(scenario: Scenario): void {
    this.guarded(() => this.cluster.restart(scenario));
    this.forget();
    this.look();
    this.listener.happened();
  }

  /** Lives through an animation frame. Panics are told, not thrown: nobody would catch them. */
  frame(timestamp: number): void {
    try {
      this.guarded(() => {
        this.player.frame(timestamp);
        this.settle();
      });
    } catch (error) {
      if (!(error instanceof Panicked)) throw error;
    }
  }

  /** Lives up to a time, at most so many events. Returns whether that is as far as it goes. */
  live(untilUs: number, maxEvents: number): boolean {
    return this.guarded(() => {
      const flags = this.cluster.advance(untilUs - this.cluster.timeUs, maxEvents);
      this.flags |= flags;
      this.settle();
      return (flags & (FLAG.reached | FLAG.violation)) !== 0;
    });
  }

  input(input: Input): void {
    this.guarded(() => {
      const { branch } = this.cluster;
      this.cluster.apply(input);
      if (this.cluster.branch !== branch) this.generation += 1;
      this.flags |= FLAG.any;
      this.settle();
    });
  }

  pass(us: number): void {
    this.guarded(() => {
      this.flags |= this.cluster.pass(us);
      this.settle();
    });
  }

  /** Goes to the next event, so many times. Returns how many there were. */
  step(count: number): number {
    let events = 0;
    this.guarded(() => {
      for (; events < count; events += 1) {
        const flags = this.cluster.step();
        this.flags |= flags;
        if ((flags & FLAG.any) === 0) break;
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
      const found = this.cluster.jump(kind, forward);
      if (found) this.arrive();
      else if (forward && UNTIL[kind] !== 0) return this.liveUntil(UNTIL[kind]);
      return found;
    });
  }

  private liveUntil(until: number): boolean {
    let found = false;
    const start = performance.now();
    const end = this.cluster.timeUs + JUMP_VIRTUAL_US_MAX;
    for (let events = 0; this.cluster.timeUs < end; events += 1) {
      const flags = this.cluster.step();
      this.flags |= flags;
      found = (flags & until) !== 0;
      if (found || (flags & FLAG.any) === 0 || (flags & FLAG.violation) !== 0) break;
      if (events % 256 === 255 && performance.now() - start > JUMP_MS_MAX) break;
    }
    this.settle();
    return found;
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
        this.look();
        this.listener.panicked(error.panic);
      }
      throw error;
    }
  }

  private forget(): void {
    this.generation += 1;
    this.startAnew();
  }

  /** What is told of is told once, from here on. */
  private startAnew(): void {
    this.flags = 0;
    this.ended = false;
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
    const ended = this.cluster.timeUs === this.cluster.livedUs && this.cluster.state().violation !== null;
    this.flags = FLAG.any | (ended ? FLAG.violation : 0);
    this.settle();
  }

  /** Looks, and says what has changed since the last time. */
  private settle(): void {
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
      const { violation } = this.cluster.state();
      this.look();
      if (violation) this.listener.violated(violation);
    }
    if ((flags & FLAG.any) !== 0) this.listener.happened();
  }
}
