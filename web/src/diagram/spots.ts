/** What on the diagram a hand points at, which of it comes next, and what it is in words. */

import { WORDS } from '../words';
import { DIAGRAM } from '../lang/en/diagram';
import { distance, inSight, type Line, lineOf, type Plan, serverAt, timeAt, type View, xOf, yOf } from './layout';
import type { Commit, Election, Mark, MessageLine, Model, Span } from './model';
import type { StepMark } from './paint-why';

export type Spot =
  | { readonly kind: 'message'; readonly message: MessageLine }
  | { readonly kind: 'commit'; readonly commit: Commit }
  | { readonly kind: 'mark'; readonly mark: Mark }
  | { readonly kind: 'election'; readonly election: Election }
  | { readonly kind: 'barrier'; readonly fromUs: number; readonly toUs: number; readonly wall: number }
  | { readonly kind: 'span'; readonly server: number; readonly span: Span }
  | { readonly kind: 'step'; readonly mark: StepMark };

/** How near a line or a mark has to be. */
const REACH_PX = 7;

/** Marks go before lines, lines before what fills an area. */
export function spotAt(plan: Plan, view: View, model: Model, nowUs: number, shareOf: (message: MessageLine) => number, x: number, y: number): Spot | null {
  if (x < plan.left || x > plan.right + REACH_PX || y > plan.bottom) return null;
  const us = timeAt(plan, view, x);
  if (y < plan.top) {
    const within = ({ fromUs, toUs }: { fromUs: number; toUs: number }): boolean => fromUs <= us && (toUs < 0 || us <= toUs + 60 * view.usPerPx);
    const barrier = y > plan.top / 2 ? last(model.barriers, within) : undefined;
    if (barrier) return { kind: 'barrier', ...barrier };
    const election = last(model.elections, ({ fromUs, toUs }) => fromUs <= us && us <= Math.max(toUs < 0 ? nowUs : toUs, fromUs + 90 * view.usPerPx));
    return election ? { kind: 'election', election } : null;
  }
  const server = serverAt(plan, y);
  const reach = Math.min(REACH_PX, plan.lane);
  const near = (at: { server: number; atUs: number }): boolean =>
    Math.abs(xOf(plan, view, at.atUs) - x) <= reach && (at.server === 0 || Math.abs(yOf(plan, at.server) - y) <= Math.max(reach, plan.bar / 2 + 2));
  const mark = last(model.marks, near);
  if (mark) return { kind: 'mark', mark };
  const line: Line = { x1: 0, y1: 0, x2: 0, y2: 0 };
  let best = reach;
  let message: MessageLine | undefined;
  for (const candidate of inSight(plan, view, model, nowUs).messages) {
    const far = distance(lineOf(plan, view, candidate, nowUs, shareOf(candidate), line), x, y);
    if (far < best) [best, message] = [far, candidate];
  }
  const commit = last(model.commits, near);
  if (commit && (!message || best > 2 || (commit.counted && Math.abs(xOf(plan, view, commit.atUs) - x) <= 3))) return { kind: 'commit', commit };
  if (message) return { kind: 'message', message };
  const span = server > 0 && us <= Math.max(nowUs, model.endUs) ? model.spanAt(server, us) : undefined;
  if (span && Math.abs(yOf(plan, server) - y) <= plan.bar / 2 + 2) return { kind: 'span', server, span };
  const election = last(model.elections, ({ fromUs, toUs }) => fromUs <= us && us <= (toUs < 0 ? nowUs : toUs));
  return election ? { kind: 'election', election } : span ? { kind: 'span', server, span } : null;
}

function last<T>(list: readonly T[], which: (item: T) => boolean): T | undefined {
  for (let at = list.length - 1; at >= 0; at -= 1) if (which(list[at] as T)) return list[at];
  return undefined;
}

/** The moment that a spot stands for. Between the ends of a line or of a stretch, where it is pointed at. */
export function momentOf(spot: Spot | null, us: number, nowUs: number): number {
  const within = (from: number, to: number): number => Math.round(Math.min(to < 0 ? Math.max(from, nowUs) : to, Math.max(from, us)));
  switch (spot?.kind) {
    case 'message':
      return within(spot.message.sentUs, spot.message.fate === 'open' ? -1 : spot.message.endUs);
    case 'commit':
      return spot.commit.atUs;
    case 'mark':
      return spot.mark.atUs;
    case 'election':
      return within(spot.election.fromUs, spot.election.toUs);
    case 'barrier':
      return within(spot.fromUs, spot.toUs);
    case 'step':
      return Math.max(...spot.mark.steps.map(({ timeUs }) => timeUs));
    default:
      return Math.max(0, Math.round(us));
  }
}

