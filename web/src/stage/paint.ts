import { FONT, ON_TERM, type Colours, mixed, termColour, termHatch, TEXT_PX_MIN } from '../theme';
import { type Layout } from './geometry';
import { type AilingWords, paintAils, paintLinks, paintPause, paintPlate } from './paint-ails';
import { paintMessages } from './paint-messages';
import { paintWall, paintWallStroke } from './paint-walls';
import { asksForVotes, type Membership, type Scene, type ServerItem, VOTE, Way } from './scene';

/** What the hand is doing and has chosen; drawn with the scene but no part of the run. */
export interface Marks {
  readonly selected: ReadonlySet<number>;
  readonly selectedWall: number;
  readonly hovered: number;
  readonly hoveredWall: number;
  /** A message that is pointed at elsewhere, or 0. */
  readonly litMessage: number;
  /** A wall that is being drawn, in CSS pixels. */
  readonly draft: { ax: number; ay: number; bx: number; by: number } | null;
  /** Servers that a violation names. */
  readonly evidence: ReadonlySet<number>;
  /** Which steps of an explanation happened at each. */
  readonly explained: ReadonlyMap<number, string>;
  /** The word under a crashed server's name, and before a term's number. */
  readonly crashedWord: string;
  readonly termWord: string;
  /** What is written on a TimeoutNow, and on a ReadIndex. */
  readonly timeoutNowWord: string;
  readonly readWord: string;
  /** Over servers that are no plain voters. */
  readonly memberMarks: Readonly<Record<Membership, string>>;
  readonly roleLetters: Readonly<Record<string, string>>;
  readonly ailing: AilingWords;
}

const TURN = Math.PI * 2;
const NAMED_RADIUS_MIN = 12;
/** A learner's disc, beside a voter's. */
const LEARNER_SIZE = 0.84;
/** With more servers than this, only cut ways and those of the chosen servers are drawn. */
const ALL_WAYS_MAX = 16;

/** Draws the whole stage. `ctx` is scaled to CSS pixels. */
export function paint(ctx: CanvasRenderingContext2D, scene: Scene, layout: Layout, colours: Colours, marks: Marks): void {
  ctx.fillStyle = colours.stage;
  ctx.fillRect(0, 0, layout.width, layout.height);
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  paintWays(ctx, scene, layout, colours, marks);
  paintLinks(ctx, scene, layout, colours, marks);
  for (let i = 0; i < scene.walls.count; i += 1) {
    const wall = scene.walls.at(i);
    paintWall(ctx, wall, layout, colours, wall.id === marks.selectedWall || wall.id === marks.hoveredWall);
  }
  if (marks.draft) {
    ctx.globalAlpha = 0.75;
    paintWallStroke(ctx, marks.draft, layout, colours, true);
    ctx.globalAlpha = 1;
  }
  paintMessages(ctx, scene, layout, colours, marks);
  for (let i = 0; i < scene.servers.count; i += 1) paintServer(ctx, scene, scene.servers.at(i), layout, colours, marks);
}

function paintWays(ctx: CanvasRenderingContext2D, scene: Scene, layout: Layout, colours: Colours, marks: Marks): void {
  const n = scene.servers.count;
  const all = n <= ALL_WAYS_MAX;
  const draw = (wanted: (way: Way, own: boolean) => boolean): void => {
    ctx.beginPath();
    let pair = 0;
    for (let low = 0; low < n; low += 1) {
      const a = scene.servers.at(low);
      for (let high = low + 1; high < n; high += 1, pair += 1) {
        const way = scene.ways[pair] as Way;
        const b = scene.servers.at(high);
        if (!wanted(way, scene.own[pair] === 1) || !(all || marks.selected.has(a.id) || marks.selected.has(b.id) || marks.hovered === a.id || marks.hovered === b.id)) continue;
        ctx.moveTo(a.x, a.y);
        ctx.lineTo(b.x, b.y);
        if (way > Way.cut) paintPassing(ctx, way === Way.upOnly ? a : b, way === Way.upOnly ? b : a, layout.radius);
      }
    }
    ctx.stroke();
  };
  ctx.strokeStyle = colours.forced ? colours.hairline : mixed(colours.soft, 0.34);
  ctx.lineWidth = 1 * layout.unit;
  draw((way, own) => way !== Way.cut && !own);
  ctx.setLineDash([8 * layout.unit, 4 * layout.unit]);
  draw((way, own) => way !== Way.cut && own);
  ctx.strokeStyle = colours.forced ? colours.hairline : mixed(colours.soft, 0.42);
  ctx.setLineDash([1.5 * layout.unit, 5.5 * layout.unit]);
  draw((way) => way === Way.cut);
  ctx.setLineDash([]);
}

