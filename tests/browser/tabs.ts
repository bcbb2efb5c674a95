/** A browser whose tabs hide each other as anybody's do: the tests' own has every tab believe that it is seen. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';

const START_MS_MAX = 20_000;

/** The port that the browser took, which it writes down once it listens. */
async function portOf(profile: string): Promise<number> {
  for (const until = Date.now() + START_MS_MAX; Date.now() < until; ) {
    const [port] = (await readFile(join(profile, 'DevToolsActivePort'), 'utf8').catch(() => '')).split('\n');
    if (port) return Number(port);
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error('the browser did not start');
}

/** Hands over the context of such a browser, and ends it. */
export async function withTabs(work: (context: BrowserContext) => Promise<void>): Promise<void> {
  const profile = await mkdtemp(join(tmpdir(), 'raft-playground-tabs-'));
  const browser = spawn(chromiumPath(), ['--headless=new', '--remote-debugging-port=0', `--user-data-dir=${profile}`, ...CHROMIUM_ARGS, 'about:blank'], { stdio: 'ignore' });
  const ended = new Promise((done) => browser.on('exit', done));
  try {
    const connected = await chromium.connectOverCDP(`http://127.0.0.1:${await portOf(profile)}`, { noDefaults: true });
    const [context] = connected.contexts();
    if (!context) throw new Error('the browser has no context');
    await work(context);
    await connected.close();
  } finally {
    browser.kill();
    await ended;
    // What it was just writing may come a moment later.
    await rm(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
