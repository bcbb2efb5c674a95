import { LitElement, nothing, type TemplateResult } from 'lit';
import type { Revealed } from './actions';
import { anotherServer, branchName, groupsOf, jumpKind, keyToRead, membersOf, microseconds, proposal, wholeNumber } from './args';
import { Desk, type Owner } from './desk';
import { Panicked, type Panic } from './door/cluster';
import type { Frame } from './door/frame';
import { LIMITS, STAGE_EXTENT } from './door/layout';
import { loadDoor } from './door/load';
import type { Branch, ClusterState, Input, Instance, JumpKind, Reason, Scenario, Violation, WorldOptions } from './door/types';
import { type Place, writeFragment } from './keep/link';
import { keep, type Kept } from './keep/recent';
import type { Mark } from './marks';
import { Narrator } from './narrator';
import { Panels } from './panels/panels';
import { SPEED } from './player';
import type { MembersWanted, PlaygroundState, RaftPlayground, Reflected, WallLine } from './raft-playground';
import { type Listener, Session } from './session';
import type { Scene } from './stage/scene';
import { Stage } from './stage/view';
import { STYLES } from './styles';
import { type Colours, coloursFor, type ThemeName, worn } from './theme';
import { WRONG } from './lang/en/wrong';
import { ClockEvents } from './embed/clock-events';
import { type Look, lookFor } from './embed/look';
import { reflect, SETTABLE, SETTINGS } from './embed/reflected';
import type { Settings } from './embed/settings';
import { firstOf, type Language, remember, remembered, speakLanguage, spokenLanguage, whenSpoken } from './lang/languages';
import { spokenVersion } from './lang/texts';
import { membersText, WORDS } from './words';

/** The methods that raft-playground.d.ts promises; what attributes are made of is in embed/reflected.ts. */
type Api = Omit<RaftPlayground, keyof HTMLElement | keyof Reflected>;

/** While time runs, each panel is drawn about this often. */
const PANELS_MS = 100;
/** With more servers than this, the table of logs is drawn less often. */
const MANY_SERVERS = 16;
const ADVANCE_MS_MAX = 3_600_000;
const STEPS_MAX = 10_000;
const SNAPSHOT_EVERY_MAX = 1_000_000;

/** `<raft-playground>`: see raft-playground.d.ts. */
export class RaftPlaygroundElement extends LitElement implements Api, Owner, Listener {
  declare readonly: boolean;
  static override styles = STYLES;

  readonly ready: Promise<void>;
  readonly desk: Desk = new Desk(this);
  stage: Stage | undefined;
  violation: Violation | null = null;
  panic: Panic | null = null;
  failed = '';
  said = '';

  private session: Session | undefined;
  private started: Scenario = {};
  private begunAt = 0;
  private optionsBefore: Partial<WorldOptions> = {};
  private resolveReady!: () => void;
  private rejectReady!: (reason: unknown) => void;
  private wantsToPlay = false;
  private wantedSpeed: number = SPEED.opening;
  private disposed = false;
  /** Whether what it needs has been asked for. */
  private asked = false;
  /** Whether the run has begun as its attributes say: from then on a change of one is a change of the run. */
  private begins = false;
  private scheduled = 0;
  private paintOnly = false;
  private panelsAt = -Infinity;
  private turn = 0;
  private toldMembers = 0;
  private inSight = true;
  private settings: Promise<Settings> | undefined;
  private room = { width: Infinity, height: Infinity };
  private spoken = spokenVersion();
  private speaking: Promise<void> | undefined;
  private unspoken: () => void = () => undefined;
  private colours: Colours | undefined;
  private readonly clock = new ClockEvents(
    () => ({ time: this.time, running: this.session?.player.playing ?? false }),
    (type, detail) => this.emit(type, detail),
  );
  private readonly panels = new Panels(this);
  private readonly narrator = new Narrator((text) => this.say(text));
  private readonly sight = new IntersectionObserver((entries) => {
    this.inSight = entries[entries.length - 1]?.isIntersecting ?? true;
    this.wake();
  });
  /** A reader who never comes near pays for nothing. */
  private readonly near = new IntersectionObserver(
    (entries) => {
      if (entries.some((entry) => entry.isIntersecting)) this.start();
    },
    { rootMargin: '100%' },
  );
  private readonly sizes = new ResizeObserver(([entry]) => {
    const { look } = this;
    if (entry) this.room = entry.contentRect;
    if (look !== this.look) this.invalidate();
  });
  private readonly media = ['(prefers-color-scheme: dark)', '(forced-colors: active)', '(prefers-reduced-motion: reduce)'].map((query) => matchMedia(query));

