import { html, nothing, svg, type TemplateResult } from 'lit';
import { action, type Bench } from '../../actions';
import { type Bookmark, type Bookmarks, onLine } from '../../bookmarks';
import type { Branch } from '../../door/types';
import type { Mark } from '../../marks';
import { PAST } from '../../lang/en/past';
import { actionButton } from '../controls';
import { actionSheet, hangs } from '../more';
import { bookmarksSheet } from './bookmarks';
import { Compare, type CompareHost } from './compare';
import { layOut, markText, momentText, nearest } from './layout';
import { branchText, WORDS } from '../../words';

/** So near to a mark, a press means the mark. */
const REACH_PX = 6;
const REACH_COARSE_PX = 12;
/** How far arrows and pages go, in parts of what was lived. */
const ARROW = 0.01;
const PAGE = 0.1;
const STEP_US_MIN = 1_000;
const GO_TO = ['previous-election', 'next-election', 'previous-commit', 'next-commit', 'previous-input', 'next-input'] as const;

export interface PastView {
  readonly nowUs: number;
  readonly livedUs: number;
  /** The number of the latest event. */
  readonly number: number;
  readonly marks: readonly Mark[];
  readonly present: number;
  readonly branches: readonly Branch[];
}

/** What the time line does to the run. */
export interface PastHost extends CompareHost {
  readonly bookmarks: Bookmarks;
  /** Does what may be refused, and tells the reason. */
  attempt(act: () => void): void;
  seek(us: number): void;
  goToMark(mark: Mark): void;
  switchBranch(branch: number): void;
  renameBranch(branch: number, name: string): void;
}

/** The time line: what was lived, from its beginning on, with the present moment as a handle. */
export class TimeLine {
  private view: PastView | undefined;
  private pressed = false;
  /** Those of the moments that the line shows. */
  private bookmarks: readonly Bookmark[] = [];

  constructor(private readonly host: PastHost) {}

  render(bench: Bench, view: PastView): TemplateResult {
    this.view = view;
    const { nowUs, livedUs, marks, branches, present } = view;
    const { now, commits, inputs, elections, violation } = layOut(marks, nowUs, livedUs);
    // What a file brought and was not lived yet has no place on it.
    this.bookmarks = onLine(this.host.bookmarks.all, branches, present).filter(({ timeUs }) => timeUs <= livedUs);
    const here = bench.bookmark('here');
    const forkedUs = branches[present]?.forked_at?.time_us;
    const ticks = (places: readonly number[], from: number, to: number): string => places.map((at) => `M${at * 1000} ${from}V${to}`).join('');
    const percent = (at: number): string => `${(at * 100).toFixed(2)}%`;
    return html`<div class="line" role="group" aria-label=${PAST.line}>
      <div
        class="track"
        role="slider"
        tabindex="0"
        aria-label=${PAST.moment}
        aria-valuemin="0"
        aria-valuemax=${livedUs / 1000}
        aria-valuenow=${nowUs / 1000}
        aria-valuetext=${momentText(marks, nowUs, livedUs) + (here ? `${WORDS.sign.semicolon}${here.name}` : '')}
        @pointerdown=${this.press}
        @pointermove=${this.drag}
        @pointerup=${this.release}
        @pointercancel=${this.release}
        @keydown=${this.key}
      >
        <svg class="ticks" viewBox="0 0 1000 36" preserveAspectRatio="none" aria-hidden="true">
          <path class="rail" d="M0 23H1000" />
          <path class="past" d=${`M0 23H${now * 1000}`} />
          ${forkedUs === undefined ? nothing : svg`<path class="fork" d=${`M${Math.min(1, forkedUs / livedUs) * 1000} 14V34`} />`}
          <path class="commits" d=${ticks(commits, 14, 20)} />
          <path class="inputs" d=${ticks(inputs, 26, 34)} />
          ${violation === null ? nothing : svg`<path class="broken" d=${`M${violation * 1000} 2V34`} />`}
        </svg>
        <svg class="flags" aria-hidden="true">
          ${elections.map(
            ({ at, term, labelled }) => svg`<line x1=${percent(at)} x2=${percent(at)} y1="2" y2="22" />
              ${
                labelled
                  ? svg`<g class=${`t${((term - 1) % 6) + 1}`} transform="translate(-9)"><rect x=${percent(at)} y="0.75" width="18" height="14" rx="4" /><text x=${percent(at)} dx="9" y="12">${term}</text></g>`
                  : nothing
              }`,
          )}
          ${this.bookmarks.map(({ timeUs }) => svg`<svg class="ribbon" x=${percent(Math.min(1, timeUs / livedUs))} y="23"><path d="M-4.5 0h9v13l-4.5-4-4.5 4z" /></svg>`)}
          <circle cx=${percent(now)} cy="23" r="7" />
        </svg>
      </div>
      ${actionButton(bench, 'undo')}
      <button type="button" data-part="go-to" popovertarget="go-to" title=${PAST.goToAbout}>${PAST.goTo} <span aria-hidden="true">▾</span></button>
      <button type="button" data-part="bookmarks" popovertarget="bookmarks" title=${PAST.bookmarks.about}>
        <svg class="ribbon" viewBox="0 0 10 14" width="10" height="14" aria-hidden="true"><path d="M1 .5h8v13l-4-4-4 4z" /></svg>
        <span class="unseen">${PAST.bookmarks.head}</span> <span aria-hidden="true">▾</span>
      </button>
      ${
        branches.length > 1
          ? html`<button type="button" class="on" data-part="branches" popovertarget="branches" title=${PAST.branches.about}>
              <span class="branch-name">${branchText(branches[present]?.name ?? '')}</span> <span aria-hidden="true">▾</span>
            </button>`
          : nothing
      }
      ${actionSheet(bench, 'go-to', PAST.goToAbout, GO_TO.map(action))} ${bookmarksSheet(bench, view, this.host)}
    </div>`;
  }

