// Which browser runs the tests, and how: shared by the tests, the benchmark and the screenshots.
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

const NAMES = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome'];

/** @param {string} path */
const runs = (path) => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** The browser that RAFT_CHROMIUM names, or else the first that is installed. */
export function chromiumPath() {
  const named = process.env['RAFT_CHROMIUM'] ?? process.env['CHROMIUM'];
  if (named) return named;
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const found = ['/usr/bin/chromium', ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name)))].find(runs);
  if (!found) throw new Error('no Chromium was found: install one, or name it in RAFT_CHROMIUM');
  return found;
}

/** `--no-sandbox` for machines where the tests run as root; the others keep the browser from calling home. */
export const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];
