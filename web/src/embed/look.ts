/** How much of the playground an element shows around its stage. */

/** Everything; the stage with its time line and a bar; the stage alone. */
export type Look = 'full' | 'slim' | 'none';

/** Below this, what stands around the stage would leave no stage. */
const SLIM = { width: 760, height: 480, narrowHeight: 900 } as const;

/** What the attribute says; `auto`, and whatever is not known, goes by the room that there is. */
export function lookFor(controls: string | null, width: number, height: number): Look {
  if (controls === 'full' || controls === 'none') return controls;
  return height < SLIM.height || (width <= SLIM.width && height < SLIM.narrowHeight) ? 'slim' : 'full';
}
