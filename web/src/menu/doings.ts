/** All that the menus and the presets of the drawer can do at a moment, one after the other: for the search box. */

import type { Bench } from '../actions';
import { applyPreset, PRESETS } from '../faults/inputs';
import type { ServerItem } from '../stage/scene';
import { FAULTS } from '../lang/en/faults';
import { WORDS } from '../words';
import { doing, type Item, type Moment, type Page } from './items';
import { pageOf } from './pages';

export interface Doing {
  /** What it is done to, and what: `S3: Clock: 90 %`. */
  readonly name: string;
  readonly title: string;
  readonly label: string;
  /** Why it would change nothing now, or null. */
  readonly refusal: string | null;
  readonly run: () => void;
  /** What it does is seen at once, and needs no words. */
  readonly shows: boolean;
}

/** With more servers than this there would be thousands of links. */
const LINKS_OF_SERVERS_MAX = 9;
/** Messages come and go faster than anybody types. */
const LEFT_OUT = 'messages';

export function doings(moment: Moment): Doing[] {
  const { bench, scene, settings } = moment;
  const withLinks = bench.everyServer.length <= LINKS_OF_SERVERS_MAX;
  const all = [...within(pageOf({ kind: 'stage' }, { ...moment, bench: choosing(bench, []) }), withLinks)];
  for (const server of bench.everyServer) all.push(...within(pageOf({ kind: 'server', id: server.id }, { ...moment, bench: choosing(bench, [server]) }), withLinks));
  for (let at = 0; at < scene.walls.count; at += 1) all.push(...within(pageOf({ kind: 'wall', id: scene.walls.at(at).id }, moment), withLinks));
  for (const preset of PRESETS) {
    const { head, already, list } = FAULTS.presets;
    all.push(...within({ title: head, items: [doing(moment, preset, list[preset].name, applyPreset(settings, preset), already)] }, withLinks));
  }
  return all;
}

/** The same bench, as if these servers were chosen: what is only looked for chooses nobody. */
const choosing = (bench: Bench, targets: readonly ServerItem[]): Bench => Object.create(bench, { targets: { value: targets } }) as Bench;

/** The items of a page and of those that it opens. A page that is refused is refused as one. */
function* within({ title, items }: Page, withLinks: boolean): Generator<Doing> {
  for (const item of items) {
    if (item.id === LEFT_OUT || (item.id === 'links' && !withLinks)) continue;
    if (item.page && item.refusal === null) yield* within(item.page(), withLinks);
    else yield { name: `${title}${WORDS.sign.colon}${item.label}`, title, label: item.label, refusal: item.refusal, run: runOf(item), shows: item.shows ?? false };
  }
}

const runOf = ({ run }: Item) => (): void => run?.();
