/** What is set now, in lines: what is as the run began is not told. */

import type { Input } from '../door/types';
import { FAULTS } from '../lang/en/faults';
import { WORDS } from '../words';
import { mend, setClocks, setDisks, setLinks, slow } from './inputs';
import { CLOCK_RATE, type LinkNow, type LinkSetting, sameDisk, sameLink, type ServerNow, type Settings } from './settings';

export interface Line {
  /** "S1 → S2, S2 → S1". */
  readonly who: string;
  readonly what: string;
  /** What would bring it back. */
  readonly well: readonly Input[];
}

/** More names than this are counted. */
const NAMES_MAX = 4;

/** "40 to 60 ms + 10 ms, 5 % lost, 1 % twice, in order". */
export function linkText(link: LinkSetting): string {
  const { delay_us_min, delay_us_max, delay_tail_us, loss_ppm, duplicate_ppm, in_order } = link;
  return [
    `${FAULTS.link.span(delay_us_min, delay_us_max)}${delay_tail_us > 0 ? ` + ${delay_tail_us / 1000} ms` : ''}`,
    loss_ppm > 0 ? FAULTS.link.lost(loss_ppm) : '',
    duplicate_ppm > 0 ? FAULTS.link.twice(duplicate_ppm) : '',
    in_order ? FAULTS.link.inOrder : '',
  ]
    .filter(Boolean)
    .join(WORDS.sign.comma);
}

/** Those of whom the same is said stand together. */
function grouped<T>(things: readonly T[], say: (thing: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const thing of things) {
    const what = say(thing);
    if (what !== '') groups.set(what, [...(groups.get(what) ?? []), thing]);
  }
  return groups;
}

function named(names: readonly string[], all: number, everyone: string): string {
  if (names.length === all && all > 1) return everyone;
  const shown = names.slice(0, NAMES_MAX).join(WORDS.sign.list);
  return names.length > NAMES_MAX ? FAULTS.now.andMore(shown, names.length - NAMES_MAX) : shown;
}

const way = ({ from, to }: LinkNow): string => `S${from} → S${to}`;

/** Two directions that are told alike are one name: "S1 – S2". */
function ways(links: readonly LinkNow[]): string[] {
  const has = new Set(links.map(way));
  return links.flatMap((link) => {
    const { from, to } = link;
    if (!has.has(`S${to} → S${from}`)) return [way(link)];
    return from < to ? [`S${from} – S${to}`] : [];
  });
}

export function linesOf(settings: Settings): Line[] {
  const { links, servers, walls, held } = settings;
  const words = FAULTS.now;
  const lines: Line[] = [];
  const ofLinks = (say: (link: LinkNow) => string, well: (some: LinkNow[]) => Input[]): void => {
    for (const [what, some] of grouped(links, say)) {
      const who = some.length === links.length ? words.allLinks : named(ways(some), 0, '');
      lines.push({ who, what, well: well(some) });
    }
  };
  const ofServers = (say: (server: ServerNow) => string, well: (some: ServerNow[]) => Input[]): void => {
    for (const [what, some] of grouped(servers, say)) lines.push({ who: named(some.map(({ id }) => `S${id}`), servers.length, words.allServers), what, well: well(some) });
  };
  ofLinks((link) => (sameLink(link, settings.link) ? '' : linkText(link)), (some) => setLinks(some, settings.link));
  ofLinks((link) => (link.flap ? words.flaps(link.flap.up_us, link.flap.down_us) : link.cut ? words.cut : ''), mend);
  // Healing takes walls away, and mends what was cut by hand too: with that the walls would not be what is mended.
  if (walls > 0) lines.push({ who: '', what: words.walls(walls), well: mend(links).length > 0 ? [] : [{ kind: 'heal' }] });
  if (held > 0) lines.push({ who: '', what: words.held(held), well: [{ kind: 'release_all' }] });
  ofServers(({ up }) => (up ? '' : words.down), (some) => some.map(({ id }) => ({ kind: 'restart', server: id })));
  ofServers(({ paused }) => (paused ? words.paused : ''), (some) => some.map(({ id }) => ({ kind: 'resume', server: id })));
  ofServers(({ stepUs }) => (stepUs > 0 ? words.slow(stepUs) : ''), (some) => slow(some, 0));
  ofServers(
    ({ disk }) => (sameDisk(disk, settings.disk) ? '' : `${words.disk(disk.us_min, disk.us_max)}${disk.lies ? `${WORDS.sign.semicolon}${words.lies}` : ''}`),
    (some) => setDisks(some, settings.disk),
  );
  ofServers(({ ratePpm }) => (ratePpm === CLOCK_RATE ? '' : words.clock(ratePpm)), (some) => setClocks(some, CLOCK_RATE));
  return lines;
}
