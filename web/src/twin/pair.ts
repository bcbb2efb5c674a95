/** Two branches of the run on two stages, in step, each with the first event that the other does not have. */

import { html, render, type TemplateResult } from 'lit';
import type { Cluster } from '../door/cluster';
import type { Difference, EventRecord, Scenario } from '../door/types';
import { PAST } from '../lang/en/past';
import { spokenVersion } from '../lang/texts';
import { TWIN } from '../lang/en/twin';
import type { Owner } from '../panels/owner';
import { pairOf } from '../panels/past/compare';
import { propertyName } from '../properties';
import { sentence } from '../sentences';
import type { Session } from '../session';
import type { Scene } from '../stage/scene';
import type { Colours } from '../theme';
import { branchText, timeText } from '../words';
import { apart, type Aspect, serversText } from './apart';
import { type Caption, leads, Twin } from './twin';

/** Of two logs that end alike, so many of the last entries are held against each other. */
const ENTRIES_COMPARED = 12;
/** While time runs, it is looked so often in what servers differ. */
const LOOK_MS = 100;

/** The branch on the page's own stage, and the one beside it. */
type Sides = readonly [here: number, there: number];

export class Pair {
  private twin: Twin | undefined;
  private sides: Sides = [0, 0];
  /** What all branches are called, as of the latest frame. */
  private names: readonly string[] = [];
  private run = 0;
  private found: Difference | undefined;
  private apart: ReadonlyMap<number, readonly Aspect[]> = new Map();
  private lookedAt = -Infinity;
  private moment = '';
  private told = '';
  private readonly feet = [foot('twin-first'), foot('twin-first')] as const;
  private readonly now = foot('twin-now');
  private readonly swap = document.createElement('button');

  constructor(private readonly owner: Owner) {
    this.swap.type = 'button';
    this.swap.dataset['part'] = 'swap-twin';
    this.swap.addEventListener('click', () => owner.desk.attempt(() => owner.switchBranch(this.sides[1])));
  }

  /** Opens these two; without a wish those that one would compare first, or closes what is open. */
  show(wanted?: Sides): void {
    const { live, desk, renderRoot } = this.owner;
    if (!live) return;
    if (this.twin && !wanted) return this.close();
    renderRoot.querySelector<HTMLElement>('#branches:popover-open')?.hidePopover();
    desk.attempt(() => {
      const branches = live.guarded(() => live.cluster.branches());
      const { branch: present } = live.cluster;
      const [other, one] = wanted ?? pairOf(branches, present);
      if (other === one) return desk.tell(PAST.compare.one);
      if (present !== other && present !== one) this.owner.switchBranch(one);
      const here = live.cluster.branch;
      void this.open(live, [here, here === one ? other : one]);
    });
  }

  close(): void {
    this.twin?.dispose();
    this.twin = undefined;
    if (this.owner.stage) this.owner.stage.plates = new Map();
    this.owner.invalidate();
  }

  /** With each frame: the second stage keeps step, with whichever branch is on the page. */
  follow(colours: Colours): void {
    const { live, desk } = this.owner;
    const { twin } = this;
    if (!twin) return;
    if (!live || live.runs !== this.run) return this.close();
    try {
      const { branch, timeUs } = live.cluster;
      this.names = namesOf(live);
      if (branch !== this.sides[0]) this.turn(live, twin, branch);
      twin.follow(timeUs, colours, (there, violated) => this.tell(live, twin, there, violated));
    } catch (error) {
      this.close();
      desk.tell(error instanceof Error ? error.message : String(error));
    }
  }

  private async open(live: Session, sides: Sides): Promise<void> {
    const { owner, feet, now, swap } = this;
    const stage = owner.renderRoot.querySelector<HTMLElement>('.stage');
    if (!stage) return;
    this.names = namesOf(live);
    const around = { stage, name: () => TWIN.branches.name(this.name(this.sides[1])), close: () => this.close(), repaint: () => owner.repaint() };
    try {
      const { runs } = live;
      const twin = await Twin.open(around, scenarioOf(live, sides[1]));
      if (live !== owner.live || live.runs !== runs) return twin.dispose();
      this.twin = twin;
      this.run = runs;
      this.meet(live, sides);
      for (const at of [0, 1] as const) twin.heads[at].append(feet[at]);
      twin.heads[1].append(swap);
      twin.root.append(now);
      for (const part of [stage, twin.root, ...twin.heads]) part.classList.add('of-branches');
      owner.desk.tell(TWIN.branches.opened(this.name(sides[0]), this.name(sides[1])), true);
    } catch (error) {
      owner.desk.tell(error instanceof Error ? error.message : String(error));
    }
  }

  /** Another branch is on the page: where that is the one beside it they change places, and else it takes the left one's. */
  private turn(live: Session, twin: Twin, branch: number): void {
    const [left, right] = this.sides;
    if (branch !== right) return this.meet(live, [branch, right]);
    twin.begin(scenarioOf(live, left));
    this.meet(live, [branch, left]);
  }

