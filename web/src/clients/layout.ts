/** Where the lanes stand, and which operation a hand points at. Time to x and back is as on the space-time diagram. */

import { type Plan, timeAt, type View, xOf, yOf } from '../diagram/layout';
import type { ClientModel, Lane, Operation } from './model';

const TOP_PX = 6;
const BOTTOM_PX = 20;
const LANE_PX = 26;
const LEFT_PX = 58;
/** So near to an end, that end is meant. */
const REACH_PX = 5;

export const heightFor = (lanes: number): number => TOP_PX + BOTTOM_PX + Math.max(1, lanes) * LANE_PX;

export function planFor(width: number, lanes: number): Plan {
  const height = heightFor(lanes);
  return { width, height, servers: lanes, left: LEFT_PX, right: Math.max(LEFT_PX + 40, width - 10), top: TOP_PX, bottom: height - BOTTOM_PX, lane: LANE_PX, bar: 18, nameEvery: 1, roomy: true };
}

/** The place of a lane from above, counted from 1. */
export const laneOf = (lanes: readonly Lane[], { client, slot }: Lane): number => lanes.findIndex((lane) => lane.client === client && lane.slot === slot) + 1;

export interface Bar {
  readonly operation: Operation;
  readonly x1: number;
  readonly x2: number;
  readonly y: number;
}

const WIDTH_PX_MIN = 4;

/** What is in sight. An open operation reaches to the present, or to what is known of what is to come. */
export function barsIn(plan: Plan, view: View, model: ClientModel, nowUs: number): Bar[] {
  const end = Math.max(nowUs, model.endUs);
  return model.operations.flatMap((operation) => {
    const x1 = xOf(plan, view, operation.fromUs);
    const x2 = Math.max(x1 + WIDTH_PX_MIN, xOf(plan, view, operation.outcome === 'open' ? end : operation.toUs));
    return x2 < plan.left || x1 > plan.right ? [] : [{ operation, x1, x2, y: yOf(plan, laneOf(model.lanes, operation)) }];
  });
}

export function barAt(bars: readonly Bar[], plan: Plan, x: number, y: number): Bar | undefined {
  if (x < plan.left) return undefined;
  const near = bars.filter((bar) => Math.abs(bar.y - y) <= plan.lane / 2 && x >= bar.x1 - REACH_PX && x <= bar.x2 + REACH_PX);
  return near.find((bar) => x >= bar.x1 && x <= bar.x2) ?? near[0];
}

/** The moment that a press on an operation means: one of its ends, or where it is pressed between them. */
export function momentAt(plan: Plan, view: View, bar: Bar | undefined, x: number): number {
  if (!bar) return Math.round(timeAt(plan, view, x));
  const { fromUs, toUs, outcome } = bar.operation;
  if (x <= bar.x1 + REACH_PX) return fromUs;
  if (outcome !== 'open' && x >= bar.x2 - REACH_PX) return toUs;
  return Math.round(timeAt(plan, view, x));
}

/** The operation asked for after one, or before it; without one, the last that began by now. */
export function nextOf(model: ClientModel, from: Operation | null, forward: boolean, nowUs: number): Operation | undefined {
  const list = [...model.operations].sort((a, b) => a.number - b.number);
  const here = from ? list.findIndex(({ number }) => number === from.number) : -1;
  if (here >= 0) return list[here + (forward ? 1 : -1)];
  const before = list.filter(({ fromUs }) => fromUs <= nowUs).length;
  return list[forward ? before : before - 1] ?? list[list.length - 1];
}

/** The latest operations that had begun by a moment, as they were then. */
export function listed(model: ClientModel, nowUs: number, max: number): { readonly operation: Operation; readonly over: boolean }[] {
  return model.operations
    .filter(({ fromUs }) => fromUs <= nowUs)
    .sort((a, b) => b.number - a.number)
    .slice(0, max)
    .map((operation) => ({ operation, over: operation.outcome !== 'open' && operation.toUs <= nowUs }));
}
