/** Lets the page open without a network from its next visit on; where the browser or the host does not allow it, nothing is lost. */

import { beside } from '../door/compile';
import { trusted } from '../door/trusted';

export async function keepForLater(): Promise<void> {
  try {
    const address = beside('./service-worker.js');
    if (isSecureContext && location.protocol !== 'file:') await navigator.serviceWorker.register(trusted(address));
  } catch {
    // A private window, a frame without storage, a page that is one file.
  }
}
