// Runs vitest and closes with `N passed, N failed`. A skipped test and a file without tests count as failures.
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '../..');
const results = path.join(root, '.cache/vitest.json');
mkdirSync(path.dirname(results), { recursive: true });
rmSync(results, { force: true });

const run = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', '--reporter=json', `--outputFile=${results}`, ...process.argv.slice(2)], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 1 << 28,
});

let report;
try {
  report = JSON.parse(readFileSync(results, 'utf8'));
} catch {
  console.log(`${run.stdout ?? ''}${run.stderr ?? ''}\nvitest ended without results (status ${run.status})`);
  console.log('0 passed, 1 failed');
  process.exit(1);
}

let passed = 0;
let failed = 0;
for (const file of report.testResults) {
  const name = path.relative(root, file.name);
  const bad = file.assertionResults.filter((test) => test.status !== 'passed');
  passed += file.assertionResults.length - bad.length;
  failed += bad.length;
  for (const test of bad) console.log(`${name}: ${test.fullName}: ${test.status}\n${indent(test.failureMessages.join('\n'))}`);
  // A file that could not be loaded has a message and no tests.
  if (file.assertionResults.length === 0) {
    failed++;
    console.log(`${name}: no tests\n${indent(file.message ?? '')}`);
  }
}
console.log(`${report.testResults.length} files`);
if (run.status !== 0 && failed === 0) {
  failed++;
  console.log(`vitest ended with status ${run.status}:\n${run.stderr}`);
}
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

/** The first lines of a message; stacks inside packages say nothing. */
function indent(text) {
  const lines = text.split('\n').filter((line) => !line.includes('node_modules'));
  return lines
    .slice(0, 40)
    .map((line) => `    ${line}`)
    .join('\n');
}
