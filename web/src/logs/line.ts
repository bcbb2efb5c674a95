/** A line of cells that follow each other: those that stay in sight are kept, the others are used again for what comes into it. */

import type { Range } from './columns';

/** A cell on the page, with what it shows, so that only what differs is written. */
export class CellView {
  readonly root = document.createElement('div');
  readonly text = document.createElement('b');
  index = 0;
  private left = -1;
  private marks = -1;
  private term = 0;
  private entry = '';
  private more = 0;
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
    this.root.removeAttribute('title');
  }

  /** Whether it shows just this already; if not, it does from now on. */
  shows(index: number, marks: number, term: number, text: string, more: number): boolean {
    const same = this.index === index && this.marks === marks && this.term === term && this.entry === text && this.more === more;
    [this.marks, this.term, this.entry, this.more] = [marks, term, text, more];
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
    this.root.setAttribute('aria-label', label);
    this.root.removeAttribute('title');
  }

  choose(chosen: boolean): void {
    if (this.isChosen === chosen) return;
    this.isChosen = chosen;
    if (chosen) this.root.setAttribute('aria-selected', 'true');
    else this.root.removeAttribute('aria-selected');
  }
}

/** The cells of one row behind its name. */
export class Line {
  readonly cells: CellView[] = [];
  private from = 0;

  constructor(
    private readonly root: HTMLElement,
    private readonly first: HTMLElement,
    private readonly role: string,
  ) {}

  /** Has a cell for each of these columns afterwards, in their order. */
  show({ from, to }: Range): void {
    const { cells } = this;
    const by = from - this.from;
    if (Math.abs(by) < cells.length) {
      for (let left = by; left > 0; left -= 1) {
        const cell = cells.shift() as CellView;
        this.root.append(cell.root);
        cells.push(cell);
      }
      for (let right = by; right < 0; right += 1) {
        const cell = cells.pop() as CellView;
        this.first.after(cell.root);
        cells.unshift(cell);
      }
    }
    this.from = from;
    while (cells.length > to - from) cells.pop()?.root.remove();
    while (cells.length < to - from) {
      const cell = new CellView(this.role);
      this.root.append(cell.root);
      cells.push(cell);
    }
  }
}
