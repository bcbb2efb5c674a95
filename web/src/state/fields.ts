/** What the panel of a server lists, decided: the fields of the paper's Figure 2 under its headings, and what else a server has. */

import { asksForVotes, VOTE } from '../stage/scene';
import { serverNames, timeText, WORDS } from '../words';
import { STATE, type Term } from '../lang/en/state';
import type { StateView } from './read';

export interface Field {
  readonly term: Term;
  readonly value: string;
}

export interface Section {
  readonly head: string;
  readonly fields: readonly Field[];
  /** In place of fields. */
  readonly note: string;
}

const named = (id: number): string => (id > 0 ? `S${id}` : STATE.nobody);
const majority = (voters: readonly number[]): number => Math.floor(voters.length / 2) + 1;
const section = (head: string, fields: readonly Field[], note = ''): Section => ({ head, fields, note });

export function sectionsOf(view: StateView): Section[] {
  const { server, more, entries } = view;
  const { up } = server;
  const leads = up && server.role === 'leader';
  const lastTerm = entries[entries.length - 1]?.term ?? 0;
  return [
    section(STATE.heads.persistent, [
      { term: 'currentTerm', value: String(server.term) },
      { term: 'votedFor', value: named(server.votedFor) },
      { term: 'log', value: STATE.log(server.snapshotIndex + 1, server.lastIndex, lastTerm) },
      { term: 'durable', value: STATE.durable(server.durableIndex, server.lastIndex) },
      ...(server.snapshotIndex > 0 ? [{ term: 'snapshot', value: STATE.snapshot(server.snapshotIndex, more?.snapshot?.term, view.snapshotBytes) } as const] : []),
    ]),
    up
      ? section(STATE.heads.volatile, [
          { term: 'commitIndex', value: String(server.commitIndex) },
          { term: 'lastApplied', value: String(server.lastApplied) },
        ])
      : section(STATE.heads.volatile, [], STATE.lost),
    section(STATE.heads.leaders, [], leads ? (view.followers.length > 0 ? '' : STATE.alone) : STATE.onlyLeaders),
    section(STATE.heads.besides, [...(up ? running(view) : []), ...around(view)]),
  ];
}

/** What only a running server has. */
function running({ server, counting, leaseUntilUs, more }: StateView): Field[] {
  const fields: Field[] = [{ term: 'role', value: WORDS.roles[server.role] }];
  if (server.role !== 'leader') fields.push({ term: 'leader', value: named(server.leader) });
  if (server.timer >= 0) fields.push({ term: 'timer', value: STATE.timer(timeText(server.timerLeftUs), timeText(server.timerTotalUs)) });
  if (asksForVotes(server)) {
    const counted = [...server.votes.keys()].filter((peer) => server.votes[peer] === VOTE.counted).map((peer) => peer + 1);
    const needed = server.oldNeeded > 0 ? STATE.bothNeeded(server.votesNeeded, server.oldNeeded) : STATE.needed(server.votesNeeded);
    fields.push({ term: server.role === 'candidate' ? 'votes' : 'preVotes', value: STATE.votes(serverNames(counted) || STATE.nobody, needed) });
  }
  if (leaseUntilUs !== undefined && more) fields.push({ term: 'lease', value: leaseText(leaseUntilUs, Math.round(more.clock.shows_ms * 1_000)) });
  const members = (term: Term, ids: readonly number[]): Field => ({ term, value: ids.length > 0 ? STATE.members(ids, majority(ids)) : STATE.knowsNobody });
  if (counting.oldVoters.length > 0) fields.push(members('newVoters', counting.voters), members('oldVoters', counting.oldVoters));
  else fields.push(members('voters', counting.voters));
  if (counting.learners.length > 0) fields.push({ term: 'learners', value: serverNames(counting.learners) });
  return fields;
}

/** Both are of the leader's own clock. */
function leaseText(untilUs: number | null, showsUs: number): string {
  if (untilUs === null) return STATE.lease.unknown;
  return showsUs < untilUs ? STATE.lease.runs(timeText(untilUs), timeText(untilUs - showsUs)) : STATE.lease.ran(timeText(untilUs));
}

/** What it is to the cluster, and what it runs on. */
function around({ server, more }: StateView): Field[] {
  const fields: Field[] = [{ term: 'member', value: WORDS.memberships[server.membership] }];
  if (!more) return fields;
  const { store, disk, clock, step_ms, backlog } = more;
  if (server.up) {
    const held = Object.entries(store).map(([key, value]) => `${key} = ${value}`);
    fields.push({ term: 'store', value: held.join(WORDS.sign.comma) || STATE.nothing });
  }
  fields.push({ term: 'disk', value: `${STATE.disk(disk.ms_min, disk.ms_max)}${disk.lies ? `${WORDS.sign.semicolon}${STATE.lies}` : ''}` });
  fields.push({ term: 'clock', value: STATE.clock(clock.shows_ms, clock.rate_ppm) });
  const pace = [server.paused ? STATE.paused : '', step_ms > 0 ? STATE.slow(step_ms) : '', backlog > 0 ? STATE.backlog(backlog) : ''].filter(Boolean);
  if (pace.length > 0) fields.push({ term: 'pace', value: pace.join(WORDS.sign.semicolon) });
  return fields;
}
