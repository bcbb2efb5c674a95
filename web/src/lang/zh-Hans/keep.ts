/** 分享和搜索框。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';

export const share: Catalogue['share'] = {
  head: '分享',
  link: '复制指向此刻的链接',
  linkTells: (characters) => `链接包含整个运行、它的书签以及它所处的时刻：共 ${characters} 个字符，不会发送给任何人。`,
  tooLong: (characters, most) => `链接会有 ${characters} 个字符，而超过 ${most} 个字符的链接并非处处都能送达：请改为把运行保存成文件。`,
  notHere: '链接只能在 Playground 自己的页面上生成。在这里可以保存成文件。',
  copied: (characters, us) => `链接已复制：${timeText(us)}，${characters} 个字符。`,
  notCopied: '浏览器不允许复制：链接现在就在地址栏里。',
  notCopiedHere: '浏览器不允许复制。',
  printTells: '这一刻的舞台、日志和时空图，白纸黑字。',
  save: '保存为文件',
  saveTells: '这次运行，连同对它做过的一切和它的书签，格式为 JSON。再次打开时从头开始。',
  page: '保存为单个文件',
  pageTells: '整个 Playground，连同这次运行和此刻。浏览器无需主机和网络即可打开它。',
  pageSaved: (name) => `已保存 ${name}：双击即可打开。`,
  noPlace: '脚本旁的单文件页面与它不匹配',
  pageNotSaved: (why) => `无法保存页面：${why}。`,
  openFile: '打开文件……',
  openTells: '打开保存过的运行。也可以把文件拖到页面上。',
  noExports: '制作图片的部分加载失败。请重新加载页面再试。',
  runs: '最近的运行',
  runsTell: '你做过操作的运行，只保存在这个浏览器里。',
  noRuns: '还没有。对一次运行做过操作、然后离开它时，它就会保存在这里。',
  clear: '清除',
  close: '关闭',
  untitled: (seed) => `种子 ${seed}`,
  about: (servers, us) => `${servers} 台服务器，运行到 ${timeText(us)}`,
  badLink: (why) => `无法打开这个链接：${why}。页面保持原样。`,
  newer: (version, known) => `它可能来自更新的 Playground；它的运行是版本 ${version}，而本页只认识版本 ${known}`,
  badFile: (name, why) => `无法打开 ${name}：${why}。页面保持原样。`,
  living: (us) => `正在重新经历这次运行，直到 ${timeText(us)} ……`,
  arrived: (us) => `运行停在 ${timeText(us)}，与分享时一样。`,
  stopped: (us) => `运行在那一时刻之前就结束了：它停在 ${timeText(us)}。`,
  tooFar: (us, to) => `重新经历这次运行要很久。它现在停在 ${timeText(us)}，目标是 ${timeText(to)}：按“播放”继续。`,
  opened: (name, marks) => `已打开 ${name}。请按“播放”${marks > 0 ? `，或按 V 转到它的 ${marks} 个书签中的第一个` : ''}。`,
};

export const search: Catalogue['search'] = {
  head: '搜索',
  placeholder: '操作、服务器、场景、设置……',
  none: '本页上没有叫这个名字的东西。',
  found: (count) => `找到 ${count} 项`,
  more: (count) => `还有 ${count} 项：继续输入以缩小范围`,
  kinds: { action: '操作', doing: '菜单', server: '服务器', view: '视图', scene: '场景', setting: '设置' },
  view: '显示它',
  server: '选择它',
};
