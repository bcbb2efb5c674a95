import { html, nothing, type TemplateResult } from 'lit';
import { type Bench, proposalRefusal } from '../actions';
import { LIMITS } from '../door/layout';
import type { ServerItem } from '../stage/scene';
import { serverNames, WORDS } from '../words';
import { actionButton } from './controls';
import { moreButton } from './more';

/** What became of the read that was asked for last: null values are keys that were never written. */
export interface Answer {
  readonly key: string;
  /** The server that is asked, or 0: whoever the client finds. */
  readonly asked: number;
  readonly state: 'waits' | 'answered' | 'failed';
  readonly value: string | null;
  readonly by: number;
  readonly index: number;
}

/** The bar under the stage: what the chosen servers can be made to do, and a value to propose. */
export function deck(bench: Bench, answer: Answer | null, propose: (value: string) => boolean): TemplateResult {
  const [first] = bench.targets;
  const refusal = proposalRefusal(bench);
  const submit = (event: Event): void => {
    event.preventDefault();
    const field = (event.target as HTMLFormElement).elements.namedItem('value') as HTMLInputElement;
    if (propose(field.value)) field.value = '';
  };
  const one = bench.targets.length === 1 ? first : undefined;
  return html`<div class="deck" part="deck" role="group" aria-label=${first ? serverNames(bench.targets.map((server) => server.id)) : WORDS.deck.nobody}>
    <p class="who">
      ${first
        ? html`<b>${serverNames(bench.targets.map((server) => server.id))}</b>
            ${one ? html`<span title=${state(one)}>${state(one)}</span>` : html`<span>${WORDS.deck.servers(bench.targets.length)}</span>`}`
        : bench.wallChosen > 0
          ? html`<b>${WORDS.wall(bench.wallChosen)}</b>`
          : html`<b>${WORDS.deck.nobody}</b>`}
    </p>
    ${first ? html`${actionButton(bench, 'crash')} ${actionButton(bench, 'restart')} ${actionButton(bench, 'timeout', '', html`${WORDS.deck.timeOut.seen}<span class="unseen">${WORDS.deck.timeOut.unseen}</span>`)} ${actionButton(bench, 'transfer')} ${actionButton(bench, 'part')} ${moreButton()}` : nothing}
    ${bench.wallChosen > 0 && !first ? actionButton(bench, 'remove-wall') : nothing}
    ${first && !bench.anyCut ? nothing : actionButton(bench, 'heal')} ${first ? nothing : actionButton(bench, 'add-server')}
    ${answer ? answerText(answer) : nothing}
    <form class="propose" @submit=${submit}>
      <input name="value" type="text" autocomplete="off" spellcheck="false" maxlength=${LIMITS.valueLength} aria-label=${WORDS.deck.value} placeholder=${WORDS.deck.placeholder} />
      <button type="submit" data-part="propose" aria-disabled=${refusal === null ? 'false' : 'true'} title=${refusal ?? WORDS.deck.proposeAbout(one?.id ?? 0)}>
        ${WORDS.deck.propose.seen}<span class="unseen">${one && refusal === null ? WORDS.deck.propose.unseen(one.id) : ''}</span>
      </button>
      ${first ? nothing : actionButton(bench, 'read')}
    </form>
  </div>`;
}

/** What it is now: its term is on the stage, so that what it is to the cluster may stand in its place. */
const state = (server: ServerItem): string =>
  WORDS.deck.state(server.up ? WORDS.roles[server.role] : WORDS.crashed, WORDS.marks[server.membership] || WORDS.deck.inTerm(server.term));

function answerText(answer: Answer): TemplateResult {
  const words = WORDS.deck;
  const { key, value, by, index } = answer;
  return html`<output class="answer" aria-label=${words.answer} title=${answer.state === 'answered' ? words.by(by, index) : nothing}
    >${answer.state === 'waits' ? words.waits(key) : answer.state === 'failed' ? words.failed(key) : words.answered(key, value)}</output
  >`;
}
