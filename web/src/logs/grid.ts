/** All logs aligned by index: a row a server. Only the cells in sight exist, however long the logs are. */

import { adopt } from '../panels/adopt';
import { Panicked } from '../door/cluster';
import type { Violation } from '../door/types';
import type { Session } from '../session';
import type { Stage } from '../stage/view';
import style from '../styles/logs.css';
import terms from '../styles/terms.css';
import { LOGS } from '../lang/en/logs';
import { WORDS } from '../words';
import { type EntryChosen, knownOf, type LogServer, tellEntry, termOf } from './cells';
import { atEnd, columnLeft, columnsDrawn, endLeft, firstInSight, isNumbered, lastColumn, leftFor, originOf, pageOf, type Place, planeWidth, type Range, type Room, rowsDrawn, type Sizes, topFor, walked } from './columns';
import { Line, Spare } from './line';
import { RowView } from './row';
import { LogSource } from './source';

/** What the grid needs of the page around it. */
export interface LogHost {
  readonly live: Session | undefined;
  readonly stage: Stage | undefined;
  readonly violation: Violation | null;
  readonly chosen: ReadonlySet<number>;
  readonly entry: EntryChosen | null;
  choose(server: number, add: boolean): void;
  chooseEntry(entry: EntryChosen | null): void;
  whyCommitted(index: number): void;
  whyHeld(server: number, index: number): void;
  /** Asks for another frame. */
  repaint(): void;
}

/** With more servers than this, other views may need its room more. */
const MANY = 12;
/** After the last scrolling, cells get their order and are called what they show: nobody goes through them before. */
const REST_MS = 120;
/** Pixels that a line of a wheel stands for. */
const LINE_PX = 26;

