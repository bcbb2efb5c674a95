/** Which columns and rows of the grid of logs are in sight, and where the view goes. All in CSS pixels of the scrolled plane. */

/** The sizes of the grid, as its style sheet has them. */
export interface Sizes {
  /** The width of a cell. */
  readonly cell: number;
  /** From one index to the next. */
  readonly pitch: number;
  /** From one server to the next. */
  readonly row: number;
  /** The width of the servers' names, which stay in sight on the left. */
  readonly names: number;
  /** The height of the row of indexes, which stays in sight at the top. */
  readonly head: number;
}

/** How far the plane is scrolled, and how much of it there is room for. */
export interface Room {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** From the first to the one behind the last. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

/** No browser's plane is wide enough for any number of columns: of a longer log the first go, many at a time. */
export const COLUMNS_MAX = 500_000;
const COLUMNS_STEP = 50_000;
/** Columns and rows on each side that are drawn before they come into sight. */
const AHEAD = 4;

/** What lies before the first index that there is a column for. */
export const originOf = (last: number): number => Math.max(0, Math.ceil((last - COLUMNS_MAX) / COLUMNS_STEP) * COLUMNS_STEP);

/** How many columns there is room for, in parts too. */
const columnsIn = (sizes: Sizes, room: Room): number => Math.max(1, (room.width - sizes.names) / sizes.pitch);

/** The last index that has a column: one empty column shows where nextIndex points, and a short log leaves no hole beside it. */
export const lastColumn = (sizes: Sizes, room: Room, last: number): number => Math.max(last + 1, Math.floor(columnsIn(sizes, room)));

/** The width of the plane. Where it is scrolled to its end, a whole column stands first: what is left over is behind the last. */
export function planeWidth(sizes: Sizes, room: Room, last: number): number {
  const columns = sizes.names + (lastColumn(sizes, room, last) - originOf(last)) * sizes.pitch;
  return columns > room.width ? room.width + Math.ceil((columns - room.width) / sizes.pitch) * sizes.pitch : columns;
}

/** Where a column begins. */
export const columnLeft = (sizes: Sizes, index: number, origin: number): number => sizes.names + (index - origin - 1) * sizes.pitch;

/** How far one can scroll. */
export const endLeft = (sizes: Sizes, room: Room, last: number): number => Math.max(0, planeWidth(sizes, room, last) - room.width);

/** Whether the end is in sight, up to half a column. */
export const atEnd = (sizes: Sizes, room: Room, last: number): boolean => room.left >= endLeft(sizes, room, last) - sizes.pitch / 2;

/** The indexes that are drawn: those in sight, and a few beside them. */
export function columnsDrawn(sizes: Sizes, room: Room, last: number): Range {
  const origin = originOf(last);
  const first = origin + 1 + Math.floor(room.left / sizes.pitch);
  const behind = first + Math.ceil(columnsIn(sizes, room)) + 1;
  return { from: Math.max(origin + 1, first - AHEAD), to: Math.min(lastColumn(sizes, room, last) + 1, behind + AHEAD) };
}

/** The first index of which more than half is in sight. */
export const firstInSight = (sizes: Sizes, room: Room, last: number): number => originOf(last) + 1 + Math.round(room.left / sizes.pitch);

/** The rows that are drawn, counted from 0. */
export function rowsDrawn(sizes: Sizes, room: Room, rows: number): Range {
  const first = Math.floor(room.top / sizes.row);
  const behind = Math.ceil((room.top + Math.max(0, room.height - sizes.head)) / sizes.row);
  return { from: Math.min(rows, Math.max(0, first - AHEAD)), to: Math.min(rows, behind + AHEAD) };
}

/** Where to scroll so that a column can be seen, moving no more than is needed; with the last entry the end comes into sight. */
export function leftFor(sizes: Sizes, room: Room, index: number, last: number): number {
  if (index >= last) return endLeft(sizes, room, last);
  const at = columnLeft(sizes, Math.max(index, originOf(last) + 1), originOf(last)) - sizes.names;
  const rightmost = at + sizes.pitch - (room.width - sizes.names);
  return Math.min(endLeft(sizes, room, last), Math.max(0, Math.min(at, Math.max(room.left, rightmost))));
}

/** Where to scroll so that a row can be seen. */
export function topFor(sizes: Sizes, room: Room, row: number): number {
  const at = row * sizes.row;
  return Math.max(0, Math.min(at, Math.max(room.top, at + sizes.row - (room.height - sizes.head))));
}

/** A place in the grid: a row counted from 0, and an index, or 0 for the server's name. */
export interface Place {
  readonly row: number;
  readonly index: number;
}

/** Where a key goes from a place; nothing when it is no key of the grid. */
export function walked(key: string, ctrl: boolean, { row, index }: Place, rows: number, last: number, page: number): Place | undefined {
  const first = originOf(last) + 1;
  const column = (to: number): Place => ({ row, index: Math.max(first, Math.min(Math.max(first, last), to)) });
  const other = (to: number): Place => ({ row: Math.max(0, Math.min(rows - 1, to)), index });
  switch (key) {
    case 'ArrowLeft':
      return index <= first ? { row, index: 0 } : column(index - 1);
    case 'ArrowRight':
      return index === 0 ? column(first) : column(index + 1);
    case 'ArrowUp':
      return other(row - 1);
    case 'ArrowDown':
      return other(row + 1);
    case 'PageUp':
      return column(index - page);
    case 'PageDown':
      return column(index + page);
    case 'Home':
      return ctrl ? { row: 0, index: first } : column(first);
    case 'End':
      return ctrl ? { row: rows - 1, index: Math.max(first, last) } : column(last);
  }
  return undefined;
}

/** Numbers of four digits and more have room at every other column. */
export const isNumbered = (index: number, last: number): boolean => last < 1_000 || index % 2 === 0;

/** How many whole columns are in sight. */
export const pageOf = (sizes: Sizes, room: Room): number => Math.max(1, Math.floor(columnsIn(sizes, room)));
