import { html, type TemplateResult } from 'lit';
import { ACTIONS, keyText } from '../actions';
import { WORDS } from '../words';
import { HELP } from '../words-help';

const rows = (list: readonly (readonly [string, string])[]): TemplateResult[] =>
  list.map(([what, tells]) => html`<div><dt>${what}</dt><dd>${tells}</dd></div>`);

/** Every shortcut and gesture, and how the stage is read. Shortcuts come from the actions themselves. */
export function helpSheet(close: () => void): TemplateResult {
  const words = HELP;
  return html`<dialog class="help" aria-labelledby="help-head" @close=${close}>
    <div class="help-bar">
      <h2 id="help-head">${WORDS.sheets.help}</h2>
      <button type="button" @click=${close}>${words.close}</button>
    </div>
    <div class="help-columns" tabindex="0" role="region" aria-labelledby="help-head">
      <dl>
        ${ACTIONS.map((action) => html`<div>
          <dt>${action.keys.map((key, at) => html`${at > 0 ? ' ' : ''}<kbd>${keyText(key)}</kbd>`)}</dt>
          <dd>${action.tells}</dd>
        </div>`)}
      </dl>
      <dl>${rows(words.focused)}${rows(words.gestures)}${rows(words.reading)}</dl>
    </div>
    <p class="quiet">
      ${words.paper} <a href="https://raft.github.io/raft.pdf" target="_blank" rel="noopener noreferrer">${words.paperName}</a>.
    </p>
  </dialog>`;
}
