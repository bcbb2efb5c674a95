/** The page for frames: what its address says of the run becomes the element's attributes, before the element is there to read them. */

import { isParameter } from './parameters';

const element = document.querySelector('raft-playground');
if (element) for (const [name, value] of new URLSearchParams(location.search)) if (isParameter(name)) element.setAttribute(name, value);

interface Policy {
  createScriptURL(address: string): string;
}

/** Of a frame without an origin, or a page opened from a disk, browsers fetch no modules; a classic script with all inside they do. */
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
