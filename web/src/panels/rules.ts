import { html, nothing, type TemplateResult } from 'lit';
import type { WorldOptions } from '../door/types';
import { sectionText, WORDS } from '../words';

const GAP_PX = 6;
const WIDTH_PX = 360;
const MARGIN_PX = 12;

/** Opens the sheet of rules, and names those that are switched on. */
export function rulesButton(options: Partial<WorldOptions>): TemplateResult {
  const on = WORDS.rules.list.filter(({ option }) => options[option] === true).map(({ name }) => name);
  return html`<button type="button" class=${on.length > 0 ? 'on' : ''} data-part="rules" popovertarget="rules" title=${WORDS.rules.about}>
    ${WORDS.rules.head}${on.length > 0 ? html`<span class="wide">: ${on.join(', ')}</span>` : nothing}
  </button>`;
}

/** A switch for each rule that a run may have or lack, with what it does; hangs from its button and closes by itself. */
export function rulesSheet(options: Partial<WorldOptions>, change: (option: (typeof WORDS.rules.list)[number]['option'], on: boolean) => void): TemplateResult {
  const words = WORDS.rules;
  return html`<div id="rules" class="rules" popover role="group" aria-labelledby="rules-head" @beforetoggle=${toggles}>
    <h2 id="rules-head" class="head">${words.head}</h2>
    ${words.list.map(
      ({ option, name, tells, section }, at) => html`<label>
          <input
            type="checkbox"
            name=${option}
            ?autofocus=${at === 0}
            aria-describedby=${`about-${option}`}
            .checked=${options[option] === true}
            @change=${(event: Event) => change(option, (event.target as HTMLInputElement).checked)}
          />${name}
        </label>
        <p id=${`about-${option}`}>${tells} <span class="section">${sectionText(section)}</span></p>`,
    )}
    <p class="quiet">${words.note}</p>
  </div>`;
}

/** As it opens, the sheet is put under its button, and within the page. As it closes, the button has the focus again. */
function toggles(event: ToggleEvent): void {
  const sheet = event.currentTarget as HTMLElement;
  const button = (sheet.getRootNode() as ParentNode).querySelector<HTMLElement>('[popovertarget="rules"]');
  if (!button) return;
  if (event.newState === 'closed') {
    // Out of a shadow root not every browser gives it back by itself.
    if (sheet.matches(':focus-within')) button.focus();
    return;
  }
  const { left, bottom } = button.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 2 * MARGIN_PX;
  const width = Math.min(WIDTH_PX, room);
  sheet.style.width = `${width}px`;
  sheet.style.left = `${scrollX + Math.max(MARGIN_PX, Math.min(left, MARGIN_PX + room - width))}px`;
  sheet.style.top = `${scrollY + bottom + GAP_PX}px`;
}
