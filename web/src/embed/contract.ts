/** What raft-playground.d.ts promises to the page around: methods that look at what they are handed before anything is done. */

import { LitElement } from 'lit';
import { anotherServer, branchName, groupsOf, jumpKind, keyToRead, membersOf, microseconds, proposal, wholeNumber } from '../args';
import type { Desk } from '../desk';
import { LIMITS, STAGE_EXTENT } from '../door/layout';
import type { Branch, ClusterState, Input, JumpKind, Reason, Scenario, WorldOptions } from '../door/types';
import { writeFragment } from '../keep/link';
import { WRONG } from '../lang/en/wrong';
import type { Narrator } from '../narrator';
import type { Panels } from '../panels/panels';
import { SPEED } from '../player';
import type { MembersWanted, PlaygroundState, RaftPlayground, Reflected, WallLine } from '../raft-playground';
import type { Session } from '../session';
import type { Scene } from '../stage/scene';
import type { Stage } from '../stage/view';
import { WORDS } from '../words';
import type { ClockEvents } from './clock-events';
import type { Settings } from './settings';

/** The methods that raft-playground.d.ts promises; what attributes are made of is in reflected.ts. */
type Api = Omit<RaftPlayground, keyof HTMLElement | keyof Reflected>;

const ADVANCE_MS_MAX = 3_600_000;
const STEPS_MAX = 10_000;

export abstract class Contract extends LitElement implements Omit<Api, 'ready' | 'seed' | 'dispose'> {
  abstract readonly desk: Desk;
  abstract readonly stage: Stage | undefined;
  protected session: Session | undefined;
  protected started: Scenario = {};
  /** The conditions before a scene, to which a run with another number of servers goes back. */
  protected optionsBefore: Partial<WorldOptions> = {};
  protected wantsToPlay = false;
  protected wantedSpeed: number = SPEED.opening;
  protected disposed = false;
  protected abstract readonly clock: ClockEvents;
  protected abstract readonly narrator: Narrator;
  protected abstract readonly panels: Panels;

  abstract invalidate(soon?: boolean): void;
  /** Starts a run that is a scenario and nothing else; the one before goes on if it is refused. */
  abstract open(scenario: Scenario): void;
  protected abstract renew(session: Session, scenario: Scenario): void;
  protected abstract set(): Promise<Settings>;

  get time(): number {
    return this.session ? this.session.cluster.timeUs / 1000 : 0;
  }

  get playing(): boolean {
    return this.session ? this.session.player.playing : this.wantsToPlay;
  }

  get speed(): number {
    return this.session?.player.speed ?? this.wantedSpeed;
  }

  set speed(speed: number) {
    if (this.session) this.session.player.speed = speed;
    else this.wantedSpeed = speed;
    this.invalidate();
  }

  get servers(): number {
    return this.serverCount;
  }

  set servers(count: number) {
    this.setAttribute('servers', String(count));
  }

  play(): void {
    this.wantsToPlay = true;
    const { session } = this;
    if (!session || this.ended) return;
    // As with a film: after the last moment comes the first.
    if (session.atLast) session.seek(session.bounds.firstUs);
    session.player.play();
    this.clock.turned();
    this.invalidate();
  }

  pause(): void {
    this.wantsToPlay = false;
    this.session?.player.pause();
    this.clock.turned();
    this.invalidate();
  }

  step(count = 1): number {
    wholeNumber('count', count, 1, STEPS_MAX);
    const session = this.running();
    this.pause();
    const events = session.step(count);
    this.invalidate();
    return events;
  }

  stepBack(): boolean {
    const session = this.running();
    this.pause();
    const moved = session.stepBack();
    this.invalidate();
    return moved;
  }

  get livedMs(): number {
    return this.session ? this.session.cluster.livedUs / 1000 : 0;
  }

  seek(time_ms: number, events?: number): void {
    const session = this.running();
    const { firstUs, lastUs } = session.bounds;
    const us = microseconds('time_ms', time_ms, Math.min(this.livedMs, lastUs / 1000), firstUs / 1000);
    if (events !== undefined) wholeNumber('events', events, 0, 0xffff_ffff);
    this.pause();
    session.seek(us, events);
    this.invalidate();
  }

  undo(): boolean {
    const session = this.running();
    this.pause();
    const undone = session.undo();
    this.invalidate();
    return undone;
  }

