import { STAGE_EXTENT } from '../door/layout';
import type { Input } from '../door/types';
import { clamp, distanceToLine, type Layout, type Line, standable, toStage } from './geometry';
import type { Scene, WallItem } from './scene';

/** What the hands act on. */
export interface Grip {
  readonly scene: Scene;
  readonly layout: Layout;
  /** Does something to the run; refusals are shown elsewhere. */
  input(input: Input): void;
  choose(server: number, add: boolean): void;
  chooseWall(wall: number): void;
  chooseNothing(): void;
  /** Something shown has changed. */
  invalidate(): void;
}

export type Target =
  | { kind: 'server'; id: number }
  | { kind: 'end'; wall: number; end: 'a' | 'b' }
  | { kind: 'wall'; wall: number }
  | { kind: 'empty' };

/** How far from a thing a pointer may be, in pixels: targets of at least 24, under a finger 44. */
const REACH = { mouse: { end: 13, wall: 12, server: 12, slip: 4 }, touch: { end: 24, wall: 22, server: 22, slip: 9 } } as const;
type Reach = (typeof REACH)[keyof typeof REACH];

/** A wall shorter than this was no wall but a slip. */
const WALL_PX_MIN = 24;

/** What a press of the arrow keys moves by, in stage units. */
export const ARROW_STEP = { small: 200, large: 1_000 } as const;

/** What lies under a point: ends of walls first, for they are small. */
export function targetAt(scene: Scene, layout: Layout, x: number, y: number, reach: Reach = REACH.mouse): Target {
  for (let i = scene.walls.count - 1; i >= 0; i -= 1) {
    const wall = scene.walls.at(i);
    const near = reach.end * Math.max(1, layout.unit);
    if (Math.hypot(x - wall.ax, y - wall.ay) <= near) return { kind: 'end', wall: wall.id, end: 'a' };
    if (Math.hypot(x - wall.bx, y - wall.by) <= near) return { kind: 'end', wall: wall.id, end: 'b' };
  }
  let nearest = Math.max(layout.radius + 4, reach.server);
  let server = 0;
  for (let i = 0; i < scene.servers.count; i += 1) {
    const item = scene.servers.at(i);
    const distance = Math.hypot(x - item.x, y - item.y);
    if (distance <= nearest) {
      nearest = distance;
      server = item.id;
    }
  }
  if (server > 0) return { kind: 'server', id: server };
  for (let i = scene.walls.count - 1; i >= 0; i -= 1) {
    const wall = scene.walls.at(i);
    if (distanceToLine(x, y, wall) <= reach.wall) return { kind: 'wall', wall: wall.id };
  }
  return { kind: 'empty' };
}

/** A wall moved as a whole, and no further than the stage reaches. */
export function shifted(line: Line, dx: number, dy: number): Line {
  const mx = clamp(dx, -Math.min(line.ax, line.bx), STAGE_EXTENT - Math.max(line.ax, line.bx));
  const my = clamp(dy, -Math.min(line.ay, line.by), STAGE_EXTENT - Math.max(line.ay, line.by));
  return { ax: line.ax + mx, ay: line.ay + my, bx: line.bx + mx, by: line.by + my };
}

interface Drag {
  readonly pointer: number;
  readonly target: Target;
  readonly reach: Reach;
  readonly startX: number;
  readonly startY: number;
  /** From the pointer to the middle of what was taken hold of. */
  readonly holdX: number;
  readonly holdY: number;
  /** Where a wall that is moved as a whole stood. */
  readonly from: Line | null;
  readonly add: boolean;
  x: number;
  y: number;
  moved: boolean;
  dirty: boolean;
}

/**
 * Turns what mouse, pen and finger do on the stage into inputs. Moves are kept until the next frame, so that a fast
 * pointer makes one input a frame.
 */
export class Hands {
  hovered: Target = { kind: 'empty' };
  private drag: Drag | null = null;

  constructor(
    private readonly root: HTMLElement,
    private readonly grip: Grip,
  ) {
    root.addEventListener('pointerdown', this.down);
    root.addEventListener('pointermove', this.move);
    root.addEventListener('pointerup', this.up);
    root.addEventListener('pointercancel', this.cancel);
    root.addEventListener('lostpointercapture', this.cancel);
    root.addEventListener('pointerleave', this.leave);
  }

  /** The wall being drawn, in pixels, or null. */
  get draft(): Line | null {
    const drag = this.drag;
    return drag && drag.moved && drag.target.kind === 'empty' ? { ax: drag.startX, ay: drag.startY, bx: drag.x, by: drag.y } : null;
  }

  /** What rests on the stage without having moved: a press that may become a long one. */
  get resting(): object | null {
    return this.drag?.moved === false ? this.drag : null;
  }

  /** Lets go of everything; what is being drawn is not drawn. */
  readonly cancel = (): void => {
    if (!this.drag) return;
    this.drag = null;
    this.grip.invalidate();
  };