  private meet(live: Session, sides: Sides): void {
    this.sides = sides;
    this.found = live.guarded(() => live.cluster.diff(...sides));
    this.told = '';
    this.moment = '';
    this.owner.invalidate();
  }

  private name(branch: number): string {
    return this.names[branch] ?? '';
  }

  private tell(live: Session, twin: Twin, there: Scene, violated: boolean): { captions: [Caption, Caption]; plates: ReadonlyMap<number, string> } {
    const { stage, violation } = this.owner;
    const here = stage?.scene;
    if (here) this.look(live, twin, here, there);
    const plates = new Map([...this.apart.keys()].map((id) => [id, '≠']));
    if (stage) stage.plates = plates;
    this.say();
    const broken = (property: string): string => TWIN.broken(propertyName(property));
    const caption = (at: 0 | 1, scene: Scene | undefined, property: string | undefined): Caption => ({
      head: this.name(this.sides[at]),
      now: property === undefined ? leads(scene) : broken(property),
      broken: property !== undefined,
    });
    const elsewhere = violated ? twin.cluster.standing().violation?.property : undefined;
    return { captions: [caption(0, here, violation?.property), caption(1, there, elsewhere)], plates };
  }

  /** In what servers differ now; while time runs, now and then. */
  private look({ cluster, generation }: Session, twin: Twin, here: Scene, there: Scene): void {
    const moment = `${generation} ${cluster.timeUs} ${cluster.eventCount} ${twin.cluster.eventCount}`;
    const now = performance.now();
    if (moment === this.moment || (this.owner.playing && now - this.lookedAt < LOOK_MS)) return;
    this.lookedAt = now;
    this.moment = moment;
    this.apart = apart(here, there, (server, last) => lastEntries(cluster, server, last) === lastEntries(twin.cluster, server, last));
    // What was the same until here may differ from here on.
    if (this.found && !this.found.first && this.apart.size > 0) this.found = cluster.diff(...this.sides);
  }

  /** What stands at the feet of the captions and of the second stage: written when it is another. */
  private say(): void {
    const { found, sides, apart: differing, feet, now, swap } = this;
    const names = sides.map((branch) => this.name(branch));
    const told = `${spokenVersion()} ${names.join(' ')} ${found?.compared_at.time_us} ${[...differing].join(' ')}`;
    if (!found || told === this.told) return;
    this.told = told;
    swap.textContent = TWIN.branches.swap;
    swap.title = TWIN.branches.swapTells;
    for (const at of [0, 1] as const) {
      render(this.first(at, names[at] ?? '', found), feet[at]);
      // There may be more of it than two lines have room for.
      feet[at].title = found.first?.[at] ? sentence(found.first[at]).text : '';
    }
    now.textContent = now.title = differing.size > 0 ? TWIN.branches.now(serversText(differing)) : TWIN.branches.same;
  }

  /** The first event of a side that the other does not have. */
  private first(at: 0 | 1, name: string, { first, compared_at }: Difference): TemplateResult {
    const words = TWIN.branches;
    if (!first) return html`${words.alike(compared_at.time_us)}`;
    const record = first[at];
    // What somebody did is the difference; what comes in its place may well come on the other side too, a little later.
    const undone = first[at === 0 ? 1 : 0]?.kind === 'input_applied' && record?.kind !== 'input_applied';
    return html`${undone ? words.notDone : words.first}
    ${record
      ? html`<button type="button" class="when" data-first=${at} title=${PAST.compare.goTo} aria-label=${words.goTo(name, record.time_us)} @click=${() => this.go(at, record)}>${timeText(record.time_us)}</button> ${sentence(record).text}`
      : words.nothing}`;
  }

  /** To the moment behind an event of the left branch, or of the right one: both stages stand there. */
  private go(at: 0 | 1, { time_us, number }: EventRecord): void {
    const { owner } = this;
    owner.desk.attempt(() => (at === 0 ? owner.goTo(time_us, number) : owner.seek(time_us / 1000)));
  }
}

function foot(look: string): HTMLElement {
  const made = document.createElement('div');
  made.className = look;
  return made;
}

const namesOf = ({ cluster }: Session): string[] => cluster.branches().map(({ name }) => branchText(name));

/** Another branch as a run of its own: with all that was done in it. The page stays where it is. */
function scenarioOf(live: Session, branch: number): Scenario {
  return live.guarded(() => {
    const { cluster } = live;
    const { branch: present, timeUs, eventsOfNow } = cluster;
    cluster.switchBranch(branch);
    const scenario = cluster.scenario();
    cluster.switchBranch(present);
    cluster.seek(timeUs, eventsOfNow);
    return scenario;
  });
}

const lastEntries = (cluster: Cluster, server: number, last: number): string =>
  last === 0 ? '' : JSON.stringify(cluster.entries(server, Math.max(1, last - ENTRIES_COMPARED + 1), ENTRIES_COMPARED));
