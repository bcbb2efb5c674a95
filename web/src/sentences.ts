/** What happened, in whole sentences in the paper's words, with the values that decided. */

import type { EventRecord, Input, Role } from './door/types';
import { plural, sectionText, serverNames, WORDS } from './words';

export interface Sentence {
  readonly text: string;
  /** "§5.4.1", or nothing where no rule of Raft decided. */
  readonly section: string;
  /** Servers that it is about. */
  readonly servers: readonly number[];
  /** Whether it is one of the many that only carry the story: messages, timers. */
  readonly quiet: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
interface EntryId {
  index: number;
  term: number;
}

const s = (id: unknown): string => `S${String(id)}`;
const n = (value: unknown): number => Number(value ?? 0);
const entry = (value: unknown): string => {
  const id = value as EntryId | undefined;
  return !id || id.index === 0 ? 'empty' : `index ${id.index}, term ${id.term}`;
};
/** Why new entries may go behind `prev`. */
const agreed = (prev: unknown): string =>
  (prev as EntryId | undefined)?.index ? `both logs hold ${entry(prev)} before that` : 'nothing stands before that';
const range = (from: number, to: number): string => (from === to ? `index ${from}` : `indexes ${from} to ${to}`);

/** Puts a record into words. A kind that this page does not know is named as it is. */
export function sentence(record: EventRecord): Sentence {
  if (record.kind === 'decision') {
    const event = record['event'] as Fields & { kind: string };
    const server = n(record['server']);
    const tell = DECISIONS[event.kind];
    const [text, others = [], quiet = false] = tell ? tell(s(server), event) : [`${s(server)}: ${event.kind.replaceAll('_', ' ')}.`];
    return { text, section: sectionText(String(record['section'] ?? '')), servers: [server, ...others], quiet };
  }
  const tell = HAPPENINGS[record.kind];
  const [text, servers = [], quiet = false] = tell ? tell(record) : [`${record.kind.replaceAll('_', ' ')}.`];
  const section = record['section'];
  return { text, section: typeof section === 'string' ? sectionText(section) : '', servers, quiet };
}

type Told = readonly [text: string, others?: readonly number[], quiet?: boolean];

const because = (event: Fields): Fields & { because: string } => (event['reason'] ?? {}) as Fields & { because: string };

/** Why a vote is not given, or would not be given. */
function whyNoVote(me: string, reason: Fields & { because: string }, term: 'older' | 'not newer'): string {
  const why: Record<string, string> = {
    older_term: `term ${n(reason['candidate_term'])} is ${term} than its own term ${n(reason['current_term'])}`,
    already_voted: `it has voted for ${s(reason['voted_for'])} in this term`,
    leader_alive:
      s(reason['leader']) === me
        ? 'it leads itself'
        : `it holds on to the leader, ${s(reason['leader'])}, heard from ${Math.round(n(reason['heard_us_ago']) / 1000)} ms ago`,
    own_log_newer: `its own log (${entry(reason['own_last'])}) is more up-to-date than the candidate's (${entry(reason['candidate_last'])})`,
  };
  return why[reason.because] ?? reason.because;
}

const DECISIONS: Readonly<Record<string, (me: string, event: Fields) => Told>> = {
  timer_reset: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      heard_from_leader: `it has heard from the leader, ${s(reason['leader'])}`,
      granted_vote: `it has given its vote to ${s(reason['candidate'])}`,
      started_election: 'it asks for votes',
      no_longer_leads: 'it no longer leads',
      election_not_started: 'no election could start',
    };
    return [`${me} sets its election timer anew: ${why[reason.because] ?? reason.because}.`, [], true];
  },
  election_timed_out: (me, event) => [
    event['forced'] === true
      ? `${me} is told to time out.`
      : `${me} has had no word from a leader for ${Math.round(n(event['waited_us']) / 1000)} ms: its election timer runs out.`,
  ],
  election_not_started: (me) => [`${me}'s timer runs out, but it starts no election.`],
  became_candidate: (me, event) => [
    `${me} becomes candidate in term ${n(event['term'])} and votes for itself; it needs ${plural(n(event['votes_needed']), 'vote', 'votes')}.`,
  ],
  became_leader: (me, event) => [
    `${me} becomes leader in term ${n(event['term'])} with ${plural(n(event['votes']), 'vote', 'votes')}; it needed ${n(event['votes_needed'])}.`,
  ],
  became_follower: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      higher_term: `${s(reason['seen_from'])} is in the higher term ${n(event['term'])}`,
      leader_elected: `${s(reason['leader'])} ${event['from'] === 'pre_candidate' ? 'leads' : 'has won'} term ${n(event['term'])}`,
      no_quorum: `of the ${plural(n(reason['needed']), 'server', 'servers')} it needs, itself included, it has heard from only ${n(reason['heard'])}`,
    };
    const who = [reason['seen_from'] ?? reason['leader'] ?? []].flat().map(n);
    return [`${me}, ${WORDS.roles[event['from'] as Role]} until now, becomes follower: ${why[reason.because] ?? reason.because}.`, who];
  },
  term_adopted: (me, event) => [
    `${me} goes from term ${n(event['from'])} to term ${n(event['to'])}, which it saw in a message from ${s(event['because_of'])}.`,
    [n(event['because_of'])],
    true,
  ],
  became_pre_candidate: (me, event) => [
    `${me} becomes pre-candidate: before it enters term ${n(event['next_term'])} it asks whether it could win it, with ${plural(n(event['votes_needed']), 'vote', 'votes')}.`,
  ],
  pre_vote_granted: (me, event) => [
    `${me} would vote for ${s(event['candidate'])} in term ${n(event['next_term'])}: it hears from no leader, and ${s(event['candidate'])}'s log (${entry(event['candidate_last'])}) is at least as up-to-date as its own (${entry(event['own_last'])}).`,
    [n(event['candidate'])],
  ],
  pre_vote_refused: (me, event) => [
    `${me} would not vote for ${s(event['candidate'])}: ${whyNoVote(me, because(event), 'not newer')}.`,
    [n(event['candidate'])],
  ],
  told_to_time_out: (me, event) => [`${me} is asked by the leader, ${s(event['leader'])}, to start an election at once.`, [n(event['leader'])]],
  transfer_started: (me, event) => [
    `${me} begins to hand its leadership over to ${s(event['to'])}, and takes no commands meanwhile.`,
    [n(event['to'])],
  ],
  transfer_ready: (me, event) => [
    `${me} asks ${s(event['to'])} to start an election: ${s(event['to'])}'s log agrees with all of its own, up to index ${n(event['match_index'])}.`,
    [n(event['to'])],
  ],
  transfer_aborted: (me, event) => [
    `${me} gives up handing over to ${s(event['to'])}, which took longer than an election timeout, and goes on as leader.`,
    [n(event['to'])],
  ],
  quorum_heard: (me, event) => [
    `${me} has heard from ${plural(n(event['heard']), 'server', 'servers')}, itself included, since it last looked; it needs ${n(event['needed'])}.`,
    [],
    true,
  ],
  vote_granted: (me, event) => [
    event['again'] === true
      ? `${me} confirms the vote it gave ${s(event['candidate'])}.`
      : `${me} grants its vote to ${s(event['candidate'])}, whose log (${entry(event['candidate_last'])}) is at least as up-to-date as its own (${entry(event['own_last'])}).`,
    [n(event['candidate'])],
  ],
  vote_refused: (me, event) => {
    const reason = because(event);
    // It is not even answered then.
    const does = reason.because === 'leader_alive' ? 'pays no heed to the vote request of' : 'refuses its vote to';
    return [`${me} ${does} ${s(event['candidate'])}: ${whyNoVote(me, reason, 'older')}.`, [n(event['candidate'])]];
  },
  vote_counted: (me, event) => [
    `${me} counts ${me === s(event['from']) ? 'its own vote' : `the vote of ${s(event['from'])}`}: ${n(event['votes'])} of the ${n(event['votes_needed'])} it needs.`,
    [n(event['from'])],
  ],
  pre_vote_counted: (me, event) => [
    `${me} counts ${me === s(event['from']) ? 'itself' : s(event['from'])} among those who would vote for it: ${n(event['votes'])} of the ${n(event['votes_needed'])} it needs.`,
    [n(event['from'])],
  ],
  pre_vote_denied: (me, event) => [`${me} learns that ${s(event['from'])} would not vote for it.`, [n(event['from'])]],
  vote_denied: (me, event) => [`${me} learns that ${s(event['from'])} does not vote for it.`, [n(event['from'])]],
  reply_ignored: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      older_term: `it is from term ${n(reason['reply_term'])}, and ${me} is in term ${n(reason['current_term'])}`,
      not_candidate: `${me} no longer waits for this answer`,
      not_leader: `${me} no longer leads`,
      counted_already: 'that vote is counted already',
      answered_already: 'the leader has moved on since',
    };
    return [`${me} ignores a reply of ${s(event['from'])}: ${why[reason.because] ?? reason.because}.`, [n(event['from'])], true];
  },
  entry_appended: (me, event) => [`${me} appends an entry to its own log: ${entry(event['entry'])}.`],
  append_accepted: (me, event) => [
    n(event['appended']) === 0
      ? `${me} finds its log in agreement with ${s(event['leader'])}'s up to index ${n(event['match_index'])}.`
      : `${me} appends ${plural(n(event['appended']), 'entry', 'entries')} from ${s(event['leader'])}: ${agreed(event['prev'])}.`,
    [n(event['leader'])],
    n(event['appended']) === 0,
  ],
  entries_removed: (me, event) => {
    const first = event['first'] as EntryId;
    return [
      `${me} removes ${range(first.index, n(event['last']))}: its entry there is from term ${first.term}, the leader's from term ${n(event['leaders_term'])}.`,
    ];
  },
  append_refused: (me, event) => {
    const reason = because(event);
    const prev = reason['prev'] as EntryId | undefined;
    const why: Record<string, string> = {
      older_term: `term ${n(reason['leader_term'])} is older than its own term ${n(reason['current_term'])}`,
      log_too_short: `its log ends at index ${n(reason['last_index'])}, before ${entry(prev)}`,
      other_term: `its entry at index ${prev?.index ?? 0} has term ${n(reason['own_term'])}, not ${prev?.term ?? 0}`,
    };
    return [`${me} refuses entries from ${s(event['leader'])}: ${why[reason.because] ?? reason.because}.`, [n(event['leader'])]];
  },
  follower_matches: (me, event) => [
    `${me} learns that ${s(event['follower'])}'s log agrees with its own up to index ${n(event['match_index'])}.`,
    [n(event['follower'])],
    true,
  ],
  follower_conflicts: (me, event) => [
    `${me} goes back with ${s(event['follower'])}, whose log differs at index ${n(event['prev_log_index'])}: nextIndex from ${n(event['next_index_before'])} to ${n(event['next_index'])}.`,
    [n(event['follower'])],
  ],
  committed: (me, event) => {
    const reason = because(event);
    const what = range(n(event['from']) + 1, n(event['to']));
    return [
      reason.because === 'quorum_holds'
        ? `${me} commits ${what}: ${n(reason['holders'])} servers hold ${n(event['from']) + 1 === n(event['to']) ? 'it' : 'them'}, ${n(reason['needed'])} are needed.`
        : `${me} learns that ${what} ${n(event['from']) + 1 === n(event['to']) ? 'is' : 'are'} committed: the leader has committed up to ${n(reason['leader_commit'])}.`,
    ];
  },
  commit_withheld: (me, event) => [
    `${me} does not commit ${entry(event['entry'])}, though a majority holds it: only entries of its own term ${n(event['current_term'])} are committed by counting.`,
  ],
};

