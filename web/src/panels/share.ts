import { html, nothing, type TemplateResult } from 'lit';
import { action } from '../actions';
import { copyText } from '../clipboard';
import { Panicked } from '../door/cluster';
import type { Exports, Sight } from '../exports/exports';
import { arrive, scenarioOf, type Traveller } from '../keep/arrive';
import { fileName, readScenario, saveAs } from '../keep/file';
import { LINK_CHARACTERS_MAX, leaveAddress, readFragment } from '../keep/fragment';
import { type Link, type Place, writeFragment } from '../keep/link';
import { oneFile } from '../keep/one-file';
import { forgetAll, recall } from '../keep/recall';
import type { Kept } from '../keep/recent';
import type { Session } from '../session';
import styles from '../styles/share.css';
import { SHARE } from '../lang/en/keep';
import { spokenLanguage } from '../lang/languages';
import { WORDS } from '../words';
import { adopt } from './adopt';
import { Late } from './late';
import type { Owner } from './owner';

const storage = (): Storage => localStorage;

/** Keeps, shares and opens runs. */
export class Share {
  private runs: Kept[] | null = null;
  private hash = '';
  private readonly exports: Late<Exports>;
  private readonly traveller: Traveller;

  constructor(
    private readonly owner: Owner,
    diagram: () => Sight | undefined,
  ) {
    adopt(owner.renderRoot, styles);
    this.exports = new Late(
      async () => new (await import('../exports/exports')).Exports(owner, diagram),
      () => owner.invalidate(),
      () => owner.desk.tell(SHARE.noExports),
    );
    void this.exports.want();
    this.traveller = { tell: (notice, news) => owner.desk.tell(notice, news), invalidate: () => owner.invalidate() };
  }

  sheet(): TemplateResult {
    const { desk, ownsPage, hasAddress } = this.owner;
    if (!this.runs) {
      this.runs = ownsPage ? recall(storage) : [];
      this.hash = hasAddress ? this.fragment() : '';
    }
    const fits = this.hash.length <= LINK_CHARACTERS_MAX;
    return html`<dialog class="share" aria-labelledby="share-head" @close=${() => this.closed()}>
      <div class="help-bar">
        <h2 id="share-head">${SHARE.head}</h2>
        <button type="button" @click=${(event: Event) => close(event)}>${SHARE.close}</button>
      </div>
      <button type="button" class=${fits && hasAddress ? 'primary' : ''} data-part="copy-link" autofocus aria-disabled=${fits && hasAddress ? 'false' : 'true'} aria-describedby="about-link" @click=${(event: Event) => this.pressedCopy(event, fits && hasAddress)}>
        ${SHARE.link}
      </button>
      <p id="about-link" class=${fits ? 'quiet' : 'too-long'}>
        ${hasAddress ? (fits ? SHARE.linkTells(this.hash.length) : SHARE.tooLong(this.hash.length, LINK_CHARACTERS_MAX)) : SHARE.notHere}
      </p>
      <button type="button" data-part="save" aria-describedby="about-save" @click=${(event: Event) => (desk.attempt(() => this.save()), close(event))}>${SHARE.save}</button>
      <p id="about-save" class="quiet">${SHARE.saveTells}</p>
      <button type="button" data-part="save-page" aria-describedby="about-page" @click=${(event: Event) => (desk.attempt(() => this.savePage()), close(event))}>${SHARE.page}</button>
      <p id="about-page" class="quiet">${SHARE.pageTells}</p>
      <button type="button" data-part="open" aria-describedby="about-open" @click=${(event: Event) => picker(event)?.click()}>${SHARE.openFile}</button>
      <p id="about-open" class="quiet">${SHARE.openTells}</p>
      <input type="file" hidden aria-label=${SHARE.openFile} accept=".json,application/json" @change=${(event: Event) => this.picked(event)} />
      <button type="button" data-part="print" aria-describedby="about-print" @click=${() => desk.run(action('print'))}>${action('print').label(desk)}</button>
      <p id="about-print" class="quiet">${SHARE.printTells}</p>
      ${this.exports.part?.section() ?? nothing} ${ownsPage ? this.recent(this.runs) : nothing}
    </dialog>`;
  }

  private recent(runs: readonly Kept[]): TemplateResult {
    const when = new Intl.DateTimeFormat(spokenLanguage().load ? spokenLanguage().tag : undefined, { dateStyle: 'medium', timeStyle: 'short' });
    return html`<div class="runs-bar">
        <h3 class="head" id="runs-head">${SHARE.runs}</h3>
        ${runs.length > 0 ? html`<button type="button" data-part="clear-runs" @click=${() => this.clear()}>${SHARE.clear}</button>` : nothing}
      </div>
      <p class="quiet">${runs.length > 0 ? SHARE.runsTell : SHARE.noRuns}</p>
      <ul class="runs" aria-labelledby="runs-head">
        ${runs.map(
          (run, at) => html`<li>
            <button type="button" data-run=${at} @click=${(event: Event) => (close(event), void this.go(run, SHARE.badLink))}>
              <b>${run.title ? WORDS.scenes.title(run.title) : SHARE.untitled(run.seed)}</b>
              <span class="quiet">${SHARE.about(run.servers, run.time_us)}</span>
              <time class="quiet" datetime=${new Date(Math.min(run.when, 8.64e15)).toISOString()}>${when.format(Math.min(run.when, 8.64e15))}</time>
            </button>
          </li>`,
        )}
      </ul>`;
  }

