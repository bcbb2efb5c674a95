/** Style sheets of the element are bundled as text, minified: see bundling/settings.mjs. */
declare module '*.css' {
  const text: string;
  export default text;
}