const HAPPENINGS: Readonly<Record<string, (record: Fields) => Told>> = {
  sent: (r) => [`${s(r['from'])} sends ${String(r['name'])} to ${s(r['to'])} in term ${n(r['term'])}.`, [n(r['from']), n(r['to'])], true],
  delivered: (r) => [`A message${ends(r)} arrives.`, endServers(r), true],
  lost: (r) => {
    const why: Record<string, string> = { receiver_down: ': its receiver is down', too_many_in_flight: ': too many are on their way' };
    return [`A message${ends(r)} is lost${why[String(r['why'])] ?? ''}.`, endServers(r), true];
  },
  blocked: (r) => [`A message${ends(r)} is stopped ${n(r['wall']) > 0 ? `by wall ${n(r['wall'])}` : 'by a cut link'}.`, endServers(r), true],
  duplicated: (r) => [`A message${ends(r)} is on its way twice.`, endServers(r), true],
  crashed: (r) => [`${s(r['server'])} crashes: what its disk does not hold is gone.`, [n(r['server'])]],
  restarted: (r) => [`${s(r['server'])} restarts with what its disk holds.`, [n(r['server'])]],
  refused: (r) => [
    `${s(r['server'])} refuses a message from ${s(r['from'])}: ${String((r['why'] as Fields | undefined)?.['kind'] ?? '').replaceAll('_', ' ')}.`,
    [n(r['server']), n(r['from'])],
  ],
  input_applied: (r) => applied(r['input'] as Input),
  client_requested: (r) => [`${client(r)} asks ${s(r['server'])} to write ${quoted(r['value'])}.`, [n(r['server'])]],
  client_answered: (r) => [`${client(r)} has its answer from ${s(r['server'])}: the command is applied.`, [n(r['server'])]],
  client_retries: (r) => {
    const why: Record<string, string> = {
      no_answer: 'no answer came in time',
      not_leader: 'the one it asked does not lead',
      replaced: 'another entry stands where its own was',
    };
    return [`${client(r)} asks ${s(r['server'])} now: ${why[String(r['why'])] ?? 'it tries again'}.`, [n(r['server'])]];
  },
  input_refused: (r) => [`An input could not be carried out: ${String(r['why'])}.`],
  violated: (r) => [`${propertyName(r['property'])} is violated.`],
};

