/** 服务器在成员、快照和读取方面的决定（P§6、P§7、D§4 到 D§6）。 */

import { counting, type EntryId, type Fields, n, rounded, s, word } from '../../telling';
import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';
import { entry } from './telling';

/** “4 个投票成员和 1 个学习者”；在联合共识中说明需要哪两个多数派。 */
function who(event: Fields): string {
  const { voters, old, learners } = counting(event);
  const learning = learners > 0 ? `，另有 ${learners} 个学习者` : '';
  return old ? `${voters} 个新投票成员的多数派和 ${old} 个旧投票成员的多数派都要达到${learning}` : `${voters} 个投票成员${learning}`;
}

const configuration = (event: Fields): string => (counting(event).old ? '联合配置' : '配置');
const index = (event: Fields): number => n((event['last_included'] as EntryId | undefined)?.index);
/** 读取是替谁做的，如果不是替自己。 */
const forWhom = (me: string, event: Fields): string => (s(event['asked_by']) === me ? '一次读取' : ` ${s(event['asked_by'])} 的一次读取`);

export const clusterDecisions: Catalogue['clusterDecisions'] = {
  configuration_in_force: (me, event) => {
    const at = n(event['index']) > 0 ? `索引 ${n(event['index'])} 处的${configuration(event)}` : `日志起始时的${configuration(event)}`;
    const why: Record<string, string> = {
      appended: `${me} 从${at}进入自己日志的那一刻起就遵循它`,
      truncated: `${me} 退回到${at}，因为其后的配置已从日志中移除`,
      snapshot: `${me} 遵循快照带来的${configuration(event)}`,
      committed: `${me} 直到${at}提交后才遵循它，这违反了一条规则`,
    };
    return `${why[String(event['reason'])] ?? `${me} 遵循${at}`}：${who(event)}。`;
  },
  catch_up_started: (me, event) => `${me} 先让 ${n(event['learners'])} 台新服务器赶上进度，然后才把它们算作投票成员。`,
  catch_up_round: (me, event) => {
    const [learner, round, took] = [s(event['learner']), n(event['round']), rounded(event['took_us'])];
    return event['caught_up'] === true
      ? `${me} 认为 ${learner} 已赶上进度：第 ${round} 轮用时 ${took} ms，短于一个选举超时。`
      : `${me} 看到 ${learner} 用 ${took} ms 完成第 ${round} 轮，不短于一个选举超时：它还没有赶上进度。`;
  },
  catch_up_abandoned: (me, event) => `${me} 放弃成员变更：${s(event['learner'])} 到第 ${n(event['round'])} 轮仍未赶上进度，继续作学习者。`,
  log_compacted: (me, event) => `${me} 取快照：以 ${n(event['bytes'])} 字节代替到此为止的日志（${entry(event['last_included'])}），丢弃 ${n(event['entries'])} 个条目。`,
  snapshot_sent: (me, event) => {
    const [offset, end] = [n(event['offset']), n(event['offset']) + n(event['bytes'])];
    const part = event['done'] === true ? (offset === 0 ? `全部 ${end} 字节` : `第 ${offset} 到 ${end} 字节，最后一块`) : `第 ${offset} 到 ${end} 字节`;
    return `${me} 把截至${entry(event['last_included'])} 的快照发给 ${s(event['follower'])}（${part}），因为 ${s(event['follower'])} 缺少的条目已不在自己的日志里。`;
  },
  snapshot_part_taken: (me, event) => {
    const what = `${s(event['leader'])} 截至索引 ${index(event)} 的快照`;
    return event['was_next'] === true ? `${me} 已收到 ${what}，直到第 ${n(event['upto'])} 字节。` : `${me} 无法使用 ${what}中的一块：它不是下一块，下一块从第 ${n(event['upto'])} 字节开始。`;
  },
  snapshot_installed: (me, event) =>
    `${me} 用 ${s(event['leader'])} 的快照代替自己的状态和到此为止的日志（${entry(event['last_included'])}）；${n(event['kept']) === 0 ? '没有保留任何条目' : `保留其后的 ${n(event['kept'])} 个条目`}。`,
  snapshot_ignored: (me, event) => `${me} 跳过 ${s(event['leader'])} 截至索引 ${index(event)} 的快照：自己已提交到索引 ${n(event['commit_index'])}。`,
  read_waits: (me, event) => {
    const at = event['read_index'];
    return at === null || at === undefined
      ? `${me} 让${forWhom(me, event)}等待：在提交自己任期的条目之前，它不知道哪些内容已提交。`
      : `${me} 让${forWhom(me, event)}等待，它必须看到到索引 ${n(at)} 为止的一切：先要有多数派答复第 ${n(event['round'])} 轮心跳，以表明它仍是领导者。`;
  },
  read_confirmed: (me, event) => `${me} 在第 ${n(event['round'])} 轮开始时仍是领导者，因为多数派已经答复：${forWhom(me, event).trimStart()}必须看到到索引 ${n(event['read_index'])} 为止的一切。`,
  read_by_lease: (me, event) => `${me} 立即答复${forWhom(me, event)}，截至索引 ${n(event['read_index'])}：在 ${timeText(n(event['lease_until']))} 之前不可能有别人当选。`,
  read_forwarded: (me, event) => `${me} 询问领导者 ${s(event['leader'])}：它的读取必须看到多少内容。`,
  read_index_learned: (me, event) => {
    const [wanted, applied] = [n(event['read_index']), n(event['last_applied'])];
    return `${me} 得知它的读取必须看到到索引 ${wanted} 为止的一切；它已应用到 ${applied}${applied < wanted ? '，所以读取还要等待' : ''}。`;
  },
  read_given_up: (me, event) => {
    const why: Record<string, string> = {
      leadership_lost: '就它所知，被询问的领导者已不再是领导者',
      timed_out: '在一个选举超时内没有答复',
      not_leader: '被询问的服务器不是领导者',
    };
    return `${me} 放弃${forWhom(me, event)}：${word(why, event['reason'])}。`;
  },
};