  jump(kind: JumpKind, forward = true): boolean {
    jumpKind(kind);
    const session = this.running();
    this.pause();
    const found = session.jump(kind, Boolean(forward));
    this.invalidate();
    return found;
  }

  branches(): { present: number; all: Branch[] } {
    const session = this.running();
    return session.guarded(() => ({ present: session.cluster.branch, all: session.cluster.branches() }));
  }

  switchBranch(branch: number): void {
    const session = this.running();
    wholeNumber('branch', branch, 0, this.branches().all.length - 1);
    this.pause();
    session.switchBranch(branch);
    this.invalidate();
  }

  renameBranch(branch: number, name: string): void {
    const session = this.running();
    wholeNumber('branch', branch, 0, this.branches().all.length - 1);
    session.guarded(() => session.cluster.renameBranch(branch, branchName(name)));
    this.invalidate();
  }

  why(event: number): Reason[] | null {
    wholeNumber('event', event, 1, Number.MAX_SAFE_INTEGER);
    const session = this.running();
    return session.guarded(() => session.cluster.why(event));
  }

  whyLeader(id: number): Reason[] | null {
    const session = this.running();
    this.serverId('id', id);
    return session.guarded(() => session.cluster.whyLeader(id));
  }

  whyCommitted(index: number): Reason[] | null {
    wholeNumber('index', index, 1, Number.MAX_SAFE_INTEGER);
    const session = this.running();
    return session.guarded(() => session.cluster.whyCommitted(index));
  }

  advance(ms: number): void {
    const us = microseconds('ms', ms, ADVANCE_MS_MAX);
    const session = this.running();
    if (session.player.playing) throw new Error(WRONG.playing);
    session.pass(us);
    this.invalidate();
  }

  reset(scenario: Partial<Scenario> = {}): void {
    this.running();
    if (typeof scenario !== 'object' || scenario === null) throw new TypeError(WRONG.scenario);
    if (scenario.servers !== undefined) wholeNumber('servers', scenario.servers, 1, LIMITS.servers);
    if (scenario.seed !== undefined) wholeNumber('seed', scenario.seed, 0, LIMITS.seed);
    const { page, ...started } = this.started;
    const { inputs: _inputs, title: _title, text: _text, initial, ...plain } = started;
    const left = scenario.servers !== undefined || scenario.initial !== undefined;
    // Another number of servers ends a scene, and the conditions go back to what they were before it.
    const kept: Scenario = initial === undefined ? plain : left ? { ...plain, options: this.optionsBefore } : started;
    // In another run, what its moments were called may not be so.
    const same = kept === started && page && Object.keys(scenario).length === 0;
    const next: Scenario = { ...kept, ...(same ? { page } : {}), ...scenario, version: 1 };
    // A run that is only to be looked at may be looked at again.
    if (same || Object.keys(scenario).length === 0) this.renew(this.running(), next);
    else this.open(next);
  }

  crash(id: number): void {
    this.apply({ kind: 'crash', server: this.serverId('id', id) });
    this.narrator.tell(`up ${id}`, WORDS.said.crashed(id));
  }

  restart(id: number): void {
    this.apply({ kind: 'restart', server: this.serverId('id', id) });
    this.narrator.tell(`up ${id}`, WORDS.said.restarted(id));
  }

  timeout(id: number): void {
    this.apply({ kind: 'time_out', server: this.serverId('id', id) });
  }

  transfer(id: number, to: number): void {
    const server = this.serverId('id', id);
    this.apply({ kind: 'transfer', server, to: anotherServer('to', to, this.serverCount, 'id', server) });
  }

  partition(groups: readonly (readonly number[])[]): void {
    this.apply({ kind: 'partition', groups: groupsOf(groups, this.serverCount) });
  }

  heal(): void {
    this.apply({ kind: 'heal' });
  }

  propose(value: string, id?: number): void {
    const text = proposal(value);
    this.apply(id === undefined ? { kind: 'propose', value: text } : { kind: 'propose', value: text, server: this.serverId('id', id) });
  }

  read(key = 'x', id?: number): void {
    const of = keyToRead(key);
    const server = id === undefined ? {} : { server: this.serverId('id', id) };
    this.panels.asks(of, id);
    this.apply({ kind: 'read', key: of, ...server });
  }

