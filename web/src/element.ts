import { nothing, type TemplateResult } from 'lit';
import { absentText } from './absent';
import type { Revealed } from './actions';
import { Desk, type Owner } from './desk';
import { Panicked, type Panic } from './door/cluster';
import type { Frame } from './door/frame';
import { loadDoor } from './door/load';
import type { Instance, Scenario, Violation } from './door/types';
import type { Place } from './keep/link';
import { keep, type Kept } from './keep/recent';
import type { Mark } from './marks';
import { Narrator } from './narrator';
import { Panels } from './panels/panels';
import { type Listener, Session } from './session';
import type { Scene } from './stage/scene';
import { Stage } from './stage/view';
import { STYLES } from './styles';
import { type Colours, coloursFor, type ThemeName, worn } from './theme';
import { WRONG } from './lang/en/wrong';
import { ClockEvents } from './embed/clock-events';
import { Contract } from './embed/contract';
import { type Look, lookFor } from './embed/look';
import { plainRun, tellOptions } from './embed/plain-run';
import { reflect, SETTABLE, SETTINGS } from './embed/reflected';
import type { Settings } from './embed/settings';
import { firstOf, type Language, remember, remembered, speakLanguage, spokenLanguage, whenSpoken } from './lang/languages';
import { spokenVersion } from './lang/texts';
import { membersText, WORDS } from './words';

/** While time runs, each panel is drawn about this often. */
const PANELS_MS = 100;
/** With more servers than this, the table of logs is drawn less often. */
const MANY_SERVERS = 16;

/** `<raft-playground>`: see raft-playground.d.ts. */
export class RaftPlaygroundElement extends Contract implements Owner, Listener {
  declare readonly: boolean;
  static override styles = STYLES;

  readonly ready: Promise<void>;
  readonly desk: Desk = new Desk(this);
  stage: Stage | undefined;
  violation: Violation | null = null;
  panic: Panic | null = null;
  failed = '';
  said = '';

  private begunAt = 0;
  private resolveReady!: () => void;
  private rejectReady!: (reason: unknown) => void;
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
  protected readonly clock = new ClockEvents(
    () => ({ time: this.time, running: this.session?.player.playing ?? false }),
    (type, detail) => this.emit(type, detail),
  );
  protected readonly panels = new Panels(this);
  protected readonly narrator = new Narrator((text) => this.say(text));
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

  protected renew(session: Session, scenario: Scenario): void {
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

  get seed(): number {
    return this.started.seed ?? 0;
  }

  set seed(seed: number) {
    this.setAttribute('seed', String(seed));
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
    const why = await speakLanguage(language, true);
    if (why) return this.desk.tell(absentText(language.name, why));
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
  protected set(): Promise<Settings> {
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
      (window.requestIdleCallback ?? setTimeout)(() => void this.panels.prepare());
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
    return plainRun(this);
  }

  /** A run has begun: what the attributes say of its rules follows it. */
  private begun(scenario: Scenario): void {
    this.started = scenario;
    this.begunAt = Date.now();
    tellOptions(this, this.options);
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
    const speaking = speakLanguage(attribute === null ? firstOf([...own, around]) : firstOf([attribute]), attribute !== null || this.fillsPage).then((why) => {
      if (this.speaking === speaking) this.speaking = undefined;
      this.respeak();
      if (why) this.desk.tell(absentText(firstOf([attribute, ...own, around]).name, why));
    });
    this.speaking = speaking;
  }

  /** With a height of its own it has more than its least before there is anything in it: then its first look is the one that stays. */
  private measure(): void {
    // To look is to lay out: where it is told how it looks, that is for nothing.
    if (this.getAttribute('controls') === 'full') return;
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
