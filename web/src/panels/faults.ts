import { html, nothing, render, type TemplateResult } from 'lit';
import { Panicked } from '../door/cluster';
import type { Input } from '../door/types';
import { allWell, applyPreset, cut, flap, linksIn, mend, pause, type Preset, PRESETS, resume, type Scope, serversIn, setClocks, setDisks, setLinks, slow } from '../faults/inputs';
import { readSettings } from '../faults/read';
import { traces } from '../faults/traces';
import { CLOCK_RATE, type DiskSetting, type LinkNow, type LinkSetting, type ServerNow, type Settings } from '../faults/settings';
import { linesOf } from '../faults/told';
import styles from '../styles/faults.css';
import { sectionText, WORDS } from '../words';
import { FAULTS } from '../lang/en/faults';
import { adopt } from './adopt';
import type { Owner } from './owner';
import type { Room } from './room';

/** While time runs, what is set is read only when a frame shows that it is another, no more often than this, and so small a part of time is spent on it. */
const READ_EVERY_MS = 250;
const READ_PART = 0.05;
const FLAP_US = 200_000;
const AHEAD_MS = 300;
const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** The drawer: what links, disks and clocks are like from now on, and what is set. */
export class Faults implements Room {
  private readonly root = document.createElement('div');
  private scope: Scope = { from: 0, to: 0 };
  private server = 0;
  private aheadMs = AHEAD_MS;
  private choice = -1;
  /** The preset that is told about. */
  private told: Preset = 'calm';
  private dressed = false;
  private drawn = '';
  private readAt = -Infinity;
  private readMs = 0;

  constructor(private readonly owner: Owner) {
    this.root.className = 'faults';
  }

  mount(into: Element): void {
    if (this.root.parentElement === into) return;
    const tree = into.getRootNode() as ShadowRoot;
    if (!this.dressed) adopt(tree, styles);
    this.dressed = true;
    into.replaceChildren(this.root);
    this.again();
  }

  hide(): void {
    this.drawn = '';
  }

  dispose(): void {
    render(nothing, this.root);
  }

  /** What is set now. To read it takes long in a large run, so while time runs it is read where something of it shows in the frame. */
  frame(): void {
    const { live, playing, desk } = this.owner;
    if (!live || !this.root.isConnected) return;
    const now = performance.now();
    if (playing && this.drawn !== '' && now - this.readAt < Math.max(READ_EVERY_MS, this.readMs / READ_PART)) return;
    try {
      live.guarded(() => {
        const { cluster } = live;
        const { branch, timeUs, eventCount } = cluster;
        const moment = playing ? `${live.marks.doneSoFar(branch, eventCount, timeUs)} ${traces(cluster.look())}` : `${timeUs} ${eventCount}`;
        const key = `${moment} ${branch} ${live.generation} ${desk.choice}`;
        if (key === this.drawn) return;
        this.drawn = key;
        this.readAt = now;
        render(this.template(readSettings(cluster).settings), this.root);
        this.readMs = performance.now() - now;
      });
    } catch (error) {
      // The session has told the panic already.
      if (!(error instanceof Panicked)) throw error;
    }
  }

  /** Shows the dials of these links. */
  dial(from: number, to: number): void {
    this.scope = { from, to };
    this.again();
  }

  private again(): void {
    this.drawn = '';
    this.owner.repaint();
  }

  private template(settings: Settings): TemplateResult {
    this.followChoice(settings);
    return html`<p class="quiet">${FAULTS.tell}</p>
      ${this.now(settings)} ${this.presets(settings)} ${this.links(settings)} ${this.servers(settings)}`;
  }

  /** Whoever is chosen on the stage is meant here too. */
  private followChoice({ servers }: Settings): void {
    const { desk } = this.owner;
    const last = servers.length;
    if (this.server > last) this.server = 0;
    if (this.scope.from > last || this.scope.to > last) this.scope = { from: 0, to: 0 };
    if (desk.choice === this.choice) return;
    this.choice = desk.choice;
    const [one, ...others] = desk.chosen;
    this.server = one !== undefined && others.length === 0 ? one : 0;
  }

  private do(inputs: readonly Input[], why: string): void {
    const { desk } = this.owner;
    if (inputs.length === 0) desk.tell(why);
    else desk.attempt(() => desk.do(inputs));
    // Also when nothing came of it: a box that was ticked shows what holds.
    this.again();
  }

