import { type Action, action, actionForKey, type Bench, leaderOf, type Revealed } from './actions';
import { type Bookmark, Bookmarks, type Moment } from './bookmarks';
import { Panicked } from './door/cluster';
import type { Branch, Input, JumpKind } from './door/types';
import type { Place } from './keep/link';
import type { EntryChosen } from './logs/cells';
import { REFUSALS } from './lang/en/actions';
import { LANGUAGES, spokenLanguage } from './lang/languages';
import { nextSpeed } from './player';
import type { Session } from './session';
import type { RaftPlayground, WallLine } from './raft-playground';
import { partingWall } from './stage/geometry';
import type { Membership, ServerItem } from './stage/scene';
import type { Stage, StageHost } from './stage/view';
import { serverNames, timeText, WORDS } from './words';

/** What the desk acts on: the element's own methods, and what the stage shows. */
export interface Owner
  extends Pick<
    RaftPlayground,
    'play' | 'pause' | 'step' | 'stepBack' | 'seek' | 'switchBranch' | 'undo' | 'jump' | 'time' | 'reset' | 'crash' | 'restart' | 'timeout' | 'transfer' | 'partition' | 'heal' | 'propose' | 'read' | 'compact' | 'newServer' | 'setMembers' | 'move' | 'wall' | 'removeWall' | 'playing' | 'speed'
  > {
  readonly stage: Stage | undefined;
  readonly renderRoot: ParentNode;
  readonly ended: boolean;
  readonly live: Session | undefined;
  freshSeed(): number;
  /** Puts the focus where a value is written. */
  askForValue(): void;
  readonly hasAddress: boolean;
  copyLink(): void;
  print(): void;
  branches(): { all: Branch[] };
  /** Goes to a moment that lies beyond what was lived. */
  liveTo(place: Place): void;
  reveal(what: Revealed): void;
  /** The key that is written there, or `x`. */
  readonly keyWritten: string;
  /** What is shown has changed; with `soon`, panels may wait for their turn. */
  invalidate(soon?: boolean): void;
  say(text: string): void;
}

/** The sheets that are fetched when somebody first wants them. */
export type SheetName = 'help' | 'share' | 'search';

const NOTICE_MS = 7_000;

/** What the keys of a presenter's remote ask for. With Ctrl and the like they are the browser's. */
function presenterAction({ key, ctrlKey, altKey, metaKey }: KeyboardEvent): Action | undefined {
  if (ctrlKey || altKey || metaKey) return undefined;
  return key === 'PageDown' ? action('next-bookmark') : key === 'PageUp' ? action('previous-bookmark') : undefined;
}

