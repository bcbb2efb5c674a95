/** What a canvas is painted with, written down as SVG: the same painting, as shapes and texts. */

/** The part of a canvas that the page's paintings use. Whatever else is asked for is refused: nothing is left out unsaid. */
type Known =
  | 'arc' | 'beginPath' | 'clip' | 'closePath' | 'fill' | 'fillRect' | 'fillStyle' | 'fillText' | 'font' | 'globalAlpha' | 'lineCap' | 'lineJoin' | 'lineTo'
  | 'lineWidth' | 'measureText' | 'moveTo' | 'rect' | 'restore' | 'roundRect' | 'save' | 'setLineDash' | 'stroke' | 'strokeRect' | 'strokeStyle' | 'strokeText'
  | 'textAlign' | 'textBaseline';
type Ground = Pick<CanvasRenderingContext2D, Known>;

/** How wide a text is in a font. */
export type Measure = (text: string, font: string) => number;

export interface Recording {
  readonly ctx: CanvasRenderingContext2D;
  /** What was painted since. */
  svg(width: number, height: number, title: string): string;
}

const TURN = Math.PI * 2;
/** A canvas sets the middle of a text's line where it is asked to; from there down to its foot, in sizes of the font. */
const MIDDLE_TO_FOOT = 0.35;
const ANCHORS: Readonly<Partial<Record<CanvasTextAlign, string>>> = { left: '', start: '', center: 'middle', right: 'end', end: 'end' };
const STATE = ['fillStyle', 'strokeStyle', 'lineWidth', 'lineCap', 'lineJoin', 'globalAlpha', 'font', 'textAlign', 'textBaseline'] as const;

export function recording(measure: Measure): Recording {
  const shapes: string[] = [];
  const clips: string[] = [];
  const saved: { state: Pick<Ground, (typeof STATE)[number]>; dash: readonly number[]; groups: number }[] = [];
  let family = '';
  let path = '';
  let dash: readonly number[] = [];
  /** Groups that are open since the last save. */
  let groups = 0;

  const put = (name: string, attributes: Readonly<Record<string, string | number>>, text?: string): void => {
    shapes.push(element(name, attributes, text));
  };
  const opacity = (): Record<string, number> => (api.globalAlpha < 1 ? { opacity: Math.max(0, api.globalAlpha) } : {});
  const filled = (): Record<string, string | number> => ({ ...paintOf('fill', api.fillStyle), ...opacity() });
  const stroked = (): Record<string, string | number> => ({
    ...paintOf('stroke', api.strokeStyle),
    'stroke-width': api.lineWidth,
    ...(api.lineCap === 'butt' ? {} : { 'stroke-linecap': api.lineCap }),
    ...(api.lineJoin === 'miter' ? {} : { 'stroke-linejoin': api.lineJoin }),
    ...(dash.length > 0 ? { 'stroke-dasharray': dash.map(short).join(' ') } : {}),
    ...opacity(),
  });
  const words = (text: string, x: number, y: number, look: Record<string, string | number>): void => {
    const [, weight = '', px = '', name = ''] = /^(\d+) ([\d.]+)px (.+)$/.exec(api.font) ?? refuse(`the font ${api.font}`);
    const anchor = ANCHORS[api.textAlign] ?? refuse(`textAlign = ${api.textAlign}`);
    if (api.textBaseline !== 'middle') refuse(`textBaseline = ${api.textBaseline}`);
    family ||= name;
    const font = { 'font-size': Number(px), 'font-weight': weight, ...(name === family ? {} : { 'font-family': name }), ...(anchor ? { 'text-anchor': anchor } : {}) };
    put('text', { x, y: y + Number(px) * MIDDLE_TO_FOOT, ...font, ...look }, text);
  };
  const box = (x: number, y: number, width: number, height: number): string => `M${at(x, y)}h${short(width)}v${short(height)}h${short(-width)}z`;

  const api: Ground = {
    fillStyle: '#000000',
    strokeStyle: '#000000',
    lineWidth: 1,
    lineCap: 'butt',
    lineJoin: 'miter',
    globalAlpha: 1,
    font: '400 10px sans-serif',
    textAlign: 'start',
    textBaseline: 'alphabetic',
    beginPath: () => void (path = ''),
    moveTo: (x, y) => void (path += `M${at(x, y)}`),
    lineTo: (x, y) => void (path += `${path ? 'L' : 'M'}${at(x, y)}`),
    closePath: () => void (path += path ? 'z' : ''),
    rect: (x, y, width, height) => void (path += box(x, y, width, height)),
    roundRect(x, y, width, height, radii) {
      if (typeof radii !== 'number') return refuse('a rounded rectangle of several radii');
      const r = Math.min(radii, width / 2, height / 2);
      const corner = (dx: number, dy: number): string => `a${short(r)} ${short(r)} 0 0 1 ${at(dx * r, dy * r)}`;
      const [across, down] = [width - 2 * r, height - 2 * r];
      path += `M${at(x + r, y)}h${short(across)}${corner(1, 1)}v${short(down)}${corner(-1, 1)}h${short(-across)}${corner(-1, -1)}v${short(-down)}${corner(1, -1)}z`;
    },
    arc(x, y, r, from, to, against) {
      if (against) return refuse('an arc against the clock');
      const sweep = to - from >= TURN ? TURN : (((to - from) % TURN) + TURN) % TURN;
      const point = (angle: number): string => at(x + r * Math.cos(angle), y + r * Math.sin(angle));
      const bow = (angle: number): string => `A${short(r)} ${short(r)} 0 0 1 ${point(angle)}`;
      path += `${path ? 'L' : 'M'}${point(from)}${sweep > Math.PI ? bow(from + sweep / 2) : ''}${bow(from + sweep)}`;
    },
    fill(...rule: unknown[]) {
      if (rule.length > 0) refuse('a rule of filling');
      if (path) put('path', { d: path, ...filled() });
    },
    stroke(...other: unknown[]) {
      if (other.length > 0) refuse('the stroke of another path');
      if (path) put('path', { d: path, fill: 'none', ...stroked() });
    },
    clip(...rule: unknown[]) {
      if (rule.length > 0) refuse('a rule of clipping');
      const id = `clip-${clips.length + 1}`;
      clips.push(`<clipPath id="${id}">${element('path', { d: path })}</clipPath>`);
      shapes.push(`<g clip-path="url(#${id})">`);
      groups += 1;
    },
    fillRect: (x, y, width, height) => put('path', { d: box(x, y, width, height), ...filled() }),
    strokeRect: (x, y, width, height) => put('path', { d: box(x, y, width, height), fill: 'none', ...stroked() }),
    fillText(text, x, y, most?: number) {
      if (most !== undefined) refuse('a text of a greatest width');
      words(text, x, y, filled());
    },
    strokeText(text, x, y, most?: number) {
      if (most !== undefined) refuse('a text of a greatest width');
      words(text, x, y, { fill: 'none', ...stroked() });
    },
    measureText: (text) => only({ width: measure(text, api.font) }, 'a measure') as TextMetrics,
    setLineDash: (lengths) => void (dash = [...lengths]),
    save() {
      saved.push({ state: Object.fromEntries(STATE.map((name) => [name, api[name]])) as (typeof saved)[number]['state'], dash, groups });
      groups = 0;
    },
    restore() {
      const last = saved.pop();
      if (!last) return;
      shapes.push('</g>'.repeat(groups));
      ({ dash, groups } = last);
      Object.assign(api, last.state);
    },
  };

  return {
    ctx: only(api, 'a canvas') as CanvasRenderingContext2D,
    svg(width, height, title) {
      if (saved.length > 0 || groups > 0) throw new Error('the painting is not finished: something saved was not restored');
      const head = { xmlns: 'http://www.w3.org/2000/svg', width, height, viewBox: `0 0 ${short(width)} ${short(height)}`, role: 'img', 'font-family': family, 'stroke-miterlimit': 10 };
      const body = [`<title>${escaped(title)}</title>`, ...(clips.length > 0 ? [`<defs>${clips.join('')}</defs>`] : []), ...shapes.filter(Boolean)];
      return `<?xml version="1.0" encoding="UTF-8"?>\n<svg${written(head)}>\n${body.join('\n')}\n</svg>\n`;
    },
  };
}

