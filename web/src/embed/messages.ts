/**
 * What a page and the frame in it say to each other by postMessage. A message is a plain object that names the protocol's version:
 *
 *   to the frame    { raftPlayground: 1, id: 7, command: 'seek', arguments: [1500] }
 *   in return       { raftPlayground: 1, reply: 7, result: null } or { raftPlayground: 1, reply: 7, error: { name, message } }
 *   from the frame  { raftPlayground: 1, event: 'resize', detail: { width: 640, height: 420 } }
 *
 * Nothing in a message is ever more than text and numbers: what it asks for is looked up in a list.
 */

import { isParameter } from './parameters';

export const VERSION = 1;

/** Methods that a message may call, and whether they wait for the run. */
const METHODS = [
  'play', 'pause', 'step', 'stepBack', 'seek', 'jump', 'undo', 'advance', 'reset', 'branches', 'switchBranch', 'renameBranch', 'why', 'whyLeader', 'whyCommitted',
  'crash', 'restart', 'timeout', 'transfer', 'partition', 'heal', 'propose', 'read', 'newServer', 'setMembers', 'leaveJoint', 'compact', 'move', 'wall', 'removeWall',
  'state', 'scenario', 'getState', 'setState', 'exportScenario',
] as const;
const PROPERTIES = ['time', 'livedMs', 'playing', 'speed', 'servers', 'seed'] as const;
const EVENTS = ['ready', 'play', 'pause', 'ended', 'timeupdate', 'statechange', 'leaderchange', 'commit', 'violation', 'error'] as const;
/** What is told without being asked for. */
const UNASKED = ['ready', 'error'] as const;

const ARGUMENTS_MAX = 8;
/** Members and characters of all arguments together. */
const SIZE_MAX = 400_000;
const DEPTH_MAX = 32;
/** More than so many in a second are passed over; so are more than this that wait for the run. */
const COMMANDS_A_SECOND = 500;
const WAITING_MAX = 100;

/** What is asked for; `id` is null where no answer is wanted. */
export interface Command {
  readonly id: string | number | null;
  readonly command: string;
  readonly values: readonly unknown[];
}

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** Counts what is in a value, as far as it is allowed to go. */
function size(value: unknown, room: number, depth = 0): number {
  if (typeof value === 'string') return value.length + 1;
  if (!isObject(value)) return 1;
  if (depth >= DEPTH_MAX) return Infinity;
  let total = 1;
  for (const key of Object.keys(value)) {
    total += key.length + size(value[key], room - total, depth + 1);
    if (total > room) return Infinity;
  }
  return total;
}

/** Reads a message: null where it is somebody else's. Throws what is wrong with one that is meant for us. */
export function readCommand(data: unknown): Command | null {
  if (!isObject(data) || !Object.hasOwn(data, 'raftPlayground')) return null;
  const { raftPlayground: version, command, id = null, arguments: values = [] } = data;
  if (version !== VERSION) throw new RangeError(`raftPlayground is ${short(version)}; expected ${VERSION}`);
  if (!(id === null || typeof id === 'number' || (typeof id === 'string' && id.length <= 64))) throw new TypeError(`id is ${short(id)}; expected a number or a text of at most 64 characters`);
  if (typeof command !== 'string') throw new TypeError(`command is ${short(command)}; expected a text`);
  if (!Array.isArray(values) || values.length > ARGUMENTS_MAX) throw new TypeError(`arguments is ${short(values)}; expected an array of at most ${ARGUMENTS_MAX}`);
  if (size(values, SIZE_MAX) > SIZE_MAX) throw new RangeError(`arguments are larger than ${SIZE_MAX} members and characters`);
  return { id, command, values };
}

const short = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value.slice(0, 40)) : Array.isArray(value) ? `an array of ${value.length}` : isObject(value) ? 'an object' : String(value).slice(0, 40));

/** What is driven: an element that may not be one yet. */
export interface Driven extends EventTarget {
  readonly ready: Promise<void>;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
}

type Post = (message: Record<string, unknown>) => void;

/** Answers messages with what the element does. */
export class Messages {
  private readonly told = new Set<string>(UNASKED);
  private second = -1;
  private heard = 0;
  private waiting = 0;

  constructor(
    private readonly element: Driven,
    /** Once there is an element to be asked. */
    private readonly defined: Promise<unknown>,
    private readonly announce: Post,
    private readonly now: () => number,
  ) {
    for (const type of EVENTS) {
      element.addEventListener(type, (event) => {
        if (this.told.has(type)) announce({ event: type, detail: (event as CustomEvent<unknown>).detail ?? null });
      });
    }
  }

  /** Whoever sends more than is allowed is told once a second how it stands. */
  private busy(): boolean {
    const second = Math.floor(this.now() / 1_000);
    if (second !== this.second) {
      this.second = second;
      this.heard = 0;
    }
    this.heard += 1;
    if (this.heard === COMMANDS_A_SECOND + 1) this.announce({ event: 'busy', detail: { commands_a_second: COMMANDS_A_SECOND } });
    return this.heard > COMMANDS_A_SECOND;
  }

  async hear(data: unknown, post: Post): Promise<void> {
    if (!isObject(data) || !Object.hasOwn(data, 'raftPlayground') || this.busy()) return;
    const { id } = data;
    const answer = (said: Record<string, unknown>): void => {
      if (typeof id === 'number' || typeof id === 'string') post({ reply: id, ...said });
    };
    try {
      const command = readCommand(data);
      if (command) answer({ result: (await this.obey(command)) ?? null });
    } catch (error) {
      answer({ error: error instanceof Error ? { name: error.name, message: error.message } : { name: 'Error', message: String(error) } });
    }
  }

  private async obey({ command, values }: Command): Promise<unknown> {
    const [name, value] = values;
    if (command === 'hello') return { version: VERSION, commands: ['hello', 'get', 'set', 'listen', 'exportTrace', ...METHODS], properties: PROPERTIES, events: EVENTS };
    if (command === 'listen') return this.listen(values);
    if (command === 'set') return this.set(name, value);
    await this.there();
    const element = this.element as unknown as Record<string, unknown>;
    if (command === 'get') {
      if (!(PROPERTIES as readonly unknown[]).includes(name)) throw new RangeError(`${short(name)} is no property; expected one of ${PROPERTIES.join(', ')}`);
      return element[name as string];
    }
    if (command === 'exportTrace') return (await (element['exportTrace'] as () => Promise<Blob>).call(element)).text();
    if (!(METHODS as readonly string[]).includes(command)) throw new RangeError(`${short(command)} is no command; hello lists them`);
    return (element[command] as (...values: readonly unknown[]) => unknown).apply(element, [...values]);
  }

  private async there(): Promise<void> {
    if (this.waiting >= WAITING_MAX) throw new RangeError(`${WAITING_MAX} commands wait for the run already`);
    this.waiting += 1;
    try {
      await this.defined;
      await this.element.ready;
    } finally {
      this.waiting -= 1;
    }
  }

  private listen(types: readonly unknown[]): readonly string[] {
    const unknown = types.find((type) => !(EVENTS as readonly unknown[]).includes(type));
    if (unknown !== undefined) throw new RangeError(`${short(unknown)} is no event; expected some of ${EVENTS.join(', ')}`);
    for (const type of types) this.told.add(type as string);
    return [...this.told];
  }

  private set(name: unknown, value: unknown): void {
    if (typeof name !== 'string' || !isParameter(name)) throw new RangeError(`${short(name)} is no attribute that can be set`);
    if (value === null || value === undefined || value === false) this.element.removeAttribute(name);
    else this.element.setAttribute(name, value === true ? '' : String(value));
  }
}
