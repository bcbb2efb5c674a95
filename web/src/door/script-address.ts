/** The tag of a classic script, and its address for what lies beside it; empty where it lies in a page. Known only while it begins to run. */
const { document } = globalThis as { document?: Document };
export const ownScript = document?.currentScript as HTMLScriptElement | null | undefined;
export const scriptAddress = ownScript?.src ?? '';
