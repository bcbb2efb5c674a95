import assert from 'node:assert/strict';
import { test } from 'node:test';
import { action, type Bench } from '../src/actions';
import { type Bookmark, Bookmarks, BOOKMARKS_MAX, onLine } from '../src/bookmarks';
import type { Branch } from '../src/door/types';
import { bookmarkName } from '../src/panels/past/bookmarks';

const mark = (name: string, branch: number, timeUs: number, events = 0): Bookmark => ({ name, branch, timeUs, events });
const names = (all: readonly Bookmark[]): string => all.map(({ name }) => name).join(' ');

function some(): Bookmarks {
  const bookmarks = new Bookmarks();
  for (const one of [mark('d', 1, 300), mark('b', 0, 200, 1), mark('a', 0, 200), mark('c', 0, 900)]) bookmarks.put(one);
  return bookmarks;
}

test('bookmarks stand in the order of their branches and moments, events of one microsecond too', () => {
  const bookmarks = some();
  assert.equal(names(bookmarks.all), 'a b c d');
  assert.equal(bookmarks.at({ branch: 0, timeUs: 200, events: 1 })?.name, 'b');
  assert.equal(bookmarks.at({ branch: 1, timeUs: 200, events: 1 }), undefined);
});

test('next and previous go on from any moment, and over to the other branches', () => {
  const bookmarks = some();
  const tour: string[] = [];
  for (let at: Bookmark | undefined = mark('', 0, 0); at; at = bookmarks.from(at, true)) tour.push(at.name);
  for (let at: Bookmark | undefined = mark('', 1, 999); at; at = bookmarks.from(at, false)) tour.push(at.name);
  assert.deepEqual(tour, ['', 'a', 'b', 'c', 'd', '', 'd', 'c', 'b', 'a']);
  assert.equal(bookmarks.from({ branch: 0, timeUs: 500, events: 3 }, true)?.name, 'c');
  assert.equal(bookmarks.from({ branch: 0, timeUs: 500, events: 3 }, false)?.name, 'b');
});

test('another name takes the place of the one before; what is removed is gone', () => {
  const bookmarks = some();
  bookmarks.put(mark('B', 0, 200, 1));
  assert.equal(names(bookmarks.all), 'a B c d');
  bookmarks.remove(mark('whatever', 0, 900));
  assert.equal(names(bookmarks.all), 'a B d');
});

test('the line of a branch shows its own bookmarks, and those that lie before it began', () => {
  const branch = (number: number, parent: number | null, us = 0, events = 0): Branch => ({
    branch: number,
    name: `b${number}`,
    parent,
    forked_at: parent === null ? null : { time_us: us, events },
    lived: { time_us: 1_000, events: 0 },
  });
  // The third branch left the second after it had begun, the fourth left the first at once.
  const branches = [branch(0, null), branch(1, 0, 200), branch(2, 1, 300), branch(3, 0, 100)];
  const { all } = some();
  assert.equal(names(onLine(all, branches, 0)), 'a b c');
  assert.equal(names(onLine(all, branches, 1)), 'a d');
  assert.equal(names(onLine(all, branches, 2)), 'a d');
  assert.equal(names(onLine(all, branches, 3)), '');
});

test('into a file go those of its branch, and out of it they come as those of the first run', () => {
  const { all } = some();
  const branch = (number: number, parent: number | null, us = 0): Branch => ({ branch: number, name: '', parent, forked_at: parent === null ? null : { time_us: us, events: 0 }, lived: { time_us: 1_000, events: 0 } });
  const branches = [branch(0, null), branch(1, 0, 200)];
  const page = some().page(branches, 1);
  assert.deepEqual(page, { bookmarks: [{ at_us: 200, name: 'a' }, { at_us: 300, name: 'd' }] });
  assert.deepEqual(some().page(branches, 0).bookmarks, [{ at_us: 200, name: 'a' }, { at_us: 200, after_events: 1, name: 'b' }, { at_us: 900, name: 'c' }]);
  const opened = some();
  opened.read({ bookmarks: [...(page.bookmarks ?? [])].reverse() });
  assert.deepEqual(opened.all, [mark('a', 0, 200), mark('d', 0, 300)]);
  opened.read(undefined);
  assert.deepEqual(opened.all, []);
  assert.deepEqual(opened.page(branches, 0), {}, 'without any nothing is said');
  assert.equal(all.length, 4);
});

test('a name is one line of text; without one it is refused', () => {
  assert.equal(bookmarkName('  S3\n leads <b> '), 'S3 leads <b>');
  assert.equal(bookmarkName('x'.repeat(99)).length, 64);
  assert.equal([...bookmarkName('👑'.repeat(99))].length, 64, 'no character is cut in two');
  assert.throws(() => bookmarkName('a\u202eb'), /control character/);
  assert.throws(() => bookmarkName(' \n '), new RangeError('A bookmark needs a name.'));
});

test('what would change nothing says why', () => {
  const bench = (more: Partial<Bench>): Bench => ({ bookmarked: [], bookmark: () => undefined, ...more }) as Bench;
  assert.equal(action('bookmark').refusal(bench({})), null);
  assert.equal(action('bookmark').refusal(bench({ bookmark: () => mark('S1 leads', 0, 5) })), 'This moment is marked already: S1 leads.');
  assert.match(action('bookmark').refusal(bench({ bookmarked: Array.from({ length: BOOKMARKS_MAX }, (_, at) => mark('', 0, at)) })) ?? '', /no more may be/);
  assert.equal(action('next-bookmark').refusal(bench({})), 'No bookmark comes after this moment: B sets one.');
  assert.equal(action('previous-bookmark').refusal(bench({})), 'No bookmark comes before this moment: B sets one.');
  const gone: string[] = [];
  const at = bench({ bookmark: (where) => (where === 'after' ? mark('later', 0, 5) : undefined), visit: ({ name }) => gone.push(name) });
  assert.equal(action('next-bookmark').refusal(at), null);
  action('next-bookmark').run(at);
  assert.deepEqual(gone, ['later']);
});
