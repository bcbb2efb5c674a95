// Pre-Vote, CheckQuorum and handing the leadership over, on the page.
import { expect, leaderOf, test } from '../page';

test('a switch under Rules starts the same seed anew with Pre-Vote, and a server that was cut off then disturbs nobody', async ({ playground, page }) => {
  await page.getByRole('button', { name: /^Rules/ }).click();
  await page.getByRole('checkbox', { name: /Pre-Vote/ }).check();
  await page.keyboard.press('Escape');
  const scenario = await playground.call((element) => element.scenario());
  expect([scenario.options?.pre_vote, scenario.options?.check_quorum, scenario.seed]).toEqual([true, false, 1]);
  expect((await playground.state()).time_ms).toBe(0);
  await playground.advance(1_000);
  const leader = leaderOf(await playground.state());
  const other = leader?.id === 5 ? 4 : 5;
  await playground.call((element, id) => element.partition([[id]]), other);
  await playground.advance(5_000);
  const alone = await playground.serverState(other);
  expect([alone.role, alone.current_term]).toEqual(['pre_candidate', leader?.current_term]);
  await playground.call((element) => element.heal());
  await playground.advance(1_000);
  const after = leaderOf(await playground.state());
  expect([after?.id, after?.current_term]).toEqual([leader?.id, leader?.current_term]);
});

test('with CheckQuorum a leader behind a partition lets go of its leadership', async ({ playground }) => {
  await playground.call((element) => element.reset({ options: { check_quorum: true } }));
  await playground.advance(1_000);
  const leader = leaderOf(await playground.state());
  await playground.call((element, id) => element.partition([[id]]), leader?.id ?? 0);
  await playground.advance(1_000);
  expect((await playground.serverState(leader?.id ?? 0)).role).not.toBe('leader');
});

test('the chosen follower is made leader, within a round trip', async ({ playground, page }) => {
  await playground.advance(1_000);
  const leader = leaderOf(await playground.state());
  const next = leader?.id === 1 ? 2 : 1;
  await playground.server(next).click();
  await page.getByRole('button', { name: 'Make leader' }).click();
  await playground.advance(200);
  const after = leaderOf(await playground.state());
  expect([after?.id, after?.current_term]).toEqual([next, (leader?.current_term ?? 0) + 1]);
});

test('each rule that Raft rests on has a switch: without it the run starts anew, and the button says so', async ({ playground, page }) => {
  const rules = page.getByRole('button', { name: /^Rules/ });
  await rules.click();
  const sheet = playground.host.locator('#rules');
  await expect(sheet.locator('summary')).toHaveText(['Voting 10', 'Log 10', 'Commit 2', 'Terms and timers 6', 'Membership 8', 'Snapshots 3', 'Reads 5']);
  await expect(sheet.locator('details input')).toHaveCount(44);
  await expect(sheet.getByText('A quorum is more than half of the voters.'), 'folded away').toBeHidden();
  await sheet.getByText('Voting').click();
  await sheet.getByRole('checkbox', { name: 'A quorum is more than half of the voters.' }).uncheck();
  await expect(sheet.locator('summary').first()).toContainText('1 off');
  await page.keyboard.press('Escape');
  await expect(rules).toHaveText(/1 off/);
  expect((await playground.call((element) => element.scenario())).options?.rules_off).toEqual(['quorum_is_more_than_half']);
  await playground.call((element) => element.reset({ servers: 4 }));
  await playground.call((element) => element.partition([[1, 2], [3, 4]]));
  await playground.call((element) => {
    element.timeout(1);
    element.timeout(3);
    element.advance(500);
  });
  await expect(playground.violationCard).toContainText('Election Safety');
  await rules.click();
  await sheet.getByRole('checkbox', { name: 'A quorum is more than half of the voters.' }).check();
  expect((await playground.call((element) => element.scenario())).options?.rules_off).toEqual([]);
  await expect(playground.violationCard).toHaveCount(0);
});
