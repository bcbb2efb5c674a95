/** What happens around the servers, and what is done to the run, in whole sentences. */

import { type EntryId, type Fields, type InputOf, n, s, told, word } from '../../telling';
import { serverNames } from '../../words';
import { spoken } from '../texts';
import { plural } from './english';
import { PROPERTIES, type Property } from './properties';
import { REFUSED } from './refused';
import { entry, range } from './telling';

const milliseconds = (us: number): string => `${us / 1000} ms`;
const quoted = (value: unknown): string => `“${String(value ?? '')}”`;

const ends = (r: Fields): string => (r['from'] && r['to'] ? ` from ${s(r['from'])} to ${s(r['to'])}` : '');
const client = (r: Fields): string => (n(r['client']) <= 1 ? 'Your client' : `Client ${n(r['client'])}`);

export const HAPPENINGS = spoken('happenings', {
  sent: (r: Fields) => `${s(r['from'])} sends ${String(r['name'])} to ${s(r['to'])} in term ${n(r['term'])}.`,
  delivered: (r: Fields) => `A message${ends(r)} arrives.`,
  lost: (r: Fields) => {
    const why: Record<string, string> = { receiver_down: ': its receiver is down', too_many_in_flight: ': too many are on their way', by_hand: ': you took it away', backlog_full: ': too much waits at its receiver' };
    return `A message${ends(r)} is lost${why[String(r['why'])] ?? ''}.`;
  },
  blocked: (r: Fields) => `A message${ends(r)} is stopped ${n(r['wall']) > 0 ? `by wall ${n(r['wall'])}` : 'by a cut link'}.`,
  duplicated: (r: Fields) => `A message${ends(r)} is on its way twice.`,
  waits: (r: Fields) => `A message${ends(r)} arrives, and waits until ${s(r['to'])} gets to it.`,
  held: (r: Fields) => `A message${ends(r)} is held where it is.`,
  released: (r: Fields) => `A message${ends(r)} goes on.`,
  link_turned: (r: Fields) => `The link${ends(r)} ${r['cut'] === true ? 'breaks' : 'is whole again'}.`,
  crashed: (r: Fields) => n(r['written']) > 0
      ? `${s(r['server'])} crashes in the middle of a save: ${plural(n(r['written']), 'piece', 'pieces')} of it reached the disk; what the disk does not hold is gone.`
      : `${s(r['server'])} crashes: what its disk does not hold is gone.`,
  restarted: (r: Fields) => `${s(r['server'])} restarts with what its disk holds.`,
  refused: (r: Fields) => `${s(r['server'])} refuses a message from ${s(r['from'])}: ${told(REFUSED, r['why'])}.`,
  server_appeared: (r: Fields) => `${s(r['server'])} is there, with an empty disk. It is no member yet, and waits to be sent a log.`,
  leadership_lost: (r: Fields) => {
    const [from, last] = [n(r['uncertain_from']), n((r['last'] as EntryId | undefined)?.index)];
    return from > last
        ? `${s(r['server'])} no longer leads; all that it appended is committed.`
        : `${s(r['server'])} no longer leads, and cannot say what becomes of ${range(from, last)}.`;
  },
  // The leader has told why.
  change_abandoned: (r: Fields) => `${s(r['server'])} does not change the members: ${s(r['learner'])} did not get up to date.`,
  snapshot_unreadable: (r: Fields) => `${s(r['server'])} cannot read the snapshot up to ${entry(r['last_included'])}, and goes on with an empty state.`,
  read_answered: (r: Fields) => `${s(r['server'])} reads ${quoted(r['key'])} as of index ${n(r['index'])}: ${typeof r['value'] === 'string' ? quoted(r['value']) : 'nothing was written to it'}.`,
  read_failed: (r: Fields) => {
    const why: Record<string, string> = {
      leadership_lost: 'the leader that was asked leads no longer, as far as it knows',
      timed_out: 'no answer came for an election timeout',
      not_leader: 'the server that it asked does not lead',
      crashed: 'it crashed',
    };
    return `${s(r['server'])} does not answer the read of ${quoted(r['key'])}: ${word(why, r['why'])}.`;
  },
  client_requested: (r: Fields) => {
    const text = String(r['value'] ?? '');
    const append = /^([^=]*)\+=(.*)$/s.exec(text);
    let what = `to write ${quoted(text)}`;
    if (r['reads']) what = `for ${quoted(text.slice(0, -1))}`;
    else if (append) what = `to append ${quoted(append[2])} to ${quoted(append[1])}`;
    return `${client(r)} asks ${s(r['server'])} ${what}.`;
  },
  client_answered: (r: Fields) => {
    const answer = typeof r['value'] === 'string' ? `it read ${quoted(r['value'])}` : 'what it asked for is done';
    return `${client(r)} has its answer from ${s(r['server'])}: ${answer}.`;
  },
  client_gave_up: (r: Fields) => `${client(r)} goes on without an answer from ${s(r['server'])}: what it asked for may be done, or come to be done, or never.`,
  client_retries: (r: Fields) => {
    const why: Record<string, string> = {
      no_answer: 'no answer came in time',
      not_leader: 'the one it asked does not lead',
      replaced: 'another entry stands where its own was',
      not_read: 'the one it asked could not answer the read',
      unknown: 'the one it asked cannot say any more what became of it',
    };
    return `${client(r)} asks ${s(r['server'])} now: ${why[String(r['why'])] ?? 'it tries again'}.`;
  },
  input_refused: (r: Fields) => `An input could not be carried out: ${String(r['why'])}.`,
  violated: (r: Fields) => `${PROPERTIES.list[r['property'] as Property]?.[0] ?? String(r['property'])} is violated.`,
});

