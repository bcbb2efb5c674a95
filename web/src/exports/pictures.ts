/** Pictures of what is on the page, as files. */

import { EXPORTS } from '../lang/en/exports';
import type { Colours } from '../theme';
import { recording } from './svg';

/** Something that can be painted, in CSS pixels. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  paint(ctx: CanvasRenderingContext2D, colours: Colours): void;
}

/** Pixels of a picture for each of the page's. */
const DENSITY = 2;

/** A canvas of its own; one whose pixels are `read` again and again says so. */
export function ground(width: number, height: number, read = false): { canvas: HTMLCanvasElement; ctx: CanvasRenderingContext2D } {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  const ctx = canvas.getContext('2d', { willReadFrequently: read });
  if (!ctx) throw new Error(EXPORTS.noCanvas);
  return { canvas, ctx };
}

/** A picture painted on a canvas of its own. */
export function painted(picture: Picture, colours: Colours, density = DENSITY): HTMLCanvasElement {
  const { canvas, ctx } = ground(Math.round(picture.width * density), Math.round(picture.height * density));
  ctx.setTransform(density, 0, 0, density, 0, 0);
  picture.paint(ctx, colours);
  return canvas;
}

export function png(picture: Picture, colours: Colours): Promise<Blob> {
  const canvas = painted(picture, colours);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error(EXPORTS.noPicture))), 'image/png');
  });
}

export function svg(picture: Picture, colours: Colours, title: string): Blob {
  const { ctx } = ground(1, 1);
  const record = recording((text, font) => {
    ctx.font = font;
    return ctx.measureText(text).width;
  });
  // The system's own colours have names that mean something on this page alone.
  const plain = Object.fromEntries(Object.entries(colours).map(([name, value]) => [name, typeof value === 'string' ? ((ctx.fillStyle = value), ctx.fillStyle) : value])) as unknown as Colours;
  picture.paint(record.ctx, colours.forced ? plain : colours);
  return new Blob([record.svg(picture.width, picture.height, title)], { type: 'image/svg+xml' });
}
