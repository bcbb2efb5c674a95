/** 不属于 Raft 规则的开关和数值。 */

import type { Catalogue } from '../catalogue';

export const features: Catalogue['features'] = {
  anew: '改动任何开关或数值，都会以同样的种子重新开始运行。',
  switches: {
    noop_on_election: {
      name: '当选时追加空操作（no-op）',
      tells: '新领导者以一个不带内容的条目开始自己的任期：有了它，先前任期留下的条目也随之提交。没有它，就要等到下一个值。',
      section: 'P§8',
    },
    sessions: {
      name: '会话',
      tells: '状态机会跳过已经应用过的内容：客户端因没有收到答复而发送两次的值，只写入一次。',
      section: 'P§8',
    },
  },
  sizes: {
    head: '时间与数量',
    bytes: '字节',
    election_timeout_us_min: {
      name: '最短选举超时',
      tells: '每台服务器都从这个范围中反复抽取。论文取 150 到 300 ms；它应是一次广播时间的许多倍。',
      section: 'P§5.6',
    },
    election_timeout_us_max: {
      name: '最长选举超时',
      tells: '范围越宽，两台服务器同时竞选、瓜分选票的情形就越少。若与最短值相等，选票会长时间被瓜分。',
      section: 'P§9.3',
    },
    heartbeat_us: {
      name: '心跳间隔',
      tells: '领导者每隔这么久表明一次自己还在；论文的实验取最短选举超时的一半。',
      section: 'P§9.3',
    },
    entries_per_append_max: { name: '一次追加的条目上限', tells: '领导者最多把这么多条目放进一条消息。', section: 'P§5.3' },
    entries_in_flight_max: { name: '发往一个跟随者的在途条目上限', tells: '领导者不等答复就继续发送，直到有这么多条目尚未得到确认。', section: 'D§10.2.2' },
    snapshot_chunk_bytes: { name: '快照分块上限', tells: '更长的快照会分块发送。', section: 'P§7' },
    clock_drift_ppm_max: { name: '允许的时钟漂移', tells: '租约读按这个幅度留出余量；若时钟被设得比这更快，租约读就可能读到旧值。', section: 'D§6.4.1' },
    clients: { name: '客户端', tells: '有这么多客户端在后台写入，每个一次只做一件事。', section: '' },
  },
};
