/** What each server was, as far as it is in sight. */

import type { Role } from '../door/types';
import { type Plan, timeAt, type View, xOf } from './layout';
import { lastBegun, type Model, type Span } from './model';

/** Servers as they are at the present, for those of whom no record has told anything. */
export type Present = (server: number) => { readonly role: Role; readonly term: number; readonly up: boolean } | undefined;

export type Draw = (server: number, span: Span, from: number, to: number, previous: Span | undefined) => void;

export function eachSpan(plan: Plan, view: View, model: Model, nowUs: number, present: Present, draw: Draw): void {
  const first = Math.max(0, view.startUs);
  const last = Math.min(timeAt(plan, view, plan.right), Math.max(nowUs, model.endUs));
  for (let server = 1; server <= plan.servers; server += 1) {
    const spans = model.lanes[server] ?? [UNKNOWN];
    let previous: Span | undefined;
    for (let at = Math.max(0, lastBegun(spans, first)); at < spans.length; at += 1) {
      const span = spans[at] as Span;
      if (span.fromUs > last) break;
      const from = xOf(plan, view, Math.max(first, span.fromUs));
      const to = xOf(plan, view, Math.min(last, spans[at + 1]?.fromUs ?? last));
      const told = span.role === null ? { ...span, ...present(server) } : span;
      if (to > from) draw(server, told, from, to, previous);
      previous = told;
    }
  }
}

const UNKNOWN: Span = { fromUs: -1, role: null, term: 0, up: true, paused: false };

/** When something is over; what lasts reaches as far as anything is known. */
export const endOf = (toUs: number, nowUs: number, model: Model): number => (toUs < 0 ? Math.max(nowUs, model.endUs) : toUs);
