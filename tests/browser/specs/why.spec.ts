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

test('behind a long quiet that nobody looked at the events still tell who was elected', async ({ playground }) => {
  await playground.call((element) => {
    element.reset({ seed: 1 });
    element.advance(4_000);
  });
  await playground.settled();
  await expect(playground.host.locator('.events li', { hasText: 'becomes leader' })).toBeVisible();
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
  await expect.poll(() => lines.locator('button[tabindex="0"]').count(), { message: 'one line takes part in Tab' }).toBeLessThan(3);
});

test('events are listed by what they are about and by server', async ({ playground }) => {
  const { leader } = await lived(playground);
  const lines = playground.host.locator('.events li');
  await expect(lines.filter({ hasText: 'commit' }).first()).toBeVisible();
  const every = await lines.count();
  await playground.host.getByRole('combobox', { name: 'Events listed' }).selectOption('elections');
  await expect(lines.filter({ hasText: 'commit' })).toHaveCount(0);
  await expect(lines.filter({ hasText: `S${leader} becomes leader` })).toHaveCount(1);
  await expect.poll(() => lines.count()).toBeLessThan(every);
  await playground.press(String((leader % 5) + 1));
  await expect(playground.host.getByLabel(`only S${(leader % 5) + 1}`)).toBeVisible();
  const before = await lines.count();
  await playground.host.getByLabel(`only S${(leader % 5) + 1}`).check();
  // The list is drawn with the next frame.
  await expect.poll(() => lines.count()).toBeLessThan(before);
  await playground.host.getByRole('combobox', { name: 'Events listed' }).selectOption('snapshots');
  await expect(playground.host.getByRole('tabpanel')).toContainText('Nothing of that kind has happened.');
});

test('the steps of an explanation are numbered on the diagram and at their servers, until it is closed', async ({ playground }) => {
  const { host } = playground;
  const { leader } = await lived(playground);
  await playground.press(String(leader));
  await host.getByRole('tab', { name: `S${leader}` }).click();
  await host.getByRole('button', { name: 'Why does it lead?' }).click();
  const chain = host.locator('.chain li');
  await expect(chain.first().locator('.place')).toHaveText('1');
  const steps = await chain.evaluateAll((items) => items.map((item) => ({ place: item.querySelector('.place')?.textContent ?? '', us: Number((item as HTMLElement).dataset['us']), number: (item as HTMLElement).dataset['number'] })));
  expect(steps.map(({ place }) => place)).toEqual(steps.map((_, at) => String(at + 1)));

  await host.getByRole('button', { name: 'On the diagram' }).click();
  await expect(host.getByRole('tab', { name: 'Diagram' })).toBeFocused();
  const bar = host.getByRole('group', { name: 'Why?' });
  await expect(bar).toContainText(`1. S${leader} becomes leader in term 1`);
  const canvas = host.getByRole('application', { name: 'Space-time diagram' });
  await playground.settled();

  // By keys: from step to step through its moments.
  const earlier = bar.getByRole('button', { name: 'Go to the step before it in time' });
  await earlier.focus();
  await playground.press('Enter');
  const moments = [...new Set(steps.map(({ us }) => us))].sort((a, b) => b - a);
  expect(moments.length).toBeGreaterThan(3);
  for (const [at, us] of moments.entries()) {
    await expect(earlier).toHaveAttribute('aria-disabled', 'false');
    if (at > 0) await playground.press('Enter');
    expect(await playground.time()).toBe(us / 1_000);
    const here = steps.filter((step) => step.us === us).sort((a, b) => Number(b.number) - Number(a.number))[0];
    await expect(bar).toContainText(`${here?.place}. `);
  }
  await expect(earlier).toHaveAttribute('aria-disabled', 'true');
  await bar.getByRole('button', { name: 'Go to the step after it in time' }).click();
  expect(await playground.time()).toBe((moments.at(-2) ?? 0) / 1_000);

  // The last step stands at the right end of what is in sight, in the leader's lane: pointed at, it says itself; a press goes there.
  await bar.getByRole('button', { name: 'All reasons' }).click();
  await expect(host.getByRole('tab', { name: 'Events' })).toBeFocused();
  await chain.first().locator('button.when').click();
  await host.getByRole('tab', { name: 'Diagram' }).click();
  await playground.settled();
  const box = await canvas.boundingBox();
  if (!box) throw new Error('the diagram is not to be seen');
  const found = await (async () => {
    for (let x = box.x + box.width - 12; x > box.x + 40; x -= 6) {
      for (let lane = 0; lane < 5; lane += 1) {
        await playground.page.mouse.move(x, box.y + 34 + ((box.height - 54) / 5) * (lane + 0.5));
        await playground.settled();
        const text = (await host.locator('.diagram-tip').textContent()) ?? '';
        if ((await host.locator('.diagram-tip').isVisible()) && text.startsWith('Why? 1')) return text;
      }
    }
    return '';
  })();
  expect(found).toContain('becomes leader');
  await playground.advance(50);
  await playground.page.mouse.down();
  await playground.page.mouse.up();
  await expect.poll(() => playground.time()).toBe((moments[0] ?? 0) / 1_000);
  await playground.page.mouse.move(0, 0);

  const numbered = await playground.stage.screenshot();
  await bar.getByRole('button', { name: 'Close the explanation' }).click();
  await expect(bar).toBeHidden();
  await playground.settled();
  expect((await playground.stage.screenshot()).equals(numbered), 'nothing is numbered on the stage').toBe(false);
  await host.getByRole('tab', { name: 'Events' }).click();
  await expect(host.locator('.chain')).toHaveCount(0);
});

