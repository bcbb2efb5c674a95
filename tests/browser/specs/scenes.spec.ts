import { expect, test } from '../page';

test('a scene is chosen from the list, lived to its end, and left by another number of servers', async ({ page, playground }) => {
  const button = playground.host.locator('[data-part=scenes]');
  const sheet = playground.host.locator('#scenes');
  await button.click();
  const scenes = sheet.locator('[data-scene]');
  await expect(scenes).toHaveCount(7);
  await expect(sheet).toContainText('Seven of them are on a majority');
  await scenes.filter({ hasText: 'The bug of 2015' }).click();
  await expect(sheet).toBeHidden();
  await expect(button).toContainText('The bug of 2015');
  const first = await playground.state();
  expect(first.servers.map((server) => [server.role, server.current_term])).toEqual([['leader', 1], ...Array.from({ length: 4 }, () => ['follower', 1])]);
  await playground.advance(5_000);
  expect((await playground.state()).violation?.property).toBe('Leader Completeness');

  // Begun anew, it is the same scene with all its inputs.
  await page.evaluate(() => document.querySelector('raft-playground')?.reset());
  await playground.advance(5_000);
  expect((await playground.state()).violation?.property).toBe('Leader Completeness');

  await page.evaluate(() => document.querySelector('raft-playground')?.reset({ servers: 3 }));
  await expect(button).toHaveText('Scenes');
  await playground.advance(2_000);
  const { servers, violation } = await playground.state();
  expect(servers).toHaveLength(3);
  expect(servers.filter((server) => server.role === 'leader')).toHaveLength(1);
  expect(violation).toBeNull();
});