/** What somebody did to the run. */
export const INPUTS = spoken('inputs', {
  crash: (input: InputOf<'crash'>) => `You ${input.kind} S${input.server}.`,
  restart: (input: InputOf<'restart'>) => `You ${input.kind} S${input.server}.`,
  pause: (input: InputOf<'pause'>) => `You pause S${input.server}: what comes to it waits.`,
  resume: (input: InputOf<'resume'>) => `You let S${input.server} go on; what has waited is handled now.`,
  slow: (input: InputOf<'slow'>) => input.step_us > 0 ? `You slow S${input.server} down: each thing takes it ${milliseconds(input.step_us)}.` : `You let S${input.server} work at its normal speed.`,
  set_disk: (input: InputOf<'set_disk'>) => `You set S${input.server}'s disk: a save takes ${milliseconds(input.us_min)} to ${milliseconds(input.us_max)}${input.lies ? ', and is said to be done although a crash would lose it' : ''}.`,
  edit_disk: (input: InputOf<'edit_disk'>) => {
      const { term, voted_for: vote, keep, log } = input;
      const changes = [
        term === undefined ? '' : `term ${term}`,
        vote === undefined ? '' : vote > 0 ? `a vote for S${vote}` : 'no vote',
        keep === undefined ? '' : keep > 0 ? `its log up to index ${keep}` : 'nothing of its log',
        log?.length ? 'new entries behind that' : '',
      ];
      return `You write S${input.server}'s disk by hand: ${changes.filter(Boolean).join(', ')}.`;
  },
  set_clock: (input: InputOf<'set_clock'>) => `You set S${input.server}'s clock: it runs at ${input.rate_ppm / 10_000} % of true time${input.ahead_us ? `, and is put ahead by ${milliseconds(input.ahead_us)}` : ''}.`,
  time_out: (input: InputOf<'time_out'>) => `You let S${input.server} time out.`,
  heartbeat: (input: InputOf<'heartbeat'>) => `You let S${input.server} send its heartbeats.`,
  compact: (input: InputOf<'compact'>) => `You let S${input.server} take a snapshot.`,
  new_server: () => 'You start a new server.',
  set_members: (input: InputOf<'set_members'>) => `You ask ${input.server ? s(input.server) : 'the leader'} to change the members: ${serverNames(input.voters)} to vote${input.learners?.length ? `, ${serverNames(input.learners)} to learn` : ''}.`,
  leave_joint: (input: InputOf<'leave_joint'>) => `You ask ${input.server ? s(input.server) : 'the leader'} to leave joint consensus.`,
  read: (input: InputOf<'read'>) => `You ask ${input.server ? s(input.server) : 'the cluster'} for ${quoted(input.key ?? 'x')}.`,
  transfer: (input: InputOf<'transfer'>) => `You ask S${input.server} to hand its leadership over to S${input.to}.`,
  propose: (input: InputOf<'propose'>) => input.server
        ? `You propose ${quoted(input.value)} to S${input.server}.`
        : `You propose ${quoted(input.value)} to the cluster.`,
  cut: (input: InputOf<'cut'>) => `You cut the link from S${input.from} to S${input.to}.`,
  uncut: (input: InputOf<'uncut'>) => `You mend the link from S${input.from} to S${input.to}.`,
  partition: (input: InputOf<'partition'>) => `You part the cluster: ${input.groups.map((group) => serverNames(group)).join(' | ')}.`,
  heal: () => 'You remove all walls and mend all links.',
  flap: (input: InputOf<'flap'>) => `You let the link from S${input.from} to S${input.to} break and come back, again and again.`,
  hold: (input: InputOf<'hold'>) => `You ${input.kind} message ${input.message}.`,
  release: (input: InputOf<'release'>) => `You ${input.kind} message ${input.message}.`,
  drop: (input: InputOf<'drop'>) => `You ${input.kind} message ${input.message}.`,
  deliver: (input: InputOf<'deliver'>) => `You ${input.kind} message ${input.message}.`,
  duplicate: (input: InputOf<'duplicate'>) => `You double message ${input.message}.`,
  set_delay: (input: InputOf<'set_delay'>) => `You set how long message ${input.message} takes: ${milliseconds(input.us)} from now.`,
  hold_latest: (input: InputOf<'hold_latest'>) => `You hold the latest message from S${input.from} to S${input.to}.`,
  release_all: () => 'You let all messages go on that are held.',
  set_link: (input: InputOf<'set_link'>) => `You change the link from S${input.from} to S${input.to}.`,
  move: (input: InputOf<'move'>) => `You move S${input.server}.`,
  wall: (input: InputOf<'wall'>) => `You draw or move wall ${input.wall}.`,
  set_wall: (input: InputOf<'set_wall'>) => {
      const share = (input.loss_ppm ?? 1_000_000) / 10_000;
      return `You set wall ${input.wall}: it stops ${share === 100 ? 'every message' : `${share} % of the messages`}${(input.stops ?? 'both') === 'both' ? '' : ' that come from one side'}.`;
  },
  remove_wall: (input: InputOf<'remove_wall'>) => `You remove wall ${input.wall}.`,
});
