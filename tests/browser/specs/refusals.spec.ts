import { expect, type RaftPlayground, test } from '../page';

interface BadCall {
  readonly call: string;
  readonly run: (element: RaftPlayground) => unknown;
  readonly error: 'RangeError' | 'TypeError';
  /** What the message has to name. */
  readonly names: RegExp;
}

const bad = (call: string, run: (element: never) => unknown, error: BadCall['error'], names: RegExp): BadCall => ({
  call,
  run: run as BadCall['run'],
  error,
  names,
});

/** As a page without types would call it. */
type Untyped = Record<string, (...arguments_: unknown[]) => unknown>;

const CALLS: readonly BadCall[] = [
  bad('crash(0)', (e: Untyped) => e['crash']?.(0), 'RangeError', /id is 0.*1 to 5/),
  bad('crash(6)', (e: Untyped) => e['crash']?.(6), 'RangeError', /id is 6.*1 to 5/),
  bad("crash('x')", (e: Untyped) => e['crash']?.('x'), 'TypeError', /id is "x".*1 to 5/),
  bad('crash(1.5)', (e: Untyped) => e['crash']?.(1.5), 'RangeError', /id is 1\.5.*1 to 5/),
  bad('crash()', (e: Untyped) => e['crash']?.(), 'TypeError', /id is undefined.*1 to 5/),
  bad('restart(NaN)', (e: Untyped) => e['restart']?.(NaN), 'RangeError', /id is NaN.*1 to 5/),
  bad('restart(2), which runs', (e: Untyped) => e['restart']?.(2), 'RangeError', /S?2\b.*(running|up)/),
  bad('timeout(-1)', (e: Untyped) => e['timeout']?.(-1), 'RangeError', /id is -1.*1 to 5/),
  bad("propose('')", (e: Untyped) => e['propose']?.(''), 'RangeError', /value.*1 to 64/),
  bad('propose of 65 characters', (e: Untyped) => e['propose']?.('a'.repeat(65)), 'RangeError', /value has 65 characters.*1 to 64/),
  bad('propose(5)', (e: Untyped) => e['propose']?.(5), 'TypeError', /value is 5.*1 to 64/),
  bad('propose with a line feed', (e: Untyped) => e['propose']?.('a\nb'), 'RangeError', /value.*control/),
  bad('propose with a NUL', (e: Untyped) => e['propose']?.('a\u0000b'), 'RangeError', /value.*control/),
  bad('propose with a bidirectional override', (e: Untyped) => e['propose']?.('a\u202eb'), 'RangeError', /value.*control/),
  bad("propose('x', 9)", (e: Untyped) => e['propose']?.('x', 9), 'RangeError', /id is 9.*1 to 5/),
  bad('partition([[1, 1]])', (e: Untyped) => e['partition']?.([[1, 1]]), 'RangeError', /groups.*S1 twice/),
  bad('partition([[9]])', (e: Untyped) => e['partition']?.([[9]]), 'RangeError', /groups\[0\].*9.*1 to 5/),
  bad("partition('all')", (e: Untyped) => e['partition']?.('all'), 'TypeError', /groups is "all".*array/),
  bad('partition([1, 2])', (e: Untyped) => e['partition']?.([1, 2]), 'TypeError', /groups\[0\] is 1.*array/),
  bad('setMembers()', (e: Untyped) => e['setMembers']?.(), 'TypeError', /members is undefined.*voters/),
  bad('setMembers without voters', (e: Untyped) => e['setMembers']?.({ voters: [] }), 'RangeError', /voters is empty/),
  bad('setMembers of S9', (e: Untyped) => e['setMembers']?.({ voters: [9] }), 'RangeError', /voters is 9.*1 to 5/),
  bad('setMembers of a voter that learns', (e: Untyped) => e['setMembers']?.({ voters: [1], learners: [1] }), 'RangeError', /S1 twice/),
  bad('setMembers as they are', (e: Untyped) => e['setMembers']?.({ voters: [1, 2, 3, 4, 5] }), 'RangeError', /members/),
  bad('setMembers at a server that is not there', (e: Untyped) => e['setMembers']?.({ voters: [1] }, 9), 'RangeError', /id is 9.*1 to 5/),
  bad('leaveJoint() of no joint configuration', (e: Untyped) => e['leaveJoint']?.(), 'RangeError', /joint/),
  bad('compact(0)', (e: Untyped) => e['compact']?.(0), 'RangeError', /id is 0.*1 to 5/),
  bad("read('a=b')", (e: Untyped) => e['read']?.('a=b'), 'RangeError', /key holds a =/),
  bad('read(5)', (e: Untyped) => e['read']?.(5), 'TypeError', /key is 5.*1 to 64/),
  bad("read('x', 9)", (e: Untyped) => e['read']?.('x', 9), 'RangeError', /id is 9.*1 to 5/),
  bad('reset with leases that rest on nothing', (e: Untyped) => e['reset']?.({ options: { lease_reads: true } }), 'RangeError', /lease_reads/),
  bad('advance(-1)', (e: Untyped) => e['advance']?.(-1), 'RangeError', /ms is -1.*0 to 3600000/),
  bad('advance(NaN)', (e: Untyped) => e['advance']?.(NaN), 'RangeError', /ms is NaN.*0 to 3600000/),
  bad('advance(Infinity)', (e: Untyped) => e['advance']?.(Infinity), 'RangeError', /ms is Infinity.*0 to 3600000/),
  bad('seek(-1)', (e: Untyped) => e['seek']?.(-1), 'RangeError', /time_ms is -1.*0 to \d/),
  bad('seek past what was lived', (e: Untyped) => e['seek']?.(1e9), 'RangeError', /time_ms is 1000000000.*0 to \d/),
  bad("seek('1')", (e: Untyped) => e['seek']?.('1'), 'TypeError', /time_ms is "1".*0 to \d/),
  bad('seek(1, -1)', (e: Untyped) => e['seek']?.(1, -1), 'RangeError', /events is -1.*0 to 4294967295/),
  bad("seek(1, 'all')", (e: Untyped) => e['seek']?.(1, 'all'), 'TypeError', /events is "all".*0 to 4294967295/),
  bad("jump('end')", (e: Untyped) => e['jump']?.('end'), 'RangeError', /kind is "end".*leader, commit, violation or input/),
  bad('jump()', (e: Untyped) => e['jump']?.(), 'TypeError', /kind is undefined.*leader, commit, violation or input/),
  bad('switchBranch(1), which is not there', (e: Untyped) => e['switchBranch']?.(1), 'RangeError', /branch is 1.*0 to 0/),
  bad("switchBranch('run')", (e: Untyped) => e['switchBranch']?.('run'), 'TypeError', /branch is "run".*0 to 0/),
  bad("renameBranch(2, 'x')", (e: Untyped) => e['renameBranch']?.(2, 'x'), 'RangeError', /branch is 2.*0 to 0/),
  bad("renameBranch(0, '')", (e: Untyped) => e['renameBranch']?.(0, ''), 'RangeError', /name has 0 characters.*1 to 64/),
  bad('renameBranch(0) to no text', (e: Untyped) => e['renameBranch']?.(0, 5), 'TypeError', /name is 5.*1 to 64/),
  bad('renameBranch to a line feed', (e: Untyped) => e['renameBranch']?.(0, 'a\nb'), 'RangeError', /name holds a control character/),
  bad('why(0)', (e: Untyped) => e['why']?.(0), 'RangeError', /event is 0.*1 to 9007199254740991/),
  bad("why('x')", (e: Untyped) => e['why']?.('x'), 'TypeError', /event is "x".*1 to 9007199254740991/),
  bad('whyLeader(6)', (e: Untyped) => e['whyLeader']?.(6), 'RangeError', /id is 6.*1 to 5/),
  bad('whyCommitted(0.5)', (e: Untyped) => e['whyCommitted']?.(0.5), 'RangeError', /index is 0\.5.*1 to 9007199254740991/),
  bad("advance('5')", (e: Untyped) => e['advance']?.('5'), 'TypeError', /ms is "5".*0 to 3600000/),
  bad('step(0)', (e: Untyped) => e['step']?.(0), 'RangeError', /count is 0.*1 to 10000/),
  bad('step(10_001)', (e: Untyped) => e['step']?.(10_001), 'RangeError', /count is 10001.*1 to 10000/),
  bad('reset(5)', (e: Untyped) => e['reset']?.(5), 'TypeError', /scenario/),
  bad('reset(null)', (e: Untyped) => e['reset']?.(null), 'TypeError', /scenario/),
  bad('reset({servers: 0})', (e: Untyped) => e['reset']?.({ servers: 0 }), 'RangeError', /servers is 0.*1 to 50/),
  bad('reset({servers: 51})', (e: Untyped) => e['reset']?.({ servers: 51 }), 'RangeError', /servers is 51.*1 to 50/),
  bad('reset({seed: -1})', (e: Untyped) => e['reset']?.({ seed: -1 }), 'RangeError', /seed is -1.*0 to 9007199254740991/),
  bad('reset({seed: 2**53})', (e: Untyped) => e['reset']?.({ seed: 2 ** 53 }), 'RangeError', /seed is 9007199254740992.*0 to 9007199254740991/),
  bad('reset with more loss than there is', (e: Untyped) => e['reset']?.({ options: { loss_ppm: 2e6 } }), 'RangeError', /loss_ppm.*2000000.*1000000/s),
  bad('reset with a field that is unknown', (e: Untyped) => e['reset']?.({ sevrers: 3 }), 'TypeError', /sevrers/),
  bad('reset with an option that is unknown', (e: Untyped) => e['reset']?.({ options: { los_ppm: 1 } }), 'TypeError', /los_ppm/),
  bad('reset with a rule that is unknown', (e: Untyped) => e['reset']?.({ options: { rules_off: ['gravity'] } }), 'TypeError', /gravity/),
  bad('reset with an input for S9', (e: Untyped) => e['reset']?.({ inputs: [{ at_us: 1, input: { kind: 'crash', server: 9 } }] }), 'RangeError', /9/),
  bad('move(1, -1, 0)', (e: Untyped) => e['move']?.(1, -1, 0), 'RangeError', /x is -1.*0 to 10000/),
  bad('move(1, 0, 10_001)', (e: Untyped) => e['move']?.(1, 0, 10_001), 'RangeError', /y is 10001.*0 to 10000/),
  bad('a wall off the stage', (e: Untyped) => e['wall']?.({ ax: 0, ay: 0, bx: 0, by: 10_001 }), 'RangeError', /by is 10001.*0 to 10000/),
  bad('a wall without length', (e: Untyped) => e['wall']?.({ ax: 5, ay: 5, bx: 5, by: 5 }), 'RangeError', /bx, by is 5, 5.*another point/),
  bad('a wall with an end missing', (e: Untyped) => e['wall']?.({ ax: 5, ay: 5, bx: 5 }), 'TypeError', /by is undefined.*0 to 10000/),
  bad('wall()', (e: Untyped) => e['wall']?.(), 'TypeError', /line/),
  bad('removeWall(0)', (e: Untyped) => e['removeWall']?.(0), 'RangeError', /wall is 0/),
  bad('removeWall(7), which is not there', (e: Untyped) => e['removeWall']?.(7), 'RangeError', /7/),
  bad('speed = 0', (e: RaftPlayground) => (e.speed = 0), 'RangeError', /speed is 0.*0\.001 to 100/),
  bad('speed = 1000', (e: RaftPlayground) => (e.speed = 1_000), 'RangeError', /speed is 1000.*0\.001 to 100/),
  bad('speed = NaN', (e: RaftPlayground) => (e.speed = NaN), 'RangeError', /speed is NaN.*0\.001 to 100/),
  bad("speed = '1'", (e: { speed: unknown }) => (e.speed = '1'), 'TypeError', /speed/),
];

