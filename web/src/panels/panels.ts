import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { absentText } from '../absent';
import { proposalRefusal, type Revealed } from '../actions';
import { copyText } from '../clipboard';
import type { Desk, SheetName } from '../desk';
import type { Diagram } from '../diagram/diagram';
import { ahead } from '../door/ahead';
import type { Panic } from '../door/cluster';
import type { EventRecord, Reason, Scenario, Violation, WorldOptions } from '../door/types';
import type { Room, RoomHost } from './room';
import type { Place } from '../keep/link';
import type { HuntPanel } from '../hunt/panel';
import { isFirstVisit } from '../keep/visit';
import type { LogGrid, LogHost } from '../logs/grid';
import type { Mark } from '../marks';
import type { Menus } from '../menu/menus';
import type { Session } from '../session';
import type { Stage } from '../stage/view';
import type { Pair } from '../twin/pair';
import type { StateView } from '../state/read';
import type { Colours, ThemeName } from '../theme';
import { ACTION_TEXTS } from '../lang/en/actions';
import type { Language } from '../lang/languages';
import { spokenVersion } from '../lang/texts';
import { WORDS } from '../words';
import { failure, panicSheet } from './alerts';
import { controlBar, topBar } from './controls';
import { type Answer, deck } from './deck';
import { EventsPanel, rove } from './events';
import type { Faults } from './faults';
import { Late } from './late';
import type { Look } from '../embed/look';
import type { Help } from './help';
import type { Hint } from './hint';
import { languageSheet } from './language';
import { legend } from './legend';
import { moreSheet } from './more';
import type { Question } from './past/asking';
import type { PastHost, PastView, TimeLine } from './past/line';
import { rulesSheet } from './rules';
import { ScenesPanel } from './scenes';
import type { Print } from '../print/print';
import type { Search } from './search';
import type { Share } from './share';

/** What the panels show and act on: the element. */
export interface Owner {
  readonly desk: Desk;
  readonly live: Session | undefined;
  readonly stage: Stage | undefined;
  readonly playing: boolean;
  readonly seed: number;
  readonly serverCount: number;
  readonly options: Partial<WorldOptions>;
  /** What the scene is called that is played, if it is one. */
  readonly sceneTitle: string | undefined;
  readonly themeName: ThemeName;
  /** How much is shown around the stage. */
  readonly look: Look;
  /** What is shown until the run is there, and the page where it can be gone on with. */
  readonly picture: string | null;
  readonly elsewhere: string | null;
  /** Whether the address of the page and what its browser remembers are this element's. */
  readonly ownsPage: boolean;
  readonly hasAddress: boolean;
  readonly renderRoot: ParentNode;
  readonly violation: Violation | null;
  readonly panic: Panic | null;
  readonly failed: string;
  readonly said: string;
  speed: number;
  invalidate(soon?: boolean): void;
  /** Only what is painted has changed. */
  repaint(): void;
  say(text: string): void;
  seek(time_ms: number, events?: number): void;
  goTo(timeUs: number, number: number): void;
  goToMark(mark: Mark): void;
  switchBranch(branch: number): void;
  renameBranch(branch: number, name: string): void;
  why(event: number): Reason[] | null;
  whyLeader(id: number): Reason[] | null;
  whyCommitted(index: number): Reason[] | null;
  reset(scenario?: Partial<Scenario>): void;
  /** Starts a run that is a scenario and nothing else. */
  open(scenario: Scenario): void;
  /** The run so far as few bytes, with what is kept beside it. */
  encode(): Uint8Array;
  getState(): { readonly link: string };
  scenario(): Scenario;
  propose(value: string, id?: number): void;
  choose(language: Language): Promise<void>;
  closePanic(): void;
  setAttribute(name: string, value: string): void;
}

type RoomTab = 'diagram' | 'checks' | 'clients' | 'faults' | 'hunt';
type Tab = 'events' | 'server' | RoomTab;
const TABS: readonly Tab[] = ['events', 'server', 'diagram', 'checks', 'clients', 'faults', 'hunt'];

