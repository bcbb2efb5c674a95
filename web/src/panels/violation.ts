import { html, nothing, type TemplateResult } from 'lit';
import type { Violation } from '../door/types';
import { PROPERTIES } from '../lang/en/properties';
import { VIOLATION } from '../lang/en/switches';
import { propertyName, propertySays } from '../properties';
import { sectionText, serverNames, timeText, WORDS } from '../words';

/** The evidence of a broken property. */
export function violationCard(violation: Violation, evidence: () => void, copy: () => void): TemplateResult {
  const words = VIOLATION;
  const list = (values: readonly number[]): string => values.join(WORDS.sign.list);
  return html`<section class="alert violation" role="alert">
    <h2>${WORDS.violation.head}${WORDS.sign.colon}${propertyName(violation.property)} <span class="section">${sectionText(violation.section)}</span></h2>
    <p>${PROPERTIES.found(violation)}</p>
    <p class="quiet">${words.broken(propertySays(violation.property))}</p>
    <p class="quiet">
      ${timeText(violation.time_ms * 1000)}${violation.servers.length > 0 ? ` · ${words.servers} ${serverNames(violation.servers)}` : nothing}${violation.indexes.length > 0 ? ` · ${words.indexes} ${list(violation.indexes)}` : nothing}${violation.terms.length > 0 ? ` · ${words.terms} ${list(violation.terms)}` : nothing}
      · ${words.note}
    </p>
    <button type="button" data-part="evidence" @click=${evidence}>${words.evidence}</button>
    <button type="button" @click=${copy}>${words.copy}</button>
  </section>`;
}
