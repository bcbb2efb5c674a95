/** What is set in a run at a moment: links, servers and messages, read from its state and from what was done to it. */

import type { Standing } from '../door/cluster';
import type { Input, Scenario, WorldOptions } from '../door/types';

/** What one direction of a link does to messages. */
export interface LinkSetting {
  readonly delay_us_min: number;
  readonly delay_us_max: number;
  readonly delay_tail_us: number;
  readonly loss_ppm: number;
  readonly duplicate_ppm: number;
  readonly in_order: boolean;
}

export interface Flap {
  readonly up_us: number;
  readonly down_us: number;
}

/** One direction of a link. */
export interface LinkNow extends LinkSetting {
  readonly from: number;
  readonly to: number;
  readonly cut: boolean;
  readonly walled: boolean;
  readonly flap: Flap | null;
}

export interface DiskSetting {
  readonly us_min: number;
  readonly us_max: number;
  readonly lies: boolean;
}

export interface ServerNow {
  readonly id: number;
  readonly up: boolean;
  readonly paused: boolean;
  readonly stepUs: number;
  readonly disk: DiskSetting;
  readonly ratePpm: number;
}

export interface Settings {
  readonly links: readonly LinkNow[];
  readonly servers: readonly ServerNow[];
  readonly held: number;
  readonly walls: number;
  /** What the run began with. */
  readonly link: LinkSetting;
  readonly disk: DiskSetting;
}

export const CLOCK_RATE = 1_000_000;
const FIELDS = ['delay_us_min', 'delay_us_max', 'delay_tail_us', 'loss_ppm', 'duplicate_ppm', 'in_order'] as const;

/** A setting and nothing besides. */
export const linkOf = (from: LinkSetting): LinkSetting => {
  const { delay_us_min, delay_us_max, delay_tail_us, loss_ppm, duplicate_ppm, in_order } = from;
  return { delay_us_min, delay_us_max, delay_tail_us, loss_ppm, duplicate_ppm, in_order };
};

export const sameLink = (a: LinkSetting, b: LinkSetting): boolean => FIELDS.every((field) => a[field] === b[field]);
export const sameDisk = (a: DiskSetting, b: DiskSetting): boolean => a.us_min === b.us_min && a.us_max === b.us_max && a.lies === b.lies;

const key = (from: number, to: number): string => `${from} ${to}`;

/** What was done up to a moment; `events` is asked for only where the microsecond alone does not tell. */
export function doneUpTo(scenario: Scenario, nowUs: number, events: () => number): Input[] {
  let here = -1;
  const isDone = (at_us: number, after: number): boolean => {
    if (at_us !== nowUs || after === 0) return at_us <= nowUs;
    if (here < 0) here = events();
    return after <= here;
  };
  return (scenario.inputs ?? []).filter(({ at_us, after_events = 0 }) => isDone(at_us, after_events)).map(({ input }) => input);
}

/** `options` and the inputs done so far say what no state tells: how links delay, and which of them flap. */
export function settingsOf(state: Standing, options: WorldOptions, done: readonly Input[]): Settings {
  const link = linkOf(options);
  const set = new Map<string, LinkSetting>();
  let flaps = new Map<string, Flap>();
  for (const input of done) {
    if (input.kind === 'set_link') set.set(key(input.from, input.to), linkOf({ ...input, delay_tail_us: input.delay_tail_us ?? 0, in_order: input.in_order ?? false }));
    else if (input.kind === 'flap') flaps.set(key(input.from, input.to), { up_us: input.up_us, down_us: input.down_us });
    else if (input.kind === 'cut' || input.kind === 'uncut') flaps.delete(key(input.from, input.to));
    else if (input.kind === 'partition' || input.kind === 'heal') flaps = new Map();
  }
  const cut = { hand: new Set<string>(), wall: new Set<string>() };
  for (const { from, to, by } of state.links_cut) cut[by].add(key(from, to));
  const ids = state.servers.map(({ id }) => id);
  const links = ids.flatMap((from) =>
    ids
      .filter((to) => to !== from)
      .map((to): LinkNow => {
        const at = key(from, to);
        return { ...(set.get(at) ?? link), from, to, cut: cut.hand.has(at), walled: cut.wall.has(at), flap: flaps.get(at) ?? null };
      }),
  );
  const servers = state.servers.map(({ id, up, paused, step_ms, disk, clock }): ServerNow => {
    const us = (ms: number): number => Math.round(ms * 1000);
    return { id, up, paused: up && paused, stepUs: us(step_ms), disk: { us_min: us(disk.ms_min), us_max: us(disk.ms_max), lies: disk.lies }, ratePpm: clock.rate_ppm };
  });
  const held = state.messages_in_flight.filter((message) => message.held).length;
  return { links, servers, held, walls: state.walls.length, link, disk: { us_min: options.disk_us_min, us_max: options.disk_us_max, lies: false } };
}
