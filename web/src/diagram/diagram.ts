/** The space-time diagram: a lane for each server, time from left to right. It comes when somebody opens it. */

import { Panicked } from '../door/cluster';
import type { EventRecord } from '../door/types';
import { hereOf, type Step, stepsOf } from '../panels/past/chain';
import { sentence } from '../sentences';
import type { Room, RoomHost } from '../panels/room';
import type { Picture } from '../exports/pictures';
import type { Session } from '../session';
import type { Scene } from '../stage/scene';
import style from '../styles/diagram.css';
import type { Colours } from '../theme';
import { DIAGRAM } from '../lang/en/diagram';
import { DiagramHands, type Grip } from './hands';
import { fitted, following, heightFor, panned, type Plan, planFor, serverAt, spanUs, timeAt, US_PER_PX, type View, xOf, yOf, zoomed } from './layout';
import { type MessageLine, Model } from './model';
import { type Now, paint, shownText } from './paint';
import { type Explained, markAt } from './paint-why';
import { Source } from './source';
import { momentOf, nextSpot, type Spot, spotAt, tellSpot } from './spots';
import { WhyBar } from './why';

/** The events that the diagram's description tells. */
const TOLD = 4;
/** While time runs, the description is written about this often. */
const DESCRIBE_MS = 2_000;
const HEAD_GAP_PX = 10;
/** An explanation of one moment is shown with as much around it. */
const WHY_SPAN_US_MIN = 20_000;

export class Diagram implements Grip, Room {
  private readonly root = document.createElement('div');
  private readonly plot = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly tip = document.createElement('div');
  private readonly description = document.createElement('p');
  private readonly ctx: CanvasRenderingContext2D | null;
  private readonly hands: DiagramHands;
  private readonly source = new Source((after) => new Model(after));
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private plan: Plan = planFor(400, 300, 5);
  private view: View = { startUs: 0, usPerPx: US_PER_PX.opening };
  private follows = true;
  private played = false;
  private density = 1;
  private room = { width: 0, height: 0 };
  private pointer = { x: -1, y: -1 };
  /** Whether the spot was walked to by keys: then it stays until it is left. */
  private walked = false;
  private spot: Spot | null = null;
  /** What it has lit on the stage; others light something there too. */
  private lit = { message: 0, server: 0 };
  private painted = '';
  /** What was to be seen besides the run when it was last drawn. */
  private now: Now | undefined;
  private describedAt = -Infinity;
  private describedTo = '';
  private generation = -1;
  /** How far each message on the stage has come, by its number. */
  private readonly shares = new Map<number, number>();
  private readonly whyBar: WhyBar;
  private reasons: RoomHost['reasons'] = null;
  private explained: Explained = NOTHING;

  constructor(private readonly host: RoomHost) {
    const words = DIAGRAM;
    this.root.className = 'diagram';
    this.plot.className = 'diagram-plot';
    this.tip.className = 'diagram-tip';
    this.tip.setAttribute('aria-hidden', 'true');
    this.tip.hidden = true;
    this.description.className = 'unseen';
    this.description.id = 'diagram-told';
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    this.canvas.setAttribute('aria-roledescription', words.kind);
    this.canvas.setAttribute('aria-label', words.name);
    this.canvas.setAttribute('aria-describedby', this.description.id);
    this.plot.append(this.canvas, this.tip);
    this.whyBar = new WhyBar(host);
    this.root.append(this.bar(), this.whyBar.root, this.plot, this.description);
    this.ctx = this.canvas.getContext('2d', { alpha: false });
    this.hands = new DiagramHands(this.canvas, this);
    new ResizeObserver(() => {
      this.room = { width: this.plot.clientWidth, height: this.plot.clientHeight };
      this.painted = '';
      host.repaint();
    }).observe(this.plot);
  }

