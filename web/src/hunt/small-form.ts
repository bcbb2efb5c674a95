import { html, type TemplateResult } from 'lit';
import { HUNT } from '../lang/en/hunt';
import { field } from './field';
import { type Limited, limitsOf, type SmallWish } from './small';

/** The bounds within which everything is tried. */
export function smallForm(wish: SmallWish, changed: () => void): TemplateResult {
  const words = HUNT.small;
  const number = (name: Limited): TemplateResult => {
    const [least, most] = limitsOf(name, wish);
    const [label, tells] = words.fields[name];
    const write = (text: string): void => {
      wish[name] = text;
      // How much may be written depends on the terms.
      changed();
    };
    return field(name, label, tells(least, most), wish[name], least, most, write);
  };
  const choice = (name: 'noop' | 'symmetry'): TemplateResult =>
    html`<label class="hunt-choice"><input type="checkbox" name=${name} .checked=${wish[name]} @change=${(event: Event) => (wish[name] = (event.target as HTMLInputElement).checked)} /> <span>${words[name]}</span></label>`;
  return html`<section aria-labelledby="hunt-small">
      <h3 id="hunt-small" class="head">${words.head}</h3>
      <div class="hunt-fields">${(['servers', 'terms', 'writes', 'crashes', 'duplicates', 'depth'] as const).map(number)}</div>
    </section>
    <details class="hunt-more">
      <summary>${HUNT.more}</summary>
      <div class="hunt-fields">${(['seconds', 'memory'] as const).map(number)}</div>
      ${choice('noop')} ${choice('symmetry')}
    </details>`;
}
