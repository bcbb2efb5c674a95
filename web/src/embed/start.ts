/** What a run begins with, where the element's attributes say more than servers and a seed. */

import type { Scenario } from '../door/types';
import { arrive, scenarioOf } from '../keep/arrive';
import { readScenario } from '../keep/file';
import { readFragment } from '../keep/fragment';
import { fetchScenes } from '../keep/scenes';
import { EMBED } from '../lang/en/embed';
import type { Session } from '../session';

/** What is set up: the element. */
export interface Starter {
  readonly live: Session | undefined;
  getAttribute(name: string): string | null;
  open(scenario: Scenario): void;
  invalidate(): void;
}

/** A file with one run in it holds a run of any length that the door reads; an address could not. */
const CHARACTERS_MAX = 400_000;

const because = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Opens what `src` or `scenario` names. Throws an error that says what is wrong with it. */
export async function start(element: Starter): Promise<void> {
  const [src, scenario] = ['src', 'scenario'].map((name) => element.getAttribute(name) ?? null);
  if (src && scenario) throw new TypeError(EMBED.twoBeginnings);
  if (src) await openFile(element, src);
  else if (scenario && /^#?[rtn]=/.test(scenario)) await openLink(element, scenario);
  else if (scenario) element.open(await scene(scenario));
}

async function openFile(element: Starter, src: string): Promise<void> {
  try {
    const response = await fetch(new URL(src, document.baseURI));
    if (!response.ok) throw new Error(EMBED.status(response.status));
    element.open(await readScenario(await response.blob()));
  } catch (error) {
    throw new Error(EMBED.badFile(src, because(error)));
  }
}

/** Goes to the moment that the fragment of a link stands for. */
export async function openLink(element: Starter, text: string): Promise<void> {
  const { live } = element;
  if (!live) return;
  try {
    const link = readFragment(text.startsWith('#') ? text : `#${text}`, CHARACTERS_MAX);
    if (!link) return;
    element.open(scenarioOf(live, link));
    await arrive(live, link, { tell: () => undefined, invalidate: () => element.invalidate() });
  } catch (error) {
    throw new Error(EMBED.badLink(because(error)));
  }
}

async function scene(name: string): Promise<Scenario> {
  const scenes = await fetchScenes();
  const found = Object.hasOwn(scenes, name) ? scenes[name] : undefined;
  if (!found) throw new RangeError(EMBED.noScene(JSON.stringify(name.slice(0, 64)), Object.keys(scenes).join(', ')));
  // As from the list of scenes: what a scene does not say is as it is for all of them.
  return { version: 1, seed: 0, ...found };
}
