/** 服务器周围发生的事，以及对运行所做的操作。 */

import { type EntryId, n, s, told, word } from '../../telling';
import type { Catalogue } from '../catalogue';
import { listed } from './page';
import { properties } from './properties';
import { refused } from './refused';
import { called, client, entry, ms, quoted, range, spaced, way } from './telling';

const servers = (ids: readonly number[]): string => listed([...ids].sort((a, b) => a - b).map((id) => `S${id}`));

export const happenings: Catalogue['happenings'] = {
  sent: (r) => `${s(r['from'])} 在任期 ${n(r['term'])} 向 ${s(r['to'])} 发送 ${called(r['name'])}。`,
  delivered: (r) => `${way(r, '消息')}到达。`,
  lost: (r) => {
    const why: Record<string, string> = { receiver_down: '：接收者已崩溃', too_many_in_flight: '：在途的消息太多', by_hand: '：被你取走了', backlog_full: '：接收者那里等待处理的太多' };
    return `${way(r, '消息')}丢失${why[String(r['why'])] ?? ''}。`;
  },
  blocked: (r) => `${way(r, '消息')}${n(r['wall']) > 0 ? `被墙 ${n(r['wall'])} 挡住` : '遇到被切断的链路而停下'}。`,
  duplicated: (r) => `${way(r, '消息')}变成了两份。`,
  waits: (r) => `${way(r, '消息')}到达，等待 ${s(r['to'])} 处理。`,
  held: (r) => `${way(r, '消息')}被扣在原处。`,
  released: (r) => `${way(r, '消息')}继续前进。`,
  link_turned: (r) => `${way(r, '链路')}${r['cut'] === true ? '断开' : '恢复'}。`,
  crashed: (r) =>
    n(r['written']) > 0
      ? `${s(r['server'])} 在保存的中途崩溃：其中 ${n(r['written'])} 段已写入磁盘；磁盘上没有的内容全部丢失。`
      : `${s(r['server'])} 崩溃：磁盘上没有的内容全部丢失。`,
  restarted: (r) => `${s(r['server'])} 以磁盘上的内容重新启动。`,
  refused: (r) => `${s(r['server'])} 拒收来自 ${s(r['from'])} 的一条消息：${told(refused, r['why'])}。`,
  server_appeared: (r) => `${s(r['server'])} 出现，磁盘是空的。它还不是成员，等待别人把日志发给它。`,
  leadership_lost: (r) => {
    const [from, last] = [n(r['uncertain_from']), n((r['last'] as EntryId | undefined)?.index)];
    return from > last ? `${s(r['server'])} 不再是领导者；它追加的一切都已提交。` : `${s(r['server'])} 不再是领导者，无法得知${range(from, last)} 的结局。`;
  },
  change_abandoned: (r) => `${s(r['server'])} 不再变更成员：${s(r['learner'])} 没有赶上进度。`,
  snapshot_unreadable: (r) => `${s(r['server'])} 无法读取快照（${entry(r['last_included'])}），以空的状态继续。`,
  read_answered: (r) => `${s(r['server'])} 读取${quoted(r['key'])}，截至索引 ${n(r['index'])}：${typeof r['value'] === 'string' ? quoted(r['value']) : '从未写入过'}。`,
  read_failed: (r) => {
    const why: Record<string, string> = {
      leadership_lost: '就它所知，被询问的领导者已不再是领导者',
      timed_out: '在一个选举超时内没有答复',
      not_leader: '它询问的服务器不是领导者',
      crashed: '它崩溃了',
    };
    return `${s(r['server'])} 没有答复对${quoted(r['key'])}的读取：${word(why, r['why'])}。`;
  },
  client_requested: (r) => {
    const text = String(r['value'] ?? '');
    const append = /^([^=]*)\+=(.*)$/s.exec(text);
    if (r['reads']) return `${client(r)}向 ${s(r['server'])} 读取${quoted(text.slice(0, -1))}。`;
    return append ? `${client(r)}请 ${s(r['server'])} 把${quoted(append[2])}追加到${quoted(append[1])}。` : `${client(r)}请 ${s(r['server'])} 写入${quoted(text)}。`;
  },
  client_answered: (r) => `${client(r)}得到 ${s(r['server'])} 的答复：${typeof r['value'] === 'string' ? `读到${quoted(r['value'])}` : '所请求的已完成'}。`,
  client_gave_up: (r) => `${client(r)}没有得到 ${s(r['server'])} 的答复就继续了：所请求的可能已完成，可能之后才完成，也可能永远不会完成。`,
  client_retries: (r) => {
    const why: Record<string, string> = {
      no_answer: '没有及时得到答复',
      not_leader: '它询问的服务器不是领导者',
      replaced: '它的条目所在的位置已是另一个条目',
      not_read: '它询问的服务器无法答复读取',
      unknown: '它询问的服务器已说不清结局如何',
    };
    return `${client(r)}改为询问 ${s(r['server'])}：${why[String(r['why'])] ?? '它再试一次'}。`;
  },
  input_refused: (r) => `一项操作无法执行：${String(r['why'])}。`,
  violated: (r) => `“${properties.list[r['property'] as keyof typeof properties.list]?.[0] ?? String(r['property'])}”被破坏。`,
};

