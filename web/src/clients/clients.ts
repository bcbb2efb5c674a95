/** The clients' lanes: their operations as intervals over time, and the same as a table. They come when somebody opens them. */

import { html, nothing, render, type TemplateResult } from 'lit';
import { DiagramHands, type Grip } from '../diagram/hands';
import { fitted, following, panned, type Plan, spanUs, timeAt, type View, xOf, yOf, zoomed } from '../diagram/layout';
import { Source } from '../diagram/source';
import { Panicked } from '../door/cluster';
import { adopt } from '../panels/adopt';
import type { Room, RoomHost } from '../panels/room';
import type { Session } from '../session';
import style from '../styles/clients.css';
import diagramStyle from '../styles/diagram.css';
import type { Colours } from '../theme';
import { timeText } from '../words';
import { CLIENTS } from '../lang/en/clients';
import { DIAGRAM } from '../lang/en/diagram';
import { type Bar, barAt, barsIn, heightFor, laneOf, listed, momentAt, nextOf, planFor } from './layout';
import { ClientModel, type Operation } from './model';
import { paint } from './paint';

const LISTED_MAX = 40;
const TABLE_MS = 300;
const OPENING_US_PER_PX = 3_000;
const TIP_GAP_PX = 10;

export class Clients implements Room, Grip {
  private readonly root = document.createElement('div');
  private readonly plot = document.createElement('div');
  private readonly canvas = document.createElement('canvas');
  private readonly tip = document.createElement('div');
  private readonly told = document.createElement('div');
  private readonly ctx = this.canvas.getContext('2d', { alpha: false });
  private readonly hands = new DiagramHands(this.canvas, this);
  private readonly source = new Source((after) => new ClientModel(after));
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private plan: Plan = planFor(400, 1);
  private view: View = { startUs: 0, usPerPx: OPENING_US_PER_PX };
  private width = 0;
  private follows = true;
  private pointer = { x: -1, y: -1 };
  private walked: Operation | null = null;
  private painted = '';
  private listedAt = -Infinity;
  private dressed = false;