/** What the person at the page has chosen and is told; turns presses and gestures into calls of the element's methods. */
export class Desk implements Bench, StageHost {
  readonly chosen = new Set<number>();
  /** Rises whenever another choice is made. */
  choice = 0;
  wallChosen = 0;
  /** The entry that is pointed out, wherever it is shown. */
  entry: EntryChosen | null = null;
  notice = '';
  news = false;
  readonly bookmarks = new Bookmarks();
  presenting = false;
  /** What lies open over the page. */
  sheet: SheetName | null = null;
  /** What was typed for the search box before it was there. */
  typedAhead = '';
  private noticeTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly owner: Owner) {}

  get playing(): boolean {
    return this.owner.playing;
  }
  get ended(): boolean {
    return this.owner.ended;
  }
  get everyServer(): readonly ServerItem[] {
    const servers = this.owner.stage?.scene.servers;
    return servers ? servers.items.slice(0, servers.count) : [];
  }
  get targets(): readonly ServerItem[] {
    const every = this.everyServer;
    if (this.chosen.size > 0) return every.filter((server) => this.chosen.has(server.id));
    const focused = this.owner.stage?.overlay.focused ?? 0;
    return every.filter((server) => server.id === focused);
  }
  get anyCut(): boolean {
    const scene = this.owner.stage?.scene;
    return scene !== undefined && (scene.walls.count > 0 || scene.ways.some((way) => way !== 0));
  }

  /** Runs an action, or says why it would change nothing. */
  run(it: Action): void {
    const refusal = it.refusal(this);
    if (refusal === null) this.attempt(() => it.run(this));
    else this.tell(refusal);
  }

  /** Does what may be refused, and tells the reason. Returns whether it was done. */
  attempt(act: () => void): boolean {
    // What was said before is over; what the act itself has to say stays.
    this.tell('');
    try {
      act();
      return true;
    } catch (error) {
      if (error instanceof Panicked) return false;
      if (!(error instanceof Error)) throw error;
      this.refused(error.message);
      return false;
    }
  }

  /** Says why something was refused; the engine gives its reasons in English. */
  private refused(why: string): void {
    if (spokenLanguage() === LANGUAGES[0]) return this.tell(why);
    void import('./engine').then(({ said }) => said(why), () => why).then((text) => this.tell(text));
  }

  /** Says what was not done and why; or, as news, what was. */
  tell(notice: string, news = false): void {
    clearTimeout(this.noticeTimer);
    if (notice) {
      this.owner.say(notice);
      this.noticeTimer = setTimeout(() => this.tell(''), NOTICE_MS);
    }
    this.notice = notice;
    this.news = news;
    this.owner.invalidate();
  }

  play(): void {
    this.owner.play();
  }
  pause(): void {
    this.owner.pause();
  }
  step(): void {
    this.owner.step();
  }
  get atBeginning(): boolean {
    return this.owner.time === 0;
  }
  get lastDone(): 'nothing' | 'beginning' | 'something' {
    const done = this.owner.live?.lastDone;
    if (!done) return 'nothing';
    return done.fromUs === 0 && done.events === 0 ? 'beginning' : 'something';
  }
  passed(kind: JumpKind, forward: boolean): boolean {
    const { live } = this.owner;
    if (!live) return false;
    const now = live.cluster.timeUs;
    return live.marks.of(live.cluster.branch).some((mark) => mark.kind === kind && (forward ? mark.us > now : mark.fromUs < now));
  }
  stepBack(): void {
    this.owner.stepBack();
  }
  jump(to: 'leader' | 'commit' | 'input', forward: boolean): void {
    if (!this.owner.jump(to, forward)) this.tell(forward ? REFUSALS.noneAhead[to] : REFUSALS.noneBehind[to]);
    else if (to === 'commit') this.tellCommit();
  }
  /** What was committed here: it may be nobody's write. */
  private tellCommit(): void {
    const { cluster } = this.owner.live as Session;
    const { eventCount } = cluster;
    void import('./committed').then(({ committedText }) => cluster.eventCount === eventCount && this.tell(committedText(cluster), true)).catch(() => undefined);
  }
  undo(): void {
    this.owner.undo();
  }
  get bookmarked(): readonly Bookmark[] {
    return this.bookmarks.all;
  }
  get branchCount(): number {
    return this.owner.live ? this.owner.branches().all.length : 1;
  }
  bookmark(where: 'here' | 'before' | 'after'): Bookmark | undefined {
    const { moment } = this;
    return moment && (where === 'here' ? this.bookmarks.at(moment) : this.bookmarks.from(moment, where === 'after'));
  }
  mark(): void {
    const { moment } = this;
    if (!moment) return;
    const name = WORDS.bookmark.at(this.ended ? WORDS.bookmark.broken : WORDS.bookmark.leads(leaderOf(this)?.id), timeText(moment.timeUs));
    this.bookmarks.put({ ...moment, name });
    this.tell(WORDS.bookmark.set(name), true);
  }
  visit({ branch, timeUs, events }: Moment): void {
    if (branch !== this.moment?.branch) this.owner.switchBranch(branch);
    const { lived } = this.owner.branches().all[branch] ?? {};
    if (lived && (lived.time_us > timeUs || (lived.time_us === timeUs && lived.events >= events))) this.owner.seek(timeUs / 1000, events);
    // A file brings moments that nobody has lived yet.
    else this.owner.liveTo({ time_us: timeUs, events });
  }
  private get moment(): Moment | undefined {
    const cluster = this.owner.live?.cluster;
    return cluster && { branch: cluster.branch, timeUs: cluster.timeUs, events: cluster.eventsOfNow };
  }
  changeSpeed(up: boolean): void {
    this.owner.speed = nextSpeed(this.owner.speed, up);
    this.owner.invalidate();
  }
  reset(): void {
    this.owner.reset();
  }
  freshSeed(): void {
    this.owner.reset({ seed: this.owner.freshSeed() });
  }
  crash(id: number): void {
    this.owner.crash(id);
  }
  restart(id: number): void {
    this.owner.restart(id);
  }
  timeout(id: number): void {
    this.owner.timeout(id);
  }
  transfer(id: number, to: number): void {
    this.owner.transfer(id, to);
  }
  askForValue(): void {
    this.owner.askForValue();
  }
  read(): void {
    this.owner.read(this.owner.keyWritten, this.targets[0]?.id);
  }
  compact(id: number): void {
    this.owner.compact(id);
  }
  addServer(): void {
    const members = (kind: Membership): number[] => this.everyServer.filter((server) => server.membership === kind).map((server) => server.id);
    const [voters, learners] = [members('voter'), members('learner')];
    const id = this.owner.newServer();
    // The new one is what the person has to do with next; the button that was pressed goes.
    this.choose(id, false);
    this.owner.stage?.overlay.focus(id);
    this.owner.setMembers({ voters: [...voters, id], learners });
  }
  setMembers(voters: readonly number[], learners: readonly number[]): void {
    this.owner.setMembers({ voters, learners });
  }
  heal(): void {
    this.owner.heal();
    this.wallChosen = 0;
  }
  removeWall(wall: number): void {
    this.owner.removeWall(wall);
    this.wallChosen = 0;
    this.owner.invalidate();
  }

  /** A straight wall where one parts the chosen servers from the others; where none does, their links are cut. */
  partTargets(): void {
    const { stage } = this.owner;
    if (!stage) return;
    const inside = this.targets;
    const outside = this.everyServer.filter((server) => !inside.includes(server));
    const place = (server: ServerItem): { x: number; y: number } => ({ x: server.stageX, y: server.stageY });
    const line = partingWall(inside.map(place), outside.map(place));
    if (line) {
      this.owner.wall(line, stage.scene.freeWall);
      return;
    }
    this.owner.partition([inside.map((server) => server.id), outside.map((server) => server.id)]);
    queueMicrotask(() => this.tell(WORDS.noStraightWall(serverNames(inside.map((server) => server.id)))));
  }

  clearChoice(): void {
    this.owner.stage?.hands.cancel();
    this.sheet = null;
    this.presenting = false;
    this.chooseNothing();
  }
  get hasAddress(): boolean {
    return this.owner.hasAddress;
  }
  print(): void {
    this.owner.print();
  }
  copyLink(): void {
    this.owner.copyLink();
  }
  reveal(what: Revealed): void {
    this.owner.reveal(what);
  }
  do(inputs: readonly Input[]): void {
    this.owner.live?.input(...inputs);
    this.owner.invalidate();
  }
  toggle(sheet: SheetName): void {
    this.sheet = this.sheet === sheet ? null : sheet;
    this.typedAhead = '';
    this.owner.invalidate();
  }

  present(): void {
    this.presenting = !this.presenting;
    this.sheet = null;
    if (this.presenting) this.tell(WORDS.presenting.hint, true);
    this.owner.invalidate();
  }

  input(input: Input): void {
    this.attempt(() => {
      if (input.kind === 'move') this.owner.move(input.server, input.x, input.y);
      else if (input.kind === 'wall') this.owner.wall(input as WallLine, input.wall);
    });
  }
  choose(server: number, add: boolean): void {
    if (add && this.chosen.delete(server)) return this.changed();
    if (!add) this.chosen.clear();
    this.chosen.add(server);
    this.wallChosen = 0;
    this.changed();
  }
  chooseWall(wall: number): void {
    this.chosen.clear();
    this.wallChosen = wall;
    this.changed();
  }
  chooseEntry(entry: EntryChosen | null): void {
    this.entry = entry;
    this.changed();
  }
  chooseNothing(): void {
    this.chosen.clear();
    this.wallChosen = 0;
    this.entry = null;
    this.changed();
  }
  invalidate(): void {
    this.owner.invalidate(true);
  }

  /** A new run: numbers may mean other servers and walls, or none. */
  forget(servers: number): void {
    for (const id of this.chosen) if (id > servers) this.chosen.delete(id);
    this.wallChosen = 0;
    this.entry = null;
    this.bookmarks.all = [];
    this.choice += 1;
    this.notice = '';
    clearTimeout(this.noticeTimer);
  }

  /** A key press anywhere that keys count. */
  readonly key = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const target = event.composedPath()[0];
    if (!(target instanceof Element)) return;
    // Wherever somebody writes: this is no letter.
    const found = (this.presenting ? presenterAction(event) : undefined) ?? actionForKey(event);
    if (found && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      this.run(found);
      return;
    }
    if (this.sheet !== null && !this.owner.renderRoot.querySelector('dialog')) {
      // It is on its way, and no other is just closing: what is typed meanwhile is for it, and does nothing else.
      if (event.key === 'Escape') this.toggle(this.sheet);
      else if (event.key.length === 1 && this.sheet === 'search') this.typedAhead += event.key;
      event.preventDefault();
      return;
    }
    if (target instanceof HTMLInputElement && !/^(range|checkbox|radio)$/.test(target.type) && event.key !== 'Escape') return;
    if (target.closest('textarea, select, [contenteditable]')) return;
    if (target.closest('dialog, [popover]') && event.key !== '?') return;
    const onStage = target instanceof HTMLElement && (target.dataset['server'] !== undefined || target.dataset['wall'] !== undefined);
    const pressable = target.closest('button, a, input, summary, [role="tab"]') !== null && !onStage;
    if (pressable && (event.key === ' ' || event.key === 'Enter')) return;
    if (!event.ctrlKey && !event.altKey && !event.metaKey && /^[1-9]$/.test(event.key)) {
      const id = Number(event.key);
      if (id > this.everyServer.length) return;
      this.choose(id, false);
      this.owner.stage?.overlay.focus(id);
      event.preventDefault();
      return;
    }
    if (!found) return;
    // What hangs from a button goes first, by the browser, wherever the focus is.
    if (found.id === 'clear' && this.owner.renderRoot.querySelector('[popover=""]:popover-open')) return;
    event.preventDefault();
    if (target instanceof HTMLInputElement && event.key === 'Escape') target.blur();
    this.run(found);
  };

  /** A click on any button made from an action. */
  readonly click = (event: Event): void => {
    const target = event.composedPath()[0];
    const id = target instanceof Element ? target.closest<HTMLElement>('[data-action]')?.dataset['action'] : undefined;
    if (id) this.run(action(id));
  };

  dispose(): void {
    clearTimeout(this.noticeTimer);
  }

  private changed(): void {
    this.choice += 1;
    this.notice = '';
    this.owner.invalidate();
  }
}
