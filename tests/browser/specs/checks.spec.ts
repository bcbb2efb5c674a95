import { expect, type Playground, test } from '../page';
import { staleRead, twoLeaders } from '../runs';

const open = async (playground: Playground): Promise<void> => {
  await playground.host.getByRole('tab', { name: 'Checks', exact: true }).click();
  await expect(playground.host.locator('.checks .properties')).toBeVisible();
  await playground.settled();
};
const standing = (playground: Playground, property: string) => playground.host.locator(`.checks [data-property="${property}"] .standing`);
const evidence = (playground: Playground) => playground.host.locator('.checks .evidence');

test('each property is listed with how it stands, and what it takes before there is anything to check', async ({ playground }) => {
  await open(playground);
  await expect(playground.host.locator('.checks [data-property]')).toHaveCount(16);
  await expect(standing(playground, 'election_safety')).toHaveText('nothing to check yet');
  await expect(playground.host.locator('.checks [data-property="election_safety"]')).toContainText('It takes a leader.');
  await expect(playground.host.locator('.checks .verdict')).toContainText('No client has asked for anything yet');
  await playground.elect();
  await expect(standing(playground, 'election_safety')).toHaveText('holds');
  await expect(standing(playground, 'linearizability')).toHaveText('nothing to check yet');
  await playground.call((element) => (element.propose('x=1'), element.advance(400)));
  await expect(standing(playground, 'linearizability')).toHaveText('holds');
  await expect(playground.host.locator('.checks .verdict')).toContainText('one order of the operations explains every answer');
  await expect(playground.host.locator('.checks')).toContainText('1 operation asked for: 1 answered, 0 ended without an answer, 0 open.');
  // It stands for this moment, not for what comes later.
  await playground.call((element) => element.seek(0));
  await expect(standing(playground, 'election_safety')).toHaveText('nothing to check yet');
});

test('a broken property points at its servers, its events and their moments, and stays when one goes back', async ({ playground }) => {
  await twoLeaders(playground);
  await playground.violationCard.getByRole('button', { name: 'What shows it' }).click();
  await expect(evidence(playground)).toContainText('Election Safety is broken');
  await expect(standing(playground, 'election_safety')).toHaveText('broken');
  await evidence(playground).getByRole('button', { name: 'Choose S3' }).click();
  await expect(playground.server(3)).toHaveAttribute('aria-pressed', 'true');
  const won = evidence(playground).locator('.events li', { hasText: 'S3 becomes leader in term 1' });
  await expect(evidence(playground).locator('.events li', { hasText: 'S1 becomes leader in term 1' })).toBeVisible();
  const before = await playground.time();
  await won.locator('.when').click();
  await playground.settled();
  expect(await playground.time()).toBeLessThan(before);
  expect((await playground.serverState(3)).role).toBe('leader');
  // There it still holds; the evidence says when it will not.
  await expect(standing(playground, 'election_safety')).toHaveText('holds');
  await expect(evidence(playground)).toContainText('after this moment');
  await evidence(playground).getByRole('button', { name: 'Go there' }).click();
  await expect(standing(playground, 'election_safety')).toHaveText('broken');
  expect(await playground.time()).toBe(before);
  // Another run has none of it.
  await playground.press('Shift+R');
  await playground.call((element) => element.reset({ servers: 3, options: {}, inputs: [] }));
  await expect(evidence(playground)).toHaveCount(0);
});

test('a stale read is told with the operations that no order explains', async ({ playground }) => {
  await staleRead(playground);
  await open(playground);
  await expect(evidence(playground)).toContainText('Linearizability is broken');
  await expect(playground.host.locator('.checks .verdict')).toContainText('Not linearizable');
  const operations = evidence(playground).locator('.operations li');
  await expect(operations.first()).toContainText('Your client: write k1 = 1');
  await expect(operations.last()).toContainText('read k1 → nothing');
  await expect(operations.last()).toContainText('cannot be explained');
  const { violation } = await playground.state();
  await operations.last().getByRole('button', { name: /^asked at/ }).click();
  await expect.poll(() => playground.time()).toBe((violation?.operations.at(-1)?.asked_us ?? 0) / 1_000);
});

test.describe('on a phone', () => {
  test.use({ hasTouch: true, isMobile: true, viewport: { width: 320, height: 640 } });

  test('how a property stands is not written into its sentence', async ({ playground }) => {
    await playground.elect();
    await playground.host.getByRole('tab', { name: 'Checks' }).click();
    const lines = playground.host.locator('.properties li');
    await expect(lines.first()).toBeVisible();
    const within = await lines.evaluateAll((items) =>
      items.flatMap((item) => {
        const [standing, says] = [item.querySelector('.standing'), item.querySelector('p.quiet')].map((part) => part?.getBoundingClientRect());
        return standing && says && standing.bottom <= says.top + 1 ? [] : (item.textContent ?? '').trim();
      }),
    );
    expect(within).toEqual([]);
  });
});
