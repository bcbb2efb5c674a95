/** What menus are made of: items from the one list of actions, and from what else can be done to a run. */

import { type Action, type Bench, keyText, leaderOf } from '../actions';
import type { Standing } from '../door/cluster';
import type { Input } from '../door/types';
import type { Settings } from '../faults/settings';
import type { Question } from '../panels/past/asking';
import type { Point } from '../stage/geometry';
import type { Scene } from '../stage/scene';
import { serverNames } from '../words';
import { MENU } from '../lang/en/faults';

/** What the pages are made from: one moment. */
export interface Moment {
  readonly bench: Bench;
  readonly scene: Scene;
  readonly state: Standing;
  readonly settings: Settings;
  /** Where a press was, on the stage; in the middle without one. */
  readonly place: Point;
  /** Opens the drawer with the dials of these links: 0 is anyone's. */
  dials(from: number, to: number): void;
  /** Opens the form that writes what a server's disk holds. */
  edits(server: number): void;
  /** Explains something. */
  asks(question: Question): void;
}

export interface Item {
  readonly id: string;
  readonly label: string;
  /** Why it would change nothing now, or null. */
  readonly refusal: string | null;
  readonly key?: string;
  /** Of several of which one holds, or of what is on or off. */
  readonly checked?: boolean;
  readonly one?: 'of several' | 'switch';
  /** It opens another page. */
  readonly page?: () => Page;
  readonly run?: () => void;
  /** What it does is seen at once, and needs no words. */
  readonly shows?: boolean;
  /** A line is drawn above it. */
  readonly apart?: boolean;
}

export interface Page {
  readonly title: string;
  readonly items: readonly Item[];
}

/** An action of the one list, as it stands there. */
export function fromAction(bench: Bench, it: Action, more: Partial<Item> = {}): Item {
  const key = it.keys[0];
  return { id: it.id, label: it.label(bench), refusal: it.refusal(bench), ...(key === undefined ? {} : { key: keyText(key) }), run: () => it.run(bench), ...more };
}

/** Something that is an input, or several; refused when it would change nothing. */
export function doing({ bench }: Moment, id: string, label: string, inputs: readonly Input[], why: string, more: Partial<Item> = {}): Item {
  const refusal = bench.ended ? MENU.ended : inputs.length === 0 ? why : null;
  return { id, label, refusal, run: () => bench.do(inputs), ...more };
}

/** One of several settings: that which holds is marked. */
export function choice(moment: Moment, id: string, label: string, inputs: readonly Input[], more: Partial<Item> = {}): Item {
  return doing(moment, id, label, inputs, MENU.isSo, { checked: inputs.length === 0, one: 'of several', ...more });
}

/** Another page; refused as a whole where nothing on it could be done. */
export function opening(id: string, label: string, refusal: string | null, page: () => Page, more: Partial<Item> = {}): Item {
  return { id, label, refusal, page, ...more };
}

/** Asks a leader, 0 being that of the highest term, to leave joint consensus that stays until then. */
export function leavesJoint({ bench, state }: Moment, server: number): Input[] {
  const leader = server > 0 ? server : (leaderOf(bench)?.id ?? 0);
  const asked = state.servers[leader - 1];
  if (!asked?.up || asked.role !== 'leader' || !asked.configuration?.old_voters || !asked.configuration.stays_joint) return [];
  return [server > 0 ? { kind: 'leave_joint', server } : { kind: 'leave_joint' }];
}

export function notJoint({ bench, state }: Moment, server = 0): string {
  const leader = server > 0 ? server : (leaderOf(bench)?.id ?? 0);
  const asked = state.servers[leader - 1];
  if (!asked?.up || asked.role !== 'leader') return MENU.joint.leadsNot(server);
  return asked.configuration?.old_voters ? MENU.joint.soon : MENU.joint.not;
}

export const namesOf = (bench: Bench): string => serverNames(bench.targets.map(({ id }) => id));
