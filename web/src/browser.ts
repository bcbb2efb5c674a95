/**
 * What the element and lit ask of a browser while their module is loaded, put by bundling/settings.mjs in the place of the globals of
 * these names. Where there is no browser, as when a page is made on a server, importing the element defines nothing and breaks nothing.
 */
const found = globalThis as Partial<Pick<typeof globalThis, 'HTMLElement' | 'document'>>;

export const HTMLElement = found.HTMLElement ?? (class {} as typeof globalThis.HTMLElement);
export const document = found.document ?? ({ createTreeWalker: () => null } as unknown as Document);
