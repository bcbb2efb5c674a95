import { html, nothing, render, type TemplateResult } from 'lit';
import { copyText } from '../clipboard';
import type { Scenario } from '../door/types';
import { fileName, saveAs } from '../keep/file';
import { leaveAddress, LINK_CHARACTERS_MAX } from '../keep/fragment';
import { writeFragment } from '../keep/link';
import { REFUSALS } from '../lang/en/actions';
import { HUNT } from '../lang/en/hunt';
import { TWIN } from '../lang/en/twin';
import { SHARE } from '../lang/en/keep';
import { adopt } from '../panels/adopt';
import type { Owner } from '../panels/owner';
import type { Room } from '../panels/room';
import { propertyName } from '../properties';
import { SPEED } from '../player';
import type { Rule } from '../rules';
import styles from '../styles/hunt.css';
import { WORDS } from '../words';
import { keep } from '../keep/recent';
import type { Colours } from '../theme';
import { form } from './form';
import { Everything } from './everything';
import { goalRefusal } from './goals';
import { Hunt } from './hunt';
import type { Story } from './orders';
import { type Asked, progressOf, progressOfAll, statusOf, statusOfAll } from './progress';
import { rulesText, type StoryHands, stepAt, type StoryKind, storyList } from './stories';
import { leads, Twin } from '../twin/twin';
import { type StartAny, workerCount, workersReady } from './workers';
import { boundsOf, freshSmallWish } from './small';
import { askOf, freshWish, type Wish } from './wish';

const LOOK_MS = 250;

/** How a story is played: as it was found, with every rule followed, or both on two stages. */
export type Manner = 'found' | 'whole' | 'pair';

/** The story that is played, as long as the run on the page is that one. */
interface Played {
  readonly story: Story;
  readonly manner: Manner;
  readonly generation: number;
  over: boolean;
}

/** The search for a violation: what is asked of it, how far it is, and what it found, to be played. */
export class HuntPanel implements Room {
  private readonly root = document.createElement('div');
  private wish: Wish;
  private readonly small = freshSmallWish();
  private hunt: Hunt | Everything | undefined;
  private asked: Asked = { seed: 0, forMs: 0, off: [], sought: 'violation', goal: '' };
  /** What the engine has against the expression. */
  private wrong = '';
  private fetching = false;
  private ticking: ReturnType<typeof setInterval> | undefined;
  private toldEnding = false;
  private played: Played | undefined;
  private twin: Twin | undefined;
  private step = -1;
  private wantsFocus = false;
  private readonly hands: StoryHands;

