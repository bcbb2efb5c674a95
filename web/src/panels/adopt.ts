/** What each root has on already. */
const looks = new WeakMap<ParentNode, Set<string>>();

/** Gives the styles of a part that came late to the root that shows it. */
export function adopt(root: ParentNode, text: string): void {
  const worn = looks.get(root) ?? new Set();
  if (worn.has(text)) return;
  looks.set(root, worn.add(text));
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const { adoptedStyleSheets } = root as ShadowRoot;
  (root as ShadowRoot).adoptedStyleSheets = [...adoptedStyleSheets, sheet];
}