/** The arrowhead of the direction that still passes. */
function paintPassing(ctx: CanvasRenderingContext2D, from: ServerItem, to: ServerItem, radius: number): void {
  const length = Math.hypot(to.x - from.x, to.y - from.y) || 1;
  const dx = (to.x - from.x) / length;
  const dy = (to.y - from.y) / length;
  const x = to.x - dx * radius * 1.6;
  const y = to.y - dy * radius * 1.6;
  const size = 8;
  ctx.moveTo(x - dx * size - dy * size * 0.6, y - dy * size + dx * size * 0.6);
  ctx.lineTo(x, y);
  ctx.lineTo(x - dx * size + dy * size * 0.6, y - dy * size - dx * size * 0.6);
}

function paintServer(ctx: CanvasRenderingContext2D, scene: Scene, server: ServerItem, layout: Layout, colours: Colours, marks: Marks): void {
  const { x, y, membership } = server;
  const learns = membership === 'learner';
  const r = layout.radius * (learns ? LEARNER_SIZE : 1);
  const asks = asksForVotes(server);
  const first = asks && server.role === 'pre_candidate';
  const leader = server.up && server.role === 'leader';
  paintHalo(ctx, server, layout, colours, marks);
  paintTimer(ctx, server, r, layout, colours);

  body(ctx, x, y, r, asks);
  const coloured = server.up && !colours.forced;
  if (!coloured || membership === 'none') {
    // Hollow, or pale: ways and messages do not show through.
    ctx.fillStyle = colours.stage;
    ctx.fill();
  }
  if (coloured) {
    ctx.fillStyle = membership === 'none' ? mixed(termColour(server.term), 0.22) : termColour(server.term);
    ctx.fill();
  }
  if (server.up && membership !== 'none') paintHatch(ctx, server, r, asks, colours);
  ctx.strokeStyle = server.up && membership !== 'none' ? colours.ink : colours.soft;
  ctx.lineWidth = leader ? Math.max(3, r * 0.13) : first ? Math.max(2.5, r * 0.09) : asks ? Math.max(2, r * 0.07) : learns ? Math.max(2, r * 0.07) : Math.max(1.25, r * 0.04);
  if (learns && !leader) ctx.setLineDash([r * 0.26, r * 0.16]);
  if (asks) ctx.setLineDash(first ? [0, ctx.lineWidth * 2] : [r * 0.2, r * 0.13]);
  if (first) ctx.lineCap = 'round';
  if (!server.up) ctx.setLineDash([r * 0.08, r * 0.1]);
  body(ctx, x, y, r, asks);
  ctx.stroke();
  ctx.setLineDash([]);
  ctx.lineCap = 'butt';
  if (leader) paintCrown(ctx, x, y - crownBase(r), crownHalf(r), colours);
  paintName(ctx, server, r, layout, colours, marks);
  const mark = marks.memberMarks[membership];
  if (mark && layout.roomy) {
    const top = leader ? crownBase(r) + crownHalf(r) * 1.05 : ringOf(r, layout) + 2 * layout.unit;
    const above = Math.max(top, marks.selected.has(server.id) || marks.evidence.has(server.id) ? haloOf(layout) : 0);
    paintPlate(ctx, mark, x, Math.max(layout.termSize, y - above - layout.termSize * 0.85), layout, colours);
  }
  if (asks) paintVotes(ctx, scene, server, layout, colours);
  paintAils(ctx, server, r, layout, colours, marks.ailing);
  paintStrip(ctx, server, layout, colours);
  paintPlaces(ctx, server, layout, colours, marks.explained.get(server.id));
}

