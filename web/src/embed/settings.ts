/** What attributes say of the run beside how it begins: where it stands first, how far it may go, what stops it. */

import { shown } from '../args';
import { FLAG } from '../door/layout';
import type { Scenario } from '../door/types';
import { EMBED } from '../lang/en/embed';
import type { Session } from '../session';
import { SPEED } from '../player';
import type { PlaygroundState } from '../raft-playground';
import { openLink, start, type Starter } from './start';

/** What is set: the element. */
export interface Host extends Starter {
  readonly live: Session;
  hasAttribute(name: string): boolean;
  /** What servers, seed and the other attributes of old say. */
  plainRun(): Scenario;
  play(): void;
  fail(error: unknown): void;
}

const MS_MAX = 3_600_000;
const PAUSES: Readonly<Record<string, number>> = { election: FLAG.leader, commit: FLAG.commit, violation: FLAG.violation };

function milliseconds(name: string, text: string): number {
  const ms = text.trim() === '' ? NaN : Number(text);
  if (!(ms >= 0 && ms <= MS_MAX)) throw new RangeError(EMBED.milliseconds(name, JSON.stringify(text.slice(0, 24)), MS_MAX));
  return Math.round(ms * 1_000);
}

/** `"0 5000"`: the first and the last moment, of which either may be left open as `*`. In microseconds. */
export function readRange(text: string | null): { readonly firstUs: number; readonly lastUs: number } {
  if (text === null) return { firstUs: 0, lastUs: Infinity };
  const [first = '', last = '', ...more] = text.trim().split(/\s+/);
  if (last === '' || more.length > 0) throw new RangeError(EMBED.range(JSON.stringify(text.slice(0, 48))));
  const firstUs = first === '*' ? 0 : milliseconds('range', first);
  const lastUs = last === '*' ? Infinity : milliseconds('range', last);
  if (firstUs > lastUs) throw new RangeError(EMBED.range(JSON.stringify(text.slice(0, 48))));
  return { firstUs, lastUs };
}

/** `"election commit"`: what stops time, as FLAG bits. */
export function readPauses(text: string | null): number {
  let flags = 0;
  for (const word of (text ?? '').split(/[\s,]+/).filter(Boolean)) {
    const flag = Object.hasOwn(PAUSES, word) ? PAUSES[word] : undefined;
    if (flag === undefined) throw new RangeError(EMBED.pauses(JSON.stringify(word.slice(0, 24)), Object.keys(PAUSES).join(', ')));
    flags |= flag;
  }
  return flags;
}

export class Settings {
  /** What has been asked for so far: of several changes the last one counts, however long each takes. */
  private turn: Promise<void> = Promise.resolve();

  constructor(private readonly host: Host) {}

  /** The run is as its attributes say from here on. */
  async begin(): Promise<void> {
    const { host } = this;
    const bounds = this.bounds();
    await start(host);
    const { live } = host;
    Object.assign(live.bounds, { readonly: false }, bounds);
    const at = host.getAttribute('start-at');
    // A link stands at a moment already.
    const us = at === null ? live.cluster.timeUs : milliseconds('start-at', at);
    this.goTo(live.within(us));
    host.invalidate();
  }

  /** An attribute has changed. */
  changed(name: string): Promise<void> {
    return (this.turn = this.turn.then(() => this.change(name)));
  }

  private async change(name: string): Promise<void> {
    const { host } = this;
    try {
      if (name === 'range' || name === 'pause-on' || name === 'readonly') {
        Object.assign(host.live.bounds, this.bounds());
        this.goTo(host.live.within(host.live.cluster.timeUs));
      } else {
        host.live.bounds.readonly = false;
        host.open(host.plainRun());
        await this.begin();
      }
    } catch (error) {
      host.fail(error);
    }
    host.invalidate();
  }

  /** Goes back to what `getState()` told of. */
  async restore(state: PlaygroundState): Promise<void> {
    const { version, link, speed, playing } = (state ?? {}) as Partial<PlaygroundState>;
    const known = version === 1 && typeof link === 'string' && typeof speed === 'number' && typeof playing === 'boolean';
    if (!known || !(speed >= SPEED.min && speed <= SPEED.max)) throw new TypeError(EMBED.state(shown(state)));
    await openLink(this.host, link);
  }

  private bounds(): Session['bounds'] {
    const { host } = this;
    return { ...readRange(host.getAttribute('range')), pauseOn: readPauses(host.getAttribute('pause-on')), readonly: host.hasAttribute('readonly') };
  }

  private goTo(us: number): void {
    const { live } = this.host;
    const now = live.cluster.timeUs;
    if (us > live.cluster.livedUs) live.pass(us - now);
    else if (us !== now) live.seek(us);
  }
}
