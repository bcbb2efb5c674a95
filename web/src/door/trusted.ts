/** Where the browser holds scripts to Trusted Types, an address of a script is text until a policy vouches for it. */

import { beside } from './compile';

interface Policy {
  createScriptURL(address: string): string;
}

let policy: Policy | undefined;

/** Whatever does not lie beside this script is none of its own. */
function own(address: string): string {
  if (address.startsWith(beside('./').href)) return address;
  throw new TypeError(address);
}

/** The address of a script that lies beside this one. */
export function trusted(script: URL): string {
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  policy ??= trustedTypes?.createPolicy('raft-playground-worker', { createScriptURL: own });
  return policy ? policy.createScriptURL(script.href) : script.href;
}
