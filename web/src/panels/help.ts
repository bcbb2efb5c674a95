import { html, nothing, type TemplateResult } from 'lit';
import { matchingSections, type Section, sections, type Topic } from '../help/topics';
import { WORDS } from '../words';
import { HELP } from '../lang/en/help';
import styles from '../styles/help.css';
import { adopt } from './adopt';
import type { Owner } from './owner';

/** Every shortcut and gesture, how the stage is read, and the words of Raft; a few letters find what is looked for. */
export class Help {
  private query = '';
  private readonly all = sections();

  constructor(private readonly owner: Owner) {
    adopt(owner.renderRoot, styles);
  }

  sheet(close: () => void): TemplateResult {
    const found = matchingSections(this.query, this.all);
    const count = found.reduce((sum, { topics }) => sum + topics.length, 0);
    const asked = this.query.trim() !== '';
    return html`<dialog class="help" aria-labelledby="help-head" @close=${close}>
      <div class="help-bar">
        <h2 id="help-head">${WORDS.sheets.help}</h2>
        <button type="button" @click=${close}>${HELP.close}</button>
      </div>
      <input
        type="search"
        autocomplete="off"
        spellcheck="false"
        aria-label=${HELP.search}
        aria-controls="help-found"
        placeholder=${HELP.placeholder}
        .value=${this.query}
        @input=${(event: Event) => this.typed(event)}
        @keydown=${(event: KeyboardEvent) => this.pressed(event)}
      />
      <p class="quiet" role="status">${asked ? (count > 0 ? HELP.found(count) : HELP.none) : nothing}</p>
      <div id="help-found" class="help-columns" tabindex="0" role="region" aria-labelledby="help-head">${found.map((one) => section(one, asked))}</div>
      <p class="quiet">
        ${HELP.paper} <a href="https://raft.github.io/raft.pdf" target="_blank" rel="noopener noreferrer">${HELP.paperName}</a>.
      </p>
    </dialog>`;
  }

  /** The sheet is no longer to be seen: the next time it shows all. */
  forget(): void {
    this.query = '';
  }

  private typed(event: Event): void {
    this.query = (event.target as HTMLInputElement).value;
    this.owner.invalidate();
  }

  /** Escape takes away what was typed, and closes the sheet only after that. */
  private pressed(event: KeyboardEvent): void {
    if (event.key !== 'Escape' || this.query === '') return;
    this.forget();
    this.owner.invalidate();
    event.preventDefault();
  }
}

const rows = (topics: readonly Topic[]): TemplateResult => html`<dl>
  ${topics.map(
    ({ what, keys, tells }) => html`<div>
      <dt>${what}${keys.map((key, at) => html`${at > 0 ? ' ' : ''}<kbd>${key}</kbd>`)}</dt>
      <dd>${tells}</dd>
    </div>`,
  )}
</dl>`;

/** Words are for looking up: they lie folded until one is looked for. */
function section({ chapter, topics }: Section, asked: boolean): TemplateResult {
  const head = HELP.heads[chapter];
  return chapter === 'words' && !asked
    ? html`<details><summary>${head}</summary>${rows(topics)}</details>`
    : html`<section aria-label=${head}><h3 class="head">${head}</h3>${rows(topics)}</section>`;
}
