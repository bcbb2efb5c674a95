/** 服务器在选举和日志方面的决定（P§5）。 */

import { because, type EntryId, type Fields, n, rounded, s, word } from '../../telling';
import type { Catalogue } from '../catalogue';
import { page } from './page';
import { count, entry, progress, range, spaced } from './telling';

/** 为什么不投票，或者不会投票。 */
function whyNoVote(me: string, reason: Fields & { because: string }, older: string): string {
  const why: Record<string, string> = {
    older_term: `任期 ${n(reason['candidate_term'])} ${older}自己的任期 ${n(reason['current_term'])}`,
    already_voted: `它在这个任期已经投票给 ${s(reason['voted_for'])}`,
    leader_alive: s(reason['leader']) === me ? '它自己就是领导者' : `它拥护领导者 ${s(reason['leader'])}，${rounded(reason['heard_us_ago'])} ms 前刚收到它的消息`,
    lease_may_run: `它在 ${rounded(reason['us_ago'])} ms 前才启动或收到领导者的消息，那个领导者可能仍在凭租约答复读取`,
    not_a_voter: '它不知道自己是投票成员',
    own_log_newer: `自己的日志（${entry(reason['own_last'])}）比候选者的日志（${entry(reason['candidate_last'])}）更新`,
  };
  return word(why, reason.because);
}

