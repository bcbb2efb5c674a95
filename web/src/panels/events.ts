import { html, nothing, type TemplateResult } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import type { EventRecord } from '../door/types';
import { type Sentence, type Subject, SUBJECTS } from '../subjects';
import { serverNames, timeText, WORDS } from '../words';

/** Events that are kept to be listed. */
const KEPT_MAX = 3_000;
/** Events that are fetched at a time while time runs: more than that between two looks leaves a gap, which is said. */
const FETCH_MAX = 100;
/** When time stops, a gap is filled with as many. */
const FETCH_PAUSED_MAX = 600;
const SHOWN_FIRST = 50;
/** When time stops and so few that are kept would be listed, earlier ones are fetched as well: what led here may be long ago. */
const LISTED_MIN = 20;

/** Puts an event into words. */
export type Tell = (record: EventRecord) => Sentence;

/** A sentence with its place in the run. */
export interface Placed extends Sentence {
  readonly number: number;
  readonly timeUs: number;
  /** Whether something that is recorded brought it about. */
  readonly caused: boolean;
}

interface Told extends Placed {
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
  private subject: Subject | '' = '';

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

  /** Fetches what has happened since, the newest if there is too much of it, once there are words for it. */
  catchUp(count: number, paused: boolean, fetch: (after: number, max: number) => EventRecord[], telling: () => Tell | undefined): void {
    if (count < this.upTo) this.goBack(count);
    const max = paused ? FETCH_PAUSED_MAX : FETCH_MAX;
    if (paused && this.skipped) {
      this.told.length = 0;
      this.upTo = Math.max(0, count - max);
      this.skipped = false;
      this.gap = this.upTo > 0;
    }
    const tell = count === this.upTo && !(paused && this.lacks()) ? undefined : telling();
    if (!tell) return;
    this.version += 1;
    if (count - this.upTo > max) {
      this.gap = true;
      this.skipped = !paused;
      this.upTo = count - max;
    }
    for (const record of fetch(this.upTo, max)) {
      this.told.push(placed(record, tell));
      this.upTo = record.number;
      this.heard(record);
    }
    if (this.told.length > KEPT_MAX) {
      this.gap = true;
      this.told.splice(0, this.told.length - KEPT_MAX);
    }
    while (paused && this.lacks()) {
      const before = (this.told[0]?.number ?? count + 1) - 1;
      const after = Math.max(0, before - max);
      const earlier = fetch(after, before - after);
      if (earlier.length === 0) break;
      this.told.unshift(...earlier.map((record) => placed(record, tell)));
      this.gap = after > 0;
    }
  }

  /** Whether more should be listed, and more can be. */
  private lacks(): boolean {
    return this.gap && this.told.length < KEPT_MAX && this.told.filter((told) => this.wanted(told)).length < LISTED_MIN;
  }

  private wanted({ quiet, subject }: Told): boolean {
    return (this.all || !quiet) && (this.subject === '' || this.subject === subject);
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
      if (!this.wanted(told)) continue;
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
        <select aria-label=${WORDS.events.subject} @change=${(event: Event) => this.filter(() => (this.subject = (event.target as HTMLSelectElement).value as Subject | ''))}>
          <option value="">${WORDS.events.anySubject}</option>
          ${SUBJECTS.map((subject) => html`<option value=${subject} ?selected=${subject === this.subject}>${WORDS.events.subjects[subject]}</option>`)}
        </select>
      </div>
      ${list.length === 0 ? html`<p class="quiet">${this.told.length > 0 ? WORDS.events.noneSuch : WORDS.events.none}</p>` : nothing}
      <ol class="events" reversed>
        ${repeat(
          list,
          (told) => told.number,
          (told, at) => stop((told.line ??= line(told)), at === 0),
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

/** A record as it is listed. */
export const placed = (record: EventRecord, tell: Tell): Placed => ({
  ...tell(record),
  number: record.number,
  timeUs: record.time_us,
  caused: typeof record.cause === 'number',
});

function button(look: string, text: string, says: string): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.className = look;
  made.textContent = text;
  made.title = says;
  made.tabIndex = -1;
  return made;
}

/**
 * A line of a list of events: its moment is a way there, and it can be asked why. Built by hand rather than by a template:
 * there are many, and each is drawn once.
 */
export function line(told: Placed, asks = told.caused): HTMLLIElement {
  const item = document.createElement('li');
  item.dataset['number'] = String(told.number);
  item.dataset['us'] = String(told.timeUs);
  const [server] = told.servers;
  if (server !== undefined) item.dataset['about'] = String(server);
  if (told.entry) item.dataset['entry'] = `${told.entry.index} ${told.entry.term}`;
  const text = document.createElement('span');
  text.className = 'what';
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
  item.append(button('when', timeText(told.timeUs).replace(' ms', ''), WORDS.events.goTo), text);
  if (asks) item.append(button('ask', WORDS.events.why, WORDS.events.whyAbout));
  return item;
}

/** Of a long list, one line takes part in Tab; arrows go on from there (`rove`). */
export function stop(item: HTMLLIElement, here: boolean): HTMLLIElement {
  for (const button of item.querySelectorAll('button')) if ((button.tabIndex === 0) !== here) button.tabIndex = here ? 0 : -1;
  return item;
}

/** Up and down go from line to line of a list, left and right within one. */
export function rove(event: KeyboardEvent): void {
  const here = event.target;
  const item = here instanceof HTMLButtonElement ? here.closest('li') : null;
  if (!item || !(here instanceof HTMLButtonElement)) return;
  const buttons = [...item.querySelectorAll('button')];
  const to: Readonly<Record<string, () => HTMLElement | null | undefined>> = {
    ArrowDown: () => neighbour(item, 'nextElementSibling', here.className),
    ArrowUp: () => neighbour(item, 'previousElementSibling', here.className),
    ArrowRight: () => buttons[buttons.indexOf(here) + 1],
    ArrowLeft: () => buttons[buttons.indexOf(here) - 1],
  };
  const found = to[event.key];
  if (!found) return;
  event.preventDefault();
  found()?.focus();
}

/** The next line that has such a button. */
function neighbour(item: Element, way: 'nextElementSibling' | 'previousElementSibling', look: string): HTMLElement | null {
  for (let next = item[way]; next; next = next[way]) {
    const found = next.querySelector<HTMLElement>(`button.${look}`);
    if (found) return found;
  }
  return null;
}
