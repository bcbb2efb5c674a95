/**
 * The element as a widget of Jupyter, MyST and other hosts of anywidget's front-end modules: a module whose default export renders a
 * view of a model. The model's traits are the element's attributes, it is told the moment, and custom messages are those of a frame.
 */

import '../main';
import { type Driven, Messages } from '../embed/messages';
import { attributeText, TRAITS } from './traits';

/** What every host has of a model. Some have no kernel, and nobody to send to. */
interface Model {
  get(trait: string): unknown;
  set(trait: string, value: unknown): void;
  on(event: string, heard: (...values: never[]) => void): void;
  off?(event: string, heard: (...values: never[]) => void): void;
  save_changes?(): void;
  send?(content: unknown): void;
}

interface View {
  model: Model;
  el: HTMLElement;
  /** Of newer hosts: aborted when the view goes. */
  signal?: AbortSignal;
}

/** What is told of a run, where the model has such traits. */
const TOLD = { time_ms: 'time', playing: 'playing' } as const;

function render({ model, el, signal }: View): () => void {
  const element = document.createElement('raft-playground');
  // Letters are the element's while the focus is inside: JupyterLab would cut and delete cells.
  element.setAttribute('data-lm-suppress-shortcuts', 'true');

  const undo: (() => void)[] = [];
  const hear = (event: string, heard: (...values: never[]) => void): void => {
    model.on(event, heard);
    undo.push(() => model.off?.(event, heard));
  };

  const written = (trait: string, name: string): void => {
    // Hosts without Python may write the attribute's own name.
    const text = attributeText(trait, model.get(trait) ?? model.get(name));
    if (text === null) element.removeAttribute(name);
    else element.setAttribute(name, text);
  };
  const sized = (): void => {
    const height = model.get('height') ?? '';
    element.style.height = typeof height === 'number' ? `${height}px` : String(height);
  };
  // What is wrong with one of them is said before anything is in place that would have to be taken away.
  for (const [trait, name] of TRAITS) written(trait, name);
  for (const [trait, name] of TRAITS) for (const called of new Set([trait, name])) hear(`change:${called}`, () => written(trait, name));
  sized();
  hear('change:height', sized);

  const moved = (): void => {
    let changed = false;
    for (const [trait, property] of Object.entries(TOLD)) {
      const now = model.get(trait);
      if (now === undefined || now === element[property]) continue;
      model.set(trait, element[property]);
      changed = true;
    }
    if (changed) model.save_changes?.();
  };
  for (const type of ['ready', 'play', 'pause', 'timeupdate'] as const) element.addEventListener(type, moved);

  const send = (content: Record<string, unknown>): void => model.send?.({ raftPlayground: 1, ...content });
  const messages = new Messages(element as unknown as Driven, Promise.resolve(), send, () => performance.now());
  hear('msg:custom', (content: never) => void messages.hear(content, send));

  el.append(element);
  let gone = false;
  const end = (): void => {
    if (gone) return;
    gone = true;
    for (const it of undo) it();
    element.dispose();
    element.remove();
  };
  signal?.addEventListener('abort', end, { once: true });
  return end;
}

export default { render };