export const decisions: Catalogue['decisions'] = {
  timer_reset: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      heard_from_leader: `它收到了领导者 ${s(reason['leader'])} 的消息`,
      granted_vote: `它把选票投给了 ${s(reason['candidate'])}`,
      started_election: '它正在请求投票',
      no_longer_leads: '它不再是领导者',
      election_not_started: '选举无法开始',
    };
    return `${me} 重设选举定时器：${word(why, reason.because)}。`;
  },
  election_timed_out: (me, event) => (event['forced'] === true ? `${me} 被要求立即超时。` : `${me} 已有 ${rounded(event['waited_us'])} ms 没有收到领导者的消息：选举定时器到期。`),
  election_not_started: (me, event) => {
    const why: Record<string, string> = {
      not_a_voter: '：在它的配置中，它不是投票成员',
      terms_used_up: '：已没有更高的任期可用',
      lease_may_run: '：某个领导者可能仍在凭租约答复读取',
    };
    return `${me} 的选举定时器到期，但它没有发起选举${why[String((event['reason'] as Fields | undefined)?.['kind'])] ?? ''}。`;
  },
  became_candidate: (me, event) => `${me} 在任期 ${n(event['term'])} 成为候选者，并投票给自己；它需要${spaced(count(event['votes'], 'needed', '票'))}。`,
  became_leader: (me, event) => `${me} 成为任期 ${n(event['term'])} 的领导者：${progress(event['votes'], '票')}。`,
  became_follower: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      higher_term: `${s(reason['seen_from'])} 已在更高的任期 ${n(event['term'])}`,
      leader_elected: `${s(reason['leader'])} ${event['from'] === 'pre_candidate' ? '领导着' : '赢得了'}任期 ${n(event['term'])}`,
      no_quorum: `连同自己在内，它没有收到多数派的消息（${progress(reason['heard'], '台')}）`,
      removed: `索引 ${n(reason['index'])} 处不含它的配置已提交`,
    };
    return `${me} 由${word(page.roles, event['from'])}变为跟随者：${word(why, reason.because)}。`;
  },
  term_adopted: (me, event) => `${me} 在 ${s(event['because_of'])} 的消息中看到更高的任期，于是从任期 ${n(event['from'])} 进入任期 ${n(event['to'])}。`,
  became_pre_candidate: (me, event) =>
    `${me} 成为预候选者：在进入任期 ${n(event['next_term'])} 之前，它先询问自己能否赢得它，为此需要${spaced(count(event['votes'], 'needed', '票'))}。`,
  pre_vote_granted: (me, event) =>
    `${me} 愿意在任期 ${n(event['next_term'])} 投票给 ${s(event['candidate'])}：它没有收到任何领导者的消息，而且 ${s(event['candidate'])} 的日志（${entry(event['candidate_last'])}）至少与自己的（${entry(event['own_last'])}）一样新。`,
  pre_vote_refused: (me, event) => `${me} 不愿投票给 ${s(event['candidate'])}：${whyNoVote(me, because(event), '并不高于')}。`,
  told_to_time_out: (me, event) => `${me} 接到领导者 ${s(event['leader'])} 的请求，要立即发起选举。`,
  transfer_started: (me, event) => `${me} 开始把领导权移交给 ${s(event['to'])}，其间不接受命令。`,
  transfer_ready: (me, event) => `${me} 请 ${s(event['to'])} 发起选举：${s(event['to'])} 的日志已与自己的全部日志一致，直到索引 ${n(event['match_index'])}。`,
  transfer_aborted: (me, event) => `${me} 放弃向 ${s(event['to'])} 移交领导权，因为用时超过了一个选举超时；它继续担任领导者。`,
  quorum_heard: (me, event) => `${me} 自上次查看以来，连同自己在内收到了多数派的消息（${progress(event['heard'], '台')}）。`,
  vote_granted: (me, event) =>
    event['again'] === true
      ? `${me} 再次确认投给 ${s(event['candidate'])} 的选票。`
      : `${me} 投票给 ${s(event['candidate'])}，其日志（${entry(event['candidate_last'])}）至少与自己的（${entry(event['own_last'])}）一样新。`,
  vote_refused: (me, event) => {
    const reason = because(event);
    const does = reason.because === 'leader_alive' ? `不理会 ${s(event['candidate'])} 的投票请求` : `拒绝投票给 ${s(event['candidate'])}`;
    return `${me} ${does}：${whyNoVote(me, reason, '早于')}。`;
  },
  vote_counted: (me, event) => `${me} 计入${me === s(event['from']) ? '自己的一票' : ` ${s(event['from'])} 的一票`}：${progress(event['votes'], '票')}。`,
  pre_vote_counted: (me, event) => `${me} 把${me === s(event['from']) ? '自己' : ` ${s(event['from'])} `}计入愿意投票给它的服务器：${progress(event['votes'], '票')}。`,
  pre_vote_denied: (me, event) => `${me} 得知 ${s(event['from'])} 不愿投票给它。`,
  vote_denied: (me, event) => `${me} 得知 ${s(event['from'])} 没有投票给它。`,
  reply_ignored: (me, event) => {
    const reason = because(event);
    const why: Record<string, string> = {
      older_term: `它来自任期 ${n(reason['reply_term'])}，而 ${me} 在任期 ${n(reason['current_term'])}`,
      not_candidate: `${me} 已不再等待这个答复`,
      not_leader: `${me} 已不再是领导者`,
      not_a_voter: `${s(event['from'])} 不是投票成员`,
      not_asked: '没有它所答复的未决问题',
      counted_already: '那一票已经计入',
      answered_already: '领导者此后已经前进',
    };
    return `${me} 忽略 ${s(event['from'])} 的一个回复：${word(why, reason.because)}。`;
  },
  entries_appended: (me, event) =>
    n(event['count']) === 1
      ? `${me} 在自己的日志中追加 1 个条目（${entry(event['first'])}）。`
      : `${me} 在自己的日志中追加 ${n(event['count'])} 个条目，第一个是${entry(event['first'])}。`,
  append_accepted: (me, event) =>
    n(event['appended']) === 0
      ? `${me} 确认自己的日志与 ${s(event['leader'])} 的日志一致，直到索引 ${n(event['match_index'])}。`
      : `${me} 追加来自 ${s(event['leader'])} 的 ${n(event['appended'])} 个条目：${(event['prev'] as EntryId | undefined)?.index ? `两份日志在此之前都有同一条目（${entry(event['prev'])}）` : '此前没有任何条目'}。`,
  entries_removed: (me, event) => {
    const first = event['first'] as EntryId;
    return `${me} 移除${range(first.index, n(event['last']))} 的条目：它在那里的条目属于任期 ${first.term}，领导者的属于任期 ${n(event['leaders_term'])}。`;
  },
  append_refused: (me, event) => {
    const reason = because(event);
    const prev = reason['prev'] as EntryId | undefined;
    const why: Record<string, string> = {
      older_term: `任期 ${n(reason['leader_term'])} 早于自己的任期 ${n(reason['current_term'])}`,
      log_too_short: `它的日志到索引 ${n(reason['last_index'])} 为止，还没有前一条目（${entry(prev)}）`,
      other_term: `它在索引 ${prev?.index ?? 0} 处的条目属于任期 ${n(reason['own_term'])}，而不是 ${prev?.term ?? 0}`,
    };
    return `${me} 拒绝来自 ${s(event['leader'])} 的条目：${word(why, reason.because)}。`;
  },
  follower_matches: (me, event) => `${me} 得知 ${s(event['follower'])} 的日志与自己的一致，直到索引 ${n(event['match_index'])}。`,
  follower_conflicts: (me, event) =>
    `${me} 对 ${s(event['follower'])} 往回退，因为其日志在索引 ${n(event['prev_log_index'])} 处不同：nextIndex 从 ${n(event['next_index_before'])} 变为 ${n(event['next_index'])}。`,
  committed: (me, event) => {
    const reason = because(event);
    const what = range(n(event['from']) + 1, n(event['to']));
    return reason.because === 'quorum_holds'
      ? `${me} 提交${what}：多数派已经持有（${progress(reason['holders'], '台')}）。`
      : `${me} 得知${what} 已提交：领导者已提交到索引 ${n(reason['leader_commit'])}。`;
  },
  commit_withheld: (me, event) => `${me} 不提交这个条目（${entry(event['entry'])}），尽管多数派持有它：只有自己任期 ${n(event['current_term'])} 的条目才能靠计数提交。`,
};
