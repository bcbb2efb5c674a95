/**
 * Begins the page that is one file: unpacks its script, which lies in the page as text, and runs it. The page's policy lets that
 * very script in by its hash, and no other.
 */
(async (): Promise<void> => {
  const packed = document.getElementById('raft-playground-script');
  if (!packed) return;
  // Nothing has touched the page yet: a copy with another run in it is made of this.
  (globalThis as { raftPlaygroundFile?: string }).raftPlaygroundFile = `<!doctype html>\n${document.documentElement.outerHTML}\n`;
  const bytes = Uint8Array.from(atob(packed.textContent), (char) => char.charCodeAt(0));
  const text = await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'))).text();
  interface Policy {
    createScript(text: string): string;
  }
  const { trustedTypes } = globalThis as { trustedTypes?: { createPolicy(name: string, rules: Policy): Policy } };
  const script = document.createElement('script');
  script.textContent = trustedTypes ? trustedTypes.createPolicy('raft-playground-file', { createScript: (own) => own }).createScript(text) : text;
  document.body.append(script);
  script.remove();
})();
