// Serves the built site as the tests do, and opens a browser on it: for the benchmark and the screenshots.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';

const START_MS_MAX = 240_000;

/**
 * Runs `work` with a browser and the address of the site; ends both whatever becomes of it.
 * @param {(browser: import('@playwright/test').Browser, address: string) => Promise<void>} work
 */
export async function withSite(work) {
  const port = Number(process.env['RAFT_TEST_PORT'] ?? 4199);
  const dist = resolve(import.meta.dirname, process.env['RAFT_TEST_DIST'] ?? '../../dist');
  const address = `http://127.0.0.1:${port}/`;
  const server = spawn('cargo', ['xtask', 'serve', '--port', String(port), '--dir', dist], { stdio: ['ignore', 'ignore', 'inherit'] });
  let ended = false;
  server.on('exit', () => (ended = true));
  try {
    const until = Date.now() + START_MS_MAX;
    while (!(await fetch(address).then((response) => response.ok, () => false))) {
      if (ended || Date.now() > until) throw new Error(`${dist} is not being served`);
      await new Promise((done) => setTimeout(done, 200));
    }
    const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
    try {
      await work(browser, address);
    } finally {
      await browser.close();
    }
  } finally {
    server.kill();
  }
}
