import { STAGE_EXTENT } from '../door/layout';
import type { Input } from '../door/types';
import { serverLabel, WORDS } from '../words';
import { clamp, type Layout, standable } from './geometry';
import { ARROW_STEP, shifted } from './hands';
import type { Scene, ServerItem, WallItem } from './scene';

/** What the overlay acts on. */
export interface Reach {
  readonly scene: Scene;
  readonly layout: Layout;
  input(input: Input): void;
  choose(server: number, add: boolean): void;
  chooseWall(wall: number): void;
  removeWall(wall: number): void;
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
};

interface WallButtons {
  readonly whole: HTMLButtonElement;
  readonly a: HTMLButtonElement;
  readonly b: HTMLButtonElement;
  readonly remove: HTMLButtonElement;
}

/**
 * A parallel page of buttons over the canvas, for keyboards and screen readers: one for each server, and for each wall
 * one, one for either end and one to remove it. They are made when something appears and moved when it moves.
 */
export class Overlay {
  private readonly servers: HTMLButtonElement[] = [];
  private readonly walls = new Map<number, WallButtons>();
  private readonly placed = new WeakMap<HTMLElement, string>();

  constructor(
    private readonly root: HTMLElement,
    private readonly reach: Reach,
  ) {
    root.addEventListener('keydown', this.key);
    root.addEventListener('click', this.click);
  }

  /** The server whose button has the focus, or 0. */
  get focused(): number {
    const scope = this.root.getRootNode() as Document | ShadowRoot;
    return Number((scope.activeElement as HTMLElement | null)?.dataset?.['server'] ?? 0);
  }

  focus(server: number): void {
    this.servers[server - 1]?.focus();
  }

  /** Makes and removes buttons, and puts all where their things are. */
  place(scene: Scene, layout: Layout, chosenWall: number): void {
    while (this.servers.length > scene.servers.count) this.servers.pop()?.remove();
    while (this.servers.length < scene.servers.count) {
      const button = this.button('server', { server: String(this.servers.length + 1) });
      this.servers.push(button);
      // Servers come before walls in the order of the keyboard.
      this.root.insertBefore(button, this.root.children[this.servers.length - 1] ?? null);
    }
    // Larger than the disc, so that the focus is seen around the timer's ring.
    const size = Math.max(24, layout.radius * 2.7);
    for (let i = 0; i < scene.servers.count; i += 1) {
      const server = scene.servers.at(i);
      this.put(this.servers[i] as HTMLElement, server.x, server.y, size);
    }
    for (const [id, buttons] of this.walls) {
      if (scene.wall(id)) continue;
      for (const button of Object.values(buttons)) (button as HTMLElement).remove();
      this.walls.delete(id);
    }
    for (let i = 0; i < scene.walls.count; i += 1) this.placeWall(scene.walls.at(i), layout, chosenWall);
  }

  /** Tells assistive technology how everything is now. Called as often as panels are drawn, not each frame. */
  describe(scene: Scene, chosen: ReadonlySet<number>, chosenWall: number): void {
    for (let i = 0; i < scene.servers.count; i += 1) {
      const button = this.servers[i];
      if (button) this.tell(button, serverLabel(scene.servers.at(i)), chosen.has(i + 1));
    }
    for (const [id, buttons] of this.walls) {
      this.tell(buttons.whole, WORDS.wall(id), id === chosenWall);
      this.tell(buttons.a, WORDS.wallEnd(id, 'a'));
      this.tell(buttons.b, WORDS.wallEnd(id, 'b'));
      this.tell(buttons.remove, WORDS.removeWall(id));
    }
  }

