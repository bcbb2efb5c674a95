/** What servers decide about members, snapshots and reads (P§6, P§7, D§4 to D§6), in whole sentences. */

import { counting, type EntryId, type Fields, n, rounded, s } from '../../telling';
import { timeText } from '../../words';
import { spoken } from '../texts';
import { plural } from './english';
import { entry } from './telling';

/** "4 voters and 1 learner"; in joint consensus whose majorities are needed. */
function who(event: Fields): string {
  const { voters, old, learners } = counting(event);
  const learning = learners > 0 ? `, and ${plural(learners, 'learner', 'learners')}` : '';
  return old
    ? `a majority of the ${plural(voters, 'new voter', 'new voters')} and one of the ${plural(old, 'old voter', 'old voters')} count together${learning}`
    : `${plural(voters, 'voter', 'voters')}${learning}`;
}

const joint = (event: Fields): string => (counting(event).old ? 'joint configuration' : 'configuration');
const index = (event: Fields): number => n((event['last_included'] as EntryId | undefined)?.index);
/** For whom a read is, where it is not the server's own. */
const forWhom = (me: string, event: Fields): string => (s(event['asked_by']) === me ? '' : ` for ${s(event['asked_by'])}`);

export const CLUSTER_DECISIONS = spoken('clusterDecisions', {
  configuration_in_force: (me: string, event: Fields) => {
    const at = n(event['index']) > 0 ? `the ${joint(event)} at index ${n(event['index'])}` : `the ${joint(event)} that its log began with`;
    const why: Record<string, string> = {
      appended: `${me} goes by ${at} from the moment it is in its log`,
      truncated: `${me} goes back to ${at}, as the one after it is removed from its log`,
      snapshot: `${me} goes by the ${joint(event)} that the snapshot brings`,
      committed: `${me} goes by ${at} only now that it is committed, which breaks a rule`,
    };
    return `${why[String(event['reason'])] ?? `${me} goes by ${at}`}: ${who(event)}.`;
  },
  catch_up_started: (me: string, event: Fields) => `${me} brings ${plural(n(event['learners']), 'new server', 'new servers')} up to date before ${n(event['learners']) === 1 ? 'it counts' : 'they count'} as ${n(event['learners']) === 1 ? 'a voter' : 'voters'}.`,
  catch_up_round: (me: string, event: Fields) => {
    const [who, round, took] = [s(event['learner']), n(event['round']), `${rounded(event['took_us'])} ms`];
    return event['caught_up'] === true
        ? `${me} finds ${who} up to date: round ${round} took ${took}, less than an election timeout.`
        : `${me} sees ${who} at the end of round ${round} after ${took}, no less than an election timeout: it is not up to date yet.`;
  },
  catch_up_abandoned: (me: string, event: Fields) => `${me} gives up the change of members: ${s(event['learner'])} did not catch up in round ${n(event['round'])}, and stays a learner.`,
  log_compacted: (me: string, event: Fields) => `${me} takes a snapshot: ${plural(n(event['bytes']), 'byte stands', 'bytes stand')} for the log up to ${entry(event['last_included'])}, and ${plural(n(event['entries']), 'entry goes', 'entries go')}.`,
  snapshot_sent: (me: string, event: Fields) => {
    const [offset, end] = [n(event['offset']), n(event['offset']) + n(event['bytes'])];
    const part = event['done'] === true ? (offset === 0 ? `all ${end} bytes` : `bytes ${offset} to ${end}, the last`) : `bytes ${offset} to ${end}`;
    return `${me} sends ${s(event['follower'])} its snapshot up to ${entry(event['last_included'])} (${part}), for the entries that ${s(event['follower'])} lacks are gone from its log.`;
  },
  snapshot_part_taken: (me: string, event: Fields) => {
    const what = `${s(event['leader'])}'s snapshot up to index ${index(event)}`;
    return event['was_next'] === true
        ? `${me} has ${what} as far as byte ${n(event['upto'])}.`
        : `${me} cannot use a part of ${what}: it is not the next one, which begins at byte ${n(event['upto'])}.`;
  },
  snapshot_installed: (me: string, event: Fields) => `${me} puts ${s(event['leader'])}'s snapshot in place of its state and of its log up to ${entry(event['last_included'])}; ${n(event['kept']) === 0 ? 'no entry stays' : `${plural(n(event['kept']), 'entry', 'entries')} behind it ${n(event['kept']) === 1 ? 'stays' : 'stay'}`}.`,
  snapshot_ignored: (me: string, event: Fields) => `${me} passes over ${s(event['leader'])}'s snapshot up to index ${index(event)}: it has committed up to index ${n(event['commit_index'])} already.`,
  read_waits: (me: string, event: Fields) => {
    const index = event['read_index'];
    return index === null || index === undefined
        ? `${me} lets a read${forWhom(me, event)} wait: until an entry of its own term is committed, it does not know what is.`
        : `${me} lets a read${forWhom(me, event)} wait, which must see all up to index ${n(index)}: a majority has to answer round ${n(event['round'])} of its heartbeats first, to show that it still leads.`;
  },
  read_confirmed: (me: string, event: Fields) => `${me} still led when round ${n(event['round'])} began, for a majority has answered it: the read${forWhom(me, event)} must see all up to index ${n(event['read_index'])}.`,
  read_by_lease: (me: string, event: Fields) => `${me} answers a read${forWhom(me, event)} at once, as of index ${n(event['read_index'])}: nobody else can be elected before ${timeText(n(event['lease_until']))}.`,
  read_forwarded: (me: string, event: Fields) => `${me} asks the leader, ${s(event['leader'])}, how much its read must see.`,
  read_index_learned: (me: string, event: Fields) => {
    const [wanted, applied] = [n(event['read_index']), n(event['last_applied'])];
    return `${me} learns that its read must see all up to index ${wanted}; it has applied up to ${applied}${applied < wanted ? ', so the read waits' : ''}.`;
  },
  read_given_up: (me: string, event: Fields) => {
    const why: Record<string, string> = {
      leadership_lost: 'the leader that was asked leads no longer, as far as it knows',
      timed_out: 'no answer came for an election timeout',
      not_leader: 'the server that was asked does not lead',
    };
    const reason = String(event['reason']);
    return `${me} gives up a read${forWhom(me, event)}: ${why[reason] ?? reason}.`;
  },
});