/** A disc, or a candidate's and a pre-candidate's rounded square of about the same area. */
function body(ctx: CanvasRenderingContext2D, x: number, y: number, r: number, square: boolean): void {
  ctx.beginPath();
  if (square) ctx.roundRect(x - r * 0.93, y - r * 0.93, r * 1.86, r * 1.86, r * 0.36);
  else ctx.arc(x, y, r, 0, TURN);
}

function paintHalo(ctx: CanvasRenderingContext2D, server: ServerItem, layout: Layout, colours: Colours, marks: Marks): void {
  const { x, y } = server;
  const selected = marks.selected.has(server.id);
  const evidence = marks.evidence.has(server.id);
  if (!selected && !evidence && marks.hovered !== server.id) return;
  const colour = evidence ? colours.warning : colours.accent;
  if (!colours.forced) {
    ctx.beginPath();
    ctx.arc(x, y, haloOf(layout), 0, TURN);
    ctx.fillStyle = mixed(colour, selected || evidence ? 0.16 : 0.08);
    ctx.fill();
  }
  if (selected || evidence) {
    ctx.beginPath();
    ctx.arc(x, y, haloOf(layout), 0, TURN);
    ctx.lineWidth = 2 * layout.unit;
    ctx.strokeStyle = colour;
    ctx.stroke();
  }
}

/** How far above a disc's middle its crown stands, and how wide half of that is. */
const crownBase = (r: number): number => r + Math.max(5, r * 0.16);
const crownHalf = (r: number): number => Math.max(9, r * 0.34);
/** Where the timer's ring runs, and the halo of what is chosen. */
const haloOf = (layout: Layout): number => layout.radius * 1.55;
const ringOf = (r: number, layout: Layout): number => r + (layout.roomy ? Math.max(5, r * 0.24) : 3);

/** The election timer drains clockwise from the top. */
function paintTimer(ctx: CanvasRenderingContext2D, server: ServerItem, r: number, layout: Layout, colours: Colours): void {
  if (server.timer < 0) return;
  const ring = ringOf(r, layout);
  ctx.lineWidth = layout.roomy ? 3.5 * layout.unit : 2;
  ctx.beginPath();
  ctx.arc(server.x, server.y, ring, 0, TURN);
  ctx.strokeStyle = colours.hairline;
  ctx.stroke();
  ctx.beginPath();
  ctx.arc(server.x, server.y, ring, -TURN / 4, -TURN / 4 + TURN * server.timer);
  ctx.strokeStyle = colours.soft;
  ctx.stroke();
}

/** From the second cycle of colours on a hatch tells terms apart that share a colour. */
function paintHatch(ctx: CanvasRenderingContext2D, server: ServerItem, r: number, square: boolean, colours: Colours): void {
  const hatch = termHatch(server.term);
  if (hatch === 0 || colours.forced) return;
  ctx.save();
  body(ctx, server.x, server.y, r, square);
  ctx.clip();
  ctx.strokeStyle = mixed(ON_TERM, 0.2);
  ctx.lineWidth = Math.max(1, r * 0.05);
  ctx.beginPath();
  for (let d = -2 * r; d <= 2 * r; d += r * 0.26) {
    if (hatch !== 2) {
      ctx.moveTo(server.x + d - r, server.y + r);
      ctx.lineTo(server.x + d + r, server.y - r);
    }
    if (hatch !== 1) {
      ctx.moveTo(server.x + d - r, server.y - r);
      ctx.lineTo(server.x + d + r, server.y + r);
    }
  }
  ctx.stroke();
  ctx.restore();
}

function paintCrown(ctx: CanvasRenderingContext2D, x: number, base: number, half: number, colours: Colours): void {
  const h = half * 1.05;
  ctx.beginPath();
  ctx.moveTo(x - half, base);
  ctx.lineTo(x - half, base - h);
  ctx.lineTo(x - half * 0.45, base - h * 0.45);
  ctx.lineTo(x, base - h * 0.95);
  ctx.lineTo(x + half * 0.45, base - h * 0.45);
  ctx.lineTo(x + half, base - h);
  ctx.lineTo(x + half, base);
  ctx.closePath();
  ctx.fillStyle = colours.ink;
  ctx.fill();
}

