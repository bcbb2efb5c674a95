import { expect, type Playground, test } from '../page';
import { twoLeaders } from '../runs';

/** Two seconds in which things are done, with their fingerprint at each moment that is asked for. */
async function lived(playground: Playground): Promise<void> {
  await playground.elect();
  await playground.call((element) => {
    element.propose('x=1');
    element.advance(300);
    element.crash(2);
    element.advance(700);
  });
}

test('any moment that was lived can be visited, and what follows comes out the same', async ({ playground }) => {
  await lived(playground);
  const told = await playground.call((element) => {
    const end = element.livedMs;
    const last = element.state().fingerprint;
    element.seek(400);
    const then = element.state().fingerprint;
    const at = [element.time, element.livedMs];
    element.advance(200);
    element.seek(0);
    element.seek(400);
    const again = element.state().fingerprint;
    element.advance(end - 400);
    return { end, at, same: [then === again, last === element.state().fingerprint], branches: element.branches().all.length };
  });
  expect(told.at).toEqual([400, told.end]);
  expect(told.same).toEqual([true, true]);
  expect(told.branches).toBe(1);
});

test('acting in the past begins a branch, and the old one keeps what was lived', async ({ playground }) => {
  await lived(playground);
  const told = await playground.call((element) => {
    const last = element.state().fingerprint;
    const end = element.livedMs;
    element.seek(400);
    element.crash(4);
    element.advance(100);
    element.renameBranch(1, 'without S4');
    const { present, all } = element.branches();
    const inputs = element.scenario().inputs?.map(({ input }) => input.kind);
    element.switchBranch(0);
    element.seek(element.livedMs);
    return { present, all, inputs, end, back: element.state().fingerprint === last, livedMs: element.livedMs };
  });
  expect(told.present).toBe(1);
  expect(told.all).toMatchObject([
    { branch: 0, name: 'run', parent: null, forked_at: null },
    { branch: 1, name: 'without S4', parent: 0, forked_at: { time_us: 400_000 }, lived: { time_us: 500_000 } },
  ]);
  expect(told.inputs, 'S2 does not crash in this one').toEqual(['propose', 'crash']);
  expect(told.back).toBe(true);
  expect(told.livedMs).toBe(told.end);
});

test('jumps go from one event of a kind to the next, in both directions, and live on where there is none yet', async ({ playground }) => {
  await lived(playground);
  const told = await playground.call((element) => {
    const end = element.livedMs;
    const seen: Record<string, unknown> = {};
    const inputs = (element.scenario().inputs ?? []).map(({ at_us }) => at_us / 1_000);
    seen['back to the crash'] = [element.jump('input', false), element.time === inputs[1]];
    seen['back to the proposal'] = [element.jump('input', false), element.time === inputs[0]];
    seen['nothing before'] = [element.jump('input', false), element.time === inputs[0]];
    seen['to the crash'] = [element.jump('input'), element.time === inputs[1]];
    seen['nothing after'] = [element.jump('input'), element.time === inputs[1]];
    seen['back to the election'] = element.jump('leader', false);
    const leaders = element.state().servers.filter((server) => server.role === 'leader').length;
    seen['it is won'] = [leaders, element.time < (inputs[0] ?? 0)];
    element.seek(end);
    element.propose('y=1');
    seen['to a commit that is to come'] = [element.jump('commit'), element.time > end];
    seen['nothing is broken'] = element.jump('violation', false);
    return seen;
  });
  expect(told).toEqual({
    'back to the crash': [true, true],
    'back to the proposal': [true, true],
    'nothing before': [false, true],
    'to the crash': [true, true],
    'nothing after': [false, true],
    'back to the election': true,
    'it is won': [1, true],
    'to a commit that is to come': [true, true],
    'nothing is broken': false,
  });
});

test('a violation is shown where it is, and only there', async ({ playground }) => {
  await twoLeaders(playground);
  const violated = await playground.time();
  await expect(playground.violationCard).toBeVisible();
  await playground.call((element) => element.seek(1));
  await expect(playground.violationCard).toHaveCount(0);
  expect(await playground.call((element) => element.jump('violation'))).toBe(true);
  expect(await playground.time()).toBe(violated);
  await expect(playground.violationCard).toBeVisible();
  await playground.call((element) => element.seek(1));
  await playground.call((element) => element.advance(500));
  expect(await playground.time()).toBe(violated);
  await expect(playground.violationCard).toBeVisible();
});

test('why a server leads and an entry is committed is told from the events, itself first', async ({ playground }) => {
  await lived(playground);
  const told = await playground.call((element) => {
    const leader = element.state().servers.find((server) => server.role === 'leader')?.id ?? 0;
    const leads = element.whyLeader(leader) ?? [];
    const committed = element.whyCommitted(2) ?? [];
    const kinds = (reasons: typeof leads) => reasons.map(({ record }) => (record['event'] as { kind: string } | undefined)?.kind ?? record.kind);
    const again = element.why(leads[0]?.record.number ?? 1);
    return { leads: kinds(leads), committed: kinds(committed), same: JSON.stringify(again) === JSON.stringify(leads), none: [element.whyLeader((leader % 5) + 1), element.whyCommitted(99), element.why(1e9)] };
  });
  expect(told.leads[0]).toBe('became_leader');
  expect(told.leads).toContain('vote_counted');
  expect(told.leads).toContain('election_timed_out');
  expect(told.committed[0]).toBe('committed');
  expect(told.committed).toContain('input_applied');
  expect(told.same).toBe(true);
  expect(told.none).toEqual([null, null, null]);
});