  constructor(private readonly owner: Owner) {
    this.root.className = 'hunt';
    this.wish = freshWish(this.offAtPresent());
    const panel = this;
    this.hands = {
      play: (story, manner) => this.play(story, manner),
      kindOf: (story) => this.kindOf(story),
      copyLink: (story) => this.copyLink(story),
      save: (story) => this.save(story),
      get noLink() {
        return panel.owner.ownsPage ? null : REFUSALS.notOurs;
      },
    };
  }

  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    adopt(into.getRootNode() as ShadowRoot, styles);
    into.replaceChildren(this.root);
    this.again();
    this.owner.repaint();
  }

  hide(): void {
    this.wantsFocus = false;
  }

  dispose(): void {
    this.hunt?.cancel();
    clearInterval(this.ticking);
    this.closeTwin();
    render(nothing, this.root);
  }

  /** Another language is spoken; the search goes on. */
  respeak(): void {
    this.wrong = '';
    this.again();
  }

  /** Somebody asks for it: what is switched off on the stage is what is searched for, unless a story of this panel is there. */
  enter(): void {
    if (!this.busy && !this.isPlayed) this.wish = { ...this.wish, off: new Set(this.offAtPresent()) };
    this.wantsFocus = true;
    this.again();
    this.owner.repaint();
  }

  frame(_timestamp: number, colours: Colours): void {
    this.follow(colours);
    if (!this.wantsFocus || !this.root.isConnected) return;
    this.wantsFocus = false;
    const first = this.root.querySelector<HTMLElement>(this.busy ? '[data-part="cancel"]' : this.wish.off.size > 0 ? '[data-part="start"]' : '.hunt-rules > summary');
    first?.focus();
    first?.scrollIntoView({ block: 'nearest' });
  }

  /** With each frame, also while another tab is open: the second stage keeps step, and what no violation ends ends where its steps do. */
  follow(colours: Colours): void {
    const { live, playing, desk } = this.owner;
    const { played } = this;
    if (!live || !played || !this.isPlayed) {
      this.closeTwin();
      return this.at(-1);
    }
    const { timeUs } = live.cluster;
    this.at(stepAt(played.story, timeUs));
    this.keepStep(played, timeUs, colours);
    const ends = played.manner === 'whole' || played.story.property === null;
    // No frame takes it further, however slow the machine is.
    live.haltUs = ends && !played.over ? played.story.ends_us : Infinity;
    if (!ends || played.over || !playing || timeUs < played.story.ends_us) return;
    played.over = true;
    desk.pause();
    if (!live.ended) desk.tell(played.manner === 'whole' ? HUNT.story.wholeOver : HUNT.story.sceneOver, true);
  }

  private keepStep({ story }: Played, timeUs: number, colours: Colours): void {
    const { twin } = this;
    if (!twin) return;
    const ended = this.owner.violation !== null;
    try {
      twin.follow(timeUs, colours, (there, violated) => ({
        captions: [
          { head: HUNT.twin.without(rulesText(this.offAtPresent())), now: ended ? TWIN.broken(propertyName(story.property ?? '')) : leads(this.owner.stage?.scene), broken: ended },
          { head: HUNT.twin.whole, now: `${leads(there)}${ended && !violated ? ` · ${HUNT.twin.holds}` : ''}`, broken: false },
        ],
      }));
    } catch (error) {
      this.closeTwin();
      this.owner.desk.tell(error instanceof Error ? error.message : String(error));
    }
  }

  private closeTwin(): void {
    this.twin?.dispose();
    this.twin = undefined;
  }

  private at(step: number): void {
    if (step === this.step) return;
    this.step = step;
    this.again();
    this.showStep();
  }

  /** Within the panel, where that scrolls: where the page itself does, the stage is what one looks at. */
  private showStep(): void {
    const scroller = this.root.closest<HTMLElement>('.panel');
    const line = this.root.querySelector('[aria-current="step"]');
    if (!scroller || !line || scroller.scrollHeight <= scroller.clientHeight) return;
    const [within, { top, bottom }] = [scroller.getBoundingClientRect(), line.getBoundingClientRect()];
    if (bottom > within.bottom) scroller.scrollTop += bottom - within.bottom;
    else if (top < within.top) scroller.scrollTop -= within.top - top;
  }

  private get isPlayed(): boolean {
    return this.played !== undefined && this.played.generation === this.owner.live?.generation;
  }

  private get busy(): boolean {
    return this.fetching || (this.hunt !== undefined && this.hunt.ending === null);
  }

  private offAtPresent(): readonly Rule[] {
    return (this.owner.options.rules_off ?? []) as readonly Rule[];
  }

  // ---- the search ----

  private async begin(): Promise<void> {
    const { desk } = this.owner;
    const search = this.searchFor();
    if (typeof search === 'string') return desk.tell(search);
    desk.tell('');
    this.wrong = '';
    this.hunt = undefined;
    this.toldEnding = false;
    this.fetching = true;
    this.again();
    this.root.querySelector<HTMLElement>('[data-part="cancel"]')?.focus();
    try {
      const start = await workersReady();
      // Cancelled meanwhile.
      if (!this.fetching) return;
      this.hunt = search(start);
      this.ticking = setInterval(() => this.tick(), LOOK_MS);
    } catch (error) {
      desk.tell(HUNT.failed(error instanceof Error ? error.message : String(error)));
    } finally {
      this.fetching = false;
      this.tick();
    }
  }

  /** What is to be begun once there are workers; or the sentence that says what is wrong with a field. */
  private searchFor(): ((start: StartAny) => Hunt | Everything) | string {
    const { wish } = this;
    const now = (): number => performance.now();
    if (wish.way === 'everything') {
      const asked = boundsOf(this.small, wish.off);
      if (typeof asked === 'string') return asked;
      const { bounds, forMs } = asked;
      this.asked = { seed: 0, forMs, off: bounds.rules_off, sought: 'violation', goal: '' };
      return (start) => new Everything(bounds, forMs, start, now);
    }
    const asked = askOf(wish);
    if (typeof asked === 'string') return asked;
    const { ask, forMs } = asked;
    this.asked = { seed: ask.seed, forMs, off: ask.rules_off, sought: wish.sought, goal: wish.goal.trim() };
    return (start) => new Hunt(ask, forMs, workerCount(), start, now);
  }

  private tick(): void {
    const { hunt } = this;
    hunt?.look();
    if (hunt?.ending && !this.toldEnding) {
      this.toldEnding = true;
      clearInterval(this.ticking);
      if (hunt.ending.kind === 'failed' && this.refused(hunt.ending.why)) return;
      const inside = this.root.contains((this.root.getRootNode() as ShadowRoot).activeElement);
      this.again();
      this.owner.say(this.status());
      // The button that had the focus is gone.
      if (inside) this.root.querySelector<HTMLElement>('[data-part="play-story"], [data-part="start"]')?.focus();
      return;
    }
    this.again();
  }

  /** Whether what the search ended with is about the expression: then it is said there. */
  private refused(why: string): boolean {
    const refusal = goalRefusal(why);
    if (!refusal) return false;
    this.hunt = undefined;
    this.wrong = HUNT.goal.wrong(refusal.found, refusal.at, refusal.expected);
    this.again();
    const field = this.root.querySelector<HTMLTextAreaElement>('#hunt-goal');
    field?.focus();
    // The engine counts letters; the field counts what they are encoded in.
    if (field && refusal.at !== null) field.setSelectionRange([...field.value.trimStart()].slice(0, refusal.at - 1).join('').length + field.value.length - field.value.trimStart().length, field.value.length);
    return true;
  }

  private pauseOrGoOn(): void {
    if (this.hunt?.paused) this.hunt.resume();
    else this.hunt?.pause();
    this.tick();
  }

  private cancel(): void {
    if (this.hunt) this.hunt.cancel();
    else this.fetching = false;
    this.tick();
    if (!this.hunt) this.root.querySelector<HTMLElement>('[data-part="start"]')?.focus();
  }

  // ---- what was found ----

  private scenarioOf({ bytes }: Story): Scenario | undefined {
    const { live } = this.owner;
    return live?.guarded(() => live.cluster.decode(bytes));
  }

  private kindOf({ property }: Story): StoryKind {
    const { sought, goal, off } = this.asked;
    if (property !== null) return { head: propertyName(property), off };
    return { head: HUNT.story.reached(sought === 'own' ? goal : HUNT.goal.list[sought][0]), off };
  }

  private play(story: Story, manner: Manner): void {
    const { owner } = this;
    const { desk, live } = owner;
    this.closeTwin();
    let scenario: Scenario | undefined;
    const begun = desk.attempt(() => {
      scenario = this.scenarioOf(story);
      if (scenario) owner.open(manner === 'whole' ? withRaftWhole(scenario, story.property) : scenario);
    });
    if (!begun || !live || !scenario) return;
    leaveAddress(owner.ownsPage);
    // Nobody has done anything to it yet, so that it would not be kept when it is left.
    if (owner.ownsPage && manner !== 'whole') keep(() => localStorage, { bytes: story.bytes, time_us: 0, when: Date.now(), title: scenario.title ?? '', seed: scenario.seed ?? 0, servers: owner.serverCount });
    const played: Played = { story, manner, generation: live.generation, over: false };
    this.played = played;
    owner.speed = Math.min(SPEED.max, Math.max(SPEED.min, story.step_us / 1e6));
    if (manner === 'pair') void this.openTwin(played, withRaftWhole(scenario, story.property));
    else desk.play();
    desk.tell(manner === 'whole' ? HUNT.story.wholeTells : manner === 'pair' ? HUNT.story.pairTells : story.property === null ? HUNT.story.playingScene : HUNT.story.playing, true);
    owner.renderRoot.querySelector('.stage')?.scrollIntoView({ block: 'nearest' });
  }

  /** The same with Raft whole on a second stage; both begin once it is there. */
  private async openTwin(played: Played, scenario: Scenario): Promise<void> {
    const { owner } = this;
    const stage = owner.renderRoot.querySelector<HTMLElement>('.stage');
    if (!stage) return;
    try {
      const twin = await Twin.open({ stage, name: () => HUNT.twin.name, close: () => this.closeTwin(), repaint: () => owner.repaint() }, scenario);
      if (this.played !== played || !this.isPlayed) return twin.dispose();
      this.twin = twin;
      owner.desk.play();
    } catch (error) {
      owner.desk.tell(error instanceof Error ? error.message : String(error));
    }
  }

  private copyLink({ bytes }: Story): void {
    const { desk, ownsPage } = this.owner;
    if (!ownsPage) return desk.tell(REFUSALS.notOurs);
    const hash = writeFragment({ bytes, time_us: 0 });
    if (hash.length > LINK_CHARACTERS_MAX) return desk.tell(SHARE.tooLong(hash.length, LINK_CHARACTERS_MAX));
    void copyText(location.origin + location.pathname + location.search + hash).then(
      () => desk.tell(HUNT.story.linkCopied(hash.length), true),
      () => desk.tell(WORDS.notCopied),
    );
  }

  private save(story: Story): void {
    this.owner.desk.attempt(() => {
      const scenario = this.scenarioOf(story);
      if (!scenario) return;
      saveAs(new Blob([`${JSON.stringify(scenario, null, 2)}\n`], { type: 'application/json' }), fileName(story.title, scenario.seed ?? 0));
    });
  }

  // ---- how it looks ----

  private again(): void {
    render(this.template(), this.root);
  }

  /** Something else is asked for: what was wrong may not be any more. */
  private changed(): void {
    this.wrong = '';
    this.again();
  }

  private template(): TemplateResult {
    const { hunt, busy, fetching } = this;
    const status = html`<p class="hunt-status">${this.status()}</p>`;
    const progress = !hunt ? nothing : hunt instanceof Everything ? progressOfAll(hunt, this.asked) : progressOf(hunt, this.asked);
    if (busy) {
      return html`<h3>${HUNT.head}</h3>
        <div class="hunt-do">
          <button type="button" data-part="pause" aria-disabled=${fetching ? 'true' : 'false'} @click=${() => this.pauseOrGoOn()}>${hunt?.paused ? HUNT.resume : HUNT.pause}</button>
          <button type="button" data-part="cancel" @click=${() => this.cancel()}>${HUNT.cancel}</button>
        </div>
        ${status} ${progress}`;
    }
    const found = hunt !== undefined && hunt.stories.length > 0;
    const ask = html`${form(this.wish, this.small, this.wrong, () => this.changed())}
      <div class="hunt-do"><button type="button" class=${found ? '' : 'primary'} data-part="start" @click=${() => void this.begin()}>${HUNT.start}</button></div>`;
    // What was found comes first: whoever wants something else looks further down.
    if (!found) return html`<h3>${HUNT.head}</h3><p>${HUNT.tell}</p>${ask} ${status} ${progress}`;
    const under = this.isPlayed && this.played ? { story: this.played.story, step: this.step } : null;
    return html`<h3>${HUNT.head}</h3>${status} ${storyList(hunt.stories, under, this.hands)} ${progress}
      <section><p>${HUNT.tell}</p>${ask}</section>`;
  }

  private status(): string {
    const { hunt, asked } = this;
    if (this.fetching) return HUNT.loading;
    if (!hunt) return '';
    return hunt instanceof Everything ? statusOfAll(hunt) : statusOf(hunt, asked);
  }
}

/** The same run with every rule followed. What the story says of the violation does not hold there. */
function withRaftWhole({ text: _, title = '', options, ...rest }: Scenario, property: string | null): Scenario {
  return { ...rest, title: property === null ? title : HUNT.story.wholeTitle(propertyName(property)), options: { ...options, rules_off: [] } };
}