test('a call outside its limits names the argument and its range, and the run goes on unharmed', async ({ playground }) => {
  test.setTimeout(60_000);
  await playground.elect();
  const [before, speed] = [await playground.fingerprint(), await playground.call((element) => element.speed)];
  for (const { call, run, error, names } of CALLS) {
    await test.step(call, async () => {
      const thrown = await playground.call(
        (element, run) => {
          try {
            run(element);
          } catch (error) {
            return { name: (error as Error).name, message: (error as Error).message, isError: error instanceof Error };
          }
          return { name: 'nothing', message: 'was thrown', isError: false };
        },
        (await playground.page.evaluateHandle<BadCall['run']>(`(${run})`)) as unknown as BadCall['run'],
      );
      expect.soft(`${thrown.name}: ${thrown.message}`, call).toMatch(new RegExp(`^${error}: `));
      expect.soft(thrown.message, call).toMatch(names);
      expect.soft(await playground.fingerprint(), `the run after ${call}`).toBe(before);
    });
  }
  expect(await playground.call((element) => element.speed)).toBe(speed);
  await expect(playground.panicSheet).toHaveCount(0);
  await playground.advance(500);
  await playground.expectReplayable();
});

test('advance() while time runs is refused, for nobody could tell when it was', async ({ playground }) => {
  const message = await playground.call((element) => {
    element.play();
    try {
      element.advance(1);
    } catch (error) {
      return (error as Error).message;
    } finally {
      element.pause();
    }
    return 'nothing was thrown';
  });
  expect(message).toMatch(/pause\(\)/);
});

test('values at their limits are taken as they are', async ({ playground }) => {
  const leader = await playground.elect();
  const values = ['a', '€'.repeat(64), '𝕏'.repeat(64), 'ключ=значение', 'key=', '=', ' x = 1 ', '\u00a0'];
  const held = await playground.call(
    (element, { values, id }) => {
      for (const value of values) element.propose(value, id);
      element.advance(1_000);
      return element.state().servers.map((server) => server.log.flatMap((entry) => entry.command ?? []));
    },
    { values, id: leader.id },
  );
  for (const log of held) expect(log).toEqual(values);
});

test('a field of the page that is given what cannot be says why, and keeps the text', async ({ playground }) => {
  await playground.elect();
  await playground.valueField.focus();
  await playground.press('Enter');
  await expect(playground.notice).toContainText(/1 to 64/);
  await playground.valueField.fill('a\u202eb');
  await playground.press('Enter');
  await expect(playground.notice).toContainText(/control/);
  await expect(playground.valueField).toHaveValue('a\u202eb');
  expect((await playground.state()).clients.waiting).toEqual([]);
});
