/** 嵌入他人网页的元素。 */

import type { Catalogue } from '../catalogue';

export const embed: Catalogue['embed'] = {
  twoBeginnings: '同时给出了 src 和 scenario；应只给出其中一个',
  noScene: (found, names) => `scenario 是 ${found}；应为链接的片段，或者 ${names} 之一`,
  badLink: (why) => `scenario 中的链接无法打开：${why}`,
  badFile: (address, why) => `src 所指的 ${address} 无法打开：${why}`,
  milliseconds: (name, found, most) => `${name} 是 ${found}；应为 0 到 ${most} 的毫秒数`,
  range: (found) => `range 是 ${found}；应为以毫秒表示的最早和最晚时刻，例如 0 5000，其中一个可写作 *`,
  pauses: (found, known) => `pause-on 中有 ${found}；应为 ${known} 中的若干个`,
  state: (found) => `state 是 ${found}；应为 getState() 返回的值`,
  status: (status) => `主机的答复是 HTTP ${status}`,
};

export const bar: Catalogue['bar'] = {
  remix: '在 Playground 中打开',
  remixTells: '在单独的页面中打开此刻的这次运行，从那里继续',
  none: '还没有书签：按 B 或点丝带添加一个。',
  at: (name, at, all) => `第 ${at} 个，共 ${all} 个：${name}`,
  between: (all) => `共 ${all} 个书签`,
};
