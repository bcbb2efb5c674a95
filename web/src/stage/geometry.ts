/** Places on the stage: virtual coordinates (0 to 10,000 both ways) and CSS pixels, and which line crosses which. */

import { STAGE_EXTENT } from '../door/layout';

export interface Point {
  x: number;
  y: number;
}

export interface Line {
  ax: number;
  ay: number;
  bx: number;
  by: number;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));

/** How big things are on a stage of this size with this many servers. Everything in CSS pixels. */
export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The lower edge of where servers may stand; hint and legend lie below. */
  readonly floor: number;
  /** Radius of a server's disc. */
  readonly radius: number;
  /** Whether a disc has room for its term under its name. */
  readonly roomy: boolean;
  readonly nameSize: number;
  readonly termSize: number;
  /** One entry of a log strip. */
  readonly slot: number;
  /** Entries that a strip shows at most; none when there is no room for three. */
  readonly slots: number;
  /** How much larger than on a desk everything is: 1 on a laptop, more on a projector. */
  readonly unit: number;
}

const RADIUS_MIN = 13;
/** Where that would hide the neighbours. */
const CROWDED_RADIUS_MIN = 8;
const RADIUS_MAX = 150;
/** Servers first stand on an ellipse of this half-axis, as a share of the stage. */
const RING = 0.34;

/** Lays the stage out for its size and number of servers: small stages get fewer entries and larger discs by share. */
export function layoutFor(width: number, height: number, servers: number): Layout {
  const floor = Math.max(80, height - (width < 520 ? 58 : 40));
  const a = width * RING;
  const b = floor * RING;
  // Ramanujan's estimate of an ellipse's perimeter.
  const perimeter = Math.PI * (3 * (a + b) - Math.sqrt((3 * a + b) * (a + 3 * b)));
  const spacing = perimeter / Math.max(servers, 3);
  // On a low stage the uppermost server keeps room for its crown.
  const wanted = Math.max(Math.sqrt(width * floor) * 0.054, Math.min(31, floor * 0.105));
  // At the ends of the longer axis neighbours stand closest.
  const closest = ((2 * Math.PI) / Math.max(servers, 3)) * Math.min(a, b);
  const radius = clamp(Math.min(wanted, closest * 0.31), clamp(closest / 2, CROWDED_RADIUS_MIN, RADIUS_MIN), RADIUS_MAX);
  const roomy = radius >= 24;
  const unit = Math.max(1, radius / 38);
  const slot = Math.round(Math.max(18, 18 * unit));
  const fit = Math.floor((Math.min(spacing * 0.8, width * 0.3) - 8) / slot);
  return {
    width,
    height,
    floor,
    radius,
    roomy,
    nameSize: roomy ? Math.max(14, Math.round(radius * 0.5)) : 11,
    termSize: Math.max(11, Math.round(radius * 0.32)),
    slot,
    slots: fit < 3 ? 0 : Math.min(fit, 12),
    unit,
  };
}

export const toPixelX = (layout: Layout, x: number): number => (x / STAGE_EXTENT) * layout.width;
export const toPixelY = (layout: Layout, y: number): number => (y / STAGE_EXTENT) * layout.floor;

/** The nearest place of the stage, in whole virtual units. */
export function toStage(layout: Layout, x: number, y: number): Point {
  return {
    x: clamp(Math.round((x / layout.width) * STAGE_EXTENT), 0, STAGE_EXTENT),
    y: clamp(Math.round((y / layout.floor) * STAGE_EXTENT), 0, STAGE_EXTENT),
  };
}

/** The nearest place where a server is seen whole. */
export function standable(layout: Layout, place: Point): Point {
  const margin = layout.radius * 1.3;
  const mx = Math.ceil((margin / layout.width) * STAGE_EXTENT);
  const top = Math.ceil(((margin + layout.radius * 0.4) / layout.floor) * STAGE_EXTENT);
  const bottom = Math.ceil(((margin + (layout.slots > 0 ? layout.slot : 0)) / layout.floor) * STAGE_EXTENT);
  return { x: clamp(place.x, mx, STAGE_EXTENT - mx), y: clamp(place.y, top, STAGE_EXTENT - bottom) };
}

/** The distance of a point from a line between two points. */
export function distanceToLine(px: number, py: number, line: Line): number {
  const dx = line.bx - line.ax;
  const dy = line.by - line.ay;
  const length = dx * dx + dy * dy;
  const t = length === 0 ? 0 : clamp(((px - line.ax) * dx + (py - line.ay) * dy) / length, 0, 1);
  return Math.hypot(px - line.ax - t * dx, py - line.ay - t * dy);
}

/**
 * A straight wall that parts `inside` from `outside`, or null when no straight line does. Of all directions the one with
 * the widest gap is taken; the wall reaches past every way between the two sides and no further than the stage.
 */
export function partingWall(inside: readonly Point[], outside: readonly Point[]): Line | null {
  if (inside.length === 0 || outside.length === 0) return null;
  const DIRECTIONS = 360;
  let best = { gap: 0, nx: 0, ny: 0, middle: 0 };
  for (let k = 0; k < DIRECTIONS; k += 1) {
    const angle = (k / DIRECTIONS) * 2 * Math.PI;
    const nx = Math.cos(angle);
    const ny = Math.sin(angle);
    const inner = Math.max(...inside.map((p) => p.x * nx + p.y * ny));
    const outer = Math.min(...outside.map((p) => p.x * nx + p.y * ny));
    if (outer - inner > best.gap) best = { gap: outer - inner, nx, ny, middle: (inner + outer) / 2 };
  }
  if (best.gap < 2) return null;
  const { nx, ny, middle } = best;
  // Where the ways between the sides cross the line, measured along it.
  let low = Infinity;
  let high = -Infinity;
  for (const p of inside) {
    for (const q of outside) {
      const dp = p.x * nx + p.y * ny - middle;
      const dq = q.x * nx + q.y * ny - middle;
      const t = dp / (dp - dq);
      const along = -ny * (p.x + t * (q.x - p.x)) + nx * (p.y + t * (q.y - p.y));
      low = Math.min(low, along);
      high = Math.max(high, along);
    }
  }
  const PAST = 1_200;
  const at = (along: number): Point => ({ x: middle * nx - along * ny, y: middle * ny + along * nx });
  const a = inward(at((low + high) / 2), at(low - PAST));
  const b = inward(at((low + high) / 2), at(high + PAST));
  return { ax: Math.round(a.x), ay: Math.round(a.y), bx: Math.round(b.x), by: Math.round(b.y) };
}

/** The point nearest `end` on the way from `start`, which lies on the stage, that is still on the stage. */
function inward(start: Point, end: Point): Point {
  let t = 1;
  for (const axis of ['x', 'y'] as const) {
    const d = end[axis] - start[axis];
    if (d > 0) t = Math.min(t, (STAGE_EXTENT - start[axis]) / d);
    if (d < 0) t = Math.min(t, -start[axis] / d);
  }
  return { x: start.x + t * (end.x - start.x), y: start.y + t * (end.y - start.y) };
}
