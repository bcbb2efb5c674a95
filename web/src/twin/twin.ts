/** A second stage beside the page's own, on which another run is lived in step with it. */

import { Cluster } from '../door/cluster';
import { FLAG } from '../door/layout';
import { loadDoor } from '../door/load';
import type { Scenario } from '../door/types';
import { TWIN } from '../lang/en/twin';
import { adopt } from '../panels/adopt';
import { layoutFor } from '../stage/geometry';
import { paint } from '../stage/paint';
import { Scene } from '../stage/scene';
import { NOTHING_MARKED } from '../stage/view';
import styles from '../styles/twin.css';
import type { Colours } from '../theme';

/** What stands over a stage. */
export interface Caption {
  /** What is lived there. */
  readonly head: string;
  /** How it is there now. */
  readonly now: string;
  /** Whether a property was broken there. */
  readonly broken: boolean;
}

/** What is said of both stages, and what is marked on the second one. */
export interface Told {
  readonly captions: readonly [Caption, Caption];
  /** Beside servers, by their numbers. */
  readonly plates?: ReadonlyMap<number, string>;
}

export interface Surroundings {
  /** The page's own stage. */
  readonly stage: HTMLElement;
  /** What the second stage is called for those who do not see it. */
  name(): string;
  /** Somebody has had enough of it, or another second stage takes its place. */
  close(): void;
  repaint(): void;
}

/** There is room for one second stage. */
const beside = new WeakMap<HTMLElement, Twin>();

export class Twin {
  /** Over the page's stage and over the second one, from left to right. */
  readonly heads = [caption(), caption()] as const;
  readonly root = document.createElement('section');
  private readonly canvas = document.createElement('canvas');
  private readonly button = document.createElement('button');
  private readonly ctx: CanvasRenderingContext2D | null;
  private readonly scene = new Scene();
  private readonly sizes: ResizeObserver;
  private painted = '';

  private constructor(
    private readonly around: Surroundings,
    readonly cluster: Cluster,
  ) {
    const { stage, close, repaint } = around;
    const { root, canvas, button, heads } = this;
    beside.get(stage)?.around.close();
    beside.set(stage, this);
    adopt(stage.getRootNode() as ParentNode, styles);
    root.className = 'twin';
    canvas.setAttribute('aria-hidden', 'true');
    button.type = 'button';
    button.dataset['part'] = 'close-twin';
    button.className = 'round';
    button.textContent = '×';
    button.addEventListener('click', close);
    root.append(canvas);
    heads[1].append(button);
    this.ctx = canvas.getContext('2d', { alpha: false });
    stage.classList.add('twinned');
    stage.before(heads[0]);
    stage.after(heads[1], root);
    this.name();
    this.sizes = new ResizeObserver(repaint);
    this.sizes.observe(root);
  }

  /** Opens beside a stage. Rejects when the engine cannot be had or refuses the scenario. */
  static async open(around: Surroundings, scenario: Scenario): Promise<Twin> {
    const open = await loadDoor();
    return new Twin(around, Cluster.start(open, scenario));
  }

  /** As of a moment of the run on the page. `tell` is asked once the second stage stands there. */
  follow(timeUs: number, colours: Colours, tell: (there: Scene, violated: boolean) => Told): void {
    const { cluster, scene, canvas, ctx, root, heads } = this;
    this.liveTo(timeUs);
    const frame = cluster.look();
    const [width, height, density] = [root.clientWidth, root.clientHeight, devicePixelRatio || 1];
    if (width === 0 || height === 0 || !ctx) return;
    const layout = layoutFor(width, height, frame.serverCount);
    scene.build(frame, layout, 0);
    const look = `${timeUs} ${frame.events} ${width} ${height} ${density} ${colours.stage} ${colours.ink}`;
    const { captions, plates = new Map<number, string>() } = tell(scene, frame.violated);
    for (const at of [0, 1] as const) write(heads[at], captions[at]);
    this.name();
    const looks = `${look} ${[...plates].join(' ')}`;
    if (looks === this.painted) return;
    this.painted = looks;
    canvas.width = Math.round(width * density);
    canvas.height = Math.round(height * density);
    ctx.setTransform(density, 0, 0, density, 0, 0);
    paint(ctx, scene, layout, colours, { ...NOTHING_MARKED(), explained: plates });
  }

  /** Another run is lived here from now on. */
  begin(scenario: Scenario): void {
    this.cluster.restart(scenario);
    this.painted = '';
  }

  dispose(): void {
    const { stage } = this.around;
    this.sizes.disconnect();
    for (const part of [this.root, ...this.heads]) part.remove();
    if (beside.get(stage) === this) beside.delete(stage);
    stage.classList.remove('twinned');
    this.cluster.dispose();
  }

  /** In the language that is spoken now. */
  private name(): void {
    const { button, root } = this;
    button.title = TWIN.close;
    button.setAttribute('aria-label', TWIN.close);
    root.setAttribute('aria-label', this.around.name());
  }

  private liveTo(timeUs: number): void {
    const { cluster } = this;
    if (timeUs < cluster.timeUs) return cluster.seek(timeUs);
    while (cluster.timeUs < timeUs) if ((cluster.pass(timeUs - cluster.timeUs) & FLAG.violation) !== 0) return;
  }
}

/** Who leads on a stage. */
export function leads(scene: Scene | undefined): string {
  const leader = scene?.leader();
  return leader ? TWIN.leads(leader.id, leader.term) : TWIN.nobody;
}

function caption(): HTMLElement {
  const made = document.createElement('div');
  made.className = 'twin-caption';
  made.append(document.createElement('b'), document.createElement('p'));
  return made;
}

function write(into: HTMLElement, { head, now, broken }: Caption): void {
  const [strong, rest] = into.children;
  if (strong && strong.textContent !== head) {
    strong.textContent = head;
    // A rule may take more words than there is room for.
    into.title = head;
  }
  if (rest && rest.textContent !== now) rest.textContent = now;
  into.classList.toggle('broken', broken);
}
