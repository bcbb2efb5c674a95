import { html, type TemplateResult } from 'lit';
import { type Language, LANGUAGES, spokenLanguage } from '../lang/languages';
import { WORDS } from '../words';
import { hangs } from './more';

const WIDTH_PX = 180;

/** Opens the list of languages: who cannot read this one finds a globe. */
export function languageButton(): TemplateResult {
  const says = `${WORDS.language}${WORDS.sign.colon}${spokenLanguage().name}`;
  return html`<button type="button" class="round" data-part="languages" popovertarget="languages" title=${says} aria-label=${says}>
    <svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path d="M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 0 0 0-13zM1.5 8h13M8 1.5c-4 3.5-4 9.5 0 13M8 1.5c4 3.5 4 9.5 0 13" class="mark" /></svg>
  </button>`;
}

/** The languages, each named in itself. */
export function languageSheet(choose: (language: Language) => void): TemplateResult {
  const chosen = (event: Event, language: Language): void => {
    (event.currentTarget as Element).closest<HTMLElement>('[popover]')?.hidePopover();
    choose(language);
  };
  return html`<div id="languages" class="more" popover role="group" aria-labelledby="languages-head" @beforetoggle=${hangs(WIDTH_PX)}>
    <h2 id="languages-head" class="head">${WORDS.language}</h2>
    ${LANGUAGES.map(
      (language) =>
        html`<button type="button" lang=${language.tag} data-language=${language.tag} aria-current=${language === spokenLanguage() ? 'true' : 'false'} @click=${(event: Event) => chosen(event, language)}>${language.name}</button>`,
    )}
  </div>`;
}
