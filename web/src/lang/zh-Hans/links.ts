/** 打开的链接或文件有什么问题。 */

import type { Catalogue } from '../catalogue';

export const links: Catalogue['links'] = {
  letters: (name, found, at) => `${name} 在第 ${at} 个字符处是 ${found}；应为字母、数字、- 和 _`,
  empty: (name) => `${name} 是空的；应为一次运行`,
  cutShort: (name) => `${name} 在一个字节的中间结束；应为完整的链接`,
  tooLong: (found, most) => `它有 ${found} 个字符；至多应为 ${most} 个`,
  unknown: (found) => `其中有本页不认识的 ${found}；应为 r、t 和 n`,
  twice: (name) => `其中有两个 ${name}；应只有一个`,
  noRun: '缺少 r，即运行；应为完整的链接',
  noTime: '缺少 t，即时刻；应为完整的链接',
};

export const files: Catalogue['files'] = {
  tooLarge: (found, most) => `它有 ${found} 字节；至多应为 ${most}`,
  noJson: (why) => `它不是 JSON：${why}`,
  noObject: '它不是对象；应为一个场景，{ "version": 1, … }',
};
