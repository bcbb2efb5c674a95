/** 第二个舞台，以及在两个舞台上的两个分支。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';

export const twin: Catalogue['twin'] = {
  close: '关闭第二个舞台',
  nobody: '没有领导者',
  leads: (server, term) => `S${server} 领导任期 ${term}`,
  broken: (property) => `性质被破坏：${property}`,
  branches: {
    name: (name) => `${name}，与页面上的分支同步`,
    opened: (one, other) => `操作作用于“${one}”，“${other}”与它同步。≠ 标出不同的服务器。`,
    swap: '互换',
    swapTells: '转到另一个分支：操作作用于两个中的前一个',
    first: '第一处不同：',
    notDone: '这里没有那样做，而是：',
    goTo: (name, us) => `转到“${name}”的第一处不同，${timeText(us)}`,
    nothing: '这里没有更多事件。',
    alike: (us) => `到 ${timeText(us)} 为止，所有事件都相同。`,
    now: (servers) => `≠ 此刻不同：${servers}`,
    servers: (names, aspects) => `${names}：${aspects}`,
    same: '此刻所有服务器都相同。',
  },
};
