/** The element as a widget of notebooks, by the contract of anywidget's front-end modules: `{ model, el, signal }`, and a way to end. */
import { expect, openHostPage, Playground, type RaftPlayground, test } from '../page';

/**
 * A host as small as can be, which has what anywidget 0.11 hands over: a model that tells `change:` events and takes custom messages.
 * As a notebook does, it holds the module's text and imports that from a blob.
 */
const HOST = `<div id="out"></div><script type="module">
  class Model {
    listeners = new Map();
    sent = [];
    saved = 0;
    constructor(state) { this.state = state; }
    get(name) { return this.state[name]; }
    set(name, value) { this.state[name] = value; this.tell('change:' + name); }
    on(name, heard) { this.listeners.set(name, [...(this.listeners.get(name) ?? []), heard]); }
    off(name, heard) { this.listeners.set(name, (this.listeners.get(name) ?? []).filter((it) => it !== heard)); }
    tell(name, ...values) { for (const it of this.listeners.get(name) ?? []) it(...values); }
    save_changes() { this.saved += 1; }
    send(content) { this.sent.push(JSON.parse(JSON.stringify(content))); }
    get heardBy() { return [...this.listeners.values()].flat().length; }
  }
  window.show = async (state, bare) => {
    const text = await (await fetch('raft-playground.widget.js')).text();
    const address = URL.createObjectURL(new Blob([text], { type: 'text/javascript' }));
    const { default: widget } = await import(address);
    URL.revokeObjectURL(address);
    const model = new Model(state);
    const controller = new AbortController();
    // MyST has a shadow root around the view, no kernel, and a model with less.
    const el = bare ? document.querySelector('#out').attachShadow({ mode: 'open' }) : document.querySelector('#out');
    const inner = el.appendChild(document.createElement('div'));
    const less = { get: (name) => model.get(name), set: (name, value) => model.set(name, value), on: (name, heard) => model.on(name, heard) };
    const end = await widget.render({ model: bare ? less : model, el: inner, signal: controller.signal, experimental: {} });
    Object.assign(window, { model, end, controller, keys: Object.keys(widget) });
  };
</script>`;

interface Host extends Window {
  show(state: Record<string, unknown>, bare?: boolean): Promise<void>;
  model: { state: Record<string, unknown>; sent: Record<string, unknown>[]; saved: number; heardBy: number; set(name: string, value: unknown): void; tell(name: string, ...values: unknown[]): void };
  end(): void;
  controller: AbortController;
}
declare const window: Host;

test.beforeEach(({ page }) => openHostPage(page, HOST));

test('a notebook shows what the traits say, and changes with them', async ({ page }) => {
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await page.evaluate(() => window.show({ servers: 3, seed: 7, speed: 0.5, start_at: 250, pause_on: ['election'], scenario: null, height: 600 }));
  const playground = new Playground(page);
  await playground.ready();
  expect(await playground.call((element) => [element.servers, element.seed, element.speed, element.time, element.pauseOn, element.clientHeight])).toEqual([3, 7, 0.5, 250, 'election', 600]);
  await page.evaluate(() => window.model.set('speed', 2));
  expect(await playground.call((element) => element.speed)).toBe(2);
  await page.evaluate(() => {
    window.model.set('start_at', null);
    window.model.set('scenario', 'figure-7');
  });
  await expect.poll(() => playground.call((element) => element.servers)).toBe(7);
  await page.evaluate(() => window.model.set('height', '40rem'));
  expect(await playground.call((element) => element.clientHeight)).toBe(640);
  // The text of the module is all that it takes.
  expect(asked.map((address) => new URL(address).pathname).filter((path) => /\.(js|wasm|json)$/.test(path))).toEqual(['/raft-playground.widget.js']);
});

test('a model with such traits is told the moment and whether time runs, and one without is left alone', async ({ page }) => {
  await page.evaluate(() => window.show({ seed: 1, time_ms: 0, playing: false, speed: 1 }));
  const playground = new Playground(page);
  await playground.ready();
  await playground.call((element) => element.play());
  await expect.poll(() => page.evaluate(() => [window.model.state['playing'], (window.model.state['time_ms'] as number) > 100])).toEqual([true, true]);
  await playground.call((element) => element.pause());
  await expect.poll(() => page.evaluate(() => window.model.state['time_ms'])).toBe(await playground.time());
  expect(await page.evaluate(() => [window.model.state['playing'], window.model.saved > 0, Object.keys(window.model.state).sort().join()])).toEqual([false, true, 'playing,seed,speed,time_ms']);
});

test('a kernel acts on the run by messages, and is answered', async ({ page }) => {
  await page.evaluate(() => window.show({ servers: 5, seed: 1 }));
  const playground = new Playground(page);
  await playground.ready();
  await page.evaluate(() => {
    window.model.tell('msg:custom', { raftPlayground: 1, id: 1, command: 'advance', arguments: [800] }, []);
    window.model.tell('msg:custom', { raftPlayground: 1, id: 2, command: 'get', arguments: ['time'] }, []);
    window.model.tell('msg:custom', { raftPlayground: 1, id: 3, command: 'dispose' }, []);
    window.model.tell('msg:custom', { somebody: 'else’s' }, []);
  });
  await expect.poll(() => page.evaluate(() => window.model.sent.filter((it) => 'reply' in it).length)).toBe(3);
  const answers = await page.evaluate(() => window.model.sent.filter((it) => 'reply' in it));
  expect(answers.slice(0, 2)).toEqual([{ raftPlayground: 1, reply: 1, result: null }, { raftPlayground: 1, reply: 2, result: 800 }]);
  expect(answers[2]).toMatchObject({ reply: 3, error: { name: 'RangeError' } });
});

test('a view that ends leaves nothing: no listener, no run, no element', async ({ page }) => {
  for (const way of ['end', 'abort'] as const) {
    await page.evaluate(() => window.show({ servers: 3 }));
    await new Playground(page).ready();
    expect(await page.evaluate(() => window.model.heardBy)).toBeGreaterThan(10);
    const element = await page.evaluateHandle(() => document.querySelector('raft-playground') as RaftPlayground);
    await page.evaluate((it) => (it === 'end' ? window.end() : window.controller.abort()), way);
    expect(await page.evaluate(() => window.model.heardBy)).toBe(0);
    await expect(page.locator('raft-playground')).toHaveCount(0);
    expect(await element.evaluate((it) => { try { it.state(); return 'answers'; } catch { return 'disposed'; } })).toBe('disposed');
    // The other way to end comes too late to harm.
    await page.evaluate(() => { window.end(); window.controller.abort(); });
  }
});

test('a host with a smaller model, in a shadow root and with names as attributes have them, shows it as well', async ({ page }) => {
  await page.evaluate(() => window.show({ scenario: 'figure-7', 'start-at': 10, controls: 'none' }, true));
  const playground = new Playground(page);
  await playground.ready();
  expect(await playground.call((element) => [element.servers, element.time])).toEqual([7, 10]);
  await playground.call((element) => element.step());
  await page.evaluate(() => window.end());
  await expect(page.locator('raft-playground')).toHaveCount(0);
});

test('a trait that no attribute can be is refused by name', async ({ page }) => {
  const refused = await page.evaluate(() => window.show({ scenario: { seed: 7 } }).then(() => 'shown', String));
  expect(refused).toContain('scenario is {"seed":7}; expected a text, a number');
  await expect(page.locator('raft-playground')).toHaveCount(0);
});
