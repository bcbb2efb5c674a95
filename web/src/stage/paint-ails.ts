import { AILS } from '../door/layout';
import { FONT, type Colours } from '../theme';
import type { Layout } from './geometry';
import type { LinkItem, Scene, ServerItem } from './scene';

export interface AilingWords {
  readonly sign: { readonly list: string };
  readonly ails: Readonly<Record<keyof typeof AILS | 'paused', string>>;
  readonly link: (delayMs: number, lossPermille: number, flaps: boolean) => string;
}

/** So many texts stand on a server's plate at most. */
const AILS_SHOWN = 2;
/** With more pairs of servers than this that are not as all are, only those of the chosen servers are labelled. */
const LABELLED_PAIRS_MAX = 4;

/** What is not as it should be with a server, the most telling first. */
export function ailsOf(server: { up: boolean; paused: boolean; ails: number }, words: AilingWords): string[] {
  const names = Object.entries(AILS) as [keyof typeof AILS, number][];
  const found = names.filter(([, bit]) => (server.ails & bit) !== 0).map(([name]) => words.ails[name]);
  return server.up && server.paused ? [words.ails.paused, ...found] : found;
}

/** What a link is labelled with: where, as a share of the way from its first server to its second, and what. */
export interface Label {
  readonly from: number;
  readonly to: number;
  readonly share: number;
  readonly text: string;
}

/** The labels of links: one in the middle where both directions are the same, else one near each sender. */
export function labelsOf(links: readonly LinkItem[], words: AilingWords, chosen: (server: number) => boolean): Label[] {
  const pairs = new Map<string, LinkItem[]>();
  for (const link of links) {
    const pair = `${Math.min(link.from, link.to)} ${Math.max(link.from, link.to)}`;
    pairs.set(pair, [...(pairs.get(pair) ?? []), link]);
  }
  const labels: Label[] = [];
  for (const directions of pairs.values()) {
    const [one, other] = directions as [LinkItem, LinkItem?];
    if (pairs.size > LABELLED_PAIRS_MAX && !chosen(one.from) && !chosen(one.to)) continue;
    const text = (link: LinkItem): string => words.link(link.delayMs, link.lossPermille, link.flaps);
    if (other && text(one) === text(other)) labels.push({ from: one.from, to: one.to, share: 0.5, text: text(one) });
    else for (const link of directions) labels.push({ from: link.from, to: link.to, share: 0.34, text: `S${link.from} → S${link.to}: ${text(link)}` });
  }
  return labels;
}

export function paintLinks(
  ctx: CanvasRenderingContext2D,
  scene: Scene,
  layout: Layout,
  colours: Colours,
  marks: { selected: ReadonlySet<number>; hovered: number; ailing: AilingWords },
): void {
  if (scene.links.count === 0 || !layout.roomy) return;
  const chosen = (server: number): boolean => marks.selected.has(server) || marks.hovered === server;
  for (const label of labelsOf(scene.links.items.slice(0, scene.links.count), marks.ailing, chosen)) {
    const [from, to] = [scene.server(label.from), scene.server(label.to)];
    if (from && to) paintPlate(ctx, label.text, from.x + (to.x - from.x) * label.share, from.y + (to.y - from.y) * label.share, layout, colours);
  }
}

/** On the lower rim of a server. Where there is no room for words, two bars say that it is paused. */
export function paintAils(ctx: CanvasRenderingContext2D, server: ServerItem, r: number, layout: Layout, colours: Colours, words: AilingWords): void {
  const ails = ailsOf(server, words);
  if (ails.length === 0) return;
  if (layout.roomy) {
    const text = ails.slice(0, AILS_SHOWN).join(words.sign.list) + (ails.length > AILS_SHOWN ? ' …' : '');
    paintPlate(ctx, text, server.x, server.y + r * 1.2, layout, colours);
  } else if (server.paused) {
    ctx.fillStyle = colours.ink;
    paintPause(ctx, server.x + r * 0.9, server.y - r * 0.9, Math.max(4, r * 0.3));
  }
}

/** Two bars, in the colour that is set. */
export function paintPause(ctx: CanvasRenderingContext2D, x: number, y: number, half: number): void {
  ctx.fillRect(x - half, y - half, half * 0.7, half * 2);
  ctx.fillRect(x + half * 0.3, y - half, half * 0.7, half * 2);
}

/** A few words on a ground of their own: ways and messages pass behind it. */
export function paintPlate(ctx: CanvasRenderingContext2D, text: string, x: number, y: number, layout: Layout, colours: Colours): void {
  ctx.font = `600 ${layout.termSize}px ${FONT}`;
  const width = ctx.measureText(text).width + 8 * layout.unit;
  ctx.fillStyle = colours.stage;
  ctx.fillRect(x - width / 2, y - layout.termSize * 0.7, width, layout.termSize * 1.4);
  ctx.fillStyle = colours.soft;
  ctx.fillText(text, x, y + 0.5);
}
