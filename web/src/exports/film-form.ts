/** Which stretch becomes a film, and at which speed: a part of the sheet for sharing. */

import { html, nothing, type TemplateResult } from 'lit';
import { type Bookmark, onLine } from '../bookmarks';
import { EXPORTS } from '../lang/en/exports';
import type { Owner } from '../panels/owner';
import { saveAs } from '../keep/file';
import { coloursFor } from '../theme';
import { speedText, timeText } from '../words';
import { BEFORE_US, FILM_SPEEDS, type FilmPlan, nearestSpeed, planOf, SECONDS_MAX, type Stretch } from './film';
import { FilmTooLarge, shoot } from './shoot';

/** How often its progress is told. */
const TOLD_MS = 1_500;

/** Somebody has stopped it, or left. */
class Stopped extends Error {}

/** Moments as they are chosen: `begin`, `now`, `mark-2` (a bookmark), `before-500000` (so long before the end). */
type Choice = string;

export class FilmForm {
  private from: Choice = 'before-200000';
  private to: Choice = 'now';
  private speed = 0;
  /** A film is being made, and nobody has stopped it. */
  private wanted: object | null = null;

  constructor(
    private readonly owner: Owner,
    private readonly name: () => string,
  ) {}

  section(): TemplateResult | typeof nothing {
    const { live, speed } = this.owner;
    if (!live) return nothing;
    this.speed ||= nearestSpeed(speed);
    const words = EXPORTS.film;
    const { cluster } = live;
    const [nowUs, marks] = live.guarded(() => [cluster.timeUs, onLine(this.owner.desk.bookmarked, cluster.branches(), cluster.branch).filter(({ timeUs }) => timeUs <= cluster.timeUs)] as const);
    const bookmarks = marks.map(({ name }, at) => [`mark-${at}`, name] as const);
    const stretch = this.stretch(nowUs, marks);
    const plan = planOf(stretch);
    const refusal = this.wanted ? null : 'why' in plan ? (plan.why === 'empty' ? words.empty : words.tooLong(plan.seconds, SECONDS_MAX, plan.fits === undefined ? '' : speedText(plan.fits))) : null;
    const before = BEFORE_US.filter((us) => us < stretch.toUs).map((us) => [`before-${us}`, words.before(us)] as const);
    const press = (event: Event): void => {
      if (this.wanted) this.stop();
      else if (!('why' in plan)) {
        (event.currentTarget as Element).closest('dialog')?.close();
        this.make(stretch, plan);
      }
    };
    return html`<fieldset class="film">
      <legend>${words.head}</legend>
      <div class="film-row">
        ${this.choice(words.from, [['begin', words.begin], ...before, ...bookmarks], this.from, (value) => (this.from = value))}
        ${this.choice(words.to, [['now', words.now], ...bookmarks], this.to, (value) => (this.to = value))}
        ${this.choice(words.speed, FILM_SPEEDS.map((one) => [String(one), speedText(one)]), String(this.speed), (value) => (this.speed = Number(value)))}
      </div>
      <button type="button" data-part="film" aria-disabled=${refusal === null ? 'false' : 'true'} aria-describedby="about-film" @click=${press}>${this.wanted ? words.stop : words.save}</button>
      <p id="about-film" class=${refusal === null ? 'quiet' : 'too-long'}>${refusal ?? ('why' in plan ? words.tells : `${words.long(plan.seconds, plan.momentsUs.length)} ${words.tells}`)}</p>
    </fieldset>`;
  }

  private choice(label: string, options: readonly (readonly [Choice, string])[], chosen: Choice, choose: (value: Choice) => void): TemplateResult {
    // A bookmark that was chosen may be gone.
    const there = options.some(([value]) => value === chosen);
    return html`<label>${label}
      <select @change=${(event: Event) => (choose((event.target as HTMLSelectElement).value), this.owner.invalidate())}>
        ${options.map(([value, text], at) => html`<option value=${value} ?selected=${there ? value === chosen : at === 0}>${text}</option>`)}
      </select></label>`;
  }

  private stretch(nowUs: number, marks: readonly Bookmark[]): Stretch {
    const of = (choice: Choice, otherwise: number): number => marks[Number(/^mark-(\d+)$/.exec(choice)?.[1] ?? NaN)]?.timeUs ?? otherwise;
    const toUs = of(this.to, nowUs);
    const before = Number(/^before-(\d+)$/.exec(this.from)?.[1] ?? NaN);
    return { fromUs: before < toUs ? toUs - before : of(this.from, 0), toUs, speed: this.speed };
  }

  private stop(): void {
    this.wanted = null;
    this.owner.desk.tell(EXPORTS.film.stopped);
  }

  private make({ speed }: Stretch, plan: FilmPlan): void {
    const { owner } = this;
    const { desk, live, seed } = owner;
    if (!live) return;
    const words = EXPORTS.film;
    const wanted = (this.wanted = {});
    const name = this.name();
    let toldAt = -Infinity;
    const rest = async (share: number): Promise<void> => {
      if (performance.now() - toldAt > TOLD_MS) {
        toldAt = performance.now();
        desk.tell(words.making(Math.round(share * 100)), true);
      }
      await new Promise((done) => setTimeout(done));
      if (this.wanted !== wanted) throw new Stopped();
    };
    const { cluster } = live;
    const scenario = live.guarded(() => cluster.decode(cluster.encode({ bookmarks: [] })));
    const colours = coloursFor(owner.themeName, (query) => matchMedia(query).matches);
    const caption = (us: number): readonly [string, string] => [words.caption(seed, timeText(us)), speedText(speed)];
    desk.tell(words.making(0), true);
    void shoot({ scenario, momentsUs: plan.momentsUs, colours, caption, rest })
      .then(
        (blob) => {
          saveAs(blob, name);
          desk.tell(EXPORTS.saved(name), true);
        },
        (error: unknown) => {
          if (error instanceof Stopped) return;
          desk.tell(error instanceof FilmTooLarge ? words.tooLarge(error.megabytes, Math.round(error.share * plan.seconds)) : words.notMade(error instanceof Error ? error.message : String(error)));
        },
      )
      .finally(() => {
        if (this.wanted === wanted) this.wanted = null;
        owner.invalidate();
      });
  }
}
