/** Makes a film: lives the run once more beside the one on the page, and paints it picture by picture. */

import { Cluster } from '../door/cluster';
import { loadDoor } from '../door/load';
import type { Scenario } from '../door/types';
import { layoutFor } from '../stage/geometry';
import { type Marks, paint } from '../stage/paint';
import { Scene } from '../stage/scene';
import { NOTHING_MARKED } from '../stage/view';
import { type Colours, FONT } from '../theme';
import { LAST_HUNDREDTHS, PICTURE_HUNDREDTHS } from './film';
import { ColourCount, GifWriter } from './gif';
import { ground } from './pictures';

/** The same on every screen, so that the same run gives the same film. */
export const FILM = { width: 960, height: 600 } as const;
/** More does not go by mail, and no chat shows it. */
const BYTES_MAX = 25_000_000;
/** Pictures that the colours are taken from. */
const SAMPLES = 16;
const LIVED_AT_ONCE_US = 50_000;
const CAPTION_PX = 16;
/** So long the page waits at most. */
const STRETCH_MS = 24;

export interface Shooting {
  readonly scenario: Scenario;
  readonly momentsUs: readonly number[];
  readonly colours: Colours;
  /** What stands under the pictures, at the left and at the right. */
  caption(us: number): readonly [string, string];
  /** Lets the page be used. Rejects when nobody wants the film any more. */
  rest(share: number): Promise<void>;
}

export class FilmTooLarge extends Error {
  constructor(
    readonly megabytes: number,
    /** How much of it was made by then. */
    readonly share: number,
  ) {
    super();
  }
}

export async function shoot({ scenario, momentsUs, colours, caption, rest }: Shooting): Promise<Blob> {
  const open = await loadDoor();
  const camera = new Camera(colours, caption);
  const counted = new ColourCount();
  const every = Math.max(1, Math.ceil(momentsUs.length / SAMPLES));
  const samples = momentsUs.filter((_, at) => at % every === 0 || at === momentsUs.length - 1);
  await live(Cluster.start(open, scenario), samples, (cluster) => counted.add(camera.picture(cluster)), (share) => rest(share * 0.3));
  const gif = new GifWriter(FILM.width, FILM.height, counted.palette());
  await live(
    Cluster.start(open, scenario),
    momentsUs,
    (cluster, at) => {
      gif.add(camera.picture(cluster), at === momentsUs.length - 1 ? LAST_HUNDREDTHS : PICTURE_HUNDREDTHS);
      if (gif.bytes > BYTES_MAX) throw new FilmTooLarge(BYTES_MAX / 1_000_000, at / momentsUs.length);
    },
    (share) => rest(0.3 + share * 0.7),
  );
  return gif.end();
}

/** Lives from moment to moment; where a property breaks before the last, the moments behind that look like it. */
async function live(cluster: Cluster, momentsUs: readonly number[], look: (cluster: Cluster, at: number) => void, rest: (share: number) => Promise<void>): Promise<void> {
  let since = performance.now();
  const pause = async (share: number): Promise<void> => {
    if (performance.now() - since < STRETCH_MS) return;
    await rest(share);
    since = performance.now();
  };
  try {
    for (const [at, us] of momentsUs.entries()) {
      for (let before = -1; cluster.timeUs < us && cluster.timeUs !== before; ) {
        before = cluster.timeUs;
        cluster.pass(Math.min(LIVED_AT_ONCE_US, us - before));
        await pause(at / momentsUs.length);
      }
      look(cluster, at);
      await pause(at / momentsUs.length);
    }
  } finally {
    cluster.dispose();
  }
}

class Camera {
  private readonly ctx: CanvasRenderingContext2D;
  private readonly scene = new Scene();

  constructor(
    private readonly colours: Colours,
    private readonly caption: Shooting['caption'],
  ) {
    this.ctx = ground(FILM.width, FILM.height, true).ctx;
  }

  /** The stage as it is now, without what a hand has chosen. */
  picture(cluster: Cluster): Uint32Array {
    const { ctx, scene, colours } = this;
    const { width, height } = FILM;
    const frame = cluster.look();
    const layout = layoutFor(width, height, frame.serverCount);
    scene.build(frame, layout, 0);
    const evidence = frame.violated ? new Set(cluster.standing().violation?.servers) : new Set<number>();
    const marks: Marks = { ...NOTHING_MARKED(), evidence };
    paint(ctx, scene, layout, colours, marks);
    ctx.font = `600 ${CAPTION_PX}px ${FONT}`;
    ctx.textBaseline = 'middle';
    ctx.fillStyle = colours.soft;
    const [left, right] = this.caption(scene.timeUs);
    ctx.textAlign = 'left';
    ctx.fillText(left, CAPTION_PX, height - CAPTION_PX * 1.25);
    ctx.textAlign = 'right';
    ctx.fillText(right, width - CAPTION_PX, height - CAPTION_PX * 1.25);
    return new Uint32Array(ctx.getImageData(0, 0, width, height).data.buffer);
  }
}
