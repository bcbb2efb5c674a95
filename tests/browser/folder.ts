/** A host of somebody else's, which serves folders: what is there is on the disk, and no server is started for it. */
import { stat } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import type { Page } from '@playwright/test';

/** Answers all that is asked of `origin`: below each path what its folder has. The longest path counts. */
export async function serveFolders(page: Page, origin: string, folders: Readonly<Record<string, string>>): Promise<void> {
  const paths = Object.keys(folders).sort((a, b) => b.length - a.length);
  await page.route(`${origin}/**`, async (route) => {
    const name = normalize(decodeURIComponent(new URL(route.request().url()).pathname));
    const below = paths.find((path) => name.startsWith(path));
    const path = below && join(folders[below] as string, name.slice(below.length) || 'index.html');
    if (!path || !(await stat(path).catch(() => null))?.isFile()) return route.fulfill({ status: 404, body: `${name} is not there` });
    return route.fulfill({ path, headers: path.endsWith('.wasm') ? { 'Content-Type': 'application/wasm' } : {} });
  });
}
