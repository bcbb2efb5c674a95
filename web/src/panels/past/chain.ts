/** An explanation as a chain of steps: what is asked about, what brought it about, and what else that needed. */

import type { EventRecord, Reason } from '../../door/types';
import { sentence } from '../../sentences';

/** One of a chain of reasons: what is asked about, what brought it about at last, or what was needed besides. */
export interface Link {
  readonly reason: Reason;
  readonly link: 'asked' | 'because' | 'also';
  /** The place in the chain of what it explains, from 0; -1 for what is asked about. */
  readonly explains: number;
}

/** The main line of an explanation, from what is asked about back in time, with what else each of its events needed. */
export function chain(reasons: readonly Reason[]): Link[] {
  const links: Link[] = [];
  let [link, explains]: [Link['link'], number] = ['asked', -1];
  for (let at = 0; at >= 0; link = 'because') {
    const reason = reasons[at];
    if (!reason) break;
    links.push({ reason, link, explains });
    explains = links.length - 1;
    const here = at;
    for (const other of reasons) if (other.explains === here && !other.main) links.push({ reason: other, link: 'also', explains });
    at = reasons.findIndex(({ explains, main }) => explains === here && main);
  }
  return links;
}

/** A link of a chain with its place in the views. */
export interface Step {
  /** From 1, in the order in which the chain is told. */
  readonly place: number;
  readonly number: number;
  readonly timeUs: number;
  /** At whom it happened; 0: at nobody alone. */
  readonly server: number;
  readonly text: string;
  readonly link: Link['link'];
  /** The place of what it explains, or 0. */
  readonly explains: number;
}

export const stepsOf = (reasons: readonly Reason[]): Step[] =>
  chain(reasons).map(({ reason: { record }, link, explains }, at) => ({
    place: at + 1,
    number: record.number,
    timeUs: record.time_us,
    server: whereOf(record),
    text: sentence(record).text,
    link,
    explains: explains + 1,
  }));

/** Something that arrives does so at its receiver; anything else at the one whom it is told of first. */
function whereOf(record: EventRecord): number {
  const to = record.kind === 'delivered' || record.kind === 'waits' ? record['to'] : undefined;
  return typeof to === 'number' ? to : (sentence(record).servers[0] ?? 0);
}

/** The latest of some events that had happened at an event; 0 when none had. */
export const hereOf = (steps: readonly { readonly number: number }[], now: number): number => Math.max(0, ...steps.map(({ number }) => number).filter((number) => number <= now));

/** "1–3, 5". */
export function placesText(places: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const place of [...places].sort((a, b) => a - b)) {
    const last = runs[runs.length - 1];
    if (last && place <= last[1] + 1) last[1] = place;
    else runs.push([place, place]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : to === from + 1 ? `${from}, ${to}` : `${from}–${to}`)).join(', ');
}

/** Of each server that takes part, which of the steps happened at it. */
export function placesByServer(steps: readonly Step[]): ReadonlyMap<number, string> {
  const places = new Map<number, number[]>();
  for (const { server, place } of steps) if (server > 0) places.set(server, [...(places.get(server) ?? []), place]);
  return new Map([...places].map(([server, list]) => [server, placesText(list)]));
}
