/** The page's module out of a script that holds it as text: base64 of what deflate makes of it. */
export async function unpack(text: string): Promise<WebAssembly.Module> {
  const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
  return WebAssembly.compile(await new Response(stream).arrayBuffer());
}
