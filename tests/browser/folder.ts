/** A host of somebody else's, which serves a folder: what is there is on the disk, and no server is started for it. */
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Page } from '@playwright/test';

/** Answers all that is asked of `origin` from `folders`, the first that has it. */
export async function serveFolders(page: Page, origin: string, folders: readonly string[], headers: Record<string, string> = {}): Promise<void> {
  await page.route(`${origin}/**`, async (route) => {
    const name = normalize(decodeURIComponent(new URL(route.request().url()).pathname));
    for (const folder of folders) {
      let path = join(folder, name);
      if (name.endsWith('/')) path = join(path, 'index.html');
      if (!(await stat(path).catch(() => null))?.isFile()) continue;
      const type = path.endsWith('.wasm') ? { 'Content-Type': 'application/wasm' } : {};
      return route.fulfill({ path, headers: { ...type, ...headers } });
    }
    return route.fulfill({ status: 404, body: `${name} is not there` });
  });
}
