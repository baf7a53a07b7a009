// The tests in a real VS Code: the suite in its extension host, then the packaged extension as a person meets it.
//   node scripts/vscode/run.mjs [--screenshots] [suite] [vsix] [report] [fixes] [web]      names some parts; by default all run,
// and of the kinds of fixes a sample: by name, `fixes` drives each of them.
// --screenshots also writes the pictures for the documentation to docs/images/.
// LOCKSET_VSCODE names the program of an installed VS Code; without it one is prepared (see setup.mjs).
// LOCKSET_COUNTS names a JSON file for the counts of passed and failed tests.
import { buildAll } from '../../esbuild.mjs';
import { runSuite } from './integration.mjs';
import { runPackaged } from './packaged.mjs';
import { createResults } from './results.mjs';
import { runWeb } from './web.mjs';

const parts = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const wanted = (part) => parts.length === 0 || parts.includes(part);
const results = createResults();
await buildAll();
if (wanted('suite')) await runSuite(results);
const packaged = {
  screenshots: process.argv.includes('--screenshots'),
  examples: wanted('vsix'),
  report: wanted('report'),
  fixes: wanted('fixes'),
  everyKind: parts.includes('fixes'),
};
if (packaged.examples || packaged.report || packaged.fixes) await runPackaged(results, packaged);
if (wanted('web')) await runWeb(results);
results.finish();
