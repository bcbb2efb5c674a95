/** 时空图。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';
import { called } from './telling';

const ms = (us: number): string => `${Number((us / 1_000).toFixed(1))} ms`;

export const diagram: Catalogue['diagram'] = {
  name: '时空图',
  kind: '时空图',
  about: '方向键在时间中前后移动，并在事件之间移动；+ 和 − 缩放，Enter 转到所标的时刻，End 回到现在。',
  buttons: {
    out: ['缩小', '−'],
    in: ['放大', '+'],
    fit: ['显示全部', '全部'],
    now: ['显示现在', '现在'],
  },
  legend: { append: '追加', reply: '回复', vote: '投票', lost: '丢失', blocked: '被阻断', commit: '提交' },
  shown: (from, to) => `从 ${timeText(from)} 到 ${timeText(to)}。`,
  nothing: '还没有发生任何事。按“播放”，或单步到第一个事件。',
  every: (every) => `到达的消息每 ${every} 条画 1 条`,
  gap: '经过得太快，来不及画；暂停即可看到',
  elected: (server, term) => `S${server} 当选，任期 ${term}`,
  electionOpen: (term) => `选举，任期 ${term}`,
  nobody: (term) => `无人当选，任期 ${term}`,
  short: (term) => `任期 ${term}`,
  wall: (wall) => (wall === 0 ? '链路被切断' : `墙 ${wall}`),
  took: (from, to) => `从 ${timeText(from)} 到 ${timeText(to)}：${ms(to - from)}。`,
  span: (server, state, term) => `S${server}，${state}，任期 ${term}`,
  since: (from) => `自 ${timeText(from)} 起。`,
  message: (name, term, from, to) => `${called(name)}，任期 ${term}，S${from} → S${to}`,
  copyOf: (message) => `${message}，副本`,
  story: (parts) => `${parts.join('，')}。`,
  sent: (us) => `发送于 ${timeText(us)}`,
  fates: {
    open: '正在途中',
    delivered: (us, tookUs) => `到达于 ${timeText(us)}，用时 ${ms(tookUs)}`,
    lost: (us, why) => `丢失于 ${timeText(us)}：${why}`,
    blocked: (us, wall) => `停于 ${timeText(us)}：${wall > 0 ? `被墙 ${wall} 挡住` : '链路被切断'}`,
  },
  whyLost: {
    chance: '链路丢失了它',
    receiver_down: '接收者已崩溃',
    too_many_in_flight: '在途的消息太多',
    by_hand: '被你取走了',
    backlog_full: '接收者那里等待处理的太多',
  },
  waited: (us) => `自 ${timeText(us)} 起在接收者处等待`,
  held: '在途中被扣住',
  committed: (server, index, counted) => `S${server} ${counted ? '提交' : '得知已提交'}到索引 ${index}`,
  marks: { crashed: '崩溃', restarted: '重启', appeared: '出现', refused: '拒收一条消息', violated: 'Raft 的一条性质被破坏' },
  markAt: (server, what) => (server > 0 ? `S${server} ${what}` : what),
  at: (us) => `在 ${timeText(us)}。`,
  why: {
    head: '为什么？',
    step: (places) => `为什么？第 ${places} 步`,
    now: (place, text) => `${place}. ${text}`,
    before: (steps) => `它的 ${steps} 个步骤都还没有发生。`,
    earlier: '转到时间上的前一步',
    later: '转到时间上的后一步',
    reasons: '所有原因',
    close: '关闭这个解释',
  },
  unknownState: '未知',
};
