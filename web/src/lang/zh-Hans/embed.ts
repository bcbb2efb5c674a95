/** 嵌入他人网页的元素。 */

import type { Catalogue } from '../catalogue';

export const embed: Catalogue['embed'] = {
  twoBeginnings: '同时给出了 src 和 scenario；应只给出其中一个',
  noScene: (found, names) => `scenario 是 ${found}；应为链接的片段，或者 ${names} 之一`,
  badLink: (why) => `scenario 中的链接无法打开：${why}`,
  badFile: (address, why) => `src 所指的 ${address} 无法打开：${why}`,
  status: (status) => `主机的答复是 HTTP ${status}`,
};
