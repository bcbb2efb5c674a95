/** Time to x and back, lanes to y and back, and which messages are in sight. */

import type { MessageLine, Model } from './model';

/** Which stretch of time is in sight. */
export interface View {
  readonly startUs: number;
  readonly usPerPx: number;
}

/** Where everything stands, in CSS pixels. */
export interface Plan {
  readonly width: number;
  readonly height: number;
  readonly servers: number;
  /** The plot: between the names and the right edge, under the heads and over the times. */
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly lane: number;
  readonly bar: number;
  /** The name of each so-manieth lane is written. */
  readonly nameEvery: number;
  /** Whether what a bar says is written in it. */
  readonly roomy: boolean;
}

const TOP_PX = 34;
const BOTTOM_PX = 20;
const RIGHT_PX = 10;
const LANE_PX_MIN = 5;
const LANE_PX_MAX = 64;
const NAME_PX_MIN = 14;

export const US_PER_PX = { min: 4, max: 400_000, opening: 700 } as const;

/** The lowest that so many servers can be told apart in. */
export const heightFor = (servers: number): number => TOP_PX + BOTTOM_PX + Math.max(2, servers) * LANE_PX_MIN;

export function planFor(width: number, height: number, servers: number): Plan {
  const left = servers > 9 ? 36 : 30;
  const lane = Math.min(LANE_PX_MAX, Math.max(LANE_PX_MIN, (height - TOP_PX - BOTTOM_PX) / Math.max(1, servers)));
  const roomy = lane >= 26;
  return {
    width,
    height,
    servers,
    left,
    right: Math.max(left + 40, width - RIGHT_PX),
    top: TOP_PX,
    bottom: TOP_PX + lane * servers,
    lane,
    bar: roomy ? 15 : Math.max(3, Math.round(lane * 0.5)),
    nameEvery: Math.ceil(NAME_PX_MIN / lane),
    roomy,
  };
}

export const xOf = (plan: Plan, view: View, us: number): number => plan.left + (us - view.startUs) / view.usPerPx;
export const timeAt = (plan: Plan, view: View, x: number): number => view.startUs + (x - plan.left) * view.usPerPx;
/** The middle of a server's lane. */
export const yOf = (plan: Plan, server: number): number => plan.top + (server - 0.5) * plan.lane;
/** Whose lane a height falls into, or 0. */
export function serverAt(plan: Plan, y: number): number {
  const server = Math.floor((y - plan.top) / plan.lane) + 1;
  return server >= 1 && server <= plan.servers ? server : 0;
}
export const spanUs = (plan: Plan, view: View): number => (plan.right - plan.left) * view.usPerPx;

/** Nearer or further by a factor, with the moment at `x` where it is. */
export function zoomed(plan: Plan, view: View, factor: number, x: number): View {
  const usPerPx = Math.min(US_PER_PX.max, Math.max(US_PER_PX.min, view.usPerPx * factor));
  return { usPerPx, startUs: timeAt(plan, view, x) - (x - plan.left) * usPerPx };
}

/** Moved by so many pixels, but not so far that nothing of `fromUs` to `toUs` is in sight. */
export function panned(plan: Plan, view: View, px: number, fromUs: number, toUs: number): View {
  const quarter = spanUs(plan, view) / 4;
  const startUs = view.startUs + px * view.usPerPx;
  return { ...view, startUs: Math.min(toUs - quarter, Math.max(fromUs - 3 * quarter, startUs)) };
}

/** All of a stretch at once. */
export function fitted(plan: Plan, fromUs: number, toUs: number): View {
  const room = Math.max(1, plan.right - plan.left);
  const usPerPx = Math.min(US_PER_PX.max, Math.max(US_PER_PX.min, ((toUs - fromUs) * 1.02) / room));
  return { startUs: fromUs - (toUs - fromUs) * 0.01, usPerPx };
}

