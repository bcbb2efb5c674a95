/** Which page of items belongs to what on the stage. */

import { action, keyText } from '../actions';
import { LIMITS, STAGE_EXTENT } from '../door/layout';
import type { Input, WallStops } from '../door/types';
import { allWell } from '../faults/inputs';
import { WORDS } from '../words';
import { MENU } from '../lang/en/faults';
import { choice, doing, fromAction, type Item, leavesJoint, type Moment, notJoint, type Page } from './items';
import { linkPage } from './link-items';
import { messagePage } from './message-items';
import { serverPage } from './server-items';
import type { Spot } from './spots';

export function pageOf(spot: Spot, moment: Moment): Page {
  switch (spot.kind) {
    case 'server':
      return serverPage(moment);
    case 'message':
      return messagePage(spot.id, moment);
    case 'link':
      return linkPage(spot.a, spot.b, moment);
    case 'wall':
      return wallPage(spot.id, moment);
    case 'stage':
      return stagePage(moment);
  }
}

/** Of a million messages so many are stopped. */
const STOPPED_PPM = [1_000_000, 800_000, 500_000, 200_000] as const;

function wallPage(wall: number, moment: Moment): Page {
  const { bench, scene, state } = moment;
  const words = MENU.wall;
  const drawn = scene.wall(wall);
  const now = state.walls.find((one) => one.wall === wall);
  const set = (id: string, label: string, change: { stops?: WallStops; loss_ppm?: number }, more: Partial<Item> = {}): Item => {
    const same = now && (change.stops ?? now.stops) === now.stops && (change.loss_ppm ?? now.loss_ppm) === now.loss_ppm;
    return choice(moment, id, label, now && !same ? [{ kind: 'set_wall', wall, stops: now.stops, loss_ppm: now.loss_ppm, ...change }] : [], more);
  };
  const across = drawn ? arrowAcross(drawn) : ['', ''];
  return {
    title: WORDS.wall(wall),
    items: [
      set('both', words.both, { stops: 'both' }),
      set('rightward', words.only(across[0]), { stops: 'rightward' }),
      set('leftward', words.only(across[1]), { stops: 'leftward' }),
      ...STOPPED_PPM.map((ppm, at) => set(`stops-${ppm / 10_000}`, words.share(ppm), { loss_ppm: ppm }, { apart: at === 0 })),
      { id: 'remove-wall', label: words.remove, refusal: drawn ? null : words.gone, key: keyText('Delete'), run: () => bench.removeWall(wall), apart: true },
      fromAction(bench, action('heal')),
    ],
  };
}

/** Arrows across a wall as it is seen: to its right, seen from its end a, and to its left. */
export function arrowAcross({ ax, ay, bx, by }: { ax: number; ay: number; bx: number; by: number }): readonly [string, string] {
  // Eighths of a turn with the clock, from what goes to the right.
  const eighth = Math.round((Math.atan2(bx - ax, ay - by) / Math.PI) * 4);
  const arrow = (turn: number): string => ARROWS[(turn + 16) % 8] ?? '';
  return [arrow(eighth), arrow(eighth + 4)];
}

const ARROWS = ['→', '↘', '↓', '↙', '←', '↖', '↑', '↗'] as const;

/** Half as long as the stage is wide. */
const WALL_HALF = STAGE_EXTENT / 8;

export function stagePage(moment: Moment): Page {
  const { bench, scene, settings, place } = moment;
  const words = MENU.stageDo;
  const x = Math.min(STAGE_EXTENT - WALL_HALF, Math.max(WALL_HALF, place.x));
  const full = scene.walls.count >= LIMITS.walls;
  const wall: Input = { kind: 'wall', wall: scene.freeWall, ax: x - WALL_HALF, ay: place.y, bx: x + WALL_HALF, by: place.y };
  return {
    title: MENU.title.stage,
    items: [
      fromAction(bench, action('propose')),
      fromAction(bench, action('read')),
      fromAction(bench, action('add-server')),
      doing(moment, 'leave-joint', MENU.joint.leave, leavesJoint(moment, 0), notJoint(moment)),
      doing(moment, 'wall-here', words.wallHere, full ? [] : [wall], words.tooManyWalls(LIMITS.walls), { apart: true }),
      fromAction(bench, action('heal')),
      doing(moment, 'release-all', words.releaseAll, settings.held > 0 ? [{ kind: 'release_all' }] : [], words.noneHeld),
      doing(moment, 'all-well', words.well, allWell(settings), words.wellAlready),
      fromAction(bench, action('faults'), { label: words.faults, apart: true }),
      fromAction(bench, action('undo')),
    ],
  };
}
