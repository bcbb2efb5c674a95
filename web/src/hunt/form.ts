import { html, nothing, type TemplateResult } from 'lit';
import { HUNT } from '../lang/en/hunt';
import { RULES } from '../lang/en/rules';
import { type Rule, RULE_GROUPS } from '../rules';
import { sectionText } from '../words';
import type { On, Shares } from './orders';
import { SECONDS_MAX, SERVERS_MAX, SHARE_MAX, type Wish } from './wish';

/** What to search for: the rules that are switched off, what there is, and for how long. */
export function form(wish: Wish, changed: () => void): TemplateResult {
  const on = Object.keys(HUNT.on.list) as On[];
  return html`${rules(wish, changed)}
    <label class="hunt-on"
      >${HUNT.on.head}
      <select
        name="on"
        aria-describedby="hunt-on"
        @change=${(event: Event) => {
          wish.on = (event.target as HTMLSelectElement).value as On;
          changed();
        }}
      >
        ${on.map((name) => html`<option value=${name} .selected=${name === wish.on}>${HUNT.on.list[name][0]}</option>`)}
      </select></label
    >
    <p id="hunt-on" class="quiet">${HUNT.on.list[wish.on][1]}</p>
    <div class="hunt-fields">
      ${field('seconds', HUNT.seconds, HUNT.secondsTell, wish.seconds, 1, SECONDS_MAX, (text) => (wish.seconds = text))}
      ${field('seed', HUNT.seed, HUNT.seedTell, wish.seed, 0, undefined, (text) => (wish.seed = text))}
    </div>
    <details class="hunt-more">
      <summary>${HUNT.more}</summary>
      ${field('servers', HUNT.servers, HUNT.serversTell, wish.servers, 1, SERVERS_MAX, (text) => (wish.servers = text))}
      <h4 class="head">${HUNT.shares.head}</h4>
      <p class="quiet">${HUNT.shares.tell}</p>
      ${(Object.keys(wish.shares) as (keyof Shares)[]).map((name) => {
        const [label, tells] = HUNT.shares.list[name];
        return field(name, label, tells, wish.shares[name], 0, SHARE_MAX, (text) => (wish.shares[name] = text));
      })}
    </details>`;
}

/** A field for a number, with what it means below it. What cannot be is said when the search is to start. */
function field(name: string, label: string, tells: string, value: string, min: number, max: number | undefined, write: (text: string) => void): TemplateResult {
  return html`<div class="hunt-field">
    <label for=${`hunt-${name}`}>${label}</label>
    <input id=${`hunt-${name}`} type="number" name=${name} min=${min} max=${max ?? nothing} aria-describedby=${`hunt-${name}-tells`} .value=${value} @input=${(event: Event) => write((event.target as HTMLInputElement).value)} />
    <p id=${`hunt-${name}-tells`} class="quiet">${tells}</p>
  </div>`;
}

function rules(wish: Wish, changed: () => void): TemplateResult {
  const words = HUNT.off;
  const names = RULE_GROUPS.flatMap(({ rules }) => rules.map(([name]) => name)).filter((name) => wish.off.has(name));
  const toggle = (name: Rule, off: boolean): void => {
    if (off) wish.off.add(name);
    else wish.off.delete(name);
    changed();
  };
  return html`<section aria-labelledby="hunt-off">
    <h3 id="hunt-off" class="head">${words.head}</h3>
    ${names.length === 0 ? html`<p>${words.none}</p>` : nothing}
    <ul class="hunt-off">
      ${names.map((name) => html`<li>${RULES.list[name][0]} <span class="quiet">${RULES.list[name][1]}</span></li>`)}
    </ul>
    <details class="hunt-rules">
      <summary>${words.choose}</summary>
      ${RULE_GROUPS.map(({ group, rules }) => {
        const off = rules.filter(([name]) => wish.off.has(name)).length;
        return html`<details>
          <summary>${RULES.groups[group]} <span class="quiet">${rules.length}</span>${off > 0 ? html`<span class="broken">${words.count(off)}</span>` : nothing}</summary>
          ${rules.map(
            ([name, section]) => html`<label>
              <input type="checkbox" name=${name} .checked=${wish.off.has(name)} @change=${(event: Event) => toggle(name, (event.target as HTMLInputElement).checked)} />
              <span>${RULES.list[name][0]} <span class="section">${sectionText(section)}</span></span>
            </label>`,
          )}
        </details>`;
      })}
      <button
        type="button"
        data-part="none-off"
        aria-disabled=${names.length === 0 ? 'true' : 'false'}
        @click=${() => {
          wish.off.clear();
          changed();
        }}
      >
        ${words.nothing}
      </button>
    </details>
  </section>`;
}
