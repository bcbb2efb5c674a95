/** What a frame shows of what is set: cheap enough to be looked at in each. */

import type { Frame } from '../door/frame';
import { HELD, LINK, MESSAGE, SERVER } from '../door/layout';

/**
 * A number that is another one when something else is set, as far as frames show it: who is down or paused and what ails it, how
 * links are and whether they are cut, how many walls stand and how many messages are held. A link that flaps is told as that, so
 * whether it is cut just now does not count.
 */
export function traces(frame: Frame): number {
  let hash = 0x811c_9dc5;
  const mix = (value: number): void => void (hash = Math.imul(hash ^ value, 0x0100_0193) ^ (hash >>> 15));
  const { serverCount: count } = frame;
  mix(count);
  for (let server = 0; server < count; server += 1) {
    mix(frame.server(server, SERVER.up));
    mix(frame.server(server, SERVER.ails));
    for (let to = 0; to < count; to += 1) {
      const link = frame.link(server, to);
      mix((link & LINK.flaps) === 0 ? link : link & ~LINK.byHand);
    }
  }
  mix(frame.wallCount);
  let held = 0;
  for (let message = 0; message < frame.messageCount; message += 1) if ((frame.message(message, MESSAGE.flags) & HELD) !== 0) held += 1;
  mix(held);
  return hash >>> 0;
}
