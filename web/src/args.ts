/** Checks of what the element's methods are handed: messages name the argument, what it was and what was expected. */

import { LIMITS } from './door/layout';
import { WRONG } from './lang/en/wrong';

export const shown = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : value === null ? 'null' : typeof value === 'object' ? WRONG.anObject : String(value));

/** A whole number from `min` to `max`. */
export function wholeNumber(name: string, value: unknown, min: number, max: number): number {
  if (typeof value !== 'number') throw new TypeError(WRONG.wholeNumber(name, shown(value), min, max));
  if (!Number.isInteger(value) || value < min || value > max) {
    throw new RangeError(WRONG.wholeNumber(name, String(value), min, max));
  }
  return value;
}

/** The number of a server that is another one than `than`, which is called `thanName`. */
export function anotherServer(name: string, value: unknown, servers: number, thanName: string, than: number): number {
  const server = wholeNumber(name, value, 1, servers);
  if (server === than) throw new RangeError(WRONG.anotherServer(name, server, thanName));
  return server;
}

/** A number of milliseconds, as whole microseconds. */
export function microseconds(name: string, ms: unknown, msMax: number, msMin = 0): number {
  if (typeof ms !== 'number') throw new TypeError(WRONG.number(name, shown(ms), msMin, msMax));
  if (!(ms >= msMin && ms <= msMax)) throw new RangeError(WRONG.number(name, String(ms), msMin, msMax));
  return Math.round(ms * 1000);
}

/** Control and bidirectional-control characters make a text read other than it is. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u;

/** A text of 1 to 64 characters that all can be seen. */
function text(name: string, value: unknown): string {
  if (typeof value !== 'string') throw new TypeError(WRONG.text(name, shown(value), LIMITS.valueLength));
  const length = [...value].length;
  if (length < 1 || length > LIMITS.valueLength) throw new RangeError(WRONG.length(name, length, LIMITS.valueLength));
  if (FORBIDDEN.test(value)) throw new RangeError(WRONG.control(name));
  return value;
}

/** A value to propose. */
export const proposal = (value: unknown): string => text('value', value);

/** What a branch is to be called. */
export const branchName = (name: unknown): string => text('name', name);

const JUMP_KINDS = ['leader', 'commit', 'violation', 'input'];

/** What to jump to. */
export function jumpKind(kind: unknown): void {
  if (typeof kind !== 'string') throw new TypeError(WRONG.jump(shown(kind)));
  if (!JUMP_KINDS.includes(kind)) throw new RangeError(WRONG.jump(shown(kind)));
}

/** The key of a value to read: what stands before a `=`. */
export function keyToRead(key: unknown): string {
  const of = text('key', key);
  if (of.includes('=')) throw new RangeError(WRONG.key);
  return of;
}

/** Numbers of servers, none of which was seen before. `within` is said of one that comes twice. */
function serversOf(name: string, list: unknown, servers: number, within: string, seen: Set<number>): number[] {
  if (!Array.isArray(list)) throw new TypeError(WRONG.array(name, shown(list)));
  return list.map((id: unknown) => {
    const server = wholeNumber(WRONG.serverIn(name), id, 1, servers);
    if (seen.has(server)) throw new RangeError(WRONG.twice(within, server));
    seen.add(server);
    return server;
  });
}

/** Groups of server numbers, each server at most once. */
export function groupsOf(groups: unknown, servers: number): number[][] {
  if (!Array.isArray(groups)) throw new TypeError(WRONG.groups(shown(groups)));
  const seen = new Set<number>();
  return groups.map((group: unknown, at) => serversOf(`groups[${at}]`, group, servers, 'groups', seen));
}

/** Who shall vote and who shall only learn, each server at most once. */
export function membersOf(members: unknown, servers: number): { voters: number[]; learners: number[] } {
  if (typeof members !== 'object' || members === null) throw new TypeError(WRONG.members(shown(members)));
  const { voters, learners = [] } = members as { voters?: unknown; learners?: unknown };
  const seen = new Set<number>();
  const found = { voters: serversOf('voters', voters, servers, 'members', seen), learners: serversOf('learners', learners, servers, 'members', seen) };
  if (found.voters.length === 0) throw new RangeError(WRONG.voters);
  return found;
}
