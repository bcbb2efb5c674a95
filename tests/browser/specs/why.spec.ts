import { expect, type Playground, test } from '../page';

async function lived(playground: Playground): Promise<{ leader: number }> {
  const { id } = await playground.elect();
  await playground.call((element, id) => {
    element.propose('x=1', id);
    element.advance(600);
  }, id);
  await playground.settled();
  return { leader: id };
}

test('a moment in the events is a way there, and its server is chosen', async ({ playground }) => {
  const { leader } = await lived(playground);
  const won = playground.host.locator('.events li', { hasText: `S${leader} becomes leader` });
  const us = Number(await won.getAttribute('data-us'));
  await won.getByRole('button', { name: /^[\d\s]+\.\d$/ }).click();
  expect(await playground.time()).toBe(us / 1_000);
  expect((await playground.serverState(leader)).role).toBe('leader');
  await expect(playground.server(leader)).toHaveAttribute('aria-pressed', 'true');
  await expect(playground.host.locator('.events li').first(), 'what comes after it has not happened').toContainText(`S${leader}`);
  await playground.advance(500);
  await expect(playground.host.locator('.events')).toContainText('commits index 2');
});

test('why a server leads: the votes it counted, the guard with its values, back to the timer that ran out', async ({ playground }) => {
  const { leader } = await lived(playground);
  await playground.press(String(leader));
  await playground.host.getByRole('tab', { name: `S${leader}` }).click();
  await playground.host.getByRole('button', { name: 'Why does it lead?' }).click();
  const chain = playground.host.locator('.chain li');
  await expect(chain.first()).toContainText(`S${leader} becomes leader in term 1 with 3 votes`);
  await expect(chain.first()).toContainText('§5.2');
  const texts = await chain.allTextContents();
  expect(texts.filter((text) => text.includes('And earlier:')).length, 'the votes before the last').toBe(2);
  expect(texts.some((text) => /Because:.*grants its vote.*at least as up-to-date as its own.*§5\.4\.1/s.test(text)), texts.join('\n')).toBe(true);
  expect(texts.at(-1)).toMatch(/timer/);

  const candidate = chain.filter({ hasText: 'becomes candidate' });
  const us = Number(await candidate.getAttribute('data-us'));
  await candidate.locator('button.when').click();
  expect(await playground.time()).toBe(us / 1_000);
  expect((await playground.serverState(leader)).role).toBe('candidate');
  await expect(candidate).toHaveAttribute('aria-current', 'step');
  await expect(chain.first(), 'the reasons stay').toContainText('becomes leader');

  await playground.host.getByRole('button', { name: 'All events' }).click();
  await expect(playground.host.locator('.chain')).toHaveCount(0);
  await expect(playground.host.locator('.events li').first()).toContainText('becomes candidate');
});

test('why an entry is committed: the copies that were counted, back to who proposed it', async ({ playground }) => {
  const { leader } = await lived(playground);
  await playground.press(String(leader));
  await playground.host.getByRole('tab', { name: `S${leader}` }).click();
  await playground.host.getByRole('button', { name: 'Why is index 2 committed?' }).click();
  const chain = playground.host.locator('.chain li');
  await expect(chain.first()).toContainText(`S${leader} commits index 2`);
  await expect(chain.last()).toContainText(`You propose “x=1” to S${leader}.`);
  await expect(playground.host.locator('.why')).toContainText('This was done by hand');
});

test('any event can be asked about, and what else it needed in its turn', async ({ playground }) => {
  const { leader } = await lived(playground);
  const won = playground.host.locator('.events li', { hasText: `S${leader} becomes leader` });
  await won.getByRole('button', { name: 'why?' }).click();
  const chain = playground.host.locator('.chain li');
  await expect(chain.first()).toContainText('becomes leader');
  const also = chain.filter({ hasText: 'And earlier:' }).first();
  const number = await also.getAttribute('data-number');
  await also.getByRole('button', { name: 'why?' }).click();
  await expect(chain.first()).toHaveAttribute('data-number', String(number));
  await expect(chain.first()).toContainText('counts');
  await playground.press('R');
  await expect(playground.host.locator('.chain'), 'another run').toHaveCount(0);
});

test('arrows go from event to event, and to the question beside each', async ({ playground }) => {
  await lived(playground);
  const lines = playground.host.locator('.events li');
  await lines.first().locator('button.when').focus();
  await playground.press('ArrowDown');
  await playground.press('ArrowDown');
  await expect(lines.nth(2).locator('button.when')).toBeFocused();
  await playground.press('ArrowUp');
  await playground.press('ArrowRight');
  await expect(lines.nth(1).locator('button.ask')).toBeFocused();
  await playground.press('Enter');
  await expect(playground.host.locator('.chain li').first()).toBeVisible();
  expect(await lines.locator('button[tabindex="0"]').count(), 'one line takes part in Tab').toBeLessThan(3);
});

test('events are listed by what they are about and by server', async ({ playground }) => {
  const { leader } = await lived(playground);
  const lines = playground.host.locator('.events li');
  const every = await lines.count();
  await playground.host.getByRole('combobox', { name: 'Events listed' }).selectOption('elections');
  await expect(lines.filter({ hasText: 'commit' })).toHaveCount(0);
  await expect(lines.filter({ hasText: `S${leader} becomes leader` })).toHaveCount(1);
  expect(await lines.count()).toBeLessThan(every);
  await playground.press(String((leader % 5) + 1));
  const before = await lines.count();
  await playground.host.getByLabel(`only S${(leader % 5) + 1}`).check();
  // The list is drawn with the next frame.
  await expect.poll(() => lines.count()).toBeLessThan(before);
  await playground.host.getByRole('combobox', { name: 'Events listed' }).selectOption('snapshots');
  await expect(playground.host.getByRole('tabpanel')).toContainText('Nothing of that kind has happened.');
});
