/** Gives the styles of a part that came late to the root that shows it. */
export function adopt(root: ParentNode, text: string): void {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const { adoptedStyleSheets } = root as ShadowRoot;
  (root as ShadowRoot).adoptedStyleSheets = [...adoptedStyleSheets, sheet];
}
