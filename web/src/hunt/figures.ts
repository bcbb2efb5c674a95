/** Numbers as the search shows them. */

/** "12 345", by thin spaces at which no line ends. */
export const grouped = (count: number): string => String(Math.round(count)).replace(/\B(?=(\d{3})+$)/g, '\u202f');

export const secondsText = (ms: number): string => (ms / 1_000).toFixed(1);

/** Bytes as megabytes. */
export const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0);

/** In how many cases one is that some of so many states have the same 64 bits by chance (the birthday bound), to two figures. */
export function oneIn(states: number): number {
  const pairs = (BigInt(states) * BigInt(Math.max(states - 1, 0))) / 2n || 1n;
  return Number(Number((1n << 64n) / pairs).toPrecision(2));
}
