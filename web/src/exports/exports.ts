/** What is taken from the page into notes and slides: a part of the sheet for sharing. */

import { html, type TemplateResult } from 'lit';
import { copyText } from '../clipboard';
import { Panicked } from '../door/cluster';
import type { EventRecord } from '../door/types';
import { momentName, saveAs } from '../keep/file';
import { actionButton } from '../panels/controls';
import type { Owner } from '../panels/owner';
import { type Colours, coloursFor } from '../theme';
import { EXPORTS } from '../lang/en/exports';
import { FilmForm } from './film-form';
import { TraceTooLong } from './lines';
import { mermaid } from './mermaid';
import { type Picture, png, svg } from './pictures';

/** What the diagram has for others while its tab is open. */
export interface Sight {
  readonly picture: Picture | null;
  readonly stretch: { readonly fromUs: number; readonly toUs: number };
}

type Kind = 'png' | 'svg';

/** Of longer runs the latest records are put into words, so many at a time. */
const RECORDS_MAX = 20_000;
const RECORDS_AT_ONCE = 1_000;

export class Exports {
  /** Whether a trace is being written. */
  private writing = false;
  private readonly film: FilmForm;

  constructor(
    private readonly owner: Owner,
    private readonly diagram: () => Sight | undefined,
  ) {
    this.film = new FilmForm(owner, () => this.name('stage', 'gif'));
  }

  section(): TemplateResult {
    const stage = this.owner.stage && this.owner.live ? null : EXPORTS.noStage;
    const diagram = this.diagram()?.picture ? null : EXPORTS.noDiagram;
    return html`<section class="exports" aria-labelledby="exports-head">
      <h3 class="head" id="exports-head">${EXPORTS.head}</h3>
      <div class="exports-row">
        ${this.button(EXPORTS.stage.png, stage, 'about-pictures', () => this.saveStage('png'))} ${this.button(EXPORTS.stage.svg, stage, 'about-pictures', () => this.saveStage('svg'))}
        ${this.button(EXPORTS.diagram.png, diagram, 'about-pictures', () => this.saveDiagram('png'))} ${this.button(EXPORTS.diagram.svg, diagram, 'about-pictures', () => this.saveDiagram('svg'))}
      </div>
      <p id="about-pictures" class="quiet">${EXPORTS.picturesTell} ${stage ?? diagram ?? ''}</p>
      ${this.film.section()}
      <div class="exports-row">
        ${this.button(EXPORTS.mermaid.copy, stage, 'about-mermaid', () => this.copySequence())} ${this.button(EXPORTS.mermaid.save, stage, 'about-mermaid', () => this.saveSequence())}
      </div>
      <p id="about-mermaid" class="quiet">${EXPORTS.mermaid.tells}</p>
      <div class="exports-row">${this.button(EXPORTS.trace.save, stage ?? (this.writing ? EXPORTS.trace.busy : null), 'about-trace', () => this.saveTrace())}</div>
      <p id="about-trace" class="quiet">${EXPORTS.trace.tells}</p>
      <div class="exports-row">${actionButton(this.owner.desk, 'present')}</div>
      <p class="quiet">${EXPORTS.presentTells}</p>
      <p class="quiet">${EXPORTS.printTells}</p>
    </section>`;
  }

  private button(text: string, refusal: string | null, about: string, act: () => void): TemplateResult {
    const press = (event: Event): void => {
      if (refusal !== null) return;
      // The dialog closes first: so the focus goes back, and what is told is seen.
      (event.currentTarget as Element).closest('dialog')?.close();
      this.owner.desk.attempt(act);
    };
    return html`<button type="button" aria-disabled=${refusal === null ? 'false' : 'true'} aria-describedby=${about} title=${refusal ?? ''} @click=${press}>${text}</button>`;
  }

  private saveStage(kind: Kind): void {
    const { stage, seed, live } = this.owner;
    if (!stage || !live) return;
    const { width, height } = stage.layout;
    this.savePicture({ width, height, paint: (ctx, colours) => stage.paintOn(ctx, colours) }, kind, 'stage', EXPORTS.stageAt(seed, live.cluster.timeUs));
  }

  private saveDiagram(kind: Kind): void {
    const sight = this.diagram();
    if (!sight?.picture) return;
    const { fromUs, toUs } = sight.stretch;
    this.savePicture(sight.picture, kind, 'diagram', EXPORTS.diagramAt(this.owner.seed, Math.max(0, fromUs), Math.max(0, toUs)));
  }

  private copySequence(): void {
    const { desk } = this.owner;
    void copyText(this.sequence()).then(
      () => desk.tell(EXPORTS.mermaid.copied, true),
      () => desk.tell(EXPORTS.mermaid.notCopied),
    );
  }

  private saveSequence(): void {
    const name = this.name('sequence', 'mmd');
    saveAs(new Blob([this.sequence()], { type: 'text/plain' }), name);
    this.owner.desk.tell(EXPORTS.saved(name), true);
  }

  /** What the diagram shows of the run; while it is not open, the latest records. */
  private sequence(): string {
    const { live, serverCount } = this.owner;
    if (!live) return '';
    const { fromUs, toUs } = this.diagram()?.stretch ?? { fromUs: 0, toUs: Infinity };
    return live.guarded(() => {
      const { cluster } = live;
      const records: EventRecord[] = [];
      for (let after = Math.max(0, cluster.eventCount - RECORDS_MAX); after < cluster.eventCount; ) {
        const some = cluster.events(after, RECORDS_AT_ONCE);
        const last = some[some.length - 1];
        if (!last) break;
        after = last.number;
        for (const record of some) if (record.time_us >= fromUs && record.time_us <= toUs) records.push(record);
      }
      return mermaid(records, serverCount);
    });
  }

  private saveTrace(): void {
    const { live, desk } = this.owner;
    if (!live) return;
    const { cluster } = live;
    const stand = live.guarded(() => ({ bytes: cluster.encode({ bookmarks: [] }), timeUs: cluster.timeUs, events: cluster.eventsOfNow }));
    const name = this.name('trace', 'jsonl');
    this.writing = true;
    desk.tell(EXPORTS.trace.writes, true);
    void import('./trace')
      .then(({ traceOf }) => traceOf(stand))
      .then(
        (blob) => {
          saveAs(blob, name);
          desk.tell(EXPORTS.saved(name), true);
        },
        (error: unknown) => desk.tell(error instanceof TraceTooLong ? EXPORTS.trace.tooLong(error.megabytes) : EXPORTS.trace.notSaved(error instanceof Error ? error.message : String(error))),
      )
      .finally(() => {
        this.writing = false;
        this.owner.invalidate();
      });
  }

  private savePicture(picture: Picture, kind: Kind, what: string, title: string): void {
    const { desk, themeName } = this.owner;
    const colours: Colours = coloursFor(themeName, (query) => matchMedia(query).matches);
    const name = this.name(what, kind);
    const made = kind === 'svg' ? Promise.resolve(svg(picture, colours, title)) : png(picture, colours);
    void made.then(
      (blob) => {
        saveAs(blob, name);
        desk.tell(EXPORTS.saved(name), true);
      },
      (error: unknown) => {
        if (!(error instanceof Panicked)) desk.tell(EXPORTS.notSaved(error instanceof Error ? error.message : String(error)));
      },
    );
  }

  private name(what: string, ending: string): string {
    const { sceneTitle, seed, live } = this.owner;
    return momentName(sceneTitle, seed, live?.cluster.timeUs ?? 0, what, ending);
  }
}