  /** Stands in the panel from now on; its style sheet with it. */
  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    const tree = into.getRootNode();
    if (tree instanceof ShadowRoot && !tree.adoptedStyleSheets.includes(sheet())) tree.adoptedStyleSheets.push(sheet());
    into.replaceChildren(this.root);
    this.painted = '';
    this.host.repaint();
  }

  /** It is not to be seen any more: nothing on the stage is lit by it. */
  hide(): void {
    this.pointer = { x: -1, y: -1 };
    this.leave();
    this.light();
  }

  dispose(): void {
    this.hands.dispose();
  }

  /** Looks at what has happened, and draws what is in sight if anything of it is another. */
  frame(timestamp: number, colours: Colours): void {
    const { live, stage } = this.host;
    if (!live || !stage || this.room.width < 40 || !this.ctx) return;
    try {
      live.guarded(() => this.catchUp(live));
    } catch (error) {
      // The session has told the panic already.
      if (!(error instanceof Panicked)) throw error;
      return;
    }
    if (this.source.behind) this.host.repaint();
    this.lookAtShares(stage.scene);
    const { timeUs, servers } = stage.scene;
    this.measure(servers.count);
    if (this.generation !== live.generation) {
      this.generation = live.generation;
      this.spot = null;
      this.walked = false;
    }
    // Time was set going: the present is what counts, unless it is in sight already.
    if (this.host.playing && !this.played) this.follows = true;
    this.played = this.host.playing;
    this.explain(live);
    if (this.follows) this.view = following(this.plan, this.view, timeUs, this.motion.matches);
    if (!this.walked) this.spot = this.pointer.x < 0 || this.hands.busy ? null : this.pointedAt(this.pointer.x, this.pointer.y);
    this.light();
    const hovered = stage.hands.hovered.kind === 'server' ? stage.hands.hovered.id : this.spot?.kind === 'span' ? this.spot.server : 0;
    const spot = this.spot;
    const subject = spot?.kind === 'message' ? `m${spot.message.id}` : spot ? `${spot.kind} ${this.pointer.x} ${this.pointer.y} ${this.walked}` : '';
    const look = [this.explained.here, this.explained.steps[0]?.number, timeUs, this.source.model.version, this.view.startUs, this.view.usPerPx, this.plan.width, this.plan.height, this.density, servers.count, hovered, subject, [...this.host.chosen].join(' '), colours.panel, colours.ink].join('|');
    if (look !== this.painted) {
      this.painted = look;
      const now: Now = (this.now = { nowUs: timeUs, present: this.present, shareOf: this.shareOf, chosen: this.host.chosen, hovered, spot, explained: this.explained });
      this.ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
      paint(this.ctx, this.plan, this.view, this.source.model, colours, now);
      this.tell(timeUs);
    }
    if (!this.host.playing || timestamp - this.describedAt > DESCRIBE_MS) this.describe(timestamp, live);
  }

  /** As it is seen, for any ground; nothing before it was drawn. */
  get picture(): Picture | null {
    const { plan, view, now, source } = this;
    return now ? { width: plan.width, height: plan.height, paint: (ctx, colours) => paint(ctx, plan, view, source.model, colours, now) } : null;
  }

  /** Which stretch of time is in sight. */
  get stretch(): { readonly fromUs: number; readonly toUs: number } {
    return { fromUs: this.view.startUs, toUs: this.view.startUs + spanUs(this.plan, this.view) };
  }

  // ---- what hands do ----

  pan(px: number): void {
    this.follows = false;
    this.view = panned(this.plan, this.view, px, this.source.model.fromUs, this.lastUs);
    this.host.repaint();
  }

  zoom(factor: number, x: number): void {
    const now = xOf(this.plan, this.view, this.nowUs);
    // While it follows, the present stays where it is.
    this.view = zoomed(this.plan, this.view, factor, this.follows && now <= this.plan.right ? now : x);
    this.host.repaint();
  }

  fit(): void {
    this.follows = false;
    this.view = fitted(this.plan, this.source.model.fromUs, Math.max(this.lastUs, this.source.model.fromUs + 50_000));
    this.host.repaint();
  }

  toPresent(): void {
    const span = spanUs(this.plan, this.view);
    this.follows = true;
    this.view = { ...this.view, startUs: Math.max(0, this.nowUs - span) };
    this.host.repaint();
  }

  point(x: number, y: number): void {
    this.walked = false;
    this.pointer = { x, y };
    this.host.repaint();
  }

  click(x: number, y: number, add: boolean): void {
    const { plan, view, host } = this;
    if (x < plan.left) {
      const server = serverAt(plan, y);
      if (server > 0) host.choose(server, add);
      return;
    }
    const spot = this.pointedAt(x, y);
    const step = spot?.kind === 'step' ? spot.mark.steps[spot.mark.steps.length - 1] : undefined;
    if (step) {
      this.follows = false;
      return host.goToEvent(step.timeUs, step.number);
    }
    this.go(momentOf(spot, timeAt(plan, view, x), this.nowUs));
  }

  scrub(x: number): void {
    this.go(Math.max(0, Math.round(timeAt(this.plan, this.view, x))));
  }

  isTimes(y: number): boolean {
    return y > this.plan.bottom;
  }

  walk(forward: boolean): void {
    const next = nextSpot(this.source.model, this.walked ? this.spot : null, forward, this.nowUs);
    if (!next) return;
    this.walked = true;
    this.spot = next.spot;
    const x = xOf(this.plan, this.view, next.us);
    // It comes into sight, with what is around it.
    if (x < this.plan.left + 10 || x > this.plan.right - 10) {
      this.follows = false;
      this.view = { ...this.view, startUs: next.us - spanUs(this.plan, this.view) / 2 };
    }
    this.host.say(tellSpot(next.spot, this.present).join('. '));
    this.host.repaint();
  }

  enter(): void {
    const { spot } = this;
    this.go(spot && this.walked ? momentOf(spot, 0, this.nowUs) : timeAt(this.plan, this.view, (this.plan.left + this.plan.right) / 2));
  }

  leave(): boolean {
    const walked = this.walked;
    this.walked = false;
    this.spot = null;
    this.host.repaint();
    return walked;
  }

  private go(us: number): void {
    // What is clicked stays under the hand.
    this.follows = false;
    const most = this.host.live ? Math.max(this.nowUs, this.host.live.cluster.livedUs) : this.nowUs;
    this.host.goTo(Math.max(0, Math.min(Math.round(us), most)));
  }

  /** What lies under a point: the steps of an explanation lie over everything else. */
  private pointedAt(x: number, y: number): Spot | null {
    const mark = markAt(this.plan, this.view, this.explained.steps, x, y);
    return mark ? { kind: 'step', mark } : spotAt(this.plan, this.view, this.source.model, this.nowUs, this.shareOf, x, y);
  }

  /** What is explained, as of now. An explanation that is new here comes into sight as a whole. */
  private explain({ cluster }: Session): void {
    const { reasons } = this.host;
    let { steps } = this.explained;
    if (reasons !== this.reasons) {
      this.reasons = reasons;
      steps = reasons ? stepsOf(reasons) : [];
      if (steps.length > 0) this.bringIntoSight(steps);
    }
    if (steps.length === 0 && this.explained.steps.length === 0) return;
    const now = cluster.eventCount;
    const number = hereOf(steps, now);
    this.explained = { steps, here: steps.find((step) => step.number === number)?.place ?? 0 };
    this.whyBar.show(steps, this.explained.here, cluster.timeUs);
  }

  private bringIntoSight(steps: readonly Step[]): void {
    const times = steps.map(({ timeUs }) => timeUs);
    const [from, to] = [Math.min(...times), Math.max(...times)];
    const around = Math.max(WHY_SPAN_US_MIN, to - from) * 0.1;
    this.follows = false;
    this.view = fitted(this.plan, Math.max(0, from - around), to + around);
  }

  private get nowUs(): number {
    return this.host.stage?.scene.timeUs ?? 0;
  }

  /** The last moment that anything is known of. */
  private get lastUs(): number {
    return Math.max(this.nowUs, this.source.model.endUs);
  }

  private catchUp(live: Session): void {
    const { cluster, generation } = live;
    const run = { count: cluster.eventCount, timeUs: cluster.timeUs, livedUs: cluster.livedUs, branch: cluster.branch, generation, playing: this.host.playing };
    this.source.catchUp(run, (after, max) => cluster.events(after, max));
  }

  private readonly present = (server: number): { role: 'follower' | 'pre_candidate' | 'candidate' | 'leader'; term: number; up: boolean } | undefined => this.host.stage?.scene.server(server);

  /** As far as on the stage; a message that the stage does not show is as far as its time suggests. */
  private readonly shareOf = (message: MessageLine): number => {
    if (message.fate !== 'open') return message.share;
    return this.shares.get(message.id) ?? this.source.model.shareAfter(this.nowUs - message.sentUs);
  };

  /** Looks once at each message of the stage: thousands on their way are asked for one by one. */
  private lookAtShares({ messages }: Scene): void {
    this.shares.clear();
    for (let at = 0; at < messages.count; at += 1) this.shares.set(messages.at(at).id, messages.at(at).share);
  }

  private light(): void {
    const { stage } = this.host;
    if (!stage) return;
    const message = this.spot?.kind === 'message' ? this.spot.message.id : 0;
    const server = this.spot?.kind === 'span' ? this.spot.server : this.pointer.x >= 0 && this.pointer.x < this.plan.left ? serverAt(this.plan, this.pointer.y) : 0;
    if (this.lit.message === message && this.lit.server === server) return;
    stage.lit = this.lit = { message, server };
    // The stage has been painted already in this frame.
    this.host.repaint();
  }

  private measure(servers: number): void {
    const density = devicePixelRatio || 1;
    const height = Math.max(this.room.height, heightFor(servers));
    const { plan } = this;
    if (plan.width === this.room.width && plan.height === height && plan.servers === servers && this.density === density) return;
    const before = plan.right - plan.left;
    this.plan = planFor(this.room.width, height, servers);
    this.density = density;
    this.canvas.width = Math.round(this.room.width * density);
    this.canvas.height = Math.round(height * density);
    this.canvas.style.height = `${height}px`;
    if (this.follows && before !== this.plan.right - this.plan.left) this.toPresent();
  }

  /** Writes what is pointed at beside it. */
  private tell(nowUs: number): void {
    const { spot, plan, view, tip } = this;
    tip.hidden = spot === null;
    if (!spot) return;
    const [head, more] = tellSpot(spot, this.present);
    const strong = document.createElement('b');
    strong.textContent = head;
    tip.replaceChildren(strong, more);
    let { x, y } = this.pointer;
    if (this.walked) {
      x = xOf(plan, view, momentOf(spot, 0, nowUs));
      y = spot.kind === 'message' ? yOf(plan, spot.message.from) : spot.kind === 'commit' ? yOf(plan, spot.commit.server) : spot.kind === 'mark' && spot.mark.server > 0 ? yOf(plan, spot.mark.server) : plan.top;
    }
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.max(0, Math.min(x + HEAD_GAP_PX, plan.width - width));
    const below = y + HEAD_GAP_PX + 6;
    const top = below + height <= this.plot.scrollTop + this.room.height ? below : Math.max(0, y - height - HEAD_GAP_PX);
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  /** The stretch in sight and the latest events, for those who do not see the canvas. */
  private describe(timestamp: number, live: Session): void {
    const key = `${this.view.startUs} ${this.view.usPerPx} ${this.source.model.version}`;
    if (key === this.describedTo) return;
    this.describedTo = key;
    this.describedAt = timestamp;
    let latest: EventRecord[] = [];
    try {
      const count = live.cluster.eventCount;
      latest = live.cluster.events(Math.max(0, count - 60), 60);
    } catch (error) {
      if (!(error instanceof Panicked)) throw error;
    }
    const told = latest.map(sentence).filter((one) => !one.quiet).slice(-TOLD).map((one) => one.text);
    this.description.textContent = [shownText(this.plan, this.view), ...(told.length > 0 ? told : [DIAGRAM.nothing]), DIAGRAM.about].join(' ');
  }

  /** Buttons for those who have no wheel, and what the lines mean. */
  private bar(): HTMLElement {
    const bar = document.createElement('div');
    bar.className = 'diagram-bar';
    const legend = document.createElement('ul');
    for (const [kind, text] of Object.entries(DIAGRAM.legend)) {
      const item = document.createElement('li');
      const sign = document.createElement('i');
      sign.className = `d-${kind}`;
      item.append(sign, text);
      legend.append(item);
    }
    const middle = (): number => (this.plan.left + this.plan.right) / 2;
    const acts = { out: () => this.zoom(1.5, middle()), in: () => this.zoom(1 / 1.5, middle()), fit: () => this.fit(), now: () => this.toPresent() };
    const buttons = Object.entries(DIAGRAM.buttons).map(([name, [label, sign]]) => {
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = sign;
      button.title = label;
      button.setAttribute('aria-label', label);
      button.addEventListener('click', acts[name as keyof typeof acts]);
      return button;
    });
    const group = document.createElement('span');
    group.append(...buttons);
    bar.append(legend, group);
    return bar;
  }
}

const NOTHING: Explained = { steps: [], here: 0 };

let made: CSSStyleSheet | undefined;
function sheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(style);
  }
  return made;
}