function paintName(ctx: CanvasRenderingContext2D, server: ServerItem, r: number, layout: Layout, colours: Colours, marks: Marks): void {
  const { x, y } = server;
  const onDisc = !server.up ? colours.soft : colours.forced || server.membership === 'none' ? colours.ink : ON_TERM;
  const share = r / layout.radius;
  const termSize = Math.max(TEXT_PX_MIN, Math.round(layout.termSize * share));
  ctx.fillStyle = onDisc;
  ctx.font = `700 ${Math.max(TEXT_PX_MIN, Math.round(layout.nameSize * share))}px ${FONT}`;
  if (!layout.roomy) {
    // So small a disc has room for the number alone.
    ctx.fillText(layout.radius < NAMED_RADIUS_MIN ? String(server.id) : `S${server.id}`, x, y + 0.5);
    // The term stands outside the ring, away from the middle of the stage.
    const fromX = x - layout.width / 2;
    const fromY = y - layout.floor / 2;
    const length = Math.hypot(fromX, fromY) || 1;
    ctx.fillStyle = colours.soft;
    ctx.font = `600 ${layout.termSize}px ${FONT}`;
    ctx.fillText(String(server.term), x + (fromX / length) * (r + 19), y + (fromY / length) * (r + 16));
    return;
  }
  ctx.fillText(`S${server.id}`, x, y - r * 0.08);
  ctx.font = `600 ${termSize}px ${FONT}`;
  ctx.fillText(server.up ? `${marks.termWord} ${server.term}` : marks.crashedWord, x, y + r * 0.42);
  if (server.paused) paintPause(ctx, x, y - r * 0.58, r * 0.15);
  else if (server.up) {
    ctx.font = `600 ${Math.max(TEXT_PX_MIN, Math.round(termSize * 0.95))}px ${FONT}`;
    ctx.fillText(marks.roleLetters[server.role] ?? '', x, y - r * 0.58);
  }
}

/** The places of the steps that an explanation has here, at the server's shoulder; the diagram marks them alike. */
function paintPlaces(ctx: CanvasRenderingContext2D, server: ServerItem, layout: Layout, colours: Colours, places: string | undefined): void {
  if (places === undefined) return;
  ctx.font = `700 ${TEXT_PX_MIN}px ${FONT}`;
  const half = Math.max(8, ctx.measureText(places).width / 2 + 5);
  // Beside a crown, and not under the way to the menu.
  const [x, y] = [Math.max(half + 2, server.x - layout.radius * 0.55 - half), Math.max(12, server.y - layout.radius * 1.1 - 6)];
  ctx.beginPath();
  ctx.roundRect(x - half, y - 8, 2 * half, 16, 8);
  ctx.fillStyle = colours.panel;
  ctx.fill();
  ctx.strokeStyle = colours.accent;
  ctx.lineWidth = 2;
  ctx.stroke();
  ctx.fillStyle = colours.accent;
  ctx.fillText(places, x, y + 0.5);
}

/** A dot at each peer's bearing: white not given, grey granted and on its way, ink counted, struck through refused. */
function paintVotes(ctx: CanvasRenderingContext2D, scene: Scene, server: ServerItem, layout: Layout, colours: Colours): void {
  const dot = Math.max(3.5, layout.radius * 0.15);
  for (let i = 0; i < scene.servers.count; i += 1) {
    const peer = scene.servers.at(i);
    const counts = peer.membership === 'voter' || peer.membership === 'old_voter';
    if (peer.id === server.id || (!counts && server.votes[i] === VOTE.open)) continue;
    const length = Math.hypot(peer.x - server.x, peer.y - server.y) || 1;
    const rim = layout.radius * 1.02;
    const x = server.x + ((peer.x - server.x) / length) * rim;
    const y = server.y + ((peer.y - server.y) / length) * rim;
    const vote = server.votes[i];
    ctx.beginPath();
    ctx.arc(x, y, dot, 0, TURN);
    ctx.fillStyle = vote === VOTE.counted ? colours.ink : vote === VOTE.granted ? '#8C96A0' : colours.forced ? colours.stage : '#FFFFFF';
    ctx.fill();
    ctx.lineWidth = Math.max(1.25, layout.unit * 1.25);
    ctx.strokeStyle = colours.forced ? colours.ink : vote === VOTE.counted ? colours.stage : ON_TERM;
    ctx.stroke();
    if (vote === VOTE.refused) {
      ctx.beginPath();
      ctx.moveTo(x - dot * 0.6, y + dot * 0.6);
      ctx.lineTo(x + dot * 0.6, y - dot * 0.6);
      ctx.stroke();
    }
  }
}

