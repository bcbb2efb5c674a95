/** 经典脚本旁边的其他脚本有什么不对。文件名保持原样。 */

import type { Catalogue } from '../catalogue';

export const pieces: Catalogue['pieces'] = {
  missing: (file, where) => `无法从 ${where} 加载 ${file}；它应与 raft-playground.iife.js 放在一起。运行会继续；文件就位后请再试一次。`,
  otherBuild: (file, where) => `${where} 中的 ${file} 与 raft-playground.iife.js 不是同一次构建：请从同一个文件夹复制两者，再重新载入页面。运行会继续。`,
  alone: (file) => `此处需要 ${file}，而 raft-playground.iife.js 在这里没有地址，无从在旁边寻找：请把两者都放进页面。运行会继续。`,
  refused: (file) => `页面的策略不允许 ${file}；trusted-types 中应有 raft-playground-worker。运行会继续。`,
};
