import { html, nothing, type TemplateResult } from 'lit';
import type { WorldOptions } from '../door/types';
import { RULE_GROUPS } from '../rules';
import { sectionText, WORDS } from '../words';

const GAP_PX = 6;
const WIDTH_PX = 400;
const HEIGHT_PX_MIN = 240;
const MARGIN_PX = 12;
/** More names than this are counted instead. */
const NAMES_MAX = 2;

type Options = Partial<WorldOptions>;

/** Opens the sheet of rules, and names those that are switched on. */
export function rulesButton(options: Options): TemplateResult {
  const words = WORDS.rules;
  const on: string[] = words.list.filter(({ option }) => options[option] === true).map(({ name }) => name);
  if (options.snapshot_every) on.push(words.snapshots.join(` ${options.snapshot_every} `));
  const off = options.rules_off?.length ?? 0;
  const said = [...(on.length > NAMES_MAX ? [words.on(on.length)] : on), ...(off > 0 ? [words.off(off)] : [])];
  return html`<button type="button" class=${off > 0 ? 'warned' : on.length > 0 ? 'on' : ''} data-part="rules" popovertarget="rules" title=${words.about}>
    ${words.head}${said.length > 0 ? html`<span class="wide">: ${said.join(', ')}</span>` : nothing}
  </button>`;
}

/**
 * A switch for each rule that a run may have or lack, with what it does, and, folded away, one for each that Raft rests on.
 * Hangs from its button and closes by itself.
 */
export function rulesSheet(options: Options, change: (options: Options) => void): TemplateResult {
  const words = WORDS.rules;
  return html`<div id="rules" class="rules" popover role="group" aria-labelledby="rules-head" @beforetoggle=${toggles}>
    <h2 id="rules-head" class="head">${words.head}</h2>
    ${words.list.map(({ option, name, tells, section }, at) => {
      const barred = option === 'lease_reads' && options.check_quorum !== true;
      // A lease without what it rests on is no run.
      const besides = (on: boolean): Options => (option === 'check_quorum' && !on ? { lease_reads: false } : {});
      return toggle(option, name, options[option] === true, html`${barred ? words.leaseNeeds : tells}`, section, (on) => change({ [option]: on, ...besides(on) }), at === 0, barred);
    })}
    <label>
      ${words.snapshots[0]}
      <input
        type="number"
        name="snapshot_every"
        min="0"
        max="1000000"
        step="1"
        aria-describedby="about-snapshot_every"
        .value=${String(options.snapshot_every ?? 0)}
        @change=${(event: Event) => change({ snapshot_every: (event.target as HTMLInputElement).valueAsNumber })}
      />
      ${words.snapshots[1]}
    </label>
    <p id="about-snapshot_every">${words.snapshotsTell} <span class="section">${sectionText(words.snapshotsSection)}</span></p>
    <h3 class="head">${words.must}</h3>
    <p>${words.mustTell}</p>
    ${RULE_GROUPS.map((group) => {
      const off = new Set(options.rules_off);
      const broken = group.rules.filter(([name]) => off.has(name)).length;
      return html`<details>
        <summary>
          ${group.name} <span class="quiet">${group.rules.length}</span>${broken > 0 ? html`<span class="broken">${words.off(broken)}</span>` : nothing}
        </summary>
        ${group.rules.map(([name, section, says, without]) =>
          toggle(name, says, !off.has(name), html`${words.without} ${without}`, section, (on) => {
            if (on) off.delete(name);
            else off.add(name);
            change({ rules_off: [...off] });
          }),
        )}
      </details>`;
    })}
    <p class="quiet">${words.note}</p>
  </div>`;
}

function toggle(
  name: string,
  label: string,
  on: boolean,
  tells: TemplateResult,
  section: string,
  change: (on: boolean) => void,
  first = false,
  barred = false,
): TemplateResult {
  return html`<label class=${barred ? 'barred' : ''}>
      <input
        type="checkbox"
        name=${name}
        ?autofocus=${first}
        aria-describedby=${`about-${name}`}
        aria-disabled=${barred ? 'true' : 'false'}
        .checked=${on}
        @click=${(event: Event) => (barred ? event.preventDefault() : undefined)}
        @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
      />${label}
    </label>
    <p id=${`about-${name}`}>${tells} <span class="section">${sectionText(section)}</span></p>`;
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
  hang(sheet, button, WIDTH_PX);
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
