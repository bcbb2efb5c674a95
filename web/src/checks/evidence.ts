/** What shows that a property is broken: gathered where it breaks, and kept when one goes back to see how it came to that. */

import { html, nothing, type TemplateResult } from 'lit';
import type { Cluster } from '../door/cluster';
import type { EventRecord, Violation } from '../door/types';
import { line, placed, stop } from '../panels/events';
import { chain } from '../panels/past/chain';
import type { RoomHost } from '../panels/room';
import { PROPERTIES } from '../lang/en/properties';
import { propertyName } from '../properties';
import { sentence } from '../sentences';
import { entryText, sectionText, WORDS } from '../words';
import { CHECKS } from '../lang/en/checks';

/** What one server holds at an index. */
interface Held {
  readonly server: number;
  /** 0 without an entry of its own there. */
  readonly term: number;
  readonly text: string;
  readonly committed: boolean;
}

export interface Evidence {
  readonly violation: Violation;
  /** The events that brought it about, the latest first. */
  readonly events: readonly EventRecord[];
  readonly entries: readonly { readonly index: number; readonly held: readonly Held[] }[];
}

/** Of a long chain, so many events are listed; each can be asked why. */
const EVENTS_MAX = 8;
const ENTRIES_MAX = 4;
/** How far behind the last event the violation's own may stand. */
const BEHIND_MAX = 5;

/** At the moment at which it breaks. */
export function gather(cluster: Cluster, violation: Violation): Evidence {
  const count = cluster.eventCount;
  const own = cluster.events(Math.max(0, count - BEHIND_MAX), BEHIND_MAX).find(({ kind }) => kind === 'violated');
  const reasons = own ? (cluster.why(own.number) ?? []) : [];
  const causes = chain(reasons).map(({ reason }) => reason.record);
  // Whoever led in such a term counts, also where he brought nothing about himself.
  const leaders = violation.servers.flatMap((server) => cluster.whyLeader(server)?.[0]?.record ?? []).filter((record) => violation.terms.includes(termOf(record)));
  const events = causes.slice(0, EVENTS_MAX);
  for (const leader of leaders) if (!events.some(({ number }) => number === leader.number)) events.push(leader);
  events.sort((a, b) => b.number - a.number);
  const entries = [...new Set(violation.indexes)]
    .filter((index) => index > 0)
    .slice(0, ENTRIES_MAX)
    .map((index) => ({ index, held: heldAt(cluster, index, violation.servers) }));
  return { violation, events, entries };
}

const termOf = (record: EventRecord): number => Number((record['event'] as { term?: unknown } | undefined)?.term ?? 0);

/** Of the servers that it is about; of all when it names none. */
function heldAt(cluster: Cluster, index: number, servers: readonly number[]): Held[] {
  return cluster
    .standing()
    .servers.filter(({ id }) => servers.length === 0 || servers.includes(id))
    .map(({ id, snapshot, commit_index }) => {
      const [entry] = cluster.entries(id, index, 1);
      const text = entry ? entryText(entry) : (snapshot?.index ?? 0) >= index ? CHECKS.broken.snapshot : CHECKS.broken.missing;
      return { server: id, term: entry?.term ?? 0, text, committed: commit_index >= index };
    });
}

/** What broke, with ways to what shows it. */
export function evidenceCard(us: number, here: boolean, evidence: Evidence | undefined, chosen: ReadonlySet<number>, host: RoomHost): TemplateResult {
  const words = CHECKS.broken;
  const { violation, entries = [], events = [] } = evidence ?? {};
  const head = (text: string): TemplateResult => html`<h4 class="head">${text}</h4>`;
  return html`<section class="evidence" aria-labelledby="evidence-head">
    <h3 id="evidence-head"><i aria-hidden="true">✕</i> ${violation ? words.head(propertyName(violation.property)) : words.some} <span class="section">${violation ? sectionText(violation.section) : ''}</span></h3>
    <p>${violation ? PROPERTIES.found(violation) : ''}${WORDS.sign.gap}${here ? words.at(us) : words.later(us)}</p>
    ${here ? nothing : html`<button type="button" data-part="go-to-violation" @click=${() => host.goTo(us)}>${words.goThere}</button>`}
    ${violation && violation.servers.length > 0
      ? html`${head(words.servers)}
          <p class="servers">
            ${violation.servers.map(
              (server) =>
                html`<button type="button" data-server=${server} aria-pressed=${chosen.has(server) ? 'true' : 'false'} aria-label=${words.choose(server)} @click=${() => host.choose(server, false)}>S${server}</button>`,
            )}
          </p>`
      : nothing}
    ${violation && violation.terms.length > 0 ? html`<p>${words.terms(violation.terms.join(WORDS.sign.list))}</p>` : nothing}
    ${entries.length > 0
      ? html`${head(words.entries)}
          <ul class="held">
            ${entries.map(
              ({ index, held }) => html`<li>
                <b>${words.index(index)}</b>
                ${held.map(
                  ({ server, term, text }) =>
                    html`<span>S${server}${WORDS.sign.colon}${term > 0 ? html`<span class=${`chip-term solid t${((term - 1) % 6) + 1}`}><span class="unseen">${words.term} </span>${term}</span>` : nothing} ${text}</span>`,
                )}
                ${held.some(({ committed }) => committed) ? html`<button type="button" class="quiet-button" data-why-committed=${index}>${words.committed}</button>` : nothing}
              </li>`,
            )}
          </ul>`
      : nothing}
    ${violation && violation.operations.length > 0
      ? html`${head(words.operations)}
          <ul class="operations">
            ${violation.operations.map(
              (operation, at, all) => html`<li class=${at === all.length - 1 ? 'odd' : ''}>
                <b>${words.operation(operation)}</b>${at === all.length - 1 ? html` <span class="standing">${words.odd}</span>` : nothing}
                <span class="quiet"
                  ><button type="button" @click=${() => host.goTo(operation.asked_us)}>${words.asked(operation.asked_us)}</button>${operation.answered_us === null
                    ? html`${WORDS.sign.comma}${words.answered(null)}`
                    : html`${WORDS.sign.comma}<button type="button" @click=${() => host.goTo(operation.answered_us ?? 0)}>${words.answered(operation.answered_us)}</button>`}</span
                >
              </li>`,
            )}
          </ul>`
      : nothing}
    ${events.length > 0
      ? html`${head(words.events)}
          <ol class="events">
            ${events.map((record, at) => stop(line(placed(record, sentence), at > 0 && typeof record.cause === 'number'), at === 0))}
          </ol>`
      : nothing}
  </section>`;
}
