/** 第一次来访时的提示。 */

import type { Catalogue } from '../catalogue';

export const hint: Catalogue['hint'] = {
  head: '入门三步',
  at: (step, all) => `${step} / ${all}`,
  next: '下一步',
  done: '完成',
  skip: '跳过',
  steps: [
    '按“播放”：五台服务器选出领导者，并保持联系。每个移动的图形都是一条消息。',
    '动手破坏：点击一台服务器让它崩溃，或者在空白处拖动，画一道墙。右键或长按会列出所有能做的事。',
    '提问和回看：每个事件都有“为什么？”，舞台下方的时间线通往任何时刻。按 ? 查看按键。',
  ],
};
