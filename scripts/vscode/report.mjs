// Uses the report with mouse and keyboard while a folder is read, while files change, and over reloads.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { chooseAction, goTo, runCommand, settle } from './keyboard.mjs';
import { SETTINGS } from './ui.mjs';
import { startBrowser, startServer, workbenchUrl } from './workbench.mjs';

const FILES = 400;
/** Those and the examples. */
const ALL = /4[12]\d files analysed/;
/** From the last key to what a person sees, at best of some times: the machine does other things meanwhile. */
const AT_ONCE = 1000;
const TIMES = 3;

/** `extensionsFolder` holds the installed extension, `folder` is a copy of the examples of its own, `images` takes the pictures. */
export async function useReport(results, { extensionsFolder, folder, images }) {
  addFiles(path.join(folder, 'more'));
  const server = await startServer({ extensionsFolder, settings: SETTINGS });
  const browser = await startBrowser({ width: 1180, height: 720 });
  const { page } = browser;
  page.setDefaultTimeout(20_000);
  const refused = [];
  let hasFailed = false;
  page.on('console', (message) => /content security policy/i.test(message.text()) && /page\.js|report/i.test(message.text()) && refused.push(message.text()));
  const step = async (title, run) => {
    // One thing leads to the other.
    if (hasFailed) return;
    const passed = await results.check(`report: ${title}`, run);
    hasFailed = !passed;
    if (!passed) await page.screenshot({ path: path.join(images, `failed-report-${title.replaceAll(' ', '-')}.png`) }).catch(() => {});
  };
  try {
    await page.goto(workbenchUrl(server, folder), { waitUntil: 'commit' });
    await page.locator('.monaco-workbench .part.editor').first().waitFor();
    await step('opens at once, says how far it is, and can be cancelled', () => cancel(page));
    await step('goes on, and ends with the whole', () => goOn(page));
    await step('leads to the code by mouse and keyboard, and stays in view', () => jump(page));
    await step('is refreshed in place', () => refreshInPlace(page));
    await step('is as it was after another tab has hidden it', () => hideAndShow(page));
    await step('is as it was after the window was loaded again', () => reload(page));
    await step('outlives the server', () => restart(page));
    await step(`opens within ${AT_ONCE} ms`, () => openAtOnce(page));
    await step('breaks no rule about what may run in it', async () => assert.deepEqual(refused, []));
  } finally {
    await browser.stop();
    await server.stop();
  }
}

/** Enough to read that a person can cancel. */
function addFiles(folder) {
  mkdirSync(folder, { recursive: true });
  const body = Array.from({ length: 25 }, (_, index) => `def step${index}(values):\n    return [value + ${index} for value in values if value]\n`).join('\n');
  for (let index = 0; index < FILES; index++) writeFileSync(path.join(folder, `part${index}.py`), `"""Part ${index}."""\n\n${body}`);
}

/** What is inside the tab of the report. */
function report(page) {
  return page.frameLocator('iframe.webview').frameLocator('#active-frame');
}

/** What a person would lose: where they are in the page, what they have opened, typed and chosen. */
function stateOf(page) {
  return report(page)
    .locator('#report')
    .evaluate((element) => ({
      open: [...element.querySelectorAll('.finding details')].filter(({ open }) => open).map(({ id }) => id),
      words: element.querySelector('#finding-words').value,
      shown: [...element.querySelectorAll('.finding')].filter(({ hidden }) => !hidden).length,
      severity: element.querySelector('#finding-severity-warning').checked,
      isAtTop: window.scrollY < 100,
      top: Math.round(element.querySelector('#roots h2').getBoundingClientRect().top),
    }));
}

/** The same, but for what layouts round. */
function assertSame({ top, ...after }, { top: before, ...rest }) {
  assert.deepEqual(after, rest);
  assert.ok(Math.abs(top - before) < 4, `scrolled by ${top - before}`);
}

async function cancel(page) {
  await runCommand(page, 'Lockset: Show Concurrency Report');
  await report(page)
    .locator('#notice', { hasText: /Reading files: \d+ of \d+/ })
    .waitFor();
  await report(page).getByRole('button', { name: 'Cancel' }).press('Enter');
  await report(page)
    .locator('#notice', { hasText: /Reading was stopped: this is a report of \d+ of \d+ files/ })
    .waitFor();
  await report(page).locator('main').waitFor();
}

async function goOn(page) {
  await report(page).getByRole('button', { name: 'Go On' }).click();
  await report(page).locator('#notice').waitFor({ state: 'hidden', timeout: 60_000 });
  await report(page).getByText(ALL).waitFor();
}