const leader = (server: number | undefined): string => (server ? ` ${s(server)} ` : '领导者');
const direction = ({ from, to }: { from: number; to: number }): string => `从 S${from} 到 S${to} `;

export const inputs: Catalogue['inputs'] = {
  crash: ({ server }) => `你让 S${server} 崩溃。`,
  restart: ({ server }) => `你重启 S${server}。`,
  pause: ({ server }) => `你暂停 S${server}：发给它的一切都要等待。`,
  resume: ({ server }) => `你让 S${server} 继续；等待中的内容现在得到处理。`,
  slow: ({ server, step_us }) => (step_us > 0 ? `你让 S${server} 变慢：每件事要用 ${ms(step_us)}。` : `你让 S${server} 以正常速度工作。`),
  set_disk: ({ server, us_min, us_max, lies }) => `你设定 S${server} 的磁盘：一次保存要用 ${ms(us_min)} 到 ${ms(us_max)}${lies ? '，而且会在崩溃仍会丢失内容时就报告已完成' : ''}。`,
  edit_disk: ({ server, term, voted_for: vote, keep, log }) => {
    const changes = [
      term === undefined ? '' : `任期 ${term}`,
      vote === undefined ? '' : vote > 0 ? `选票投给 S${vote}` : '没有投票',
      keep === undefined ? '' : keep > 0 ? `日志保留到索引 ${keep}` : '不保留日志',
      log?.length ? '其后是新的条目' : '',
    ];
    return `你手动改写 S${server} 的磁盘：${changes.filter(Boolean).join('，')}。`;
  },
  set_clock: ({ server, rate_ppm, ahead_us }) => `你设定 S${server} 的时钟：以真实时间的 ${rate_ppm / 10_000} % 运行${ahead_us ? `，并拨快 ${ms(ahead_us)}` : ''}。`,
  time_out: ({ server }) => `你让 S${server} 超时。`,
  heartbeat: ({ server }) => `你让 S${server} 发送心跳。`,
  compact: ({ server }) => `你让 S${server} 取快照。`,
  new_server: () => '你启动一台新服务器。',
  set_members: ({ server, voters, learners }) => `你请${leader(server)}变更成员：投票成员为 ${servers(voters)}${learners?.length ? `，学习者为 ${servers(learners)}` : ''}。`,
  leave_joint: ({ server }) => `你请${leader(server)}离开联合共识。`,
  read: ({ server, key }) => `你向${server ? ` ${s(server)} ` : '集群'}读取${quoted(key ?? 'x')}。`,
  transfer: ({ server, to }) => `你请 S${server} 把领导权移交给 S${to}。`,
  propose: ({ server, value }) => `你向${server ? ` ${s(server)} ` : '集群'}提议${quoted(value)}。`,
  cut: (link) => `你切断${direction(link)}的链路。`,
  uncut: (link) => `你修复${direction(link)}的链路。`,
  partition: ({ groups }) => `你把集群分开：${groups.map((group) => servers(group)).join(' | ')}。`,
  heal: () => '你移除所有的墙，并修复所有的链路。',
  flap: (link) => `你让${direction(link)}的链路反复断开又恢复。`,
  hold: ({ message }) => `你扣住消息 ${message}。`,
  release: ({ message }) => `你放行消息 ${message}。`,
  drop: ({ message }) => `你丢弃消息 ${message}。`,
  deliver: ({ message }) => `你立即送达消息 ${message}。`,
  duplicate: ({ message }) => `你复制消息 ${message}。`,
  set_delay: ({ message, us }) => `你设定消息 ${message} 还要走多久：从现在起 ${ms(us)}。`,
  hold_latest: (link) => `你扣住${direction(link)}的最新一条消息。`,
  release_all: () => '你放行所有被扣住的消息。',
  set_link: (link) => `你改变${direction(link)}的链路。`,
  move: ({ server }) => `你移动 S${server}。`,
  wall: ({ wall }) => `你画出或移动墙 ${wall}。`,
  set_wall: ({ wall, loss_ppm = 1_000_000, stops = 'both' }) => {
    const what = stops === 'both' ? '消息' : '来自一侧的消息';
    return `你设定墙 ${wall}：它挡住${loss_ppm === 1_000_000 ? `所有${what}` : `${spaced(`${loss_ppm / 10_000} %`)} 的${what}`}。`;
  },
  remove_wall: ({ wall }) => `你移除墙 ${wall}。`,
};
