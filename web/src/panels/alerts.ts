import { html, type TemplateResult } from 'lit';
import type { Panic } from '../door/cluster';
import { WORDS } from '../words';

/** What is shown over everything when wasm has panicked. */
export function panicSheet(panic: Panic, close: () => void, copy: () => void): TemplateResult {
  const words = WORDS.panic;
  return html`<dialog class="panic" aria-labelledby="panic-head" @close=${close}>
    <h2 id="panic-head">${words.head}</h2>
    <p>${panic.rebuilt ? words.rebuilt : words.lost}</p>
    <pre tabindex="0">${panic.report}</pre>
    <div class="row">
      <button type="button" @click=${copy}>${words.copy}</button>
      <button type="button" class="primary" @click=${close}>${words.close}</button>
    </div>
  </dialog>`;
}

/** What is shown in place of the stage when loading failed. */
export function failure(message: string): TemplateResult {
  return html`<section class="alert failure" role="alert"><h2>${WORDS.failed}</h2><p>${message}</p></section>`;
}
