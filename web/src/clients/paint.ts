/** Draws the lanes: a bar for each operation in sight. */

import { tickText, ticks, type Plan, type View, xOf, yOf } from '../diagram/layout';
import { type Colours, FONT, mixed } from '../theme';
import { CLIENTS } from '../lang/en/clients';
import { type Bar, barsIn } from './layout';
import type { ClientModel, Operation } from './model';

const FUTURE_ALPHA = 0.36;

export function paint(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: ClientModel, colours: Colours, nowUs: number, marked: Operation | null): void {
  ctx.fillStyle = colours.panel;
  ctx.fillRect(0, 0, plan.width, plan.height);
  ctx.textBaseline = 'middle';
  ctx.font = `400 11px ${FONT}`;
  times(ctx, plan, view, colours);
  const nowX = Math.min(plan.right, Math.max(plan.left, xOf(plan, view, nowUs)));
  const bars = barsIn(plan, view, model, nowUs);
  const stretch = (from: number, to: number, alpha: number): void => {
    if (to - from < 0.5) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, 0, to - from, plan.bottom + 4);
    ctx.clip();
    ctx.globalAlpha = alpha;
    for (const { fromUs, toUs } of model.gaps) {
      ctx.fillStyle = colours.chip;
      ctx.fillRect(xOf(plan, view, fromUs), plan.top, xOf(plan, view, toUs) - xOf(plan, view, fromUs), plan.bottom - plan.top);
    }
    for (const bar of bars) paintBar(ctx, plan, colours, bar, bar.operation === marked);
    ctx.restore();
  };
  stretch(plan.left, nowX, 1);
  stretch(nowX, plan.right, FUTURE_ALPHA);
  for (const bar of bars) if (bar.operation.stale) paintStale(ctx, plan, colours, bar);
  ctx.strokeStyle = colours.accent;
  ctx.lineWidth = 2;
  ctx.beginPath();
  ctx.moveTo(nowX, 0);
  ctx.lineTo(nowX, plan.bottom + 4);
  ctx.stroke();
  ctx.textAlign = 'left';
  ctx.font = `600 11px ${FONT}`;
  ctx.fillStyle = colours.ink;
  model.lanes.forEach(({ client, slot }, at) => ctx.fillText(CLIENTS.who(client, slot)[1], 0, yOf(plan, at + 1), plan.left - 4));
}

function times(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours): void {
  const list = ticks(plan, view);
  const step = (list[1] ?? 0) - (list[0] ?? 0);
  ctx.textAlign = 'center';
  ctx.strokeStyle = mixed(colours.hairline, 0.8);
  ctx.lineWidth = 1;
  for (const us of list) {
    const x = Math.round(xOf(plan, view, us)) + 0.5;
    ctx.beginPath();
    ctx.moveTo(x, plan.top);
    ctx.lineTo(x, plan.bottom + 3);
    ctx.stroke();
    ctx.fillStyle = colours.soft;
    if (x < plan.width - 24) ctx.fillText(tickText(us, step), x, plan.bottom + 12);
  }
}

/** A write is full, a read hollow; without an answer the outline is broken, and a bar that waits is open at its end. */
function paintBar(ctx: CanvasRenderingContext2D, plan: Plan, colours: Colours, { operation, x1, x2, y }: Bar, marked: boolean): void {
  const { kind, outcome, stale } = operation;
  const [top, height] = [y - plan.bar / 2, plan.bar];
  const line = stale ? colours.warning : outcome === 'answered' ? colours.accent : colours.soft;
  ctx.fillStyle = kind === 'read' || colours.forced ? colours.panel : outcome === 'answered' ? mixed(colours.accent, 0.24) : colours.chip;
  ctx.fillRect(x1, top, x2 - x1, height);
  ctx.strokeStyle = line;
  ctx.lineWidth = stale || marked ? 3 : 1.5;
  ctx.setLineDash(outcome === 'answered' ? [] : [4, 3]);
  ctx.beginPath();
  ctx.moveTo(x2, top);
  ctx.lineTo(x1, top);
  ctx.lineTo(x1, top + height);
  ctx.lineTo(x2, top + height);
  if (outcome !== 'open') ctx.closePath();
  ctx.stroke();
  ctx.setLineDash([]);
  if (marked) {
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = 1;
    ctx.strokeRect(x1 - 3, top - 2, x2 - x1 + 6, height + 4);
  }
  const room = Math.min(x2, plan.right) - Math.max(x1, plan.left) - 8;
  const sign = outcome === 'unknown' ? '? ' : '';
  // What does not fit is told when it is pointed at, and in the table.
  const text = [sign + CLIENTS.text(operation), sign + (operation.value ?? '').replace(/^\+?=/, '')].find((one) => one !== '' && ctx.measureText(one).width <= room);
  if (text === undefined || stale) return;
  ctx.textAlign = 'left';
  ctx.fillStyle = colours.ink;
  ctx.fillText(text, Math.max(x1, plan.left) + 4, y);
}

/** What no order explains is written beside its bar, whatever room there is in it. */
function paintStale(ctx: CanvasRenderingContext2D, plan: Plan, colours: Colours, { operation, x1, x2, y }: Bar): void {
  ctx.font = `700 11px ${FONT}`;
  const text = `✕ ${CLIENTS.legend.stale}: ${CLIENTS.text(operation)}`;
  const width = ctx.measureText(text).width + 8;
  const x = x2 + 4 + width <= plan.right ? x2 + 4 : Math.max(plan.left, x1 - 4 - width);
  ctx.fillStyle = colours.panel;
  ctx.fillRect(x, y - plan.bar / 2, width, plan.bar);
  ctx.fillStyle = colours.warning;
  ctx.textAlign = 'left';
  ctx.fillText(text, x + 4, y);
}
