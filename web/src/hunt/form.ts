import { html, nothing, type TemplateResult } from 'lit';
import { HUNT } from '../lang/en/hunt';
import { RULES } from '../lang/en/rules';
import { type Rule, RULE_GROUPS } from '../rules';
import { sectionText } from '../words';
import { field } from './field';
import { EXAMPLE, type Sought } from './goals';
import type { On, Shares } from './orders';
import { NOT_WITHOUT, notWithoutText, type SmallWish } from './small';
import { smallForm } from './small-form';
import { SECONDS_MAX, SERVERS_MAX, seek, SHARE_MAX, type Way, type Wish } from './wish';

/** What to search for, and how. `wrong` is what the engine has against the goal. */
export function form(wish: Wish, small: SmallWish, wrong: string, changed: () => void): TemplateResult {
  const byChance = wish.way === 'chance';
  return html`${rules(wish, changed)} ${byChance ? sought(wish, wrong, changed) : nothing} ${ways(wish, changed)} ${byChance ? chance(wish, changed) : smallForm(small, changed)}`;
}

function ways(wish: Wish, changed: () => void): TemplateResult {
  const words = HUNT.way;
  const way = (name: Way): TemplateResult => {
    const [label, tells] = words.list[name];
    const choose = (): void => {
      wish.way = name;
      changed();
    };
    return html`<label class="hunt-choice"><input type="radio" name="hunt-way" value=${name} aria-describedby=${`hunt-way-${name}`} .checked=${wish.way === name} @change=${choose} /> <span>${label}</span></label>
      <p id=${`hunt-way-${name}`} class="quiet">${tells}</p>`;
  };
  return html`<fieldset class="hunt-ways">
    <legend class="head">${words.head}</legend>
    ${way('chance')} ${way('everything')}
  </fieldset>`;
}

/** What may happen in a search by chance, and for how long it goes on. */
function chance(wish: Wish, changed: () => void): TemplateResult {
  const on = Object.keys(HUNT.on.list) as On[];
  return html`<label class="hunt-on"
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

/** What to look for: one of what is ready, each as the words that stand for it, so that one's own begin with them. */
function sought(wish: Wish, wrong: string, changed: () => void): TemplateResult {
  const words = HUNT.goal;
  return html`<label class="hunt-on"
      >${words.head}
      <select
        name="sought"
        aria-describedby="hunt-sought"
        @change=${(event: Event) => {
          seek(wish, (event.target as HTMLSelectElement).value as Sought);
          changed();
        }}
      >
        ${(Object.keys(words.list) as Sought[]).map((name) => html`<option value=${name} .selected=${name === wish.sought}>${words.list[name][0]}</option>`)}
      </select></label
    >
    <p id="hunt-sought" class="quiet">${words.list[wish.sought][1]}</p>
    ${
      wish.sought === 'violation'
        ? nothing
        : html`<div class="hunt-field hunt-goal">
            <label for="hunt-goal">${words.text}</label>
            <textarea
              id="hunt-goal"
              name="goal"
              rows="2"
              maxlength="500"
              spellcheck="false"
              autocapitalize="none"
              autocomplete="off"
              aria-invalid=${wrong ? 'true' : 'false'}
              aria-describedby="hunt-goal-wrong hunt-goal-tells"
              .value=${wish.goal}
              @input=${(event: Event) => {
                wish.goal = (event.target as HTMLTextAreaElement).value;
                wish.sought = 'own';
                changed();
              }}
            ></textarea>
            <p id="hunt-goal-wrong" class="broken" role="alert">${wrong}</p>
            <p id="hunt-goal-tells" class="quiet">${words.tells} <code>${EXAMPLE}</code></p>
            ${names()}
          </div>`
    }`;
}

/** What an expression can speak of. */
function names(): TemplateResult {
  const words = HUNT.goal.names;
  const list = (all: Readonly<Record<string, string>>): TemplateResult => html`<dl class="hunt-names">${Object.entries(all).map(([name, tells]) => html`<div><dt><code>${name}</code></dt><dd>${tells}</dd></div>`)}</dl>`;
  return html`<details>
    <summary>${words.head}</summary>
    <h4 class="head">${words.numbers}</h4>
    ${list(words.run)}
    <h4 class="head">${words.ofServers}</h4>
    ${list(words.server)}
    <p class="quiet">${words.signs}</p>
  </details>`;
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
    ${names.length === 0 ? html`<p>${wish.way === 'everything' || wish.sought === 'violation' ? words.none : words.whole}</p>` : nothing}
    <ul class="hunt-off">
      ${names.map((name) => html`<li>${RULES.list[name][0]} <span class="quiet">${RULES.list[name][1]}</span></li>`)}
    </ul>
    ${wish.way === 'everything' && wish.off.has(NOT_WITHOUT) ? html`<p class="hunt-lost">${notWithoutText()}</p>` : nothing}
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
