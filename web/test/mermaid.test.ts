import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EventRecord } from '../src/door/types';
import { CHARACTERS_MAX, mermaid, plain } from '../src/exports/mermaid';

type Happening = { kind: string; time_us: number } & Record<string, unknown>;
const numbered = (happenings: readonly Happening[]): EventRecord[] => happenings.map((happening, at) => ({ number: at + 1, ...happening }));
const label = (from: number, to: number, name: string) => ({ message: 1, from, to, name, term: 3 });
const arrives = (time_us: number, from: number, to: number, name: string): Happening => ({ kind: 'delivered', time_us, ...label(from, to, name) });
const matched: Happening = { kind: 'decision', time_us: 9_000, server: 1, section: 'P§5.3', event: { kind: 'follower_matches', follower: 2, to: 4 } };
const rowsOf = (...happenings: Happening[]): string[] => mermaid(numbered(happenings), 3).trimEnd().split('\n').slice(4).map((row) => row.trim());

test('it begins with the servers, and what is lost or blocked ends in a cross', () => {
  const text = mermaid(numbered([{ kind: 'lost', time_us: 1_500, ...label(1, 2, 'AppendEntries') }, { kind: 'blocked', time_us: 2_000, ...label(1, 3, 'RequestVote'), wall: 1 }, arrives(2_500, 2, 1, 'RequestVote reply')]), 3);
  assert.equal(
    text,
    'sequenceDiagram\n    participant S1\n    participant S2\n    participant S3\n    S1-xS2: AppendEntries term 3, lost (1.5 ms)\n    S1-xS3: RequestVote term 3, blocked (2 ms)\n    S2->>S1: RequestVote reply term 3 (2.5 ms)\n',
  );
});

test('an append is shown if something comes of it, and not by what comes of another', () => {
  assert.deepEqual(rowsOf(arrives(1_000, 1, 2, 'AppendEntries'), arrives(2_000, 2, 1, 'AppendEntries reply')), []);
  assert.deepEqual(rowsOf(arrives(1_000, 1, 2, 'AppendEntries'), arrives(2_000, 2, 1, 'AppendEntries reply'), matched), ['S2->>S1: AppendEntries reply term 3 (2 ms)']);
  assert.deepEqual(rowsOf(arrives(1_000, 1, 2, 'AppendEntries'), arrives(2_000, 2, 1, 'RequestVote'), matched), ['S2->>S1: RequestVote term 3 (2 ms)']);
});

test('what happens at a server stands over it, and what happens to all over all', () => {
  const rows = rowsOf({ kind: 'crashed', time_us: 5_000, server: 2, written: 0 }, { kind: 'input_applied', time_us: 6_000, input: { kind: 'heal' } });
  assert.match(rows[0] ?? '', /^Note over S2: S2 crashes.* \(5 ms\)$/);
  assert.match(rows[1] ?? '', /^Note over S1,S3: .* \(6 ms\)$/);
});

test('what Mermaid would read as its own is written as an entity', () => {
  assert.equal(plain('a; b #1 <c>\nd'), 'a#59; b #35;1 #60;c#62;#10;d');
});

test('of what is too long the latest is kept, and what is left out is said', () => {
  const many = Array.from({ length: 2_000 }, (_, at) => ({ kind: 'lost', time_us: at * 1_000, ...label(1, 2, 'RequestVote') }));
  const text = mermaid(numbered(many), 3);
  assert.ok(text.length <= CHARACTERS_MAX && text.length > CHARACTERS_MAX - 300, String(text.length));
  const rows = text.trimEnd().split('\n').slice(4);
  const [, left] = /^ {4}%% ([\d,]+) earlier rows are left out$/.exec(rows[0] ?? '') ?? [];
  assert.equal(Number(left?.replace(',', '')) + rows.length - 1, 2_000);
  assert.ok(rows[rows.length - 1]?.includes('(1999 ms)'));
});