  constructor(private readonly host: RoomHost) {
    this.root.className = 'lanes';
    this.plot.className = 'diagram-plot';
    this.tip.className = 'diagram-tip';
    this.tip.setAttribute('aria-hidden', 'true');
    this.tip.hidden = true;
    this.canvas.tabIndex = 0;
    this.canvas.setAttribute('role', 'application');
    this.canvas.setAttribute('aria-roledescription', CLIENTS.kind);
    this.canvas.setAttribute('aria-label', CLIENTS.name);
    this.canvas.setAttribute('aria-description', CLIENTS.about);
    this.plot.append(this.canvas, this.tip);
    this.root.append(this.bar(), this.plot, this.told);
    new ResizeObserver(() => {
      this.width = this.plot.clientWidth;
      this.painted = '';
      host.repaint();
    }).observe(this.plot);
  }

  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    const tree = into.getRootNode();
    if (tree instanceof ShadowRoot && !this.dressed) {
      this.dressed = true;
      adopt(tree, diagramStyle);
      adopt(tree, style);
    }
    into.replaceChildren(this.root);
    this.painted = '';
    this.host.repaint();
  }

  hide(): void {
    this.point(-1, -1);
    this.leave();
  }

  dispose(): void {
    this.hands.dispose();
  }

  frame(timestamp: number, colours: Colours): void {
    const { live, playing } = this.host;
    if (!live || this.width < 40 || !this.ctx) return;
    try {
      live.guarded(() => this.catchUp(live));
    } catch (error) {
      // The session has told the panic already.
      if (!(error instanceof Panicked)) throw error;
      return;
    }
    if (this.source.behind) this.host.repaint();
    const { model } = this.source;
    const { nowUs } = this;
    this.measure();
    if (playing) this.follows = true;
    if (this.follows) this.view = following(this.plan, this.view, nowUs, this.motion.matches);
    const bar = this.pointed();
    const marked = bar?.operation ?? null;
    const look = [nowUs, model.version, this.view.startUs, this.view.usPerPx, this.plan.width, this.plan.height, devicePixelRatio, marked?.number, colours.panel, colours.ink].join('|');
    if (look !== this.painted) {
      this.painted = look;
      this.ctx.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0);
      paint(this.ctx, this.plan, this.view, model, colours, nowUs, marked);
      this.showTip(bar);
    }
    if (!playing || timestamp - this.listedAt > TABLE_MS) {
      this.listedAt = timestamp;
      render(this.table(model, nowUs), this.told);
    }
  }

  // ---- what hands do ----

  pan(px: number): void {
    this.follows = false;
    this.view = panned(this.plan, this.view, px, 0, Math.max(this.nowUs, this.source.model.endUs));
    this.host.repaint();
  }

  zoom(factor: number, x: number): void {
    this.follows = false;
    this.view = zoomed(this.plan, this.view, factor, x);
    this.host.repaint();
  }

  fit(): void {
    this.follows = false;
    const { operations, endUs } = this.source.model;
    this.view = fitted(this.plan, operations[0]?.fromUs ?? 0, Math.max(this.nowUs, endUs, 1));
    this.host.repaint();
  }

  toPresent(): void {
    this.follows = true;
    this.view = { ...this.view, startUs: Math.max(0, this.nowUs - spanUs(this.plan, this.view)) };
    this.host.repaint();
  }

  point(x: number, y: number): void {
    this.pointer = { x, y };
    if (x >= 0) this.walked = null;
    this.host.repaint();
  }

  click(x: number, y: number): void {
    if (x < this.plan.left) return;
    this.go(momentAt(this.plan, this.view, barAt(this.bars(), this.plan, x, y), x));
  }

  scrub(x: number): void {
    this.go(timeAt(this.plan, this.view, x));
  }

  isTimes(y: number): boolean {
    return y > this.plan.bottom;
  }

  walk(forward: boolean): void {
    const next = nextOf(this.source.model, this.walked, forward, this.nowUs);
    if (!next) return;
    this.walked = next;
    const x = xOf(this.plan, this.view, next.fromUs);
    if (x < this.plan.left + 10 || x > this.plan.right - 10) {
      this.follows = false;
      this.view = { ...this.view, startUs: next.fromUs - spanUs(this.plan, this.view) / 2 };
    }
    this.plot.scrollTop = Math.max(0, yOf(this.plan, laneOf(this.source.model.lanes, next)) - this.plot.clientHeight / 2);
    this.host.say(tell(next).join('. '));
    this.host.repaint();
  }

  enter(): void {
    if (this.walked) this.go(this.walked.fromUs);
  }

  leave(): boolean {
    const { walked } = this;
    this.walked = null;
    this.host.repaint();
    return walked !== null;
  }

  private go(us: number): void {
    this.follows = false;
    this.host.goTo(Math.max(0, Math.min(Math.round(us), Math.max(this.nowUs, this.host.live?.cluster.livedUs ?? 0))));
  }

  private get nowUs(): number {
    return this.host.stage?.scene.timeUs ?? 0;
  }

  private catchUp(live: Session): void {
    const { cluster, generation } = live;
    const run = { count: cluster.eventCount, timeUs: cluster.timeUs, livedUs: cluster.livedUs, branch: cluster.branch, generation, playing: this.host.playing };
    this.source.catchUp(run, (after, max) => cluster.events(after, max));
  }

  private bars(): Bar[] {
    return barsIn(this.plan, this.view, this.source.model, this.nowUs);
  }

  private pointed(): Bar | undefined {
    const number = this.walked?.number;
    if (number !== undefined) return this.bars().find(({ operation }) => operation.number === number);
    return this.pointer.x < 0 || this.hands.busy ? undefined : barAt(this.bars(), this.plan, this.pointer.x, this.pointer.y);
  }

  private measure(): void {
    const lanes = Math.max(1, this.source.model.lanes.length);
    const [width, height] = [Math.round(this.width * devicePixelRatio), Math.round(heightFor(lanes) * devicePixelRatio)];
    if (this.canvas.width === width && this.canvas.height === height) return;
    this.plan = planFor(this.width, lanes);
    this.canvas.width = width;
    this.canvas.height = height;
    this.canvas.style.height = `${heightFor(lanes)}px`;
    this.painted = '';
    if (this.follows) this.toPresent();
  }

  private showTip(bar: Bar | undefined): void {
    const { tip, plan } = this;
    tip.hidden = !bar;
    if (!bar) return;
    const [head, more] = tell(bar.operation);
    const strong = document.createElement('b');
    strong.textContent = head;
    tip.replaceChildren(strong, more);
    const x = this.walked ? Math.max(plan.left, bar.x1) : this.pointer.x;
    const left = Math.max(0, Math.min(x + TIP_GAP_PX, plan.width - tip.offsetWidth));
    const below = bar.y + plan.bar / 2 + 4;
    const top = below + tip.offsetHeight <= this.plot.scrollTop + this.plot.clientHeight ? below : Math.max(0, bar.y - plan.bar / 2 - tip.offsetHeight - 4);
    tip.style.transform = `translate(${Math.round(left)}px, ${Math.round(top)}px)`;
  }

  private bar(): HTMLElement {
    const bar = document.createElement('div');
    bar.className = 'diagram-bar';
    const middle = (): number => (this.plan.left + this.plan.right) / 2;
    const acts = { out: () => this.zoom(1.5, middle()), in: () => this.zoom(1 / 1.5, middle()), fit: () => this.fit(), now: () => this.toPresent() };
    render(
      html`<ul>
          ${Object.entries(CLIENTS.legend).map(([kind, text]) => html`<li><i class=${`o-${kind}`}></i>${text}</li>`)}
        </ul>
        <span>
          ${Object.entries(DIAGRAM.buttons).map(([id, [label, sign]]) => html`<button type="button" title=${label} aria-label=${label} @click=${acts[id as keyof typeof acts]}>${sign}</button>`)}
        </span>`,
      bar,
    );
    return bar;
  }

  /** The same as what is drawn, to be read and gone along by keys. */
  private table(model: ClientModel, nowUs: number): TemplateResult {
    const words = CLIENTS.table;
    const rows = listed(model, nowUs, LISTED_MAX);
    if (rows.length === 0) return html`<p class="quiet">${CLIENTS.none}</p>`;
    return html`<table @keydown=${rowKey}>
        <caption class="head">${words.head}</caption>
        <thead>
          <tr><th scope="col">${words.who}</th><th scope="col">${words.what}</th><th scope="col">${words.when}</th><th scope="col">${words.until}</th><th scope="col">${words.outcome}</th></tr>
        </thead>
        <tbody>
          ${rows.map(({ operation, over }, at) => {
            const seen = over ? operation : { ...operation, outcome: 'open' as const, stale: false };
            const what = CLIENTS.did(seen);
            return html`<tr class=${seen.stale ? 'stale' : ''}>
              <td>${CLIENTS.who(operation.client, operation.slot)[0]}</td>
              <th scope="row">${what}</th>
              <td><button type="button" class="go" tabindex=${at === 0 ? 0 : -1} aria-label=${CLIENTS.goTo(what, operation.fromUs)} @click=${() => this.go(operation.fromUs)}>${short(operation.fromUs)}</button></td>
              <td>${over && operation.outcome === 'answered' ? short(operation.toUs) : '–'}</td>
              <td>${seen.stale ? html`<b>✕ ${CLIENTS.stale}</b>` : CLIENTS.outcomes[seen.outcome]}</td>
            </tr>`;
          })}
        </tbody>
      </table>
      ${rows.length === LISTED_MAX ? html`<p class="quiet">${CLIENTS.latest(LISTED_MAX)}</p>` : model.forgot ? html`<p class="quiet">${CLIENTS.gone}</p>` : nothing}`;
  }
}

const short = (us: number): string => timeText(us).replace(' ms', '');

/** An operation in words: what it is, and when. */
function tell(operation: Operation): readonly [string, string] {
  const { client, slot, fromUs, toUs, outcome, by, tries, stale } = operation;
  const ended = outcome === 'answered' ? CLIENTS.answered(toUs, by) : outcome === 'unknown' ? CLIENTS.ended(toUs) : '';
  const what = stale ? CLIENTS.stale : outcome === 'answered' ? '' : CLIENTS.outcomes[outcome];
  return [CLIENTS.named(CLIENTS.who(client, slot)[0], CLIENTS.did(operation)), CLIENTS.story(fromUs, ended, tries, what)];
}

/** Up and down go from row to row. */
function rowKey(event: KeyboardEvent): void {
  const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
  const buttons = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>('.go')];
  const next = by === 0 ? undefined : buttons[buttons.indexOf(event.target as HTMLElement) + by];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
