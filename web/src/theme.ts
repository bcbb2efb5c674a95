/** The tokens of the page's look, for the style sheets and for the canvas, in one place. */

export interface Colours {
  readonly paper: string;
  readonly panel: string;
  readonly stage: string;
  readonly ink: string;
  readonly soft: string;
  readonly hairline: string;
  readonly chip: string;
  readonly accent: string;
  readonly onAccent: string;
  readonly warning: string;
  readonly good: string;
  /** Whether ink is lighter than paper. */
  readonly dark: boolean;
  /** Whether the system's own few colours are forced: no fills by term then. */
  readonly forced: boolean;
}

export const LIGHT: Colours = {
  paper: '#FBFAF7',
  panel: '#FFFFFF',
  stage: '#F6F4EE',
  ink: '#1C2430',
  soft: '#5A6573',
  hairline: '#E2DED4',
  chip: '#F0EDE5',
  accent: '#0B6BA8',
  onAccent: '#FFFFFF',
  warning: '#B23A1E',
  good: '#0A7A57',
  dark: false,
  forced: false,
};

export const DARK: Colours = {
  paper: '#12161C',
  panel: '#181D25',
  stage: '#0F1318',
  ink: '#E8ECF1',
  soft: '#9AA6B4',
  hairline: '#2A313C',
  chip: '#222935',
  accent: '#6CB8EA',
  onAccent: '#10202C',
  warning: '#FF8A6B',
  good: '#4CC79E',
  dark: true,
  forced: false,
};

export const FORCED: Colours = {
  paper: 'Canvas',
  panel: 'Canvas',
  stage: 'Canvas',
  ink: 'CanvasText',
  soft: 'CanvasText',
  hairline: 'GrayText',
  chip: 'Canvas',
  accent: 'Highlight',
  onAccent: 'HighlightText',
  warning: 'LinkText',
  good: 'CanvasText',
  dark: false,
  forced: true,
};

/** Okabe and Ito's colours in an order in which neighbours stay apart under every colour blindness. */
export const TERM_COLOURS = ['#56B4E9', '#E69F00', '#009E73', '#CC79A7', '#F0E442', '#D55E00'] as const;

/** What is written on a term's colour, in both themes. */
export const ON_TERM = '#14202B';

/** Term 0, before any election, has no colour of its own. */
export const NO_TERM = '#C9CDD2';

/** The colour of a term. */
export function termColour(term: number): string {
  return term < 1 ? NO_TERM : (TERM_COLOURS[(term - 1) % TERM_COLOURS.length] as string);
}

/** From which side the hatch of a term runs: none in the first cycle of colours, then three kinds in turn. */
export function termHatch(term: number): 0 | 1 | 2 | 3 {
  const cycle = term < 1 ? 0 : Math.floor((term - 1) / TERM_COLOURS.length);
  return (cycle === 0 ? 0 : ((cycle - 1) % 3) + 1) as 0 | 1 | 2 | 3;
}

/** The font of stage and page. */
export const FONT = 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif';
export const MONO = 'ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace';

/** No text is set smaller, on no screen. */
export const TEXT_PX_MIN = 11;

export type ThemeName = 'auto' | 'light' | 'dark';

/** Which colours hold for an element with this theme attribute. */
export function coloursFor(theme: string | null, media: (query: string) => boolean): Colours {
  if (media('(forced-colors: active)')) return FORCED;
  if (theme === 'light') return LIGHT;
  if (theme === 'dark') return DARK;
  return media('(prefers-color-scheme: dark)') ? DARK : LIGHT;
}

const tokens = (colours: Colours): [keyof Colours, string][] => Object.entries(colours).filter(([, value]) => typeof value === 'string') as [keyof Colours, string][];
const property = (token: string): string => `--${token.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;

/** The same tokens as custom properties. */
export const customProperties = (colours: Colours): string =>
  tokens(colours)
    .map(([name, value]) => `${property(name)}: ${value};`)
    .join(' ');

/** The colours with those in their place that the page around has given the element, as `#rrggbb`. */
export function worn(colours: Colours, given: Pick<CSSStyleDeclaration, 'getPropertyValue'>): Colours {
  if (colours.forced) return colours;
  const own = tokens(colours).map(([name]) => [name, given.getPropertyValue(property(name)).trim()] as const);
  return { ...colours, ...Object.fromEntries(own.filter(([, value]) => /^#[\da-f]{6}$/i.test(value))) };
}

const mixes = new Map<string, string>();

/** A colour of the theme with an opacity; a system colour stays whole. */
export function mixed(colour: string, alpha: number): string {
  const key = `${colour}${alpha}`;
  let mix = mixes.get(key);
  if (mix === undefined) {
    mix = colour.startsWith('#') ? `${colour}${Math.round(alpha * 255).toString(16).padStart(2, '0')}` : colour;
    mixes.set(key, mix);
  }
  return mix;
}
