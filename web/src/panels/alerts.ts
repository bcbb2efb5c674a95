import { html, nothing, type TemplateResult } from 'lit';
import type { Panic } from '../door/cluster';
import type { Violation } from '../door/types';
import { propertySays } from '../properties';
import { sectionText, serverNames, timeText, WORDS } from '../words';

/** The evidence of a broken property. */
export function violationCard(violation: Violation, copy: () => void): TemplateResult {
  const words = WORDS.violation;
  const list = (values: readonly number[]): string => values.join(', ');
  return html`<section class="alert violation" role="alert">
    <h2>${words.head}: ${violation.property} <span class="section">${sectionText(violation.section)}</span></h2>
    <p>${violation.text}</p>
    <p class="quiet">${words.broken} ${propertySays(violation.property)}</p>
    <p class="quiet">
      ${timeText(violation.time_ms * 1000)}${violation.servers.length > 0 ? ` · ${words.servers} ${serverNames(violation.servers)}` : nothing}${violation.indexes.length > 0 ? ` · ${words.indexes} ${list(violation.indexes)}` : nothing}${violation.terms.length > 0 ? ` · ${words.terms} ${list(violation.terms)}` : nothing}
      · ${words.note}
    </p>
    <button type="button" @click=${copy}>${words.copy}</button>
  </section>`;
}

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
