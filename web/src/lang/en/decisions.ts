/** What servers decide in elections and about their logs (P§5), in whole sentences with the values that decided. */

import type { Role } from '../../door/types';
import { because, type EntryId, type Fields, n, rounded, s } from '../../telling';
import { spoken } from '../texts';
import { plural } from './english';
import { WORDS } from './page';
import { agreed, count, entry, needed, progress, range } from './telling';

const votes = (howMany: number): string => plural(howMany, 'vote', 'votes');
const servers = (howMany: number): string => plural(howMany, 'server', 'servers');

/** Why a vote is not given, or would not be given. */
function whyNoVote(me: string, reason: Fields & { because: string }, term: 'older' | 'not newer'): string {
  const why: Record<string, string> = {
    older_term: `term ${n(reason['candidate_term'])} is ${term} than its own term ${n(reason['current_term'])}`,
    already_voted: `it has voted for ${s(reason['voted_for'])} in this term`,
    leader_alive:
      s(reason['leader']) === me
        ? 'it leads itself'
        : `it holds on to the leader, ${s(reason['leader'])}, heard from ${rounded(reason['heard_us_ago'])} ms ago`,
    lease_may_run: `it started or heard from a leader only ${rounded(reason['us_ago'])} ms ago, and that leader may still answer reads on its lease`,
    not_a_voter: 'it does not know that it is a voter',
    own_log_newer: `its own log (${entry(reason['own_last'])}) is more up-to-date than the candidate's (${entry(reason['candidate_last'])})`,
  };
  return why[reason.because] ?? reason.because;
}

