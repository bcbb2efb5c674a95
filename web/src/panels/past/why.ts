import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../door/types';
import { sentence } from '../../sentences';
import { PAST } from '../../lang/en/past';
import { WORDS } from '../../words';
import { line, placed, stop } from '../events';
import { chain, hereOf } from './chain';

/**
 * The chain of causes as sentences, newest first, each a way to its moment. Without reasons there is no such event; where there
 * are none, it was before all that is looked through. `now` is the number of the latest event.
 */
export function whyPanel(reasons: readonly Reason[] | null, now: number, back: () => void, onDiagram: () => void): TemplateResult {
  const words = PAST.why;
  const links = chain(reasons ?? []);
  const here = hereOf(links.map(({ reason }) => reason.record), now);
  const last = links[links.length - 1]?.reason.record;
  return html`<div class="why">
    <div class="why-bar">
      <button type="button" class="quiet-button" data-part="all-events" @click=${back}><span aria-hidden="true">‹</span> ${words.back}</button>
      <h3 class="head" tabindex="-1">${words.head}</h3>
      ${links.length > 0 ? html`<button type="button" class="quiet-button" data-part="why-diagram" title=${words.diagramTells} @click=${onDiagram}>${words.diagram}</button>` : nothing}
    </div>
    ${links.length === 0 ? html`<p class="quiet">${reasons ? words.before : words.none}</p>` : nothing}
    <ol class="events chain">
      ${links.map(({ reason: { record }, link }, at) => {
        const item = stop(line(placed(record, sentence), link === 'also'), link === 'asked');
        item.classList.add(link);
        const what = item.querySelector('.what');
        if (link !== 'asked') what?.prepend(span('quiet', link === 'because' ? words.because : words.also), WORDS.sign.gap);
        what?.prepend(span('place', String(at + 1)), ' ');
        if (record.number === here) item.setAttribute('aria-current', 'step');
        return item;
      })}
    </ol>
    ${last ? html`<p class="quiet">${last.kind === 'input_applied' ? words.ends.input : words.ends.other}</p>` : nothing}
  </div>`;
}

function span(look: string, text: string): HTMLElement {
  const made = document.createElement('span');
  made.className = look;
  made.textContent = text;
  return made;
}
