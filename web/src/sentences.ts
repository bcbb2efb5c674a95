/** What happened, in whole sentences in the paper's words, with the values that decided. */

import { DECISIONS } from './decisions';
import { CLUSTER_DECISIONS } from './decisions-cluster';
import type { EventRecord, Input } from './door/types';
import { whyRefused } from './refusals';
import { entry, type EntryId, entryOf, type Fields, n, range, s, type Told } from './telling';
import { PROPERTIES } from './properties';
import { type Sentence, subjectOf } from './subjects';
import { plural, sectionText, serverNames } from './words';

/** Puts a record into words. A kind that this page does not know is named as it is. */
export function sentence(record: EventRecord): Sentence {
  if (record.kind === 'decision') {
    const event = record['event'] as Fields & { kind: string };
    const server = n(record['server']);
    const tell = DECISIONS[event.kind] ?? CLUSTER_DECISIONS[event.kind];
    const [text, others = [], quiet = false] = tell ? tell(s(server), event) : [`${s(server)}: ${event.kind.replaceAll('_', ' ')}.`];
    return { text, section: sectionText(String(record['section'] ?? '')), servers: [server, ...others], quiet, subject: subjectOf(event.kind), entry: entryOf(event) };
  }
  const tell = HAPPENINGS[record.kind];
  const [text, servers = [], quiet = false] = tell ? tell(record) : [`${record.kind.replaceAll('_', ' ')}.`];
  const section = record['section'];
  return { text, section: typeof section === 'string' ? sectionText(section) : '', servers, quiet, subject: subjectOf(record.kind), entry: entryOf(record) };
}

