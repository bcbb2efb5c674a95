import { html, nothing, type TemplateResult } from 'lit';
import type { Scenario } from '../door/types';
import { fetchScenes } from '../keep/scenes';
import { WORDS } from '../words';
import { hang } from './rules';

const WIDTH_PX = 480;

/** The list of scenes: states that a run can begin with, and what happens then. */
export class ScenesPanel {
  scenes: readonly Scenario[] = [];
  private failed = false;
  private loading = false;

  constructor(
    private readonly changed: () => void,
    readonly choose: (scene: Scenario) => void,
  ) {}

  /** Opens the list, and names the scene that is played. */
  button(title: string | undefined): TemplateResult {
    return html`<button type="button" class=${title === undefined ? '' : 'on'} data-part="scenes" popovertarget="scenes" title=${title === undefined ? WORDS.scenes.about : WORDS.scenes.title(title)}>
      ${WORDS.scenes.head}${title === undefined ? nothing : html`<span class="wide">${WORDS.sign.colon}${WORDS.scenes.title(title).split(/[:：]/)[0]}</span>`}
    </button>`;
  }

  sheet(title: string | undefined): TemplateResult {
    const words = WORDS.scenes;
    return html`<div id="scenes" class="more" popover role="group" aria-labelledby="scenes-head" @beforetoggle=${(event: ToggleEvent) => this.toggles(event)}>
      <h2 id="scenes-head" class="head">${words.head}</h2>
      <p class="quiet">${words.tell}</p>
      ${this.failed ? html`<p role="alert">${words.failed}</p>` : this.scenes.length === 0 ? html`<p>${words.loading}</p>` : nothing}
      ${this.scenes.map(
        (scene, at) => html`<button type="button" data-scene=${at} aria-current=${scene.title === title ? 'true' : 'false'} aria-describedby=${`scene-${at}`} @click=${(event: Event) => this.chosen(event, scene)}>${words.title(scene.title ?? '')}</button>
          <p id=${`scene-${at}`}>${words.text(scene.title ?? '', scene.text ?? '')}</p>`,
      )}
    </div>`;
  }

  private chosen(event: Event, scene: Scenario): void {
    (event.currentTarget as Element).closest<HTMLElement>('[popover]')?.hidePopover();
    this.choose(scene);
  }

  private toggles(event: ToggleEvent): void {
    const sheet = event.currentTarget as HTMLElement;
    const button = (sheet.getRootNode() as ParentNode).querySelector<HTMLElement>('[popovertarget="scenes"]');
    if (!button) return;
    if (event.newState === 'open') {
      hang(sheet, button, WIDTH_PX);
      void this.load();
    } else if (sheet.matches(':focus-within')) button.focus();
  }

  /** Fetches them, if they are not there yet. */
  async load(): Promise<void> {
    if (this.loading || this.scenes.length > 0) return;
    this.loading = true;
    this.failed = false;
    try {
      this.scenes = Object.values(await fetchScenes());
    } catch {
      // It is fetched again when the list is opened the next time.
      this.failed = true;
    }
    this.loading = false;
    this.changed();
  }
}
