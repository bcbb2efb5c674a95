/** The list of moments with a name. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Bench } from '../../actions';
import { branchName } from '../../args';
import type { Bookmark } from '../../bookmarks';
import { PAST } from '../../lang/en/past';
import { actionButton } from '../controls';
import { hangs } from '../more';
import { branchText } from '../../words';
import type { PastHost, PastView } from './line';

const WIDTH_PX = 420;
const NAME_LENGTH_MAX = 64;

/** A name as it was written, on one line. Throws a RangeError when nothing was, or something that does not show as what it is. */
export function bookmarkName(written: string): string {
  const name = [...written.replace(/\s+/gu, ' ').trim()].slice(0, NAME_LENGTH_MAX).join('');
  if (name === '') throw new RangeError(PAST.bookmarks.noName);
  return branchName(name);
}

/** All bookmarks, to be gone to, named otherwise or removed. */
export function bookmarksSheet(bench: Bench, { branches }: PastView, host: PastHost): TemplateResult {
  const words = PAST.bookmarks;
  const here = bench.bookmark('here');
  const rename = (bookmark: Bookmark, event: Event): void => {
    const field = event.target as HTMLInputElement;
    const wanted = field.value;
    field.value = bookmark.name;
    host.attempt(() => host.bookmarks.put({ ...bookmark, name: bookmarkName(wanted) }));
  };
  const remove = (bookmark: Bookmark, event: Event): void => {
    // The button that was pressed goes; the focus stays in the sheet.
    (event.currentTarget as HTMLElement).closest('.bookmarks')?.querySelector('button')?.focus();
    host.attempt(() => host.bookmarks.remove(bookmark));
  };
  return html`<div id="bookmarks" class="more bookmarks" popover role="group" aria-labelledby="bookmarks-head" @beforetoggle=${hangs(WIDTH_PX)}>
    <h2 id="bookmarks-head" class="head">${words.head}</h2>
    <p class="quiet">${words.about}</p>
    <div class="bookmarks-bar">
      ${actionButton(bench, 'bookmark', '', words.mark)}
      ${actionButton(bench, 'previous-bookmark', '', html`<span aria-hidden="true">‹</span> ${words.previous}`)}
      ${actionButton(bench, 'next-bookmark', '', html`${words.next} <span aria-hidden="true">›</span>`)}
    </div>
    ${bench.bookmarked.length === 0 ? html`<p class="quiet">${words.none}</p>` : nothing}
    <ul>
      ${bench.bookmarked.map(
        (bookmark) => html`<li aria-current=${bookmark === here ? 'true' : nothing}>
          <input
            type="text"
            maxlength=${NAME_LENGTH_MAX}
            autocomplete="off"
            spellcheck="false"
            aria-label=${words.name(bookmark.name)}
            .value=${bookmark.name}
            @change=${(event: Event) => rename(bookmark, event)}
          />
          ${
            bookmark === here
              ? html`<b>${words.here}</b>`
              : html`<button type="button" data-part="visit" aria-label=${words.goTo(bookmark.name)} @click=${() => host.visit(bookmark.branch, bookmark.timeUs, bookmark)}>${words.go}</button>`
          }
          <button type="button" data-part="remove" aria-label=${words.removeIt(bookmark.name)} title=${words.remove} @click=${(event: Event) => remove(bookmark, event)}>×</button>
          <p class="quiet">${words.at(bookmark.timeUs, branchText(branches[bookmark.branch]?.name ?? ''))}</p>
        </li>`,
      )}
    </ul>
  </div>`;
}
