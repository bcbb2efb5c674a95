/** Attributes that are properties as well, by the same names in the manner of JavaScript. */

/** What a run begins with and what may become of it, beside servers and seed: most elements have none of them. */
export const SETTINGS = ['src', 'scenario', 'start-at', 'range', 'pause-on', 'readonly'] as const;

// `scenario()` is a method of old, so that the attribute of this name is no property.
const TEXTS = ['src', 'start-at', 'range', 'pause-on', 'loading', 'controls', 'theme', 'poster', 'full-page'] as const;
const SWITCHES = ['autoplay', 'readonly'] as const;

const propertyOf = (attribute: string): string => attribute.replace(/-./g, (sign) => sign.slice(1).toUpperCase());

/** Everything that may have been set on the element before it was one. */
export const SETTABLE: readonly string[] = [...TEXTS, ...SWITCHES, 'servers', 'seed', 'speed'].map(propertyOf);

/** Gives a class of elements these properties; one that is not there is an empty text, or false. */
export function reflect(prototype: HTMLElement): void {
  for (const name of TEXTS) {
    Object.defineProperty(prototype, propertyOf(name), {
      get: function (this: HTMLElement) {
        return this.getAttribute(name) ?? '';
      },
      set: function (this: HTMLElement, value: unknown) {
        this.setAttribute(name, String(value));
      },
    });
  }
  for (const name of SWITCHES) {
    Object.defineProperty(prototype, name, {
      get: function (this: HTMLElement) {
        return this.hasAttribute(name);
      },
      set: function (this: HTMLElement, value: unknown) {
        this.toggleAttribute(name, Boolean(value));
      },
    });
  }
}
