/** 句子的组成部分。 */

import { type EntryId, type Fields, type Majority, n, s, tally } from '../../telling';

/** “索引 2，任期 1”；没有条目时是“空”。 */
export const entry = (value: unknown): string => {
  const id = value as EntryId | undefined;
  return !id || id.index === 0 ? '空' : `索引 ${id.index}，任期 ${id.term}`;
};
export const range = (from: number, to: number): string => (from === to ? `索引 ${from}` : `索引 ${from} 到 ${to}`);

/** “3 票”，或者“新投票成员中的 2 票和旧投票成员中的 2 票”。 */
export function count(value: unknown, which: keyof Majority, unit: string): string {
  const { voters, old } = tally(value);
  return old ? `新投票成员中的 ${voters[which]} ${unit}和旧投票成员中的 ${old[which]} ${unit}` : `${voters[which]} ${unit}`;
}

/** “需要 3 票，已有 2 票”。 */
export function progress(value: unknown, unit: string): string {
  const { voters, old } = tally(value);
  const of = ({ have, needed }: Majority): string => `需要 ${needed} ${unit}，已有 ${have} ${unit}`;
  return old ? `新投票成员中${of(voters)}；旧投票成员中${of(old)}` : of(voters);
}

/** 消息的名称以论文为准；回复注明是回复。 */
export const called = (name: unknown): string => String(name).replace(/ reply$/, ' 回复');

/** “从 S1 到 S2 的消息”。 */
export const way = (of: Fields, what: string): string => (of['from'] && of['to'] ? `从 ${s(of['from'])} 到 ${s(of['to'])} 的${what}` : what);

export const ms = (us: number): string => `${us / 1000} ms`;
export const quoted = (value: unknown): string => `“${String(value ?? '')}”`;
export const client = (of: Fields): string => (n(of['client']) <= 1 ? '你的客户端' : `客户端 ${n(of['client'])} `);

/** 汉字与数字或字母之间空一格：放在汉字之后时用。 */
export const spaced = (text: string): string => (/^[\w“]/.test(text) ? ` ${text}` : text);
