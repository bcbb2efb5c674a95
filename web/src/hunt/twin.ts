/** A second stage beside the first, on which another run is lived in step with the one on the page. */

import { Cluster } from '../door/cluster';
import { FLAG } from '../door/layout';
import { loadDoor } from '../door/load';
import type { Scenario } from '../door/types';
import { HUNT } from '../lang/en/hunt';
import { layoutFor } from '../stage/geometry';
import { paint } from '../stage/paint';
import { Scene } from '../stage/scene';
import { NOTHING_MARKED } from '../stage/view';
import type { Colours } from '../theme';

/** What stands over the stages: what each is, and how it is there. */
export interface Captions {
  readonly left: string;
  readonly right: string;
  /** Who leads on the left, or what was broken there. */
  readonly leftNow: string;
  /** Whether a property was broken on the left. */
  readonly ended: boolean;
}

export class Twin {
  private readonly root = document.createElement('section');
  private readonly canvas = document.createElement('canvas');
  /** Over the stage of the page. */
  private readonly first = caption();
  private readonly second = caption();
  private readonly ctx: CanvasRenderingContext2D | null;
  private readonly scene = new Scene();
  private readonly sizes: ResizeObserver;
  private painted = '';

  private constructor(
    private readonly stage: HTMLElement,
    private readonly cluster: Cluster,
    close: () => void,
    private readonly repaint: () => void,
  ) {
    this.root.className = 'twin';
    this.root.setAttribute('aria-label', HUNT.twin.name);
    this.canvas.setAttribute('aria-hidden', 'true');
    const button = document.createElement('button');
    button.type = 'button';
    button.dataset['part'] = 'close-twin';
    button.className = 'round';
    button.textContent = '×';
    button.title = HUNT.twin.close;
    button.setAttribute('aria-label', HUNT.twin.close);
    button.addEventListener('click', close);
    this.root.append(this.canvas);
    this.second.append(button);
    this.ctx = this.canvas.getContext('2d', { alpha: false });
    stage.classList.add('twinned');
    stage.before(this.first);
    stage.after(this.second, this.root);
    this.sizes = new ResizeObserver(() => this.repaint());
    this.sizes.observe(this.root);
  }

  /** Opens beside a stage. Rejects when the engine cannot be had or refuses the scenario. */
  static async open(stage: HTMLElement, scenario: Scenario, close: () => void, repaint: () => void): Promise<Twin> {
    const open = await loadDoor();
    return new Twin(stage, Cluster.start(open, scenario), close, repaint);
  }

  /** As of a moment of the run on the page. */
  follow(timeUs: number, colours: Colours, { left, right, leftNow, ended }: Captions): void {
    const { cluster, scene, canvas, ctx, root } = this;
    this.liveTo(timeUs);
    const frame = cluster.look();
    const [width, height, density] = [root.clientWidth, root.clientHeight, devicePixelRatio || 1];
    if (width === 0 || height === 0 || !ctx) return;
    const layout = layoutFor(width, height, frame.serverCount);
    scene.build(frame, layout, 0);
    const leader = scene.leader();
    write(this.first, left, leftNow, ended);
    write(this.second, right, `${leader ? HUNT.twin.leads(leader.id, leader.term) : HUNT.twin.nobody}${ended && !frame.violated ? ` · ${HUNT.twin.holds}` : ''}`, false);
    const look = `${timeUs} ${frame.events} ${width} ${height} ${density} ${colours.stage} ${colours.ink}`;
    if (look === this.painted) return;
    this.painted = look;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    ctx.setTransform(density, 0, 0, density, 0, 0);
    paint(ctx, scene, layout, colours, NOTHING_MARKED());
  }

  dispose(): void {
    this.sizes.disconnect();
    for (const part of [this.root, this.first, this.second]) part.remove();
    this.stage.classList.remove('twinned');
    this.cluster.dispose();
  }

  private liveTo(timeUs: number): void {
    const { cluster } = this;
    if (timeUs < cluster.timeUs) return cluster.seek(timeUs);
    while (cluster.timeUs < timeUs) if ((cluster.pass(timeUs - cluster.timeUs) & FLAG.violation) !== 0) return;
  }
}

function caption(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'twin-caption';
  made.append(document.createElement('b'), document.createElement('p'));
  return made;
}

function write(into: HTMLElement, head: string, more: string, broken: boolean): void {
  const [strong, rest] = into.children;
  if (strong && strong.textContent !== head) {
    strong.textContent = head;
    // A rule may take more words than there is room for.
    into.title = head;
  }
  if (rest && rest.textContent !== more) rest.textContent = more;
  into.classList.toggle('broken', broken);
}
