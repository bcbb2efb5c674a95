/** In what servers are not the same on two stages: decided from what both show, without a browser. */

import type { Difference } from '../door/types';
import { PAST } from '../lang/en/past';
import { TWIN } from '../lang/en/twin';
import type { Scene, ServerItem } from '../stage/scene';
import { serverNames, WORDS } from '../words';

export type Aspect = Difference['servers'][number]['differs_in'][number];

/** By their numbers, the servers that differ and in what. `sameEntries` is asked of a server whose logs end alike. */
export function apart(one: Scene, other: Scene, sameEntries: (server: number, last: number) => boolean): Map<number, Aspect[]> {
  const found = new Map<number, Aspect[]>();
  for (let id = 1; id <= Math.max(one.servers.count, other.servers.count); id += 1) {
    const [a, b] = [one.server(id), other.server(id)];
    const aspects = a && b ? differing(a, b, sameEntries) : (['there'] as Aspect[]);
    if (aspects.length > 0) found.set(id, aspects);
  }
  return found;
}

function differing(a: ServerItem, b: ServerItem, sameEntries: (server: number, last: number) => boolean): Aspect[] {
  const aspects: Aspect[] = [];
  if (a.up !== b.up) aspects.push('up');
  if (a.term !== b.term) aspects.push('term');
  if (a.votedFor !== b.votedFor) aspects.push('vote');
  // Of one that is down there is neither.
  if (a.up && b.up && (a.role !== b.role || a.leader !== b.leader)) aspects.push('role');
  if (a.lastIndex !== b.lastIndex || !sameEntries(a.id, a.lastIndex)) aspects.push('log');
  if (a.up && b.up && a.commitIndex !== b.commitIndex) aspects.push('commit');
  return aspects;
}

/** "S1: runs in one only; S2 and S3: term, vote": those that differ in the same are named together, the fewest first. */
export function serversText(differing: ReadonlyMap<number, readonly Aspect[]>): string {
  const alike = new Map<string, number[]>();
  for (const [id, aspects] of differing) {
    const text = aspects.map((aspect) => PAST.compare.aspects[aspect]).join(WORDS.sign.list);
    alike.set(text, [...(alike.get(text) ?? []), id]);
  }
  return [...alike].sort(([, one], [, other]) => one.length - other.length).map(([text, ids]) => TWIN.branches.servers(serverNames(ids), text)).join(WORDS.sign.semicolon);
}
