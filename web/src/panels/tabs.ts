import { html, nothing, type TemplateResult } from 'lit';
import { WORDS } from '../words';

export type RoomTab = 'diagram' | 'checks' | 'clients' | 'faults' | 'hunt';
export type Tab = 'events' | 'server' | RoomTab;
const TABS: readonly Tab[] = ['events', 'server', 'diagram', 'checks', 'clients', 'faults', 'hunt'];

/** The tabs beside the stage: which one is open, and the row of their names. */
export class Tabs {
  open: Tab = 'events';
  /** The tab of the search for a violation is there once somebody has asked for it. */
  hunts = false;

  constructor(
    private readonly root: () => ParentNode,
    /** Another one opens, or the same again. */
    private readonly opens: (tab: Tab) => void,
  ) {}

  show(tab: Tab): void {
    this.opens(tab);
    this.open = tab;
  }

  /** Shows a tab, and puts the focus there. */
  goTo(tab: Tab): void {
    this.show(tab);
    this.root().querySelector<HTMLElement>(`#tab-${tab}`)?.focus();
  }

  /** The row of names; a chosen server has the name of its tab. */
  render(server: number): TemplateResult {
    const names = WORDS.panels;
    const tab = (name: Tab, text: string): TemplateResult => html`<button
      type="button"
      role="tab"
      id=${`tab-${name}`}
      aria-selected=${this.open === name ? 'true' : 'false'}
      aria-controls="tab-panel"
      tabindex=${this.open === name ? 0 : -1}
      @click=${() => this.show(name)}
      @keydown=${(event: KeyboardEvent) => this.press(event)}
    >
      ${text}
    </button>`;
    return html`<div class="tabs" role="tablist">
      ${tab('events', names.events)} ${tab('server', server > 0 ? `S${server}` : names.server)} ${tab('diagram', names.diagram)}
      ${tab('checks', names.checks)} ${tab('clients', names.clients)} ${tab('faults', names.faults)}
      ${this.hunts ? tab('hunt', names.hunt) : nothing}
    </div>`;
  }

  private press(event: KeyboardEvent): void {
    if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return;
    const tabs = TABS.filter((tab) => tab !== 'hunt' || this.hunts);
    const by = event.key === 'ArrowRight' ? 1 : tabs.length - 1;
    this.goTo(tabs[(tabs.indexOf(this.open) + by) % tabs.length] as Tab);
    event.preventDefault();
  }
}
