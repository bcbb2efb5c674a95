import { html, nothing, type TemplateResult } from 'lit';
import type { LogTable, TableServer } from '../door/types';
import { termHatch } from '../theme';
import { WORDS } from '../words';

/**
 * All logs aligned by index. Only the indexes that are in sight are asked for and drawn: the table itself stands still
 * inside a scroller whose inner width is that of the whole log. It follows the end until someone scrolls back.
 */
export class LogsPanel {
  first = 1;
  count = 12;
  private following = true;
  private last = 0;
  private scroller: HTMLElement | undefined;
  /** What a column and the names' column measure; the style sheet decides. */
  private cell = 26;
  private head = 84;

  constructor(private readonly changed: () => void) {}

  /** Which part of the logs is in sight. */
  window(): { first: number; count: number } {
    return { first: this.first, count: this.count };
  }

  /** After drawing: keeps the scroller where it belongs, and learns how much is in sight. */
  settle(root: ParentNode): void {
    const scroller = root.querySelector<HTMLElement>('.logs-scroll');
    if (!scroller) return;
    if (scroller !== this.scroller) {
      this.scroller = scroller;
      scroller.addEventListener('scroll', () => this.scrolled());
      new ResizeObserver(() => {
        this.measure(scroller);
        this.changed();
      }).observe(scroller);
      this.measure(scroller);
    }
    const spacer = scroller.querySelector<HTMLElement>('.logs-spacer');
    const width = `${this.head + (this.last + 1) * this.cell}px`;
    if (spacer && spacer.style.width !== width) spacer.style.width = width;
    const count = Math.max(3, Math.floor((scroller.clientWidth - this.head) / this.cell));
    const end = Math.max(0, this.last + 2 - count) * this.cell;
    if (this.following && Math.abs(scroller.scrollLeft - end) > 1) scroller.scrollLeft = end;
    const first = this.following ? Math.max(1, this.last + 2 - count) : this.first;
    if (count !== this.count || first !== this.first) {
      this.count = count;
      this.first = first;
      this.changed();
    }
  }

  private measure(scroller: HTMLElement): void {
    const [head, first, second] = scroller.querySelectorAll<HTMLElement>('thead th');
    if (!head || !first || !second) return;
    this.cell = Math.max(8, second.offsetLeft - first.offsetLeft);
    this.head = first.offsetLeft - head.offsetLeft + 4;
  }

  private scrolled(): void {
    const { scroller } = this;
    if (!scroller) return;
    this.following = scroller.scrollLeft >= scroller.scrollWidth - scroller.clientWidth - this.cell / 2;
    const first = Math.max(1, Math.round(scroller.scrollLeft / this.cell) + 1);
    if (!this.following && first !== this.first) {
      this.first = first;
      this.changed();
    }
  }

  render(table: LogTable, leader: number, chosen: ReadonlySet<number>, hovered: number): TemplateResult {
    this.last = table.last_index;
    const knows = table.servers.find((server) => server.id === leader);
    const indexes = Array.from({ length: this.count }, (_, k) => this.first + k);
    return html`
      <div class="logs-scroll" tabindex="0" role="region" aria-label=${WORDS.logs.scroll}>
        <div class="logs-spacer"></div>
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
}

function row(server: TableServer, knows: TableServer | undefined, indexes: readonly number[], lit: boolean): TemplateResult {
  const follows = knows && knows.id !== server.id ? String(server.id) : '';
  const match = follows ? (knows?.match_index?.[follows] ?? -1) : -1;
  const next = follows ? (knows?.next_index?.[follows] ?? -1) : -1;
  const leads = server.up && server.role === 'leader';
  const told = `commitIndex ${server.commit_index}${match >= 0 ? `, matchIndex ${match}, nextIndex ${next}` : ''}`;
  const offset = server.entries[0]?.index ?? 0;
  return html`<tr class=${`${leads ? 'leads ' : ''}${server.up ? '' : 'down '}${lit ? 'lit' : ''}`} data-server=${server.id}>
    <th scope="row" title=${told}>
      S${server.id} <small>${server.up ? WORDS.rows[server.role] : 'down'}</small><span class="unseen">, ${told}</span>
    </th>
    ${indexes.map((index) => {
      const entry = offset > 0 ? server.entries[index - offset] : undefined;
      const marks = `${index === server.commit_index ? ' at-commit' : ''}${index === match ? ' at-match' : ''}${index === next ? ' at-next' : ''}`;
      if (!entry) return html`<td class=${`none${marks}`}></td>`;
      const state = index <= server.commit_index ? 'solid' : 'dashed';
      const about = `index ${index}, term ${entry.term}: ${entry.command ?? 'no-op'}`;
      return html`<td class=${`t${((entry.term - 1) % 6) + 1} h${termHatch(entry.term)} ${state}${marks}`} title=${about}><b>${entry.term}</b></td>`;
    })}
  </tr>`;
}
