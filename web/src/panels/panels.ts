import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { proposalRefusal, type Revealed } from '../actions';
import { copyText } from '../clipboard';
import type { Diagram } from '../diagram/diagram';
import { ahead } from '../door/ahead';
import type { EventRecord, Scenario } from '../door/types';
import type { Look } from '../embed/look';
import type { HuntPanel } from '../hunt/panel';
import type { Place } from '../keep/link';
import { isFirstVisit } from '../keep/visit';
import { ACTION_TEXTS } from '../lang/en/actions';
import { spokenVersion } from '../lang/texts';
import type { LogGrid, LogHost } from '../logs/grid';
import type { Menus } from '../menu/menus';
import type { Print } from '../print/print';
import type { Session } from '../session';
import type { StateView } from '../state/read';
import type { Colours } from '../theme';
import type { Pair } from '../twin/pair';
import { WORDS } from '../words';
import { failure, panicSheet } from './alerts';
import { Answers } from './answers';
import { controlBar, topBar } from './controls';
import { deck } from './deck';
import { EventsPanel, rove } from './events';
import type { Faults } from './faults';
import type { Hint } from './hint';
import { languageSheet } from './language';
import type { Late } from './late';
import { LateSheets } from './late-sheets';
import { legend } from './legend';
import { Lived } from './lived';
import { moreSheet } from './more';
import type { Owner } from './owner';
import { Parts } from './parts';
import { Reasons } from './reasons';
import type { Room, RoomHost } from './room';
import { rulesSheet } from './rules';
import { ScenesPanel } from './scenes';
import { type Tab, Tabs } from './tabs';

/** Everything around the stage: fetches what it shows, at its own pace, and lays it out. */
export class Panels {
  private readonly parts: Parts;
  private readonly logs: Late<LogGrid>;
  private readonly events: EventsPanel;
  private readonly scenes: ScenesPanel;
  private readonly answers = new Answers();
  private readonly sheets: LateSheets;
  private readonly reasons: Reasons;
  private readonly lived: Lived;
  private readonly tabs: Tabs;
  private readonly rules: Late<typeof import('./rule-switches')>;
  private readonly violation: Late<typeof import('./violation')>;
  private readonly sentences: Late<typeof import('../sentences')>;
  private readonly past: Late<typeof import('./past/past')>;
  private readonly state: Late<typeof import('../state/panel')>;
  private held: StateView | undefined;
  /** Whether the form that writes a disk is to open with the panel of its server. */
  private editing = false;
  private readonly rooms: Readonly<Record<'checks' | 'clients', Late<Room>>> & { readonly faults: Late<Faults>; readonly diagram: Late<Diagram>; readonly hunt: Late<HuntPanel> };
  private readonly pair: Late<Pair>;
  private readonly menus: Late<Menus>;
  private readonly paper: Late<Print>;
  private readonly bars: Late<typeof import('../embed/bars')>;
  private presented = false;
  private readonly hint: Late<Hint>;
  private hintIsOver = false;
  private disposed = false;
  private generation = 0;
  private readonly coarse = matchMedia('(pointer: coarse)');

  constructor(private readonly owner: Owner) {
    const changed = (): void => owner.invalidate();
    const parts = (this.parts = new Parts(changed, (why) => this.missing(why)));
    this.events = new EventsPanel(changed, (record) => this.answers.hear(record));
    this.tabs = new Tabs(() => owner.renderRoot, (tab) => this.turn(tab));
    this.logs = parts.late(async () => new (await import('../logs/grid')).LogGrid(this.host()), () => WORDS.panels.logs);
    this.sentences = parts.late(() => import('../sentences'), () => WORDS.panels.events);
    this.rules = parts.late(async () => {
      const switches = await import('./rule-switches');
      switches.dress(owner.renderRoot);
      return switches;
    }, () => WORDS.rules.head);
    this.violation = parts.late(() => import('./violation'), () => WORDS.violation.head);
    this.hint = parts.quiet(async () => new (await import('./hint')).Hint(owner, () => this.endHint()));
    this.state = parts.late(() => import('../state/panel'), () => WORDS.panels.server);
    this.rooms = {
      diagram: parts.late(async () => new (await import('../diagram/diagram')).Diagram(this.host()), () => WORDS.panels.diagram),
      checks: parts.late(async () => new (await import('../checks/checks')).Checks(this.host()), () => WORDS.panels.checks),
      clients: parts.late(async () => new (await import('../clients/clients')).Clients(this.host()), () => WORDS.panels.clients),
      faults: parts.late(async () => new (await import('./doing')).Faults(owner), () => WORDS.panels.faults),
      hunt: parts.late(async () => new (await import('../hunt/panel')).HuntPanel(owner), () => ACTION_TEXTS.hunt[0]),
    };
    this.menus = parts.late(async () => new (await import('./doing')).Menus(owner, (from, to) => this.dials(from, to), (server) => this.edits(server), (question) => this.reasons.askAbout(question)), () => WORDS.panels.menus);
    this.pair = parts.late(async () => new (await import('../twin/pair')).Pair(owner), () => ACTION_TEXTS.pair[0]);
    this.bars = parts.late(() => import('../embed/bars'), () => WORDS.controls.time);
    this.past = parts.late(() => import('./past/past'), () => WORDS.panels.past);
    this.lived = new Lived(owner, parts, this.past);
    this.reasons = new Reasons(owner, parts, this.past, { shown: () => this.tabs.show('events'), drawn: () => this.tabs.goTo('diagram') });
    const diagram = (): Diagram | undefined => (this.tabs.open === 'diagram' ? this.rooms.diagram.part : undefined);
    this.paper = parts.quiet(async () => new (await import('../print/print')).Print(owner, () => diagram()?.stretch), () => undefined);
    this.scenes = new ScenesPanel(changed, (scene) => this.renew({ seed: 0, ...scene }));
    const search = parts.late(async () => new (await import('./search')).Search(owner, this.scenes, () => Promise.all([this.rules.want(), this.menus.want()]), () => this.menus.part), () => WORDS.sheets.search);
    this.sheets = new LateSheets(owner, parts, search, diagram);
  }