  private button(id: string, text: string, inputs: readonly Input[], why: string, label?: string, tells?: string): TemplateResult {
    const refused = inputs.length === 0;
    return html`<button type="button" data-fault=${id} aria-disabled=${refused ? 'true' : 'false'} aria-label=${label ?? nothing} title=${refused ? why : (tells ?? nothing)} @click=${() => this.do(inputs, why)}>${text}</button>`;
  }

  // ---- what is set, and presets ----

  private now(settings: Settings): TemplateResult {
    const words = FAULTS.now;
    const lines = linesOf(settings);
    return html`<section aria-labelledby="faults-now">
      <div class="faults-bar"><h3 id="faults-now" class="head">${words.head}</h3>${this.button('well', words.well, allWell(settings), words.none, undefined, words.wellTells)}</div>
      ${lines.length === 0 ? html`<p class="quiet">${words.none}</p>` : nothing}
      <ul class="set-now">
        ${lines.map(
          ({ who, what, well }, at) => html`<li>
            <span>${who ? html`<b>${who}</b>${WORDS.sign.colon}` : nothing}${what}</span>
            ${well.length > 0 ? this.button(`mend-${at}`, words.mendShort, well, '', words.mend(`${who} ${what}`.trim())) : nothing}
          </li>`,
        )}
      </ul>
    </section>`;
  }

  private presets(settings: Settings): TemplateResult {
    const words = FAULTS.presets;
    return html`<section aria-labelledby="faults-presets">
      <h3 id="faults-presets" class="head">${words.head}</h3>
      <div class="row-of">
        ${PRESETS.map((preset) => {
          const inputs = applyPreset(settings, preset);
          const so = inputs.length === 0;
          const tell = (): void => {
            this.told = preset;
            this.again();
          };
          return html`<button
            type="button"
            class=${so ? 'on' : ''}
            data-preset=${preset}
            aria-pressed=${so ? 'true' : 'false'}
            aria-describedby=${`preset-${preset}`}
            @pointerenter=${tell}
            @focus=${tell}
            @click=${() => this.do(inputs, words.already)}
          >${words.list[preset].name}</button>`;
        })}
      </div>
      ${PRESETS.map((preset) => {
        const { name, tells, section } = words.list[preset];
        return html`<p id=${`preset-${preset}`} ?hidden=${preset !== this.told}><b>${name}</b>${WORDS.sign.colon}${tells} ${section ? html`<span class="section">${sectionText(section)}</span>` : nothing}</p>`;
      })}
    </section>`;
  }

  // ---- dials ----

  private links(settings: Settings): TemplateResult {
    const words = FAULTS.links;
    const links = linksIn(settings, this.scope);
    const set = (change: Partial<LinkSetting>): void => this.do(setLinks(links, change), FAULTS.presets.already);
    const one = <K extends keyof LinkSetting>(field: K): LinkNow[K] | null => same(links, (link) => link[field]);
    const end = (name: 'from' | 'to', label: string): TemplateResult =>
      select(`link-${name}`, label, words.anyone, settings.servers, this.scope[name], (id) => this.dial(name === 'from' ? id : this.scope.from, name === 'to' ? id : this.scope.to));
    const ordered = one('in_order');
    return html`<section aria-labelledby="faults-links">
      <h3 id="faults-links" class="head">${words.head}</h3>
      <div class="row-of">${end('from', words.from)} ${end('to', words.to)}</div>
      ${
        links.length === 0
          ? html`<p class="quiet">${words.noLink}</p>`
          : html`<div class="dials">
                ${number('delay_us_min', words.min, 'ms', one('delay_us_min'), 1000, 0.001, MINUTE_MS, (us) => set({ delay_us_min: us }))}
                ${number('delay_us_max', words.max, 'ms', one('delay_us_max'), 1000, 0.001, MINUTE_MS, (us) => set({ delay_us_max: us }))}
                ${number('delay_tail_us', words.tail, 'ms', one('delay_tail_us'), 1000, 0, MINUTE_MS, (us) => set({ delay_tail_us: us }), words.tailAbout)}
                ${number('loss_ppm', words.loss, '%', one('loss_ppm'), 10_000, 0, 100, (ppm) => set({ loss_ppm: ppm }))}
                ${number('duplicate_ppm', words.duplicate, '%', one('duplicate_ppm'), 10_000, 0, 100, (ppm) => set({ duplicate_ppm: ppm }))}
              </div>
              ${check('in_order', words.inOrder, ordered, (on) => set({ in_order: on }))}
              <div class="row-of">
                ${this.button('cut', words.cut, cut(links), words.cutAlready)}
                ${this.button('mend', words.mend, mend(links), links.some(({ walled }) => walled) ? words.walled : words.notCut)}
                ${this.button('flap', words.flap, flap(links, FLAP_US, FLAP_US), words.flapsAlready, undefined, words.flapAbout)}
              </div>`
      }
    </section>`;
  }

