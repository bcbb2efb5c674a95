import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EventRecord } from '../door/types';
import { sentence, type Sentence } from '../sentences';
import { serverNames, timeText, WORDS } from '../words';

/** Events that are kept to be listed. */
const KEPT_MAX = 3_000;
/** Events that are fetched at a time while time runs: more than that between two looks leaves a gap, which is said. */
const FETCH_MAX = 100;
/** When time stops, a gap is filled with as many. */
const FETCH_PAUSED_MAX = 600;
const SHOWN_FIRST = 50;

interface Told extends Sentence {
  readonly number: number;
  readonly timeUs: number;
  /** Its line in the list, made when it is first shown and never changed. */
  line?: HTMLLIElement;
}

/** The story of the run, newest first, in whole sentences. */
export class EventsPanel {
  /** Rises whenever the list may look different. */
  version = 0;
  private readonly told: Told[] = [];
  /** The number of the latest event that was fetched. */
  upTo = 0;
  /** Whether something before the oldest event listed, or between two, is missing. */
  private gap = false;
  private skipped = false;
  private shown = SHOWN_FIRST;
  private all = false;
  private onlyChosen = false;

  constructor(
    private readonly changed: () => void,
    private readonly heard: (record: EventRecord) => void,
  ) {}

  /** Forgets everything: a new run has begun. */
  clear(): void {
    this.version += 1;
    this.told.length = 0;
    this.upTo = 0;
    this.gap = false;
    this.skipped = false;
    this.shown = SHOWN_FIRST;
  }

  /** Fetches what has happened since, the newest if there is too much of it. */
  catchUp(count: number, paused: boolean, fetch: (after: number, max: number) => EventRecord[]): void {
    if (count < this.upTo) this.goBack(count);
    const max = paused ? FETCH_PAUSED_MAX : FETCH_MAX;
    if (paused && this.skipped) {
      this.told.length = 0;
      this.upTo = Math.max(0, count - max);
      this.skipped = false;
      this.gap = this.upTo > 0;
    }
    if (count === this.upTo) return;
    this.version += 1;
    if (count - this.upTo > max) {
      this.gap = true;
      this.skipped = !paused;
      this.upTo = count - max;
    }
    for (const record of fetch(this.upTo, max)) {
      this.told.push({ ...sentence(record), number: record.number, timeUs: record.time_us });
      this.upTo = record.number;
      this.heard(record);
    }
    if (this.told.length > KEPT_MAX) {
      this.gap = true;
      this.told.splice(0, this.told.length - KEPT_MAX);
    }
  }

  /** An earlier moment of the same branch: what comes after it has not happened yet. */
  private goBack(count: number): void {
    const oldest = this.told[0]?.number ?? 0;
    if (this.gap && count < oldest + SHOWN_FIRST) return this.clear();
    while ((this.told[this.told.length - 1]?.number ?? 0) > count) this.told.pop();
    this.upTo = count;
    this.version += 1;
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
          (told) => (told.line ??= line(told)),
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
    this.version += 1;
    this.changed();
  }
}

const isChecked = (event: Event): boolean => (event.target as HTMLInputElement).checked;

/** Built by hand rather than by a template: there are many, and each is drawn once. */
function line(told: Told): HTMLLIElement {
  const item = document.createElement('li');
  item.dataset['number'] = String(told.number);
  const when = document.createElement('span');
  when.className = 'when';
  when.textContent = timeText(told.timeUs).replace(' ms', '');
  const text = document.createElement('span');
  // The servers' names are set off.
  told.text.split(/\b(S\d+)\b/).forEach((part, at) => {
    if (at % 2 === 0) return text.append(part);
    const name = document.createElement('b');
    name.textContent = part;
    text.append(name);
  });
  if (told.section) {
    const section = document.createElement('span');
    section.className = 'section';
    section.textContent = told.section;
    text.append(' ', section);
  }
  item.append(when, text);
  return item;
}
