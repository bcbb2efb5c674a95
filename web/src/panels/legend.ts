import { html, nothing, svg, type TemplateResult } from 'lit';
import { WORDS } from '../words';

const sign = (shape: unknown, word: string): TemplateResult =>
  html`<li><svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true">${shape}</svg>${word}</li>`;

/**
 * One line at the foot of the stage: what the hand can do, why something was not done or whose majorities count, and what
 * the messages are; the rarer ones once they have been seen.
 */
export function legend(touch: boolean, notice: string, news: boolean, joint: string, shown: { preVote: boolean; snapshot: boolean; read: boolean }): TemplateResult {
  const words = WORDS.legend;
  return html`<div class=${`legend${shown.snapshot || shown.read ? ' long' : ''}`}>
    ${notice ? html`<p class=${news ? 'notice news' : 'notice'}>${notice}</p>` : html`<p class=${joint ? 'joint' : ''}>${joint || (touch ? WORDS.hintTouch : WORDS.hint)}</p>`}
    <ul>
      ${sign(svg`<circle cx="8" cy="8" r="6" class="l-accent" />`, words.append)}
      ${shown.preVote ? sign(svg`<path d="M8 2.5 13.5 8 8 13.5 2.5 8z" class="l-pre-vote" />`, words.preVote) : nothing}
      ${sign(svg`<path d="M8 1 15 8 8 15 1 8z" class="l-vote" />`, words.vote)}
      ${shown.snapshot ? sign(svg`<path d="M2 4.5h12M2 8h12M2 11.5h12" class="l-stack" />`, words.snapshot) : nothing}
      ${shown.read ? sign(svg`<rect x="0.8" y="4" width="14.4" height="8" rx="4" class="l-vote" />`, words.read) : nothing}
      ${sign(svg`<circle cx="8" cy="8" r="5" class="l-hollow" />`, words.reply)}
      ${sign(svg`<path d="M3 3 13 13M13 3 3 13" class="l-warning" />`, words.blocked)}
    </ul>
  </div>`;
}