  private servers(settings: Settings): TemplateResult {
    const words = FAULTS.servers;
    const servers = serversIn(settings, this.server);
    const one = <T>(of: (server: ServerNow) => T): T | null => same(servers, of);
    const disk = (change: Partial<DiskSetting>): void => this.do(setDisks(servers, change), FAULTS.presets.already);
    return html`<section aria-labelledby="faults-servers">
      <h3 id="faults-servers" class="head">${words.head}</h3>
      <div class="row-of">
        ${select('server', words.which, words.all, settings.servers, this.server, (id) => {
          this.server = id;
          this.again();
        })}
        ${this.button('pause', words.pause, pause(servers), words.pausedAlready)} ${this.button('resume', words.resume, resume(servers), words.notPaused)}
      </div>
      <div class="dials">
        ${number('step_us', words.step, 'ms', one(({ stepUs }) => stepUs), 1000, 0, MINUTE_MS, (us) => this.do(slow(servers, us), ''))}
        ${number('disk_us_min', words.diskMin, 'ms', one((server) => server.disk.us_min), 1000, 0, MINUTE_MS, (us) => disk({ us_min: us }))}
        ${number('disk_us_max', words.diskMax, 'ms', one((server) => server.disk.us_max), 1000, 0, MINUTE_MS, (us) => disk({ us_max: us }))}
        ${number('rate_ppm', words.rate, '%', one(({ ratePpm }) => ratePpm), CLOCK_RATE / 100, 50, 200, (ppm) => this.do(setClocks(servers, ppm), ''))}
      </div>
      ${check('lies', words.lies, one((server) => server.disk.lies), (on) => disk({ lies: on }))}
      <div class="row-of">
        ${number('ahead_ms', words.ahead, 'ms', this.aheadMs * 1000, 1000, 0.001, HOUR_MS, (us) => {
          this.aheadMs = us / 1000;
          this.again();
        })}
        ${this.button('ahead', words.aheadDo, setClocks(servers, null, Math.round(this.aheadMs * 1000)), '')}
      </div>
    </section>`;
  }
}

/** What all have in common; null where they differ. */
function same<T, V>(things: readonly T[], of: (thing: T) => V): V | null {
  const [first, ...others] = things.map(of);
  return first === undefined || others.some((other) => other !== first) ? null : first;
}

function select(name: string, label: string, all: string, servers: readonly ServerNow[], chosen: number, change: (id: number) => void): TemplateResult {
  return html`<label>${label}
    <select name=${`fault-${name}`} @change=${(event: Event) => change(Number((event.target as HTMLSelectElement).value))}>
      <option value="0" .selected=${chosen === 0}>${all}</option>
      ${servers.map(({ id }) => html`<option value=${id} .selected=${chosen === id}>S${id}</option>`)}
    </select>
  </label>`;
}

/** A field for a number that is kept as so many parts of its unit. What cannot be is said by the browser, and changes nothing. */
function number(name: string, label: string, unit: string, value: number | null, parts: number, min: number, max: number, change: (parts: number) => void, about = ''): TemplateResult {
  const shown = value === null ? '' : String(value / parts);
  return html`<label class="dial" title=${about || nothing}><span>${label}</span>
    <span class="of-unit"><input
      type="number"
      name=${`fault-${name}`}
      min=${min}
      max=${max}
      step="any"
      placeholder=${value === null ? FAULTS.links.mixed : nothing}
      .value=${shown}
      @change=${(event: Event) => {
        const field = event.target as HTMLInputElement;
        const typed = field.valueAsNumber;
        const fits = field.reportValidity() && !Number.isNaN(typed);
        // The field goes back to what is set; what is set now comes with the next look.
        field.value = shown;
        if (fits) change(Math.round(typed * parts));
      }}
    /> ${unit}</span></label>`;
}

function check(name: string, label: string, on: boolean | null, change: (on: boolean) => void): TemplateResult {
  return html`<label class="check"><input
      type="checkbox"
      name=${`fault-${name}`}
      .checked=${on === true}
      .indeterminate=${on === null}
      @change=${(event: Event) => change((event.target as HTMLInputElement).checked)}
    />${label}</label>`;
}
