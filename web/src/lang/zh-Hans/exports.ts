/** 从页面带走的图片和文字。 */

import { timeText } from '../../words';
import type { Catalogue } from '../catalogue';
import { called } from './telling';

export const exports: Catalogue['exports'] = {
  head: '用于笔记和幻灯片',
  stage: { png: '舞台（PNG）', svg: '舞台（SVG）' },
  diagram: { png: '时空图（PNG）', svg: '时空图（SVG）' },
  picturesTell: '与现在所见一样：PNG 为两倍像素，SVG 可任意放大。',
  noStage: '集群还没有准备好。',
  noDiagram: '请先打开“时空图”标签：图片显示那里可见的内容。',
  presentTells: '放大舞台，只留少量按钮，在书签之间切换。',
  mermaid: {
    copy: '复制为 Mermaid',
    save: '保存为 Mermaid',
    tells: 'Mermaid：以文字表示的时序图，内容为时空图所显示的部分，或到此刻为止最近的事件。',
    copied: '时序图已复制。',
    notCopied: '浏览器不允许复制：请改为保存。',
    message: (name, term) => `${called(name)} 任期 ${term}`,
    lost: '，丢失',
    blocked: '，被阻断',
    leftOut: (rows) => `略去更早的 ${rows} 行`,
  },
  noCanvas: '浏览器没有可供绘制的画布',
  noPicture: '浏览器无法生成图片',
  saved: (name) => `已保存 ${name}。`,
  notSaved: (why) => `没有得到图片：${why}。`,
  stageAt: (seed, us) => `Raft，种子 ${seed}：${timeText(us)} 时的舞台`,
  diagramAt: (seed, from, to) => `Raft，种子 ${seed}：${timeText(from)} 到 ${timeText(to)} 的时空图`,
};