/** Everything that one can go to by keys, in the order of time. */
function stops(model: Model): { us: number; spot: Spot }[] {
  return [
    ...model.messages.filter((message) => message.fate !== 'unknown').map((message) => ({ us: message.sentUs, spot: { kind: 'message', message } as Spot })),
    ...model.commits.map((commit) => ({ us: commit.atUs, spot: { kind: 'commit', commit } as Spot })),
    ...model.marks.map((mark) => ({ us: mark.atUs, spot: { kind: 'mark', mark } as Spot })),
    ...model.elections.map((election) => ({ us: election.fromUs, spot: { kind: 'election', election } as Spot })),
  ].sort((a, b) => a.us - b.us);
}

/** The next such spot after the present one, or before it; the first is the last one before `us`. */
export function nextSpot(model: Model, from: Spot | null, forward: boolean, us: number): { us: number; spot: Spot } | null {
  const list = stops(model);
  const subject = (spot: Spot): unknown =>
    spot.kind === 'message' ? spot.message : spot.kind === 'commit' ? spot.commit : spot.kind === 'mark' ? spot.mark : spot.kind === 'election' ? spot.election : null;
  const here = from ? list.findIndex(({ spot }) => subject(spot) === subject(from)) : -1;
  if (here >= 0) return list[here + (forward ? 1 : -1)] ?? null;
  const before = list.filter((stop) => stop.us <= us).length;
  return list[forward ? before : before - 1] ?? list[list.length - 1] ?? null;
}

/** A spot in words: what it is, and when. */
export function tellSpot(spot: Spot, present: (server: number) => { readonly role: keyof typeof WORDS.roles; readonly term: number; readonly up: boolean } | undefined): readonly [head: string, more: string] {
  switch (spot.kind) {
    case 'message':
      return tellMessage(spot.message);
    case 'commit':
      return [DIAGRAM.committed(spot.commit.server, spot.commit.index, spot.commit.counted), DIAGRAM.at(spot.commit.atUs)];
    case 'mark':
      return [DIAGRAM.markAt(spot.mark.server, DIAGRAM.marks[spot.mark.kind]), DIAGRAM.at(spot.mark.atUs)];
    case 'election': {
      const { fromUs, toUs, term, leader } = spot.election;
      return [leader > 0 ? DIAGRAM.elected(leader, term) : toUs < 0 ? DIAGRAM.electionOpen(term) : DIAGRAM.nobody(term), toUs < 0 ? DIAGRAM.since(fromUs) : DIAGRAM.took(fromUs, toUs)];
    }
    case 'step':
      return [DIAGRAM.why.step(spot.mark.text), spot.mark.steps.map(({ text }) => text).join(' ')];
    case 'barrier':
      return [DIAGRAM.wall(spot.wall), spot.toUs < 0 ? DIAGRAM.since(spot.fromUs) : DIAGRAM.took(spot.fromUs, spot.toUs)];
    case 'span': {
      const { role, term, up, paused } = spot.span.role === null ? { ...spot.span, ...present(spot.server) } : spot.span;
      const is = !up ? WORDS.crashed : role === null ? DIAGRAM.unknownState : `${WORDS.roles[role]}${paused ? `${WORDS.sign.comma}${WORDS.paused}` : ''}`;
      return [DIAGRAM.span(spot.server, is, term), spot.span.fromUs > 0 ? DIAGRAM.since(spot.span.fromUs) : ''];
    }
  }
}

function tellMessage(message: MessageLine): readonly [string, string] {
  const head = DIAGRAM.message(message.name, message.term, message.from, message.to);
  const { fates } = DIAGRAM;
  const parts = [DIAGRAM.sent(message.sentUs)];
  if (message.held) parts.push(DIAGRAM.held);
  if (message.waitsUs >= 0) parts.push(DIAGRAM.waited(message.waitsUs));
  if (message.fate === 'open') parts.push(fates.open);
  else if (message.fate === 'delivered') parts.push(fates.delivered(message.endUs, message.endUs - message.sentUs));
  else if (message.fate === 'blocked') parts.push(fates.blocked(message.endUs, message.wall));
  else if (message.fate === 'lost') parts.push(fates.lost(message.endUs, (DIAGRAM.whyLost as Readonly<Record<string, string>>)[message.why] ?? message.why));
  return [message.copy ? DIAGRAM.copyOf(head) : head, DIAGRAM.story(parts)];
}
