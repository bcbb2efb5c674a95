import { html, type TemplateResult } from 'lit';
import { type Action, action, type Bench, keyText } from '../actions';
import { WORDS } from '../words';
import { hang } from './rules';

const WIDTH_PX = 300;
const ACTIONS = ['join', 'learn', 'leave', 'snapshot', 'read'] as const;

/** Opens what else can be done with the chosen servers. */
export function moreButton(): TemplateResult {
  return html`<button type="button" data-part="more" popovertarget="more" title=${WORDS.deck.moreAbout}>${WORDS.deck.more} <span aria-hidden="true">▾</span></button>`;
}

/** What else can be done with the chosen servers. */
export const moreSheet = (bench: Bench): TemplateResult => actionSheet(bench, 'more', WORDS.deck.moreAbout, ACTIONS.map(action));

/** Actions that hang from the button that names this sheet, each with its key or with the reason why it would change nothing. */
export function actionSheet(bench: Bench, sheet: string, about: string, actions: readonly Action[]): TemplateResult {
  return html`<div id=${sheet} class="more" popover role="group" aria-label=${about} @beforetoggle=${hangs(WIDTH_PX)} @click=${close}>
    ${actions.map((it) => {
      const { id } = it;
      const refusal = it.refusal(bench);
      return html`<button type="button" data-action=${id} aria-disabled=${refusal === null ? 'false' : 'true'} aria-describedby=${`why-${id}`}>
          ${it.label(bench)} <kbd aria-hidden="true">${it.keys.map(keyText).join(' ')}</kbd>
        </button>
        <p class="quiet" id=${`why-${id}`}>${refusal ?? it.tells}</p>`;
    })}
  </div>`;
}

function opener(sheet: HTMLElement): HTMLElement | null {
  return (sheet.getRootNode() as ParentNode).querySelector<HTMLElement>(`[popovertarget="${sheet.id}"]`);
}

/** A sheet hangs from the button that names it, and the focus goes back there. */
export const hangs =
  (width: number) =>
  (event: ToggleEvent): void => {
    const sheet = event.currentTarget as HTMLElement;
    const button = opener(sheet);
    if (!button) return;
    if (event.newState === 'open') hang(sheet, button, width);
    else if (sheet.matches(':focus-within')) button.focus();
  };

/** What was chosen is done, and the sheet has done its part; what is refused says so where it stands. */
function close(event: Event): void {
  const pressed = (event.target as Element).closest('[data-action]');
  if (pressed?.getAttribute('aria-disabled') === 'false') (event.currentTarget as HTMLElement).hidePopover();
}
