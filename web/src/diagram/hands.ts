/** What a hand, a finger or a key does to the diagram; what it means is for the diagram to say. */

export interface Grip {
  /** Moves what is in sight by so many pixels. */
  pan(px: number): void;
  zoom(factor: number, x: number): void;
  fit(): void;
  toPresent(): void;
  /** Something is pointed at, or nothing (x < 0). */
  point(x: number, y: number): void;
  click(x: number, y: number, add: boolean): void;
  /** Goes through time along the row of times. */
  scrub(x: number): void;
  isTimes(y: number): boolean;
  /** To the event after the marked one, or the one before. */
  walk(forward: boolean): void;
  /** To the marked moment. */
  enter(): void;
  leave(): boolean;
}

const DRAG_PX = 4;
/** A second click within this makes it a double one, and not two journeys. */
const DOUBLE_MS = 240;
const WHEEL_STEP = 0.0022;
const KEY_PX = 60;

export class DiagramHands {
  private readonly pointers = new Map<number, { x: number; y: number }>();
  private start = { x: 0, y: 0 };
  private dragging: 'no' | 'pan' | 'scrub' | 'pinch' = 'no';
  private apart = 0;
  private clickTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly canvas: HTMLCanvasElement,
    private readonly grip: Grip,
  ) {
    canvas.addEventListener('pointerdown', this.down);
    canvas.addEventListener('pointermove', this.move);
    canvas.addEventListener('pointerup', this.up);
    canvas.addEventListener('pointercancel', this.cancel);
    canvas.addEventListener('pointerleave', this.left);
    canvas.addEventListener('dblclick', this.double);
    canvas.addEventListener('wheel', this.wheel, { passive: false });
    canvas.addEventListener('keydown', this.key);
    canvas.addEventListener('blur', () => grip.leave());
  }

  get busy(): boolean {
    return this.dragging !== 'no';
  }

  private place(event: MouseEvent): { x: number; y: number } {
    const box = this.canvas.getBoundingClientRect();
    // A zoomed panel has other pixels than the window.
    const scale = box.width > 0 ? this.canvas.clientWidth / box.width : 1;
    return { x: (event.clientX - box.left) * scale, y: (event.clientY - box.top) * scale };
  }

  private readonly down = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const at = this.place(event);
    this.pointers.set(event.pointerId, at);
    this.canvas.setPointerCapture(event.pointerId);
    if (this.pointers.size === 2) {
      this.dragging = 'pinch';
      this.apart = this.distance();
      return;
    }
    this.start = at;
    this.dragging = 'no';
    this.grip.point(at.x, at.y);
  };

  private readonly move = (event: PointerEvent): void => {
    const at = this.place(event);
    const before = this.pointers.get(event.pointerId);
    if (!before) {
      this.grip.point(at.x, at.y);
      return;
    }
    this.pointers.set(event.pointerId, at);
    if (this.dragging === 'pinch') {
      const apart = this.distance();
      const [one, two] = [...this.pointers.values()];
      if (one && two && apart > 0 && this.apart > 0) this.grip.zoom(this.apart / apart, (one.x + two.x) / 2);
      this.apart = apart;
      return;
    }
    if (this.dragging === 'no') {
      if (Math.hypot(at.x - this.start.x, at.y - this.start.y) < DRAG_PX) return;
      this.dragging = this.grip.isTimes(this.start.y) ? 'scrub' : 'pan';
      this.grip.point(-1, -1);
    }
    if (this.dragging === 'scrub') this.grip.scrub(at.x);
    else this.grip.pan(before.x - at.x);
  };

  private readonly up = (event: PointerEvent): void => {
    const at = this.pointers.get(event.pointerId);
    if (!this.pointers.delete(event.pointerId) || !at) return;
    const was = this.dragging;
    if (this.pointers.size > 0) {
      // The finger that stays does not drag what it happens to be on.
      return;
    }
    this.dragging = 'no';
    if (was !== 'no') return;
    clearTimeout(this.clickTimer);
    if (event.pointerType !== 'mouse') this.grip.point(at.x, at.y);
    this.clickTimer = setTimeout(() => this.grip.click(at.x, at.y, event.shiftKey || event.ctrlKey || event.metaKey), DOUBLE_MS);
  };

  private readonly cancel = (event: PointerEvent): void => {
    this.pointers.delete(event.pointerId);
    if (this.pointers.size === 0) this.dragging = 'no';
    this.grip.point(-1, -1);
  };

  private readonly left = (): void => {
    if (this.pointers.size === 0) this.grip.point(-1, -1);
  };

  private readonly double = (event: MouseEvent): void => {
    clearTimeout(this.clickTimer);
    event.preventDefault();
    this.grip.fit();
  };

  private readonly wheel = (event: WheelEvent): void => {
    if (event.ctrlKey || event.metaKey) {
      event.preventDefault();
      const lines = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
      this.grip.zoom(Math.exp(event.deltaY * lines * WHEEL_STEP), this.place(event).x);
      return;
    }
    const sideways = event.shiftKey && event.deltaX === 0 ? event.deltaY : event.deltaX;
    if (sideways === 0 || Math.abs(sideways) < Math.abs(event.shiftKey ? 0 : event.deltaY)) return;
    event.preventDefault();
    this.grip.pan(sideways);
  };

  private readonly key = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const middle = this.canvas.clientWidth / 2;
    const acts: Readonly<Record<string, () => void>> = {
      ArrowLeft: () => this.grip.pan(event.shiftKey ? -KEY_PX * 4 : -KEY_PX),
      ArrowRight: () => this.grip.pan(event.shiftKey ? KEY_PX * 4 : KEY_PX),
      ArrowUp: () => this.grip.walk(false),
      ArrowDown: () => this.grip.walk(true),
      '+': () => this.grip.zoom(1 / 1.5, middle),
      '=': () => this.grip.zoom(1 / 1.5, middle),
      '-': () => this.grip.zoom(1.5, middle),
      Home: () => this.grip.fit(),
      End: () => this.grip.toPresent(),
      Enter: () => this.grip.enter(),
    };
    const act = event.key === 'Escape' && this.grip.leave() ? () => undefined : acts[event.key];
    if (!act) return;
    act();
    // The page's own keys of that name rest while the diagram has the focus.
    event.preventDefault();
    event.stopPropagation();
  };

  dispose(): void {
    clearTimeout(this.clickTimer);
  }

  private distance(): number {
    const [one, two] = [...this.pointers.values()];
    return one && two ? Math.hypot(one.x - two.x, one.y - two.y) : 0;
  }
}
