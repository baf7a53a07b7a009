// Uses the extension with mouse and keyboard in the workbench, and takes a picture of each thing a person sees.
import assert from 'node:assert/strict';
import path from 'node:path';
import { chooseAction, hoverOver, openFile, retry, runCommand, SQUIGGLE, settle } from './keyboard.mjs';
import { remoteUri, startBrowser, startServer, workbenchUrl } from './workbench.mjs';

/** How the editor looks in pictures. */
export const SETTINGS = {
  'workbench.colorTheme': 'Default Light Modern',
  'editor.minimap.enabled': false,
  'editor.cursorBlinking': 'solid',
  'editor.fontSize': 14,
  'breadcrumbs.enabled': false,
  'window.commandCenter': false,
};

/** `extensionsFolder` holds the installed extension, `folder` is a copy of the examples, `images` takes the pictures. */
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
    await page.goto(workbenchUrl(server, folder, [['openFile', remoteUri(server, path.join(folder, 'python/stats.py'))]]), { waitUntil: 'commit' });
    await step('a finding is underlined', () => page.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 60_000 }));
    await step('a finding shows its traces in place', () => showTraces(page, picture));
    await step("a finding's rule leads to the page of the rule", () => followRule(page));
    await step('a card explains a word in a comment', () => showCard(page, picture));
    await step('a link on a card leads to the whole card', () => followCard(page));
    await step('an API says how it behaves', () => showApi(page, picture));
    await step('a shared field says what guards it and leads to the code', () => showField(page, picture));
    await step('a squiggle leads to the page of its rule', () => showRule(page, picture));
    await step('a card is found by what a person sees', () => searchGlossary(page, picture));
    await step('a quick fix repairs a finding', () => repair(page, picture));
    await step('both traces are gone through, step by step', () => goThroughTraces(page, picture));
    await step('the report opens and leads to the code', () => showReport(page, picture));
    await step('no message popped up', async () => assert.deepEqual(await page.locator('.notification-toast').allTextContents(), []));
  } finally {
    await browser.stop();
    await server.stop();
  }
}

/** Opens the folder as one that nobody vouched for: findings must come all the same, for nothing of it is ever run. */
export async function useInRestrictedMode(results, { extensionsFolder, folder }) {
  const server = await startServer({ extensionsFolder, settings: SETTINGS, restricted: true });
  const browser = await startBrowser();
  try {
    await results.check('.vsix: a finding is underlined in Restricted Mode', async () => {
      const { page } = browser;
      await page.goto(workbenchUrl(server, folder, [['openFile', remoteUri(server, path.join(folder, 'python/stats.py'))]]), { waitUntil: 'commit' });
      await page.getByText('Restricted Mode').first().waitFor({ timeout: 30_000 });
      await page.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 30_000 });
    });
  } finally {
    await browser.stop();
    await server.stop();
  }
}

async function showTraces(page, picture) {
  await runCommand(page, 'View: Toggle Primary Side Bar Visibility');
  const zone = await nextProblem(page, 'storage.py');
  // The trace of the other thread is in another file.
  await zone.getByText('catalog.py').first().waitFor();
  await settle(page);
  await picture('diagnostic');
}

/** Opens a file and the peek of its first problem. */
async function nextProblem(page, name) {
  await openFile(page, name);
  const zone = page.locator('.zone-widget .marker-widget').first();
  await retry(
    page,
    () => runCommand(page, 'Go to Next Problem (Error, Warning, Info)'),
    () => zone.waitFor({ timeout: 4000 }),
  );
  return zone;
}

async function followRule(page) {
  const zone = await nextProblem(page, 'storage.py');
  await zone.locator('a.code-link').click();
  await expectPage(page, /lock order inversion/i);
}

async function showCard(page, picture) {
  await openFile(page, 'rebuild.py');
  await hoverOver(page, 'GIL');
  await card(page, /global interpreter lock/i).waitFor();
  await settle(page);
  await picture('hover-word');
}

async function followCard(page) {
  await hoverOver(page, 'GIL');
  await card(page, /global interpreter lock/i)
    .locator('a', { hasText: 'Open the card' })
    .click();
  await expectPage(page, /global interpreter lock/i);
}

async function showApi(page, picture) {
  await openFile(page, 'app.py');
  await hoverOver(page, 'Thread');
  await card(page, /threading\.Thread/).waitFor();
  await settle(page);
  await picture('hover-api');
}

