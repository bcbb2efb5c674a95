import { FONT, ON_TERM, type Colours, mixed, termColour } from '../theme';
import type { Layout } from './geometry';
import { paintPause } from './paint-ails';
import type { MessageItem, Scene } from './scene';

const TURN = Math.PI * 2;

/**
 * Appends are discs with the number of their entries, heartbeats small ones, votes diamonds, pre-votes smaller and dotted
 * ones, parts of a snapshot stacks of sheets; what is left is a pill with its name. Replies are hollow.
 */
export function paintMessages(ctx: CanvasRenderingContext2D, scene: Scene, layout: Layout, colours: Colours, names: { timeoutNowWord: string; readWord: string; litMessage: number }): void {
  const unit = sizeOf(layout);
  for (let i = 0; i < scene.messages.count; i += 1) {
    const message = scene.messages.at(i);
    if (message.state === 0) paintTail(ctx, message, unit, colours);
  }
  for (let i = 0; i < scene.messages.count; i += 1) {
    const message = scene.messages.at(i);
    if (message.id === names.litMessage) paintLit(ctx, message, unit, colours);
    if (message.state === 1) paintBurst(ctx, message, unit, colours);
    else {
      if (message.state === 2) ctx.globalAlpha = (1 - message.gone) * 0.55;
      if (message.kind === 'timeout_now') paintPill(ctx, message, unit, colours, names.timeoutNowWord);
      else if (message.kind === 'read') paintPill(ctx, message, unit, colours, names.readWord);
      else if (message.kind === 'snapshot') paintStack(ctx, message, unit, colours);
      else paintBody(ctx, message, unit, colours);
      ctx.globalAlpha = 1;
      if (message.held) paintHeld(ctx, message, unit, colours);
      if (message.state === 2) paintCross(ctx, message, unit, colours);
    }
  }
}

/** Messages grow with the discs, but not as much. */
function sizeOf(layout: Layout): number {
  return layout.roomy ? layout.unit : 0.72;
}

const hue = (message: MessageItem, colours: Colours): string =>
  colours.forced ? colours.ink : message.kind === 'append' || message.kind === 'snapshot' ? colours.accent : termColour(message.term);

/** Beside a message that is held where it is: two bars. */
function paintHeld(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  ctx.fillStyle = colours.ink;
  paintPause(ctx, message.x + 14 * unit, message.y - 14 * unit, 5 * unit);
}

function paintTail(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const length = Math.min(34 * unit, message.travelled);
  ctx.lineWidth = (message.kind === 'append' && message.entries === 0 ? 2.5 : 4) * unit;
  ctx.strokeStyle = mixed(hue(message, colours), message.reply ? 0.34 : 0.42);
  ctx.beginPath();
  ctx.moveTo(message.x - message.dx * length, message.y - message.dy * length);
  ctx.lineTo(message.x, message.y);
  ctx.stroke();
}

function paintBody(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const { x, y } = message;
  const colour = hue(message, colours);
  const append = message.kind === 'append';
  if (append && !message.reply) {
    const beats = message.entries === 0;
    disc(ctx, x, y, (beats ? 5.5 : 12) * unit);
    ctx.fillStyle = colour;
    ctx.fill();
    if (!beats) label(ctx, String(message.entries), x, y, 12 * unit, colours.forced ? colours.stage : colours.onAccent);
  } else if (append) {
    const bare = message.verdict === 1 && message.entries === 0;
    disc(ctx, x, y, (bare ? 5.5 : 7.5) * unit);
    ctx.fillStyle = colours.stage;
    ctx.fill();
    ctx.lineWidth = 2.25 * unit;
    ctx.strokeStyle = colour;
    ctx.stroke();
    paintVerdict(ctx, message, unit * (bare ? 0.72 : 1), colours.ink);
  } else if (message.kind === 'pre_vote') {
    paintPreVote(ctx, message, unit, colours);
  } else {
    diamond(ctx, x, y, (message.reply ? 11 : 12.5) * unit);
    ctx.fillStyle = message.reply ? colours.stage : colour;
    ctx.fill();
    if (message.reply) {
      ctx.lineWidth = 5 * unit;
      ctx.strokeStyle = colours.ink;
      ctx.stroke();
      ctx.lineWidth = 3 * unit;
      ctx.strokeStyle = colour;
      ctx.stroke();
      paintVerdict(ctx, message, unit, colours.ink);
    } else {
      ctx.lineWidth = 1.25 * unit;
      ctx.strokeStyle = colours.ink;
      ctx.stroke();
      label(ctx, String(message.term), x, y, 11 * unit, colours.forced ? colours.stage : ON_TERM);
    }
  }
}

