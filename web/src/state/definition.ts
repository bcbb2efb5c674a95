/** What a term means, shown beside it: while it is pointed at, has the focus, or was tapped. */

import { sectionText } from '../words';
import { DEFINITIONS, type Term } from '../lang/en/state';

const WIDTH_PX = 300;
const GAP_PX = 4;
const MARGIN_PX = 12;
/** With less room than this below a term, what it means stands above it. */
const HEIGHT_PX = 130;
/** From a term to its definition a hand may take so long. */
const LINGER_MS = 150;

let leaving: ReturnType<typeof setTimeout> | undefined;

const tipOf = (root: Element): HTMLElement | null => root.querySelector('.term-tip');
const termOf = (event: Event): HTMLElement | null => (event.target as Element).closest<HTMLElement>('[data-term]');

function show(root: Element, term: HTMLElement): void {
  const tip = tipOf(root);
  if (!tip) return;
  clearTimeout(leaving);
  const [text, section] = DEFINITIONS[term.dataset['term'] as Term];
  const where = document.createElement('span');
  where.className = 'section';
  where.textContent = sectionText(section);
  tip.replaceChildren(text, ' ', where);
  place(tip, term);
  if (!tip.matches(':popover-open')) tip.showPopover();
}

/** Below its term, or above it near the end of the window. */
function place({ style }: HTMLElement, term: HTMLElement): void {
  const { left, top, bottom } = term.getBoundingClientRect();
  const room = document.documentElement.clientWidth - 2 * MARGIN_PX;
  const width = Math.min(WIDTH_PX, room);
  const below = innerHeight - bottom > HEIGHT_PX;
  style.width = `${width}px`;
  style.left = `${scrollX + Math.max(MARGIN_PX, Math.min(left, MARGIN_PX + room - width))}px`;
  style.top = below ? `${scrollY + bottom + GAP_PX}px` : 'auto';
  style.bottom = below ? 'auto' : `${innerHeight - scrollY - top + GAP_PX}px`;
}

function hide(root: Element): boolean {
  const tip = tipOf(root);
  clearTimeout(leaving);
  if (!tip?.matches(':popover-open')) return false;
  tip.hidePopover();
  return true;
}

const rootOf = (event: Event): Element => event.currentTarget as Element;

export const hands = {
  over(event: PointerEvent): void {
    const term = termOf(event);
    if (term) show(rootOf(event), term);
    // On the definition itself it stays.
    else if ((event.target as Element).closest('.term-tip')) clearTimeout(leaving);
  },
  out(event: PointerEvent): void {
    const root = rootOf(event);
    clearTimeout(leaving);
    if (event.pointerType === 'mouse') leaving = setTimeout(() => hide(root), LINGER_MS);
  },
  focus(event: FocusEvent): void {
    const term = termOf(event);
    if (term) show(rootOf(event), term);
  },
  blur(event: FocusEvent): void {
    hide(rootOf(event));
  },
  click(event: MouseEvent): void {
    const term = termOf(event);
    if (term) show(rootOf(event), term);
    else hide(rootOf(event));
  },
  key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && hide(rootOf(event))) event.preventDefault();
  },
};
