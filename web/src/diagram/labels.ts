/** What is written on the diagram, and where: no text stands on another, nor on a mark. What matters less gives way, or goes. */

import type { Step } from '../panels/past/chain';
import { DIAGRAM } from '../lang/en/diagram';
import { WORDS } from '../words';
import { type Plan, type View, xOf, yOf } from './layout';
import type { Election, Model, Span } from './model';
import { stepBoxes } from './paint-why';
import { eachSpan, endOf, type Present } from './spans';

/** A place on the canvas: `x` its left edge, `y` its middle. */
export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface Label extends Box {
  readonly text: string;
  readonly kind: 'note' | 'election' | 'barrier' | 'gap' | 'span' | 'commit';
  /** Of a span's: what its bar is, where it is written in it. */
  readonly on?: Span;
}

/** The width of a text of a kind. */
export type Measure = (text: string, kind: Label['kind']) => number;

export interface Labelled {
  readonly nowUs: number;
  readonly present: Present;
  readonly steps: readonly Step[];
  /** Of ordinary messages, every so-manieth is drawn. */
  readonly every: number;
}

/** In lower lanes nothing is written. */
const SPAN_TEXT_PX = 22;
const COMMIT_TEXT_PX = 30;
export const TEXT_PX = 12;
const APART_PX = 3;
/** What a plate has on both sides of its text. */
export const PLATE_PX = 5;
/** More of a kind are not looked at: there would be no room for them. */
const COMMITS_MAX = 300;
const HEADS_MAX = 60;
/** The rows over the lanes. */
const ELECTIONS_Y = 8;
const BARRIERS_Y = 22;

/** No box is higher. */
const ROW_PX = 20;
const rowOf = ({ y }: Box): number => Math.max(0, Math.floor(y / ROW_PX));

export const meets = (one: Box, other: Box, apart = 0): boolean =>
  one.x < other.x + other.width + apart && other.x < one.x + one.width + apart && Math.abs(one.y - other.y) < (one.height + other.height) / 2;

/** What is taken, and what is written there. */
class Room {
  readonly labels: Label[] = [];
  /** By height: what may meet something stands in its row or in one beside it. */
  private readonly rows: Box[][] = [];

  constructor(taken: readonly Box[]) {
    for (const box of taken) this.take(box);
  }

  put(label: Label): void {
    this.labels.push(label);
    this.take(label);
  }

  private take(box: Box): void {
    (this.rows[rowOf(box)] ??= []).push(box);
  }

  hinders(box: Box): Box | undefined {
    const row = rowOf(box);
    for (let at = row - 1; at <= row + 1; at += 1) {
      const found = this.rows[at]?.find((other) => meets(box, other, APART_PX));
      if (found) return found;
    }
    return undefined;
  }

  /** The first place from its own on to the right where nothing hinders it, up to `end`. */
  before<T extends Box>(box: T, end: number): T | undefined {
    let { x } = box;
    for (;;) {
      if (x + box.width > end) return undefined;
      const hindered = this.hinders({ ...box, x });
      if (!hindered) return { ...box, x };
      x = Math.max(x + 1, hindered.x + hindered.width + APART_PX);
    }
  }

  /** As `before`, and else to the left of what hinders it where it would stand, down to `start`. */
  within<T extends Box>(box: T, start: number, end: number): T | undefined {
    const right = this.before(box, end);
    if (right) return right;
    let x = Math.min(box.x, end - box.width);
    for (;;) {
      if (x < start) return undefined;
      const hindered = this.hinders({ ...box, x });
      if (!hindered) return { ...box, x };
      x = Math.min(x - 1, hindered.x - APART_PX - box.width);
    }
  }
}

export function labelsOf(plan: Plan, view: View, model: Model, now: Labelled, measure: Measure): Label[] {
  const room = new Room([...stepBoxes(plan, view, now.steps), ...presentBox(plan, view, now.nowUs), ...markBoxes(plan, view, model)]);
  if (now.every > 1) note(room, plan, DIAGRAM.every(now.every), measure);
  heads(room, plan, view, model, now.nowUs, measure);
  gaps(room, plan, view, model, measure);
  if (plan.lane >= SPAN_TEXT_PX) spans(room, plan, view, model, now, measure);
  if (plan.lane >= COMMIT_TEXT_PX) commits(room, plan, view, model, measure);
  return room.labels;
}

/** At the right end of the times. */
function note(room: Room, plan: Plan, text: string, measure: Measure): void {
  const width = measure(text, 'note') + 2 * PLATE_PX;
  room.put({ kind: 'note', text, x: plan.right - width + 1, y: plan.bottom - 9, width, height: 16 });
}

/** The head of the line of the present. */
const presentBox = (plan: Plan, view: View, nowUs: number): Box[] => {
  const x = xOf(plan, view, nowUs);
  return x < plan.left - 1 || x > plan.right + 1 ? [] : [{ x: x - 5, y: plan.top - 7, width: 10, height: 8 }];
};

/** The rings of crashes, restarts and new servers. */
export const markRadius = (plan: Plan): number => Math.min(6, plan.lane / 2 - 1);

function markBoxes(plan: Plan, view: View, model: Model): Box[] {
  const r = markRadius(plan);
  const boxes: Box[] = [];
  for (const { server, atUs } of model.marks) {
    const x = xOf(plan, view, atUs);
    if (server > 0 && x >= plan.left - r && x <= plan.right + r) boxes.push({ x: x - r, y: yOf(plan, server), width: 2 * r, height: 2 * r });
  }
  return boxes;
}

