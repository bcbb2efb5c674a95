/** Writes what the diagram says, where there is room for it. */

import { type Colours, FONT, mixed, NO_TERM, ON_TERM, termColour } from '../theme';
import { type Label, PLATE_PX, TEXT_PX } from './labels';

/** What stands over the lanes or beside the times: it is no part of what is known of what is still to come. */
export const isHead = ({ kind }: Label): boolean => kind === 'election' || kind === 'barrier' || kind === 'note';

/** The font of a kind, by which its texts are measured and written. */
export function setFont(ctx: CanvasRenderingContext2D, kind: Label['kind']): void {
  ctx.font = `${kind === 'span' || kind === 'commit' ? 700 : 600} 11px ${FONT}`;
}

export function paintLabel(ctx: CanvasRenderingContext2D, colours: Colours, label: Label): void {
  const { kind, text, x, y } = label;
  setFont(ctx, kind);
  switch (kind) {
    case 'election':
      ctx.fillStyle = colours.ink;
      break;
    case 'barrier':
      ctx.fillStyle = colours.warning;
      break;
    case 'span':
      return writeSpan(ctx, colours, label);
    case 'commit':
      ctx.fillStyle = mixed(colours.panel, 0.8);
      ctx.fillRect(x - 1, y - TEXT_PX / 2, label.width + 2, TEXT_PX);
      ctx.fillStyle = colours.good;
      break;
    case 'gap':
    case 'note':
      ctx.fillStyle = mixed(colours.panel, kind === 'gap' ? 1 : 0.9);
      ctx.fillRect(x, y - label.height / 2, label.width, label.height);
      ctx.fillStyle = colours.soft;
      ctx.fillText(text, x + PLATE_PX, y);
      return;
  }
  ctx.fillText(text, x, y);
}

function writeSpan(ctx: CanvasRenderingContext2D, colours: Colours, { text, x, y, on }: Label): void {
  const inBar = on !== undefined && !colours.forced;
  // A seam keeps it apart from the lines that it meets.
  ctx.lineJoin = 'round';
  ctx.lineWidth = 3;
  ctx.strokeStyle = !inBar ? mixed(colours.panel, 0.85) : on.role === null ? NO_TERM : termColour(on.term);
  ctx.fillStyle = !inBar ? colours.ink : ON_TERM;
  ctx.strokeText(text, x, y);
  ctx.fillText(text, x, y);
}