/** The present stays in sight: it runs to the right edge and stays there; `inSteps` it turns the page when it has come there. */
export function following(plan: Plan, view: View, nowUs: number, inSteps: boolean): View {
  const span = spanUs(plan, view);
  if (nowUs < view.startUs) return { ...view, startUs: Math.max(0, nowUs - span / 2) };
  if (nowUs <= view.startUs + span) return view;
  return { ...view, startUs: nowUs - (inSteps ? span / 4 : span) };
}

/** Moments to be named under the lanes: round, and at least `apartPx` from each other. */
export function ticks(plan: Plan, view: View, apartPx = 64): number[] {
  const least = apartPx * view.usPerPx;
  let step = 10 ** Math.floor(Math.log10(least));
  for (const times of [1, 2, 5, 10]) {
    if (step * times >= least) {
      step *= times;
      break;
    }
  }
  step = Math.max(100, step);
  const list: number[] = [];
  const end = timeAt(plan, view, plan.right);
  for (let us = Math.max(0, Math.ceil(view.startUs / step) * step); us <= end; us += step) list.push(Math.round(us));
  return list;
}

/** "1.25 s" or "310 ms", as exact as the ticks are apart. */
export function tickText(us: number, stepUs: number): string {
  if (us >= 1_000_000 && us % 1_000 === 0) {
    const digits = stepUs >= 1_000_000 ? 0 : stepUs >= 100_000 ? 1 : stepUs >= 10_000 ? 2 : 3;
    return `${(us / 1_000_000).toFixed(digits)} s`;
  }
  return `${Number((us / 1_000).toFixed(1))} ms`;
}

/** A message as a line. */
export interface Line {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

/** Where the line of a message runs. One on its way has come as far as `shareOf` says, by now. */
export function lineOf(plan: Plan, view: View, message: MessageLine, nowUs: number, share: number, into: Line): Line {
  const from = yOf(plan, message.from);
  const to = yOf(plan, message.to);
  const far = message.fate === 'open' ? (message.waitsUs >= 0 ? 1 : share) : message.share;
  const endUs = message.waitsUs >= 0 ? message.waitsUs : message.fate === 'open' ? Math.max(nowUs, message.sentUs) : message.endUs;
  into.x1 = xOf(plan, view, message.sentUs);
  into.y1 = from;
  into.x2 = xOf(plan, view, endUs);
  into.y2 = from + (to - from) * far;
  return into;
}

/** How near a point is to a line. */
export function distance({ x1, y1, x2, y2 }: Line, x: number, y: number): number {
  const length = (x2 - x1) ** 2 + (y2 - y1) ** 2;
  const t = length === 0 ? 0 : Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length));
  return Math.hypot(x - x1 - t * (x2 - x1), y - y1 - t * (y2 - y1));
}

/** More lines than this in sight cannot be told apart: of those that arrive, only each so-manieth is drawn. */
const LINES_MAX = 1_800;

/** The messages that are in sight. */
export interface InSight {
  readonly messages: MessageLine[];
  /** Of ordinary messages that arrived, every so-manieth is among them. */
  readonly every: number;
}

export function inSight(plan: Plan, view: View, model: Model, nowUs: number): InSight {
  const from = view.startUs - 4 * view.usPerPx;
  const to = timeAt(plan, view, plan.right);
  const there: MessageLine[] = [];
  let ordinary = 0;
  for (const message of model.messages) {
    if (message.sentUs > to) {
      // A copy stands behind its original in the list and may have been sent before what follows.
      if (message.copy) continue;
      break;
    }
    if (message.fate === 'unknown' || (message.fate === 'open' ? nowUs : message.endUs) < from) continue;
    there.push(message);
    if (isOrdinary(message)) ordinary += 1;
  }
  const every = Math.ceil(ordinary / LINES_MAX) || 1;
  return { every, messages: every === 1 ? there : there.filter((message) => !isOrdinary(message) || message.id % every === 0) };
}

const isOrdinary = (message: MessageLine): boolean => message.fate === 'delivered' && !message.vote;
