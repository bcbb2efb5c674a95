import { html, nothing, type TemplateResult } from 'lit';
import type { LogTable, TableServer } from '../door/types';
import { termHatch } from '../theme';
import { entryText, WORDS } from '../words';

/**
 * All logs aligned by index. Only the indexes that are in sight are asked for and drawn, however long the logs are. It
 * follows the end until someone goes back. Nothing here asks the browser for a layout while time runs.
 */
export class LogsPanel {
  /** How many indexes there is room for. */
  count = 12;
  private first = 1;
  private following = true;
  private last = 0;
  private observed: Element | undefined;

  constructor(private readonly changed: () => void) {}

  /** Reads what is in sight: once more if the logs have grown and it follows their end. */
  read(table: (first: number, count: number) => LogTable): LogTable {
    for (;;) {
      const found = table(this.first, this.count);
      this.last = found.last_index;
      const first = this.following ? this.furthest() : Math.min(this.first, this.furthest());
      if (first === this.first) return found;
      this.first = first;
    }
  }

  /** After drawing: learns once how much is in sight, and again when the panel's size changes. */
  settle(root: ParentNode): void {
    const frame = root.querySelector('.logs-frame');
    if (!frame || frame === this.observed) return;
    this.observed = frame;
    new ResizeObserver(([entry]) => {
      const [, one, two] = frame.querySelectorAll<HTMLElement>('thead th');
      if (!entry || !one || !two) return;
      const cell = Math.max(8, two.offsetLeft - one.offsetLeft);
      const count = Math.max(3, Math.floor((entry.contentRect.width - one.offsetLeft) / cell));
      if (count === this.count) return;
      this.count = count;
      this.changed();
    }).observe(frame);
  }

  render(table: LogTable, leader: number, chosen: ReadonlySet<number>, hovered: number): TemplateResult {
    const knows = table.servers.find((server) => server.id === leader);
    const indexes = Array.from({ length: this.count }, (_, k) => this.first + k);
    const furthest = this.furthest();
    return html`
      <div class="logs-frame" @wheel=${(event: WheelEvent) => this.wheel(event)}>
        <table class="logs">
          <thead>
            <tr>
              <th scope="col"><span class="unseen">${WORDS.panels.server}</span></th>
              ${indexes.map((index) => html`<th scope="col">${index}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${table.servers.map((server) => row(server, knows, indexes, chosen.has(server.id) || hovered === server.id))}
          </tbody>
        </table>
      </div>
      ${furthest > 1
        ? html`<input
            class="logs-from"
            type="range"
            min="1"
            max=${furthest}
            .value=${String(this.following ? furthest : this.first)}
            aria-label=${WORDS.logs.from}
            @input=${(event: Event) => this.goTo((event.target as HTMLInputElement).valueAsNumber)}
          />`
        : nothing}
      <p class="key">
        ${table.last_index === 0 ? html`<span>${WORDS.logs.empty}</span>` : nothing}
        <span>${WORDS.logs.solid}</span><span>${WORDS.logs.dashed}</span><span>${WORDS.logs.colour}</span>
        <span><i class="k-commit"></i>${WORDS.logs.commit}</span>
        ${knows
          ? html`<span><i class="k-match"></i>${WORDS.logs.match}</span><span><i class="k-next"></i>${WORDS.logs.next},
                ${WORDS.logs.knows(leader)}</span>`
          : nothing}
      </p>
    `;
  }

  /** The first index in sight when the end is; an empty column after it shows where nextIndex points. */
  private furthest(): number {
    return Math.max(1, this.last + 2 - this.count);
  }

  private goTo(first: number): void {
    this.following = first >= this.furthest();
    this.first = Math.max(1, Math.min(first, this.furthest()));
    this.changed();
  }

  private wheel(event: WheelEvent): void {
    const by = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (by === 0 || this.furthest() === 1) return;
    event.preventDefault();
    this.goTo(this.first + Math.sign(by) * Math.max(1, Math.round(Math.abs(by) / 30)));
  }
}

function row(server: TableServer, knows: TableServer | undefined, indexes: readonly number[], lit: boolean): TemplateResult {
  const follows = knows && knows.id !== server.id ? String(server.id) : '';
  const match = follows ? (knows?.match_index?.[follows] ?? -1) : -1;
  const next = follows ? (knows?.next_index?.[follows] ?? -1) : -1;
  const leads = server.up && server.role === 'leader';
  const told = `commitIndex ${server.commit_index}${match >= 0 ? `, matchIndex ${match}, nextIndex ${next}` : ''}`;
  const offset = server.entries[0]?.index ?? 0;
  const base = server.snapshot_index;
  // What a snapshot stands for is one cell, with its end written on it.
  const hidden = Math.max(0, Math.min(indexes.length, base - (indexes[0] ?? 1) + 1));
  return html`<tr class=${`${leads ? 'leads ' : ''}${server.up ? '' : 'down '}${lit ? 'lit' : ''}`} data-server=${server.id}>
    <th scope="row" title=${told}>
      S${server.id} <small>${server.up ? WORDS.rows[server.role] : 'down'}</small><span class="unseen">, ${told}</span>
    </th>
    ${hidden > 0
      ? html`<td class=${`snapshot${server.commit_index === base ? ' at-commit' : ''}${match === base ? ' at-match' : ''}`} colspan=${hidden} title=${WORDS.logs.snapshot(base)}>
          <b>…${hidden < indexes.length ? base : ''}</b>
        </td>`
      : nothing}
    ${indexes.slice(hidden).map((index) => {
      const entry = offset > 0 ? server.entries[index - offset] : undefined;
      const marks = `${index === server.commit_index ? ' at-commit' : ''}${index === match ? ' at-match' : ''}${index === next ? ' at-next' : ''}`;
      if (!entry) return html`<td class=${`none${marks}`}></td>`;
      const state = index <= server.commit_index ? 'solid' : 'dashed';
      const kind = entry.configuration ? ' members' : entry.command === null ? ' no-op' : '';
      const about = `index ${index}, term ${entry.term}: ${entryText(entry)}`;
      return html`<td class=${`t${((entry.term - 1) % 6) + 1} h${termHatch(entry.term)} ${state}${kind}${marks}`} title=${about}><b>${entry.term}</b></td>`;
    })}
  </tr>`;
}