  constructor() {
    super();
    this.ready = new Promise((resolve, reject) => {
      this.resolveReady = resolve;
      this.rejectReady = reject;
    });
    // Whoever does not wait for it is told by the error event.
    this.ready.catch(() => undefined);
    this.addEventListener('keydown', (event) => {
      if (this.getAttribute('keys') !== 'page') this.desk.key(event);
    });
    for (const type of ['dragover', 'drop'] as const) {
      this.addEventListener(type, (event) => {
        if (!event.dataTransfer?.types.includes('Files')) return;
        event.preventDefault();
        const [file] = event.dataTransfer.files;
        if (type === 'drop' && file) this.panels.dropped(file);
      });
    }
  }

  static override get observedAttributes(): string[] {
    return [...super.observedAttributes, 'theme', 'lang', 'speed', 'loading', 'controls', 'poster', 'servers', 'seed', ...SETTINGS];
  }

  override connectedCallback(): void {
    // What was set before the element was one hides what it has by that name.
    for (const name of SETTABLE) {
      const own = Object.getOwnPropertyDescriptor(this, name);
      if (own && Reflect.deleteProperty(this, name)) Reflect.set(this, name, own.value);
    }
    if (!this.disposed) this.speak();
    super.connectedCallback();
    if (this.disposed) return;
    this.unspoken = whenSpoken(this.respeak);
    document.addEventListener('visibilitychange', this.wake);
    document.addEventListener('keydown', this.pageKey);
    document.addEventListener('visibilitychange', this.leave);
    window.addEventListener('hashchange', this.addressed);
    for (const media of this.media) media.addEventListener('change', this.recolour);
    this.measure();
    this.sight.observe(this);
    this.sizes.observe(this);
    if (this.getAttribute('loading') === 'eager') this.start();
    else if (!this.asked) this.near.observe(this);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.wake);
    document.removeEventListener('keydown', this.pageKey);
    document.removeEventListener('visibilitychange', this.leave);
    window.removeEventListener('hashchange', this.addressed);
    for (const media of this.media) media.removeEventListener('change', this.recolour);
    for (const observer of [this.sight, this.near, this.sizes]) observer.disconnect();
    this.unspoken();
    this.inSight = false;
    cancelAnimationFrame(this.scheduled);
    this.scheduled = 0;
  }

  override attributeChangedCallback(name: string, old: string | null, value: string | null): void {
    super.attributeChangedCallback(name, old, value);
    if (old === value) return;
    if (name === 'theme') this.recolour();
    // While it is being set up it is asked what it says.
    else if (name === 'lang') {
      if (this.isConnected && value !== spokenLanguage().tag) this.speak();
    } else if (name === 'loading') {
      if (value === 'eager' && this.isConnected) this.start();
    } else if (name === 'speed') {
      if (this.session && value !== null) this.desk.attempt(() => (this.speed = Number(value)));
    } else if (name === 'controls' || name === 'poster') this.invalidate();
    else if (this.begins) {
      this.failed = '';
      void this.set().then((settings) => settings.changed(name));
    }
  }

  // ---- what raft-playground.d.ts promises ----

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
    return (await import('./exports/trace')).traceOf(stand);
  }

  exportScenario(): string {
    return `${JSON.stringify(this.scenario(), null, 2)}\n`;
  }

  dispose(): void {
    this.disposed = true;
    this.disconnectedCallback();
    this.stage?.dispose();
    this.panels.dispose();
    this.narrator.dispose();
    this.desk.dispose();
    this.session?.cluster.dispose();
    this.session = undefined;
    this.rejectReady(new Error(WRONG.disposed));
  }

  // ---- what the page needs besides ----

  /** What is kept beside the run of the present branch. */
  private keptBeside({ cluster }: Session): NonNullable<Scenario['page']> {
    return this.desk.bookmarks.page(cluster.branches(), cluster.branch);
  }

  /** The run of the present branch so far, with what is kept beside it. */
  encode(): Uint8Array {
    const session = this.running();
    return session.guarded(() => session.cluster.encode(this.keptBeside(session)));
  }

  /** Goes to a moment that lies beyond what was lived. */
  liveTo(place: Place): void {
    this.pause();
    this.panels.liveTo(place);
  }

  /** Starts a run that is a scenario and nothing else; the one before goes on if it is refused. */
  open(scenario: Scenario): void {
    const session = this.running();
    if (session.bounds.readonly) throw new Error(WRONG.readonly);
    this.renew(session, scenario);
  }

  private renew(session: Session, scenario: Scenario): void {
    const left = this.left();
    session.restart(scenario);
    if (left) keep(() => localStorage, left);
    session.player.pause();
    if (this.started.initial === undefined && scenario.initial !== undefined) this.optionsBefore = this.options;
    this.begun(scenario);
    this.wantsToPlay = false;
    this.moved();
    this.desk.forget(this.serverCount);
    this.desk.bookmarks.read(scenario.page);
    this.panels.forget();
    this.invalidate();
  }

  /** Whether the address of the page and what its browser remembers are this element's. */
  get ownsPage(): boolean {
    return this.getAttribute('fragment') === 'page';
  }

  /** How much is shown around the stage. */
  get look(): Look {
    return lookFor(this.getAttribute('controls'), this.room.width, this.room.height);
  }

  /** What is shown until the run is there. */
  get picture(): string | null {
    return this.getAttribute('poster');
  }

  /** The playground's own page, where there is one: a link to this moment leads there. */
  get elsewhere(): string | null {
    return this.getAttribute('full-page');
  }

  /** Whether there can be a link to this moment. */
  get hasAddress(): boolean {
    return this.ownsPage || this.elsewhere !== null;
  }

  /** Whether the page is there for this element alone, be it a guest in a frame of somebody else's. */
  private get fillsPage(): boolean {
    return this.ownsPage || this.getAttribute('fragment') === 'run';
  }

  get ended(): boolean {
    return this.session?.ended ?? false;
  }

  get seed(): number {
    return this.started.seed ?? 0;
  }

  set seed(seed: number) {
    this.setAttribute('seed', String(seed));
  }

  /** How many there are now: more than the run began with once some have joined. */
  get serverCount(): number {
    return this.session ? this.scene.servers.count : (this.started.servers ?? 5);
  }

  get options(): Partial<WorldOptions> {
    return this.started.options ?? {};
  }

  get sceneTitle(): string | undefined {
    return this.started.title;
  }

  get themeName(): ThemeName {
    const theme = this.getAttribute('theme');
    return theme === 'light' || theme === 'dark' ? theme : 'auto';
  }

  get live(): Session | undefined {
    return this.session;
  }

  /** Speaks another language, and remembers it where the page is this element's. */
  async choose(language: Language): Promise<void> {
    if (!(await speakLanguage(language, true))) return this.desk.tell(WORDS.late(language.name));
    this.lang = spokenLanguage().tag;
    if (!this.ownsPage) return;
    remember(() => localStorage, language.tag);
    const address = new URL(location.href);
    if (!address.searchParams.has('lang')) return;
    // It would come back with the next visit.
    address.searchParams.delete('lang');
    history.replaceState(history.state, '', address);
  }

  /** Goes to the moment just behind an event. */
  goTo(timeUs: number, number: number): void {
    this.pause();
    this.running().goTo(timeUs, number);
    this.invalidate();
  }

  goToMark(mark: Mark): void {
    this.pause();
    this.running().goToMark(mark);
    this.invalidate();
  }

  freshSeed(): number {
    return this.running().cluster.freshSeed();
  }

  askForValue(): void {
    this.renderRoot.querySelector<HTMLInputElement>('.propose input')?.focus();
  }

  copyLink(): void {
    this.panels.copyLink();
  }

  print(): void {
    this.panels.print();
  }

  reveal(what: Revealed): void {
    this.panels.reveal(what);
  }

  get keyWritten(): string {
    const written = this.renderRoot.querySelector<HTMLInputElement>('.propose input')?.value.split('=')[0]?.trim();
    return written || 'x';
  }

  say(text: string): void {
    this.said = text;
    this.invalidate(true);
  }

  invalidate(soon = false): void {
    this.paintOnly = false;
    if (!soon || !this.playing) this.panelsAt = -Infinity;
    this.schedule();
  }

  /** Only what is painted has changed: panels that are laid out stay as they are. */
  repaint(): void {
    this.paintOnly ||= this.scheduled === 0;
    this.schedule();
  }

  closePanic(): void {
    this.panic = null;
    this.invalidate();
  }

  // ---- what the session tells ----

  looked(frame: Frame): Scene {
    const { stage } = this;
    if (!stage) throw new Error(WRONG.noStage);
    stage.look(frame);
    return stage.scene;
  }

  moved(): void {
    this.violation = null;
    (this.stage as Stage).evidence = new Set();
  }

  happened(): void {
    const { membersVersion, servers } = this.scene;
    if (membersVersion !== this.toldMembers) {
      this.toldMembers = membersVersion;
      this.narrator.tell('members', membersText(servers.items.slice(0, servers.count)));
    }
    this.emit('statechange', { time_ms: this.time });
  }

  led(leader: number, term: number): void {
    this.narrator.tell('leader', WORDS.said.leads(leader, term));
    this.emit('leaderchange', { time_ms: this.time, leader, term });
  }

  committed(index: number, server: number): void {
    this.narrator.tell('commit', WORDS.said.committed(index));
    this.emit('commit', { time_ms: this.time, index, server });
  }

  violated(violation: Violation): void {
    this.violation = violation;
    (this.stage as Stage).evidence = new Set(violation.servers);
    this.wantsToPlay = false;
    this.clock.turned();
    this.emit('violation', violation);
    this.clock.ended();
    this.invalidate();
  }

  reachedLast(): void {
    this.wantsToPlay = false;
    this.clock.ended();
    this.invalidate();
  }

  stopped(): void {
    this.wantsToPlay = false;
    this.clock.turned();
    this.invalidate();
  }

  panicked(panic: Panic): void {
    this.panic = panic;
    if (!panic.rebuilt) this.desk.bookmarks.all = [];
    this.moved();
    this.wantsToPlay = false;
    this.panels.forget();
    this.clock.turned();
    this.emit('error', { message: panic.message, report: panic.report });
    this.invalidate();
  }

  /** What stands in an attribute cannot be had. */
  fail(error: unknown): void {
    this.failed = error instanceof Error ? error.message : String(error);
    this.emit('error', { message: this.failed, report: this.failed });
    this.invalidate();
  }

  // ---- rendering ----

  protected override render(): TemplateResult | typeof nothing {
    return this.panels.render();
  }

  /** Nothing is shown before the texts of its language are there, nor, at first, what would be moved by what comes late. */
  protected override scheduleUpdate(): void | Promise<unknown> {
    const first = this.hasUpdated ? undefined : this.panels.first();
    return this.speaking || first ? Promise.all([this.speaking, first]).then(() => super.scheduleUpdate()) : super.scheduleUpdate();
  }

  protected override updated(): void {
    this.panels.settle(this.renderRoot);
  }

  protected override firstUpdated(): void {
    const root = this.renderRoot.querySelector<HTMLElement>('.stage');
    if (root) this.stage = new Stage(root, this.desk);
    // After the stage's own hands, which know by then what was pressed.
    for (const type of ['pointerdown', 'contextmenu']) root?.addEventListener(type, (event) => this.panels.reached(event));
    this.renderRoot.addEventListener('click', this.desk.click);
  }

  private start(): void {
    this.near.disconnect();
    if (!this.asked) void this.load();
  }

  /** What attributes say beside servers and seed is read by a part of its own: most elements have none. */
  private set(): Promise<Settings> {
    return (this.settings ??= import('./embed/settings').then(({ Settings }) => new Settings(this as this & { live: Session })));
  }

  private async load(): Promise<void> {
    this.asked = true;
    try {
      const set = this.readonly || SETTINGS.some((name) => this.getAttribute(name)) ? this.set() : undefined;
      const open = await loadDoor();
      await this.updateComplete;
      if (this.disposed) return;
      this.begin(open);
      await (await set)?.begin();
      this.begins = true;
      this.resolveReady();
      this.emit('ready', { time_ms: this.time });
      (window.requestIdleCallback ?? setTimeout)(this.panels.prepare);
      this.addressed();
      if (this.wantsToPlay || (this.hasAttribute('autoplay') && !matchMedia('(prefers-reduced-motion: reduce)').matches)) this.play();
    } catch (error) {
      // What is wrong may be put right.
      this.begins = this.session !== undefined;
      this.rejectReady(error);
      this.fail(error);
    }
    this.invalidate();
  }

  private begin(open: () => Instance): void {
    const start = this.plainRun();
    const session = new Session(open, start, this);
    this.begun(start);
    const speed = this.getAttribute('speed');
    session.player.speed = speed === null ? this.wantedSpeed : Number(speed);
    session.look();
    this.session = session;
  }

  /** The run that servers, seed and options make. */
  plainRun(): Scenario {
    const attribute = (name: string, min: number, max: number, otherwise: number): number => {
      const text = this.getAttribute(name);
      return text === null ? otherwise : wholeNumber(name, Number(text), min, max);
    };
    const options = {
      pre_vote: this.hasAttribute('pre-vote'),
      check_quorum: this.hasAttribute('check-quorum'),
      lease_reads: this.hasAttribute('lease-reads'),
      snapshot_every: attribute('snapshot-every', 0, SNAPSHOT_EVERY_MAX, 0),
    };
    return { version: 1, servers: attribute('servers', 1, LIMITS.servers, 5), seed: attribute('seed', 0, LIMITS.seed, 1), options };
  }

  /** A run has begun: what the attributes say of its rules follows it. */
  private begun(scenario: Scenario): void {
    this.started = scenario;
    this.begunAt = Date.now();
    this.toggleAttribute('pre-vote', this.options.pre_vote ?? false);
    this.toggleAttribute('check-quorum', this.options.check_quorum ?? false);
    this.toggleAttribute('lease-reads', this.options.lease_reads ?? false);
    const every = this.options.snapshot_every ?? 0;
    if (every > 0) this.setAttribute('snapshot-every', String(every));
    else this.removeAttribute('snapshot-every');
  }

  /** The run as it is kept when it is left: where something was done to it. */
  private left(): Kept | null {
    const { session } = this;
    if (!session || !this.ownsPage) return null;
    try {
      return session.guarded(() => {
        const { cluster } = session;
        if (!cluster.touched) return null;
        const { title = '' } = this.started;
        return { bytes: this.encode(), time_us: cluster.timeUs, events: cluster.eventsOfNow, when: this.begunAt, title, seed: this.seed, servers: this.serverCount };
      });
    } catch {
      return null;
    }
  }

  /** Finds out which language to speak: the attribute's; else the page's, or where it is this element's that of who looks at it. */
  private speak(): void {
    const own = this.fillsPage ? [new URLSearchParams(location.search).get('lang'), this.ownsPage ? remembered(() => localStorage) : null, ...navigator.languages] : [];
    const around = this.fillsPage ? null : this.parentElement?.closest('[lang]')?.getAttribute('lang');
    const attribute = this.getAttribute('lang');
    const speaking = speakLanguage(attribute === null ? firstOf([...own, around]) : firstOf([attribute]), attribute !== null || this.fillsPage).then((had) => {
      if (this.speaking === speaking) this.speaking = undefined;
      this.respeak();
      if (!had) this.desk.tell(WORDS.late(firstOf([attribute, ...own, around]).name));
    });
    this.speaking = speaking;
  }

  /** With a height of its own it has more than its least before there is anything in it: then its first look is the one that stays. */
  private measure(): void {
    const { clientWidth: width, clientHeight: height } = this;
    if (height > parseFloat(getComputedStyle(this).minHeight)) this.room = { width, height };
  }

  /** Another language is spoken: everything says what it says in it. The run goes on. */
  private readonly respeak = (): void => {
    const { tag } = spokenLanguage();
    if (this.lang !== tag) this.lang = tag;
    if (this.fillsPage) document.documentElement.lang = tag;
    const again = this.hasUpdated && this.spoken !== spokenVersion();
    this.spoken = spokenVersion();
    if (!again) return;
    this.stage?.name();
    this.narrator.forget();
    this.desk.tell('');
    this.said = '';
    this.panels.respeak();
    this.invalidate();
  };

  private readonly leave = (): void => {
    const left = document.hidden ? this.left() : null;
    if (left) keep(() => localStorage, left);
  };

  private readonly addressed = (): void => {
    if (this.ownsPage && this.session) this.panels.addressed(location.hash);
  };

  private running(): Session {
    if (!this.session) throw new Error(this.disposed ? WRONG.disposed : WRONG.loading);
    return this.session;
  }

  private get scene(): Scene {
    this.running();
    return (this.stage as Stage).scene;
  }

  private apply(input: Input): void {
    this.running().input(input);
    this.invalidate(true);
  }

  private serverId(name: string, id: unknown): number {
    return wholeNumber(name, id, 1, this.serverCount);
  }

  private emit(type: string, detail: unknown): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  private get resting(): boolean {
    return document.hidden || !this.inSight;
  }

  private readonly wake = (): void => {
    this.session?.player.rest();
    this.schedule();
  };

  private readonly recolour = (): void => {
    this.colours = undefined;
    this.invalidate();
  };

  private readonly pageKey = (event: KeyboardEvent): void => {
    if (this.getAttribute('keys') === 'page') this.desk.key(event);
  };

  private schedule(): void {
    if (this.scheduled === 0 && this.isConnected && !this.resting) this.scheduled = requestAnimationFrame(this.frame);
  }

  private readonly frame = (timestamp: number): void => {
    this.scheduled = 0;
    const from = this.hasAttribute('measure') ? performance.now() : -1;
    const { session, stage } = this;
    if (session && stage) {
      try {
        stage.hands.flush();
      } catch (error) {
        if (!(error instanceof Panicked)) throw error;
      }
      // Before the look: what belongs to a choice, such as a wall's ×, is placed with this frame and not the next.
      stage.chosen = this.desk.chosen;
      stage.chosenWall = this.desk.wallChosen;
      session.frame(timestamp);
      this.colours ??= worn(coloursFor(this.getAttribute('theme'), (query) => matchMedia(query).matches), getComputedStyle(this));
      stage.paint(this.colours);
      this.panels.frame(timestamp, this.colours);
      this.clock.frame(timestamp);
    }
    // The first time they are drawn once all is there that they wait for.
    if (this.hasUpdated && (!this.paintOnly || this.playing)) this.drawPanels(timestamp);
    this.paintOnly = false;
    if (from >= 0) performance.measure('raft-frame', { start: from, end: performance.now() });
    if (this.playing) this.schedule();
  };
  /** While time runs, logs and events take turns, so that no frame pays for both; else all are drawn at once. */
  private drawPanels(timestamp: number): void {
    const all = this.panelsAt === -Infinity || !this.playing;
    if (!all && timestamp - this.panelsAt < PANELS_MS / 2) return;
    this.panelsAt = timestamp;
    this.turn = (this.turn + 1) % (this.serverCount > MANY_SERVERS ? 10 : 2);
    const logs = this.turn === 0;
    this.panels.refresh(all ? 'all' : logs ? 'logs' : 'events');
    if (all || !logs) this.stage?.describe();
    this.requestUpdate();
    this.performUpdate();
  }
}

reflect(RaftPlaygroundElement.prototype);