  /** Copies a link to this very moment, or says why not and offers a file. */
  copyLink(): void {
    const { desk, live, ownsPage, elsewhere } = this.owner;
    if (!live) return;
    desk.attempt(() => {
      const hash = this.fragment();
      if (hash.length > LINK_CHARACTERS_MAX) {
        desk.sheet = 'share';
        throw new RangeError(SHARE.tooLong(hash.length, LINK_CHARACTERS_MAX));
      }
      const us = live.cluster.timeUs;
      if (ownsPage) history.replaceState(history.state, '', hash);
      // A guest's moment can be gone on with where the whole playground is.
      const address = ownsPage ? location : new URL(hash, new URL(elsewhere ?? '', document.baseURI));
      void copyText(address.href).then(
        () => desk.tell(SHARE.copied(hash.length, us), true),
        () => desk.tell(ownsPage ? SHARE.notCopied : SHARE.notCopiedHere),
      );
    });
  }

  async openAddress(hash: string): Promise<void> {
    let link: Link | null;
    try {
      link = readFragment(hash);
    } catch (error) {
      this.tell(error, SHARE.badLink);
      return;
    }
    if (link) await this.go(link, SHARE.badLink, SHARE.arrived);
  }

  async openFile(file: File): Promise<void> {
    const { desk } = this.owner;
    const bad = (why: string): string => SHARE.badFile(file.name, why);
    try {
      this.owner.open(await readScenario(file));
      leaveAddress(this.owner.ownsPage);
      desk.tell(SHARE.opened(file.name, desk.bookmarked.length), true);
    } catch (error) {
      this.tell(error, bad);
    }
  }

  /** Goes on to a moment that was not lived yet. */
  async liveTo(place: Place): Promise<void> {
    const { desk, live } = this.owner;
    if (!live) return;
    try {
      const said = await arrive(live, place, this.traveller);
      if (said !== null) desk.tell(said);
    } catch (error) {
      this.tell(error, (why) => why);
    }
    this.owner.invalidate();
  }

  private fragment(): string {
    const { live } = this.owner;
    return live ? writeFragment(this.here(live)) : '';
  }

  private here(live: Session): Link {
    const { cluster } = live;
    return live.guarded(() => ({ bytes: this.owner.encode(), time_us: cluster.timeUs, events: cluster.eventsOfNow }));
  }

  private save(): void {
    const { live, sceneTitle, seed } = this.owner;
    if (!live) return;
    const text = JSON.stringify(this.owner.scenario(), null, 2);
    saveAs(new Blob([`${text}\n`], { type: 'application/json' }), fileName(sceneTitle, seed));
  }

  private savePage(): void {
    const { live, sceneTitle, seed, desk } = this.owner;
    if (!live) return;
    const name = fileName(sceneTitle, seed, 'html');
    void oneFile(this.here(live)).then(
      (file) => {
        saveAs(file, name);
        desk.tell(SHARE.pageSaved(name), true);
      },
      (error: unknown) => this.tell(error, SHARE.pageNotSaved),
    );
  }

  /** Begins a run and goes to a moment of it; where that is refused, nothing has changed. */
  private async go(link: Link, bad: (why: string) => string, told?: (us: number) => string): Promise<void> {
    const { owner } = this;
    const { desk, live } = owner;
    if (!live) return;
    try {
      owner.open(scenarioOf(live, link));
      if (!told) leaveAddress(owner.ownsPage);
      const said = await arrive(live, link, this.traveller);
      if (said !== null) desk.tell(said);
      else if (told) desk.tell(told(live.cluster.timeUs), true);
    } catch (error) {
      this.tell(error, bad);
    }
    owner.invalidate();
  }

  private picked(event: Event): void {
    const field = event.currentTarget as HTMLInputElement;
    const [file] = field.files ?? [];
    close(event);
    if (file) void this.openFile(file);
  }

  private pressedCopy(event: Event, can: boolean): void {
    if (!can) return;
    close(event);
    this.copyLink();
  }

  private clear(): void {
    forgetAll(storage);
    this.runs = [];
    this.owner.invalidate();
  }

  /** The sheet is no longer to be seen: the next time it shows what is so then. */
  forget(): void {
    this.runs = null;
  }

  private closed(): void {
    if (this.owner.desk.sheet === 'share') this.owner.desk.sheet = null;
    this.owner.invalidate();
  }

  private tell(error: unknown, bad: (why: string) => string): void {
    if (error instanceof Panicked) return;
    this.owner.desk.tell(bad(error instanceof Error ? error.message : String(error)));
  }
}

const dialogOf = (event: Event): HTMLDialogElement | null => (event.currentTarget as Element).closest('dialog');
const picker = (event: Event): HTMLInputElement | null | undefined => dialogOf(event)?.querySelector('input[type="file"]');

/** The dialog closes by itself: so the focus goes back to where it was. */
function close(event: Event): void {
  dialogOf(event)?.close();
}
