import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { countText } from '../src/checks/standings';
import { matchingSections, sections } from '../src/help/topics';
import { firstOf, languageFor, LANGUAGES, remember, remembered } from '../src/lang/languages';
import { inEnglish, speak, spokenVersion } from '../src/lang/texts';
import { catalogue as chinese } from '../src/lang/zh-Hans';
import { ACTION_TEXTS } from '../src/lang/en/actions';
import { matching } from '../src/search/match';
import { sentence } from '../src/sentences';
import { sectionText, serverNames, WORDS } from '../src/words';
import { english, ENGLISH_IN_CHINESE, type Leaf, leaves } from './catalogues';
import { DECIDED, DONE, HAPPENED, REFUSED_FOR } from './samples';

const [inEnglishLeaves, inChinese] = [leaves(english), leaves(chinese)];

/** What functions are called with that take no plain numbers; a text is as good as a number where it is only told. */
const violation = { property: 'Election Safety', section: 'P§5.2', time_ms: 1, text: 'S1 and S3 won term 4.', servers: [1, 3], terms: [4], indexes: [], operations: [] };
const operation = (kind: string, client: number, value: string | null = '9'): unknown => ({ client, kind, key: 'k7', value, outcome: 'answered' });
const CALLS: Readonly<Record<string, readonly (readonly unknown[])[]>> = {
  'page.list': [[['S1', 'S2', 'S4']], [['S1', 'S2']], [['S3']], [[]]],
  'page.wallEnd': [[3, 'a'], [3, 'b']],
  'page.scenes.title': [['Figure 7: followers that differ from their leader']],
  'page.scenes.text': [['Figure 7: followers that differ from their leader', 'S1 in term 8']],
  'page.link': [[40, 25, true], [0, 0, false]],
  'page.deck.answered': [['x', '17'], ['x', null]],
  'properties.found': [[violation]],
  'state.members': [[[1, 2, 4], 2]],
  'state.snapshot': [[5, 3, 40], [5, undefined, 1]],
  'menu.reply': [['投票']],
  'diagram.story': [[['a 14', 'b 25']]],
  'checks.clients.undecided': [[1, null], [2, 1_234_500]],
  'checks.broken.answered': [[1_234_500], [null]],
  'checks.broken.operation': [[operation('read', 3)], [operation('write', 0)], [operation('append', 1)], [operation('read', 1, null)]],
  'clients.who': [[0, 0], [0, 2], [1, 0], [7, 0]],
  'clients.text': [[operation('read', 3)], [operation('write', 0)]],
  'clients.did': [[operation('read', 3)], [operation('write', 0)], [operation('append', 0)]],
  'clients.story': [[1_234_500, '17', 2, '18'], [1_234_500, '', 1, '']],
};
const PLAIN = [1_234_500, 2_345_600, 3_456_700, 4_567_800, 5_678_900, 6_789_000];

function callsOf(path: string, leaf: (...values: unknown[]) => unknown): (readonly unknown[])[] {
  const [part = '', kind = ''] = path.split('.');
  if (part === 'decisions' || part === 'clusterDecisions') return DECIDED.filter((event) => event.kind === kind).map((event) => ['S1', event]);
  if (part === 'happenings') return HAPPENED.filter((record) => record.kind === kind).map((record) => [record]);
  if (part === 'refused') return REFUSED_FOR.filter((why) => why.kind === kind).map((why) => [why]).concat(kind === 'second_leader' ? [[{ known: 3, claims: 1 }]] as never : kind === 'absurd_offset' ? [[{ offset: 9, at_most: 4 }]] as never : []);
  if (part === 'inputs') return DONE.filter((input) => input.kind === kind).map((input) => [input]);
  // Besides values that are told apart, ones and noughts: what is one of a kind may be told in another way.
  return [...(CALLS[path] ?? [PLAIN.slice(0, leaf.length), PLAIN.slice(0, leaf.length).map(() => 1), PLAIN.slice(0, leaf.length).map(() => 0)])];
}

const told = (leaf: Leaf, values: readonly unknown[]): string => (typeof leaf === 'string' ? leaf : [(leaf as (...values: unknown[]) => unknown)(...values)].flat().join(' | '));

/** Every function of both with the same values, and every text. */
function* both(): Generator<{ path: string; en: string; zh: string; called: boolean; first: boolean }> {
  for (const [path, leaf] of inEnglishLeaves) {
    const other = inChinese.get(path);
    if (other === undefined) continue;
    if (typeof leaf === 'string') yield { path, en: leaf, zh: String(other), called: false, first: true };
    else for (const [at, values] of callsOf(path, leaf).entries()) yield { path, en: told(leaf, values), zh: told(other, values), called: true, first: at === 0 || !values.every((value) => value === 0 || value === 1) };
  }
}