export const DECISIONS = spoken('decisions', {
  timer_reset: (me: string, event: Fields) => {
    const reason = because(event);
    const why: Record<string, string> = {
      heard_from_leader: `it has heard from the leader, ${s(reason['leader'])}`,
      granted_vote: `it has given its vote to ${s(reason['candidate'])}`,
      started_election: 'it asks for votes',
      no_longer_leads: 'it no longer leads',
      election_not_started: 'no election could start',
    };
    return `${me} sets its election timer anew: ${why[reason.because] ?? reason.because}.`;
  },
  election_timed_out: (me: string, event: Fields) => event['forced'] === true
      ? `${me} is told to time out.`
      : `${me} has had no word from a leader for ${rounded(event['waited_us'])} ms: its election timer runs out.`,
  election_not_started: (me: string, event: Fields) => {
    const why: Record<string, string> = {
      not_a_voter: ': in its configuration it is no voter',
      terms_used_up: ': no higher term is left',
      lease_may_run: ': a leader may still answer reads on its lease',
    };
    return `${me}'s timer runs out, but it starts no election${why[String((event['reason'] as Fields | undefined)?.['kind'])] ?? ''}.`;
  },
  became_candidate: (me: string, event: Fields) => `${me} becomes candidate in term ${n(event['term'])} and votes for itself; it needs ${count(event['votes'], 'needed', votes)}.`,
  became_leader: (me: string, event: Fields) => `${me} becomes leader in term ${n(event['term'])} with ${count(event['votes'], 'have', votes)}; it needed ${needed(event['votes'])}.`,
  became_follower: (me: string, event: Fields) => {
    const reason = because(event);
    const why: Record<string, string> = {
      higher_term: `${s(reason['seen_from'])} is in the higher term ${n(event['term'])}`,
      leader_elected: `${s(reason['leader'])} ${event['from'] === 'pre_candidate' ? 'leads' : 'has won'} term ${n(event['term'])}`,
      no_quorum: `it has heard from only ${progress(reason['heard'], ' servers')}, counting itself`,
      removed: `the configuration without it, at index ${n(reason['index'])}, is committed`,
    };
    return `${me}, ${WORDS.roles[event['from'] as Role]} until now, becomes follower: ${why[reason.because] ?? reason.because}.`;
  },
  term_adopted: (me: string, event: Fields) => `${me} goes from term ${n(event['from'])} to term ${n(event['to'])}, which it saw in a message from ${s(event['because_of'])}.`,
  became_pre_candidate: (me: string, event: Fields) => `${me} becomes pre-candidate: before it enters term ${n(event['next_term'])} it asks whether it could win it, with ${count(event['votes'], 'needed', votes)}.`,
  pre_vote_granted: (me: string, event: Fields) => `${me} would vote for ${s(event['candidate'])} in term ${n(event['next_term'])}: it hears from no leader, and ${s(event['candidate'])}'s log (${entry(event['candidate_last'])}) is at least as up-to-date as its own (${entry(event['own_last'])}).`,
  pre_vote_refused: (me: string, event: Fields) => `${me} would not vote for ${s(event['candidate'])}: ${whyNoVote(me, because(event), 'not newer')}.`,
  told_to_time_out: (me: string, event: Fields) => `${me} is asked by the leader, ${s(event['leader'])}, to start an election at once.`,
  transfer_started: (me: string, event: Fields) => `${me} begins to hand its leadership over to ${s(event['to'])}, and takes no commands meanwhile.`,
  transfer_ready: (me: string, event: Fields) => `${me} asks ${s(event['to'])} to start an election: ${s(event['to'])}'s log agrees with all of its own, up to index ${n(event['match_index'])}.`,
  transfer_aborted: (me: string, event: Fields) => `${me} gives up handing over to ${s(event['to'])}, which took longer than an election timeout, and goes on as leader.`,
  quorum_heard: (me: string, event: Fields) => `${me} has heard from ${count(event['heard'], 'have', servers)}, itself included, since it last looked; it needs ${needed(event['heard'])}.`,
  vote_granted: (me: string, event: Fields) => event['again'] === true
      ? `${me} confirms the vote it gave ${s(event['candidate'])}.`
      : `${me} grants its vote to ${s(event['candidate'])}, whose log (${entry(event['candidate_last'])}) is at least as up-to-date as its own (${entry(event['own_last'])}).`,
  vote_refused: (me: string, event: Fields) => {
    const reason = because(event);
    // It is not even answered then.
    const does = reason.because === 'leader_alive' ? 'pays no heed to the vote request of' : 'refuses its vote to';
    return `${me} ${does} ${s(event['candidate'])}: ${whyNoVote(me, reason, 'older')}.`;
  },
  vote_counted: (me: string, event: Fields) => `${me} counts ${me === s(event['from']) ? 'its own vote' : `the vote of ${s(event['from'])}`}: ${progress(event['votes'])}.`,
  pre_vote_counted: (me: string, event: Fields) => `${me} counts ${me === s(event['from']) ? 'itself' : s(event['from'])} among those who would vote for it: ${progress(event['votes'])}.`,
  pre_vote_denied: (me: string, event: Fields) => `${me} learns that ${s(event['from'])} would not vote for it.`,
  vote_denied: (me: string, event: Fields) => `${me} learns that ${s(event['from'])} does not vote for it.`,
  reply_ignored: (me: string, event: Fields) => {
    const reason = because(event);
    const why: Record<string, string> = {
      older_term: `it is from term ${n(reason['reply_term'])}, and ${me} is in term ${n(reason['current_term'])}`,
      not_candidate: `${me} no longer waits for this answer`,
      not_leader: `${me} no longer leads`,
      not_a_voter: `${s(event['from'])} is no voter`,
      not_asked: 'no question that it answers is open',
      counted_already: 'that vote is counted already',
      answered_already: 'the leader has moved on since',
    };
    return `${me} ignores a reply of ${s(event['from'])}: ${why[reason.because] ?? reason.because}.`;
  },
  entries_appended: (me: string, event: Fields) => n(event['count']) === 1
      ? `${me} appends an entry to its own log: ${entry(event['first'])}.`
      : `${me} appends ${n(event['count'])} entries to its own log, the first of them ${entry(event['first'])}.`,
  append_accepted: (me: string, event: Fields) => n(event['appended']) === 0
      ? `${me} finds its log in agreement with ${s(event['leader'])}'s up to index ${n(event['match_index'])}.`
      : `${me} appends ${plural(n(event['appended']), 'entry', 'entries')} from ${s(event['leader'])}: ${agreed(event['prev'])}.`,
  entries_removed: (me: string, event: Fields) => {
    const first = event['first'] as EntryId;
    return `${me} removes ${range(first.index, n(event['last']))}: its entry there is from term ${first.term}, the leader's from term ${n(event['leaders_term'])}.`;
  },
  append_refused: (me: string, event: Fields) => {
    const reason = because(event);
    const prev = reason['prev'] as EntryId | undefined;
    const why: Record<string, string> = {
      older_term: `term ${n(reason['leader_term'])} is older than its own term ${n(reason['current_term'])}`,
      log_too_short: `its log ends at index ${n(reason['last_index'])}, before ${entry(prev)}`,
      other_term: `its entry at index ${prev?.index ?? 0} has term ${n(reason['own_term'])}, not ${prev?.term ?? 0}`,
    };
    return `${me} refuses entries from ${s(event['leader'])}: ${why[reason.because] ?? reason.because}.`;
  },
  follower_matches: (me: string, event: Fields) => `${me} learns that ${s(event['follower'])}'s log agrees with its own up to index ${n(event['match_index'])}.`,
  follower_conflicts: (me: string, event: Fields) => `${me} goes back with ${s(event['follower'])}, whose log differs at index ${n(event['prev_log_index'])}: nextIndex from ${n(event['next_index_before'])} to ${n(event['next_index'])}.`,
  committed: (me: string, event: Fields) => {
    const reason = because(event);
    const what = range(n(event['from']) + 1, n(event['to']));
    return reason.because === 'quorum_holds'
        ? `${me} commits ${what}: ${count(reason['holders'], 'have', servers)} hold ${n(event['from']) + 1 === n(event['to']) ? 'it' : 'them'}, ${needed(reason['holders'])} are needed.`
        : `${me} learns that ${what} ${n(event['from']) + 1 === n(event['to']) ? 'is' : 'are'} committed: the leader has committed up to ${n(reason['leader_commit'])}.`;
  },
  commit_withheld: (me: string, event: Fields) => `${me} does not commit ${entry(event['entry'])}, though a majority holds it: only entries of its own term ${n(event['current_term'])} are committed by counting.`,
});
