import { html, nothing, type TemplateResult } from 'lit';
import { changedSize, ON_BY_DEFAULT, type Size, sizeIn, SIZES } from '../features';
import { ACTION_TEXTS } from '../lang/en/actions';
import { RULES } from '../lang/en/rules';
import { RULE_GROUPS } from '../rules';
import { SWITCHES } from '../lang/en/switches';
import { sectionText, WORDS } from '../words';
import { FEATURES } from '../lang/en/features';
import { OFF_BY_DEFAULT, type Options } from './rules';
import styles from '../styles/rules.css';
import { adopt } from './adopt';

/** A switch for each rule that a run may have or lack, with what it does, and, folded away, one for each that Raft rests on. */
export function ruleSwitches(options: Options, change: (options: Options) => void): TemplateResult {
  const words = SWITCHES;
  return html`<p class="quiet">${FEATURES.anew}</p>
    ${OFF_BY_DEFAULT.map((option, at) => {
      const { tells, section } = words.list[option];
      const name = WORDS.rules.names[option];
      const barred = option === 'lease_reads' && options.check_quorum !== true;
      // A lease without what it rests on is no run.
      const besides = (on: boolean): Options => (option === 'check_quorum' && !on ? { lease_reads: false } : {});
      return toggle(option, name, options[option] === true, html`${barred ? words.leaseNeeds : tells}`, section, (on) => change({ [option]: on, ...besides(on) }), at === 0, barred);
    })}
    ${ON_BY_DEFAULT.map((option) => {
      const { name, tells, section } = FEATURES.switches[option];
      return toggle(option, name, options[option] ?? true, html`${tells}`, section, (on) => change({ [option]: on }));
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
    <h3 class="head">${FEATURES.sizes.head}</h3>
    ${SIZES.map((one) => size(one, options, change))}
    <h3 class="head">${words.must}</h3>
    <p>${words.mustTell}</p>
    <button type="button" class="hunt-button" data-action="hunt">${ACTION_TEXTS.hunt[0]}</button>
    ${RULE_GROUPS.map((group) => {
      const off = new Set(options.rules_off);
      const broken = group.rules.filter(([name]) => off.has(name)).length;
      return html`<details>
        <summary>
          ${RULES.groups[group.group]} <span class="quiet">${group.rules.length}</span>${broken > 0 ? html`<span class="broken">${WORDS.rules.off(broken)}</span>` : nothing}
        </summary>
        ${group.rules.map(([name, section]) => {
          const [says, without] = RULES.list[name];
          return toggle(name, says, !off.has(name), html`${words.without(without)}`, section, (on) => {
            if (on) off.delete(name);
            else off.add(name);
            change({ rules_off: [...off] });
          });
        })}
      </details>`;
    })}`;
}

/** A field for a number. What cannot be is said by the browser, and the field shows what holds. */
function size(one: Size, options: Options, change: (options: Options) => void): TemplateResult {
  const { option, unit, parts, min, max } = one;
  const { name, tells, section } = FEATURES.sizes[option];
  const shown = String(sizeIn(options, one) / parts);
  return html`<label>
      ${name}
      <input
        type="number"
        name=${option}
        min=${min / parts}
        max=${max / parts}
        step="any"
        aria-describedby=${`about-${option}`}
        .value=${shown}
        @change=${(event: Event) => {
          const field = event.target as HTMLInputElement;
          const changed = field.reportValidity() ? changedSize(options, one, Math.round(field.valueAsNumber * parts)) : null;
          field.value = shown;
          if (changed) change(changed);
        }}
      />
      ${unit === 'bytes' ? FEATURES.sizes.bytes : unit}
    </label>
    <p id=${`about-${option}`}>${tells} ${section ? html`<span class="section">${sectionText(section)}</span>` : nothing}</p>`;
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

/** Their styles, for the root that they are shown in. */
export const dress = (root: ParentNode): void => adopt(root, styles);