test('each language has the texts that English has, no more, and functions where English has them', () => {
  assert.deepEqual([...inChinese.keys()].sort(), [...inEnglishLeaves.keys()].sort());
  assert.ok(inEnglishLeaves.size > 700, `${inEnglishLeaves.size} texts`);
  for (const [path, leaf] of inEnglishLeaves) assert.equal(typeof inChinese.get(path), typeof leaf, path);
});

test('every function tells all values that it is handed, in both languages', () => {
  let [calls, values] = [0, 0];
  const lacking: string[] = [];
  const never = new Set<string>([...inEnglishLeaves].filter(([, leaf]) => typeof leaf === 'function').map(([path]) => path));
  for (const { path, en, zh, called } of both()) {
    if (!called) continue;
    never.delete(path);
    calls += 1;
    if (/undefined|null|NaN|\[object/.test(zh)) lacking.push(`${path}: ${zh}`);
    // Figures, servers and what is quoted: whatever English tells of them is told.
    for (const value of en.match(/\d+(?:[\u2009\u202f ]\d{3})*(?:\.\d+)?|“[^”]*”/gu) ?? []) {
      values += 1;
      if (!zh.includes(value) && !zh.includes(value.replace(/^“(.*)”$/u, '$1'))) lacking.push(`${path}: “${zh}” lacks ${value} of “${en}”`);
    }
  }
  assert.deepEqual(lacking, []);
  assert.deepEqual([...never], [], 'each was called: what is new needs a sample in samples.ts');
  assert.ok(calls > 500 && values > 900, `${calls} calls, ${values} values`);
});

/** What is the same in Chinese: names, fields, signs and units of the paper and of keyboards. */
const SAME = [
  /^page\.title$/,
  /^page\.roleLetters\./,
  /^page\.list$/,
  // How a plain voter and a follower are marked: not at all.
  /^page\.(marks\.voter|rows\.follower)$/,
  /^page\.deck\.(placeholder|waits|answered)$/,
  /^state\.names\.(currentTerm|votedFor|log|commitIndex|lastApplied|nextIndex|matchIndex)$/,
  /^logs\.marks\.(commit|applied|next)$/,
  /^edit\.behindExample$/,
  /^diagram\.buttons\.(out|in)\.1$/,
  /^diagram\.(why\.now|markAt)$/,
  /^help\.(paperName|focused\.(0|2|5)\.0|focused\.6\.0)$/,
  /^menu\.title\.(link|way)$/,
  /^(menu|exports\.mermaid)\.message$/,
  /^clients\.(text|named)$/,
  // A part of a sentence that may be empty.
  /^(faults\.presets\.list\.\w+|features\.sizes\.clients|definitions\.pace)\.(section|1)$/,
];

test('no text is left in English', () => {
  const same = [...both()].filter(({ path, en, zh, first }) => first && en === zh && !/^[PD](§| Fig)/.test(en) && !SAME.some((known) => known.test(path)));
  assert.deepEqual(same.map(({ path, en }) => `${path}: ${en}`), []);
  for (const known of SAME) assert.ok([...inEnglishLeaves.keys()].some((path) => known.test(path)), `${known} names a text`);
});

test('no Chinese text has two English words behind each other but for names', () => {
  const runs = [...both()].filter(({ zh }) => /[A-Za-z]{2,}[ ,.]+[A-Za-z]{2,}/.test(zh.replace(ENGLISH_IN_CHINESE, '').replace(/\{ .* \}/, '')));
  assert.deepEqual(runs.map(({ path, zh }) => `${path}: ${zh}`), []);
});

test('Chinese is written as Chinese: its own signs, whole sentences, a gap between figures and words', () => {
  const odd: string[] = [];
  for (const { path, en, zh, first } of both()) {
    if (!first || !/\p{Script=Han}/u.test(zh)) continue;
    const signs = /\p{Script=Han}[,;:?!]|[,;:?!]\p{Script=Han}|[，。；：、]{2}|[，。；：、] | [，。；：、]| {2}/u;
    const gap = /\p{Script=Han}[\dA-Za-z]|[\dA-Za-z]\p{Script=Han}/u;
    const sentence = /^(decisions|clusterDecisions|happenings|inputs|properties\.list\.\w+\.1|rules\.list|definitions\.\w+\.0|checks\.needs|hint\.steps)\b/.test(path);
    if (signs.test(zh) || gap.test(zh) || (sentence && en.endsWith('.') && !zh.endsWith('。'))) odd.push(`${path}: ${zh}`);
  }
  assert.deepEqual(odd, []);
});

test('the glossary’s words are those of the texts, and each stands for one of the paper’s', () => {
  const all = [...both()].map(({ zh }) => zh).join('\n');
  for (const [word, paper] of Object.entries(chinese.glossary)) {
    assert.match(paper, /^[a-z][a-z -]*$/, word);
    assert.ok(all.includes(word), `${word} is used`);
  }
  // The paper's own words have one translation each, wherever they stand.
  assert.doesNotMatch(all, /领袖|追随者|候选人|日志项|提案|法定人数|大多数/u);
});

test('every scene is told in Chinese', () => {
  for (const name of readdirSync('../scenarios').filter((file) => file.endsWith('.json'))) {
    const { title, text } = JSON.parse(readFileSync(`../scenarios/${name}`, 'utf8')) as { title: string; text: string };
    assert.match(chinese.page.scenes.title(title), /^\P{Script=Latin}*\(?e?\)?\P{Script=Latin}*$/u, name);
    const told = chinese.page.scenes.text(title, text);
    assert.ok(told !== text && told.endsWith('。'), name);
    for (const server of new Set(text.match(/\bS\d\b/g))) assert.ok(told.includes(server), `${name}: ${server}`);
    for (const term of new Set(text.match(/(?<=\bterms? )\d/g))) assert.ok(told.includes(`任期 ${term}`), `${name}: term ${term}`);
  }
});

test('another language is spoken at once wherever texts are read, and English comes back', () => {
  const record = { number: 1, time_us: 0, kind: 'decision', server: 3, section: 'D§6.2', event: { kind: 'became_leader', term: 4, votes: { voters: { have: 3, needed: 3 } } } };
  const before = spokenVersion();
  const [text] = [sentence(record).text];
  try {
    speak(chinese);
    assert.equal(spokenVersion(), before + 1);
    assert.equal(sentence(record).text, 'S3 成为任期 4 的领导者：需要 3 票，已有 3 票。');
    assert.equal(sentence(record).section, '博士论文 §6.2');
    assert.equal(sectionText('P Fig. 2'), '图 2');
    assert.equal(serverNames([4, 1, 2]), 'S1、S2 和 S4');
    assert.equal(countText([]), '');
    assert.equal(WORDS.roles.leader, '领导者');
    assert.equal(inEnglish(ACTION_TEXTS).crash[0], 'Crash', 'English is still known');
    speak(chinese);
    assert.equal(spokenVersion(), before + 1, 'the same once more changes nothing');
  } finally {
    speak(null);
  }
  assert.equal(sentence(record).text, text);
  assert.equal(sectionText('P Fig. 2'), 'Fig. 2');
  assert.equal(spokenVersion(), before + 2);
});

test('what is called so in Chinese is found by Chinese and by the paper’s English', () => {
  const things = [
    { name: '下一次选举', about: '一直进行到有服务器当选', kind: '操作', english: 'Next election' },
    { name: '取快照', about: '让所选的服务器取快照，以代替日志', kind: '操作' },
    { name: '多数派检查（CheckQuorum）', about: '规则：收不到多数派消息的领导者会退位', kind: '设置' },
  ];
  const found = (query: string): string[] => matching(query, things, chinese.glossary).map(({ name }) => name);
  assert.deepEqual(found('选举'), ['下一次选举']);
  assert.deepEqual(found('next election'), ['下一次选举']);
  assert.deepEqual(found('snapshot'), ['取快照']);
  assert.deepEqual(found('快照 日志'), ['取快照'], 'in the middle of what is told of it');
  assert.deepEqual(found('leader'), ['多数派检查（CheckQuorum）']);
  assert.deepEqual(found('quorum'), ['多数派检查（CheckQuorum）']);
  assert.deepEqual(found('zzz'), []);
  try {
    speak(chinese);
    const help = (query: string): string[] => matchingSections(query, sections()).flatMap(({ topics }) => topics.map(({ what }) => what));
    assert.ok(help('心跳').includes('圆盘'));
    assert.ok(help('heartbeat').includes('圆盘'));
    assert.ok(help('nextindex').includes('nextIndex[]'));
  } finally {
    speak(null);
  }
});

test('a language is found by what browsers and authors call it', () => {
  for (const tag of ['zh', 'zh-CN', 'zh-cn', 'zh-Hans', 'zh-Hans-CN', 'zh-SG']) assert.equal(languageFor(tag)?.tag, 'zh-Hans', tag);
  for (const tag of ['en', 'en-GB', 'EN-us']) assert.equal(languageFor(tag)?.tag, 'en', tag);
  for (const tag of ['', 'fr', 'zh-TW', 'zh-Hant', 'eng', 'zha', null, undefined]) assert.equal(languageFor(tag), undefined, String(tag));
  assert.equal(firstOf(['fr', null, 'zh-CN', 'en']).tag, 'zh-Hans');
  assert.equal(firstOf(['fr']).tag, 'en');
  assert.equal(new Set(LANGUAGES.map(({ name }) => name)).size, LANGUAGES.length);
});

test('the choice is remembered where the browser allows, and otherwise is no error', () => {
  const kept = new Map<string, string>();
  const storage = (): Storage => ({ getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }) as never;
  assert.equal(remembered(storage), null);
  remember(storage, 'zh-Hans');
  assert.equal(remembered(storage), 'zh-Hans');
  const none = (): Storage => {
    throw new DOMException('denied');
  };
  assert.equal(remembered(none), null);
  remember(none, 'en');
});