  /** The person asks for a key: the answer is one of the events to come. */
  asks(key: string, server = 0): void {
    this.answers.asks(key, server);
  }

  /** A new run has begun. */
  forget(): void {
    this.generation = this.owner.live?.generation ?? 0;
    this.answers.forget();
    this.reasons.close();
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
    this.sheets.respeak();
    for (const part of [this.logs, ...Object.values(rooms)]) part.again();
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
          if (cluster.eventCount < this.events.upTo) this.answers.forget();
          const fetch = (after: number, max: number): EventRecord[] => cluster.events(after, max);
          // While time runs, a list that nobody sees waits, unless an answer is to be heard.
          const seen = this.tabs.open === 'events' || !this.owner.playing || this.answers.waits;
          if (seen) this.events.catchUp(cluster.eventCount, !this.owner.playing, fetch, () => this.parts.unasked(this.sentences)?.sentence);
        }
        if (what !== 'logs') {
          this.lived.read(live);
          this.compare(live);
        }
        if (what === 'events') return;
        this.logs.part?.outdate();
        this.held = this.read(live);
      });
    } catch {
      // The session has told the panic already; what was read before it stays.
    }
  }

  private compare({ cluster, ended }: Session): void {
    const answer = this.answers.fresh();
    const leader = this.owner.stage?.scene.leader();
    if (!answer || !leader || ended) return;
    const text = this.past.part?.outrun(answer, cluster.server(leader.id));
    if (text) this.owner.desk.tell(text, true);
  }

  private read({ cluster }: Session): StateView | undefined {
    const { desk, serverCount, options } = this.owner;
    const [server] = desk.targets;
    return this.tabs.open === 'server' && server ? this.state.part?.readState(cluster, server, serverCount, options.lease_reads ?? false) : undefined;
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
    const grid = logs ? this.parts.unasked(this.logs) : undefined;
    if (logs && grid) {
      grid.mount(logs);
      grid.draw();
    }
    const place = root.querySelector('.room');
    if (place) this.room()?.get()?.mount(place);
    this.state.part?.dress(root);
    if (this.editing && this.state.part?.openEditor(root)) this.editing = false;
    this.lived.dress(root);
    for (const dialog of root.querySelectorAll('dialog')) if (!dialog.open) dialog.showModal();
  }

  /** With each frame: what is drawn as smoothly as the stage. */
  frame(timestamp: number, colours: Colours): void {
    this.room()?.part?.frame(timestamp, colours);
    if (this.tabs.open !== 'hunt') this.rooms.hunt.part?.follow(colours);
    this.pair.part?.follow(colours);
    (this.owner.desk.chosen.size > 0 ? this.parts.unasked(this.menus) : this.menus.part)?.follow();
  }

  /** What the tab that is open shows, if it is a room of its own. */
  private room(): Late<Room> | undefined {
    return (this.rooms as Partial<Record<Tab, Late<Room>>>)[this.tabs.open];
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
        ${this.broken() ?? (full ? deck(desk, this.answers.latest, (value) => this.propose(value)) : nothing)}
        ${full ? this.side() : nothing}
        ${look === 'none' ? nothing : html`<div class="line-place" part="line">${this.lived.line()}</div>`}
        ${full ? controlBar(desk, clock, (speed) => desk.attempt(() => (owner.speed = speed))) : this.bar(look, clock.timeUs)}
      </div>
      <div class="told"><slot></slot></div>
      <p class="unseen" role="status" aria-live="polite">${owner.said}</p>
      ${guard([spokenVersion(), owner.options, this.rules.part], () => rulesSheet(this.rules.part?.ruleSwitches(owner.options, (options) => this.renew({ options: { ...owner.options, ...options } })), () => this.openRules()))}
      ${this.scenes.sheet(owner.sceneTitle)} ${languageSheet((language) => void owner.choose(language))}
      ${desk.targets.length > 0 ? moreSheet(desk) : nothing} ${this.sheets.render()} ${this.lived.branches()}
      <div class="menus"></div>
      <div class="print"></div>
      ${owner.panic ? panicSheet(owner.panic, () => owner.closePanic(), () => this.copy(() => owner.panic?.report)) : nothing}
    `;
  }

  /** The bar where there is little else. */
  private bar(look: Look | 'presenting', timeUs: number): TemplateResult | undefined {
    const { owner } = this;
    const bars = this.parts.unasked(this.bars);
    if (look === 'presenting') return bars?.presenterBar(owner.desk, timeUs);
    bars?.dress(owner.renderRoot);
    return look === 'slim' ? bars?.slimBar(owner.desk, timeUs, { fullPage: owner.elsewhere, fragment: () => owner.getState().link }) : undefined;
  }

  private broken(): TemplateResult | undefined {
    const { violation, live } = this.owner;
    const copy = (): void => this.copy(() => JSON.stringify(live?.cluster.scenario(), null, 1));
    return violation ? this.parts.unasked(this.violation)?.violationCard(violation, () => this.tabs.show('checks'), copy) : undefined;
  }

  private side(): TemplateResult {
    const { desk } = this.owner;
    const [server] = desk.targets;
    return html`<div class="side" part="side">
      <section class="panel top" aria-label=${WORDS.panels.logs}>
        <h2 class="head">${WORDS.panels.logs}</h2>
        <div class="logs-place"></div>
      </section>
      <section class="panel" aria-label=${WORDS.panels.events}>
        ${this.tabs.render(server?.id ?? 0)}
        <div id="tab-panel" role="tabpanel" tabindex="0" aria-labelledby=${`tab-${this.tabs.open}`} @click=${this.reasons.follow} @keydown=${rove}>
          ${this.tabs.open === 'events'
            ? (this.reasons.panel(this.lived.number) ?? guard([spokenVersion(), this.events.version, desk.choice], () => this.events.render(desk.chosen)))
            : this.tabs.open === 'server'
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
    this.tabs.goTo('faults');
    void this.rooms.faults.want().then((faults) => faults?.dial(from, to));
  }

  /** The search for a violation takes its tab, with what is switched off at present. */
  private hunt(): void {
    const { desk, renderRoot } = this.owner;
    desk.presenting = false;
    desk.sheet = null;
    this.tabs.hunts = true;
    renderRoot.querySelector<HTMLElement>('#rules:popover-open')?.hidePopover();
    this.tabs.show('hunt');
    void this.rooms.hunt.want().then((hunt) => hunt?.enter());
  }

  private edits(server: number): void {
    const { desk } = this.owner;
    desk.presenting = false;
    if (desk.chosen.size !== 1 || !desk.chosen.has(server)) desk.choose(server, false);
    this.tabs.show('server');
    this.editing = true;
    void this.state.want();
  }

  /** Another tab opens, or the same again. */
  private turn(to: Tab): void {
    if (to !== this.tabs.open) this.room()?.part?.hide();
    this.editing = false;
    this.owner.invalidate();
  }

  /** What the views with a script of their own know of the playground. */
  private host(): LogHost & RoomHost {
    const { owner } = this;
    const { reasons, tabs } = this;
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
        return reasons.open;
      },
      chosen: owner.desk.chosen,
      choose: (server, add) => owner.desk.choose(server, add),
      chooseEntry: (entry) => owner.desk.chooseEntry(entry),
      whyCommitted: (index) => reasons.ask(() => owner.whyCommitted(index)),
      whyHeld: (server, index) => reasons.askAbout({ about: 'entry', server, index }),
      goTo: (us) => void owner.desk.attempt(() => owner.seek((owner.live?.within(us) ?? us) / 1000)),
      goToEvent: (us, number) => void owner.desk.attempt(() => owner.goTo(us, number)),
      showReasons: () => tabs.goTo('events'),
      closeReasons: () => reasons.close(),
      say: (text) => owner.say(text),
      repaint: () => owner.repaint(),
    };
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

  // ---- what comes and goes by sheets that are late ----

  addressed(hash: string): void {
    this.sheets.addressed(hash);
  }

  liveTo(place: Place): void {
    this.sheets.liveTo(place);
  }

  dropped(file: File): void {
    this.sheets.dropped(file);
  }

  copyLink(): void {
    this.sheets.copyLink();
  }

  print(): void {
    this.sheets.close();
    // What lies open is closed by then.
    void this.paper.want().then(() => requestAnimationFrame(() => window.print()));
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

  private missing(why: string): void {
    const room = this.room();
    if ((room && !room.part) || (this.tabs.open === 'server' && !this.state.part)) this.tabs.show('events');
    this.owner.desk.sheet = null;
    this.owner.desk.tell(why);
  }

  private copy(text: () => string | undefined): void {
    void copyText(text() ?? '').then(
      () => this.owner.desk.tell(WORDS.panic.copied),
      () => this.owner.desk.tell(WORDS.notCopied),
    );
  }
}
