/** Two branches side by side: where they part, and what is not the same then. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Branch, Difference, EventRecord } from '../../door/types';
import { sentence } from '../../sentences';
import { branchText, timeText, WORDS } from '../../words';
import { PAST } from '../../lang/en/past';

/** What comparing needs of the run. */
export interface CompareHost {
  diff(a: number, b: number): Difference | undefined;
  /** Goes to a moment of a branch: just behind an event, or after so many events of its microsecond. */
  /** Shows two on two stages, in step. */
  beside(a: number, b: number): void;
  visit(branch: number, timeUs: number, at: { readonly number: number } | { readonly events: number }): void;
}

/** What is not the same, line by line. */
export function differences({ servers, messages, network }: Difference): string[] {
  const words = PAST.compare;
  const lines = servers.map(({ server, differs_in, log_from }) => {
    const aspects = differs_in.map((aspect) => (aspect === 'log' && log_from !== null ? words.logFrom(log_from) : words.aspects[aspect]));
    return words.server(server, aspects.join(WORDS.sign.list));
  });
  if (messages) lines.push(words.messages);
  if (network) lines.push(words.network);
  return lines.length > 0 ? lines : [words.same];
}

/** Which two are compared before somebody chooses: the present branch and the one it came from, or the first other. */
export function pairOf(branches: readonly Branch[], present: number): readonly [number, number] {
  const other = branches[present]?.parent ?? branches.find(({ branch }) => branch !== present)?.branch ?? present;
  return [other, present];
}

export class Compare {
  private pair: readonly [number, number] | undefined;
  private found: Difference | undefined;
  /** How far the two were lived when they were compared. */
  private foundAt = '';

  constructor(private readonly host: CompareHost) {}

  render(branches: readonly Branch[], present: number): TemplateResult {
    const words = PAST.compare;
    const known = this.pair?.every((branch) => branch < branches.length) ?? false;
    const pair = known && this.pair ? this.pair : pairOf(branches, present);
    const found = this.foundAt === stand(branches, pair) ? this.found : undefined;
    const choose = (at: 0 | 1): TemplateResult => html`<select
      aria-label=${words.sides[at]}
      @change=${(event: Event) => {
        const branch = Number((event.target as HTMLSelectElement).value);
        this.compare(branches, at === 0 ? [branch, pair[1]] : [pair[0], branch]);
      }}
    >
      ${branches.map(({ branch, name }) => html`<option value=${branch} .selected=${branch === pair[at]}>${branchText(name)}</option>`)}
    </select>`;
    return html`<section class="compare" aria-labelledby="compare-head">
      <h3 id="compare-head" class="head">${words.head}</h3>
      <p class="compare-pair">
        ${choose(0)} ${choose(1)}
        <button type="button" data-part="compare" @click=${() => this.compare(branches, pair)}>${words.compare}</button>
        <button type="button" data-part="beside" title=${words.besideTells} @click=${() => this.host.beside(...pair)}>${words.beside}</button>
      </p>
      <div aria-live="polite">${found ? this.tell(branches, pair, found) : nothing}</div>
    </section>`;
  }

  private compare(branches: readonly Branch[], pair: readonly [number, number]): void {
    this.pair = pair;
    this.foundAt = stand(branches, pair);
    this.found = this.host.diff(...pair);
  }

  private tell(branches: readonly Branch[], pair: readonly [number, number], found: Difference): TemplateResult {
    const words = PAST.compare;
    const name = (branch: number): string => branchText(branches[branch]?.name ?? '');
    const { parted_at, first, compared_at } = found;
    if (pair[0] === pair[1]) return html`<p class="quiet">${words.one}</p>`;
    return html`<p>${first ? words.parted(parted_at.time_us) : words.alike(compared_at.time_us)}</p>
      ${first ? html`<dl>${pair.map((branch, at) => this.event(branch, name(branch), first[at as 0 | 1]))}</dl>` : nothing}
      <p>${words.then(compared_at.time_us)}</p>
      <ul class="differs">
        ${differences(found).map((text) => html`<li>${text}</li>`)}
      </ul>
      <p class="compare-pair">
        ${pair.map(
          (branch) => html`<button type="button" data-see=${branch} aria-label=${words.seeIn(name(branch), compared_at.time_us)} @click=${() => this.host.visit(branch, compared_at.time_us, compared_at)}>${words.see(name(branch))}</button>`,
        )}
      </p>`;
  }

  private event(branch: number, name: string, record: EventRecord | null): TemplateResult {
    const words = PAST.compare;
    return html`<dt>${name}</dt>
      <dd data-first=${branch}>
        ${record
          ? html`<button type="button" class="when" title=${words.goTo} aria-label=${words.goToIn(name, record.time_us)} @click=${() => this.host.visit(branch, record.time_us, record)}>${timeText(record.time_us)}</button>
              ${sentence(record).text}`
          : words.nothingMore}
      </dd>`;
  }
}

const stand = (branches: readonly Branch[], pair: readonly [number, number]): string =>
  pair.map((branch) => `${branch} ${branches[branch]?.lived.time_us} ${branches[branch]?.lived.events}`).join(' ');
