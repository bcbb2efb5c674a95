// A read on a lease that should have ended, brought about by hand.
import { expect, test } from '../page';

test('a leader’s lease is told of with its state; an older value read on it is told of as long as it breaks nothing, and then breaks Raft', async ({ playground }) => {
  await playground.call((element) =>
    element.reset({
      seed: 1,
      options: { check_quorum: true, lease_reads: true, election_timeout_us_min: 600_000, election_timeout_us_max: 1_200_000, rules_off: ['lease_ends_with_transfer'] },
    }),
  );
  const { id: old } = await playground.elect();
  await playground.call((element) => element.propose('x=1'));
  await playground.advanceUntil(({ servers }) => servers.every(({ store }) => store['x'] === '1'), 3_000);
  const lease = playground.host.locator('[data-field="lease"]');
  await playground.press(String(old));
  await playground.host.getByRole('tab', { name: `S${old}` }).click();
  await expect(lease).toHaveText('to be seen with the next read that it is asked for');
  await playground.press('g');
  await expect(lease).toHaveText(/^until [\d\s.]+ ms by its own clock, as of its last read: [\d\s.]+ ms from now$/);

  const next = (old % 5) + 1;
  await playground.press('Escape');
  await playground.press(String(next));
  await playground.press('l');
  await playground.advanceUntil(({ servers }, next) => servers[next - 1]?.role === 'candidate', 1_000, { argument: next, stepMs: 0.5 });
  await playground.call((element, old) => element.partition([[old], [1, 2, 3, 4, 5].filter((id) => id !== old)]), old);
  await playground.advanceUntil(({ servers }, next) => servers[next - 1]?.role === 'leader', 1_000, { argument: next, stepMs: 0.5 });
  await playground.call((element) => element.propose('x=2'));
  await playground.advanceUntil(({ servers }, next) => servers[next - 1]?.store['x'] === '2', 1_000, { argument: next, stepMs: 0.5 });
  await playground.press('Escape');
  await playground.press(String(old));
  await playground.press('g');
  await expect(playground.host.getByRole('status', { name: 'Answer to the read' })).toHaveText('x = 1');
  await expect(playground.notice).toHaveText(`S${next} already holds x = 2. That write had not been answered when the read was asked for, so the read may count as before it.`);
  await expect(playground.violationCard).toHaveCount(0);

  // The answer comes to whoever wrote.
  await playground.advance(60);
  await playground.press('g');
  await expect(playground.violationCard).toContainText('Linearizable Reads');
  await expect(playground.notice).toHaveCount(0);
});
