/**
 * The page for frames: what its address says of the run becomes the element's attributes, before the element is there to read them;
 * and the page around the frame may drive it by messages.
 */

import { type Driven, Messages, VERSION } from './messages';
import { isParameter } from './parameters';
import './slides';

/** What the frame opens with is asked for at once, but where it has no origin: there browsers fetch no modules, and complain of each. */
function askAhead(names: string): void {
  if (names === '' || origin === 'null') return;
  for (const name of names.split(' ')) document.head.append(Object.assign(document.createElement('link'), { rel: 'modulepreload', href: name }));
}
askAhead(document.currentScript?.dataset['ahead'] ?? '');

const element = document.querySelector('raft-playground');
const parameters = new URLSearchParams(location.search);
if (element) for (const [name, value] of parameters) if (isParameter(name)) element.setAttribute(name, value);

/** A link's fragment stands for the run and a moment of it, whatever the rest of the address says. */
function readFragment(): void {
  if (!element || !/^#[rtn]=/.test(location.hash)) return;
  element.removeAttribute('src');
  element.setAttribute('scenario', location.hash);
}
readFragment();
addEventListener('hashchange', readFragment);

/** Whoever frames this page hears what it tells; it tells no secrets, and cannot know who that is. */
function announce(message: Record<string, unknown>): void {
  if (parent !== window) parent.postMessage({ raftPlayground: VERSION, ...message }, '*');
}

/** Other windows than the one around the frame are heard where their origin is listed in the address. */
const origins = (parameters.get('origins') ?? '').split(',').filter(Boolean);

if (element) {
  const messages = new Messages(element as unknown as Driven, customElements.whenDefined('raft-playground'), announce, () => performance.now());
  addEventListener('message', ({ data, source, origin }: MessageEvent<unknown>) => {
    if (!source || (source !== parent && !origins.includes(origin)) || source === window) return;
    void messages.hear(data, (said) => source.postMessage({ raftPlayground: VERSION, ...said }, { targetOrigin: origin === 'null' ? '*' : origin }));
  });

  let told = '';
  const tellSize = (): void => {
    const size = { width: innerWidth, height: Math.max(element.scrollHeight, 1) };
    if (told === (told = JSON.stringify(size))) return;
    announce({ event: 'resize', detail: size });
  };
  const sizes = new ResizeObserver(tellSize);
  sizes.observe(element);
  // What is inside may grow without the frame.
  element.addEventListener('ready', () => {
    const page = element.shadowRoot?.querySelector('.page');
    if (page) sizes.observe(page);
  });
}

interface Policy {
  createScriptURL(address: string): string;
}

/** Of a frame without an origin, or a page opened from a disk, browsers fetch no modules; classic scripts they do. */
function fallBack(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  const script = document.createElement('script');
  const address = new URL('raft-playground.iife.js', document.baseURI).href;
  script.src = trustedTypes ? trustedTypes.createPolicy('raft-playground-classic', { createScriptURL: () => address }).createScriptURL(address) : address;
  document.body.append(script);
}

addEventListener(
  'error',
  ({ target }) => {
    if (target instanceof HTMLScriptElement && target.type === 'module') fallBack();
  },
  // What could not be loaded is told to no one but those that catch it on its way down.
  { capture: true },
);
