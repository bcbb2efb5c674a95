import { type Colours, mixed } from '../theme';
import type { Layout } from './geometry';
import { paintPlate } from './paint-ails';
import type { WallItem } from './scene';

const TURN = Math.PI * 2;
/** Arrows of what a wall lets through stand so far apart along it, in units. */
const ARROW_EVERY = 70;

interface Line {
  readonly ax: number;
  readonly ay: number;
  readonly bx: number;
  readonly by: number;
}

/** A wall that is drawn, or only being drawn. */
export function paintWallStroke(ctx: CanvasRenderingContext2D, wall: Line, layout: Layout, colours: Colours, strong: boolean, tight = true): void {
  const line = (width: number, style: string): void => {
    ctx.lineWidth = width * layout.unit;
    ctx.strokeStyle = style;
    ctx.beginPath();
    ctx.moveTo(wall.ax, wall.ay);
    ctx.lineTo(wall.bx, wall.by);
    ctx.stroke();
  };
  ctx.lineCap = tight ? 'round' : 'butt';
  if (!colours.forced) line(strong ? 26 : 20, mixed(colours.warning, strong ? 0.24 : 0.16));
  if (!tight) ctx.setLineDash([10 * layout.unit, 7 * layout.unit]);
  line(strong ? 5 : 4, colours.warning);
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
  for (const [x, y] of [[wall.ax, wall.ay], [wall.bx, wall.by]] as const) {
    ctx.beginPath();
    ctx.arc(x, y, 8 * layout.unit, 0, TURN);
    ctx.fillStyle = colours.stage;
    ctx.fill();
    ctx.lineWidth = 3 * layout.unit;
    ctx.strokeStyle = colours.warning;
    ctx.stroke();
  }
}

/** A wall: dashed with the share that it stops where it lets others through, with arrows across it the way that is free. */
export function paintWall(ctx: CanvasRenderingContext2D, wall: WallItem, layout: Layout, colours: Colours, strong: boolean): void {
  const tight = wall.othersPermille === 0;
  paintWallStroke(ctx, wall, layout, colours, strong, tight);
  const [dx, dy] = [wall.bx - wall.ax, wall.by - wall.ay];
  const length = Math.hypot(dx, dy);
  if (length === 0) return;
  if (wall.free !== 0) {
    const size = 9 * layout.unit;
    // To the right of a wall is where its direction goes when it turns with the clock.
    const [nx, ny] = [(-dy / length) * wall.free, (dx / length) * wall.free];
    const arrows = Math.max(1, Math.floor(length / (ARROW_EVERY * layout.unit)) - 1);
    ctx.fillStyle = colours.warning;
    for (let arrow = 1; arrow <= arrows; arrow += 1) {
      const share = arrow / (arrows + 1);
      const [x, y] = [wall.ax + dx * share, wall.ay + dy * share];
      ctx.beginPath();
      ctx.moveTo(x + nx * size * 1.7, y + ny * size * 1.7);
      ctx.lineTo(x + ny * size, y - nx * size);
      ctx.lineTo(x - ny * size, y + nx * size);
      ctx.closePath();
      ctx.fill();
    }
  }
  // A little before its second end: in the middle is what removes it.
  if (!tight) paintPlate(ctx, `${(1_000 - wall.othersPermille) / 10} %`, wall.ax + dx * 0.82, wall.ay + dy * 0.82, layout, colours);
}