/** Everything around the stage: fetches what it shows, at its own pace, and lays it out. */
export class Panels {
  private readonly logs: Late<LogGrid>;
  private readonly events: EventsPanel;
  private readonly scenes: ScenesPanel;
  private shown: SheetName | null = null;
  private readonly help: Late<Help>;
  private readonly rules: Late<typeof import('./rule-switches')>;
  private readonly share: Late<Share>;
  private readonly violation: Late<typeof import('./violation')>;
  private readonly search: Late<Search>;
  private readonly sentences: Late<typeof import('../sentences')>;
  /** What could not be had, and is not tried again before somebody asks for it. */
  private readonly notThere = new Set<object>();
  private readonly past: Late<typeof import('./past/past')>;
  private timeLine: TimeLine | undefined;
  private pastView: PastView | undefined;
  private pastHost: PastHost | undefined;
  /** The explanation that was asked for. */
  private asked: { readonly reasons: Reason[] | null } | undefined;
  private readonly state: Late<typeof import('../state/panel')>;
  private held: StateView | undefined;
  private tab: Tab = 'events';
  /** Whether the form that writes a disk is to open with the panel of its server. */
  private editing = false;
  private readonly rooms: Readonly<Record<'checks' | 'clients', Late<Room>>> & { readonly faults: Late<Faults>; readonly diagram: Late<Diagram>; readonly hunt: Late<HuntPanel> };
  /** Its tab is there once somebody has asked for it. */
  private hunts = false;
  private readonly pair: Late<Pair>;
  private readonly menus: Late<Menus>;
  private readonly paper: Late<Print>;
  private readonly bars: Late<typeof import('../embed/bars')>;
  private answer: Answer | null = null;
  private presented = false;
  private readonly hint: Late<Hint>;
  private hintIsOver = false;
  private disposed = false;
  private generation = 0;
  private readonly coarse = matchMedia('(pointer: coarse)');

  constructor(private readonly owner: Owner) {
    const changed = (): void => owner.invalidate();
    this.events = new EventsPanel(changed, (record) => this.hear(record));
    const late = <T>(load: () => Promise<T>, what: () => string): Late<T> => {
      const part: Late<T> = new Late(load, changed, (why) => {
        this.notThere.add(part);
        this.missing(absentText(what(), why));
      });
      return part;
    };
    this.logs = late(async () => new (await import('../logs/grid')).LogGrid(this.host()), () => WORDS.panels.logs);
    this.sentences = late(() => import('../sentences'), () => WORDS.panels.events);
    this.help = late(async () => new (await import('./help')).Help(owner), () => WORDS.sheets.help);
    this.rules = late(async () => {
      const switches = await import('./rule-switches');
      switches.dress(owner.renderRoot);
      return switches;
    }, () => WORDS.rules.head);
    this.share = late(async () => new (await import('./share')).Share(owner, () => (this.tab === 'diagram' ? this.rooms.diagram.part : undefined)), () => WORDS.sheets.share);
    this.violation = late(() => import('./violation'), () => WORDS.violation.head);
    this.search = late(async () => new (await import('./search')).Search(owner, this.scenes, () => (void this.rules.want(), void this.menus.want()), () => this.menus.part), () => WORDS.sheets.search);
    // Nobody has asked for it: where it cannot be had, nothing is said.
    this.hint = new Late(async () => new (await import('./hint')).Hint(owner, () => this.endHint()), changed, () => undefined);
    this.state = late(() => import('../state/panel'), () => WORDS.panels.server);
    this.rooms = {
      diagram: late(async () => new (await import('../diagram/diagram')).Diagram(this.host()), () => WORDS.panels.diagram),
      checks: late(async () => new (await import('../checks/checks')).Checks(this.host()), () => WORDS.panels.checks),
      clients: late(async () => new (await import('../clients/clients')).Clients(this.host()), () => WORDS.panels.clients),
      faults: late(async () => new (await import('./doing')).Faults(owner), () => WORDS.panels.faults),
      hunt: late(async () => new (await import('../hunt/panel')).HuntPanel(owner), () => ACTION_TEXTS.hunt[0]),
    };
    this.menus = late(async () => new (await import('./doing')).Menus(owner, (from, to) => this.dials(from, to), (server) => this.edits(server), (question) => this.askAbout(question)), () => WORDS.panels.menus);
    this.pair = late(async () => new (await import('../twin/pair')).Pair(owner), () => ACTION_TEXTS.pair[0]);
    this.bars = late(() => import('../embed/bars'), () => WORDS.controls.time);
    this.past = late(() => import('./past/past'), () => WORDS.panels.past);
    const stretch = (): Diagram['stretch'] | undefined => (this.tab === 'diagram' ? this.rooms.diagram.part?.stretch : undefined);
    this.paper = new Late(async () => new (await import('../print/print')).Print(owner, stretch), () => undefined, () => undefined);
    this.scenes = new ScenesPanel(changed, (scene) => this.renew({ seed: 0, ...scene }));
  }