  /** Sends what the hand has moved since the last frame. */
  flush(): void {
    const drag = this.drag;
    if (!drag?.dirty) return;
    drag.dirty = false;
    const { scene, layout } = this.grip;
    const target = drag.target;
    if (target.kind === 'server') {
      const place = standable(layout, toStage(layout, drag.x + drag.holdX, drag.y + drag.holdY));
      const server = scene.server(target.id);
      if (server && (server.stageX !== place.x || server.stageY !== place.y)) {
        this.grip.input({ kind: 'move', server: target.id, ...place });
      }
    } else if (target.kind === 'end') {
      const wall = scene.wall(target.wall);
      if (wall) this.moveEnd(wall, target.end, drag);
    } else if (target.kind === 'wall' && drag.from) {
      const dx = Math.round(((drag.x - drag.startX) / layout.width) * STAGE_EXTENT);
      const dy = Math.round(((drag.y - drag.startY) / layout.floor) * STAGE_EXTENT);
      this.grip.input({ kind: 'wall', wall: target.wall, ...shifted(drag.from, dx, dy) });
    }
  }

  private moveEnd(wall: WallItem, end: 'a' | 'b', drag: Drag): void {
    const place = toStage(this.grip.layout, drag.x + drag.holdX, drag.y + drag.holdY);
    const { ax, ay, bx, by } = wall.stage;
    const line = end === 'a' ? { ax: place.x, ay: place.y, bx, by } : { ax, ay, bx: place.x, by: place.y };
    if (line.ax !== line.bx || line.ay !== line.by) this.grip.input({ kind: 'wall', wall: wall.id, ...line });
  }

  private place(event: PointerEvent): { x: number; y: number } {
    const box = this.root.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  }

  private readonly down = (event: PointerEvent): void => {
    if (this.drag || event.button !== 0 || isControl(event)) return;
    const { x, y } = this.place(event);
    const reach = event.pointerType === 'mouse' ? REACH.mouse : REACH.touch;
    const { scene, layout } = this.grip;
    const target = targetAt(scene, layout, x, y, reach);
    let holdX = 0;
    let holdY = 0;
    let from: Line | null = null;
    if (target.kind === 'server') {
      const server = scene.server(target.id);
      holdX = (server?.x ?? x) - x;
      holdY = (server?.y ?? y) - y;
    } else if (target.kind === 'end') {
      const wall = scene.wall(target.wall);
      holdX = (wall?.[`${target.end}x`] ?? x) - x;
      holdY = (wall?.[`${target.end}y`] ?? y) - y;
    } else if (target.kind === 'wall') {
      const wall = scene.wall(target.wall);
      from = wall ? { ...wall.stage } : null;
    }
    const add = event.shiftKey || event.ctrlKey || event.metaKey;
    this.drag = { pointer: event.pointerId, target, reach, startX: x, startY: y, holdX, holdY, from, add, x, y, moved: false, dirty: false };
    this.root.setPointerCapture(event.pointerId);
  };

  private readonly move = (event: PointerEvent): void => {
    const { x, y } = this.place(event);
    const drag = this.drag;
    if (!drag) {
      if (event.pointerType === 'mouse') this.hover(isControl(event) ? { kind: 'empty' } : targetAt(this.grip.scene, this.grip.layout, x, y));
      return;
    }
    if (event.pointerId !== drag.pointer) return;
    if (!drag.moved && Math.hypot(x - drag.startX, y - drag.startY) < drag.reach.slip) return;
    drag.moved = true;
    drag.dirty = true;
    const { width, floor } = this.grip.layout;
    drag.x = clamp(x, 0, width);
    drag.y = clamp(y, 0, floor);
    this.grip.invalidate();
  };

  private readonly up = (event: PointerEvent): void => {
    const drag = this.drag;
    if (!drag || event.pointerId !== drag.pointer) return;
    this.flush();
    this.drag = null;
    const { target } = drag;
    if (!drag.moved) {
      if (target.kind === 'server') this.grip.choose(target.id, drag.add);
      else if (target.kind === 'empty') this.grip.chooseNothing();
      else this.grip.chooseWall(target.wall);
    } else if (target.kind === 'empty' && Math.hypot(drag.x - drag.startX, drag.y - drag.startY) >= WALL_PX_MIN) {
      this.drawWall(drag);
    }
    this.grip.invalidate();
  };

  private drawWall(drag: Drag): void {
    const { layout, scene } = this.grip;
    const a = toStage(layout, drag.startX, drag.startY);
    const b = toStage(layout, drag.x, drag.y);
    const wall = scene.freeWall;
    this.grip.input({ kind: 'wall', wall, ax: a.x, ay: a.y, bx: b.x, by: b.y });
    this.grip.chooseWall(wall);
  }

  private readonly leave = (): void => this.hover({ kind: 'empty' });

  private hover(target: Target): void {
    if (JSON.stringify(target) === JSON.stringify(this.hovered)) return;
    this.hovered = target;
    this.root.dataset['over'] = target.kind;
    this.grip.invalidate();
  }
}

/** Whether a pointer is on a real button over the stage, such as a wall's ×. */
const isControl = (event: PointerEvent): boolean => event.target instanceof Element && event.target.closest('[data-control]') !== null;
