import { html, nothing, type TemplateResult } from 'lit';
import { action, type Bench, keyText } from '../actions';
import type { WorldOptions } from '../door/types';
import { sliderToSpeed, SPEED, speedToSlider } from '../player';
import { speedText, timeText, WORDS } from '../words';
import { languageButton } from './language';
import { rulesButton } from './rules';

/** A button for an action: greyed with its reason where it would change nothing, but never out of reach. */
export function actionButton(bench: Bench, id: string, look = '', text?: unknown): TemplateResult {
  const it = action(id);
  const refusal = it.refusal(bench);
  const key = it.keys[0];
  const name = it.label(bench);
  return html`<button
    type="button"
    class=${look}
    data-action=${id}
    aria-disabled=${refusal === null ? 'false' : 'true'}
    title=${refusal ?? `${it.tells}${key === undefined ? '' : ` (${keyText(key)})`}`}
  >
    ${text ?? name}
  </button>`;
}

const next = ({ wide, seen }: { readonly wide: string; readonly seen: string }): TemplateResult => html`<span class="wide">${wide}</span><span class="cap">${seen}</span> <span aria-hidden="true">›</span>`;

export interface Clock {
  readonly timeUs: number;
  readonly speed: number;
  readonly slowed: boolean;
  readonly reachedSpeed: number;
}

/** The bar below the stage: time, and how fast it runs. */
export function controlBar(bench: Bench, clock: Clock, setSpeed: (speed: number) => void): TemplateResult {
  return html`<div class="controls" part="controls" role="group" aria-label=${WORDS.controls.time}>
    ${actionButton(bench, 'play', 'primary', html`<span aria-hidden="true">${bench.playing ? '❚❚' : '▶'}</span> ${action('play').label(bench)}`)}
    ${actionButton(bench, 'step-back', '', html`<span aria-hidden="true">‹</span><span class="unseen">${action('step-back').label(bench)}</span>`)}
    ${actionButton(bench, 'step', '', html`${WORDS.controls.step} <span aria-hidden="true">›</span>`)}
    ${actionButton(bench, 'next-election', '', next(WORDS.controls.nextElection))}
    ${actionButton(bench, 'next-commit', '', next(WORDS.controls.nextCommit))}
    <label class="speed">
      <span class="unseen">${WORDS.controls.speed}</span>
      <input
        type="range"
        min="0"
        max="1000"
        step="1"
        .value=${String(speedToSlider(clock.speed))}
        aria-valuetext=${speedText(clock.speed)}
        @input=${(event: Event) => setSpeed(sliderToSpeed(Number((event.target as HTMLInputElement).value)))}
      />
      <span class="speed-text" title=${WORDS.controls.speedAbout(SPEED.min, SPEED.max)}>${speedText(clock.speed)}</span>
    </label>
    ${clock.slowed ? html`<span class="slowed">${WORDS.controls.slowed(speedText(clock.reachedSpeed))}</span>` : nothing}
    <span class="grow"></span>
    <span class="time" data-time-us=${clock.timeUs}><span class="unseen">${WORDS.controls.time} </span>${timeText(clock.timeUs)}</span>
  </div>`;
}

/** A button whose name gives way to a sign where the head of the page has little room. */
const signed = (bench: Bench, id: string, path: string): TemplateResult =>
  actionButton(bench, id, 'signed', html`<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path d=${path} class="mark" /></svg><span>${action(id).label(bench)}</span>`);

export interface Run {
  readonly servers: number;
  readonly seed: number;
  readonly options: Partial<WorldOptions>;
  readonly theme: 'auto' | 'light' | 'dark';
}

/** The bar above everything: what this run is, and a new one. */
export function topBar(
  bench: Bench,
  run: Run,
  scenes: TemplateResult,
  on: { servers(count: number): void; seed(seed: number): void; theme(): void },
): TemplateResult {
  // The field goes back to what the run has; if the new number is accepted, it comes with the new run.
  const number = (event: Event, had: number): number => {
    const field = event.target as HTMLInputElement;
    const typed = field.valueAsNumber;
    field.value = String(had);
    return typed;
  };
  return html`<header part="header">
    <div class="title"><slot name="title">${WORDS.title}</slot></div>
    <label class="field">${WORDS.controls.servers}
      <input type="number" name="servers" min="1" max="50" step="1" .value=${String(run.servers)} @change=${(event: Event) => on.servers(number(event, run.servers))} />
    </label>
    <label class="field of-seed">${WORDS.controls.seed}
      <input type="number" name="seed" class="seed" min="0" max="9007199254740991" step="1" .value=${String(run.seed)} @change=${(event: Event) => on.seed(number(event, run.seed))} />
    </label>
    ${signed(bench, 'fresh-seed', 'M4.5 2h7a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-7A2.5 2.5 0 0 1 2 11.5v-7A2.5 2.5 0 0 1 4.5 2zM5.5 5.5h0M8 8h0M10.5 10.5h0')} ${signed(bench, 'reset', 'M2.6 6A5.8 5.8 0 1 1 2.2 8.6M2.2 2v4h4')} ${scenes} ${rulesButton(run.options)} ${actionButton(bench, 'hunt', '', WORDS.controls.breakRaft)}
    <span class="grow"></span>
    ${languageButton()}
    <button type="button" class="round" data-part="theme" title=${WORDS.controls.theme[run.theme]} aria-label=${WORDS.controls.theme[run.theme]} @click=${() => on.theme()}>
      <span aria-hidden="true">${run.theme === 'auto' ? '◐' : run.theme === 'light' ? '○' : '●'}</span>
    </button>
    ${actionButton(bench, 'search', 'round', html`<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path d="M10.5 10.5 15 15M12 6.5a5.5 5.5 0 1 1-11 0a5.5 5.5 0 0 1 11 0z" class="mark" /></svg><span class="unseen">${WORDS.sheets.search}</span>`)}
    ${actionButton(bench, 'share', 'round', html`<svg viewBox="0 0 16 16" width="15" height="15" aria-hidden="true"><path d="M8 10V1M4.5 4.5 8 1l3.5 3.5M3 8v7h10V8" class="mark" /></svg><span class="unseen">${WORDS.sheets.share}</span>`)}
    ${actionButton(bench, 'help', 'round', html`<span aria-hidden="true">?</span><span class="unseen">${WORDS.sheets.help}</span>`)}
  </header>`;
}
