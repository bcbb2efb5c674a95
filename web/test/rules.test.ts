import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { RULES } from '../src/lang/en/rules';
import { RULE_GROUPS } from '../src/rules';

test('the rules are those of raft-core, word for word, each in one group', () => {
  const source = readFileSync('../raft-core/src/rule.rs', 'utf8');
  const inCore = [...source.matchAll(/\/\/\/ (.*)\n\s+\w+ = "(\w+)", "(.+?)",\n\s+"(.+)";/g)].map(([, says, name, section, without]) => [name, section, says, without]);
  assert.ok(inCore.length > 40, `${inCore.length} rules were found in raft-core`);
  const byName = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);
  assert.deepEqual(RULE_GROUPS.flatMap(({ rules }) => rules.map(([name, section]) => [name, section, ...RULES.list[name]])).sort(byName), inCore.sort(byName));
});
