import { html, nothing, type TemplateResult } from 'lit';
import { action, keyText } from '../actions';
import type { Scenario } from '../door/types';
import { actionsOf, doingsOf, type Finding, placesIn, placesOf, scenesOf, serversOf } from '../search/findings';
import type { Menus } from '../menu/menus';
import { matching } from '../search/match';
import styles from '../styles/search.css';
import { MENU } from '../lang/en/faults';
import { glossary } from '../lang/texts';
import { SEARCH } from '../lang/en/keep';
import { adopt } from './adopt';
import type { Owner } from './owner';

/** More than this nobody reads. */
const SHOWN_MAX = 50;

/** The scenes, once they are fetched. */
export interface Scenes {
  readonly scenes: readonly Scenario[];
  readonly choose: (scene: Scenario) => void;
  load(): Promise<void>;
}

/** One box that finds everything on the page. */
export class Search {
  private query = '';
  private at = 0;
  private opened = false;
  private moment = '';
  private found: Finding[] = [];

  constructor(
    private readonly owner: Owner,
    private readonly scenes: Scenes,
    /** Fetches those settings that are not on the page yet. */
    private readonly prepare: () => Promise<unknown>,
    private readonly menus: () => Menus | undefined,
  ) {
    adopt(owner.renderRoot, styles);
  }

  sheet(): TemplateResult {
    if (!this.opened) {
      this.opened = true;
      this.query = this.owner.desk.typedAhead;
      this.owner.desk.typedAhead = '';
      // They are found on the page, where they stand with the next frame.
      void this.prepare().then(() => requestAnimationFrame(() => this.owner.invalidate()));
      void this.scenes.load();
    }
    const all = this.matching();
    const shown = all.slice(0, SHOWN_MAX);
    const at = Math.min(this.at, shown.length - 1);
    return html`<dialog class="search" aria-label=${SEARCH.head} @close=${() => this.closed()} @click=${(event: Event) => beside(event)}>
      <input
        type="text"
        role="combobox"
        autofocus
        autocomplete="off"
        spellcheck="false"
        aria-label=${SEARCH.head}
        aria-expanded=${shown.length > 0 ? 'true' : 'false'}
        aria-controls="found"
        aria-autocomplete="list"
        aria-activedescendant=${at < 0 ? nothing : `found-${at}`}
        placeholder=${SEARCH.placeholder}
        .value=${this.query}
        @input=${(event: Event) => this.typed(event)}
        @keydown=${(event: KeyboardEvent) => this.pressed(event, shown, at)}
      />
      <ul id="found" role="listbox" aria-label=${SEARCH.found(all.length)}>
        ${shown.map((one, place) => option(one, place, place === at, (event) => this.choose(event, one)))}
      </ul>
      <p class="quiet" role="status">${all.length === 0 ? SEARCH.none : all.length > SHOWN_MAX ? SEARCH.more(all.length - SHOWN_MAX) : nothing}</p>
    </dialog>`;
  }

  private matching(): Finding[] {
    const { desk, stage } = this.owner;
    const choose = (id: number): void => {
      desk.choose(id, false);
      stage?.overlay.focus(id);
    };
    return matching(this.query, [
      ...actionsOf(desk, (id) => desk.run(action(id))),
      ...serversOf(desk, choose),
      ...this.doings(),
      ...placesOf(placesIn(this.owner.renderRoot)),
      ...scenesOf(this.scenes.scenes, this.scenes.choose),
    ], glossary());
  }

  /** Only for who has typed something: there are hundreds. They are of the moment at which the run stands. */
  private doings(): Finding[] {
    const { desk, live } = this.owner;
    const menus = this.menus();
    if (!menus || !live || this.query.trim() === '') return [];
    const { cluster, generation } = live;
    const moment = `${generation} ${cluster.branch} ${cluster.eventCount} ${cluster.timeUs}`;
    if (moment !== this.moment) {
      this.moment = moment;
      this.found = doingsOf(menus.doings(), ({ title, label, run, shows }) => {
        if (desk.attempt(run) && desk.notice === '' && !shows) desk.tell(MENU.done(title, label), true);
      });
    }
    return this.found;
  }

  private typed(event: Event): void {
    this.query = (event.target as HTMLInputElement).value;
    this.move(0);
  }

  private pressed(event: KeyboardEvent, shown: readonly Finding[], at: number): void {
    const last = shown.length - 1;
    const to = { ArrowDown: at < last ? at + 1 : 0, ArrowUp: at > 0 ? at - 1 : last, PageDown: Math.min(last, at + 8), PageUp: Math.max(0, at - 8) }[event.key];
    const one = shown[at];
    if (to !== undefined) this.move(to);
    else if (event.key === 'k' && (event.ctrlKey || event.metaKey)) (event.currentTarget as Element).closest('dialog')?.close();
    else if (event.key === 'Enter' && !event.isComposing && one) this.choose(event, one);
    else return;
    event.preventDefault();
  }

  /** The list follows what is selected. */
  private move(to: number): void {
    this.at = Math.max(0, to);
    this.owner.invalidate();
    requestAnimationFrame(() => this.owner.renderRoot.querySelector(`#found-${this.at}`)?.scrollIntoView({ block: 'nearest' }));
  }

  /** What would change nothing has said why, and the box stays. */
  private choose(event: Event, one: Finding): void {
    if (one.refusal !== null) return;
    (event.currentTarget as Element).closest('dialog')?.close();
    this.closed();
    one.run();
  }

  /** The box is no longer to be seen: it opens empty. */
  forget(): void {
    this.query = '';
    this.at = 0;
    this.opened = false;
    this.moment = '';
    this.found = [];
  }

  private closed(): void {
    if (this.owner.desk.sheet === 'search') this.owner.desk.sheet = null;
    this.owner.invalidate();
  }
}

function option(one: Finding, place: number, selected: boolean, choose: (event: Event) => void): TemplateResult {
  return html`<li id=${`found-${place}`} role="option" aria-selected=${selected ? 'true' : 'false'} aria-disabled=${one.refusal === null ? 'false' : 'true'} @click=${choose}>
    <span>${one.name}</span>
    <span>${one.keys.slice(0, 1).map((key) => html`<kbd>${keyText(key)}</kbd>`)}</span>
    <span class="kind">${SEARCH.kinds[one.kind]}</span>
    <small>${one.about}</small>
  </li>`;
}

/** A click beside the box closes it. */
function beside(event: Event): void {
  if (event.target === event.currentTarget) (event.currentTarget as HTMLDialogElement).close();
}