const HAPPENINGS: Readonly<Record<string, (record: Fields) => Told>> = {
  sent: (r) => [`${s(r['from'])} sends ${String(r['name'])} to ${s(r['to'])} in term ${n(r['term'])}.`, [n(r['from']), n(r['to'])], true],
  delivered: (r) => [`A message${ends(r)} arrives.`, endServers(r), true],
  lost: (r) => {
    const why: Record<string, string> = { receiver_down: ': its receiver is down', too_many_in_flight: ': too many are on their way', by_hand: ': you took it away', backlog_full: ': too much waits at its receiver' };
    return [`A message${ends(r)} is lost${why[String(r['why'])] ?? ''}.`, endServers(r), true];
  },
  blocked: (r) => [`A message${ends(r)} is stopped ${n(r['wall']) > 0 ? `by wall ${n(r['wall'])}` : 'by a cut link'}.`, endServers(r), true],
  duplicated: (r) => [`A message${ends(r)} is on its way twice.`, endServers(r), true],
  waits: (r) => [`A message${ends(r)} arrives, and waits until ${s(r['to'])} gets to it.`, endServers(r), true],
  held: (r) => [`A message${ends(r)} is held where it is.`, endServers(r)],
  released: (r) => [`A message${ends(r)} goes on.`, endServers(r)],
  link_turned: (r) => [`The link${ends(r)} ${r['cut'] === true ? 'breaks' : 'is whole again'}.`, endServers(r), true],
  crashed: (r) => [
    n(r['written']) > 0
      ? `${s(r['server'])} crashes in the middle of a save: ${plural(n(r['written']), 'piece', 'pieces')} of it reached the disk; what the disk does not hold is gone.`
      : `${s(r['server'])} crashes: what its disk does not hold is gone.`,
    [n(r['server'])],
  ],
  restarted: (r) => [`${s(r['server'])} restarts with what its disk holds.`, [n(r['server'])]],
  refused: (r) => [
    `${s(r['server'])} refuses a message from ${s(r['from'])}: ${whyRefused(r['why'])}.`,
    [n(r['server']), n(r['from'])],
  ],
  server_appeared: (r) => [`${s(r['server'])} is there, with an empty disk. It is no member yet, and waits to be sent a log.`, [n(r['server'])]],
  leadership_lost: (r) => {
    const [from, last] = [n(r['uncertain_from']), n((r['last'] as EntryId | undefined)?.index)];
    return [
      from > last
        ? `${s(r['server'])} no longer leads; all that it appended is committed.`
        : `${s(r['server'])} no longer leads, and cannot say what becomes of ${range(from, last)}.`,
      [n(r['server'])],
      from > last,
    ];
  },
  // The leader has told why.
  change_abandoned: (r) => [`${s(r['server'])} does not change the members: ${s(r['learner'])} did not get up to date.`, [n(r['server']), n(r['learner'])], true],
  snapshot_unreadable: (r) => [
    `${s(r['server'])} cannot read the snapshot up to ${entry(r['last_included'])}, and goes on with an empty state.`,
    [n(r['server'])],
  ],
  input_applied: (r) => applied(r['input'] as Input),
  read_answered: (r) => [
    `${s(r['server'])} reads ${quoted(r['key'])} as of index ${n(r['index'])}: ${typeof r['value'] === 'string' ? quoted(r['value']) : 'nothing was written to it'}.`,
    [n(r['server'])],
  ],
  read_failed: (r) => {
    const why: Record<string, string> = {
      leadership_lost: 'the leader that was asked leads no longer, as far as it knows',
      timed_out: 'no answer came for an election timeout',
      not_leader: 'the server that it asked does not lead',
      crashed: 'it crashed',
    };
    return [`${s(r['server'])} does not answer the read of ${quoted(r['key'])}: ${why[String(r['why'])] ?? String(r['why'])}.`, [n(r['server'])]];
  },
  client_requested: (r) => {
    const text = String(r['value'] ?? '');
    const append = /^([^=]*)\+=(.*)$/s.exec(text);
    let what = `to write ${quoted(text)}`;
    if (r['reads']) what = `for ${quoted(text.slice(0, -1))}`;
    else if (append) what = `to append ${quoted(append[2])} to ${quoted(append[1])}`;
    return [`${client(r)} asks ${s(r['server'])} ${what}.`, [n(r['server'])]];
  },
  client_answered: (r) => {
    const answer = typeof r['value'] === 'string' ? `it read ${quoted(r['value'])}` : 'what it asked for is done';
    return [`${client(r)} has its answer from ${s(r['server'])}: ${answer}.`, [n(r['server'])]];
  },
  client_gave_up: (r) => [
    `${client(r)} goes on without an answer from ${s(r['server'])}: what it asked for may be done, or come to be done, or never.`,
    [n(r['server'])],
  ],
  client_retries: (r) => {
    const why: Record<string, string> = {
      no_answer: 'no answer came in time',
      not_leader: 'the one it asked does not lead',
      replaced: 'another entry stands where its own was',
      not_read: 'the one it asked could not answer the read',
      unknown: 'the one it asked cannot say any more what became of it',
    };
    return [`${client(r)} asks ${s(r['server'])} now: ${why[String(r['why'])] ?? 'it tries again'}.`, [n(r['server'])]];
  },
  input_refused: (r) => [`An input could not be carried out: ${String(r['why'])}.`],
  violated: (r) => [`${PROPERTIES[String(r['property'])]?.[0] ?? String(r['property'])} is violated.`],
};

const milliseconds = (us: number): string => `${us / 1000} ms`;
const quoted = (value: unknown): string => `“${String(value ?? '')}”`;

const ends = (r: Fields): string => (r['from'] && r['to'] ? ` from ${s(r['from'])} to ${s(r['to'])}` : '');
const endServers = (r: Fields): number[] => [r['from'], r['to']].filter(Boolean).map(n);
const client = (r: Fields): string => (n(r['client']) <= 1 ? 'Your client' : `Client ${n(r['client'])}`);

