import { unsafeCSS } from 'lit';
import base from './styles/base.css';
import frame from './styles/frame.css';
import sheets from './styles/sheets.css';
import side from './styles/side.css';
import sizes from './styles/sizes.css';
import { customProperties, DARK, FONT, FORCED, LIGHT, MONO, ON_TERM, TERM_COLOURS } from './theme';

/** The tokens of theme.ts as custom properties, for whichever theme holds. */
const tokens = `
:host {
  ${customProperties(LIGHT)}
  --font: ${FONT};
  --mono: ${MONO};
  --on-term: ${ON_TERM};
  ${TERM_COLOURS.map((colour, at) => `--term-${at + 1}: ${colour};`).join(' ')}
  color-scheme: light;
}
:host([theme='dark']) { ${customProperties(DARK)} color-scheme: dark; }
@media (prefers-color-scheme: dark) {
  :host(:not([theme='light'])) { ${customProperties(DARK)} color-scheme: dark; }
}
@media (forced-colors: active) {
  :host, :host([theme]) { ${customProperties(FORCED)} }
}`;

export const STYLES = [tokens, base, frame, side, sheets, sizes].map((text) => unsafeCSS(text));
