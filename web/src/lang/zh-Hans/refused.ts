/** 服务器为什么拒收一条正确的服务器不可能发出的消息。 */

import { s, n } from '../../telling';
import type { Catalogue } from '../catalogue';
import { entry } from './telling';

export const refused: Catalogue['refused'] = {
  not_for_this_server: (why) => `它是发给 ${s(why['to'])} 的`,
  from_itself: () => '它自称来自接收者本身',
  unknown_sender: () => '发送者不是成员，却在答复向成员提出的问题',
  configuration_without_voters: () => '它带来的配置中没有投票成员',
  absurd_offset: (why) => `它的快照分块位于第 ${n(why['offset'])} 字节；最多只能是 ${n(why['at_most'])}`,
  out_of_range: (why) => `它的 ${String(why['field'])} 是 ${n(why['found'])}；最多只能是 ${n(why['limit'])}`,
  no_such_entry: (why) => `没有日志会有这样的条目（索引 ${n((why['entry'] as { index?: number } | undefined)?.index)}，任期 ${n((why['entry'] as { term?: number } | undefined)?.term)}）`,
  term_falls: (why) => `它在索引 ${n(why['index'])} 处的条目属于任期 ${n(why['found'])}，而前一条属于任期 ${n(why['after'])}`,
  entry_from_the_future: (why) => `它含有任期 ${n(why['found'])} 的条目，而发送者在任期 ${n(why['sender'])}`,
  second_leader: (why) => `${s(why['claims'])} 自称领导由 ${s(why['known'])} 领导的任期`,
  would_erase_committed: (why) => `它会取代索引 ${n(why['index'])} 处的条目，而到 ${n(why['commit_index'])} 为止的条目都已提交`,
  two_contents: (why) => `它的条目（${entry(why['entry'])}）与已有的同一条目内容不同`,
  ack_past_the_end: (why) => `它确认了索引 ${n(why['claimed'])}，超出了 ${n(why['last'])} 处的末尾`,
  absurd_conflict: (why) => `它用索引 ${n(why['conflict_index'])} 来解释索引 ${n(why['prev_log_index'])} 处的冲突`,
};
