/**
 * The address of the widget's module, for what lies beside it; empty where a notebook holds the module's text itself. (Written so that
 * the bundler, which puts this in the place of `import.meta.url` everywhere else, leaves this one alone.)
 */
const { url } = import.meta;
export const scriptAddress = url.startsWith('http') ? url : '';