export class LogGrid {
  private readonly root = div('logs');
  private readonly scroller = div('logs-scroll');
  private readonly plane = div('logs-plane');
  private readonly head = div('logs-head');
  private readonly indexes: Line;
  private readonly latest = button('logs-latest', LOGS.latest);
  private readonly told = div('logs-told');
  private readonly toldText = document.createElement('p');
  private readonly why = button('ask', LOGS.whyCommitted);
  private readonly held = button('ask', '');
  private readonly empty = document.createElement('span');
  private readonly source = new LogSource();
  private rows: RowView[] = [];
  private sizes: Sizes | undefined;
  private room: Room = { left: 0, top: 0, width: 0, height: 0 };
  /** Whether the end stays in sight while the logs grow. */
  private follows = true;
  private origin = 0;
  /** Where keys are. */
  private place: Place | undefined;
  private marked: HTMLElement | undefined;
  private shownEntry: EntryChosen | null = null;
  private toldOf: { entry: EntryChosen | null; moment: number } = { entry: null, moment: -1 };
  private drawnWidth = 0;
  private drawnPlace = '';
  private looks: readonly unknown[] = [];
  /** What the rows' names were drawn from. */
  private heads: readonly unknown[] = [];
  private readonly spare = new Spare();
  private readonly spareHeads = new Spare();
  private shown: Range = { from: 0, to: 0 };
  private scrolledMs = -Infinity;
  private resting: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly host: LogHost) {
    const { scroller } = this;
    scroller.tabIndex = 0;
    scroller.setAttribute('role', 'grid');
    scroller.setAttribute('aria-roledescription', LOGS.kind);
    scroller.setAttribute('aria-label', LOGS.name);
    this.plane.setAttribute('role', 'rowgroup');
    this.head.setAttribute('role', 'row');
    this.head.setAttribute('aria-rowindex', '1');
    const corner = div('logs-name');
    corner.setAttribute('role', 'columnheader');
    corner.setAttribute('aria-colindex', '1');
    const server = document.createElement('span');
    server.className = 'unseen';
    server.textContent = LOGS.server;
    corner.append(server);
    this.head.append(corner);
    this.indexes = new Line(this.head, corner, 'columnheader', this.spareHeads);
    this.plane.append(this.head);
    scroller.append(this.plane);
    this.latest.title = LOGS.latestAbout;
    this.latest.hidden = true;
    this.told.hidden = true;
    this.told.append(this.toldText, this.held, ' ', this.why);
    this.root.append(this.latest, scroller, this.told, this.key());
    scroller.addEventListener('scroll', this.scrolled, { passive: true });
    scroller.addEventListener('wheel', this.wheel, { passive: false });
    scroller.addEventListener('click', this.click);
    scroller.addEventListener('keydown', this.press);
    scroller.addEventListener('focus', () => this.enter());
    scroller.addEventListener('pointerover', this.over);
    scroller.addEventListener('pointerleave', () => this.light(0));
    this.latest.addEventListener('click', () => this.toEnd());
    this.held.addEventListener('click', () => host.entry && host.whyHeld(host.entry.server, host.entry.index));
    this.why.addEventListener('click', () => host.entry && host.whyCommitted(host.entry.index));
    new ResizeObserver(() => this.measure()).observe(scroller);
  }

  /** Stands in the panel from now on; its style sheet with it. */
  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    const tree = into.getRootNode();
    if (!dressed.has(tree)) {
      dressed.add(tree);
      adopt(tree as ShadowRoot, terms);
      adopt(tree as ShadowRoot, style);
    }
    into.replaceChildren(this.root);
  }

  /** The run may be at another moment. */
  outdate(): void {
    this.source.outdate();
  }

  /** A new run. */
  forget(): void {
    this.source.outdate();
    this.place = undefined;
    this.follows = true;
  }

  /** Draws what is in sight, and of that only what is not drawn yet. */
  draw(): void {
    const { live } = this.host;
    const { sizes } = this;
    if (!live || !sizes) return;
    try {
      live.guarded(() => {
        this.read(live, sizes);
        this.lay(live, sizes);
      });
    } catch (error) {
      // The session has told the panic already.
      if (!(error instanceof Panicked)) throw error;
    }
  }

  private read({ cluster }: Session, sizes: Sizes): void {
    const { source } = this;
    source.look(() => cluster.look());
    const { last } = source;
    const origin = originOf(last);
    let { left } = this.room;
    // What is looked at stays where it is when the first columns go.
    if (origin !== this.origin) left = Math.max(0, left - (origin - this.origin) * sizes.pitch);
    this.origin = origin;
    const end = endLeft(sizes, this.room, last);
    left = this.follows ? end : Math.min(left, end);
    if (left !== this.room.left) this.room = { ...this.room, left };
  }

  private lay(live: Session, sizes: Sizes): void {
    const { host, source } = this;
    this.reveal(live, sizes);
    if (!this.differs()) return;
    const { room, origin } = this;
    const { last, servers } = source;
    const columns = columnsDrawn(sizes, room, last);
    const shown = rowsDrawn(sizes, room, servers.length);
    source.read(columns, shown, (first, count, server, rows) => live.cluster.cells(first, count, server, rows));
    this.fitRows(servers.map(({ id }) => id));
    this.lines(sizes, columns);
    this.drawHeads();
    // Rows that go out of sight leave their cells to those that come into it.
    for (let at = this.shown.from; at < this.shown.to; at += 1) if (at < shown.from || at >= shown.to) this.rows[at]?.clear();
    this.shown = shown;
    const common = { sizes, origin, columns, first: firstInSight(sizes, room, last), chosen: host.entry, evidence: host.violation };
    const leader = this.leader();
    for (let at = shown.from; at < shown.to; at += 1) {
      const server = servers[at];
      if (server) this.rows[at]?.cells(server, knownOf(leader, server.id), common, (index) => source.cell(at, index));
    }
    this.spare.clear();
    this.spareHeads.clear();
    this.rest(live);
    this.mark();
    this.latest.hidden = this.follows || last === 0;
    this.empty.hidden = last > 0;
    this.tell(live);
  }

  private leader(): LogServer | undefined {
    const leading = this.host.stage?.scene.leader()?.id ?? 0;
    return this.source.servers[leading - 1];
  }

  /** The names of all rows: they have nothing to do with how far one has scrolled. */
  private drawHeads(): void {
    const { host, source } = this;
    const scene = host.stage?.scene;
    const over = host.stage?.hands.hovered;
    const hovered = over?.kind === 'server' ? over.id : 0;
    const heads: readonly unknown[] = [source.moment, hovered, [...host.chosen].join()];
    if (heads.every((one, at) => one === this.heads[at])) return;
    this.heads = heads;
    const leader = this.leader();
    source.servers.forEach((server, at) => {
      this.rows[at]?.head(server, knownOf(leader, server.id), scene?.server(server.id)?.paused ?? false, host.chosen.has(server.id), hovered === server.id);
    });
  }

  /** Once nobody scrolls, cells stand in their order and are called what they show. */
  private rest(live: Session): void {
    clearTimeout(this.resting);
    const wait = this.scrolledMs + REST_MS - performance.now();
    if (wait <= 0) this.settle(live);
    else this.resting = setTimeout(() => this.settle(live), wait);
  }

  private settle(live: Session): void {
    const { host, source, shown } = this;
    // Meanwhile it may be another run, which is drawn by itself.
    if (live !== host.live) return;
    try {
      live.guarded(() => {
        const leader = this.leader();
        for (let at = shown.from; at < shown.to; at += 1) {
          const server = source.servers[at];
          if (server) this.rows[at]?.settle(server, knownOf(leader, server.id), (first, count) => live.cluster.entries(server.id, first, count));
        }
      });
    } catch (error) {
      if (!(error instanceof Panicked)) throw error;
    }
    this.indexes.order();
    for (const cell of this.indexes.cells) cell.say(String(cell.index));
  }

  /** Whether anything that is drawn is another than at the last time. */
  private differs(): boolean {
    const { host, source, sizes, place, follows } = this;
    const { left, top, width, height } = this.room;
    const over = host.stage?.hands.hovered;
    const looks: readonly unknown[] = [source.moment, left, top, width, height, sizes, place, follows, host.entry, host.violation, [...host.chosen].join(), over?.kind === 'server' ? over.id : 0];
    const differs = looks.some((one, at) => one !== this.looks[at]);
    this.looks = looks;
    return differs;
  }

  /** The plane's extent, its row of indexes, and how far it is scrolled. */
  private lines(sizes: Sizes, columns: Range): void {
    const { scroller, source, room, origin } = this;
    const width = planeWidth(sizes, room, source.last);
    const wide = width !== this.drawnWidth;
    if (wide) {
      this.drawnWidth = width;
      this.plane.style.width = `${width}px`;
      scroller.setAttribute('aria-colcount', String(lastColumn(sizes, room, source.last) - origin + 1));
      scroller.setAttribute('aria-rowcount', String(source.servers.length + 1));
    }
    scroller.classList.toggle('many', source.servers.length > MANY);
    // To ask where it is has the page laid out at once, so it is asked only when it can be elsewhere.
    const place = [room.left, room.top, room.width, room.height].join(' ');
    if (wide || place !== this.drawnPlace) {
      this.drawnPlace = place;
      if (Math.abs(scroller.scrollLeft - room.left) > 1) scroller.scrollLeft = room.left;
      if (Math.abs(scroller.scrollTop - room.top) > 1) scroller.scrollTop = room.top;
    }
    this.indexes.show(columns);
    this.indexes.cells.forEach((cell, at) => {
      const index = columns.from + at;
      cell.place(index, columnLeft(sizes, index, origin), index - origin + 1);
      cell.dress(this.host.entry?.index === index ? 'logs-index chosen' : 'logs-index');
      cell.write(isNumbered(index, source.last) ? String(index) : '');
    });
  }

  private fitRows(ids: readonly number[]): void {
    while (this.rows.length > ids.length) {
      const row = this.rows.pop();
      row?.clear();
      row?.root.remove();
    }
    while (this.rows.length < ids.length) {
      const at = this.rows.length;
      const row = new RowView(ids[at] as number, at, this.spare);
      this.rows.push(row);
      this.plane.append(row.root);
      this.scroller.setAttribute('aria-rowcount', String(ids.length + 1));
    }
  }

  /** An entry that was pointed out elsewhere comes into sight. */
  private reveal(live: Session, sizes: Sizes): void {
    const { entry } = this.host;
    if (entry === this.shownEntry) return;
    this.shownEntry = entry;
    if (!entry) return;
    this.goTo(sizes, { row: this.source.servers.findIndex(({ id }) => id === entry.server), index: entry.index });
    this.read(live, sizes);
  }

  private goTo(sizes: Sizes, { row, index }: Place): void {
    const { last } = this.source;
    const left = index > 0 ? leftFor(sizes, this.room, index, last) : this.room.left;
    const top = row >= 0 ? topFor(sizes, this.room, row) : this.room.top;
    this.follows = atEnd(sizes, { ...this.room, left }, last);
    this.room = { ...this.room, left, top };
  }

  private toEnd(): void {
    this.follows = true;
    this.scroller.focus({ preventScroll: true });
    this.draw();
  }

  // ---- what hands do ----

  private readonly scrolled = (): void => {
    const { sizes, scroller } = this;
    if (!sizes) return;
    const [left, top] = [scroller.scrollLeft, scroller.scrollTop];
    if (left === this.room.left && top === this.room.top) return;
    this.room = { ...this.room, left, top };
    this.follows = atEnd(sizes, this.room, this.source.last);
    this.scrolledMs = performance.now();
    this.draw();
  };

  /** Sideways the browser scrolls by itself. An upright wheel belongs to the page, unless the grid has the focus. */
  private readonly wheel = (event: WheelEvent): void => {
    const { sizes, scroller } = this;
    if (!sizes || event.deltaX !== 0 || event.shiftKey || event.ctrlKey || !scroller.matches(':focus')) return;
    if (scroller.scrollHeight > scroller.clientHeight + 1) return;
    const by = event.deltaY * (event.deltaMode === 0 ? 1 : LINE_PX);
    const end = endLeft(sizes, this.room, this.source.last);
    const left = Math.max(0, Math.min(end, this.room.left + by));
    if (left === this.room.left) return;
    event.preventDefault();
    scroller.scrollLeft = left;
  };

  private readonly click = (event: MouseEvent): void => {
    const place = this.placeOf(event.target);
    if (!place) return;
    this.place = place;
    this.choose(event.shiftKey || event.ctrlKey || event.metaKey);
  };

  private readonly press = (event: KeyboardEvent): void => {
    const { sizes, place } = this;
    if (!sizes || event.altKey || event.metaKey) return;
    if (event.key === 'Enter') this.choose(event.shiftKey);
    else {
      const next = place && walked(event.key, event.ctrlKey, place, this.rows.length, this.source.last, pageOf(sizes, this.room));
      if (!next) return;
      this.place = next;
      this.goTo(sizes, next);
      this.draw();
    }
    event.preventDefault();
  };

  /** Keys begin at the end of the log of whoever is chosen. */
  private enter(): void {
    const { servers, last } = this.source;
    if (this.place && this.place.row < servers.length) return;
    const [chosen = 1] = this.host.chosen;
    this.place = { row: Math.max(0, servers.findIndex(({ id }) => id === chosen)), index: last };
    this.mark();
  }

  private choose(add: boolean): void {
    const { place, host, source } = this;
    const server = place && source.servers[place.row]?.id;
    if (!place || !server) return;
    const lane = source.cell(place.row, place.index);
    const within = place.index > 0 && place.index <= (source.servers[place.row]?.snapshot_index ?? 0);
    host.choose(server, add);
    host.chooseEntry(lane > 0 ? { index: place.index, term: termOf(lane), server } : within ? { index: place.index, term: 0, server } : null);
  }

  private readonly over = (event: PointerEvent): void => {
    const target = event.target as Element;
    this.light(Number(target.closest<HTMLElement>('[data-server]')?.dataset['server'] ?? 0));
    const cell = target.closest<HTMLElement>('[role="gridcell"]');
    if (cell && !cell.title) cell.title = cell.getAttribute('aria-label') ?? '';
  };

  private light(server: number): void {
    const { stage } = this.host;
    if (!stage || stage.lit.server === server) return;
    stage.lit = { message: 0, server };
    this.host.repaint();
  }

  private placeOf(target: EventTarget | null): Place | undefined {
    const cell = target instanceof Element ? target.closest<HTMLElement>('[role="gridcell"], [role="rowheader"]') : null;
    const row = this.rows.findIndex(({ root }) => cell && root.contains(cell));
    return cell && row >= 0 ? { row, index: Number(cell.dataset['index'] ?? 0) } : undefined;
  }

  // ---- what is said ----

  /** The cell that keys are at. */
  private mark(): void {
    const { place } = this;
    const cell = place && this.rows[place.row]?.at(place.index);
    if (cell === this.marked) return;
    this.marked?.removeAttribute('id');
    this.marked = cell;
    if (!cell) return this.scroller.removeAttribute('aria-activedescendant');
    cell.id = 'log-place';
    this.scroller.setAttribute('aria-activedescendant', cell.id);
  }

  /** Says of the entry that is pointed out who holds it and who knows it to be committed. */
  private tell({ cluster }: Session): void {
    const { entry } = this.host;
    const { moment } = this.source;
    if (entry === this.toldOf.entry && moment === this.toldOf.moment) return;
    this.toldOf = { entry, moment };
    this.told.hidden = !entry;
    if (!entry) return;
    const { servers } = this.source;
    const entries = servers.map(({ id }) => cluster.entries(id, entry.index, 1)[0]);
    const { text, committed } = tellEntry(entry, entry.server, servers, (server) => entries[server]);
    this.toldText.textContent = text;
    this.why.hidden = !committed;
    this.held.textContent = WORDS.ask.entry(entry.server);
    this.held.hidden = !servers.some(({ id, snapshot_index }, at) => id === entry.server && (entries[at] !== undefined || snapshot_index >= entry.index));
  }

  private measure(): void {
    const { scroller } = this;
    // While the stage is presented the grid stands nowhere, and has no sizes.
    if (!scroller.isConnected) return;
    const look = getComputedStyle(scroller);
    const px = (name: string): number => Number.parseFloat(look.getPropertyValue(name));
    this.sizes = { cell: px('--cell'), pitch: px('--pitch'), row: px('--row'), names: px('--names'), head: px('--head') };
    this.room = { ...this.room, width: scroller.clientWidth, height: scroller.clientHeight };
    // Not at once: what is drawn may ask for another height.
    requestAnimationFrame(() => this.draw());
  }

  /** What the marks mean. */
  private key(): HTMLElement {
    const key = div('key');
    this.empty.textContent = LOGS.empty;
    key.append(this.empty);
    for (const text of [LOGS.solid, LOGS.dashed, LOGS.colour]) key.append(span(text));
    const more = document.createElement('details');
    const summary = document.createElement('summary');
    summary.textContent = LOGS.more;
    const list = document.createElement('ul');
    for (const [kind, text] of Object.entries(LOGS.marks)) {
      const item = document.createElement('li');
      const sign = document.createElement('i');
      sign.className = `k-${kind}`;
      item.append(sign, text);
      list.append(item);
    }
    more.append(summary, list);
    key.append(more);
    return key;
  }
}

const dressed = new WeakSet<Node>();

function div(className: string): HTMLElement {
  const made = document.createElement('div');
  made.className = className;
  return made;
}

function span(text: string): HTMLElement {
  const made = document.createElement('span');
  made.textContent = text;
  return made;
}

function button(className: string, text: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = className;
  made.textContent = text;
  return made;
}
