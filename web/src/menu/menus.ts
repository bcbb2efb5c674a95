import { html, nothing, render, type TemplateResult } from 'lit';
import { Panicked } from '../door/cluster';
import { readSettings } from '../faults/read';
import { adopt } from '../panels/adopt';
import type { Owner } from '../panels/owner';
import type { Question } from '../panels/past/asking';
import styles from '../styles/menu.css';
import { serverNames } from '../words';
import { MENU } from '../lang/en/faults';
import { type Doing, doings } from './doings';
import type { Item, Moment, Page } from './items';
import { pageOf } from './pages';
import { messageAt, type Spot, spotAt } from './spots';

/** For how long a finger rests before it means the menu. */
const LONG_PRESS_MS = 480;
/** Browsers that know long presses tell of them too, a little later. */
const SAME_PRESS_MS = 1_000;
const MARGIN_PX = 8;
/** Beside a finger, so that it hides nothing. */
const ASIDE_PX = 6;
const NO_MESSAGE = 0;

interface Opened {
  /** The pages gone through, the latest last, each with the item that the next was opened by. */
  readonly path: { readonly page: Page; at: number }[];
  readonly moment: Moment;
  readonly x: number;
  readonly y: number;
  /** What had the focus. */
  readonly from: HTMLElement | null;
  readonly played: boolean;
  readonly openedMs: number;
}

/** The menu of whatever is pressed on the stage, and the way to it beside what is chosen. */
export class Menus {
  private readonly place: HTMLElement;
  private readonly handle: HTMLButtonElement;
  private opened: Opened | undefined;
  /** The message that was pressed last, as long as it is on its way. */
  private message = NO_MESSAGE;
  private placed = '';

  constructor(
    private readonly owner: Owner,
    /** Opens the drawer with the dials of these links. */
    private readonly dials: (from: number, to: number) => void,
    /** Opens the form that writes what a server's disk holds. */
    private readonly edits: (server: number) => void,
    /** Explains something. */
    private readonly asks: (question: Question) => void,
  ) {
    adopt(owner.renderRoot, styles);
    this.place = owner.renderRoot.querySelector('.menus') as HTMLElement;
    this.handle = document.createElement('button');
    this.handle.type = 'button';
    this.handle.className = 'handle';
    this.handle.textContent = '…';
    this.handle.hidden = true;
    this.handle.dataset['control'] = 'menu';
    this.handle.setAttribute('aria-haspopup', 'menu');
    this.handle.addEventListener('click', () => this.openChosen());
    owner.renderRoot.querySelector('.stage .overlay')?.after(this.handle);
  }

  /** A press on the stage: with the other button or a menu key it opens the menu, a finger that rests does so too. */
  on(event: PointerEvent, target: HTMLElement): void {
    if (event.type === 'contextmenu') this.asked(event, target);
    else if (target !== this.handle) this.pressed(event);
  }

  /** The menu of what is chosen, or of the cluster. */
  openChosen(): void {
    const { desk, stage } = this.owner;
    if (!stage) return;
    const marked = stage.scene.message(this.message);
    const [server] = desk.targets;
    const wall = stage.scene.wall(desk.wallChosen);
    const box = this.stageBox;
    const at = marked ?? server ?? (wall ? { x: (wall.ax + wall.bx) / 2, y: (wall.ay + wall.by) / 2 } : { x: box.width / 2, y: box.height / 2 });
    const spot: Spot = marked ? { kind: 'message', id: marked.id } : server ? { kind: 'server', id: server.id } : wall ? { kind: 'wall', id: wall.id } : { kind: 'stage' };
    this.open(spot, box.left + at.x, box.top + at.y);
  }

  /** All that could be done by menus and presets now. */
  doings(): Doing[] {
    const { desk, live, stage } = this.owner;
    if (!live || !stage) return [];
    const { state, settings } = live.guarded(() => readSettings(live.cluster));
    return doings({ bench: desk, scene: stage.scene, state, settings, place: stage.placeOf(this.stageBox.width / 2, this.stageBox.height / 2), dials: this.dials, edits: this.edits, asks: this.asks });
  }

  /** Another language is spoken: what is open is of the one before. */
  respeak(): void {
    this.placed = '';
    this.close();
  }

  /** With each frame: the way to the menu stands beside what is chosen. */
  follow(): void {
    const { desk, stage } = this.owner;
    if (!stage) return;
    const marked = this.message > 0 ? stage.scene.message(this.message) : undefined;
    const message = marked?.state === 0 ? marked : undefined;
    if (!message) this.message = NO_MESSAGE;
    const [id] = desk.chosen;
    const server = id === undefined ? undefined : stage.scene.server(id);
    const { width, radius } = stage.layout;
    const away = message ? 16 : radius * 1.1 + 6;
    const at = message ?? server;
    const x = at ? (at.x + away < width - 16 ? at.x + away : at.x - away) : 0;
    const y = at ? Math.max(16, at.y - away) : 0;
    const name = message ? MENU.more(this.nameOf(message.id)) : MENU.more(serverNames(desk.chosen));
    const placed = at ? `${x.toFixed(1)} ${y.toFixed(1)} ${message?.id ?? ''} ${desk.choice}` : '';
    if (placed === this.placed) return;
    this.placed = placed;
    this.handle.hidden = !at;
    if (!at) return;
    if (this.handle.getAttribute('aria-label') !== name) this.handle.setAttribute('aria-label', name);
    this.handle.title = name;
    this.handle.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }

