/** The bars of an element that shows little more than its stage: while it is presented, and where it has little room. */

import { html, nothing, type TemplateResult } from 'lit';
import { action, type Bench } from '../actions';
import { LINK_CHARACTERS_MAX } from '../keep/fragment';
import { BAR } from '../lang/en/embed';
import { adopt } from '../panels/adopt';
import { actionButton } from '../panels/controls';
import styles from '../styles/bars.css';
import { timeText, WORDS } from '../words';

const playButton = (bench: Bench): TemplateResult =>
  actionButton(bench, 'play', 'primary', html`<span aria-hidden="true">${bench.playing ? '❚❚' : '▶'}</span> <span class="word">${action('play').label(bench)}</span>`);

const clock = (timeUs: number): TemplateResult => html`<span class="time" data-time-us=${timeUs}><span class="unseen">${WORDS.controls.time} </span>${timeText(timeUs)}</span>`;

/** A sign in the place of a name that is heard. */
const signed = (bench: Bench, id: string, sign: string): TemplateResult => actionButton(bench, id, '', html`<span aria-hidden="true">${sign}</span><span class="unseen">${action(id).label(bench)}</span>`);

/** From bookmark to bookmark, and back to the page. */
export function presenterBar(bench: Bench, timeUs: number): TemplateResult {
  const here = bench.bookmark('here');
  const { bookmarked } = bench;
  const where = here ? BAR.at(here.name, bookmarked.indexOf(here) + 1, bookmarked.length) : bookmarked.length > 0 ? BAR.between(bookmarked.length) : BAR.none;
  return html`<div class="controls" part="controls" role="group" aria-label=${WORDS.controls.time}>
    ${playButton(bench)} ${signed(bench, 'previous-bookmark', '‹')} ${signed(bench, 'next-bookmark', '›')}
    <span class="presented" role="status">${where}</span>
    <span class="grow"></span>
    ${clock(timeUs)} ${actionButton(bench, 'present')}
  </div>`;
}

export const dress = (root: ParentNode): void => adopt(root, styles);

/** Where the run of an element can be gone on with: the address of the full page, and the run's fragment. */
export interface Elsewhere {
  readonly fullPage: string | null;
  fragment(): string;
}

/** What a reader needs who looks at a run in between: time, what is chosen, and the way to the full page. */
export function slimBar(bench: Bench, timeUs: number, elsewhere: Elsewhere): TemplateResult {
  // The address is made when it is asked for: it holds the whole run.
  const leave = (event: Event): void => {
    const link = event.currentTarget as HTMLAnchorElement;
    const fragment = elsewhere.fragment();
    link.href = new URL(fragment.length <= LINK_CHARACTERS_MAX ? fragment : '#', new URL(elsewhere.fullPage ?? '', document.baseURI)).href;
  };
  return html`<div class="controls" part="controls" role="group" aria-label=${WORDS.controls.time}>
    ${playButton(bench)} ${signed(bench, 'step-back', '‹')} ${signed(bench, 'step', '›')} ${signed(bench, 'next-election', '›|')}
    ${clock(timeUs)}
    <span class="grow"></span>
    ${elsewhere.fullPage === null
      ? nothing
      : html`<a class="remix" part="remix" href=${elsewhere.fullPage} target="_blank" rel="noopener" title=${BAR.remixTells} @pointerdown=${leave} @focus=${leave} @click=${leave}>
          <span class="word">${BAR.remix}</span> <span aria-hidden="true">↗</span><span class="unseen short">${BAR.remix}</span>
        </a>`}
  </div>`;
}