  private placeWall(wall: WallItem, layout: Layout, chosenWall: number): void {
    let buttons = this.walls.get(wall.id);
    if (!buttons) {
      const id = String(wall.id);
      buttons = {
        whole: this.button('wall', { wall: id }),
        a: this.button('end', { wall: id, end: 'a' }),
        b: this.button('end', { wall: id, end: 'b' }),
        remove: this.button('remove', { wall: id, control: 'remove' }),
      };
      buttons.remove.textContent = '×';
      this.root.append(buttons.whole, buttons.a, buttons.b, buttons.remove);
      this.walls.set(wall.id, buttons);
    }
    const mx = (wall.ax + wall.bx) / 2;
    const my = (wall.ay + wall.by) / 2;
    const length = Math.hypot(wall.bx - wall.ax, wall.by - wall.ay) || 1;
    // The × stands beside the wall, on the side of the stage's middle.
    let nx = -(wall.by - wall.ay) / length;
    let ny = (wall.bx - wall.ax) / length;
    if (nx * (layout.width / 2 - mx) + ny * (layout.floor / 2 - my) < 0) {
      nx = -nx;
      ny = -ny;
    }
    const away = 30 * layout.unit;
    this.put(buttons.whole, mx, my, 24);
    this.put(buttons.a, wall.ax, wall.ay, 26);
    this.put(buttons.b, wall.bx, wall.by, 26);
    this.put(buttons.remove, clamp(mx + nx * away, 20, layout.width - 20), clamp(my + ny * away, 20, layout.floor - 20), 0);
    buttons.remove.hidden = wall.id !== chosenWall;
  }

  private button(kind: string, data: Readonly<Record<string, string>>): HTMLButtonElement {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = `hit hit-${kind}`;
    Object.assign(button.dataset, data);
    return button;
  }

  /** Moves a button so that its middle is at a place; 0 leaves the size to the style sheet. */
  private put(button: HTMLElement, x: number, y: number, size: number): void {
    const where = `${x.toFixed(1)} ${y.toFixed(1)} ${size.toFixed(0)}`;
    if (this.placed.get(button) === where) return;
    this.placed.set(button, where);
    if (size > 0) {
      button.style.width = `${size}px`;
      button.style.height = `${size}px`;
    }
    button.style.transform = `translate(${x}px, ${y}px) translate(-50%, -50%)`;
  }

  private tell(button: HTMLElement, label: string, pressed?: boolean): void {
    if (button.getAttribute('aria-label') !== label) button.setAttribute('aria-label', label);
    if (pressed !== undefined && button.getAttribute('aria-pressed') !== String(pressed)) button.setAttribute('aria-pressed', String(pressed));
  }

  /** A click that no pointer made, by a screen reader for instance; pointers are the hands' affair. */
  private readonly click = (event: MouseEvent): void => {
    const data = (event.target as HTMLElement).dataset;
    if (data['control'] === 'remove') this.reach.removeWall(Number(data['wall']));
    else if (event.detail === 0 && data['server']) this.reach.choose(Number(data['server']), event.shiftKey);
    else if (event.detail === 0 && data['wall']) this.reach.chooseWall(Number(data['wall']));
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const data = (event.target as HTMLElement).dataset;
    if (data['control']) return;
    const { scene } = this.reach;
    const server = scene.server(Number(data['server'] ?? 0));
    const wall = scene.wall(Number(data['wall'] ?? 0));
    const arrow = ARROWS[event.key];
    if (arrow && (server || wall)) {
      const by = event.shiftKey ? ARROW_STEP.large : ARROW_STEP.small;
      if (server) this.nudge(server, arrow[0] * by, arrow[1] * by);
      else if (wall) this.nudgeWall(wall, data['end'], arrow[0] * by, arrow[1] * by);
    } else if (event.key === 'Enter' || (event.key === ' ' && event.shiftKey)) {
      if (server) this.reach.choose(server.id, event.shiftKey);
      else if (wall) this.reach.chooseWall(wall.id);
    } else if ((event.key === 'Delete' || event.key === 'Backspace') && wall) {
      this.reach.removeWall(wall.id);
    } else return;
    event.preventDefault();
    event.stopPropagation();
  };

  private nudge(server: ServerItem, dx: number, dy: number): void {
    const place = standable(this.reach.layout, { x: server.stageX + dx, y: server.stageY + dy });
    if (place.x !== server.stageX || place.y !== server.stageY) this.reach.input({ kind: 'move', server: server.id, ...place });
  }

  private nudgeWall(wall: WallItem, end: string | undefined, dx: number, dy: number): void {
    const { ax, ay, bx, by } = wall.stage;
    const on = (value: number): number => clamp(value, 0, STAGE_EXTENT);
    const line =
      end === 'a'
        ? { ax: on(ax + dx), ay: on(ay + dy), bx, by }
        : end === 'b'
          ? { ax, ay, bx: on(bx + dx), by: on(by + dy) }
          : shifted(wall.stage, dx, dy);
    if (line.ax !== line.bx || line.ay !== line.by) this.reach.input({ kind: 'wall', wall: wall.id, ...line });
  }
}