  private readonly press = (event: PointerEvent): void => {
    if (event.button !== 0 || !this.view) return;
    const track = event.currentTarget as HTMLElement;
    track.setPointerCapture(event.pointerId);
    track.focus();
    this.pressed = true;
    const bookmark = this.bookmarkAt(event);
    const mark = this.markAt(event);
    // One of an earlier branch lies in this one too.
    if (bookmark) this.host.visit(this.view.present, bookmark.timeUs, bookmark);
    else if (mark) this.host.goToMark(mark);
    else this.go(this.placeOf(event) * this.view.livedUs);
  };

  private readonly drag = (event: PointerEvent): void => {
    if (!this.view) return;
    if (this.pressed) {
      // A hand that trembles on a mark does not mean another moment.
      if (Math.abs(event.movementX) > 0 && !this.bookmarkAt(event) && !this.markAt(event)) this.go(this.placeOf(event) * this.view.livedUs);
      return;
    }
    const bookmark = this.bookmarkAt(event);
    const mark = this.markAt(event);
    (event.currentTarget as HTMLElement).title = bookmark ? bookmark.name : mark ? markText(mark) : '';
  };

  private readonly release = (): void => {
    this.pressed = false;
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (!this.view || event.ctrlKey || event.altKey || event.metaKey) return;
    const { nowUs, livedUs } = this.view;
    const by = (part: number): number => nowUs + Math.sign(part) * Math.max(STEP_US_MIN, Math.round(livedUs * Math.abs(part)));
    const to: Readonly<Record<string, number>> = {
      ArrowLeft: by(-ARROW),
      ArrowDown: by(-ARROW),
      ArrowRight: by(ARROW),
      ArrowUp: by(ARROW),
      PageDown: by(-PAGE),
      PageUp: by(PAGE),
      Home: 0,
      End: livedUs,
    };
    const wanted = to[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    this.go(wanted);
  };

  private go(us: number): void {
    const { livedUs = 0 } = this.view ?? {};
    this.host.seek(Math.round(Math.max(0, Math.min(livedUs, us))));
  }

  private placeOf(event: PointerEvent): number {
    const { left, width } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  }

  private markAt(event: PointerEvent): Mark | undefined {
    return this.view && nearest(this.view.marks, this.view.livedUs, this.placeOf(event), this.reachOf(event));
  }

  /** Below the line, where the ribbons hang. */
  private bookmarkAt(event: PointerEvent): Bookmark | undefined {
    const { top, height } = (event.currentTarget as HTMLElement).getBoundingClientRect();
    if (!this.view || event.clientY < top + 0.6 * height) return undefined;
    const marks = this.bookmarks.map((bookmark) => ({ bookmark, us: bookmark.timeUs }));
    return nearest(marks, this.view.livedUs, this.placeOf(event), this.reachOf(event))?.bookmark;
  }

  private reachOf({ currentTarget, pointerType }: PointerEvent): number {
    return (pointerType === 'touch' ? REACH_COARSE_PX : REACH_PX) / (currentTarget as HTMLElement).getBoundingClientRect().width;
  }
}

const WIDTH_PX = 420;
/** Of each element on the page, what it compares. */
const compares = new WeakMap<PastHost, Compare>();

/** The branches that forked off from one, or the first; each with its own below it. */
function tree(view: PastView, host: PastHost, under: number | null): TemplateResult | typeof nothing {
  const forked = view.branches.filter(({ parent }) => parent === under);
  if (forked.length === 0) return nothing;
  return html`<ul>
    ${forked.map((branch) => html`<li aria-current=${branch.branch === view.present ? 'true' : nothing}>${named(branch, view, host)} ${tree(view, host, branch.branch)}</li>`)}
  </ul>`;
}

/** One branch: what it is called, the way there, and what of it was lived. */
function named({ branch, name: called, parent, forked_at, lived }: Branch, { branches, present }: PastView, host: PastHost): TemplateResult {
  const words = PAST.branches;
  const name = branchText(called);
  const from = parent === null ? words.first : words.from(branchText(branches[parent]?.name ?? ''), forked_at?.time_us ?? 0);
  const rename = (event: Event): void => {
    const field = event.target as HTMLInputElement;
    const wanted = field.value;
    field.value = name;
    host.renameBranch(branch, wanted);
  };
  return html`<div class="branch">
    <input type="text" maxlength="64" autocomplete="off" spellcheck="false" aria-label=${words.name(name)} .value=${name} @change=${rename} />
    ${
      branch === present
        ? html`<b>${words.here}</b>`
        : html`<button type="button" data-branch=${branch} aria-label=${words.goTo(name)} @click=${() => host.switchBranch(branch)}>${words.go}</button>`
    }
    <p class="quiet">${from} · ${words.lived(lived.time_us)}</p>
  </div>`;
}

/** The tree of branches: where each forked off and how far it was lived, to be named and gone to. */
export function branchesSheet(view: PastView, host: PastHost): TemplateResult {
  const words = PAST.branches;
  const compare = compares.get(host) ?? new Compare(host);
  compares.set(host, compare);
  return html`<div id="branches" class="more branches" popover role="group" aria-labelledby="branches-head" @beforetoggle=${hangs(WIDTH_PX)}>
    <h2 id="branches-head" class="head">${words.head}</h2>
    <p class="quiet">${words.about}</p>
    ${tree(view, host, null)} ${compare.render(view.branches, view.present)}
  </div>`;
}
