import { html, type TemplateResult } from 'lit';
import styles from '../styles/hint.css';
import { HINT } from '../lang/en/hint';
import { adopt } from './adopt';
import type { Owner } from './owner';

/** What to do first, in three steps, for whoever is here for the first time. It stands beside the stage, not over it. */
export class Hint {
  private step = 0;

  constructor(
    private readonly owner: Owner,
    private readonly over: () => void,
  ) {
    adopt(owner.renderRoot, styles);
  }

  bar(): TemplateResult {
    const last = this.step === HINT.steps.length - 1;
    return html`<aside class="hint" aria-label=${HINT.head}>
      <b>${HINT.at(this.step + 1, HINT.steps.length)}</b>
      <p role="status">${HINT.steps[this.step]}</p>
      <button type="button" @click=${() => (last ? this.end() : this.go())}>${last ? HINT.done : HINT.next}</button>
      ${last ? '' : html`<button type="button" @click=${() => this.end()}>${HINT.skip}</button>`}
    </aside>`;
  }

  private go(): void {
    this.step += 1;
    this.owner.invalidate();
  }

  /** The button that was pressed goes: what to press next is Play. */
  private end(): void {
    this.over();
    this.owner.renderRoot.querySelector<HTMLElement>('.controls [data-action="play"]')?.focus();
  }
}
