/** `<raft-playground>` as a widget for Jupyter, MyST and other hosts of anywidget's front-end modules: see docs/recipes.md. */

import './raft-playground.js';

/** What a host hands over: of its model, what is used. */
export interface WidgetView {
  model: {
    get(trait: string): any;
    set(trait: string, value: any): void;
    on(event: string, heard: (...values: any[]) => void): void;
    off?(event?: string | null, heard?: ((...values: any[]) => void) | null): void;
    save_changes?(): void;
    send?(content: any): void;
  };
  el: HTMLElement;
  signal?: AbortSignal;
}

declare const widget: {
  /** Shows the run that the model's traits describe; the function returned takes it away. */
  render(view: WidgetView): () => void;
};
export default widget;
