/** How the page writes what it shows: times and speeds as figures, servers and entries as its language has them. */

import type { EntryState, Role } from './door/types';
import { WORDS } from './lang/en/page';
import type { Membership } from './stage/scene';

export { WORDS };

/** The servers as one would say them: "S1, S2 and S4". */
export const serverNames = (ids: Iterable<number>): string => WORDS.list([...ids].sort((a, b) => a - b).map((id) => `S${id}`));

/** What an entry says: a command, who counts from here on, or nothing. */
export function entryText({ command, configuration }: EntryState): string {
  if (!configuration) return command ?? WORDS.entry.noOp;
  const { voters, old_voters, learners } = configuration;
  return WORDS.entry.members(serverNames(voters), serverNames(old_voters ?? []), serverNames(learners));
}

/** Who is in the cluster, by kind. */
export function membersText(servers: readonly { id: number; membership: Membership }[]): string {
  const named = (kind: Membership): string => serverNames(servers.filter(({ membership }) => membership === kind).map(({ id }) => id));
  return WORDS.members(named('voter'), named('old_voter'), named('learner'));
}

/** What a server is at this moment, for those who do not see the stage. */
export function serverLabel({ id, up, paused, role, term, commitIndex, membership }: { id: number; up: boolean; paused?: boolean; role: Role; term: number; commitIndex: number; membership: Membership }): string {
  const besides = membership === 'voter' ? '' : WORDS.memberships[membership];
  return WORDS.server.label(id, up ? WORDS.roles[role] : WORDS.crashed, paused ? WORDS.paused : '', besides, term, commitIndex);
}

/** A branch as it is called: those that nobody has named are numbered. */
export function branchText(name: string): string {
  const number = /^branch (\d+)$/.exec(name)?.[1];
  return name === 'run' ? WORDS.firstBranch : number === undefined ? name : WORDS.branch(Number(number));
}

/** "1 238.4 ms": tabular, grouped by thin spaces. */
export function timeText(us: number): string {
  const tenths = Math.round(us / 100);
  const whole = String(Math.floor(tenths / 10)).replace(/\B(?=(\d{3})+$)/g, ' ');
  return `${whole}.${tenths % 10} ms`;
}

/** "1/50 ×" or "2 ×". */
export function speedText(speed: number): string {
  if (speed >= 0.995) return `${Number(speed.toPrecision(2))} ×`;
  return `1/${Number((1 / speed).toPrecision(2))} ×`;
}

/** "§5.4.1" for the paper, "thesis §6.3" for the dissertation. */
export function sectionText(section: string): string {
  if (section.startsWith('D')) return WORDS.thesis(section.slice(1));
  const figure = /^P Fig\. (\d+)$/.exec(section)?.[1];
  return figure === undefined ? section.replace(/^P/, '') : WORDS.figure(figure);
}
