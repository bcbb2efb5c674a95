/** The address of a classic script, for what lies beside it; empty where it lies in a page. Known only while it begins to run. */
const { document } = globalThis as { document?: Document };
export const scriptAddress = (document?.currentScript as HTMLScriptElement | null)?.src ?? '';
