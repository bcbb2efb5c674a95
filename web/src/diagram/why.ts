/** Over the diagram, while an explanation is open: the step that has happened by now, and the ways to the others. */

import { DIAGRAM } from '../lang/en/diagram';
import type { Step } from '../panels/past/chain';

export interface WhyHost {
  goToEvent(us: number, number: number): void;
  showReasons(): void;
  closeReasons(): void;
}

export class WhyBar {
  readonly root = document.createElement('div');
  private readonly told = document.createElement('p');
  private readonly earlier: HTMLButtonElement;
  private readonly later: HTMLButtonElement;
  private steps: readonly Step[] = [];
  private nowUs = 0;

  constructor(private readonly host: WhyHost) {
    const words = DIAGRAM.why;
    this.root.className = 'diagram-why';
    this.root.setAttribute('role', 'group');
    this.root.setAttribute('aria-label', words.head);
    this.root.hidden = true;
    this.told.setAttribute('aria-live', 'polite');
    this.earlier = button('why-earlier', '‹', words.earlier, () => this.go(before(this.steps, this.nowUs)));
    this.later = button('why-later', '›', words.later, () => this.go(after(this.steps, this.nowUs)));
    const reasons = button('why-reasons', words.reasons, '', () => host.showReasons());
    this.root.append(this.earlier, this.later, this.told, reasons, button('why-close', '×', words.close, () => host.closeReasons()));
  }

  /** `here` is the place of the step that happened last. */
  show(steps: readonly Step[], here: number, nowUs: number): void {
    this.steps = steps;
    this.nowUs = nowUs;
    this.root.hidden = steps.length === 0;
    const step = steps[here - 1];
    const text = step ? DIAGRAM.why.now(step.place, step.text) : DIAGRAM.why.before(steps.length);
    if (this.told.textContent !== text) this.told.textContent = text;
    for (const [it, to] of [[this.earlier, before(steps, nowUs)], [this.later, after(steps, nowUs)]] as const) it.setAttribute('aria-disabled', to ? 'false' : 'true');
  }

  private go(step: Step | undefined): void {
    if (step) this.host.goToEvent(step.timeUs, step.number);
  }
}

/** The last step before a moment, and the last one of the next moment that has some: what one server does at once cannot be told apart. */
export const before = (steps: readonly Step[], us: number): Step | undefined => inTime(steps).filter(({ timeUs }) => timeUs < us).pop();
export function after(steps: readonly Step[], us: number): Step | undefined {
  const next = inTime(steps).find(({ timeUs }) => timeUs > us)?.timeUs;
  return inTime(steps).filter(({ timeUs }) => timeUs === next).pop();
}
const inTime = (steps: readonly Step[]): Step[] => [...steps].sort((a, b) => a.number - b.number);

function button(part: string, sign: string, label: string, act: () => void): HTMLButtonElement {
  const made = document.createElement('button');
  made.type = 'button';
  made.dataset['part'] = part;
  made.textContent = sign;
  if (label) {
    made.title = label;
    made.setAttribute('aria-label', label);
  }
  made.addEventListener('click', act);
  return made;
}
