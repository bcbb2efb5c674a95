import { html, nothing, type TemplateResult } from 'lit';
import type { EntryState } from '../door/types';
import { asksForVotes, type ServerItem, VOTE } from '../stage/scene';
import { entryText, serverNames, timeText, WORDS } from '../words';

export interface Held {
  readonly entries: readonly EntryState[];
  /** What its state machine holds; null when that is too much to read while time runs. */
  readonly store: Readonly<Record<string, string>> | null;
}

/** What one server holds, under the names of the paper's Figure 2. */
export function serverPanel(server: ServerItem | undefined, held: Held): TemplateResult {
  const words = WORDS.server;
  if (!server) return html`<p class="quiet">${words.none}</p>`;
  const leads = server.up && server.role === 'leader';
  const store = held.store && Object.entries(held.store);
  const counted = [...server.votes.keys()].filter((peer) => server.votes[peer] === VOTE.counted).map((peer) => peer + 1);
  const entries = [...held.entries].reverse();
  const firstCommitted = entries.findIndex(({ index }) => index <= server.commitIndex);
  return html`
    <p class="who"><b>S${server.id}</b> ${server.up ? WORDS.roles[server.role] : WORDS.crashed}${server.paused ? `, ${WORDS.paused}` : nothing}
      ${leads ? html`<button type="button" class="ask" data-why-leader=${server.id}>${words.whyLeads}</button>` : nothing}
    </p>
    <dl class="facts">
      ${fact(words.member, WORDS.memberships[server.membership])}
      ${fact(words.currentTerm, server.term)}
      ${fact(words.votedFor, server.votedFor ? `S${server.votedFor}` : words.nobody)}
      ${server.up && !leads ? fact(words.leader, server.leader ? `S${server.leader}` : words.nobody) : nothing}
      ${server.up ? fact(words.commitIndex, server.commitIndex) : nothing}
      ${server.up ? fact(words.lastApplied, server.lastApplied) : nothing}
      ${fact(words.durable, `index ${server.durableIndex}`)}
      ${server.snapshotIndex > 0 ? fact(words.snapshot, words.upTo(server.snapshotIndex)) : nothing}
      ${server.timer >= 0 ? fact(words.timer, `${timeText(server.timerLeftUs)} of ${timeText(server.timerTotalUs)}`) : nothing}
      ${asksForVotes(server) ? fact(server.role === 'candidate' ? words.votes : words.preVotes, `${serverNames(counted) || words.nobody}; ${needed(server)}`) : nothing}
      ${store ? fact(words.store, store.length === 0 ? words.nothing : store.map(([key, value]) => `${key} = ${value}`).join(', ')) : nothing}
    </dl>
    <ol class="entries" aria-label=${words.log}>
      ${entries.map(
        (entry, at) => html`<li>
          <span class="index">${entry.index}</span>
          <span class=${`chip-term t${((entry.term - 1) % 6) + 1} ${entry.index <= server.commitIndex ? 'solid' : 'dashed'}`}><b>${entry.term}</b></span>
          <span>${entry.command ?? html`<i>${entryText(entry)}</i>`}</span>
          ${
            server.up && entry.index <= server.commitIndex
              ? html`<button type="button" class="ask" tabindex=${at === firstCommitted ? 0 : -1} data-why-committed=${entry.index} aria-label=${words.whyCommitted(entry.index)} title=${words.whyCommitted(entry.index)}>${WORDS.events.why}</button>`
              : nothing
          }
        </li>`,
      )}
    </ol>
  `;
}

const needed = ({ votesNeeded, oldNeeded }: ServerItem): string =>
  oldNeeded > 0 ? `${votesNeeded} of the new voters and ${oldNeeded} of the old needed` : `${votesNeeded} needed`;

const fact = (name: string, value: string | number): TemplateResult => html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
