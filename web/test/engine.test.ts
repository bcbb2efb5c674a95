import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { said } from '../src/engine';
import { tale } from '../src/hunt/tale';
import { ENGINE } from '../src/lang/en/engine';
import { speak } from '../src/lang/texts';
import { catalogue as chinese } from '../src/lang/zh-Hans';
import { GOALS, sceneTitle } from '../src/lang/zh-Hans/scenes';

/** Rust's own texts, each value being `{}`, over lines or not. */
const plain = (source: string): string => source.replace(/\\\n\s*/g, '').replace(/\{[^{}"]*\}/g, '{}');
const rust = (path: string): string => plain(readFileSync(`../${path}`, 'utf8'));
const typewritten = (text: string): string => text.replaceAll('’', "'");
const display = (source: string, of: string): string => source.split(`impl fmt::Display for ${of} {`)[1]?.split('\n}')[0] ?? '';
/** The texts in quotes that a formatter writes. */
const written = (source: string): string[] => [...source.matchAll(/"([^"]*[a-z][^"]*)"/g)].map(([, text]) => text as string);

/** The sentences of a story as a whole, and their parts. */
const tellings = (): string[] => {
  const source = rust('raft-sim/src/explore/telling.rs').split('fn sentence(')[1] ?? '';
  return [...source.matchAll(/"([^"]*[a-z][^"]*)"/g)].flatMap(([, text = '']) => {
    if (text === '{} leads term {}{}') return ['{} leads term {}', '{} leads term {} with the vote of {}'];
    if (text === '{} commits {}, which {}') return ['{} commits {}, which 1 server holds', '{} commits {}, which {} servers hold'];
    return text.endsWith(' with {}') && text.includes('read') ? [text, text.replace(/\{\}$/, 'nothing')] : text;
  });
};

afterEach(() => speak(null));

test('whatever the engine says of an input that it refuses has its template, word for word', () => {
  const known = new Set(Object.values(ENGINE.refusals).map(typewritten));
  assert.deepEqual(written(display(rust('raft-sim/src/input_error.rs'), 'InputError')).filter((text) => !known.has(text)), []);
  const because = readdirSync('../raft-sim/src').filter((name) => name.startsWith('act')).flatMap((name) => [...rust(join('raft-sim/src', name)).matchAll(/because: "([^"]*)"|if paused \{\} else \{\}/g)].flatMap(([, text]) => text ?? []));
  assert.ok(because.length > 10, `${because.length}`);
  const already = new Set<string>(Object.values(ENGINE.already));
  assert.deepEqual(because.filter((text) => !already.has(text)), []);
});

test('no template is of what the engine does not say', () => {
  const core = rust('raft-core/src/input.rs');
  assert.deepEqual(Object.values(ENGINE.reasons).map(typewritten).filter((text) => !core.includes(`"${text}"`)), []);
  const action = rust('raft-sim/src/explore/action.rs');
  const steps = Object.values(ENGINE.steps).map(typewritten);
  assert.deepEqual(steps.filter((text) => !action.includes(`"${text.replace(' and the learners to {}', '')}"`) && text !== "{}'s clock runs at {} %"), []);
  assert.deepEqual(Object.values(ENGINE.answers).filter((text) => !action.includes(`"${text}"`)), []);
  const written = new Set(tellings());
  assert.deepEqual(Object.values(ENGINE.tale).map(typewritten).filter((text) => !written.has(text)), []);

});

test('every sentence in which a story is told as a whole has its template', () => {
  const known = new Set([...Object.values(ENGINE.tale), ...Object.values(ENGINE.steps)].map(typewritten));
  const parts = [' with the vote of {}', ' and ', 'nothing', '1 server holds', '{} servers hold'];
  const told = tellings().filter((text) => !parts.includes(text));
  assert.ok(told.length > 20, `${told.length}`);
  assert.deepEqual(told.filter((text) => !known.has(text)), []);
});

test('a story as a whole is told in the language that is spoken, with the violation at its end', () => {
  const text = 'S1 stands in term 2. S1 leads term 2 with the vote of S2 and S3. S2 takes entries 3 to 4 of term 2. S3 copies entry 3 from S1. S1 commits entry 3, which 2 servers hold. S1 answers a read of x with nothing. Election Safety is violated: S1 and S3 were both elected leader in term 2.';
  assert.equal(tale(text), text);
  speak(chinese);
  assert.equal(
    tale(text),
    'S1 在任期 2 参选。S1 以 S2、S3 的选票领导任期 2。S2 接受任期 2 的条目 3 到 4。S3 从 S1 复制条目 3。S1 提交条目 3，有 2 台服务器持有。S1 答复对 x 的读取：没有值。“选举安全性”被破坏：同一任期内当选了不止一个领导者（S1 和 S3；任期 2）。',
  );
  assert.equal(tale('S1 crashes.'), 'S1 崩溃。');
});

test('the title of a story is Chinese on the Chinese page, whatever was looked for and whichever rule was off', () => {
  const named = [...rust('raft-sim/src/explore/goal/mod.rs').matchAll(/title: "([^"]+)"/g)].map(([, title]) => title as string);
  assert.ok(named.length >= 5);
  assert.deepEqual(Object.keys(GOALS), named);
  assert.equal(sceneTitle('Leader Completeness, without “vote only for up to date log”'), '领导者完整性，缺少“选票只投给日志至少与投票者一样新的候选者”');
  assert.equal(sceneTitle('Two leaders at once'), '同时有两个领导者');
  assert.equal(sceneTitle('leaders > 1'), 'leaders > 1');
});

test('in English it stays as it is; in Chinese every part of it is said, with its values', () => {
  const texts: readonly (readonly [english: string, chinese: string])[] = [
    ['S3 is crashed; expected a running server', 'S3 已崩溃；需要一台正在运行的服务器'],
    ['S1 refuses: a change of members is under way since index 7; expected to wait until it is done', 'S1 拒绝：从索引 7 起正在变更成员；要等它完成'],
    ['nothing would change: no message is held', '什么也不会改变：没有被拦住的消息'],
    ["S1 receives S2's answer (its vote)", 'S1 收到 S2 的答复（它的投票）'],
    ['S2 receives RequestVote from S1', 'S2 收到来自 S1 的 RequestVote'],
    ['AppendEntries from S3 to S5 is lost', '从 S3 到 S5 的 AppendEntries 丢失'],
    ['S1 changes the voters to S1, S2, S4 and the learners to S5', 'S1 把投票成员改为 S1、S2、S4，学习者改为 S5'],
    ["S2's clock runs at 150.0 %", 'S2 的时钟以 150.0 % 的速度走'],
    ['something that nobody foresaw', 'something that nobody foresaw'],
  ];
  for (const [english] of texts) assert.equal(said(english), english);
  speak(chinese);
  for (const [english, spoken] of texts) assert.equal(said(english), spoken);
});
