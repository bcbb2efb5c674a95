/** The moment on paper: stage, logs and diagram, light whatever the page is, and nothing to press. */

import { branchText, timeText, WORDS } from '../words';
import { planFor, spanUs, US_PER_PX, type View } from '../diagram/layout';
import { Model } from '../diagram/model';
import { paint as paintDiagram } from '../diagram/paint';
import { Source } from '../diagram/source';
import { painted, type Picture } from '../exports/pictures';
import { LOGS } from '../lang/en/logs';
import { PRINT } from '../lang/en/print';
import { PROPERTIES, type Property } from '../lang/en/properties';
import { roleText } from '../logs/cells';
import { LogSource } from '../logs/source';
import { adopt } from '../panels/adopt';
import type { Owner } from '../panels/owner';
import type { Session } from '../session';
import { layoutFor } from '../stage/geometry';
import { paint as paintStage } from '../stage/paint';
import { Scene } from '../stage/scene';
import { NOTHING_MARKED } from '../stage/view';
import styles from '../styles/print.css';
import terms from '../styles/terms.css';
import { type Colours, LIGHT } from '../theme';
import { cellsOf, indexesOf } from './logs';

/** Black on white. */
const ON_PAPER: Colours = { ...LIGHT, paper: '#FFFFFF', panel: '#FFFFFF', stage: '#FFFFFF', ink: '#000000', soft: '#3A424C' };
const WIDTH = 720;
const STAGE_HEIGHT = 400;
/** Dots for each of the page's pixels: about 300 to the inch. */
const DENSITY = 3;
/** Lanes of the diagram are as high as there is room. */
const DIAGRAM_HEIGHT = { min: 190, max: 420, lane: 36 } as const;

export class Print {
  private readonly media = matchMedia('print');

  constructor(
    private readonly owner: Owner,
    /** What the diagram has in sight, while it is open. */
    private readonly stretch: () => { readonly fromUs: number; readonly toUs: number } | undefined,
  ) {
    adopt(owner.renderRoot, terms);
    adopt(owner.renderRoot, styles);
    window.addEventListener('beforeprint', this.fill);
    window.addEventListener('afterprint', this.empty);
    this.media.addEventListener('change', this.changed);
    this.changed();
  }

  dispose(): void {
    window.removeEventListener('beforeprint', this.fill);
    window.removeEventListener('afterprint', this.empty);
    this.media.removeEventListener('change', this.changed);
  }

  private get place(): Element | null {
    return this.owner.renderRoot.querySelector('.print');
  }

  private readonly changed = (): void => (this.media.matches ? this.fill() : this.empty());

  private readonly empty = (): void => this.place?.replaceChildren();

  /** At once: a browser that is about to print waits for nothing. */
  private readonly fill = (): void => {
    const { live } = this.owner;
    const { place } = this;
    // What somebody has put between the element's tags for those who print stands in place of the moment.
    if (!live || !place || [...(place.getRootNode() as ShadowRoot).host.children].some((child) => !child.matches('[slot], noscript, script, style, template'))) return;
    live.guarded(() => {
      const scene = new Scene();
      const frame = live.cluster.look();
      const layout = layoutFor(WIDTH, STAGE_HEIGHT, frame.serverCount);
      scene.build(frame, layout, 0);
      const marks = { ...NOTHING_MARKED(), evidence: new Set(this.owner.violation?.servers) };
      const stage: Picture = { width: WIDTH, height: layout.floor, paint: (ctx, colours) => paintStage(ctx, scene, layout, colours, marks) };
      place.replaceChildren(...this.head(live, scene.servers.count), figure('stage', PRINT.stage, picture(stage)), figure('logs', PRINT.logs, ...this.logs(live)), figure('diagram', PRINT.diagram, picture(this.diagram(live, scene))));
    });
  };