/** The last entries of the log: committed solid, uncommitted dashed and paler, the number and colour their term's. */
function paintStrip(ctx: CanvasRenderingContext2D, server: ServerItem, layout: Layout, colours: Colours): void {
  if (layout.slots === 0 || server.lastIndex === 0) return;
  const size = layout.slot;
  // What a snapshot stands for has an end and no number of entries.
  const elided = server.elided === 0 ? '' : server.elided === server.snapshotIndex ? `…${server.elided}` : `+${server.elided}`;
  ctx.font = `600 ${Math.max(11, Math.round(size * 0.58))}px ${FONT}`;
  const lead = elided ? ctx.measureText(elided).width + 5 : 0;
  const width = server.shown * size;
  const left = server.x - (width + lead) / 2 + lead;
  const top = server.y + layout.radius + Math.max(14, layout.radius * 0.45);
  if (elided) {
    ctx.fillStyle = colours.soft;
    ctx.textAlign = 'right';
    ctx.fillText(elided, left - 4, top + size / 2 + 0.5);
    ctx.textAlign = 'center';
  }
  for (let slot = 0; slot < server.shown; slot += 1) {
    const term = server.entryTerms[slot] as number;
    const committed = server.shownFirst + slot <= server.commitIndex;
    const x = left + slot * size;
    ctx.beginPath();
    ctx.roundRect(x + 1, top + 1, size - 2, size - 2, Math.min(4 * layout.unit, size / 4));
    if (!colours.forced) {
      ctx.globalAlpha = committed ? 1 : colours.dark ? 0.34 : 0.45;
      ctx.fillStyle = termColour(term);
      ctx.fill();
      ctx.globalAlpha = 1;
    }
    ctx.lineWidth = (committed ? 1.5 : 1.25) * layout.unit;
    ctx.strokeStyle = committed ? colours.ink : colours.soft;
    if (!committed) ctx.setLineDash([2.5 * layout.unit, 2.5 * layout.unit]);
    ctx.stroke();
    if (!committed) ctx.setLineDash([]);
    ctx.fillStyle = colours.forced || (!committed && colours.dark) ? colours.ink : ON_TERM;
    const members = server.entryMembers[slot] === 1;
    ctx.fillText(String(term), x + size / 2, top + size / 2 + (members ? -size * 0.08 : 0.5));
    if (members) paintMembers(ctx, x + size / 2, top + size * 0.77, size);
    if (server.entryNoOps[slot] === 1) {
      // A folded corner: the entry carries no command.
      const fold = size * 0.3;
      ctx.beginPath();
      ctx.moveTo(x + size - 2 - fold, top + 1.5);
      ctx.lineTo(x + size - 1.5, top + 2 + fold);
      ctx.lineTo(x + size - 1.5, top + 1.5);
      ctx.fill();
    }
  }
}

/** Three dots at the foot of an entry: it says who counts. */
function paintMembers(ctx: CanvasRenderingContext2D, x: number, y: number, size: number): void {
  ctx.beginPath();
  for (const along of [-1, 0, 1]) {
    ctx.moveTo(x + along * size * 0.22 + size * 0.07, y);
    ctx.arc(x + along * size * 0.22, y, size * 0.07, 0, TURN);
  }
  ctx.fill();
}
