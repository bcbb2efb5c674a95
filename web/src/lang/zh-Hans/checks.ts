/** 各项检查。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';

export const checks: Catalogue['checks'] = {
  properties: '性质',
  about: '每个可能破坏它们的事件发生时都会检查。一旦有一条被破坏，时间就停止。',
  standings: { holds: '成立', open: '尚无可检查', off: '不检查', broken: '被破坏' },
  counts: {
    holds: (count) => `${count} 条成立`,
    open: (count) => `${count} 条尚无可检查`,
    off: (count) => `${count} 条不检查`,
    broken: (count) => `${count} 条被破坏`,
  },
  needs: {
    candidate: '需要先有一次选举。',
    leader: '需要先有领导者。',
    entry: '需要日志中先有一个条目。',
    commit: '需要先有一个已提交的条目。',
    nextLeader: '需要先有一个已提交的条目，以及其后的另一个领导者。',
    answeredWrite: '需要先有客户端的一次写入得到答复。',
    members: '需要先有一次成员变更。',
    read: '需要先有一次读取得到答复。',
    answer: '需要先有客户端得到答复。',
    rule: '它的规则“领导者只对自己任期的条目计数”已关闭。',
  },
  clients: {
    head: '客户端得到的答复',
    none: '还没有客户端请求过任何事。请提议一个值，或者读取。',
    noAnswer: '还没有任何答复，所以没有什么需要解释。',
    explained: '到目前为止符合线性一致性：有一种操作顺序能解释每一个答复。',
    broken: '不符合线性一致性：没有任何操作顺序能解释这些答复。',
    undecided: (times, since) =>
      `无法判定${since === null ? '' : `（自 ${timeText(since)} 起）`}：寻找顺序的搜索有 ${times} 次因规模过大而未能完成。这既不是破坏，也不是证明；之后的内容重新判断，就好像对该键一无所知。`,
    counts: (asked, answered, unknown) => `共请求 ${asked} 项操作：${answered} 项已答复，${unknown} 项没有答复就结束，${asked - answered - unknown} 项未决。`,
  },
  broken: {
    head: (name) => `“${name}”被破坏`,
    some: '有一条性质被破坏',
    at: (us) => `发生在 ${timeText(us)}。`,
    later: (us) => `发生在 ${timeText(us)}，在这一时刻之后。`,
    goThere: '转到那里',
    servers: '服务器',
    choose: (server) => `选择 S${server}`,
    term: '任期',
    terms: (terms) => `任期 ${terms}`,
    entries: '条目',
    index: (index) => `索引 ${index}`,
    snapshot: '在它的快照中',
    missing: '没有',
    committed: '它为什么已提交？',
    operations: '操作',
    odd: '无法解释',
    events: '事情的经过',
    operation: ({ client, kind, key, value }) => {
      const who = client === 0 ? '你' : client === 1 ? '你的客户端' : `客户端 ${client}`;
      const did = kind === 'read' ? `读取 ${key} → ${value ?? '空'}` : kind === 'append' ? `追加 ${key} += ${value ?? ''}` : `写入 ${key} = ${value ?? ''}`;
      return `${who}：${did}`;
    },
    asked: (us) => `请求于 ${timeText(us)}`,
    answered: (us) => (us === null ? '没有答复' : `答复于 ${timeText(us)}`),
  },
};
