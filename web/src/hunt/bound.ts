/** What a search says that tried everything, and what it does not: as sentences made of its bounds and of how far it came. */

import { HUNT } from '../lang/en/hunt';
import { propertyName } from '../properties';
import { grouped, oneIn } from './figures';
import type { Bounds, Came } from './orders';
import { rulesText } from './stories';

export function saidOf(bounds: Bounds, { depth, unique, beyond: [tried, of], ended, property }: Came): string[] {
  const words = HUNT.bound;
  const found = ended === 'violation';
  return [
    found ? words.found(propertyName(property ?? ''), depth + 1, depth) : words.none(depth),
    words.orders,
    words.world(bounds.servers, bounds.terms, bounds.writes, bounds.crashes, bounds.duplicates),
    bounds.noop_on_election ? words.noop : words.noNoop,
    words.lost,
    ...(bounds.rules_off.length > 0 ? [words.without(rulesText(bounds.rules_off))] : []),
    ...(ended === 'nothing' ? [words.end] : tried > 0 && !found ? [words.further(grouped(tried), grouped(of))] : []),
    ...(found ? [] : [words.silent]),
    ...(bounds.symmetry ? [words.symmetry] : []),
    words.bits(grouped(unique), grouped(oneIn(unique))),
  ];
}
