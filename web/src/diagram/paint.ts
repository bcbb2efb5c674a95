/** Draws a diagram: what is in sight alone, and what looks alike in one path. */

import { type Colours, FONT, mixed, NO_TERM, ON_TERM, termColour, termHatch } from '../theme';
import { DIAGRAM } from '../lang/en/diagram';
import { commitHalf, labelsOf, markRadius } from './labels';
import { inSight, type Line, lineOf, type Plan, spanUs, tickText, ticks, type View, xOf, yOf } from './layout';
import type { Commit, MessageLine, Model, Span } from './model';
import { isHead, paintLabel, setFont } from './paint-labels';
import { type Explained, paintWhy } from './paint-why';
import { eachSpan, endOf, type Present } from './spans';
import type { Spot } from './spots';

/** What is seen besides the run itself. */
export interface Now {
  readonly nowUs: number;
  /** Servers as they are at the present, for those of whom no record has told anything. */
  readonly present: Present;
  /** How far a message that is on its way has come, from 0 to 1. */
  readonly shareOf: (message: MessageLine) => number;
  readonly chosen: ReadonlySet<number>;
  readonly hovered: number;
  readonly spot: Spot | null;
  readonly explained: Explained;
}

const TURN = Math.PI * 2;
/** Lines in one path: longer ones take more than their share of time. */
const PATH_MAX = 160;
/** What is known of what is still to come. */
const FUTURE_ALPHA = 0.36;
/** Beyond so many lines there is no dot where each ends. */
const DOTS_MAX = 900;

export function paint(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours, now: Now): void {
  ctx.fillStyle = colours.panel;
  ctx.fillRect(0, 0, plan.width, plan.height);
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  ctx.lineCap = 'butt';
  paintTimes(ctx, plan, view, colours);
  const nowX = Math.min(plan.right, Math.max(plan.left, xOf(plan, view, now.nowUs)));
  const seen = inSight(plan, view, model, now.nowUs);
  const { nowUs, present, explained } = now;
  const labels = labelsOf(plan, view, model, { nowUs, present, steps: explained.steps, every: seen.every }, (text, kind) => {
    setFont(ctx, kind);
    return ctx.measureText(text).width;
  });
  const stretch = (from: number, to: number, alpha: number, draw: () => void): void => {
    if (to - from < 0.5) return;
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, 0, to - from, plan.height);
    ctx.clip();
    ctx.globalAlpha = alpha;
    draw();
    ctx.restore();
  };
  /** What has been, and fainter what is known to come. */
  const both = (draw: () => void): void => {
    stretch(plan.left, nowX, 1, draw);
    if (model.endUs > nowUs) stretch(nowX, plan.right, FUTURE_ALPHA, draw);
  };
  both(() => {
    paintElections(ctx, plan, view, model, colours, nowUs);
    paintGaps(ctx, plan, view, model, colours);
    eachSpan(plan, view, model, nowUs, present, (server, span, from, to) => paintSpan(ctx, plan, colours, server, span, from, to));
    paintMessages(ctx, plan, view, seen.messages, colours, now);
    paintBarriers(ctx, plan, view, model, colours, nowUs);
    paintCommits(ctx, plan, view, model, colours);
    paintMarks(ctx, plan, view, model, colours);
  });
  paintSpot(ctx, plan, view, colours, now);
  paintPresent(ctx, plan, view, colours, nowUs);
  paintNames(ctx, plan, colours, now);
  paintWhy(ctx, plan, view, colours, explained);
  // Over the ways of an explanation, too; its marks are made room for.
  both(() => {
    for (const label of labels) if (!isHead(label)) paintLabel(ctx, colours, label);
  });
  for (const label of labels) if (isHead(label)) paintLabel(ctx, colours, label);
}

const font = (ctx: CanvasRenderingContext2D, weight: number, size = 11): void => {
  ctx.font = `${weight} ${size}px ${FONT}`;
};

