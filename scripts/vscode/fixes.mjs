// Every kind of fix as a person meets it: the light bulb's menu, a preview, all safe ones on save, and the cells of a notebook.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { chooseAction, goTo, openFile, runCommand, SQUIGGLE, settle } from './keyboard.mjs';
import { SETTINGS } from './ui.mjs';
import { remoteUri, startBrowser, startServer, workbenchUrl } from './workbench.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

const OF_KINDS = path.join(root, '.build/images/fixes');

/** Each kind that is driven takes some three seconds, and what differs between them is tested without an editor. */
const SAMPLE = 6;

/**
 * `extensionsFolder` holds the installed extension; `images` takes the pictures of the documentation. Those of each kind go to
 * .build/images/fixes/. Without `everyKind` each sixth one is driven.
 */
export async function useFixes(results, { extensionsFolder, images, everyKind }) {
  const scratch = mkdtempSync(path.join(os.tmpdir(), 'lockset-fixes-'));
  const folder = path.join(scratch, 'fixes');
  mkdirSync(folder);
  mkdirSync(OF_KINDS, { recursive: true });
  const scenes = prepareScenes(results, folder);
  const server = await startServer({ extensionsFolder, settings: SETTINGS });
  const browser = await startBrowser({ width: 1180, height: 720 });
  const { page } = browser;
  page.setDefaultTimeout(20_000);
  const picture = (name, into = images) => page.screenshot({ path: path.join(into, `${name}.png`) });
  const step = async (title, run) => {
    const passed = await results.check(`fixes: ${title}`, run);
    if (!passed) await picture(`failed-${title.replaceAll(' ', '-')}`, path.dirname(OF_KINDS)).catch(() => {});
    await page.keyboard.press('Escape').catch(() => {});
  };
  const open = (inside, file) => page.goto(workbenchUrl(server, inside, [['openFile', remoteUri(server, file)]]), { waitUntil: 'commit' });
  try {
    await open(folder, scenes[0].file);
    await page.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 60_000 });
    const driven = scenes.filter((_, number) => everyKind || number % SAMPLE === 0);
    for (const scene of driven) await step(scene.kind, () => repair(page, picture, scene));
    await step('a preview shows what a fix would change', () => preview(page, picture, scenes));
    const saving = prepareSaving(path.join(folder, 'saving'));
    await open(path.dirname(saving.file), saving.file);
    await step('all safe fixes are made on save', () => save(page, picture, saving));
    const [byHand, bySaving] = ['words.ipynb', 'more-words.ipynb'].map((name) => path.join(folder, 'saving', name));
    for (const notebook of [byHand, bySaving]) copyFileSync(path.join(root, 'test/vscode/workspace/words.ipynb'), notebook);
    await step('a finding in a notebook is repaired in its cell', () => repairCell(page, picture, byHand));
    await step('all safe fixes of a notebook are made on save', () => saveNotebook(page, bySaving));
  } finally {
    await browser.stop();
    await server.stop();
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** For each kind the first of its examples, the finding that is offered such a fix, and the text that it makes. */
function prepareScenes(results, folder) {
  const examples = path.join(root, 'test/fixes');
  const kinds = readdirSync(examples).sort();
  for (const kind of kinds) {
    const names = readdirSync(path.join(examples, kind)).sort();
    const name = names.find((each) => !/\.(?:fixed|driver|schedule)\.\w+$/.test(each) && names.includes(each.replace(/(\.\w+)$/, '.fixed$1')));
    if (name) copyFileSync(path.join(examples, kind, name), path.join(folder, `${kind}-${name}`));
  }
  const { findings } = check(folder);
  return kinds.flatMap((kind) => {
    const isOwn = (fix) => fix.kind === kind;
    const finding = findings.find(({ file, fixes }) => file.startsWith(`${kind}-`) && fixes.some(isOwn));
    if (!finding) {
      results.add(`fixes: ${kind}`, 'no example is offered such a fix');
      return [];
    }
    const fix = finding.fixes.find(isOwn);
    const file = path.join(folder, finding.file);
    const text = readFileSync(file, 'utf8');
    return { kind, file, line: finding.line, column: finding.column, title: fix.title, safety: fix.safety, text, fixed: applied(text, fix.edits) };
  });
}

function check(folder) {
  const args = [path.join(root, 'dist/cli.js'), 'check', folder, '--no-cache', '--format', 'json', '--fail-on', 'never'];
  const found = JSON.parse(execFileSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 1 << 28 }));
  return { findings: found.findings.map((finding) => ({ ...finding, file: path.relative(folder, path.resolve(folder, finding.file)) })) };
}

/** A text after edits that have lines and columns from 1. */
function applied(text, edits) {
  const starts = [0, ...[...text.matchAll(/\r\n|\r|\n/g)].map(({ index, 0: end }) => index + end.length)];
  const offset = (line, column) => (line > starts.length ? text.length : starts[line - 1] + column - 1);
  const spans = edits.map((edit, order) => ({
    start: offset(edit.line, edit.column),
    end: offset(edit.endLine, edit.endColumn),
    order,
    newText: edit.newText,
  }));
  spans.sort((a, b) => b.start - a.start || b.end - a.end || b.order - a.order);
  return spans.reduce((result, { start, end, newText }) => result.slice(0, start) + newText + result.slice(end), text);
}

