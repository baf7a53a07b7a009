// The tests of the report's page in a real browser, with the page as `lockset report` writes it.
//   node scripts/page/run.mjs [--screenshots] [map]      names some parts (map, reading, barriers); by default all run
// --screenshots also writes the pictures for the documentation to docs/images/.
// LOCKSET_COUNTS names a JSON file for the counts of passed and failed tests.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buildAll } from '../../esbuild.mjs';
import { createResults } from '../vscode/results.mjs';
import { startBrowser } from '../vscode/workbench.mjs';
import { testBarriers } from './barriers.mjs';
import { testMap } from './map.mjs';
import { takePictures } from './pictures.mjs';
import { testReading } from './reading.mjs';

const root = path.resolve(import.meta.dirname, '../..');
const PARTS = { map: testMap, reading: testReading, barriers: testBarriers };

const wanted = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const results = createResults();
await buildAll();
const home = mkdtempSync(path.join(os.tmpdir(), 'lp-'));
const browser = await startBrowser({ width: 1000, height: 900 });
try {
  for (const [name, test] of Object.entries(PARTS))
    if (wanted.length === 0 || wanted.includes(name)) await test(results, { ...browser, home, lockset, reportOf });
  if (process.argv.includes('--screenshots')) await takePictures({ ...browser, reportOf }, path.join(root, 'docs/images'));
} finally {
  await browser.stop();
  rmSync(home, { recursive: true, force: true });
}
results.finish();

/** Writes the page of a folder of the project, or of a program given as file name → text; gives its address. `options`: further ones of the command. */
function reportOf(name, program, options = []) {
  const page = path.join(home, `${name}.html`);
  const folder = typeof program === 'string' ? path.join(root, program) : path.join(home, name);
  if (typeof program !== 'string') {
    mkdirSync(folder);
    for (const [file, text] of Object.entries(program)) writeFileSync(path.join(folder, file), text);
  }
  lockset('report', folder, '--format', 'html', '--output', page, '--fail-on', 'never', '--quiet', ...options);
  return `file://${page}`;
}

function lockset(...words) {
  execFileSync(process.execPath, [path.join(root, 'dist/cli.js'), ...words], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] });
}
