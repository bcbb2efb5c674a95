/**
 * 简体中文。整个语言就是这个目录：词汇表在此，各部分的文字在 zh-Hans/ 中；形状由英文规定，缺少或多出一条都无法编译。
 *
 * 用词以中文 Raft 笔记的习惯为准，全书一致。论文中的字段和消息（currentTerm、AppendEntries ……）保持原名。
 */

import type { Catalogue } from './catalogue';
import { actions, refusals } from './zh-Hans/actions';
import { checks } from './zh-Hans/checks';
import { clients } from './zh-Hans/clients';
import { decisions } from './zh-Hans/decisions';
import { clusterDecisions } from './zh-Hans/decisions-cluster';
import { diagram } from './zh-Hans/diagram';
import { bar, embed } from './zh-Hans/embed';
import { exports } from './zh-Hans/exports';
import { faults, menu } from './zh-Hans/faults';
import { features } from './zh-Hans/features';
import { happenings, inputs } from './zh-Hans/happenings';
import { help } from './zh-Hans/help';
import { hint } from './zh-Hans/hint';
import { engine } from './zh-Hans/engine';
import { hunt } from './zh-Hans/hunt';
import { search, share } from './zh-Hans/keep';
import { files, links } from './zh-Hans/links';
import { logs } from './zh-Hans/logs';
import { page } from './zh-Hans/page';
import { past } from './zh-Hans/past';
import { pieces } from './zh-Hans/pieces';
import { print } from './zh-Hans/print';
import { properties } from './zh-Hans/properties';
import { refused } from './zh-Hans/refused';
import { rules } from './zh-Hans/rules';
import { definitions, edit, state } from './zh-Hans/state';
import { switches, violation } from './zh-Hans/switches';
import { twin } from './zh-Hans/twin';
import { wrong } from './zh-Hans/wrong';

/** 每个词对应论文中的哪个词。搜索时两者都能找到。 */
const glossary = {
  领导者: 'leader',
  领导权: 'leadership',
  跟随者: 'follower',
  候选者: 'candidate',
  预候选者: 'pre-candidate',
  服务器: 'server',
  集群: 'cluster',
  任期: 'term',
  日志: 'log',
  条目: 'entry entries',
  索引: 'index',
  提交: 'commit committed',
  应用: 'apply applied',
  追加: 'append',
  选举: 'election',
  选举超时: 'election timeout',
  选举定时器: 'election timer',
  超时: 'time out timeout',
  心跳: 'heartbeat',
  投票: 'vote',
  选票: 'vote',
  预投票: 'pre-vote',
  多数派: 'majority quorum',
  快照: 'snapshot',
  成员: 'members membership',
  成员变更: 'membership change',
  配置: 'configuration',
  联合共识: 'joint consensus',
  投票成员: 'voter',
  学习者: 'learner non-voting',
  线性一致性: 'linearizability linearizable',
  线性一致: 'linearizable',
  租约: 'lease',
  读取: 'read',
  写入: 'write',
  提议: 'propose',
  空操作: 'no-op',
  状态机: 'state machine',
  会话: 'session',
  客户端: 'client',
  崩溃: 'crash',
  重启: 'restart',
  暂停: 'pause',
  继续: 'resume',
  变慢: 'slow',
  磁盘: 'disk',
  谎报: 'lies',
  时钟: 'clock',
  链路: 'link',
  延迟: 'delay',
  丢失: 'lost loss',
  重复: 'duplicate twice',
  切断: 'cut',
  修复: 'mend',
  恢复: 'heal mend well',
  墙: 'wall',
  消息: 'message',
  扣住: 'hold',
  放行: 'release',
  送达: 'deliver',
  丢弃: 'drop',
  规则: 'rule',
  性质: 'property properties',
  检查: 'check',
  故障: 'fault',
  场景: 'scene',
  图: 'figure diagram',
  种子: 'seed',
  速度: 'speed',
  主题: 'theme',
  语言: 'language',
  时间线: 'time line timeline',
  分支: 'branch',
  书签: 'bookmark',
  事件: 'event',
  分享: 'share',
  搜索: 'search',
  帮助: 'help',
  播放: 'play',
  单步: 'step',
  撤销: 'undo',
  重置: 'reset',
  演示: 'present',
  下一: 'next',
  上一: 'previous',
  平静: 'calm',
  不稳定: 'flaky',
  混乱: 'chaos',
} as const;

export const catalogue: Catalogue = {
  glossary,
  page,
  actions,
  refusals,
  wrong,
  pieces,
  links,
  files,
  decisions,
  clusterDecisions,
  happenings,
  inputs,
  refused,
  properties,
  rules,
  switches,
  violation,
  features,
  logs,
  state,
  edit,
  definitions,
  diagram,
  checks,
  clients,
  faults,
  menu,
  past,
  help,
  hint,
  engine,
  hunt,
  twin,
  share,
  search,
  exports,
  embed,
  bar,
  print,
};