  private nameOf(message: number): string {
    const found = this.owner.stage?.scene.message(message);
    return found ? MENU.message(found.reply ? MENU.reply(MENU.kinds[found.kind]) : MENU.kinds[found.kind], found.from, found.to) : '';
  }

  private get stageBox(): DOMRect {
    return (this.handle.parentElement as HTMLElement).getBoundingClientRect();
  }

  // ---- what asks for it ----

  private asked(event: PointerEvent, target: HTMLElement): void {
    const { stage } = this.owner;
    const byFinger = event.pointerType === 'touch' || event.pointerType === 'pen';
    // A long press that this has taken for one already.
    if (!stage || (this.opened && performance.now() - this.opened.openedMs < SAME_PRESS_MS)) return;
    const { server, wall } = target.dataset;
    const byKey = event.button !== 2 && !event.ctrlKey && !byFinger;
    if (byKey && (server || wall)) {
      const { left, top, width, height } = target.getBoundingClientRect();
      this.open(server ? { kind: 'server', id: Number(server) } : { kind: 'wall', id: Number(wall) }, left + width / 2, top + height / 2);
    } else this.openAt(event.clientX, event.clientY, byFinger);
  }

  private pressed(event: PointerEvent): void {
    const { stage } = this.owner;
    if (!stage || event.button !== 0) return;
    const { left, top } = this.stageBox;
    const byFinger = event.pointerType !== 'mouse';
    this.message = messageAt(stage.scene, event.clientX - left, event.clientY - top, byFinger);
    const press = byFinger ? stage.hands.resting : null;
    if (!press) return;
    setTimeout(
      () => {
        if (stage.hands.resting === press) this.openAt(event.clientX, event.clientY, true);
      },
      Math.max(0, LONG_PRESS_MS - (performance.now() - event.timeStamp)),
    );
  }

  private openAt(x: number, y: number, byFinger: boolean): void {
    const { stage } = this.owner;
    if (!stage) return;
    const { left, top } = this.stageBox;
    const [px, py] = [x - left, y - top];
    this.open(spotAt(stage.scene, stage.layout, stage.at(px, py), px, py, byFinger), x, y);
  }

  // ---- open and closed ----

  private open(spot: Spot, x: number, y: number): void {
    const { owner } = this;
    const { desk, live, stage } = owner;
    if (!live || !stage) return;
    this.close();
    stage.hands.cancel();
    const from = (this.place.getRootNode() as ShadowRoot).activeElement as HTMLElement | null;
    const played = owner.playing;
    if (played) desk.pause();
    if (spot.kind === 'server' && !desk.chosen.has(spot.id)) desk.choose(spot.id, false);
    else if (spot.kind === 'wall') desk.chooseWall(spot.id);
    else if (spot.kind === 'stage') desk.chooseNothing();
    this.message = spot.kind === 'message' ? spot.id : NO_MESSAGE;
    const { left, top } = this.stageBox;
    try {
      const { state, settings } = live.guarded(() => readSettings(live.cluster));
      live.look();
      const moment: Moment = { bench: desk, scene: stage.scene, state, settings, place: stage.placeOf(x - left, y - top), dials: this.dials, edits: this.edits, asks: this.asks };
      this.opened = { path: [{ page: pageOf(spot, moment), at: 0 }], moment, x, y, from, played, openedMs: performance.now() };
    } catch (error) {
      if (!(error instanceof Panicked)) throw error;
      return;
    }
    document.addEventListener('pointerdown', this.outside, true);
    this.draw();
  }

  private close(goOn = true): void {
    const { opened } = this;
    if (!opened) return;
    this.opened = undefined;
    document.removeEventListener('pointerdown', this.outside, true);
    const within = this.place.matches(':focus-within');
    render(nothing, this.place);
    if (within && opened.from?.isConnected) opened.from.focus();
    if (goOn && opened.played && !this.owner.desk.ended) this.owner.desk.play();
    this.owner.invalidate();
  }

  private readonly outside = (event: Event): void => {
    if (event.composedPath().includes(this.place)) return;
    // It closes the menu and does nothing besides.
    event.stopPropagation();
    this.close();
  };

  // ---- what is shown ----

  private draw(): void {
    const { opened } = this;
    const last = opened?.path.at(-1);
    if (!opened || !last) return;
    const { page, at } = last;
    render(this.template(page, opened.path.length > 1), this.place);
    const menu = this.place.querySelector<HTMLElement>('.menu');
    if (!menu) return;
    if (!menu.matches(':popover-open')) menu.showPopover();
    this.put(menu, opened);
    this.items[Math.min(at, this.items.length - 1)]?.focus();
  }

