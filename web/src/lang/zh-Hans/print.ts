/** 打印在纸上的一个时刻。 */

import type { Catalogue } from '../catalogue';

export const print: Catalogue['print'] = {
  stage: '舞台',
  logs: '日志',
  diagram: '时空图',
  moment: (time, seed, servers, branch) => `时刻 ${time} · 种子 ${seed} · ${servers} 台服务器${branch ? ` · ${branch}` : ''}`,
  broken: (property) => `此处 Raft 的一条性质被破坏：${property}。`,
  latest: (count, last) => `共 ${last} 个索引，此处为最后 ${count} 个。`,
};
