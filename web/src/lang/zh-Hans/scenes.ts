/** 场景的标题和说明，按场景文件中的英文标题查找。没有列在这里的标题（例如别人文件里的）保持原样。 */

import { properties } from './properties';
import { rules } from './rules';

export const SCENES: Readonly<Record<string, readonly [title: string, text: string]>> = {
  'Figure 10: two majorities that do not meet': [
    '图 10：互不相交的两个多数派',
    '由 S1、S2 和 S3 组成的集群要再加入 S4 和 S5。任期 1 的领导者是 S3；新配置到达 S4 和 S5 之后，还没有到达 S1 和 S2，它就崩溃了。这里没有服务器遵循联合共识：谁拿到新配置，就只按新配置计数。于是 S1 以三台旧服务器中的两台赢得任期 2，而 S5 以五台新服务器中的三台赢得同一任期。重新打开这条规则，S5 就还需要旧服务器的多数派，而它得不到。',
  ],
  'Figure 6: logs, and what is committed': [
    '图 6：日志，以及哪些已提交',
    '任期 3 的领导者有八个日志条目。其中七个已在多数派服务器上，已经提交：x 是 5，y 是 7。第八个 x=4 只在五台服务器中的两台上。让它运行：领导者逐一弄清每个跟随者的日志与自己的一致到哪里，发送缺少的部分；第三台服务器拿到条目 8 时，它就被提交。',
  ],
  'Figure 7: followers that differ from their leader': [
    '图 7：与领导者不一致的跟随者',
    'S1 刚刚在任期 8 上台。S2 到 S7 就是图中的跟随者 (a) 到 (f)：有的缺少条目 (a, b)，有的有从未提交的条目 (c, d)，有的两者都有 (e, f)。S1 询问每一个跟随者是否有下一条目之前的那一条；若被拒绝，就往回退。c 和 d 多出来的条目会一直留着，直到一秒后任期 8 的第一个条目到来。',
  ],
  'Figure 8 (e): committed with an entry of its own term': [
    '图 8 (e)：随自己任期的条目一同提交',
    '在 (c) 之前与图 8 相同，但随后 S1 把自己任期 4 的条目送到了 S2 和 S3。于是它提交条目 3，条目 2 也随之提交。S1 崩溃后，S5 在任期 4 和 5 中再次请求投票：S2 和 S3 拒绝，因为它们最后的条目属于任期 4，而 S5 的属于任期 3。S5 再也赢不了。S2 赢得任期 6，所有服务器最终都有它的日志。',
  ],
  'Figure 8 without its rule: a committed entry is lost': [
    '没有规则的图 8：已提交的条目丢失',
    '同样的故事，但没有服务器遵循“领导者只对自己任期的条目计数”这条规则。在 (c) 中，S1 看到自己任期 2 的条目已在多数派上，于是提交并应用它。在 (d) 中，S5 仍然赢得任期 5，因为它的日志比 S2 和 S3 的新，但它没有已提交的条目：领导者完整性被破坏，运行就停在那里。',
  ],
  'Figure 8: on a majority, and yet not committed': [
    '图 8：已在多数派上，却没有提交',
    '(a) S1 领导任期 2，只把条目 2 发给了 S2。(b) S1 崩溃；S5 以 S3、S4 和自己的选票赢得任期 3，并在索引 2 处接受了另一个条目。(c) S5 崩溃；S1 重新启动，输掉任期 3，赢得任期 4，继续进行：它任期 2 的条目现在在 S1、S2 和 S3 上，已是多数派。但它没有被提交，因为领导者只对自己任期的条目计数。(d) S1 崩溃；S5 赢得任期 5，因为它最后的条目比 S2 和 S3 的新，于是处处用自己的条目取代了条目 2。已提交的内容没有任何丢失。在另一个场景 (e) 中，S1 先把任期 4 的条目送到了多数派。',
  ],
  'The bug of 2015: two changes by one server each': [
    '2015 年的缺陷：两次各变更一台服务器',
    'S1 领导由 S1 到 S4 组成的集群的任期 1，并加入 S5：新配置只在 S1 和 S5 上。S2 靠不知道此事的 S3 和 S4 赢得任期 2，并移除 S4：它在 S2 和 S3 上，是 S1、S2 和 S3 的多数派，因而被提交。随后 S1 重新启动，按自己的配置，靠 S4 和 S5 赢得任期 3：五台中的三台，却没有一台拥有已提交的内容。每次变更都只离同样的成员一步，但这两次变更的多数派未必相交。这里关掉的规则要求领导者在变更成员之前，先提交一个自己任期的条目：有了它，两次变更都会被拒绝。',
  ],
};

/** 引擎给所找场面起的名字。 */
export const GOALS: Readonly<Record<string, string>> = {
  'Two leaders at once': '同时有两个领导者',
  'A split vote, three times': '三次选票分散',
  'An entry is overwritten': '条目被覆盖',
  'A leader that nobody follows any more': '没有谁再跟随的领导者',
  'On a majority, and still not safe': '已在多数派上，却仍不安全',
};

const listed = (list: Readonly<Record<string, readonly string[]>>, name: string): string | undefined => list[name.toLowerCase().replace(/[ -]/g, '_')]?.[0];

/** 搜索找到的故事：以性质或场面命名，并说明缺少哪条规则。 */
function storyTitle(title: string): string {
  const [, what = title, rule = ''] = /^(.*?)(?:, without “(.+)”)?$/.exec(title) ?? [];
  const without = listed(rules.list, rule)?.replace('。', '');
  const name = listed(properties.list, what) ?? GOALS[what] ?? what;
  return without === undefined ? name : `${name}，缺少“${without}”`;
}

export const sceneTitle = (title: string): string => SCENES[title]?.[0] ?? storyTitle(title);
export const sceneText = (title: string, text: string): string => SCENES[title]?.[1] ?? text;
