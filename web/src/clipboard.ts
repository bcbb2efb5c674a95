/** Copies a text; refused where the browser does not allow it. Without a secure connection there is no clipboard at all. */
export function copyText(text: string): Promise<void> {
  const { clipboard } = navigator as { clipboard?: Clipboard };
  return clipboard ? clipboard.writeText(text) : Promise.reject(new Error('no clipboard'));
}