  /** The person asks for a key: the answer is one of the events to come. */
  asks(key: string, server = 0): void {
    this.answer = { key, asked: server, state: 'waits', value: null, by: 0, index: 0 };
  }

  private hear(record: EventRecord): void {
    const { answer } = this;
    if (answer?.state !== 'waits' || record['key'] !== answer.key || (answer.asked > 0 && record['server'] !== answer.asked)) return;
    const [by, index, value] = [Number(record['server']), Number(record['index'] ?? 0), record['value']];
    if (record.kind === 'read_answered') this.answer = { ...answer, state: 'answered', value: typeof value === 'string' ? value : null, by, index };
    // A client that looks for the leader asks again.
    else if (record.kind === 'read_failed' && answer.asked > 0) this.answer = { ...answer, state: 'failed', by };
  }

  /** A new run has begun. */
  forget(): void {
    this.generation = this.owner.live?.generation ?? 0;
    this.answer = null;
    this.explain(undefined);
    this.events.clear();
    this.logs.part?.forget();
    this.held = undefined;
  }

  /** Another language is spoken: what was made of texts is made anew, and stands where it stood. */
  respeak(): void {
    this.events.clear();
    this.menus.part?.respeak();
    // A search goes on.
    const { hunt, ...rooms } = this.rooms;
    hunt.part?.respeak();
    for (const room of Object.values(rooms)) room.part?.dispose();
    for (const part of [this.help, this.logs, ...Object.values(rooms)]) part.again();
  }

  /** Reads from the run what the panels show: everything, or only the logs or the events. */
  refresh(what: 'all' | 'logs' | 'events'): void {
    const { live } = this.owner;
    if (!live) return;
    try {
      live.guarded(() => {
        const { cluster } = live;
        if (this.generation !== live.generation) this.forget();
        if (what !== 'logs') {
          // Before it was asked, nobody waits for an answer.
          if (cluster.eventCount < this.events.upTo) this.answer = null;
          const fetch = (after: number, max: number): EventRecord[] => cluster.events(after, max);
          // While time runs, a list that nobody sees waits, unless an answer is to be heard.
          const seen = this.tab === 'events' || !this.owner.playing || this.answer?.state === 'waits';
          if (seen) this.events.catchUp(cluster.eventCount, !this.owner.playing, fetch, () => this.unasked(this.sentences)?.sentence);
        }
        if (what !== 'logs') this.pastView = this.readPast(live);
        if (what === 'events') return;
        this.logs.part?.outdate();
        this.held = this.read(live);
      });
    } catch {
      // The session has told the panic already; what was read before it stays.
    }
  }

  private readPast({ cluster, marks }: Session): PastView {
    const { branch } = cluster;
    return { nowUs: cluster.timeUs, livedUs: cluster.livedUs, number: cluster.eventCount, marks: marks.of(branch), present: branch, branches: cluster.branches() };
  }

  private read({ cluster }: Session): StateView | undefined {
    const { desk, serverCount } = this.owner;
    const [server] = desk.targets;
    return this.tab === 'server' && server ? this.state.part?.readState(cluster, server, serverCount) : undefined;
  }

  /** After rendering: scrollers and dialogs. */
  settle(root: ParentNode): void {
    if (this.presented !== this.owner.desk.presenting) {
      // What had the focus may be gone. The bar that takes it may be on its way.
      const play = root.querySelector<HTMLElement>('.controls [data-action="play"]');
      if (play) this.presented = this.owner.desk.presenting;
      play?.focus();
    }
    const logs = root.querySelector('.logs-place');
    const grid = logs ? this.unasked(this.logs) : undefined;
    if (logs && grid) {
      grid.mount(logs);
      grid.draw();
    }
    const place = root.querySelector('.room');
    if (place) this.room()?.get()?.mount(place);
    this.state.part?.dress(root);
    if (this.editing && this.state.part?.openEditor(root)) this.editing = false;
    if (this.timeLine) this.unasked(this.past)?.dress(root);
    for (const dialog of root.querySelectorAll('dialog')) if (!dialog.open) dialog.showModal();
  }

