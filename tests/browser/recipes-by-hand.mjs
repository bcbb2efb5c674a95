// The recipes by the very tools that they are for, which are too heavy for the checks: each is installed when it is first asked for,
// makes its page, and the page is opened. Needs cargo for mdBook, python3 for Sphinx, pandoc and Jupyter, and npm for Docusaurus.
//   node recipes-by-hand.mjs [--pictures FOLDER] [NAME...]
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { CHROMIUM_ARGS, chromiumPath } from './browser.mjs';
import { TOOLS } from './recipe-tools.mjs';

/** @typedef {import('../../web/src/raft-playground').RaftPlayground} RaftPlayground */
/** @typedef {import('@playwright/test').Page} Page */

const words = process.argv.slice(2);
const at = words.indexOf('--pictures');
const [, pictures] = at < 0 ? [] : words.splice(at, 2);
const names = words.length > 0 ? words : Object.keys(TOOLS);
if (names.some((name) => !(name in TOOLS))) {
  console.error(`usage: node recipes-by-hand.mjs [--pictures FOLDER] [${Object.keys(TOOLS).join('] [')}]`);
  process.exit(1);
}

/** In JupyterLab the page is a notebook, whose cell is run. @param {Page} page */
async function runCell(page) {
  await page.locator('.jp-Cell .cm-content').first().click();
  await page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]').waitFor();
  await page.keyboard.press('Shift+Enter');
}

/** That a cluster is to be seen, and elects a leader. @param {Page} page */
async function elects(page) {
  const element = page.locator('raft-playground');
  await element.waitFor();
  await element.scrollIntoViewIfNeeded();
  const leaders = await element.evaluate(async (it) => {
    const playground = /** @type {RaftPlayground} */ (it);
    await playground.ready;
    playground.advance(2_000);
    return playground.state().servers.filter(({ role }) => role === 'leader').length;
  });
  if (leaders !== 1) throw new Error(`${leaders} lead; expected 1`);
  await element.locator('.hit-server[data-server="5"]').waitFor();
}

/** @param {import('@playwright/test').Browser} browser @param {string} name */
async function open(browser, name) {
  await TOOLS[name]?.(async ({ tool, address }) => {
    const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
    /** @type {string[]} */
    const complaints = [];
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('requestfailed', (request) => {
      if (request.failure()?.errorText !== 'net::ERR_ABORTED') complaints.push(`${request.url()} ${request.failure()?.errorText}`);
    });
    await page.goto(address);
    if (name === 'jupyter') await runCell(page);
    await elects(page);
    if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
    await page.close();
    if (complaints.length > 0) throw new Error(complaints.join('\n'));
    console.log(`${name}: made by ${tool}, opened in Chromium ${browser.version()}, elected a leader`);
  });
}

if (pictures) await mkdir(pictures, { recursive: true });
const browser = await chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_ARGS });
let failed = 0;
for (const name of names) {
  await open(browser, name).catch((/** @type {Error} */ error) => {
    failed += 1;
    console.error(`${name}: ${error.message}`);
  });
}
await browser.close();
console.log(`\n${names.length - failed} of ${names.length} recipes were made and opened.`);
if (failed > 0) process.exitCode = 1;
