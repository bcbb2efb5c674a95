/** A server's row in the grid of logs. */

import type { EntryState, TableServer } from '../door/types';
import { termHatch } from '../theme';
import { entryText, WORDS } from '../words';
import { LOGS } from '../lang/en/logs';
import { cellLabel, classesOf, type EntryName, type Evidence, type Known, MARK, marksOf, rowLabel } from './cells';
import { columnLeft, type Range, type Sizes } from './columns';
import { CellView, Line } from './line';

/** What all rows have in common. */
export interface Common {
  readonly sizes: Sizes;
  readonly origin: number;
  readonly columns: Range;
  readonly chosen: EntryName | null;
  readonly evidence: Evidence | null;
}

export class RowView {
  readonly root = document.createElement('div');
  readonly name = document.createElement('div');
  private readonly role = document.createElement('small');
  private readonly told = document.createElement('span');
  private readonly line: Line;
  /** What a snapshot stands for is one cell, with its end written on it. */
  private readonly band = new CellView('gridcell');
  private looks = '';
  private called = '';

  constructor(
    readonly server: number,
    at: number,
  ) {
    this.root.setAttribute('role', 'row');
    this.root.setAttribute('aria-rowindex', String(at + 2));
    this.root.dataset['server'] = String(server);
    this.name.className = 'logs-name';
    this.name.setAttribute('role', 'rowheader');
    this.name.setAttribute('aria-colindex', '1');
    this.told.className = 'unseen';
    this.name.append(`S${server} `, this.role, this.told);
    this.band.root.hidden = true;
    this.root.append(this.name, this.band.root);
    this.line = new Line(this.root, this.band.root, 'gridcell');
  }

  /** The name alone changes also while the row is out of sight. */
  head(server: TableServer, known: Known | undefined, paused: boolean, chosen: boolean, lit: boolean): void {
    const looks = `logs-row${server.up && server.role === 'leader' ? ' leads' : ''}${server.up ? '' : ' down'}${chosen || lit ? ' lit' : ''}`;
    if (looks !== this.looks) this.root.className = this.looks = looks;
    const role = !server.up ? LOGS.row.crashed : paused ? LOGS.row.paused : WORDS.rows[server.role];
    const label = rowLabel(server, known);
    const told = `${WORDS.sign.comma}${label}`;
    const called = `${role}${told}${chosen}`;
    if (called === this.called) return;
    this.called = called;
    this.role.textContent = role;
    this.told.textContent = told;
    this.name.title = label;
    if (chosen) this.name.setAttribute('aria-selected', 'true');
    else this.name.removeAttribute('aria-selected');
  }

  /** Out of sight a row has no cells. */
  clear(): void {
    if (this.line.cells.length > 0) this.line.show({ from: 0, to: 0 });
    this.band.root.hidden = true;
  }

  cells(server: TableServer, known: Known | undefined, common: Common, entryAt: (index: number) => EntryState | undefined): void {
    const { sizes, origin, columns, chosen, evidence } = common;
    const base = server.snapshot_index;
    this.snapshot(server, known, common);
    this.line.show({ from: Math.max(columns.from, Math.min(columns.to, base + 1)), to: columns.to });
    let index = columns.to - this.line.cells.length;
    for (const cell of this.line.cells) {
      const entry = entryAt(index);
      const marks = marksOf(server, entry, index, known, chosen, evidence);
      const same = cell.shows(index, marks, entry?.term ?? 0, entry ? entryText(entry) : '', server.up ? (known?.by ?? 0) : -1);
      cell.place(index, columnLeft(sizes, index, origin), index - origin + 1);
      index += 1;
      if (same) continue;
      cell.dress(classesOf(marks, entry ? termClasses(entry.term) : ''));
      cell.write(entry ? String(entry.term) : '');
      cell.say(cellLabel(marks, index - 1, entry, server.up, known));
      cell.choose((marks & MARK.chosen) !== 0);
    }
  }

  /** The cell of an index, or the name for 0. */
  at(index: number): HTMLElement | undefined {
    return index === 0 ? this.name : (this.line.cells.find((cell) => cell.index === index)?.root ?? (!this.band.root.hidden && index <= this.band.index ? this.band.root : undefined));
  }

  private snapshot(server: TableServer, known: Known | undefined, { sizes, origin, columns, chosen, evidence }: Common): void {
    const { band } = this;
    const base = server.snapshot_index;
    band.root.hidden = base < columns.from;
    if (band.root.hidden) return;
    const within = base < columns.to;
    const end = within ? base : columns.to - 1;
    band.place(base, columnLeft(sizes, columns.from, origin), 2);
    band.root.setAttribute('aria-colspan', String(base - origin));
    band.root.style.width = `${(end - columns.from) * sizes.pitch + sizes.cell}px`;
    const isChosen = chosen !== null && chosen.index <= base;
    const marks = (within ? marksOf(server, undefined, base, known, null, evidence) : 0) | (isChosen ? MARK.chosen : 0);
    band.dress(classesOf(marks, '').replace('none', 'snapshot'));
    band.write(`…${within ? base : ''}`);
    band.say(LOGS.row.snapshot(base));
    band.choose(isChosen);
  }
}

const termClasses = (term: number): string => `t${((term - 1) % 6) + 1} h${termHatch(term)}`;