  /** With each frame: what is drawn as smoothly as the stage. */
  frame(timestamp: number, colours: Colours): void {
    this.room()?.part?.frame(timestamp, colours);
    if (this.tab !== 'hunt') this.rooms.hunt.part?.follow(colours);
    this.pair.part?.follow(colours);
    (this.owner.desk.chosen.size > 0 ? this.unasked(this.menus) : this.menus.part)?.follow();
  }

  /** What the tab that is open shows, if it is a room of its own. */
  private room(): Late<Room> | undefined {
    return (this.rooms as Partial<Record<Tab, Late<Room>>>)[this.tab];
  }

  /** A browser that prints waits for nothing: what puts the moment on paper is fetched while nobody waits for anything else. */
  readonly prepare = async (): Promise<void> => {
    await ahead();
    if (this.disposed) return;
    void this.paper.want();
    if (this.owner.ownsPage) void import('../offline/register').then(({ keepForLater }) => keepForLater());
  };

  dispose(): void {
    this.disposed = true;
    this.paper.part?.dispose();
    this.pair.part?.close();
    for (const room of Object.values(this.rooms)) room.part?.dispose();
  }

  render(): TemplateResult {
    const { owner } = this;
    const { desk, live } = owner;
    const clock = {
      timeUs: live?.cluster.timeUs ?? 0,
      speed: owner.speed,
      slowed: live?.player.slowed ?? false,
      reachedSpeed: live?.player.reachedSpeed ?? 0,
    };
    const { oldVoters = 0, voters = 0, seen = { snapshot: false, read: false } } = owner.stage?.scene ?? {};
    const joint = oldVoters > 0 ? WORDS.twoMajorities(oldVoters, voters) : '';
    const look = desk.presenting ? 'presenting' : owner.look;
    const full = look === 'full';
    return html`
      <div class=${`page ${look}${live ? ' live' : ''}`} part="page">
        ${!full ? html`<div class="unseen"><slot name="title">${WORDS.title}</slot></div>` : topBar(desk, { servers: owner.serverCount, seed: owner.seed, options: owner.options, theme: owner.themeName }, this.scenes.button(owner.sceneTitle), {
          servers: (servers) => this.renew({ servers }),
          seed: (seed) => this.renew({ seed }),
          theme: () => owner.setAttribute('theme', { auto: 'light', light: 'dark', dark: 'auto' }[owner.themeName]),
        })}
        ${!full || this.hintIsOver ? nothing : (this.hint.part?.bar() ?? nothing)}
        <div class="stage" part="stage">
          ${legend(this.coarse.matches, desk.notice, desk.news, joint, { preVote: owner.options.pre_vote ?? false, ...seen })} ${live || owner.failed ? nothing : owner.picture ? html`<img class="poster" part="poster" alt="" src=${owner.picture} />` : html`<p class="loading">${WORDS.loading}</p>`}
          ${owner.failed ? failure(owner.failed) : nothing}
        </div>
        ${this.broken() ?? (full ? deck(desk, this.answer, (value) => this.propose(value)) : nothing)}
        ${full ? this.side() : nothing}
        ${look === 'none' ? nothing : html`<div class="line-place" part="line">${this.line()}</div>`}
        ${full ? controlBar(desk, clock, (speed) => desk.attempt(() => (owner.speed = speed))) : this.bar(look, clock.timeUs)}
      </div>
      <div class="told"><slot></slot></div>
      <p class="unseen" role="status" aria-live="polite">${owner.said}</p>
      ${guard([spokenVersion(), owner.options, this.rules.part], () => rulesSheet(this.rules.part?.ruleSwitches(owner.options, (options) => this.renew({ options: { ...owner.options, ...options } })), () => this.openRules()))}
      ${this.scenes.sheet(owner.sceneTitle)} ${languageSheet((language) => void owner.choose(language))}
      ${desk.targets.length > 0 ? moreSheet(desk) : nothing} ${this.late()} ${this.branches()}
      <div class="menus"></div>
      <div class="print"></div>
      ${owner.panic ? panicSheet(owner.panic, () => owner.closePanic(), () => this.copy(() => owner.panic?.report)) : nothing}
    `;
  }

  /** The bar where there is little else. */
  private bar(look: Look | 'presenting', timeUs: number): TemplateResult | undefined {
    const { owner } = this;
    const bars = this.unasked(this.bars);
    if (look === 'presenting') return bars?.presenterBar(owner.desk, timeUs);
    bars?.dress(owner.renderRoot);
    return look === 'slim' ? bars?.slimBar(owner.desk, timeUs, { fullPage: owner.elsewhere, fragment: () => owner.getState().link }) : undefined;
  }

