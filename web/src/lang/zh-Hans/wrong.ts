/** 传给元素方法的参数有什么不对。参数名保持原样。 */

import type { Catalogue } from '../catalogue';

export const wrong: Catalogue['wrong'] = {
  anObject: '一个对象',
  wholeNumber: (name, found, min, max) => `${name} 是 ${found}；应为 ${min} 到 ${max} 的整数`,
  serverIn: (name) => `${name} 中的服务器`,
  anotherServer: (name, server, than) => `${name} 是 ${server}；应为与 ${than} 不同的服务器`,
  number: (name, found, min, max) => `${name} 是 ${found}；应为 ${min} 到 ${max} 的数`,
  text: (name, found, most) => `${name} 是 ${found}；应为 1 到 ${most} 个字符的文本`,
  length: (name, found, most) => `${name} 有 ${found} 个字符；应为 1 到 ${most} 个`,
  control: (name) => `${name} 中有控制字符；应为可见字符`,
  jump: (found) => `kind 是 ${found}；应为 leader、commit、violation 或 input`,
  key: 'key 中有表示键结束的 =；键中不应有它',
  array: (name, found) => `${name} 是 ${found}；应为服务器编号的数组`,
  twice: (name, server) => `${name} 两次提到 S${server}；每台服务器应只出现一次`,
  groups: (found) => `groups 是 ${found}；应为由服务器编号数组组成的数组`,
  members: (found) => `members 是 ${found}；应为 { voters, learners }`,
  voters: 'voters 是空的；至少应有一台服务器',
  speed: (found, min, max) => `speed 是 ${found}；应为 ${min} 到 ${max}`,
  line: (found) => `line 是 ${found}；应为 { ax, ay, bx, by }`,
  scenario: 'scenario 不是对象；应为 { servers, seed, options }',
  readonly: '这次运行只供观看：元素带有 readonly 属性',
  playing: 'advance() 用于精确步进：请先调用 pause()',
  loading: '集群仍在加载：请先 await element.ready',
  disposed: '元素已被 dispose()',
  noStage: '舞台尚未就绪',
  notLoaded: (path, status) => `无法加载 ${path}：HTTP ${status}`,
  forbidden: '此处禁止使用 WebAssembly；Content-Security-Policy 的 script-src 中应有 \'wasm-unsafe-eval\'',
  alone: (file) => `${file} 应与 Playground 的脚本放在一起，而这份脚本是独立的；应使用放在主机上的整个文件夹`,
};
