/** Which page of items belongs to what on the stage. */

import { action, keyText } from '../actions';
import { LIMITS, STAGE_EXTENT } from '../door/layout';
import type { Input } from '../door/types';
import { allWell } from '../faults/inputs';
import { WORDS } from '../words';
import { MENU } from '../words-faults';
import { doing, fromAction, leavesJoint, type Moment, notJoint, type Page } from './items';
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

function wallPage(wall: number, { bench, scene }: Moment): Page {
  return {
    title: WORDS.wall(wall),
    items: [{ id: 'remove-wall', label: MENU.wall.remove, refusal: scene.wall(wall) ? null : MENU.wall.gone, key: keyText('Delete'), run: () => bench.removeWall(wall) }, fromAction(bench, action('heal'), { apart: true })],
  };
}

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