function applied(input: Input): Told {
  switch (input.kind) {
    case 'crash':
    case 'restart':
      return [`You ${input.kind} S${input.server}.`, [input.server], true];
    case 'pause':
      return [`You pause S${input.server}: what comes to it waits.`, [input.server]];
    case 'resume':
      return [`You let S${input.server} go on; what has waited is handled now.`, [input.server]];
    case 'slow':
      return [
        input.step_us > 0 ? `You slow S${input.server} down: each thing takes it ${milliseconds(input.step_us)}.` : `You let S${input.server} work at its normal speed.`,
        [input.server],
      ];
    case 'set_disk':
      return [
        `You set S${input.server}'s disk: a save takes ${milliseconds(input.us_min)} to ${milliseconds(input.us_max)}${input.lies ? ', and is said to be done although a crash would lose it' : ''}.`,
        [input.server],
      ];
    case 'edit_disk': {
      const { term, voted_for: vote, keep, log } = input;
      const changes = [
        term === undefined ? '' : `term ${term}`,
        vote === undefined ? '' : vote > 0 ? `a vote for S${vote}` : 'no vote',
        keep === undefined ? '' : keep > 0 ? `its log up to index ${keep}` : 'nothing of its log',
        log?.length ? 'new entries behind that' : '',
      ];
      return [`You write S${input.server}'s disk by hand: ${changes.filter(Boolean).join(', ')}.`, [input.server]];
    }
    case 'set_clock':
      return [
        `You set S${input.server}'s clock: it runs at ${input.rate_ppm / 10_000} % of true time${input.ahead_us ? `, and is put ahead by ${milliseconds(input.ahead_us)}` : ''}.`,
        [input.server],
      ];
    case 'time_out':
      return [`You let S${input.server} time out.`, [input.server]];
    case 'compact':
      return [`You let S${input.server} take a snapshot.`, [input.server]];
    case 'new_server':
      return ['You start a new server.', [], true];
    case 'set_members':
      return [
        `You ask ${input.server ? s(input.server) : 'the leader'} to change the members: ${serverNames(input.voters)} to vote${input.learners?.length ? `, ${serverNames(input.learners)} to learn` : ''}.`,
        [...input.voters, ...(input.learners ?? [])],
      ];
    case 'leave_joint':
      return [`You ask ${input.server ? s(input.server) : 'the leader'} to leave joint consensus.`, input.server ? [input.server] : []];
    case 'read':
      return [`You ask ${input.server ? s(input.server) : 'the cluster'} for ${quoted(input.key ?? 'x')}.`, input.server ? [input.server] : []];
    case 'transfer':
      return [`You ask S${input.server} to hand its leadership over to S${input.to}.`, [input.server, input.to]];
    case 'propose':
      return input.server
        ? [`You propose ${quoted(input.value)} to S${input.server}.`, [input.server]]
        : [`You propose ${quoted(input.value)} to the cluster.`];
    case 'cut':
      return [`You cut the link from S${input.from} to S${input.to}.`, [input.from, input.to]];
    case 'uncut':
      return [`You mend the link from S${input.from} to S${input.to}.`, [input.from, input.to]];
    case 'partition':
      return [`You part the cluster: ${input.groups.map((group) => serverNames(group)).join(' | ')}.`, input.groups.flat()];
    case 'heal':
      return ['You remove all walls and mend all links.'];
    case 'flap':
      return [`You let the link from S${input.from} to S${input.to} break and come back, again and again.`, [input.from, input.to]];
    case 'hold':
    case 'release':
    case 'drop':
    case 'deliver':
      return [`You ${input.kind} message ${input.message}.`, [], true];
    case 'duplicate':
      return [`You double message ${input.message}.`, [], true];
    case 'hold_latest':
      return [`You hold the latest message from S${input.from} to S${input.to}.`, [input.from, input.to], true];
    case 'release_all':
      return ['You let all messages go on that are held.'];
    case 'set_link':
      return [`You change the link from S${input.from} to S${input.to}.`, [input.from, input.to], true];
    case 'move':
      return [`You move S${input.server}.`, [input.server], true];
    case 'wall':
      return [`You draw or move wall ${input.wall}.`, [], true];
    case 'set_wall': {
      const share = (input.loss_ppm ?? 1_000_000) / 10_000;
      return [`You set wall ${input.wall}: it stops ${share === 100 ? 'every message' : `${share} % of the messages`}${(input.stops ?? 'both') === 'both' ? '' : ' that come from one side'}.`];
    }
    case 'remove_wall':
      return [`You remove wall ${input.wall}.`];
  }
}
