import { html, nothing, type TemplateResult } from 'lit';

/** A field for a number, with what it means below it. What cannot be is said when the search is to start. */
export function field(name: string, label: string, tells: string, value: string, min: number, max: number | undefined, write: (text: string) => void): TemplateResult {
  return html`<div class="hunt-field">
    <label for=${`hunt-${name}`}>${label}</label>
    <input id=${`hunt-${name}`} type="number" name=${name} min=${min} max=${max ?? nothing} aria-describedby=${`hunt-${name}-tells`} .value=${value} @input=${(event: Event) => write((event.target as HTMLInputElement).value)} />
    <p id=${`hunt-${name}-tells`} class="quiet">${tells}</p>
  </div>`;
}
