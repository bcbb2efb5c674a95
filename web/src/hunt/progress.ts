/** How a search goes, or went: in a sentence, and in figures. */

import { html, nothing, type TemplateResult } from 'lit';
import { said } from '../engine';
import { HUNT } from '../lang/en/hunt';
import type { Rule } from '../rules';
import { WORDS } from '../words';
import { saidOf } from './bound';
import type { Everything } from './everything';
import { grouped, megabytes, secondsText } from './figures';
import type { Sought } from './goals';
import type { Hunt } from './hunt';

/** What is asked of a search that goes on or was the last. */
export interface Asked {
  readonly seed: number;
  readonly forMs: number;
  readonly off: readonly Rule[];
  readonly sought: Sought;
  /** The expression, where it is one's own. */
  readonly goal: string;
}

export function statusOf(hunt: Hunt, { sought, off }: Asked): string {
  const { ending } = hunt;
  if (!ending) {
    if (hunt.paused) return HUNT.paused;
    return hunt.telling ? HUNT.shortening(hunt.telling.done, hunt.telling.all) : HUNT.searching;
  }
  switch (ending.kind) {
    case 'cancelled':
      return HUNT.cancelled;
    case 'nothing':
      return (sought !== 'violation' ? HUNT.notReached : off.length === 0 ? HUNT.nothingWhole : HUNT.nothing)(grouped(hunt.runs), secondsText(hunt.elapsedMs));
    case 'failed':
      return HUNT.failed(said(ending.why) || HUNT.silent);
    case 'found': {
      const [shortest] = hunt.stories;
      return shortest ? HUNT.found(hunt.stories.length, shortest.steps.length) : HUNT.noStory;
    }
  }
}

export function statusOfAll({ ending, paused, came, stories }: Everything): string {
  const words = HUNT.came;
  if (!ending) return paused ? HUNT.paused : words.searching(came.depth + 1);
  switch (ending.kind) {
    case 'violation':
      return stories[0] ? words.violation(stories[0].steps.length) : words.noStory;
    case 'failed':
      return words.failed(said(ending.why) || HUNT.silent, came.depth);
    case 'nothing':
      // The last step was tried, and led to nothing new.
      return words.ends.nothing(came.depth - 1);
    default:
      return words.ends[ending.kind](came.depth);
  }
}

const figures = (rows: readonly (readonly [head: string, value: string])[]): TemplateResult =>
  html`<dl class="hunt-figures">${rows.map(([head, value]) => html`<div><dt>${head}</dt><dd>${value}</dd></div>`)}</dl>`;

const pace = (count: number, elapsedMs: number): string => (elapsedMs > 0 ? grouped((count * 1_000) / elapsedMs) : '0');

export function progressOf({ runs, actions, elapsedMs, strategies, lost, count }: Hunt, { forMs, seed }: Asked): TemplateResult {
  const words = HUNT.progress;
  return html`<section aria-labelledby="hunt-progress">
    <h3 id="hunt-progress" class="head">${words.head}</h3>
    <progress max=${forMs} .value=${Math.min(elapsedMs, forMs)} aria-labelledby="hunt-progress"></progress>
    ${figures([
      [words.runs, grouped(runs)],
      [words.steps, grouped(actions)],
      [words.pace, pace(actions, elapsedMs)],
      [words.time, words.of(secondsText(elapsedMs), String(forMs / 1_000))],
    ])}
    ${lost.map(({ epoch, why }) => html`<p class="hunt-lost" role="alert">${HUNT.lost(epoch, seed, why ?? HUNT.silent)}</p>`)}
    <details>
      <summary>${words.by} <span class="quiet">${words.workers(count)}</span></summary>
      <ul>
        ${[...strategies].sort().map(([strategy, sum]) => html`<li>${strategyName(strategy)}${WORDS.sign.colon}${words.byRuns(grouped(sum.runs), grouped(sum.actions))}</li>`)}
      </ul>
    </details>
  </section>`;
}

function strategyName(strategy: string): string {
  const key = (strategy === 'macro' ? 'macros' : strategy) as keyof typeof HUNT.shares.list;
  return HUNT.shares.list[key]?.[0] ?? strategy;
}

export function progressOfAll({ bounds, came, ending, elapsedMs, levels }: Everything, { forMs }: Asked): TemplateResult {
  const words = HUNT.came;
  const [tried, of] = came.beyond;
  return html`${ending ? bound(saidOf(bounds, came)) : nothing}
    <section aria-labelledby="hunt-progress">
      <h3 id="hunt-progress" class="head">${HUNT.progress.head}</h3>
      ${
        ending
          ? nothing
          : html`<progress max=${of} .value=${tried} aria-labelledby="hunt-next"></progress>
              <p id="hunt-next" class="quiet">${words.next(grouped(tried), grouped(of))}</p>`
      }
      ${figures([
        [words.depth, String(came.depth)],
        [words.all, grouped(came.all)],
        [words.unique, grouped(came.unique)],
        [words.pace, pace(came.all, elapsedMs)],
        [words.memory, words.memoryOf(megabytes(came.bytes), megabytes(bounds.memory))],
        [HUNT.progress.time, HUNT.progress.of(secondsText(elapsedMs), String(forMs / 1_000))],
      ])}
      <details>
        <summary>${words.by} <span class="quiet">${HUNT.progress.workers(1)}</span></summary>
        <table class="hunt-levels">
          <thead><tr>${[words.steps, words.all, words.unique].map((head) => html`<th scope="col">${head}</th>`)}</tr></thead>
          <tbody>${levels.map(({ depth, all, unique }) => html`<tr><th scope="row">${depth}</th><td>${grouped(all)}</td><td>${grouped(unique)}</td></tr>`)}</tbody>
        </table>
      </details>
    </section>`;
}

const bound = (says: readonly string[]): TemplateResult => html`<section aria-labelledby="hunt-bound">
  <h3 id="hunt-bound" class="head">${HUNT.bound.head}</h3>
  <ul>${says.map((sentence) => html`<li>${sentence}</li>`)}</ul>
</section>`;