export function electionText({ term, toUs, leader }: Election): string {
  return leader > 0 ? DIAGRAM.elected(leader, term) : toUs < 0 ? DIAGRAM.electionOpen(term) : DIAGRAM.nobody(term);
}

/** Over the lanes: elections in the first row, walls in the second. The latest matter most. */
function heads(room: Room, plan: Plan, view: View, model: Model, nowUs: number, measure: Measure): void {
  const there = (fromUs: number, toUs: number): boolean => xOf(plan, view, endOf(toUs, nowUs, model)) >= plan.left && xOf(plan, view, fromUs) <= plan.right;
  const at = (fromUs: number, y: number, text: string, kind: Label['kind']): Label => {
    const width = measure(text, kind);
    return { kind, text, width, y, x: Math.min(Math.max(plan.left, xOf(plan, view, fromUs)), plan.right - width), height: TEXT_PX };
  };
  const elections = model.elections.filter(({ fromUs, toUs }) => there(fromUs, toUs)).slice(-HEADS_MAX).reverse();
  const told = elections.map((election) => at(election.fromUs, ELECTIONS_Y, electionText(election), 'election'));
  // Where not all have room for a sentence, the terms alone stand there.
  const all = told.every((one, index) => told.slice(0, index).every((other) => !meets(one, other, 2 * APART_PX)));
  for (const one of all ? told : elections.map((election) => at(election.fromUs, ELECTIONS_Y, DIAGRAM.short(election.term), 'election'))) {
    if (!room.hinders(one)) room.put(one);
  }
  const broken = model.marks.find(({ kind, atUs }) => kind === 'violated' && there(atUs, atUs));
  const barriers = model.barriers.filter(({ fromUs, toUs }) => there(fromUs, toUs)).slice(-HEADS_MAX);
  for (const { fromUs, text } of [...(broken ? [{ fromUs: broken.atUs, text: DIAGRAM.marks.violated }] : []), ...barriers.map(({ fromUs, wall }) => ({ fromUs, text: DIAGRAM.wall(wall) }))]) {
    const one = at(fromUs, BARRIERS_Y, text, 'barrier');
    // What stands far from its line would be taken for another's.
    const placed = room.within(one, Math.max(plan.left, one.x - one.width - 2 * TEXT_PX), Math.min(plan.right, one.x + one.width + 2 * TEXT_PX));
    if (placed) room.put(placed);
  }
}

function gaps(room: Room, plan: Plan, view: View, model: Model, measure: Measure): void {
  const width = measure(DIAGRAM.gap, 'gap');
  for (const gap of model.gaps) {
    const from = Math.max(plan.left, xOf(plan, view, gap.fromUs));
    const to = Math.min(plan.right, Math.max(from + 2, xOf(plan, view, gap.toUs)));
    if (to - from <= width + 16) continue;
    room.put({ kind: 'gap', text: DIAGRAM.gap, x: (from + to - width) / 2 - PLATE_PX, y: (plan.top + plan.bottom) / 2, width: width + 2 * PLATE_PX, height: 20 });
  }
}

/** Where a server changes, and where its lane begins: the number of its term, and what it is. Leaders first. */
function spans(room: Room, plan: Plan, view: View, model: Model, now: Labelled, measure: Measure): void {
  const wanted: { readonly server: number; readonly span: Span; readonly from: number; readonly to: number }[] = [];
  eachSpan(plan, view, model, now.nowUs, now.present, (server, span, from, to, previous) => {
    if (span.up && !(previous && previous.term === span.term && previous.role === span.role && previous.up)) wanted.push({ server, span, from, to });
  });
  const rank = ({ role }: Span): number => (role === 'leader' ? 0 : role === 'follower' || role === null ? 2 : 1);
  wanted.sort((a, b) => rank(a.span) - rank(b.span));
  for (const { server, span, from, to } of wanted) {
    const follows = span.role === 'follower';
    const inBar = plan.roomy && !follows;
    const letter = span.role === null ? '' : WORDS.roleLetters[span.role];
    const first = !follows && span.role ? `${WORDS.roles[span.role]} ${span.term}` : `${WORDS.term} ${span.term}`;
    const y = inBar ? yOf(plan, server) + 0.5 : yOf(plan, server) - plan.bar / 2 - 6;
    for (const text of [first, `${letter}${span.term}`, String(span.term)]) {
      const box: Label = { kind: 'span', text, x: from + (inBar ? 4 : 3), y, width: measure(text, 'span'), height: TEXT_PX, ...(inBar ? { on: span } : {}) };
      const placed = room.before(box, Math.min(to, plan.right) - 2);
      if (!placed) continue;
      room.put(placed);
      break;
    }
  }
}

/** What the leader counted, the latest first. */
function commits(room: Room, plan: Plan, view: View, model: Model, measure: Measure): void {
  const there = model.commits.filter(({ counted, atUs }) => {
    const x = xOf(plan, view, atUs);
    return counted && x >= plan.left - 20 && x <= plan.right;
  });
  for (const { server, atUs, index } of there.slice(-COMMITS_MAX).reverse()) {
    const text = `✓ ${index}`;
    const x = xOf(plan, view, atUs) + 4;
    const label: Label = { kind: 'commit', text, x, y: yOf(plan, server) + Math.min(commitHalf(plan) + 7, plan.lane / 2), width: measure(text, 'commit'), height: TEXT_PX };
    if (!room.hinders(label)) room.put(label);
  }
}

/** How far the tick of a commit reaches from the middle of its lane. */
export const commitHalf = (plan: Plan): number => plan.bar / 2 + (plan.roomy ? 3 : 1);
