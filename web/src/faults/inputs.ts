/** What is to be done so that something is set: only what changes anything, so that nothing is refused. */

import type { Input } from '../door/types';
import { CLOCK_RATE, type DiskSetting, linkOf, type LinkNow, type LinkSetting, sameDisk, sameLink, type ServerNow, type Settings } from './settings';

/** Whose links: 0 is anyone's. */
export interface Scope {
  readonly from: number;
  readonly to: number;
}

export const linksIn = ({ links }: Settings, { from, to }: Scope): LinkNow[] => links.filter((link) => (from === 0 || link.from === from) && (to === 0 || link.to === to));

/** Servers by number; 0 is all. */
export const serversIn = ({ servers }: Settings, server: number): ServerNow[] => servers.filter(({ id }) => server === 0 || id === server);

/** A link as it was, but for what is changed; where one end of a time passes the other, that one follows. */
function changed(before: LinkSetting, change: Partial<LinkSetting>): LinkSetting {
  const after = { ...linkOf(before), ...change };
  const { delay_us_min: min, delay_us_max: max } = after;
  if (min <= max) return after;
  return change.delay_us_max === undefined ? { ...after, delay_us_max: min } : { ...after, delay_us_min: max };
}

export function setLinks(links: readonly LinkNow[], change: Partial<LinkSetting>): Input[] {
  return links.flatMap((link): Input[] => {
    const after = changed(link, change);
    return sameLink(link, after) ? [] : [{ kind: 'set_link', from: link.from, to: link.to, ...after }];
  });
}

export function setDisks(servers: readonly ServerNow[], change: Partial<DiskSetting>): Input[] {
  return servers.flatMap(({ id, disk }): Input[] => {
    let after = { ...disk, ...change };
    if (after.us_min > after.us_max) after = change.us_max === undefined ? { ...after, us_max: after.us_min } : { ...after, us_min: after.us_max };
    return sameDisk(disk, after) ? [] : [{ kind: 'set_disk', server: id, ...after }];
  });
}

export const slow = (servers: readonly ServerNow[], step_us: number): Input[] =>
  servers.filter(({ stepUs }) => stepUs !== step_us).map(({ id }) => ({ kind: 'slow', server: id, step_us }));

/** Clocks run at a rate from now on, and are put ahead by so much. */
export const setClocks = (servers: readonly ServerNow[], rate: number | null, ahead_us = 0): Input[] =>
  servers
    .filter(({ ratePpm }) => ahead_us > 0 || (rate !== null && ratePpm !== rate))
    .map(({ id, ratePpm }) => ({ kind: 'set_clock', server: id, rate_ppm: rate ?? ratePpm, ahead_us }));

export const pause = (servers: readonly ServerNow[]): Input[] => servers.filter(({ up, paused }) => up && !paused).map(({ id }) => ({ kind: 'pause', server: id }));
export const resume = (servers: readonly ServerNow[]): Input[] => servers.filter(({ paused }) => paused).map(({ id }) => ({ kind: 'resume', server: id }));

/** A link that flaps is cut by hand now and then: to cut it ends that. */
export const cut = (links: readonly LinkNow[]): Input[] => links.filter((link) => !link.cut || link.flap).map(({ from, to }) => ({ kind: 'cut', from, to }));
export const mend = (links: readonly LinkNow[]): Input[] => links.filter((link) => link.cut || link.flap).map(({ from, to }) => ({ kind: 'uncut', from, to }));
export const flap = (links: readonly LinkNow[], up_us: number, down_us: number): Input[] =>
  links.filter((link) => link.flap?.up_us !== up_us || link.flap.down_us !== down_us).map(({ from, to }) => ({ kind: 'flap', from, to, up_us, down_us }));

/** What brings everything back to how the run began, but for logs, terms and members. */
export function allWell(settings: Settings): Input[] {
  const { links, servers, held, walls } = settings;
  return [
    ...(walls > 0 || mend(links).length > 0 ? [{ kind: 'heal' } as const] : []),
    ...setLinks(links, settings.link),
    ...(held > 0 ? [{ kind: 'release_all' } as const] : []),
    ...servers.filter(({ up }) => !up).map(({ id }): Input => ({ kind: 'restart', server: id })),
    ...wellServers(servers, settings.disk),
  ];
}

/** Crashed servers stay crashed. */
export function wellServers(servers: readonly ServerNow[], disk: DiskSetting): Input[] {
  return [...resume(servers), ...slow(servers, 0), ...setDisks(servers, disk), ...setClocks(servers, CLOCK_RATE)];
}

export const PRESETS = ['calm', 'data_centre', 'wan', 'flaky', 'chaos'] as const;
export type Preset = (typeof PRESETS)[number];

type Figures = readonly [delay_us_min: number, delay_us_max: number, delay_tail_us: number, loss_ppm: number, duplicate_ppm: number, in_order: boolean, disk_us_min: number, disk_us_max: number];
/** The figures that lang/en/faults.ts tells. */
const FIGURES: Readonly<Record<Preset, Figures>> = {
  calm: [15_000, 25_000, 0, 0, 0, false, 500, 1_500],
  data_centre: [200, 500, 0, 0, 0, false, 500, 1_500],
  wan: [30_000, 50_000, 5_000, 1_000, 0, false, 500, 1_500],
  flaky: [15_000, 25_000, 10_000, 50_000, 10_000, false, 500, 1_500],
  chaos: [5_000, 60_000, 40_000, 200_000, 100_000, false, 500, 30_000],
};

export function presetOf(preset: Preset): { link: LinkSetting; disk: DiskSetting } {
  const [delay_us_min, delay_us_max, delay_tail_us, loss_ppm, duplicate_ppm, in_order, us_min, us_max] = FIGURES[preset];
  return { link: { delay_us_min, delay_us_max, delay_tail_us, loss_ppm, duplicate_ppm, in_order }, disk: { us_min, us_max, lies: false } };
}

/** All links and disks as a preset has them; empty when they are so already. */
export function applyPreset(settings: Settings, preset: Preset): Input[] {
  const { link, disk } = presetOf(preset);
  return [...setLinks(settings.links, link), ...setDisks(settings.servers, disk)];
}
