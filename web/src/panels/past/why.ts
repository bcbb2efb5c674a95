import { html, nothing, type TemplateResult } from 'lit';
import type { Reason } from '../../door/types';
import { sentence } from '../../sentences';
import { PAST } from '../../lang/en/past';
import { line, placed, stop } from '../events';

/** One of a chain of reasons: what is asked about, what brought it about at last, or what was needed besides. */
export interface Link {
  readonly reason: Reason;
  readonly link: 'asked' | 'because' | 'also';
}

/** The main line of an explanation, from what is asked about back in time, with what else each of its events needed. */
export function chain(reasons: readonly Reason[]): Link[] {
  const links: Link[] = [];
  let link: Link['link'] = 'asked';
  for (let at = 0; at >= 0; link = 'because') {
    const reason = reasons[at];
    if (!reason) break;
    links.push({ reason, link });
    const here = at;
    for (const other of reasons) if (other.explains === here && !other.main) links.push({ reason: other, link: 'also' });
    at = reasons.findIndex(({ explains, main }) => explains === here && main);
  }
  return links;
}

/** The chain of causes as sentences, newest first, each a way to its moment. `now` is the number of the latest event. */
export function whyPanel(reasons: readonly Reason[] | null, now: number, back: () => void): TemplateResult {
  const words = PAST.why;
  const links = chain(reasons ?? []);
  const here = Math.max(0, ...links.map(({ reason }) => reason.record.number).filter((number) => number <= now));
  const last = links[links.length - 1]?.reason.record;
  return html`<div class="why">
    <div class="why-bar">
      <button type="button" class="quiet-button" data-part="all-events" @click=${back}><span aria-hidden="true">‹</span> ${words.back}</button>
      <h3 class="head" tabindex="-1">${words.head}</h3>
    </div>
    ${links.length === 0 ? html`<p class="quiet">${words.none}</p>` : nothing}
    <ol class="events chain">
      ${links.map(({ reason: { record }, link }) => {
        const item = stop(line(placed(record, sentence), link === 'also'), link === 'asked');
        item.classList.add(link);
        if (link !== 'asked') item.querySelector('.what')?.prepend(quiet(link === 'because' ? words.because : words.also), ' ');
        if (record.number === here) item.setAttribute('aria-current', 'step');
        return item;
      })}
    </ol>
    ${last ? html`<p class="quiet">${last.kind === 'input_applied' ? words.ends.input : words.ends.other}</p>` : nothing}
  </div>`;
}

function quiet(text: string): HTMLElement {
  const span = document.createElement('span');
  span.className = 'quiet';
  span.textContent = text;
  return span;
}
