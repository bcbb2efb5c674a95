/** What can be found on the page: what can be done, who is there, and what can be seen, chosen or set. */

import { ACTIONS, type Bench } from '../actions';
import type { Scenario } from '../door/types';
import type { Doing } from '../menu/doings';
import { serverLabel, WORDS } from '../words';
import { ACTION_TEXTS } from '../lang/en/actions';
import { SEARCH } from '../lang/en/keep';
import { inEnglish } from '../lang/texts';
import type { Findable } from './match';

export interface Finding extends Findable {
  readonly kind: keyof typeof SEARCH.kinds;
  readonly keys: readonly string[];
  /** Why it would change nothing now, or null. */
  readonly refusal: string | null;
  readonly run: () => void;
}

export function actionsOf(bench: Bench, run: (id: string) => void): Finding[] {
  return ACTIONS.filter(({ id }) => id !== 'search').map((it) => {
    const refusal = it.refusal(bench);
    return { kind: 'action', name: it.label(bench), about: refusal ?? it.tells, english: inEnglish(ACTION_TEXTS)[it.id as keyof typeof ACTION_TEXTS][0], keys: it.keys, refusal, run: () => run(it.id) };
  });
}

/** What menus and presets can do; `run` does it and says so. */
export function doingsOf(doings: readonly Doing[], run: (doing: Doing) => void): Finding[] {
  return doings.map((one) => ({ kind: 'doing', name: one.name, about: one.refusal ?? '', keys: [], refusal: one.refusal, run: () => run(one) }));
}

export function serversOf(bench: Bench, choose: (id: number) => void): Finding[] {
  return bench.everyServer.map((server) => {
    const about = serverLabel(server).replace(/^S\d+[,，] ?/, '');
    return { kind: 'server', name: `S${server.id}`, about: `${SEARCH.server}${WORDS.sign.colon}${about}`, keys: server.id < 10 ? [String(server.id)] : [], refusal: null, run: () => choose(server.id) };
  });
}

export function scenesOf(scenes: readonly Scenario[], choose: (scene: Scenario) => void): Finding[] {
  return scenes.map((scene) => ({ kind: 'scene', name: WORDS.scenes.title(scene.title ?? ''), about: WORDS.scenes.text(scene.title ?? '', scene.text ?? ''), english: scene.title ?? '', keys: [], refusal: null, run: () => choose(scene) }));
}

/** A place on the page with the name that it has for those who hear it. */
export interface Place {
  readonly kind: 'view' | 'setting';
  readonly name: string;
  readonly about: string;
  readonly go: () => void;
}

export const placesOf = (places: readonly Place[]): Finding[] =>
  places.map(({ kind, name, about, go }) => ({ kind, name, about: about || SEARCH.view, keys: [], refusal: null, run: go }));

const textOf = (thing: Element | null | undefined): string => (thing?.textContent ?? '').replace(/\s+/gu, ' ').trim();

/** All panels, tabs and sheets of the page, and all settings in sheets, as they stand there: so none can be forgotten. */
export function placesIn(root: ParentNode): Place[] {
  const places: Place[] = [];
  for (const panel of root.querySelectorAll<HTMLElement>('section.panel[aria-label]')) {
    if (!panel.querySelector('[role="tab"]')) places.push({ kind: 'view', name: panel.getAttribute('aria-label') ?? '', about: '', go: () => show(panel) });
  }
  for (const tab of root.querySelectorAll<HTMLElement>('[role="tab"]')) {
    places.push({ kind: 'view', name: textOf(tab), about: '', go: () => (tab.click(), show(tab)) });
  }
  for (const button of root.querySelectorAll<HTMLElement>('.twin-caption button')) {
    places.push({ kind: 'view', name: button.getAttribute('aria-label') ?? textOf(button), about: button.title, go: () => button.click() });
  }
  for (const button of root.querySelectorAll<HTMLElement>('[popovertarget]')) {
    const sheet = root.querySelector<HTMLElement>(`[popover]#${button.getAttribute('popovertarget')}`);
    if (!sheet) continue;
    const name = textOf(sheet.querySelector('h2')) || textOf(button);
    places.push({ kind: 'view', name, about: button.title, go: () => button.click() });
    for (const language of sheet.querySelectorAll<HTMLElement>('[data-language]')) places.push({ kind: 'setting', name: textOf(language), about: name, go: () => language.click() });
    for (const field of sheet.querySelectorAll<HTMLInputElement>('input[name], select[name]')) {
      const about = textOf(sheet.querySelector(`#${CSS.escape(field.getAttribute('aria-describedby') ?? '-')}`));
      places.push({ kind: 'setting', name: textOf(field.closest('label')), about: `${name}${WORDS.sign.colon}${about}`, go: () => showField(button, field) });
    }
  }
  return places.filter(({ name }) => name !== '');
}

function show(thing: HTMLElement): void {
  thing.scrollIntoView({ block: 'nearest' });
  const inside = thing.matches('[role="tab"]') ? thing : thing.querySelector<HTMLElement>('button, input, [tabindex]');
  inside?.focus();
}

function showField(button: HTMLElement, field: HTMLElement): void {
  button.click();
  const fold = field.closest('details');
  if (fold) fold.open = true;
  field.focus();
  field.scrollIntoView({ block: 'nearest' });
}
