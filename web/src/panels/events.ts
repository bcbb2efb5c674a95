import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EventRecord } from '../door/types';
import { sentence, type Sentence } from '../sentences';
import { serverNames, timeText, WORDS } from '../words';

/** Events that are kept to be listed. */
const KEPT_MAX = 3_000;
/** Events that are fetched at a time: more than that between two looks leaves a gap, which is said. */
const FETCH_MAX = 240;
const FETCH_PAUSED_MAX = 2_000;
const SHOWN_FIRST = 50;

interface Told extends Sentence {
  readonly number: number;
  readonly timeUs: number;
}

/** The story of the run, newest first, in whole sentences. */
export class EventsPanel {
  private readonly told: Told[] = [];
  private upTo = 0;
  private gap = false;
  private shown = SHOWN_FIRST;
  private all = false;
  private onlyChosen = false;

  constructor(private readonly changed: () => void) {}

  /** Forgets everything: a new run has begun. */
  clear(): void {
    this.told.length = 0;
    this.upTo = 0;
    this.gap = false;
    this.shown = SHOWN_FIRST;
  }

  /** Fetches what has happened since, the newest if there is too much of it. */
  catchUp(count: number, paused: boolean, fetch: (after: number, max: number) => EventRecord[]): void {
    if (count < this.upTo) this.clear();
    const max = paused ? FETCH_PAUSED_MAX : FETCH_MAX;
    if (count === this.upTo) return;
    if (count - this.upTo > max) {
      this.gap = true;
      this.told.length = 0;
      this.upTo = count - max;
    }
    for (const record of fetch(this.upTo, max)) {
      this.told.push({ ...sentence(record), number: record.number, timeUs: record.time_us });
      this.upTo = record.number;
    }
    if (this.told.length > KEPT_MAX) {
      this.gap = true;
      this.told.splice(0, this.told.length - KEPT_MAX);
    }
  }

  render(chosen: ReadonlySet<number>): TemplateResult {
    const list: Told[] = [];
    for (let i = this.told.length - 1; i >= 0 && list.length <= this.shown; i -= 1) {
      const told = this.told[i] as Told;
      if (told.quiet && !this.all) continue;
      if (this.onlyChosen && chosen.size > 0 && !told.servers.some((server) => chosen.has(server))) continue;
      list.push(told);
    }
    const more = list.length > this.shown;
    if (more) list.pop();
    return html`
      <div class="filters">
        <label><input type="checkbox" .checked=${this.all} @change=${(event: Event) => this.filter(() => (this.all = isChecked(event)))} />${WORDS.events.all}</label>
        ${chosen.size > 0
          ? html`<label><input type="checkbox" .checked=${this.onlyChosen} @change=${(event: Event) => this.filter(() => (this.onlyChosen = isChecked(event)))} />${WORDS.events.only(serverNames(chosen))}</label>`
          : nothing}
      </div>
      ${list.length === 0 ? html`<p class="quiet">${WORDS.events.none}</p>` : nothing}
      <ol class="events" reversed>
        ${repeat(
          list,
          (told) => told.number,
          (told) => html`<li data-number=${told.number}>
            <span class="when">${timeText(told.timeUs).replace(' ms', '')}</span>
            <span>${named(told.text)}${told.section ? html` <span class="section">${told.section}</span>` : nothing}</span>
          </li>`,
        )}
      </ol>
      ${more
        ? html`<button type="button" class="quiet-button" @click=${() => this.filter(() => (this.shown += 100))}>${WORDS.events.more}</button>`
        : this.gap
          ? html`<p class="quiet">${WORDS.events.gap}</p>`
          : nothing}
    `;
  }

  private filter(change: () => unknown): void {
    change();
    this.changed();
  }
}

const isChecked = (event: Event): boolean => (event.target as HTMLInputElement).checked;

/** The same sentence with the servers' names set off. */
export function named(text: string): (string | TemplateResult)[] {
  return text.split(/\b(S\d+)\b/).map((part, at) => (at % 2 === 1 ? html`<b>${part}</b>` : part));
}