  newServer(): number {
    this.apply({ kind: 'new_server' });
    const id = this.serverCount;
    this.narrator.tell(`up ${id}`, WORDS.said.appeared(id));
    return id;
  }

  setMembers(members: MembersWanted, id?: number): void {
    const { voters, learners } = membersOf(members, this.serverCount);
    const { catch_up = true, stays_joint = false } = members;
    const server = id === undefined ? {} : { server: this.serverId('id', id) };
    this.apply({ kind: 'set_members', voters, learners, ...server, catch_up: Boolean(catch_up), stays_joint: Boolean(stays_joint) });
  }

  leaveJoint(id?: number): void {
    this.apply({ kind: 'leave_joint', ...(id === undefined ? {} : { server: this.serverId('id', id) }) });
  }

  compact(id: number): void {
    this.apply({ kind: 'compact', server: this.serverId('id', id) });
  }

  move(id: number, x: number, y: number): void {
    this.serverId('id', id);
    this.apply({ kind: 'move', server: id, x: wholeNumber('x', x, 0, STAGE_EXTENT), y: wholeNumber('y', y, 0, STAGE_EXTENT) });
  }

  wall(line: WallLine, wall?: number): number {
    if (typeof line !== 'object' || line === null) throw new TypeError(WRONG.line(String(line)));
    const end = (name: keyof WallLine): number => wholeNumber(name, line[name], 0, STAGE_EXTENT);
    const number = wall === undefined ? this.scene.freeWall : wholeNumber('wall', wall, 1, 0xffff_ffff);
    this.apply({ kind: 'wall', wall: number, ax: end('ax'), ay: end('ay'), bx: end('bx'), by: end('by') });
    return number;
  }

  removeWall(wall: number): void {
    this.apply({ kind: 'remove_wall', wall: wholeNumber('wall', wall, 1, 0xffff_ffff) });
  }

  state(): ClusterState {
    const session = this.running();
    return session.guarded(() => session.cluster.state());
  }

  scenario(): Scenario {
    const session = this.running();
    return session.guarded(() => {
      const { page: _page, ...scenario } = session.cluster.scenario();
      const page = this.keptBeside(session);
      return page.bookmarks ? { ...scenario, page } : scenario;
    });
  }

  getState(): PlaygroundState {
    const session = this.running();
    const link = session.guarded(() => writeFragment({ bytes: this.encode(), time_us: session.cluster.timeUs, events: session.cluster.eventsOfNow }));
    return { version: 1, link, speed: this.speed, playing: this.playing };
  }

  async setState(state: PlaygroundState): Promise<void> {
    const session = this.running();
    await (await this.set()).restore(state);
    if (this.session !== session) return;
    this.speed = state.speed;
    if (state.playing) this.play();
  }

  async exportTrace(): Promise<Blob> {
    const session = this.running();
    const stand = session.guarded(() => ({ bytes: session.cluster.encode({ bookmarks: [] }), timeUs: session.cluster.timeUs, events: session.cluster.eventsOfNow }));
    return (await import('../exports/trace')).traceOf(stand);
  }

  exportScenario(): string {
    return `${JSON.stringify(this.scenario(), null, 2)}\n`;
  }

  // ---- what they stand on ----

  get ended(): boolean {
    return this.session?.ended ?? false;
  }

  /** How many there are now: more than the run began with once some have joined. */
  get serverCount(): number {
    return this.session ? this.scene.servers.count : (this.started.servers ?? 5);
  }

  get options(): Partial<WorldOptions> {
    return this.started.options ?? {};
  }

  /** The run of the present branch so far, with what is kept beside it. */
  encode(): Uint8Array {
    const session = this.running();
    return session.guarded(() => session.cluster.encode(this.keptBeside(session)));
  }

  /** What is kept beside the run of the present branch. */
  protected keptBeside({ cluster }: Session): NonNullable<Scenario['page']> {
    return this.desk.bookmarks.page(cluster.branches(), cluster.branch);
  }

  protected running(): Session {
    if (!this.session) throw new Error(this.disposed ? WRONG.disposed : WRONG.loading);
    return this.session;
  }

  protected get scene(): Scene {
    this.running();
    return (this.stage as Stage).scene;
  }

  protected apply(input: Input): void {
    this.running().input(input);
    this.invalidate(true);
  }

  protected serverId(name: string, id: unknown): number {
    return wholeNumber(name, id, 1, this.serverCount);
  }
}
