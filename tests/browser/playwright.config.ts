import { defineConfig } from '@playwright/test';
import { resolve } from 'node:path';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';

const port = Number(process.env['RAFT_TEST_PORT'] ?? 4199);
const dist = resolve(import.meta.dirname, process.env['RAFT_TEST_DIST'] ?? '../../dist');

export default defineConfig({
  testDir: 'specs',
  fullyParallel: true,
  forbidOnly: true,
  // Where nobody can try again by hand, once: what passes only then is listed as flaky, by its name.
  retries: process.env['CI'] ? 1 : 0,
  workers: 2,
  timeout: 40_000,
  expect: { timeout: 10_000 },
  reporter: 'list',
  // The project's own server, so that the page is tested under the headers that it is served with.
  webServer: {
    command: `cargo xtask serve --port ${port} --dir "${dist}"`,
    url: `http://127.0.0.1:${port}/`,
    timeout: 240_000,
    reuseExistingServer: false,
  },
  use: {
    baseURL: `http://127.0.0.1:${port}/`,
    browserName: 'chromium',
    headless: true,
    launchOptions: { executablePath: chromiumPath(), args: CHROMIUM_ARGS },
    viewport: { width: 1280, height: 800 },
    colorScheme: 'light',
    // What a service worker answers, no test sees asked for: only its own tests have one.
    serviceWorkers: 'block',
    trace: 'off',
    video: 'off',
    screenshot: 'only-on-failure',
  },
});