const quoted = (value: unknown): string => `“${String(value ?? '')}”`;

/** "Election Safety" from "election_safety" or "ElectionSafety". */
function propertyName(property: unknown): string {
  const words = String(property).replaceAll('_', ' ').replace(/([a-z])([A-Z])/g, '$1 $2');
  return words.replace(/\b[a-z]/g, (letter) => letter.toUpperCase());
}

const ends = (r: Fields): string => (r['from'] && r['to'] ? ` from ${s(r['from'])} to ${s(r['to'])}` : '');
const endServers = (r: Fields): number[] => [r['from'], r['to']].filter(Boolean).map(n);
const client = (r: Fields): string => (n(r['client']) <= 1 ? 'Your client' : `Client ${n(r['client'])}`);

function applied(input: Input): Told {
  switch (input.kind) {
    case 'crash':
    case 'restart':
      return [`You ${input.kind} S${input.server}.`, [input.server], true];
    case 'time_out':
      return [`You let S${input.server} time out.`, [input.server]];
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
    case 'set_link':
      return [`You change the link from S${input.from} to S${input.to}.`, [input.from, input.to], true];
    case 'move':
      return [`You move S${input.server}.`, [input.server], true];
    case 'wall':
      return [`You draw or move wall ${input.wall}.`, [], true];
    case 'remove_wall':
      return [`You remove wall ${input.wall}.`];
  }
}
