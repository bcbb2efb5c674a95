/** “规则”下的开关，以及报告性质被破坏的卡片。 */

import type { Catalogue } from '../catalogue';

export const switches: Catalogue['switches'] = {
  list: {
    pre_vote: {
      tells: '服务器在进入新任期之前，先询问自己能否赢得它。这样，从墙后回来的服务器不会推翻任何领导者。',
      section: 'D§9.6',
    },
    check_quorum: {
      tells: '收不到多数派消息的领导者会退位；而能收到领导者消息的服务器会继续拥护它。',
      section: 'D§6.2',
    },
    lease_reads: {
      tells: '只要不可能有别人当选，领导者就不必询问任何人，直接答复读取：从多数派答复过的那次心跳起，为时一个最短的选举超时。若想亲手在这段时间内操作，请把下面的超时调长。',
      section: 'D§6.4.1',
    },
    eager_commit: {
      tells: '一有提交就立刻通知跟随者，而不是等到下一次心跳。',
      section: 'P§5.3',
    },
  },
  leaseNeeds: '请先打开“多数派检查”：租约的前提是服务器会继续拥护自己的领导者。',
  snapshots: ['每隔', '条日志取一次快照'],
  snapshotsTell: '服务器自上次快照以来应用了这么多条日志后，就再取一次快照，并丢弃此前的日志；0 表示只在收到指示时才取。',
  snapshotsSection: 'P§7',
  must: 'Raft 必须做的事',
  mustTell: '关掉一条规则，看看它防范的是什么：图 3 的各条性质及其依据始终都在检查之中。',
  without: (what) => `否则：${what}`,
};

export const violation: Catalogue['violation'] = {
  broken: (says) => `本应成立：${says}`,
  servers: '服务器',
  indexes: '索引',
  terms: '任期',
  note: '时间已停止。按“重置”重新开始。',
  copy: '复制这次运行',
  evidence: '证据何在',
};
