/** A server's row in the grid of logs. */

import type { EntryState } from '../door/types';
import { termHatch } from '../theme';
import { WORDS } from '../words';
import { LOGS } from '../lang/en/logs';
import { cellLabel, classesOf, type EntryName, type Evidence, type Known, type LogServer, MARK, marksOf, roleText, rowLabel, termOf } from './cells';
import { columnLeft, type Range, type Sizes } from './columns';
import { CellView, Line, type Spare } from './line';

/** What all rows have in common. */
export interface Common {
  readonly sizes: Sizes;
  readonly origin: number;
  readonly columns: Range;
  /** The first index in sight. */
  readonly first: number;
  readonly chosen: EntryName | null;
  readonly evidence: Evidence | null;
}

export class RowView {
  readonly root = document.createElement('div');
  readonly name = document.createElement('div');
  private readonly role = document.createElement('small');
  private readonly told = document.createElement('span');
  /** Where its log ends, if that is further to the left than one sees. */
  private readonly behind = document.createElement('span');
  private readonly line: Line;
  /** What a snapshot stands for is one cell, with its end written on it. */
  private readonly band = new CellView('gridcell');
  private looks = '';
  private called = '';

  constructor(
    readonly server: number,
    at: number,
    spare: Spare,
  ) {
    this.root.setAttribute('role', 'row');
    this.root.setAttribute('aria-rowindex', String(at + 2));
    this.root.dataset['server'] = String(server);
    this.name.className = 'logs-name';
    this.name.setAttribute('role', 'rowheader');
    this.name.setAttribute('aria-colindex', '1');
    this.told.className = 'unseen';
    this.behind.className = 'logs-behind';
    this.behind.setAttribute('aria-hidden', 'true');
    this.name.append(`S${server} `, this.role, this.told);
    this.band.root.hidden = true;
    this.root.append(this.name, this.behind, this.band.root);
    this.line = new Line(this.root, this.band.root, 'gridcell', spare);
  }

  /** The name alone changes also while the row is out of sight. */
  head(server: LogServer, known: Known | undefined, paused: boolean, chosen: boolean, lit: boolean): void {
    const looks = `logs-row${server.up && server.role === 'leader' ? ' leads' : ''}${server.up ? '' : ' down'}${chosen || lit ? ' lit' : ''}`;
    if (looks !== this.looks) this.root.className = this.looks = looks;
    const role = !server.up ? LOGS.row.crashed : paused ? LOGS.row.paused : roleText(server.role);
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

  cells(server: LogServer, known: Known | undefined, common: Common, laneAt: (index: number) => number): void {
    const { sizes, origin, columns, chosen, evidence } = common;
    const base = server.snapshot_index;
    this.snapshot(server, known, common);
    const last = server.last_index;
    this.behind.textContent = last > 0 && last < common.first ? `‹ ${last}` : '';
    this.behind.title = LOGS.row.behind(last);
    this.line.show({ from: Math.max(columns.from, Math.min(columns.to, base + 1)), to: columns.to });
    let index = columns.to - this.line.cells.length;
    for (const cell of this.line.cells) {
      const lane = laneAt(index);
      const marks = marksOf(server, lane, index, known, chosen, evidence);
      cell.place(index, columnLeft(sizes, index, origin), index - origin + 1);
      index += 1;
      if (cell.shows(marks, lane)) continue;
      const term = termOf(lane);
      cell.dress(classesOf(marks, lane > 0 ? termClasses(term) : ''));
      cell.write(lane > 0 ? String(term) : '');
      cell.choose((marks & MARK.chosen) !== 0);
    }
  }

  /** What its cells are called, and their order, once they rest. */
  settle(server: LogServer, known: Known | undefined, entriesOf: (first: number, count: number) => readonly EntryState[]): void {
    const { cells } = this.line;
    const [first] = cells;
    if (!first) return;
    this.line.order();
    const entries = new Map(entriesOf(first.index, cells.length).map((entry) => [entry.index, entry]));
    for (const cell of cells) cell.say(cellLabel(cell.marks, cell.index, entries.get(cell.index), server.up, known));
  }

  /** The cell of an index, or the name for 0. */
  at(index: number): HTMLElement | undefined {
    return index === 0 ? this.name : (this.line.cells.find((cell) => cell.index === index)?.root ?? (!this.band.root.hidden && index <= this.band.index ? this.band.root : undefined));
  }

  private snapshot(server: LogServer, known: Known | undefined, { sizes, origin, columns, chosen, evidence }: Common): void {
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
    const marks = (within ? marksOf(server, 0, base, known, null, evidence) : 0) | (isChosen ? MARK.chosen : 0);
    band.dress(classesOf(marks, '').replace('none', 'snapshot'));
    band.write(`…${within ? base : ''}`);
    band.say(LOGS.row.snapshot(base));
    band.choose(isChosen);
  }
}

const termClasses = (term: number): string => `t${((term - 1) % 6) + 1} h${termHatch(term)}`;
