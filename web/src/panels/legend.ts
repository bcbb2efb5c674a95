import { html, nothing, svg, type TemplateResult } from 'lit';
import { WORDS } from '../words';

const sign = (shape: unknown, word: string): TemplateResult =>
  html`<li><svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">${shape}</svg>${word}</li>`;

/** One line at the foot of the stage: what the hand can do, or why something was not done, and what the messages are. */
export function legend(touch: boolean, notice: string, preVote: boolean): TemplateResult {
  const words = WORDS.legend;
  return html`<div class="legend">
    ${notice ? html`<p class="notice">${notice}</p>` : html`<p>${touch ? WORDS.hintTouch : WORDS.hint}</p>`}
    <ul>
      ${sign(svg`<circle cx="8" cy="8" r="6" class="l-accent" />`, words.append)}
      ${preVote ? sign(svg`<path d="M8 2.5 13.5 8 8 13.5 2.5 8z" class="l-pre-vote" />`, words.preVote) : nothing}
      ${sign(svg`<path d="M8 1 15 8 8 15 1 8z" class="l-vote" />`, words.vote)}
      ${sign(svg`<circle cx="8" cy="8" r="5" class="l-hollow" />`, words.reply)}
      ${sign(svg`<path d="M3 3 13 13M13 3 3 13" class="l-warning" />`, words.blocked)}
    </ul>
  </div>`;
}
