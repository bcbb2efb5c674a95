import type { Reason } from '../door/types';
import type { Session } from '../session';
import type { Stage } from '../stage/view';
import type { Colours } from '../theme';

/** What a room of the page, which comes when its tab is opened, needs of what is around it. */
export interface RoomHost {
  readonly live: Session | undefined;
  readonly stage: Stage | undefined;
  readonly playing: boolean;
  readonly chosen: ReadonlySet<number>;
  /** The explanation that somebody asked for, as long as it is open. */
  readonly reasons: readonly Reason[] | null;
  choose(server: number, add: boolean): void;
  /** Goes to a moment that was lived. */
  goTo(us: number): void;
  /** Goes to the moment just behind an event. */
  goToEvent(us: number, number: number): void;
  /** To the explanation as sentences; or it is closed. */
  showReasons(): void;
  closeReasons(): void;
  say(text: string): void;
  /** Asks for another frame. */
  repaint(): void;
}

/** A view with a tab of its own. */
export interface Room {
  /** Stands there from now on; its style sheet with it. */
  mount(into: Element): void;
  /** It is not to be seen any more. */
  hide(): void;
  /** With each frame while its tab is open. */
  frame(timestamp: number, colours: Colours): void;
  dispose(): void;
}
