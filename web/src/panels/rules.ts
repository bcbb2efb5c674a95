import { html, nothing, type TemplateResult } from 'lit';
import type { WorldOptions } from '../door/types';
import { WORDS } from '../words';

const GAP_PX = 6;
const WIDTH_PX = 400;
const HEIGHT_PX_MIN = 240;
const MARGIN_PX = 12;
/** More names than this are counted instead. */
const NAMES_MAX = 2;

export type Options = Partial<WorldOptions>;

/** Extensions and choices that a run may have. */
export const OFF_BY_DEFAULT = ['pre_vote', 'check_quorum', 'lease_reads', 'eager_commit'] as const;

/** Opens the sheet of rules, and names those that are switched on. */
export function rulesButton(options: Options): TemplateResult {
  const words = WORDS.rules;
  const on = OFF_BY_DEFAULT.filter((option) => options[option] === true).map((option) => words.names[option]);
  if (options.snapshot_every) on.push(words.snapshotsOn(options.snapshot_every));
  const off = options.rules_off?.length ?? 0;
  // What is switched off first: where there is little room, the rest is cut.
  const said = [...(off > 0 ? [words.off(off)] : []), ...(on.length > NAMES_MAX ? [words.on(on.length)] : on)];
  return html`<button type="button" class=${off > 0 ? 'warned' : on.length > 0 ? 'on' : ''} data-part="rules" popovertarget="rules" title=${said.length > 0 ? said.join(WORDS.sign.comma) : words.about}>
    ${words.head}${said.length > 0 ? html`<span class="wide">${WORDS.sign.colon}${said.join(WORDS.sign.comma)}</span>` : nothing}
  </button>`;
}

/** What hangs from that button and closes by itself: empty until the switches have come. */
export function rulesSheet(switches: unknown, opens: () => void): TemplateResult {
  return html`<div id="rules" class="rules" popover role="group" aria-labelledby="rules-head" @beforetoggle=${(event: ToggleEvent) => toggles(event, opens)}>
    <h2 id="rules-head" class="head">${WORDS.rules.head}</h2>
    ${switches}
  </div>`;
}

/** As it opens, the sheet is put under its button, and within the page. As it closes, the button has the focus again. */
function toggles(event: ToggleEvent, opens: () => void): void {
  const sheet = event.currentTarget as HTMLElement;
  const button = (sheet.getRootNode() as ParentNode).querySelector<HTMLElement>('[popovertarget="rules"]');
  if (!button) return;
  if (event.newState === 'closed') {
    // Out of a shadow root not every browser gives it back by itself.
    if (sheet.matches(':focus-within')) button.focus();
    return;
  }
  hang(sheet, button, WIDTH_PX);
  opens();
}

/** Puts a sheet under its button, or above it where there is more room, and within the page. */
export function hang(sheet: HTMLElement, button: HTMLElement, widthPx: number): void {
  const { left, top, bottom } = button.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 2 * MARGIN_PX;
  const width = Math.min(widthPx, room);
  const below = innerHeight - bottom - GAP_PX - MARGIN_PX;
  const above = top - GAP_PX - MARGIN_PX;
  const { style } = sheet;
  style.width = `${width}px`;
  style.left = `${scrollX + Math.max(MARGIN_PX, Math.min(left, MARGIN_PX + room - width))}px`;
  style.maxHeight = `${Math.max(HEIGHT_PX_MIN, below, above)}px`;
  style.top = below >= above || above < HEIGHT_PX_MIN ? `${scrollY + bottom + GAP_PX}px` : 'auto';
  style.bottom = style.top === 'auto' ? `${innerHeight - scrollY - top + GAP_PX}px` : 'auto';
}
