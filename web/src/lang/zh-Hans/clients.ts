/** 客户端的泳道。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';

const nothing = '空';

export const clients: Catalogue['clients'] = {
  name: '客户端的操作',
  kind: '按时间排列的泳道',
  about: '方向键在时间中前后移动，并在操作之间移动；+ 和 − 缩放，Enter 转到所标的操作，End 回到现在。',
  who: (client, slot) => (client === 0 ? [slot > 0 ? `你，直接（${slot + 1}）` : '你，直接', '直接'] : client === 1 ? ['你的客户端', '你的'] : [`客户端 ${client}`, `客户端 ${client}`]),
  legend: { write: '写入', read: '读取', unknown: '没有答复', open: '等待中', stale: '过期' },
  none: '还没有客户端请求过任何事。请提议一个值，或者读取。',
  gone: '更早的操作没有保留。',
  text: ({ kind, key, value, outcome }) => (kind !== 'read' ? `${key}${value}` : outcome === 'answered' ? `${key} → ${value ?? nothing}` : `${key}?`),
  did: ({ kind, key, value, outcome }) =>
    kind === 'write' ? `写入 ${key}${value ?? ''}` : kind === 'append' ? `追加 ${key}${value ?? ''}` : outcome === 'answered' ? `读取 ${key} → ${value ?? nothing}` : `读取 ${key}`,
  outcomes: { open: '正在等待答复', answered: '已答复', unknown: '没有答复就结束了：可能已完成，可能没有，也可能之后才完成', unseen: '经过得太快，没有看到结局' },
  stale: '过期：没有任何操作顺序能解释它',
  named: (who, did) => `${who}：${did}`,
  story: (us, ended, tries, what) => `请求于 ${timeText(us)}${ended ? `，${ended}` : ''}${tries > 1 ? `，共请求 ${tries} 次` : ''}${what ? `；${what}` : ''}。`,
  answered: (us, by) => `${by > 0 ? `由 S${by} ` : ''}答复于 ${timeText(us)}`,
  ended: (us) => `结束于 ${timeText(us)}`,
  table: { head: '各项操作，最新的在前；时间以 ms 计', who: '客户端', what: '操作', when: '请求于', until: '答复于', outcome: '结局' },
  goTo: (what, us) => `转到“${what}”，请求于 ${timeText(us)}`,
  latest: (count) => `最新的 ${count} 项。`,
};
