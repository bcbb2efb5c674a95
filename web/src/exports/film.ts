/** A stretch of a run as a film: which pictures it has, and whether it is one that fits on a slide. */

export interface Stretch {
  readonly fromUs: number;
  readonly toUs: number;
  /** Virtual seconds a second. */
  readonly speed: number;
}

export interface FilmPlan {
  /** The moments of its pictures. */
  readonly momentsUs: readonly number[];
  readonly seconds: number;
}

export type Unfit = { readonly why: 'empty' } | { readonly why: 'long'; readonly seconds: number; readonly fits: number | undefined };

/** How long each picture is seen, in hundredths of a second: what viewers keep to. */
export const PICTURE_HUNDREDTHS = 8;
/** The last one stays, so that it can be read before all begins again. */
export const LAST_HUNDREDTHS = 200;
/** More than half a minute nobody watches on a slide. */
export const SECONDS_MAX = 30;
const PICTURE_US = PICTURE_HUNDREDTHS * 10_000;

export const FILM_SPEEDS = [0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100] as const;
/** How long before its end a film can begin. */
export const BEFORE_US = [50_000, 100_000, 200_000, 500_000, 1_000_000, 2_000_000, 5_000_000, 10_000_000, 30_000_000, 60_000_000] as const;

/** The pictures of a stretch: the first and the last moment are among them. */
export function planOf({ fromUs, toUs, speed }: Stretch): FilmPlan | Unfit {
  const span = toUs - fromUs;
  if (span <= 0) return { why: 'empty' };
  const seconds = span / speed / 1_000_000;
  if (seconds > SECONDS_MAX) return { why: 'long', seconds, fits: FILM_SPEEDS.find((faster) => span / faster / 1_000_000 <= SECONDS_MAX) };
  const count = Math.ceil(span / (PICTURE_US * speed));
  const momentsUs = Array.from({ length: count }, (_, at) => fromUs + Math.round(at * PICTURE_US * speed));
  return { momentsUs: [...momentsUs.filter((us) => us < toUs), toUs], seconds };
}

/** The speed of a film that is nearest to another, by the ratio. */
export const nearestSpeed = (speed: number): number =>
  FILM_SPEEDS.reduce<number>((best, one) => (Math.abs(Math.log(one / speed)) < Math.abs(Math.log(best / speed)) ? one : best), FILM_SPEEDS[0]);
