/** The scenes that come with the playground. They lie beside the script: most readers never want one. */

import { beside } from '../door/compile';
import type { Scenario } from '../door/types';
import { WRONG } from '../lang/en/wrong';

/** All of them, by their names. */
export async function fetchScenes(): Promise<Readonly<Record<string, Scenario>>> {
  const address = beside('./scenes.json');
  const response = await fetch(address);
  if (!response.ok) throw new Error(WRONG.notLoaded(address.pathname, response.status));
  return (await response.json()) as Record<string, Scenario>;
}