async function repair(page, picture, { kind, file, line, column, title, safety, text, fixed }) {
  await openFile(page, path.basename(file));
  await goTo(page, line, column);
  const item = await chooseAction(page, title);
  await settle(page);
  await picture(kind, OF_KINDS);
  await item.click();
  if (safety === 'unsafe') await acceptPreview(page);
  await saved(page, file, fixed);
  writeFileSync(file, text);
  await runCommand(page, 'View: Close All Editors');
}

/** An unsafe fix of many places comes as a preview; of few it is made at once. */
async function acceptPreview(page) {
  const apply = page.locator('.bulk-edit-panel').getByText('Apply', { exact: true }).first();
  if (
    await apply.waitFor({ timeout: 1500 }).then(
      () => true,
      () => false,
    )
  )
    await apply.click();
}

async function preview(page, picture, scenes) {
  const { file, line, column, title, text, fixed } = scenes.find(({ kind }) => kind === 'add-main-guard') ?? scenes[0];
  await openFile(page, path.basename(file));
  await goTo(page, line, column);
  await chooseAction(page, title);
  await page.keyboard.press('Control+Enter');
  const panel = page.locator('.bulk-edit-panel');
  await panel.waitFor();
  await panel
    .locator('.monaco-list-row', { hasText: path.basename(file) })
    .first()
    .waitFor();
  await settle(page);
  await picture('fix-preview');
  await panel.getByText('Apply', { exact: true }).first().click();
  await saved(page, file, fixed);
  writeFileSync(file, text);
  await runCommand(page, 'View: Close All Editors');
}

function prepareSaving(folder) {
  mkdirSync(path.join(folder, '.vscode'), { recursive: true });
  const settings = {
    'editor.codeActionsOnSave': { 'source.fixAll.lockset': 'explicit' },
    'notebook.codeActionsOnSave': { 'notebook.source.fixAll.lockset': 'explicit' },
  };
  writeFileSync(path.join(folder, '.vscode/settings.json'), JSON.stringify(settings));
  const file = path.join(folder, 'session.py');
  copyFileSync(path.join(root, 'test/fixes/use-with/session.py'), file);
  return { file, fixed: readFileSync(path.join(root, 'test/fixes/use-with/session.fixed.py'), 'utf8') };
}

async function save(page, picture, { file, fixed }) {
  await page.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 60_000 });
  await page.locator('.editor-instance .view-lines').first().click();
  await goTo(page, 1, 1);
  await page.keyboard.type('# Edited\n');
  await saved(page, file, `# Edited\n${fixed}`);
  await page.waitForFunction((selector) => document.querySelectorAll(selector).length === 0, SQUIGGLE);
  await settle(page);
  await picture('fix-on-save');
}

/** Saves until the file on the disk is as it should be: the first time the fix may still be on its way. */
async function saved(page, file, expected) {
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.waitForTimeout(150);
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(150);
    if (existsSync(file) && readFileSync(file, 'utf8') === expected) return;
  }
  throw new Error(`${path.basename(file)} is not as expected, but\n${readFileSync(file, 'utf8')}\nand not\n${expected}`);
}

async function repairCell(page, picture, notebook) {
  const cell = await openCell(page, notebook);
  await cell
    .locator('.view-line', { hasText: /lock\.acquire/ })
    .first()
    .click();
  const item = await chooseAction(page, 'with statement');
  await settle(page);
  await picture('notebook');
  await item.click();
  await savedNotebook(page, notebook);
}

async function saveNotebook(page, notebook) {
  const cell = await openCell(page, notebook);
  // A notebook that nobody has changed is not saved.
  await cell
    .locator('.view-line', { hasText: /lock\.release/ })
    .first()
    .click();
  await page.keyboard.press('End');
  await page.keyboard.type('  ');
  await savedNotebook(page, notebook);
}

/** Opens a notebook; gives the cell that has the finding, once it is underlined. */
async function openCell(page, notebook) {
  await openFile(page, path.basename(notebook));
  const cell = page.locator('.notebook-editor .cell-list-container .monaco-list-row', { hasText: 'lock.acquire' }).last();
  await cell.locator(SQUIGGLE).first().waitFor({ state: 'attached', timeout: 60_000 });
  return cell;
}

/** Saves until the notebook on the disk is repaired, and nothing else in it is changed. */
async function savedNotebook(page, notebook) {
  const sourcesOf = (file) => JSON.parse(readFileSync(file, 'utf8')).cells.map(({ source }) => [source].flat().join('').trimEnd());
  const expected = sourcesOf(path.join(root, 'test/vscode/workspace/words.ipynb')).map((source) =>
    source.replace('    lock.acquire()\n    counts', '    with lock:\n        counts').replace('\n    lock.release()', ''),
  );
  for (let attempt = 0; attempt < 20; attempt++) {
    await page.keyboard.press('Control+s');
    await page.waitForTimeout(300);
    if (JSON.stringify(sourcesOf(notebook)) === JSON.stringify(expected)) return;
  }
  throw new Error(`the notebook has\n${sourcesOf(notebook).join('\n---\n')}`);
}