  private broken(): TemplateResult | undefined {
    const { violation, live } = this.owner;
    const copy = (): void => this.copy(() => JSON.stringify(live?.cluster.scenario(), null, 1));
    return violation ? this.unasked(this.violation)?.violationCard(violation, () => this.show('checks'), copy) : undefined;
  }

  private side(): TemplateResult {
    const { desk } = this.owner;
    const [server] = desk.targets;
    const tab = (name: Tab, text: string): TemplateResult => html`<button
      type="button"
      role="tab"
      id=${`tab-${name}`}
      aria-selected=${this.tab === name ? 'true' : 'false'}
      aria-controls="tab-panel"
      tabindex=${this.tab === name ? 0 : -1}
      @click=${() => this.show(name)}
      @keydown=${(event: KeyboardEvent) => this.tabKey(event)}
    >
      ${text}
    </button>`;
    return html`<div class="side" part="side">
      <section class="panel top" aria-label=${WORDS.panels.logs}>
        <h2 class="head">${WORDS.panels.logs}</h2>
        <div class="logs-place"></div>
      </section>
      <section class="panel" aria-label=${WORDS.panels.events}>
        <div class="tabs" role="tablist">
          ${tab('events', WORDS.panels.events)} ${tab('server', server ? `S${server.id}` : WORDS.panels.server)} ${tab('diagram', WORDS.panels.diagram)}
          ${tab('checks', WORDS.panels.checks)} ${tab('clients', WORDS.panels.clients)} ${tab('faults', WORDS.panels.faults)}
          ${this.hunts ? tab('hunt', WORDS.panels.hunt) : nothing}
        </div>
        <div id="tab-panel" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${this.tab}`} @click=${this.follow} @keydown=${rove}>
          ${this.tab === 'events'
            ? (this.why() ?? guard([spokenVersion(), this.events.version, desk.choice], () => this.events.render(desk.chosen)))
            : this.tab === 'server'
              ? this.server()
              : html`<div class="room"></div>`}
        </div>
      </section>
    </div>`;
  }

  private server(): TemplateResult | typeof nothing {
    const { desk } = this.owner;
    const part = this.state.get();
    if (desk.targets.length === 0) return html`<p class="quiet">${WORDS.server.none}</p>`;
    return part && this.held ? part.statePanel(this.held, desk.entry, desk) : nothing;
  }

  /** A press on the stage that may ask for a menu. */
  reached(event: Event): void {
    const { target, type } = event;
    if (type === 'contextmenu') event.preventDefault();
    void this.menus.want().then((menus) => menus?.on(event as PointerEvent, target as HTMLElement));
  }

  reveal(what: Revealed): void {
    if (what === 'menu') void this.menus.want().then((menus) => menus?.openChosen());
    else if (what === 'faults') this.dials(0, 0);
    else if (what === 'hunt') this.hunt();
    else void this.pair.want().then((pair) => pair?.show(what === 'pair' ? undefined : what));
  }

  private dials(from: number, to: number): void {
    this.owner.desk.presenting = false;
    this.goToTab('faults');
    void this.rooms.faults.want().then((faults) => faults?.dial(from, to));
  }

  /** The search for a violation takes its tab, with what is switched off at present. */
  private hunt(): void {
    const { desk, renderRoot } = this.owner;
    desk.presenting = false;
    desk.sheet = null;
    this.hunts = true;
    renderRoot.querySelector<HTMLElement>('#rules:popover-open')?.hidePopover();
    this.show('hunt');
    void this.rooms.hunt.want().then((hunt) => hunt?.enter());
  }

  private edits(server: number): void {
    const { desk } = this.owner;
    desk.presenting = false;
    if (desk.chosen.size !== 1 || !desk.chosen.has(server)) desk.choose(server, false);
    this.show('server');
    this.editing = true;
    void this.state.want();
  }

  private show(tab: Tab): void {
    if (tab !== this.tab) this.room()?.part?.hide();
    this.tab = tab;
    this.editing = false;
    this.owner.invalidate();
  }

  /** Shows a tab, and puts the focus there. */
  private goToTab(tab: Tab): void {
    this.show(tab);
    this.owner.renderRoot.querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  }

  private tabKey(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const list = (event.currentTarget as HTMLElement).parentElement;
    const tabs = TABS.filter((tab) => tab !== 'hunt' || this.hunts);
    const by = event.key === 'ArrowRight' ? 1 : tabs.length - 1;
    this.show(tabs[(tabs.indexOf(this.tab) + by) % tabs.length] as Tab);
    list?.querySelector<HTMLElement>(`#tab-${this.tab}`)?.focus();
    event.preventDefault();
  }

  /** What the views with a script of their own know of the playground. */
  private host(): LogHost & RoomHost {
    const { owner } = this;
    const reasons = (): readonly Reason[] | null => this.asked?.reasons ?? null;
    return {
      get live() {
        return owner.live;
      },
      get stage() {
        return owner.stage;
      },
      get playing() {
        return owner.playing;
      },
      get violation() {
        return owner.violation;
      },
      get entry() {
        return owner.desk.entry;
      },
      get reasons() {
        return reasons();
      },
      chosen: owner.desk.chosen,
      choose: (server, add) => owner.desk.choose(server, add),
      chooseEntry: (entry) => owner.desk.chooseEntry(entry),
      whyCommitted: (index) => this.ask(() => owner.whyCommitted(index)),
      whyHeld: (server, index) => this.askAbout({ about: 'entry', server, index }),
      goTo: (us) => void owner.desk.attempt(() => owner.seek((owner.live?.within(us) ?? us) / 1000)),
      goToEvent: (us, number) => void owner.desk.attempt(() => owner.goTo(us, number)),
      showReasons: () => this.goToTab('events'),
      closeReasons: () => this.explain(undefined),
      say: (text) => owner.say(text),
      repaint: () => owner.repaint(),
    };
  }

  /** The time line, once something was lived: until then there is nothing to go to. */
  private line(): TemplateResult | typeof nothing {
    const { desk } = this.owner;
    const view = this.pastView;
    const past = view && view.livedUs > 0 ? this.unasked(this.past) : undefined;
    if (!view || !past) return nothing;
    this.pastHost ??= past.pastHost(this.owner);
    this.timeLine ??= new past.TimeLine(this.pastHost);
    const { timeLine } = this;
    return html`${guard([spokenVersion(), view, desk.choice], () => timeLine.render(desk, view))}`;
  }

  private branches(): TemplateResult | typeof nothing {
    const { pastView: view, pastHost: host } = this;
    // The time line comes first.
    if (!view || !host || view.branches.length < 2) return nothing;
    return html`${guard([spokenVersion(), view], () => this.past.part?.branchesSheet(view, host) ?? nothing)}`;
  }

  private why(): TemplateResult | undefined {
    const { asked } = this;
    return asked && this.unasked(this.past)?.whyPanel(asked.reasons, this.pastView?.number ?? 0, () => this.explain(undefined), () => this.goToTab('diagram'));
  }

  /** Opens an explanation, or closes the one that is open: the views mark its steps as long as it is. */
  private explain(asked: { readonly reasons: Reason[] | null } | undefined): void {
    if (asked === this.asked) return;
    this.asked = asked;
    const mark = (places: ReadonlyMap<number, string>): void => {
      if (this.owner.stage) this.owner.stage.explained = places;
      this.owner.invalidate();
    };
    if (!asked?.reasons) return mark(new Map());
    const { reasons } = asked;
    void this.past.want().then((past) => past && this.asked === asked && mark(past.placesByServer(past.stepsOf(reasons))));
  }

  /** A press on a moment goes there; one on "why?" asks. */
  private readonly follow = (event: Event): void => {
    const { owner } = this;
    const button = (event.target as Element).closest('button');
    if (!button) return;
    const { whyLeader, whyCommitted, asks } = button.dataset;
    const { number, us, about, entry } = button.closest('li')?.dataset ?? {};
    if (whyLeader !== undefined) this.ask(() => owner.whyLeader(Number(whyLeader)));
    else if (whyCommitted !== undefined) this.ask(() => owner.whyCommitted(Number(whyCommitted)));
    else if (asks !== undefined) this.askAbout({ about: asks as 'role' | 'term' | 'vote', server: Number(button.dataset['of']) });
    else if (button.className === 'ask') this.ask(() => owner.why(Number(number)));
    else if (button.className === 'when') {
      owner.desk.attempt(() => owner.goTo(Number(us), Number(number)));
      const server = Number(about ?? 0);
      const [index = 0, term = 0] = entry?.split(' ').map(Number) ?? [];
      if (server > 0) owner.desk.choose(server, false);
      owner.desk.chooseEntry(index > 0 ? { index, term, server } : null);
    }
  };

  private ask(why: () => Reason[] | null): void {
    this.notThere.delete(this.past);
    if (this.owner.desk.attempt(() => this.explain({ reasons: why() }))) this.show('events');
  }

  /** Explains what is no event of the list: it is looked for first. */
  private askAbout(question: Question): void {
    void this.past.want().then((past) => {
      const { live } = this.owner;
      if (!past || !live) return;
      const { cluster } = live;
      this.ask(() =>
        live.guarded(() => {
          const number = past.begins(question, cluster.eventCount, (after, max) => cluster.events(after, max));
          return number > 0 ? cluster.why(number, question.about === 'entry' ? question.index : undefined) : [];
        }),
      );
    });
  }

  private renew(scenario: Partial<Scenario>): void {
    this.owner.desk.attempt(() => this.owner.reset(scenario));
  }

  private propose(value: string): boolean {
    const { desk } = this.owner;
    const refusal = proposalRefusal(desk);
    if (refusal !== null) {
      desk.tell(refusal);
      return false;
    }
    return desk.attempt(() => this.owner.propose(value, desk.targets[0]?.id));
  }

  /** The sheet that lies open, once it is there. */
  private late(): TemplateResult | typeof nothing {
    const { desk } = this.owner;
    if (desk.sheet !== this.shown) {
      if (this.shown === 'share') this.share.part?.forget();
      else if (this.shown === 'search') this.search.part?.forget();
      else if (this.shown === 'help') this.help.part?.forget();
      this.shown = desk.sheet;
    }
    switch (desk.sheet) {
      case null:
        return nothing;
      case 'help':
        return this.help.get()?.sheet(() => this.close('help')) ?? nothing;
      case 'share':
        return this.share.get()?.sheet() ?? nothing;
      case 'search':
        return this.search.get()?.sheet() ?? nothing;
    }
  }

  private endHint(): void {
    this.hintIsOver = true;
    this.owner.invalidate();
  }

  /** What would move all else if it came after that: there is something to wait for where it is needed. */
  first(): Promise<unknown> | undefined {
    const { look, ownsPage } = this.owner;
    if (look !== 'full') return this.bars.want();
    return ownsPage && location.hash === '' && isFirstVisit(() => localStorage) ? this.hint.want() : undefined;
  }

  /** The page has this address now. */
  addressed(hash: string): void {
    if (/^#[rtn]=/.test(hash)) void this.share.want().then((share) => share?.openAddress(hash));
  }

  liveTo(place: Place): void {
    void this.share.want().then((share) => share?.liveTo(place));
  }

  dropped(file: File): void {
    void this.share.want().then((share) => share?.openFile(file));
  }

  print(): void {
    this.close();
    // What lies open is closed by then.
    void this.paper.want().then(() => requestAnimationFrame(() => window.print()));
  }

  copyLink(): void {
    void this.share.want().then((share) => share?.copyLink());
  }

  /** Switches that come only now take the focus as those do that are there when the sheet opens. */
  private openRules(): void {
    if (this.rules.part) return;
    void this.rules.want().then(() =>
      requestAnimationFrame(() => {
        const first = this.owner.renderRoot.querySelector<HTMLElement>('#rules:popover-open [autofocus]');
        if (first && !first.closest('[popover]')?.matches(':focus-within')) first.focus();
      }),
    );
  }

  /** A part that is shown without being asked for. */
  private unasked<T>(part: Late<T>): T | undefined {
    return this.notThere.has(part) ? undefined : part.get();
  }

  private missing(why: string): void {
    const room = this.room();
    if ((room && !room.part) || (this.tab === 'server' && !this.state.part)) this.show('events');
    this.owner.desk.sheet = null;
    this.owner.desk.tell(why);
  }

  /** Its close may be told late, when another lies open already. */
  private close(sheet = this.owner.desk.sheet): void {
    if (this.owner.desk.sheet === sheet) this.owner.desk.sheet = null;
    this.owner.invalidate();
  }

  private copy(text: () => string | undefined): void {
    void copyText(text() ?? '').then(
      () => this.owner.desk.tell(WORDS.panic.copied),
      () => this.owner.desk.tell(WORDS.notCopied),
    );
  }
}