  private put(menu: HTMLElement, { x, y }: Opened): void {
    const { style } = menu;
    const { clientWidth, clientHeight } = document.documentElement;
    const { width, height } = menu.getBoundingClientRect();
    const beside = x + ASIDE_PX + width + MARGIN_PX <= clientWidth ? x + ASIDE_PX : x - ASIDE_PX - width;
    style.left = `${Math.max(MARGIN_PX, Math.min(beside, clientWidth - width - MARGIN_PX))}px`;
    style.top = `${Math.max(MARGIN_PX, Math.min(y, clientHeight - height - MARGIN_PX))}px`;
  }

  private template(page: Page, below: boolean): TemplateResult {
    return html`<div class="menu" popover="manual" @keydown=${this.key} @click=${this.click} @contextmenu=${(event: Event) => event.preventDefault()}>
      <div class="menu-head">
        ${below ? html`<button type="button" data-part="menu-back" tabindex="-1" aria-label=${MENU.back} @click=${() => this.back()}><span aria-hidden="true">‹</span></button>` : nothing}
        <p id="menu-title">${page.title}</p>
      </div>
      <div role="menu" aria-labelledby="menu-title">${page.items.map((item, at) => row(item, at))}</div>
    </div>`;
  }

  private get items(): HTMLElement[] {
    return [...this.place.querySelectorAll<HTMLElement>('[role^="menuitem"]')];
  }

  private readonly click = (event: Event): void => {
    const at = this.items.indexOf((event.target as Element).closest('[role^="menuitem"]') as HTMLElement);
    if (at >= 0) this.choose(at);
  };

  private choose(at: number): void {
    const { opened } = this;
    const last = opened?.path.at(-1);
    const item = last?.page.items[at];
    if (!opened || !last || !item) return;
    const { desk } = this.owner;
    if (item.refusal !== null) {
      desk.tell(item.refusal);
      return;
    }
    last.at = at;
    if (item.page) {
      opened.path.push({ page: item.page(), at: 0 });
      this.draw();
      return;
    }
    this.close(false);
    const { run } = item;
    if (run && desk.attempt(run) && desk.notice === '' && !item.shows) desk.tell(MENU.done(last.page.title, item.label), true);
    if (opened.played && !desk.ended) desk.play();
  }

  private back(): void {
    const { opened } = this;
    if (!opened || opened.path.length < 2) return;
    opened.path.pop();
    this.draw();
  }

  private readonly key = (event: KeyboardEvent): void => {
    const { items } = this;
    const at = items.indexOf(event.target as HTMLElement);
    const last = items.length - 1;
    const item = this.opened?.path.at(-1)?.page.items[at];
    // What is pressed here is not for the page.
    event.stopPropagation();
    const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, Home: 0, End: last }[event.key];
    if (to !== undefined) items[to]?.focus();
    else if (event.key === 'Escape' || event.key === 'Tab') this.close();
    else if (event.key === 'ArrowLeft') this.back();
    else if (event.key === 'ArrowRight') {
      if (item?.page) this.choose(at);
    } else if (event.key === 'Enter' || event.key === ' ') this.choose(at);
    else if (event.key.length === 1 && !event.ctrlKey && !event.altKey && !event.metaKey) this.find(event.key, at);
    else return;
    event.preventDefault();
  };

  /** The next item that begins with a letter. */
  private find(letter: string, at: number): void {
    const labels = this.opened?.path.at(-1)?.page.items.map(({ label }) => label.toLowerCase()) ?? [];
    for (let by = 1; by <= labels.length; by += 1) {
      const next = (at + by) % labels.length;
      if (labels[next]?.startsWith(letter.toLowerCase())) {
        this.items[next]?.focus();
        return;
      }
    }
  }
}

function row(item: Item, at: number): TemplateResult {
  const { label, refusal, checked } = item;
  const kind = item.one === 'of several' ? 'menuitemradio' : item.one === 'switch' ? 'menuitemcheckbox' : 'menuitem';
  return html`<button
    type="button"
    role=${kind}
    tabindex="-1"
    class=${item.apart && at > 0 ? 'apart' : ''}
    data-item=${item.id}
    aria-label=${label}
    aria-disabled=${refusal === null ? 'false' : 'true'}
    aria-checked=${checked === undefined ? nothing : checked ? 'true' : 'false'}
    aria-haspopup=${item.page ? 'menu' : nothing}
    aria-describedby=${refusal === null ? nothing : `menu-why-${at}`}
  >
    <span class="mark" aria-hidden="true">${checked ? '✓' : ''}</span>
    <span>${label}${refusal === null ? nothing : html`<small id=${`menu-why-${at}`}>${refusal}</small>`}</span>
    ${item.page ? html`<span aria-hidden="true">›</span>` : item.key ? html`<kbd aria-hidden="true">${item.key}</kbd>` : nothing}
  </button>`;
}
