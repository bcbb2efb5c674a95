/** Style sheets of the element are bundled as text, minified: see build.mjs. */
declare module '*.css' {
  const text: string;
  export default text;
}