/** Round moments: hairlines, and their times under the lanes. */
function paintTimes(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours): void {
  const list = ticks(plan, view);
  const step = (list[1] ?? 0) - (list[0] ?? 0);
  ctx.strokeStyle = mixed(colours.hairline, 0.8);
  ctx.lineWidth = 1;
  ctx.beginPath();
  for (const us of list) {
    const x = Math.round(xOf(plan, view, us)) + 0.5;
    ctx.moveTo(x, plan.top);
    ctx.lineTo(x, plan.bottom + 3);
  }
  ctx.stroke();
  font(ctx, 400);
  ctx.fillStyle = colours.soft;
  ctx.textAlign = 'center';
  for (const us of list) {
    const text = tickText(us, step);
    const half = ctx.measureText(text).width / 2;
    const x = xOf(plan, view, us);
    if (x + half <= plan.width && x - half >= 0) ctx.fillText(text, x, plan.bottom + 12);
  }
  ctx.textAlign = 'left';
}

function paintElections(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours, nowUs: number): void {
  for (const election of model.elections) {
    const from = xOf(plan, view, election.fromUs);
    const to = Math.max(from + 2, xOf(plan, view, endOf(election.toUs, nowUs, model)));
    if (to < plan.left || from > plan.right) continue;
    if (!colours.forced) {
      ctx.fillStyle = mixed(termColour(election.term), colours.dark ? 0.22 : 0.24);
      ctx.fillRect(from, plan.top, to - from, plan.bottom - plan.top);
    }
    ctx.strokeStyle = colours.soft;
    ctx.lineWidth = 1;
    ctx.setLineDash([2, 3]);
    ctx.beginPath();
    for (const x of [from, to]) {
      ctx.moveTo(x, plan.top);
      ctx.lineTo(x, plan.bottom);
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
}

function paintGaps(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours): void {
  for (const gap of model.gaps) {
    const from = Math.max(plan.left, xOf(plan, view, gap.fromUs));
    const to = Math.min(plan.right, Math.max(from + 2, xOf(plan, view, gap.toUs)));
    if (to < plan.left || from > plan.right) continue;
    ctx.fillStyle = colours.chip;
    ctx.fillRect(from, plan.top, to - from, plan.bottom - plan.top);
    ctx.save();
    ctx.beginPath();
    ctx.rect(from, plan.top, to - from, plan.bottom - plan.top);
    ctx.clip();
    ctx.strokeStyle = colours.hairline;
    ctx.lineWidth = 2;
    ctx.beginPath();
    const height = plan.bottom - plan.top;
    for (let x = from - height; x < to; x += 12) {
      ctx.moveTo(x, plan.bottom);
      ctx.lineTo(x + height, plan.top);
    }
    ctx.stroke();
    ctx.restore();
  }
}

/** Its term by colour, its role by thickness and outline. */
function paintSpan(ctx: CanvasRenderingContext2D, plan: Plan, colours: Colours, server: number, span: Span, from: number, to: number): void {
  const y = yOf(plan, server);
  const leads = span.role === 'leader';
  const asks = span.role === 'candidate' || span.role === 'pre_candidate';
  const height = !span.up ? 2 : leads || asks ? plan.bar : Math.max(2, Math.round(plan.bar * 0.62));
  const top = y - height / 2;
  if (!span.up) {
    ctx.strokeStyle = colours.soft;
    ctx.lineWidth = 1.25;
    ctx.setLineDash([2, 4]);
    ctx.beginPath();
    ctx.moveTo(from, y);
    ctx.lineTo(to, y);
    ctx.stroke();
    ctx.setLineDash([]);
    return;
  }
  const colour = span.role === null ? NO_TERM : termColour(span.term);
  if (!colours.forced) {
    // What was there before must not show through.
    ctx.fillStyle = colours.panel;
    ctx.fillRect(from, top, to - from, height);
    ctx.fillStyle = leads || asks ? colour : mixed(colour, 0.62);
    ctx.fillRect(from, top, to - from, height);
    const hatch = termHatch(span.term);
    if (hatch > 0 && plan.bar >= 8) paintHatch(ctx, from, to, top, height, hatch);
  }
  if (leads || asks || colours.forced) {
    ctx.strokeStyle = colours.ink;
    ctx.lineWidth = leads ? (plan.roomy ? 2 : 1.25) : 1;
    if (asks) ctx.setLineDash(span.role === 'candidate' ? [4, 3] : [1, 3]);
    ctx.beginPath();
    for (const edge of [top, top + height]) {
      ctx.moveTo(from, edge);
      ctx.lineTo(to, edge);
    }
    ctx.stroke();
    ctx.setLineDash([]);
  }
  if (span.paused) {
    // Two bars, again and again, as on the stage.
    ctx.fillStyle = colours.ink;
    for (let x = from + 8; x < to - 8; x += 40) {
      ctx.fillRect(x, y - 4, 2.5, 8);
      ctx.fillRect(x + 5, y - 4, 2.5, 8);
    }
  }
}

/** Terms of one colour are told apart as on the stage. */
function paintHatch(ctx: CanvasRenderingContext2D, from: number, to: number, top: number, height: number, hatch: number): void {
  ctx.save();
  ctx.beginPath();
  ctx.rect(from, top, to - from, height);
  ctx.clip();
  ctx.strokeStyle = mixed(ON_TERM, 0.25);
  ctx.lineWidth = 1.25;
  ctx.beginPath();
  for (let x = from - height; x < to; x += 7) {
    if (hatch !== 2) {
      ctx.moveTo(x, top + height);
      ctx.lineTo(x + height, top);
    }
    if (hatch !== 1) {
      ctx.moveTo(x, top);
      ctx.lineTo(x + height, top + height);
    }
  }
  ctx.stroke();
  ctx.restore();
}

const line: Line = { x1: 0, y1: 0, x2: 0, y2: 0 };

/** Lines of one look, a path at a time. */
class Strokes {
  private count = 0;
  constructor(
    private readonly ctx: CanvasRenderingContext2D,
    private readonly look: () => void,
  ) {}
  add({ x1, y1, x2, y2 }: Line): void {
    if (this.count === 0) {
      this.look();
      this.ctx.beginPath();
    }
    this.ctx.moveTo(x1, y1);
    this.ctx.lineTo(x2, y2);
    this.count += 1;
    if (this.count === PATH_MAX) this.end();
  }
  end(): void {
    if (this.count > 0) this.ctx.stroke();
    this.count = 0;
  }
}

function paintMessages(ctx: CanvasRenderingContext2D, plan: Plan, view: View, messages: readonly MessageLine[], colours: Colours, now: Now): void {
  const dots = plan.lane >= 12 && messages.length <= DOTS_MAX;
  const thin = messages.length > DOTS_MAX || plan.lane < 12;
  const chosen = now.chosen;
  const apart = chosen.size > 0;
  const concerns = (message: MessageLine): boolean => !apart || chosen.has(message.from) || chosen.has(message.to);
  /** One look at a time, those that are nobody's business first. */
  const draw = (wanted: (message: MessageLine) => boolean, style: string, width: number, dash: readonly number[]): void => {
    for (const near of apart ? [false, true] : [true]) {
      const strokes = new Strokes(ctx, () => {
        ctx.strokeStyle = near ? style : mixed(style, 0.28);
        ctx.lineWidth = near ? width : Math.min(1, width);
        ctx.setLineDash(dash);
      });
      for (const message of messages) {
        if (wanted(message) && concerns(message) === near) strokes.add(lineOf(plan, view, message, now.nowUs, now.shareOf(message), line));
      }
      strokes.end();
    }
    ctx.setLineDash([]);
  };
  const whole = (message: MessageLine): boolean => message.fate === 'delivered' || message.fate === 'open';
  const width = thin ? 0.8 : 1.4;
  draw((message) => whole(message) && message.reply && !message.vote && !message.copy, thin ? mixed(colours.soft, 0.75) : colours.soft, width, []);
  draw((message) => whole(message) && !message.reply && !message.vote && !message.copy, colours.accent, width, []);
  draw((message) => whole(message) && !message.vote && message.copy, colours.accent, width, [7, 2, 1.5, 2]);
  // Terms' colours are light: an edge of ink keeps them in sight.
  const votes = messages.filter((message) => message.vote && whole(message));
  if (votes.length > 0) {
    const terms = new Set(votes.map((message) => message.term));
    for (const reply of [true, false]) {
      const ofKind = (message: MessageLine): boolean => message.vote && whole(message) && message.reply === reply;
      const dash = reply ? [5, 2] : [];
      if (!thin || colours.forced) draw(ofKind, colours.ink, thin ? 0.8 : reply ? 2.4 : 3.2, dash);
      if (!colours.forced) for (const term of terms) draw((message) => ofKind(message) && message.term === term, termColour(term), thin ? 0.8 : reply ? 1.4 : 2, dash);
    }
  }
  draw((message) => message.fate === 'lost', colours.warning, thin ? 0.8 : 1.4, [3, 3]);
  draw((message) => message.fate === 'blocked', colours.warning, thin ? 0.8 : 1.4, []);
  paintWaiting(ctx, plan, view, messages, colours, now);
  paintEnds(ctx, plan, view, messages, colours, now, dots);
}

/** What has come to a server that is paused or slow lies there until it gets to it. */
function paintWaiting(ctx: CanvasRenderingContext2D, plan: Plan, view: View, messages: readonly MessageLine[], colours: Colours, now: Now): void {
  ctx.strokeStyle = colours.soft;
  ctx.lineWidth = 2;
  ctx.setLineDash([1.5, 2.5]);
  ctx.beginPath();
  for (const message of messages) {
    if (message.waitsUs < 0) continue;
    const y = yOf(plan, message.to) - (message.from < message.to ? 1 : -1) * (plan.bar / 2 + 2);
    ctx.moveTo(xOf(plan, view, message.waitsUs), y);
    ctx.lineTo(xOf(plan, view, message.fate === 'open' ? now.nowUs : message.endUs), y);
  }
  ctx.stroke();
  ctx.setLineDash([]);
}

/** A dot where a message arrived, hollow for a reply, and a cross where it ended on its way. */
function paintEnds(ctx: CanvasRenderingContext2D, plan: Plan, view: View, messages: readonly MessageLine[], colours: Colours, now: Now, dots: boolean): void {
  if (dots) {
    for (const reply of [false, true]) {
      ctx.beginPath();
      for (const message of messages) {
        if (message.fate !== 'delivered' || message.reply !== reply) continue;
        const { x2, y2 } = lineOf(plan, view, message, now.nowUs, 1, line);
        ctx.moveTo(x2 + 2.5, y2);
        ctx.arc(x2, y2, 2.5, 0, TURN);
      }
      ctx.fillStyle = reply ? colours.panel : colours.ink;
      ctx.fill();
      if (reply) {
        ctx.strokeStyle = colours.ink;
        ctx.lineWidth = 1;
        ctx.stroke();
      }
    }
    // The heads of those that are on their way.
    ctx.beginPath();
    for (const message of messages) {
      if (message.fate !== 'open' || message.waitsUs >= 0) continue;
      const { x2, y2 } = lineOf(plan, view, message, now.nowUs, now.shareOf(message), line);
      ctx.moveTo(x2 + 3, y2);
      ctx.arc(x2, y2, 3, 0, TURN);
    }
    ctx.fillStyle = colours.accent;
    ctx.fill();
  }
  const arm = plan.lane >= 12 ? 3.5 : 1.5;
  ctx.beginPath();
  for (const message of messages) {
    if (message.fate !== 'lost' && message.fate !== 'blocked') continue;
    const { x2, y2 } = lineOf(plan, view, message, now.nowUs, 1, line);
    ctx.moveTo(x2 - arm, y2 - arm);
    ctx.lineTo(x2 + arm, y2 + arm);
    ctx.moveTo(x2 + arm, y2 - arm);
    ctx.lineTo(x2 - arm, y2 + arm);
  }
  ctx.strokeStyle = colours.warning;
  ctx.lineWidth = plan.lane >= 12 ? 1.75 : 1;
  ctx.stroke();
}

/** Walls and cut links: a line where they come and where they go, and a band over the lanes between. */
function paintBarriers(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours, nowUs: number): void {
  for (const barrier of model.barriers) {
    const from = xOf(plan, view, barrier.fromUs);
    const to = xOf(plan, view, endOf(barrier.toUs, nowUs, model));
    if (to < plan.left || from > plan.right) continue;
    ctx.fillStyle = colours.warning;
    ctx.fillRect(from, plan.top - 4, Math.max(2, to - from), 3);
    ctx.strokeStyle = mixed(colours.warning, 0.75);
    ctx.lineWidth = 1.5;
    ctx.beginPath();
    ctx.moveTo(from, plan.top - 4);
    ctx.lineTo(from, plan.bottom);
    if (barrier.toUs >= 0) {
      ctx.moveTo(to, plan.top - 4);
      ctx.lineTo(to, plan.bottom);
    }
    ctx.stroke();
  }
}

/** A tick where a server learns that an entry is committed; where the leader counted it, with the index. */
function paintCommits(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours): void {
  const half = commitHalf(plan);
  const inView = (commit: Commit): boolean => {
    const x = xOf(plan, view, commit.atUs);
    return x >= plan.left - 20 && x <= plan.right;
  };
  for (const counted of [false, true]) {
    ctx.strokeStyle = colours.good;
    ctx.lineWidth = counted ? 3 : 1.5;
    ctx.beginPath();
    let lastX = -9;
    for (const commit of model.commits) {
      if (commit.counted !== counted || !inView(commit)) continue;
      const x = xOf(plan, view, commit.atUs);
      if (counted && x - lastX < 1) continue;
      lastX = x;
      const y = yOf(plan, commit.server);
      ctx.moveTo(x, y - half);
      ctx.lineTo(x, y + half + (counted && plan.roomy ? 3 : 0));
    }
    ctx.stroke();
  }
}

/** Crashes as rings with a stroke, restarts as rings alone. */
function paintMarks(ctx: CanvasRenderingContext2D, plan: Plan, view: View, model: Model, colours: Colours): void {
  const r = markRadius(plan);
  for (const mark of model.marks) {
    const x = xOf(plan, view, mark.atUs);
    if (x < plan.left - 8 || x > plan.right + 8) continue;
    const broken = mark.kind === 'violated';
    ctx.strokeStyle = mark.kind === 'crashed' || broken || mark.kind === 'refused' ? colours.warning : colours.ink;
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (broken) {
      ctx.moveTo(x, plan.top - 6);
      ctx.lineTo(x, plan.bottom);
      ctx.stroke();
      continue;
    }
    const y = yOf(plan, mark.server);
    ctx.arc(x, y, r, 0, TURN);
    ctx.fillStyle = colours.panel;
    ctx.fill();
    if (mark.kind === 'crashed') {
      ctx.moveTo(x - r * 0.7, y + r * 0.7);
      ctx.lineTo(x + r * 0.7, y - r * 0.7);
    } else if (mark.kind === 'appeared') {
      ctx.moveTo(x - r * 0.6, y);
      ctx.lineTo(x + r * 0.6, y);
      ctx.moveTo(x, y - r * 0.6);
      ctx.lineTo(x, y + r * 0.6);
    }
    ctx.stroke();
  }
}

function paintPresent(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours, nowUs: number): void {
  const x = xOf(plan, view, nowUs);
  if (x < plan.left - 1 || x > plan.right + 1) return;
  ctx.strokeStyle = colours.accent;
  ctx.fillStyle = colours.accent;
  ctx.lineWidth = 1.5;
  ctx.beginPath();
  ctx.moveTo(x, plan.top - 6);
  ctx.lineTo(x, plan.bottom + 4);
  ctx.stroke();
  ctx.beginPath();
  ctx.moveTo(x - 5, plan.top - 11);
  ctx.lineTo(x + 5, plan.top - 11);
  ctx.lineTo(x, plan.top - 4);
  ctx.fill();
}

/** The servers' names, over whatever comes from the left. */
function paintNames(ctx: CanvasRenderingContext2D, plan: Plan, colours: Colours, now: Now): void {
  ctx.fillStyle = colours.panel;
  ctx.fillRect(0, plan.top, plan.left - 2, plan.bottom - plan.top);
  for (let server = 1; server <= plan.servers; server += 1) {
    const lit = now.chosen.has(server) || now.hovered === server;
    if (!lit && (server - 1) % plan.nameEvery !== 0) continue;
    const y = yOf(plan, server);
    if (lit) {
      // A chosen name may stand where its neighbours' would.
      ctx.fillStyle = colours.panel;
      ctx.fillRect(0, y - 7, plan.left - 2, 14);
    }
    font(ctx, 700, plan.roomy ? 12 : 11);
    ctx.fillStyle = lit ? colours.accent : colours.ink;
    ctx.fillText(`S${server}`, 5, y + 0.5);
    if (!now.chosen.has(server)) continue;
    ctx.fillRect(plan.left - 4, y - plan.lane / 2 + 1, 2.5, plan.lane - 2);
  }
}

/** What is pointed at, once more and stronger. */
function paintSpot(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours, now: Now): void {
  const { spot } = now;
  if (!spot) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plan.left, 0, plan.right - plan.left + 8, plan.height);
  ctx.clip();
  if (spot.kind === 'message') {
    const { x1, y1, x2, y2 } = lineOf(plan, view, spot.message, now.nowUs, now.shareOf(spot.message), line);
    for (const [style, width] of [[colours.panel, 6], [spot.message.fate === 'lost' || spot.message.fate === 'blocked' ? colours.warning : colours.ink, 3]] as const) {
      ctx.strokeStyle = style;
      ctx.fillStyle = style;
      ctx.lineWidth = width;
      ctx.beginPath();
      ctx.moveTo(x1, y1);
      ctx.lineTo(x2, y2);
      ctx.stroke();
      ctx.beginPath();
      ctx.arc(x1, y1, width * 0.5 + 2, 0, TURN);
      ctx.arc(x2, y2, width * 0.5 + 2, 0, TURN);
      ctx.fill();
    }
  } else if (spot.kind === 'commit' || spot.kind === 'mark') {
    const at = spot.kind === 'commit' ? spot.commit : spot.mark;
    ctx.strokeStyle = colours.accent;
    ctx.lineWidth = 2;
    ctx.beginPath();
    if (at.server > 0) ctx.arc(xOf(plan, view, at.atUs), yOf(plan, at.server), Math.max(6, plan.bar / 2 + 4), 0, TURN);
    else ctx.rect(xOf(plan, view, at.atUs) - 4, plan.top, 8, plan.bottom - plan.top);
    ctx.stroke();
  } else if (spot.kind === 'span') {
    ctx.strokeStyle = mixed(colours.accent, 0.6);
    ctx.lineWidth = 1;
    const y = yOf(plan, spot.server);
    ctx.strokeRect(plan.left - 4, y - plan.lane / 2 + 1, plan.right - plan.left + 20, plan.lane - 2);
  }
  ctx.restore();
}

/** What is in sight, for those who do not see it. */
export const shownText = (plan: Plan, view: View): string => DIAGRAM.shown(Math.max(0, view.startUs), Math.max(0, view.startUs + spanUs(plan, view)));
