/** A line of cells that follow each other: those that stay in sight are kept, the others are used again for what comes into it. */

import type { Range } from './columns';

/** A cell on the page, with what it shows, so that only what differs is written. */
export class CellView {
  readonly root = document.createElement('div');
  readonly text = document.createElement('b');
  index = 0;
  marks = -1;
  private left = -1;
  private lane = 0;
  private shown = '';
  private said = '';
  private what = '';
  private isChosen = false;

  constructor(role: string) {
    this.root.setAttribute('role', role);
    this.root.append(this.text);
  }

  /** Stands for an index from now on. */
  place(index: number, left: number, column: number): void {
    if (this.left !== left) {
      this.left = left;
      this.root.style.left = `${left}px`;
    }
    if (this.index === index) return;
    this.index = index;
    this.root.dataset['index'] = String(index);
    this.root.setAttribute('aria-colindex', String(column));
    // What was said of it was said of another.
    if (this.said !== '') this.say('');
  }

  /** Whether it shows just this already; if not, it does from now on. */
  shows(marks: number, lane: number): boolean {
    const same = this.marks === marks && this.lane === lane;
    this.marks = marks;
    this.lane = lane;
    return same;
  }

  dress(classes: string): void {
    if (this.shown === classes) return;
    this.shown = classes;
    this.root.className = classes;
  }

  write(text: string): void {
    if (this.what === text) return;
    this.what = text;
    this.text.textContent = text;
  }

  say(label: string): void {
    if (this.said === label) return;
    this.said = label;
    if (label === '') this.root.removeAttribute('aria-label');
    else this.root.setAttribute('aria-label', label);
    if (this.root.title !== '') this.root.removeAttribute('title');
  }

  choose(chosen: boolean): void {
    if (this.isChosen === chosen) return;
    this.isChosen = chosen;
    if (chosen) this.root.setAttribute('aria-selected', 'true');
    else this.root.removeAttribute('aria-selected');
  }
}

/** Cells that no line has at present: one that comes into sight takes them before any is made. */
export class Spare {
  private readonly cells: CellView[] = [];

  take(role: string): CellView {
    return this.cells.pop() ?? new CellView(role);
  }

  give(cell: CellView | undefined): void {
    if (cell) this.cells.push(cell);
  }

  /** Those that are left over stand nowhere. */
  clear(): void {
    for (const cell of this.cells) if (cell.root.isConnected) cell.root.remove();
  }
}

/** The cells of one row behind its name. */
export class Line {
  readonly cells: CellView[] = [];
  private from = 0;
  private inOrder = true;

  constructor(
    private readonly root: HTMLElement,
    private readonly first: HTMLElement,
    private readonly role: string,
    private readonly spare: Spare,
  ) {}

  /** Has a cell for each of these columns afterwards, in their order; on the page they may stand in another one until `order`. */
  show({ from, to }: Range): void {
    const { cells, spare } = this;
    const by = from - this.from;
    if (by !== 0 && Math.abs(by) < cells.length) {
      if (by > 0) cells.push(...cells.splice(0, by));
      else cells.unshift(...cells.splice(cells.length + by));
      this.inOrder = false;
    }
    this.from = from;
    while (cells.length > to - from) spare.give(cells.pop());
    while (cells.length < to - from) {
      const cell = spare.take(this.role);
      // It may still stand in the row that it was taken from.
      this.root.append(cell.root);
      cells.push(cell);
      this.inOrder = false;
    }
  }

  /** Puts the cells on the page into their order, for those who go through them one by one. */
  order(): void {
    if (this.inOrder) return;
    this.inOrder = true;
    let before: Element = this.first;
    for (const { root } of this.cells) {
      if (before.nextElementSibling !== root) before.after(root);
      before = root;
    }
  }
}