/** A question about a vote that nobody gives yet: smaller, with a dotted edge. */
function paintPreVote(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const { x, y } = message;
  const colour = hue(message, colours);
  diamond(ctx, x, y, 10.5 * unit);
  ctx.fillStyle = message.reply ? colours.stage : colour;
  ctx.fill();
  if (message.reply) {
    ctx.lineWidth = 3 * unit;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
  ctx.lineWidth = 2 * unit;
  ctx.lineCap = 'round';
  ctx.setLineDash([0, 3.5 * unit]);
  ctx.strokeStyle = !message.reply ? colours.ink : colours.forced ? colours.stage : ON_TERM;
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
  if (message.reply) paintVerdict(ctx, message, unit, colours.ink);
  else label(ctx, '?', x, y, 11 * unit, colours.forced ? colours.stage : ON_TERM);
}

/** A message that has nothing to show but its name. */
function paintPill(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours, name: string): void {
  const size = Math.max(11, Math.round(11 * unit));
  const text = message.verdict === 0 ? name : `${name} ${message.verdict === 1 ? '+' : '−'}`;
  ctx.font = `700 ${size}px ${FONT}`;
  const width = ctx.measureText(text).width + size;
  const height = size * 1.6;
  ctx.beginPath();
  ctx.roundRect(message.x - width / 2, message.y - height / 2, width, height, height / 2);
  ctx.fillStyle = message.reply ? colours.stage : hue(message, colours);
  ctx.fill();
  if (message.reply) {
    ctx.lineWidth = 4 * unit;
    ctx.strokeStyle = colours.ink;
    ctx.stroke();
    ctx.lineWidth = 2 * unit;
    ctx.strokeStyle = hue(message, colours);
  } else {
    ctx.lineWidth = 1.25 * unit;
    ctx.strokeStyle = colours.ink;
  }
  ctx.stroke();
  label(ctx, text, message.x, message.y, size, message.reply ? colours.ink : colours.forced ? colours.stage : ON_TERM);
}

/** Sheets on each other: a state in place of the log that led to it. */
function paintStack(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const [width, height, apart] = [18 * unit, 7 * unit, 5 * unit];
  ctx.lineWidth = (message.reply ? 2 : 1.25) * unit;
  for (let sheet = 2; sheet >= 0; sheet -= 1) {
    ctx.beginPath();
    ctx.roundRect(message.x - width / 2, message.y - height / 2 + (sheet - 1) * apart, width, height, 2 * unit);
    ctx.fillStyle = message.reply ? colours.stage : hue(message, colours);
    ctx.fill();
    ctx.strokeStyle = message.reply ? hue(message, colours) : colours.forced ? colours.stage : colours.onAccent;
    ctx.stroke();
  }
  if (message.verdict === 0) return;
  disc(ctx, message.x, message.y, 6 * unit);
  ctx.fillStyle = colours.stage;
  ctx.fill();
  paintVerdict(ctx, message, unit, colours.ink);
}

/** + for yes, - for no. */
function paintVerdict(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, ink: string): void {
  const arm = 3.5 * unit;
  ctx.lineWidth = 1.75 * unit;
  ctx.strokeStyle = ink;
  ctx.beginPath();
  ctx.moveTo(message.x - arm, message.y);
  ctx.lineTo(message.x + arm, message.y);
  if (message.verdict === 1) {
    ctx.moveTo(message.x, message.y - arm);
    ctx.lineTo(message.x, message.y + arm);
  }
  ctx.stroke();
}

/** A ring around what is pointed at elsewhere, on a ground that sets it off. */
function paintLit(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  disc(ctx, message.x, message.y, 20 * unit);
  ctx.fillStyle = colours.stage;
  ctx.fill();
  ctx.lineWidth = 3 * unit;
  ctx.strokeStyle = colours.accent;
  ctx.stroke();
}

/** A lost message opens like a bubble and is gone. */
function paintBurst(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const colour = hue(message, colours);
  const out = 1 - (1 - message.gone) ** 2;
  ctx.strokeStyle = colour;
  ctx.lineWidth = 2 * unit;
  ctx.globalAlpha = (1 - message.gone) * 0.8;
  ctx.beginPath();
  for (let ray = 0; ray < 8; ray += 1) {
    const cos = Math.cos((ray / 8) * TURN);
    const sin = Math.sin((ray / 8) * TURN);
    const near = (4 + 9 * out) * unit;
    const far = near + 4 * (1 - message.gone) * unit;
    ctx.moveTo(message.x + cos * near, message.y + sin * near);
    ctx.lineTo(message.x + cos * far, message.y + sin * far);
  }
  ctx.stroke();
  ctx.globalAlpha = 1;
}

/** A blocked one ends at the wall, with a cross. */
function paintCross(ctx: CanvasRenderingContext2D, message: MessageItem, unit: number, colours: Colours): void {
  const arm = 8.5 * unit;
  ctx.globalAlpha = Math.min(1, (1 - message.gone) * 1.6);
  ctx.strokeStyle = colours.warning;
  ctx.lineWidth = 3.5 * unit;
  ctx.lineCap = 'round';
  ctx.beginPath();
  ctx.moveTo(message.x - arm, message.y - arm);
  ctx.lineTo(message.x + arm, message.y + arm);
  ctx.moveTo(message.x + arm, message.y - arm);
  ctx.lineTo(message.x - arm, message.y + arm);
  ctx.stroke();
  ctx.lineCap = 'butt';
  ctx.globalAlpha = 1;
}

function disc(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.arc(x, y, r, 0, TURN);
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, r: number): void {
  ctx.beginPath();
  ctx.moveTo(x, y - r);
  ctx.lineTo(x + r, y);
  ctx.lineTo(x, y + r);
  ctx.lineTo(x - r, y);
  ctx.closePath();
}

function label(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, size: number, colour: string): void {
  ctx.fillStyle = colour;
  ctx.font = `700 ${Math.max(11, Math.round(size))}px ${FONT}`;
  ctx.fillText(text, x, y + 0.5);
}