/** An object that has no members but its own, and says so. */
function only<T extends object>(members: T, what: string): T {
  const check = (name: string | symbol): void => {
    if (!Object.hasOwn(members, name)) refuse(`${String(name)} of ${what}`);
  };
  return new Proxy(members, {
    get: (target, name) => (check(name), Reflect.get(target, name) as unknown),
    set: (target, name, value) => (check(name), Reflect.set(target, name, value)),
  });
}

function refuse(what: string): never {
  throw new TypeError(`the writer of SVG does not know ${what}`);
}

function short(value: number): string {
  if (!Number.isFinite(value)) refuse(`the number ${value}`);
  return String(Math.round(value * 100) / 100 || 0);
}
const at = (x: number, y: number): string => `${short(x)} ${short(y)}`;

/** A colour and how much it covers: not all that reads SVG knows a colour of eight digits. */
function paintOf(kind: 'fill' | 'stroke', style: string | CanvasGradient | CanvasPattern): Record<string, string | number> {
  if (typeof style !== 'string') return refuse(`${kind} with something else than a colour`);
  if (!/^#[\da-f]{8}$/i.test(style)) return { [kind]: style };
  return { [kind]: style.slice(0, 7), [`${kind}-opacity`]: Number.parseInt(style.slice(7), 16) / 255 };
}

const element = (name: string, attributes: Readonly<Record<string, string | number>>, text?: string): string =>
  `<${name}${written(attributes)}${text === undefined ? '/>' : `>${escaped(text)}</${name}>`}`;
const written = (attributes: Readonly<Record<string, string | number>>): string =>
  Object.entries(attributes).map(([name, value]) => ` ${name}="${typeof value === 'number' ? short(value) : escaped(value)}"`).join('');

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
/** A text as XML takes it: nothing of it is markup, and what XML has no place for is replaced. */
export const escaped = (text: string): string =>
  text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd').replace(/[&<>"']/g, (letter) => ENTITIES[letter] as string);
