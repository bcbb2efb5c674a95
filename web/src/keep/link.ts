/** A run and a moment of it as the fragment of an address: `#r=<bytes>&t=<microseconds>&n=<events>`. */

/** A moment: after so many events of a microsecond, or after all that it has. */
export interface Place {
  readonly time_us: number;
  readonly events?: number;
}

/** A run as its compact bytes, whose first says their version, and where it stands. */
export interface Link extends Place {
  readonly bytes: Uint8Array;
}

export function toText(bytes: Uint8Array): string {
  let binary = '';
  for (const byte of bytes) binary += String.fromCharCode(byte);
  return btoa(binary).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');
}

export function writeFragment({ bytes, time_us, events }: Link): string {
  return `#r=${toText(bytes)}&t=${time_us}${events === undefined ? '' : `&n=${events}`}`;
}
