import type { TemplateResult } from 'lit';
import type { Reason } from '../door/types';
import type { Late } from './late';
import type { Owner } from './owner';
import type { Parts } from './parts';
import type { Question } from './past/asking';

type Past = typeof import('./past/past');
type Asked = { readonly reasons: Reason[] | null };

/** The explanation that was asked for, as long as it is open. */
export class Reasons {
  private asked: Asked | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly parts: Parts,
    private readonly past: Late<Past>,
    /** Where it stands, or where its steps are drawn. */
    private readonly on: { shown(): void; drawn(): void },
  ) {}

  get open(): readonly Reason[] | null {
    return this.asked?.reasons ?? null;
  }

  /** The explanation in sentences, in place of the events. */
  panel(number: number): TemplateResult | undefined {
    const { asked } = this;
    return asked && this.parts.unasked(this.past)?.whyPanel(asked.reasons, number, () => this.close(), () => this.on.drawn());
  }

  ask(why: () => Reason[] | null): void {
    this.parts.tryAgain(this.past);
    if (this.owner.desk.attempt(() => this.explain({ reasons: why() }))) this.on.shown();
  }

  /** Explains what is no event of the list: it is looked for first. */
  askAbout(question: Question): void {
    void this.past.want().then((past) => {
      const { live } = this.owner;
      if (!past || !live) return;
      const { cluster } = live;
      this.ask(() =>
        live.guarded(() => {
          const number = past.begins(question, cluster.eventCount, (after, max) => cluster.events(after, max));
          return number > 0 ? cluster.why(number, question.about === 'entry' ? question.index : undefined) : [];
        }),
      );
    });
  }

  close(): void {
    this.explain(undefined);
  }

  /** Opens an explanation, or closes the one that is open: the views mark its steps as long as it is. */
  private explain(asked: Asked | undefined): void {
    if (asked === this.asked) return;
    this.asked = asked;
    const mark = (places: ReadonlyMap<number, string>): void => {
      if (this.owner.stage) this.owner.stage.explained = places;
      this.owner.invalidate();
    };
    if (!asked?.reasons) return mark(new Map());
    const { reasons } = asked;
    void this.past.want().then((past) => past && this.asked === asked && mark(past.placesByServer(past.stepsOf(reasons))));
  }

  /** A press on a moment goes there; one on "why?" asks. */
  readonly follow = (event: Event): void => {
    const { owner } = this;
    const button = (event.target as Element).closest('button');
    if (!button) return;
    const { whyLeader, whyCommitted, asks } = button.dataset;
    const { number, us, about, entry } = button.closest('li')?.dataset ?? {};
    if (whyLeader !== undefined) this.ask(() => owner.whyLeader(Number(whyLeader)));
    else if (whyCommitted !== undefined) this.ask(() => owner.whyCommitted(Number(whyCommitted)));
    else if (asks !== undefined) this.askAbout({ about: asks as 'role' | 'term' | 'vote', server: Number(button.dataset['of']) });
    else if (button.className === 'ask') this.ask(() => owner.why(Number(number)));
    else if (button.className === 'when') {
      owner.desk.attempt(() => owner.goTo(Number(us), Number(number)));
      const server = Number(about ?? 0);
      const [index = 0, term = 0] = entry?.split(' ').map(Number) ?? [];
      if (server > 0) owner.desk.choose(server, false);
      owner.desk.chooseEntry(index > 0 ? { index, term, server } : null);
    }
  };
}
