/** What on the stage a menu is about. */

import type { Layout } from '../stage/geometry';
import type { Target } from '../stage/hands';
import type { Scene, ServerItem } from '../stage/scene';

export type Spot =
  | { readonly kind: 'server'; readonly id: number }
  | { readonly kind: 'message'; readonly id: number }
  | { readonly kind: 'link'; readonly a: number; readonly b: number }
  | { readonly kind: 'wall'; readonly id: number }
  | { readonly kind: 'stage' };

/** How far from a thing a press may be, in pixels. Of many lines only one that is hit is meant. */
const REACH = { mouse: { message: 11, link: 7 }, touch: { message: 22, link: 14 } } as const;
const MANY_SERVERS = 12;
const LINK_PX_OF_MANY = 3;

/** The nearest message on its way, within reach. */
export function messageAt(scene: Scene, x: number, y: number, touch: boolean): number {
  let nearest: number = REACH[touch ? 'touch' : 'mouse'].message;
  let found = 0;
  for (let i = 0; i < scene.messages.count; i += 1) {
    const message = scene.messages.at(i);
    const distance = Math.hypot(x - message.x, y - message.y);
    if (message.state !== 0 || distance > nearest) continue;
    nearest = distance;
    found = message.id;
  }
  return found;
}

/**
 * What lies under a point, where the hands would take hold of `target`: a server's disc hides what passes behind it, messages
 * lie over walls and lines.
 */
export function spotAt(scene: Scene, layout: Layout, target: Target, x: number, y: number, touch: boolean): Spot {
  const server = target.kind === 'server' ? scene.server(target.id) : undefined;
  if (server && Math.hypot(x - server.x, y - server.y) <= layout.radius) return { kind: 'server', id: server.id };
  const message = messageAt(scene, x, y, touch);
  if (message > 0) return { kind: 'message', id: message };
  if (server) return { kind: 'server', id: server.id };
  if (target.kind === 'wall' || target.kind === 'end') return { kind: 'wall', id: target.wall };
  return linkAt(scene, x, y, touch) ?? { kind: 'stage' };
}

function linkAt(scene: Scene, x: number, y: number, touch: boolean): Spot | undefined {
  const { count } = scene.servers;
  let nearest: number = count > MANY_SERVERS ? LINK_PX_OF_MANY : REACH[touch ? 'touch' : 'mouse'].link;
  let found: Spot | undefined;
  for (let low = 0; low < count; low += 1) {
    for (let high = low + 1; high < count; high += 1) {
      const [a, b] = [scene.servers.at(low), scene.servers.at(high)];
      const distance = beside(a, b, x, y);
      if (distance > nearest) continue;
      nearest = distance;
      found = { kind: 'link', a: a.id, b: b.id };
    }
  }
  return found;
}

/** How far a point is from the line between two servers; infinitely far where it is not between them. */
function beside(a: ServerItem, b: ServerItem, x: number, y: number): number {
  const [dx, dy, px, py] = [b.x - a.x, b.y - a.y, x - a.x, y - a.y];
  const length = Math.hypot(dx, dy);
  const along = (px * dx + py * dy) / length;
  return along > 0 && along < length ? Math.abs(px * dy - py * dx) / length : Infinity;
}
