/** What one server holds, in the paper's own words. It comes when its tab is opened. */

import { html, nothing, type TemplateResult } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { type EntryName, isSame } from '../logs/cells';
import { adopt } from '../panels/adopt';
import style from '../styles/state.css';
import { entryText, sectionText, WORDS } from '../words';
import type { Input } from '../door/types';
import { DEFINITIONS, EDIT, STATE, type Term } from '../lang/en/state';
import { hands } from './definition';
import { editsOf, lastOnDisk, type Typed } from './edit';
import { type Section, sectionsOf } from './fields';
import type { StateView } from './read';

export { readState } from './read';

const dressed = new WeakSet<object>();

/** Gives a shadow root the looks of what is here. */
export function dress(root: ParentNode): void {
  if (dressed.has(root)) return;
  dressed.add(root);
  adopt(root, style);
}

/** Opens the form that writes a disk, with the focus in it. Returns whether it is there. */
export function openEditor(root: ParentNode): boolean {
  const fold = root.querySelector<HTMLDetailsElement>('.state details.edit');
  if (!fold) return false;
  fold.open = true;
  fold.scrollIntoView({ block: 'nearest' });
  fold.querySelector('input')?.focus();
  return true;
}

/** Whom the form gives what comes of it, or tells why nothing does: the desk. */
interface Pen {
  readonly everyServer: readonly unknown[];
  readonly ended: boolean;
  attempt(act: () => void): boolean;
  do(inputs: readonly Input[]): void;
  tell(why: string): void;
}

export function statePanel(view: StateView, chosen: EntryName | null, pen: Pen): TemplateResult {
  const { server } = view;
  const leads = server.up && server.role === 'leader';
  const state = server.up ? WORDS.roles[server.role] : WORDS.crashed;
  return html`<div class="state" @pointerover=${hands.over} @pointerout=${hands.out} @focusin=${hands.focus} @focusout=${hands.blur} @click=${hands.click} @keydown=${hands.key}>
    <p class="who"><b>S${server.id}</b> ${state}${server.paused ? `${WORDS.sign.comma}${WORDS.paused}` : nothing}
      ${leads ? html`<button type="button" class="ask" data-why-leader=${server.id}>${STATE.whyLeads}</button>` : nothing} ${questions(view)}
    </p>
    ${sectionsOf(view).map((section) => [sectionPart(section, view), section.head === STATE.heads.persistent ? keyed(view.server.id, editor(view, pen)) : nothing])}
    ${entryList(view, chosen)}
    <div class="term-tip" popover="manual" aria-hidden="true"></div>
  </div>`;
}

function sectionPart({ head, fields, note }: Section, view: StateView): TemplateResult {
  const leaders = head === STATE.heads.leaders && note === '';
  return html`<h3 class="head">${head}</h3>
    ${
      fields.length > 0
        ? html`<dl class="facts">${fields.map(({ term, value }) => html`<div><dt>${termButton(term)}</dt><dd data-field=${term}>${value}</dd></div>`)}</dl>`
        : nothing
    }
    ${leaders ? followerTable(view) : nothing} ${note ? html`<p class="quiet">${note}</p>` : nothing}`;
}

/** What makes it what it is can be asked, besides why it leads. */
function questions({ server }: StateView): TemplateResult[] {
  const { ask } = WORDS;
  const asked: (readonly [asks: string, text: string])[] = [];
  if (server.up && server.role !== 'leader') asked.push(['role', ask.role[server.role]]);
  if (server.term > 0) asked.push(['term', ask.term(server.term)]);
  if (server.votedFor > 0) asked.push(['vote', ask.vote(server.id, server.votedFor)]);
  return asked.map(([asks, text]) => html`<button type="button" class="ask" data-asks=${asks} data-of=${server.id}>${text}</button> `);
}

