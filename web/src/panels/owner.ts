import type { Desk } from '../desk';
import type { Panic } from '../door/cluster';
import type { Reason, Scenario, Violation, WorldOptions } from '../door/types';
import type { Look } from '../embed/look';
import type { Language } from '../lang/languages';
import type { Mark } from '../marks';
import type { Session } from '../session';
import type { Stage } from '../stage/view';
import type { ThemeName } from '../theme';

/** What the panels show and act on: the element. */
export interface Owner {
  readonly desk: Desk;
  readonly live: Session | undefined;
  readonly stage: Stage | undefined;
  readonly playing: boolean;
  readonly seed: number;
  readonly serverCount: number;
  readonly options: Partial<WorldOptions>;
  /** What the scene is called that is played, if it is one. */
  readonly sceneTitle: string | undefined;
  readonly themeName: ThemeName;
  /** How much is shown around the stage. */
  readonly look: Look;
  /** What is shown until the run is there, and the page where it can be gone on with. */
  readonly picture: string | null;
  readonly elsewhere: string | null;
  /** Whether the address of the page and what its browser remembers are this element's. */
  readonly ownsPage: boolean;
  readonly hasAddress: boolean;
  readonly renderRoot: ParentNode;
  readonly violation: Violation | null;
  readonly panic: Panic | null;
  readonly failed: string;
  readonly said: string;
  speed: number;
  invalidate(soon?: boolean): void;
  /** Only what is painted has changed. */
  repaint(): void;
  say(text: string): void;
  seek(time_ms: number, events?: number): void;
  goTo(timeUs: number, number: number): void;
  goToMark(mark: Mark): void;
  switchBranch(branch: number): void;
  renameBranch(branch: number, name: string): void;
  why(event: number): Reason[] | null;
  whyLeader(id: number): Reason[] | null;
  whyCommitted(index: number): Reason[] | null;
  reset(scenario?: Partial<Scenario>): void;
  /** Starts a run that is a scenario and nothing else. */
  open(scenario: Scenario): void;
  /** The run so far as few bytes, with what is kept beside it. */
  encode(): Uint8Array;
  getState(): { readonly link: string };
  scenario(): Scenario;
  propose(value: string, id?: number): void;
  choose(language: Language): Promise<void>;
  closePanic(): void;
  setAttribute(name: string, value: string): void;
}
