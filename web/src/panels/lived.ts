import { html, nothing, type TemplateResult } from 'lit';
import { guard } from 'lit/directives/guard.js';
import { spokenVersion } from '../lang/texts';
import type { Session } from '../session';
import type { Late } from './late';
import type { Owner } from './owner';
import type { Parts } from './parts';
import type { PastHost, PastView, TimeLine } from './past/line';

type Past = typeof import('./past/past');

/** What was lived: its time line, and the list of its branches. */
export class Lived {
  private timeLine: TimeLine | undefined;
  private view: PastView | undefined;
  private host: PastHost | undefined;

  constructor(
    private readonly owner: Owner,
    private readonly parts: Parts,
    private readonly past: Late<Past>,
  ) {}

  /** How many events led to the present. */
  get number(): number {
    return this.view?.number ?? 0;
  }

  read({ cluster, marks }: Session): void {
    const { branch } = cluster;
    this.view = { nowUs: cluster.timeUs, livedUs: cluster.livedUs, number: cluster.eventCount, marks: marks.of(branch), present: branch, branches: cluster.branches() };
  }

  /** The time line, once something was lived: until then there is nothing to go to. */
  line(): TemplateResult | typeof nothing {
    const { view } = this;
    const { desk } = this.owner;
    const past = view && view.livedUs > 0 ? this.parts.unasked(this.past) : undefined;
    if (!view || !past) return nothing;
    this.host ??= past.pastHost(this.owner);
    this.timeLine ??= new past.TimeLine(this.host);
    const { timeLine } = this;
    return html`${guard([spokenVersion(), view, desk.choice], () => timeLine.render(desk, view))}`;
  }

  branches(): TemplateResult | typeof nothing {
    const { view, host } = this;
    // The time line comes first.
    if (!view || !host || view.branches.length < 2) return nothing;
    return html`${guard([spokenVersion(), view], () => this.past.part?.branchesSheet(view, host) ?? nothing)}`;
  }

  /** After rendering. */
  dress(root: ParentNode): void {
    if (this.timeLine) this.parts.unasked(this.past)?.dress(root);
  }
}