function editor(view: StateView, pen: Pen): TemplateResult {
  const { server } = view;
  const last = lastOnDisk(view);
  const submit = (event: Event): void => {
    event.preventDefault();
    const form = event.target as HTMLFormElement;
    const typed = Object.fromEntries([...new FormData(form)].map(([name, value]) => [name, String(value)])) as unknown as Typed;
    const edits = pen.ended ? EDIT.ended : editsOf(view, typed);
    if (typeof edits === 'string') pen.tell(edits);
    else if (pen.attempt(() => pen.do(edits))) {
      form.reset();
      (form.parentElement as HTMLDetailsElement).open = false;
    }
  };
  const field = (name: keyof Typed, label: string, placeholder: string, numeric: boolean): TemplateResult =>
    html`<label>${label} <input name=${name} placeholder=${placeholder} inputmode=${numeric ? 'numeric' : nothing} autocomplete="off" size="12" /></label>`;
  const vote = server.votedFor > 0 ? `S${server.votedFor}` : STATE.nobody;
  return html`<details class="edit">
    <summary>${EDIT.open}</summary>
    <form @submit=${submit}>
      <p class="quiet">${EDIT.tells}${server.up && last < server.lastIndex ? ` ${EDIT.unsaved}` : ''}</p>
      ${field('term', STATE.names.currentTerm, EDIT.stays(String(server.term)), true)}
      <label>${STATE.names.votedFor}
        <select name="vote">
          <option value="">${EDIT.stays(vote)}</option>
          <option value="0">${STATE.nobody}</option>
          ${pen.everyServer.map((_, at) => html`<option value=${at + 1}>S${at + 1}</option>`)}
        </select></label>
      ${field('keep', EDIT.upTo, EDIT.stays(String(last)), true)} ${field('behind', EDIT.behind, EDIT.behindExample, false)}
      <button type="submit">${EDIT.write}</button>
    </form>
  </details>`;
}

/** A term that says what it means. */
const termButton = (term: Term): TemplateResult => html`<button type="button" class="term" data-term=${term} aria-describedby=${`about-${term}`}>${STATE.names[term]}</button
  ><span id=${`about-${term}`} hidden>${DEFINITIONS[term][0]} ${sectionText(DEFINITIONS[term][1])}</span>`;

const followerTable = ({ followers }: StateView): TemplateResult => html`<table class="followers">
  <thead>
    <tr>
      <th scope="col"><span class="unseen">${STATE.server}</span></th>
      ${(['nextIndex', 'matchIndex', 'flow'] as const).map((term) => html`<th scope="col">${termButton(term)}</th>`)}
    </tr>
  </thead>
  <tbody>
    ${followers.map(
      ({ id, next, match, flow, onTheWay }) => html`<tr>
        <th scope="row">S${id}</th>
        <td>${next}</td>
        <td>${match}</td>
        <td>${STATE.flows[flow]}${onTheWay > 0 ? html`${WORDS.sign.comma}${STATE.onTheWay(onTheWay)}` : nothing}</td>
      </tr>`,
    )}
  </tbody>
</table>`;

function entryList({ server, entries }: StateView, chosen: EntryName | null): TemplateResult {
  const newest = [...entries].reverse();
  const committed = newest.findIndex(({ index }) => index <= server.commitIndex);
  return html`<ol class="entries" aria-label=${STATE.entries}>
    ${newest.map((entry, at) => {
      const { index, term } = entry;
      const known = index <= server.commitIndex;
      return html`<li aria-current=${isSame(chosen, index, term) ? 'true' : nothing}>
        <span class="index">${index}</span>
        <span class=${`chip-term t${((term - 1) % 6) + 1} ${known ? 'solid' : 'dashed'}`}><b>${term}</b></span>
        <span class="what">${entry.command ?? html`<i>${entryText(entry)}</i>`}</span>
        ${
          server.up && known
            ? html`<button type="button" class="ask" tabindex=${at === committed ? 0 : -1} data-why-committed=${index} aria-label=${STATE.whyCommitted(index)} title=${STATE.whyCommitted(index)}>${STATE.why}</button>`
            : nothing
        }
      </li>`;
    })}
  </ol>`;
}
