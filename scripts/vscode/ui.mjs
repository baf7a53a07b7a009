// Uses the extension with mouse and keyboard in the workbench, and takes a picture of each thing a person sees.
import assert from 'node:assert/strict';
import path from 'node:path';
import { remoteUri, startBrowser, startServer, workbenchUrl } from './workbench.mjs';

const SETTINGS = {
  'workbench.colorTheme': 'Default Light Modern',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 14,
  'breadcrumbs.enabled': false,
  'window.commandCenter': false,
};
const SQUIGGLE = '.squiggly-warning, .squiggly-error, .squiggly-info';

/** `extensionsFolder` holds the installed extension, `folder` is a copy of the test workspace, `images` takes the pictures. */
export async function useExtension(results, { extensionsFolder, folder, images }) {
  const server = await startServer({ extensionsFolder, settings: SETTINGS });
  const browser = await startBrowser({ width: 1180, height: 720 });
  const { page } = browser;
  page.setDefaultTimeout(30_000);
  const picture = (name) => page.screenshot({ path: path.join(images, `${name}.png`) });
  const step = async (title, run) => {
    const passed = await results.check(`.vsix: ${title}`, run);
    if (!passed) await picture(`failed-${title.replaceAll(' ', '-')}`).catch(() => {});
    await page.keyboard.press('Escape').catch(() => {});
  };
  try {
    await page.goto(workbenchUrl(server, folder, [['openFile', remoteUri(server, path.join(folder, 'counter.py'))]]), { waitUntil: 'commit' });
    await step('a finding is underlined', () => page.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 60_000 }));
    await step('a finding shows its traces in place', () => showTraces(page, picture));
    await step('a card explains a word in a comment', () => showCard(page, picture));
    await step('the report opens and leads to the code', () => showReport(page, picture));
    await step('a quick fix repairs a finding', () => repair(page, picture));
    await step('no message popped up', async () => assert.deepEqual(await page.locator('.notification-toast').allInnerTexts(), []));
  } finally {
    await browser.stop();
    await server.stop();
  }
}

async function showTraces(page, picture) {
  await page.locator('.view-line', { hasText: 'self.total' }).first().click();
  await runCommand(page, 'Go to Next Problem (Error, Warning, Info)');
  const zone = page.locator('.zone-widget .marker-widget').first();
  await zone.waitFor();
  await zone.locator('.related-block, a, .message').filter({ hasText: 'counter.py' }).first().waitFor();
  await settle(page);
  await picture('finding');
  await page.keyboard.press('Escape');
}

async function showCard(page, picture) {
  await hoverOver(page, 'race condition');
  const hover = page
    .locator('.monaco-hover:not(.hidden)')
    .filter({ hasText: /race condition/i })
    .first();
  await hover.waitFor();
  await settle(page);
  await picture('card');
  assert.ok((await hover.textContent()).length > 80, 'the card is too short to explain anything');
}

async function showReport(page, picture) {
  await runCommand(page, 'Lockset: Show Concurrency Report');
  const report = page.frameLocator('iframe.webview').frameLocator('#active-frame');
  const link = report
    .locator('[data-file]')
    .filter({ hasText: /service|pool|counter/ })
    .first();
  await link.waitFor();
  await settle(page);
  await picture('report');
  const file = path.basename(await link.getAttribute('data-file'));
  await link.click();
  await page.locator('.tab.active', { hasText: file }).first().waitFor();
  await runCommand(page, 'View: Close All Editors');
}

async function repair(page, picture) {
  await openFile(page, 'pool.py');
  await page.locator(SQUIGGLE).first().waitFor({ state: 'attached' });
  await page
    .locator('.view-line', { hasText: /multiprocessing\.Pool/ })
    .first()
    .click();
  const item = page
    .locator('.action-widget .monaco-list-row')
    .filter({ hasText: /guard|__main__/i })
    .first();
  for (let attempt = 1; ; attempt++) {
    // The first request may come before the code action provider is known to the editor.
    await page.keyboard.press('Control+.');
    const shown = await item.waitFor({ timeout: 4000 }).then(
      () => true,
      () => false,
    );
    if (shown) break;
    assert.ok(attempt < 5, 'the menu of quick fixes does not offer the guard');
    await page.keyboard.press('Escape');
  }
  await settle(page);
  await picture('quick-fix');
  await item.click();
  await page
    .locator('.view-line', { hasText: /if\s__name__\s==/ })
    .first()
    .waitFor();
  await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 0, SQUIGGLE);
}

/** Runs a command by its name in the command palette. */
async function runCommand(page, name) {
  await page.keyboard.press('F1');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor();
  await input.fill(`>${name}`);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
}

/** Opens a file of the workspace by its name. */
async function openFile(page, name) {
  await page.keyboard.press('Control+p');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.waitFor();
  await input.fill(name);
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: name }).first().waitFor();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: name }).first().waitFor();
}

/** Moves the mouse over a text in the editor. Spaces in the editor's lines are U+00A0. */
async function hoverOver(page, text) {
  const pattern = new RegExp(text.replaceAll(' ', '\\s'));
  const span = page.locator('.view-line span', { hasText: pattern }).last();
  const box = await span.boundingBox();
  const content = await span.textContent();
  const column = content.search(pattern) + text.length / 2;
  const x = box.x + (box.width * column) / content.length;
  const y = box.y + box.height / 2;
  await page.mouse.move(x - 5, y);
  await page.mouse.move(x, y, { steps: 4 });
}

/** Waits until the page has stopped moving, for the picture's sake only. */
async function settle(page) {
  await page.waitForTimeout(400);
}
