import type { Frame } from '../door/frame';
import type { Input } from '../door/types';
import type { Colours } from '../theme';
import { WORDS } from '../words';
import { type Layout, layoutFor, type Point, toStage } from './geometry';
import { Hands, type Target, targetAt } from './hands';
import { Overlay } from './overlay';
import { type Marks, paint } from './paint';
import { Scene } from './scene';

/** What the stage needs of the element. */
export interface StageHost {
  input(input: Input): void;
  choose(server: number, add: boolean): void;
  chooseWall(wall: number): void;
  chooseNothing(): void;
  removeWall(wall: number): void;
  invalidate(): void;
}

/** What is painted besides the run: the words, and nothing that is chosen or pointed at. */
export const NOTHING_MARKED = (): Marks => ({
  selected: new Set(),
  selectedWall: 0,
  hovered: 0,
  litMessage: 0,
  hoveredWall: 0,
  draft: null,
  evidence: new Set(),
  explained: new Map(),
  crashedWord: WORDS.crashed,
  termWord: WORDS.term,
  timeoutNowWord: WORDS.timeoutNow,
  readWord: WORDS.legend.read,
  memberMarks: WORDS.marks,
  roleLetters: WORDS.roleLetters,
  ailing: WORDS,
});

/** A moving message stops at so many places on its way when motion is to be reduced. */
const REDUCED_STEPS = 5;

/** The stage: a canvas that is painted, buttons over it, and the hands that act on it. */
export class Stage {
  readonly scene = new Scene();
  readonly hands: Hands;
  readonly overlay: Overlay;
  layout: Layout = layoutFor(800, 600, 5);
  chosen: ReadonlySet<number> = new Set();
  chosenWall = 0;
  evidence: ReadonlySet<number> = new Set();
  /** The steps of an explanation that happened at each server, by their places in it. */
  explained: ReadonlyMap<number, string> = new Map();
  /** Plates beside servers that something else is said of. */
  plates: ReadonlyMap<number, string> = new Map();
  /** What is pointed at elsewhere: a message's number, a server's, or 0. */
  lit = { message: 0, server: 0 };
  /** Says what it is, in the language that is spoken. */
  readonly name: () => void;
  private readonly canvas: HTMLCanvasElement;
  private readonly ctx: CanvasRenderingContext2D | null;
  private readonly sizes: ResizeObserver;
  private readonly motion = matchMedia('(prefers-reduced-motion: reduce)');
  private width = 800;
  private height = 600;
  private density = 1;
  private servers = 5;

  constructor(
    root: HTMLElement,
    private readonly host: StageHost,
  ) {
    this.canvas = document.createElement('canvas');
    this.canvas.setAttribute('aria-hidden', 'true');
    const buttons = document.createElement('div');
    buttons.className = 'overlay';
    buttons.setAttribute('role', 'group');
    root.prepend(this.canvas, buttons);
    this.ctx = this.canvas.getContext('2d', { alpha: false });
    this.hands = new Hands(root, this);
    this.overlay = new Overlay(buttons, this);
    this.name = () => buttons.setAttribute('aria-label', WORDS.stage);
    this.name();
    this.sizes = new ResizeObserver(() => {
      this.width = Math.max(1, root.clientWidth);
      this.height = Math.max(1, root.clientHeight);
      this.servers = 0;
      host.invalidate();
    });
    this.sizes.observe(root);
  }

  /** Looks at a frame: what is drawn and what hands find is as of now. */
  look(frame: Frame): void {
    const density = devicePixelRatio || 1;
    if (this.servers !== frame.serverCount || this.density !== density) {
      this.servers = frame.serverCount;
      this.density = density;
      this.layout = layoutFor(this.width, this.height, frame.serverCount);
      this.canvas.width = Math.round(this.width * density);
      this.canvas.height = Math.round(this.height * density);
    }
    this.scene.build(frame, this.layout, this.motion.matches ? REDUCED_STEPS : 0);
    this.overlay.place(this.scene, this.layout, this.chosenWall);
  }

  paint(colours: Colours): void {
    const { ctx } = this;
    if (!ctx) return;
    ctx.setTransform(this.density, 0, 0, this.density, 0, 0);
    this.paintOn(ctx, colours);
  }

  /** As it is seen, on any ground. */
  paintOn(ctx: CanvasRenderingContext2D, colours: Colours): void {
    const { hands } = this;
    const over = hands.hovered;
    const marks: Marks = {
      ...NOTHING_MARKED(),
      selected: this.chosen,
      selectedWall: this.chosenWall,
      hovered: over.kind === 'server' ? over.id : this.lit.server,
      litMessage: this.lit.message,
      hoveredWall: over.kind === 'wall' || over.kind === 'end' ? over.wall : 0,
      draft: hands.draft,
      evidence: this.evidence,
      explained: new Map([...this.plates, ...this.explained]),
    };
    paint(ctx, this.scene, this.layout, colours, marks);
  }

  /** What lies under a pixel of the stage. */
  at(x: number, y: number): Target {
    return targetAt(this.scene, this.layout, x, y);
  }

  /** The place of a pixel, as the world counts. */
  placeOf(x: number, y: number): Point {
    return toStage(this.layout, x, y);
  }

  /** Writes the labels of the buttons over the canvas. */
  describe(): void {
    this.overlay.describe(this.scene, this.chosen, this.chosenWall);
  }

  dispose(): void {
    this.sizes.disconnect();
    this.hands.cancel();
  }

  input(input: Input): void {
    this.host.input(input);
  }
  choose(server: number, add: boolean): void {
    this.host.choose(server, add);
  }
  chooseWall(wall: number): void {
    this.host.chooseWall(wall);
  }
  chooseNothing(): void {
    this.host.chooseNothing();
  }
  removeWall(wall: number): void {
    this.host.removeWall(wall);
  }
  invalidate(): void {
    this.host.invalidate();
  }
}
