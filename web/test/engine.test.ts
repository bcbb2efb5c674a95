import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, test } from 'node:test';
import { said } from '../src/engine';
import { ENGINE } from '../src/lang/en/engine';
import { speak } from '../src/lang/texts';
import { catalogue as chinese } from '../src/lang/zh-Hans';

/** Rust's own texts, each value being `{}`, over lines or not. */
const plain = (source: string): string => source.replace(/\\\n\s*/g, '').replace(/\{[^{}"]*\}/g, '{}');
const rust = (path: string): string => plain(readFileSync(`../${path}`, 'utf8'));
const typewritten = (text: string): string => text.replaceAll('’', "'");
const display = (source: string, of: string): string => source.split(`impl fmt::Display for ${of} {`)[1]?.split('\n}')[0] ?? '';
/** The texts in quotes that a formatter writes. */
const written = (source: string): string[] => [...source.matchAll(/"([^"]*[a-z][^"]*)"/g)].map(([, text]) => text as string);

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