async function showField(page, picture) {
  await openFile(page, 'thumbnails.py');
  await hoverOver(page, '_entries = {}');
  const found = card(page, /guarded by/);
  await found.waitFor();
  await settle(page);
  await picture('hover-code');
  await found.locator('a', { hasText: 'All that is known of it' }).click();
  const whole = rendered(page);
  await whole.locator('h1', { hasText: 'ThumbnailCache._entries' }).waitFor();
  await page.mouse.move(5, 5);
  await settle(page);
  await picture('card');
  await whole.locator('a', { hasText: 'Guarded by' }).click();
  await whole.locator('h1', { hasText: 'Guarded by' }).waitFor();
  await whole.locator('[data-back]').click();
  await whole.locator('h1', { hasText: 'ThumbnailCache._entries' }).waitFor();
  await whole.locator('[data-file]', { hasText: 'app.py' }).first().click();
  await page.locator('.tab.active', { hasText: 'app.py' }).first().waitFor();
  // Back out of the page, which keeps the keyboard to itself.
  await page.locator('.editor-instance .view-lines').first().click();
  await runCommand(page, 'View: Close All Editors');
  await page.locator('.tab').first().waitFor({ state: 'detached' });
}

async function showRule(page, picture) {
  await openFile(page, 'thumbnails.py');
  await page.keyboard.press('Control+g');
  await page.keyboard.type('45\n');
  const squiggle = page.locator(SQUIGGLE).first();
  await squiggle.waitFor({ state: 'attached' });
  const { x, y, width, height } = await squiggle.boundingBox();
  await page.mouse.move(x + width / 2 - 5, y + height / 2);
  await page.mouse.move(x + width / 2, y + height / 2, { steps: 4 });
  await card(page, /Unguarded shared state/).waitFor();
  await settle(page);
  await picture('hover-rule');
  await card(page, /Unguarded shared state/)
    .locator('a', { hasText: 'Unguarded shared state' })
    .click();
  await expectPage(page, /unguarded shared state/i);
}

async function searchGlossary(page, picture) {
  await runCommand(page, 'Lockset: Search the Glossary');
  const input = page.locator('.quick-input-widget input[type="text"]').first();
  await input.fill('hangs at exit');
  const row = page.locator('.quick-input-widget .monaco-list-row', { hasText: /exit/i }).first();
  await row.waitFor();
  await settle(page);
  await picture('search');
  await row.click();
  await expectPage(page, /./);
}

/** The hover that holds a text. */
function card(page, text) {
  return page.locator('.monaco-hover:not(.hidden)').filter({ hasText: text }).first();
}

/** Waits for a rendered page beside the code, and closes it. */
async function expectPage(page, title) {
  await page.locator('.tab.active', { hasText: title }).first().waitFor();
  await rendered(page).locator('h1, h2').filter({ hasText: title }).first().waitFor();
  await runCommand(page, 'View: Close Editor');
}

/** What is inside the tab that shows a page. */
function rendered(page) {
  return page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

async function repair(page, picture) {
  await openFile(page, 'rebuild.py');
  await page.locator(SQUIGGLE).first().waitFor({ state: 'attached' });
  await page
    .locator('.view-line', { hasText: /multiprocessing\.Pool/ })
    .first()
    .click();
  const item = await chooseAction(page, /__main__/);
  await settle(page);
  await picture('quick-fix');
  await item.click();
  await page
    .locator('.view-line', { hasText: /if\s__name__\s==/ })
    .first()
    .waitFor();
  await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 0, SQUIGGLE);
  await runCommand(page, 'File: Revert File');
}

async function goThroughTraces(page, picture) {
  await openFile(page, 'storage.py');
  await runCommand(page, 'Go to Next Problem (Error, Warning, Info)');
  await page.keyboard.press('Escape');
  await (await chooseAction(page, 'Show both traces')).click();
  const list = page.locator('.quick-input-widget');
  await list.getByText('a call of Catalog.touch()').first().waitFor();
  for (let step = 0; step < 4; step++) await page.keyboard.press('ArrowDown');
  await page.locator('.tab.active', { hasText: 'catalog.py' }).first().waitFor();
  await settle(page);
  await picture('traces');
  await page.keyboard.press('Escape');
  await page.locator('.tab.active', { hasText: 'storage.py' }).first().waitFor();
}

async function showReport(page, picture) {
  await runCommand(page, 'View: Close All Editors');
  await runCommand(page, 'Lockset: Show Concurrency Report');
  const link = rendered(page).locator('[data-file]').filter({ hasText: '.py' }).first();
  await link.waitFor();
  await settle(page);
  await picture('report');
  const file = path.basename(await link.getAttribute('data-file'));
  await link.click();
  await page.locator('.tab.active', { hasText: file }).first().waitFor();
}
