/** What servers may do otherwise than they begin with, beside Raft's rules. A test compares numbers with raft-sim and raft-core. */

import type { WorldOptions } from './door/types';

export type Options = Partial<WorldOptions>;

/** What is on unless it is switched off. */
export const ON_BY_DEFAULT = ['noop_on_election', 'sessions'] as const;

/** A number that is kept as so many `parts` of the unit that it is shown in. */
export interface Size {
  readonly option: 'election_timeout_us_min' | 'election_timeout_us_max' | 'heartbeat_us' | 'entries_per_append_max' | 'entries_in_flight_max' | 'snapshot_chunk_bytes' | 'clock_drift_ppm_max' | 'clients';
  readonly unit: string;
  readonly parts: number;
  readonly min: number;
  readonly max: number;
  readonly begins: number;
}

const HOUR_US = 3_600_000_000;

export const SIZES: readonly Size[] = [
  { option: 'election_timeout_us_min', unit: 'ms', parts: 1_000, min: 1_000, max: HOUR_US, begins: 150_000 },
  { option: 'election_timeout_us_max', unit: 'ms', parts: 1_000, min: 1_000, max: HOUR_US, begins: 300_000 },
  { option: 'heartbeat_us', unit: 'ms', parts: 1_000, min: 1_000, max: HOUR_US, begins: 75_000 },
  { option: 'entries_per_append_max', unit: '', parts: 1, min: 1, max: 1_024, begins: 64 },
  { option: 'entries_in_flight_max', unit: '', parts: 1, min: 1, max: 65_536, begins: 256 },
  { option: 'snapshot_chunk_bytes', unit: 'bytes', parts: 1, min: 1, max: 1_048_576, begins: 65_536 },
  { option: 'clock_drift_ppm_max', unit: '%', parts: 10_000, min: 0, max: 1_000_000, begins: 100_000 },
  { option: 'clients', unit: '', parts: 1, min: 0, max: 200, begins: 0 },
];

/** What a size is now. */
export const sizeIn = (options: Options, { option, begins }: Size): number => options[option] ?? begins;

/** What changes with a size: where one end of the election timeout passes the other, that one follows. Null: nothing does. */
export function changedSize(options: Options, size: Size, to: number): Options | null {
  if (!Number.isFinite(to) || to < size.min || to > size.max || to === sizeIn(options, size)) return null;
  const other = SIZES.find(({ option }) => option === { election_timeout_us_min: 'election_timeout_us_max', election_timeout_us_max: 'election_timeout_us_min' }[size.option as string]);
  const passed = other && (size.option.endsWith('min') ? to > sizeIn(options, other) : to < sizeIn(options, other));
  return { [size.option]: to, ...(passed ? { [other.option]: to } : {}) };
}