  private head(live: Session, servers: number): HTMLElement[] {
    const { sceneTitle, seed, violation } = this.owner;
    const { cluster } = live;
    const branches = cluster.branches();
    const branch = branches.length > 1 ? branchText(branches[cluster.branch]?.name ?? '') : '';
    const head = [text('h1', sceneTitle ?? WORDS.title), text('p', PRINT.moment(timeText(cluster.timeUs), seed, servers, branch))];
    return violation ? [...head, text('p', PRINT.broken(PROPERTIES.list[violation.property as Property]?.[0] ?? violation.property))] : head;
  }

  private logs({ cluster }: Session): HTMLElement[] {
    const source = new LogSource();
    source.look(() => cluster.look());
    const { servers, last } = source;
    const indexes = indexesOf(last);
    if (indexes.length === 0) return [text('p', LOGS.empty)];
    const first = indexes[0] as number;
    source.read({ from: first, to: last + 1 }, { from: 0, to: servers.length }, (...window) => cluster.cells(...window));
    const table = document.createElement('table');
    const head = table.createTHead().insertRow();
    head.append(text('th', ''), ...indexes.map((index) => text('th', String(index))));
    const body = table.createTBody();
    for (const [at, server] of servers.entries()) {
      const row = body.insertRow();
      row.append(text('th', `S${server.id} ${server.up ? roleText(server.role) : WORDS.crashed}`));
      for (const { term, committed, within } of cellsOf(server, indexes, (index) => source.cell(at, index))) {
        const cell = row.insertCell();
        if (term > 0) {
          const entry = text('b', String(term));
          entry.className = `t${((term - 1) % 6) + 1} ${committed ? 'solid' : 'dashed'}`;
          cell.append(entry);
        } else if (within) cell.append('…');
      }
    }
    return [table, text('p', `${first > 1 ? PRINT.latest(indexes.length, last) : ''} ${LOGS.solid} · ${LOGS.dashed} · ${LOGS.colour}`)];
  }

  private diagram({ cluster, generation }: Session, scene: Scene): Picture {
    const source = new Source((after) => new Model(after));
    const run = { count: cluster.eventCount, timeUs: cluster.timeUs, livedUs: cluster.livedUs, branch: cluster.branch, generation, playing: false };
    do source.catchUp(run, (after, max) => cluster.events(after, max));
    while (source.behind);
    const { model } = source;
    const { count } = scene.servers;
    const height = Math.min(DIAGRAM_HEIGHT.max, Math.max(DIAGRAM_HEIGHT.min, 54 + count * DIAGRAM_HEIGHT.lane));
    const plan = planFor(WIDTH, height, count);
    const seen = this.stretch();
    const usual: View = { startUs: 0, usPerPx: US_PER_PX.opening };
    const view: View = seen ? { startUs: seen.fromUs, usPerPx: (seen.toUs - seen.fromUs) / (plan.right - plan.left) } : { ...usual, startUs: Math.max(0, cluster.timeUs - spanUs(plan, usual)) };
    const nowUs = cluster.timeUs;
    return {
      width: WIDTH,
      height: plan.bottom + 22,
      paint: (ctx, colours) =>
        paintDiagram(ctx, plan, view, model, colours, {
          nowUs,
          present: (server) => scene.server(server),
          shareOf: (message) => (message.fate === 'open' ? (scene.message(message.id)?.share ?? model.shareAfter(nowUs - message.sentUs)) : message.share),
          chosen: new Set(),
          hovered: 0,
          spot: null,
          explained: { steps: [], here: 0 },
        }),
    };
  }
}

const picture = (of: Picture): HTMLCanvasElement => painted(of, ON_PAPER, DENSITY);

function figure(what: string, caption: string, ...content: readonly Element[]): HTMLElement {
  const made = document.createElement('figure');
  made.className = `print-${what}`;
  made.append(text('figcaption', caption), ...content);
  return made;
}

function text(name: string, content: string): HTMLElement {
  const made = document.createElement(name);
  made.textContent = content;
  return made;
}
