/** Raft 所保证的性质：叫什么，说的是什么。 */

import type { Violation } from '../../door/types';
import type { Catalogue } from '../catalogue';
import { listed } from './page';

/** 各条性质被破坏时发生了什么。 */
const BROKEN: Readonly<Record<string, string>> = {
  'Election Safety': '同一任期内当选了不止一个领导者',
  'Leader Append-Only': '领导者改动了自己日志中已有的条目',
  'Log Matching': '两份日志在同一索引和任期处相同，此前却不同',
  'Leader Completeness': '领导者的日志中缺少已提交的条目',
  'State Machine Safety': '服务器在同一索引处应用了不同的条目，或得到了不同的状态',
  'One Vote per Term': '服务器在同一任期内把选票投给了两个候选者',
  'Terms Never Fall': '任期下降了',
  'Indexes Never Fall': '已知的索引变小了',
  'One Author per Term': '条目并非来自其任期的领导者',
  'Own-Term Commit': '领导者靠计数提交了先前任期的条目',
  'Durable before Sent': '消息发出时，它所承诺的内容还不在磁盘上',
  'Committed Is Durable': '已提交的内容不在多数派的磁盘上',
  'Acknowledged Writes Survive': '客户端被告知已写入的内容没有提交',
  'Membership Safety': '前一次成员变更尚未提交，后一次就已生效',
  'Linearizable Reads': '读取没有看到在它被请求之前已答复的内容',
  Linearizability: '没有任何一种操作顺序能解释客户端得到的答复',
};

/** 发现了什么：引擎用英文说明；这里说的是同样的事，以及同样的服务器、任期和索引。 */
function found({ property, servers, indexes, terms }: Violation): string {
  const facts = [
    servers.length > 0 ? listed(servers.map((id) => `S${id}`)) : '',
    terms.length > 0 ? `任期 ${terms.join('、')}` : '',
    indexes.length > 0 ? `索引 ${indexes.join('、')}` : '',
  ].filter(Boolean);
  return `${BROKEN[property] ?? property}${facts.length > 0 ? `（${facts.join('；')}）` : ''}。`;
}

export const properties: Catalogue['properties'] = {
  list: {
    election_safety: ['选举安全性', '在一个任期内，至多选出一个领导者。'],
    leader_append_only: ['领导者只追加', '领导者从不覆盖或删除自己日志中的条目；它只追加。'],
    log_matching: ['日志匹配', '如果两份日志含有索引和任期都相同的条目，那么到该条目为止，两份日志完全相同。'],
    leader_completeness: ['领导者完整性', '在某个任期提交的内容，存在于之后所有任期的领导者的日志中。'],
    state_machine_safety: ['状态机安全性', '所有服务器以同样的顺序应用同样的条目，并得到同样的状态。'],
    one_vote_per_term: ['每任期一票', '一台服务器在一个任期内只投票给一个候选者，即使其间重启也是如此。'],
    terms_never_fall: ['任期从不下降', '一台服务器的任期，以及其日志中的任期，只升不降，即使重启也是如此。'],
    indexes_never_fall: ['索引从不下降', '已知提交的内容，或已知跟随者持有的内容，此后始终已知。'],
    one_author_per_term: ['每任期一个作者', '一个任期的条目都来自该任期的领导者。'],
    own_term_commit: ['只靠本任期提交', '领导者只对自己任期的条目计数；更早的条目随之一同提交。'],
    durable_before_sent: ['先持久化再发送', '服务器承诺的内容，在消息发出之前就已写到磁盘上。'],
    committed_is_durable: ['已提交即持久', '已提交的内容在多数派的磁盘上，并且每个多数派中始终有一块磁盘保存着它。'],
    acknowledged_writes_survive: ['已答复的写入不会丢失', '客户端被告知已写入的内容已经提交，并会一直保留。'],
    membership_safety: ['成员变更安全性', '新旧成员绝不可能各自决定：成员变更一次接着一次地进行。'],
    linearizable_reads: ['线性一致读', '读取能看到在它被请求之前已答复的一切。'],
    linearizability: ['线性一致性', '客户端得到的答复符合某一个顺序，其中每项操作恰好执行一次，且介于它的请求与答复之间。'],
  },
  found,
};
