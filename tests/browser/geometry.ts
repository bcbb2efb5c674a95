/** Lines between points, in pixels of the window. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

export interface Segment {
  readonly from: Point;
  readonly to: Point;
}

export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** Half a degree apart. */
const DIRECTIONS = 720;

/** The straight line through the widest gap between two groups of points, cut off at a box. */
export function parting(inside: readonly Point[], outside: readonly Point[], box: Box): Segment {
  let best = { gap: 0, nx: 0, ny: 0, middle: 0 };
  for (let k = 0; k < DIRECTIONS; k += 1) {
    const [nx, ny] = [Math.cos((2 * Math.PI * k) / DIRECTIONS), Math.sin((2 * Math.PI * k) / DIRECTIONS)];
    const inner = Math.max(...inside.map((p) => p.x * nx + p.y * ny));
    const outer = Math.min(...outside.map((p) => p.x * nx + p.y * ny));
    if (outer - inner > best.gap) best = { gap: outer - inner, nx, ny, middle: (inner + outer) / 2 };
  }
  if (best.gap === 0) throw new Error('no straight line parts these groups');
  const { nx, ny, middle } = best;
  const middleOfBox = { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
  const off = middle - (middleOfBox.x * nx + middleOfBox.y * ny);
  const start = { x: middleOfBox.x + off * nx, y: middleOfBox.y + off * ny };
  return { from: edge(start, ny, -nx, box), to: edge(start, -ny, nx, box) };
}

/** Where a ray from a point within the box leaves it. */
function edge(start: Point, dx: number, dy: number, box: Box): Point {
  let t = Infinity;
  if (dx > 0) t = Math.min(t, (box.right - start.x) / dx);
  if (dx < 0) t = Math.min(t, (box.left - start.x) / dx);
  if (dy > 0) t = Math.min(t, (box.bottom - start.y) / dy);
  if (dy < 0) t = Math.min(t, (box.top - start.y) / dy);
  return { x: start.x + t * dx, y: start.y + t * dy };
}

/** The point at a share of the way from one point to another. */
export const between = (from: Point, to: Point, share: number): Point => ({
  x: from.x + (to.x - from.x) * share,
  y: from.y + (to.y - from.y) * share,
});