async function jump(page) {
  const other = report(page).locator('#roots [data-file]', { hasText: 'app.py' }).first();
  await other.focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'app.py' }).first().waitFor();
  const row = report(page).locator('#findings .finding', { hasText: 'stats.py' }).first();
  await openDetails(row);
  const place = row.locator('[data-file]').first();
  await place.click();
  await page.locator('.tab.active', { hasText: 'stats.py' }).first().waitFor();
  assert.ok(await place.isVisible(), 'the report went out of view');
  const node = report(page).locator('#map [data-file]', { hasText: 'catalog' }).first();
  await node.waitFor({ state: 'attached' });
  await node.focus();
  await page.keyboard.press('Enter');
  await page.locator('.tab.active', { hasText: 'catalog.py' }).first().waitFor();
  await place.click();
  await page.locator('.tab.active', { hasText: 'stats.py' }).first().waitFor();
  // And back, from the code to the report.
  await report(page).locator('#finding-words').fill('nothing has this');
  await page.locator('.editor-instance .view-lines').first().click();
  await goTo(page, 12, 9);
  await (await chooseAction(page, 'Show in the concurrency report')).click();
  await place.waitFor();
  await row.evaluate(async (element) => {
    while (Math.abs(element.getBoundingClientRect().top - 60) > 60) await new Promise((resolve) => requestAnimationFrame(resolve));
  });
}

async function openDetails(row) {
  const details = row.locator('details').first();
  if (!(await details.evaluate(({ open }) => open))) await details.locator('summary').click();
}

async function refreshInPlace(page) {
  await report(page).locator('#finding-words').fill('thread');
  const shown = report(page).locator('#findings .finding:not([hidden])');
  await openDetails(shown.last());
  await report(page)
    .locator('#roots summary, #roots h2')
    .first()
    .evaluate((element) => element.scrollIntoView({ block: 'center' }));
  await report(page)
    .locator('#finding-words')
    .evaluate((element) => element.focus({ preventScroll: true }));
  await settle(page);
  const before = await stateOf(page);
  assert.ok(!before.isAtTop && before.open.length > 0 && before.words === 'thread', JSON.stringify(before));
  const lines = () =>
    report(page)
      .locator('#findings [data-file$="stats.py"]')
      .evaluateAll((places) => places.map(({ dataset }) => Number(dataset.line)));
  const [line] = await lines();
  // Three lines more above all findings of a file, typed by somebody who looks at that file.
  await page.locator('.editor-instance .view-lines').first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('\n\n\n');
  await report(page)
    .locator(`#findings [data-file$="stats.py"][data-line="${line + 3}"]`)
    .first()
    .waitFor({ state: 'attached' });
  const after = await stateOf(page);
  assertSame(after, before);
  assert.ok(await page.locator('.editor-instance .monaco-editor.focused').first().isVisible(), 'the report has taken the keyboard');
  await runCommand(page, 'File: Revert File');
  await report(page).locator(`#findings [data-file$="stats.py"][data-line="${line}"]`).first().waitFor({ state: 'attached' });
}

async function hideAndShow(page) {
  const before = await stateOf(page);
  const tab = page.locator('.tab', { hasText: 'Concurrency Report' }).first();
  await tab.click();
  await runCommand(page, 'Create: New File...');
  await page.locator('.quick-input-widget .monaco-list-row', { hasText: 'Text File' }).first().click();
  await page.locator('.tab.active', { hasText: 'Untitled' }).first().waitFor();
  await page.locator('iframe.webview').first().waitFor({ state: 'hidden' });
  await tab.click();
  await report(page).locator('main').waitFor();
  await settle(page);
  assertSame(await stateOf(page), before);
}

async function reload(page) {
  const before = await stateOf(page);
  await page.reload({ waitUntil: 'commit' });
  // The workbench may not have saved yet which tab was in front.
  await page.locator('.tab', { hasText: 'Concurrency Report' }).first().click();
  await report(page).getByText(ALL).waitFor({ timeout: 60_000 });
  await report(page).locator('#notice').waitFor({ state: 'hidden' });
  await settle(page);
  assertSame(await stateOf(page), before);
}

async function restart(page) {
  const before = await stateOf(page);
  await runCommand(page, 'Lockset: Restart Language Server');
  await report(page).locator('#notice').waitFor();
  assert.ok(await report(page).locator('main').isVisible(), 'the report is gone while the server is away');
  await report(page).locator('#notice').waitFor({ state: 'hidden', timeout: 60_000 });
  assertSame(await stateOf(page), before);
}

async function openAtOnce(page) {
  const times = [];
  for (let time = 0; time < TIMES; time++) {
    await page.locator('.tab', { hasText: 'Concurrency Report' }).first().click();
    await runCommand(page, 'View: Close Editor');
    await page.locator('iframe.webview').first().waitFor({ state: 'detached' });
    await runCommand(page, 'Lockset: Show Concurrency Report', () => times.push(-Date.now()));
    await report(page).locator('#notice:not([hidden]), main').first().waitFor();
    times.push(Date.now() + times.pop());
  }
  assert.ok(Math.min(...times) < AT_ONCE, `it took ${times.join(', ')} ms`);
}
