/** The steps of an explanation over the lanes: numbered, and joined to what each of them explains. */

import type { Step } from '../panels/past/chain';
import { placesText } from '../panels/past/chain';
import { type Colours, FONT } from '../theme';
import { distance, type Plan, type View, xOf, yOf } from './layout';

/** Steps that would hide each other share a mark. */
export interface StepMark {
  readonly steps: readonly Step[];
  readonly x: number;
  readonly y: number;
  readonly text: string;
  readonly width: number;
}

/** What is explained, and which of its steps is the latest that has happened by now. */
export interface Explained {
  readonly steps: readonly Step[];
  /** Its place, or 0. */
  readonly here: number;
}

const HEIGHT_PX = 16;
const LETTER_PX = 6.5;
/** In lanes that are lower than a mark, it stands over the lane. */
const heightOf = (plan: Plan): number => Math.min(HEIGHT_PX, Math.max(13, plan.lane));
const widthOf = (text: string): number => Math.max(HEIGHT_PX, Math.round(text.length * LETTER_PX) + 8);

/** Where a step stands: in the lane of whom it happened at, and over the lanes where that is nobody. */
const heightAt = (plan: Plan, step: Step): number => (step.server > 0 ? yOf(plan, step.server) : plan.top - HEIGHT_PX / 2 - 1);

/** The marks in sight, each of as many steps of one lane as would stand on each other. */
export function stepMarks(plan: Plan, view: View, steps: readonly Step[]): StepMark[] {
  const lanes = new Map<number, Step[]>();
  for (const step of [...steps].sort((a, b) => a.number - b.number)) lanes.set(step.server, [...(lanes.get(step.server) ?? []), step]);
  const marks: StepMark[] = [];
  for (const lane of lanes.values()) {
    let group: Step[] = [];
    let end = -Infinity;
    const close = (): void => {
      const [first, last] = [group[0], group[group.length - 1]];
      if (!first || !last) return;
      const text = placesText(group.map(({ place }) => place));
      const x = (xOf(plan, view, first.timeUs) + xOf(plan, view, last.timeUs)) / 2;
      if (x >= plan.left - 1 && x <= plan.right + 1) marks.push({ steps: group, x, y: heightAt(plan, first), text, width: widthOf(text) });
    };
    for (const step of lane) {
      const x = xOf(plan, view, step.timeUs);
      if (x > end) {
        close();
        group = [];
      }
      group = [...group, step];
      end = x + widthOf(placesText(group.map(({ place }) => place)));
    }
    close();
  }
  return marks;
}

/** The mark that a point is on. */
export function markAt(plan: Plan, view: View, steps: readonly Step[], x: number, y: number): StepMark | undefined {
  const half = heightOf(plan) / 2 + 2;
  return stepMarks(plan, view, steps).find((mark) => distance({ x1: mark.x - mark.width / 2, x2: mark.x + mark.width / 2, y1: mark.y, y2: mark.y }, x, y) <= half);
}

/** What the marks take: nothing else is written there. */
export const stepBoxes = (plan: Plan, view: View, steps: readonly Step[]): { x: number; y: number; width: number; height: number }[] =>
  stepMarks(plan, view, steps).map(({ x, y, width }) => ({ x: x - width / 2, y, width, height: heightOf(plan) }));

export function paintWhy(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours, { steps, here }: Explained): void {
  if (steps.length === 0) return;
  ctx.save();
  ctx.beginPath();
  ctx.rect(plan.left - HEIGHT_PX / 2, 0, plan.right - plan.left + HEIGHT_PX, plan.height);
  ctx.clip();
  paintWays(ctx, plan, view, colours, steps);
  const height = heightOf(plan);
  ctx.font = `700 11px ${FONT}`;
  ctx.textAlign = 'center';
  for (const mark of stepMarks(plan, view, steps)) {
    const isHere = mark.steps.some(({ place }) => place === here);
    ctx.beginPath();
    ctx.roundRect(mark.x - mark.width / 2, mark.y - height / 2, mark.width, height, height / 2);
    ctx.fillStyle = isHere ? colours.accent : colours.panel;
    ctx.fill();
    ctx.strokeStyle = colours.accent;
    ctx.lineWidth = 2;
    ctx.stroke();
    ctx.fillStyle = isHere ? colours.onAccent : colours.accent;
    ctx.fillText(mark.text, mark.x, mark.y + 0.5);
  }
  ctx.textAlign = 'left';
  ctx.restore();
}

/** From each step to what it explains: the main line whole, what was needed besides in dashes. A seam keeps it apart from the messages. */
function paintWays(ctx: CanvasRenderingContext2D, plan: Plan, view: View, colours: Colours, steps: readonly Step[]): void {
  for (const [style, width] of [[colours.panel, 6], [colours.accent, 2.5]] as const) {
    for (const also of [true, false]) {
      ctx.beginPath();
      for (const step of steps) {
        const to = steps[step.explains - 1];
        if (!to || (step.link === 'also') !== also) continue;
        ctx.moveTo(xOf(plan, view, step.timeUs), heightAt(plan, step));
        ctx.lineTo(xOf(plan, view, to.timeUs), heightAt(plan, to));
      }
      ctx.strokeStyle = style;
      ctx.lineWidth = width;
      ctx.setLineDash(also && style === colours.accent ? [5, 3] : []);
      ctx.stroke();
    }
  }
  ctx.setLineDash([]);
}