test('a message, a vote, a role and an entry can be asked about where they are seen', async ({ playground }) => {
  const { host } = playground;
  const { leader } = await lived(playground);
  const chain = host.locator('.chain li');
  const voter = (await playground.state()).servers.find(({ id, voted_for }) => id !== leader && voted_for === leader)?.id as number;

  // A vote and a role: beside the values that say so.
  await playground.press(String(voter));
  await host.getByRole('tab', { name: `S${voter}` }).click();
  await host.getByRole('button', { name: `Why did it vote for S${leader}?` }).click();
  await expect(chain.first()).toContainText(`S${voter} grants its vote`);
  await expect(chain.first()).toContainText(`to S${leader}`);
  await host.getByRole('tab', { name: `S${voter}` }).click();
  await host.getByRole('button', { name: 'Why is it in term 1?' }).click();
  await expect(chain.first()).toContainText(`S${voter} goes from term 0 to term 1`);
  await host.getByRole('tab', { name: `S${voter}` }).click();
  await host.getByRole('button', { name: 'Why is it a follower?' }).click();
  await expect(host.locator('.why')).toContainText('it was so before');
  await expect(chain).toHaveCount(0);

  // An entry: under the grid, of the server whose cell it is.
  await playground.logCell(voter, 2).click();
  await host.getByRole('button', { name: `Why does S${voter} hold it?` }).click();
  await expect(chain.first()).toContainText(`S${voter} appends 1 entry from S${leader}`);
  await expect(chain.last()).toContainText('You propose “x=1”');

  // A message: in its menu, by keys from its server's.
  await playground.advanceUntil(({ messages_in_flight }) => messages_in_flight.length > 0, 500);
  const { messages_in_flight } = await playground.state();
  const [message] = messages_in_flight;
  if (!message) throw new Error('nothing is on its way');
  await playground.press(String(message.from));
  await host.locator('.handle').click();
  // Behind the way of each stands what it carries.
  const carries = new RegExp(`^${message.name} S${message.from} → S${message.to}(: |$)`);
  for (const name of ['Messages on their way', carries, 'Why was it sent?']) await host.getByRole('menuitem', { name, exact: true }).first().click();
  await expect(chain.first()).toContainText(`S${message.from} sends ${message.name} to S${message.to}`);
  await expect.poll(() => chain.count()).toBeGreaterThan(1);
  await expect(playground.notice, 'what is seen needs no words').toHaveCount(0);
});
