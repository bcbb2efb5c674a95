import assert from 'node:assert/strict';
import { test } from 'node:test';
import { STAGE_EXTENT } from '../src/door/layout';
import { distanceToLine, layoutFor, type Line, partingWall, type Point, standable, toPixelX, toPixelY, toStage } from '../src/stage/geometry';
import { RING } from './frames';

const SIZES = [[390, 400], [860, 660], [1290, 940], [3270, 1970]] as const;

/** Whether two segments cross, by the signs of areas. */
function crosses(p: Point, q: Point, wall: Line): boolean {
  const side = (a: Point, b: Point, c: Point): number => Math.sign((b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x));
  const a = { x: wall.ax, y: wall.ay };
  const b = { x: wall.bx, y: wall.by };
  return side(p, q, a) !== side(p, q, b) && side(a, b, p) !== side(a, b, q);
}

test('on every size text stays at 11 pixels or more', () => {
  for (const [width, height] of SIZES) {
    for (const servers of [1, 3, 5, 9, 12, 25, 50]) {
      const layout = layoutFor(width, height, servers);
      assert.ok(layout.nameSize >= 11 && layout.termSize >= 11, `${width} ${servers}`);
      assert.ok(layout.slots === 0 || layout.slot >= 18);
    }
  }
});

test('discs of up to twelve servers in their first places do not touch', () => {
  for (const [width, height] of SIZES) {
    for (const servers of [2, 3, 5, 7, 9, 12]) {
      const layout = layoutFor(width, height, servers);
      const places = Array.from({ length: servers }, (_, k) => {
        const angle = (k / servers) * 2 * Math.PI;
        return { x: toPixelX(layout, 5000 + 3400 * Math.sin(angle)), y: toPixelY(layout, 5000 - 3400 * Math.cos(angle)) };
      });
      for (const [i, a] of places.entries()) {
        for (const b of places.slice(i + 1)) assert.ok(Math.hypot(a.x - b.x, a.y - b.y) > 2 * layout.radius, `${servers} on ${width}`);
      }
    }
  }
});

test('fifty on a phone do not lie on their neighbours', () => {
  const layout = layoutFor(375, 440, 50);
  const place = (k: number): { x: number; y: number } => {
    const angle = (k / 50) * 2 * Math.PI;
    return { x: toPixelX(layout, 5000 + 3400 * Math.sin(angle)), y: toPixelY(layout, 5000 - 3400 * Math.cos(angle)) };
  };
  const spacing = Math.min(...Array.from({ length: 50 }, (_, k) => Math.hypot(place(k).x - place(k + 1).x, place(k).y - place(k + 1).y)));
  assert.ok(2 * layout.radius <= spacing + 0.5, `${layout.radius} every ${spacing}`);
  assert.equal(layoutFor(1_000, 720, 50).radius, 13, 'where there is room they are as large as ever');
});

test('a projector gets larger discs than a laptop, a laptop larger than a phone', () => {
  const [phone, laptop, , wall] = SIZES.map(([width, height]) => layoutFor(width, height, 5).radius);
  assert.ok((phone as number) < (laptop as number) && (laptop as number) < (wall as number));
});

test('places go to pixels and back', () => {
  const layout = layoutFor(861, 663, 5);
  for (const x of [0, 1, 4321, 9999, 10_000]) {
    assert.deepEqual(toStage(layout, toPixelX(layout, x), toPixelY(layout, 10_000 - x)), { x, y: 10_000 - x });
  }
  assert.deepEqual(toStage(layout, -50, 9999), { x: 0, y: STAGE_EXTENT });
});

test('a server cannot be put where it would be cut off', () => {
  const layout = layoutFor(390, 400, 5);
  const place = standable(layout, { x: 0, y: STAGE_EXTENT });
  assert.ok(toPixelX(layout, place.x) >= layout.radius);
  assert.ok(toPixelY(layout, place.y) + layout.radius <= layout.floor);
});

test('the distance to a wall is that to its nearest point, ends included', () => {
  const wall = { ax: 0, ay: 0, bx: 10, by: 0 };
  assert.equal(distanceToLine(5, 3, wall), 3);
  assert.equal(distanceToLine(-3, 4, wall), 5);
  assert.equal(distanceToLine(3, 4, { ax: 0, ay: 0, bx: 0, by: 0 }), 5);
});

test('a parting wall crosses every way between the sides and none within one', () => {
  const ring = RING.map(({ x, y }) => ({ x: x as number, y: y as number }));
  for (let chosen = 1; chosen < 31; chosen += 1) {
    const inside = ring.filter((_, k) => (chosen >> k) % 2 === 1);
    const outside = ring.filter((_, k) => (chosen >> k) % 2 === 0);
    const wall = partingWall(inside, outside);
    if (!wall) continue;
    for (const value of Object.values(wall)) assert.ok(value >= 0 && value <= STAGE_EXTENT);
    for (const p of inside) for (const q of outside) assert.ok(crosses(p, q, wall), `choice ${chosen}`);
    for (const side of [inside, outside]) {
      for (const p of side) for (const q of side) if (p !== q) assert.ok(!crosses(p, q, wall), `choice ${chosen}`);
    }
  }
});

test('neighbours of a ring can be parted from the rest, opposite ones cannot', () => {
  const ring = RING.map(({ x, y }) => ({ x: x as number, y: y as number }));
  const part = (...ids: number[]): Line | null => partingWall(ring.filter((_, k) => ids.includes(k + 1)), ring.filter((_, k) => !ids.includes(k + 1)));
  assert.notEqual(part(1, 2), null);
  assert.notEqual(part(4), null);
  assert.equal(part(1, 3), null);
  assert.equal(partingWall(ring, []), null);
});
