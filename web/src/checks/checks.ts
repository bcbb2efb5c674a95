/** The checks: every property with how it stands, what clients were answered, and the evidence when something breaks. */

import { html, nothing, render, type TemplateResult } from 'lit';
import { Panicked } from '../door/cluster';
import type { Linearizability, Scenario } from '../door/types';
import type { Mark } from '../marks';
import { adopt } from '../panels/adopt';
import type { Room, RoomHost } from '../panels/room';
import type { Session } from '../session';
import style from '../styles/checks.css';
import { sectionText, WORDS } from '../words';
import { CHECKS } from '../lang/en/checks';
import { type Evidence, evidenceCard, gather } from './evidence';
import { type Checked, countText, standings, type Standing, verdict } from './standings';

/** While time runs, they are looked at about this often. */
const LOOK_MS = 250;
const SIGNS: Readonly<Record<Standing, string>> = { holds: '✓', open: '○', off: '–', broken: '✕' };
const NOTHING_ASKED: Linearizability = { asked: 0, answered: 0, unknown: 0, undecided: 0, undecided_since_us: null };

export class Checks implements Room {
  private readonly root = document.createElement('div');
  private looked = '';
  private dressed = false;
  private lookedAt = -Infinity;
  private generation = -1;
  private started: Scenario = {};
  private clients = NOTHING_ASKED;
  /** By the mark of its moment. */
  private readonly evidence = new WeakMap<Mark, Evidence>();

  constructor(private readonly host: RoomHost) {
    this.root.className = 'checks';
  }

  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    const tree = into.getRootNode();
    if (tree instanceof ShadowRoot && !this.dressed) {
      this.dressed = true;
      adopt(tree, style);
    }
    into.replaceChildren(this.root);
    this.lookedAt = -Infinity;
    this.host.repaint();
  }

  hide(): void {
    this.lookedAt = -Infinity;
  }

  dispose(): void {
    this.generation = -1;
  }

  frame(timestamp: number): void {
    const { live, playing } = this.host;
    if (!live || (playing && timestamp - this.lookedAt < LOOK_MS)) return;
    this.lookedAt = timestamp;
    try {
      live.guarded(() => this.look(live));
    } catch (error) {
      // The session has told the panic already.
      if (!(error instanceof Panicked)) throw error;
    }
  }

  private look(live: Session): void {
    const { cluster, marks, generation } = live;
    const { stage, playing, chosen } = this.host;
    if (!stage) return;
    const { servers } = stage.scene;
    const [us, count, branch] = [cluster.timeUs, cluster.eventCount, cluster.branch];
    const key = [us, count, branch, generation, playing, live.ended, marks.version, ...chosen].join(' ');
    if (key === this.looked) return;
    this.looked = key;
    if (generation !== this.generation) {
      this.generation = generation;
      this.started = cluster.scenario();
    }
    const every = servers.items.slice(0, servers.count);
    const breaks = marks.of(branch).find(({ kind }) => kind === 'violation');
    this.clients = cluster.linearizability();
    if (live.ended && breaks && !this.evidence.has(breaks)) {
      const { violation } = cluster.standing();
      if (violation) this.evidence.set(breaks, gather(cluster, violation));
    }
    const found = breaks && this.evidence.get(breaks);
    const broken = live.ended ? (found?.violation.property ?? '') : '';
    const past = marks.of(branch).filter((mark) => mark.us <= us);
    const { options = {}, initial } = this.started;
    const checked = standings({
      servers: every,
      elections: past.filter(({ kind }) => kind === 'leader').length,
      begunWithState: initial !== undefined,
      done: new Set(past.flatMap(({ input }) => input?.kind ?? [])),
      clientsRead: (options.clients ?? 0) > 0 && (options.client_reads_ppm ?? 0) > 0,
      clients: this.clients,
      rulesOff: options.rules_off ?? [],
      broken,
    });
    render(
      html`${breaks ? evidenceCard(breaks.us, live.ended, found, chosen, this.host) : nothing}
        <p class="checks-count">${countText(checked)}</p>
        <p class="quiet">${CHECKS.about}</p>
        ${this.history(broken.startsWith('Lineariz'))}
        <h3 class="head">${CHECKS.properties}</h3>
        <ul class="properties" aria-label=${CHECKS.properties}>
          ${checked.map(line)}
        </ul>`,
      this.root,
    );
  }

  private history(broken: boolean): TemplateResult {
    const words = CHECKS.clients;
    const { kind, text } = verdict(this.clients, broken);
    const { asked, answered, unknown } = this.clients;
    const sign = kind === 'none' ? 'open' : kind === 'undecided' ? 'off' : kind;
    return html`<h3 class="head">${words.head}</h3>
      <p class=${`verdict is-${sign}`}><i aria-hidden="true">${kind === 'undecided' ? '?' : SIGNS[sign]}</i> ${text}</p>
      ${asked > 0 ? html`<p class="quiet">${words.counts(asked, answered, unknown)}</p>` : nothing}`;
  }
}

const line = ({ property, name, says, section, standing, note }: Checked): TemplateResult => html`<li class=${`is-${standing}`} data-property=${property}>
  <i aria-hidden="true">${SIGNS[standing]}</i>
  <div>
    <p>
      <b>${name}</b> <span class="section">${sectionText(section)}</span>
      <span class="standing">${CHECKS.standings[standing]}</span>
    </p>
    <p class="quiet">${says}${note ? WORDS.sign.gap + note : ''}</p>
  </div>
</li>`;
