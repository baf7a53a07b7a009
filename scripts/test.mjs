// npm test: installs what is missing, builds, checks, and runs every test there is. Goes on after a failure, so that one
// run shows everything; a part that is missing is a failure that names it. The last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { install } from './checks/install.mjs';
import { CHECKS, GENERATED } from './checks/list.mjs';

const root = path.resolve(import.meta.dirname, '..');
const started = Date.now();
let passed = 0;
let failed = 0;
const failures = [];

const installed = install(root);
section('packages', installed.ok, installed.needed ? installed.output : 'up to date', { passed: Number(installed.ok), failed: Number(!installed.ok) });
if (installed.ok) {
  await stage(GENERATED.name, GENERATED.command);
  await stage('build', ['npm', 'run', '--silent', 'build']);
  // Two lanes for two cores: the checks beside the tests that need no display.
  await Promise.all([inOrder(CHECKS), stage('unit and protocol tests', ['node', 'scripts/checks/vitest.mjs'])]);
  await stage('tests of the page in a browser', ['node', 'scripts/page/run.mjs']);
  await stage('tests in VS Code', ['node', 'scripts/vscode/run.mjs']);
}

const seconds = Math.round((Date.now() - started) / 1000);
console.log(`\n${failures.length === 0 ? 'everything passed' : `failed: ${failures.join(', ')}`}; ${Math.floor(seconds / 60)} min ${seconds % 60} s`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;

async function inOrder(checks) {
  for (const { name, command } of checks) await stage(name, command);
}

/**
 * Runs a command and prints a section for it. A command that closes with `N passed, N failed` brings its own counts;
 * any other is one test.
 */
async function stage(name, [program, ...args]) {
  const script = program === 'node' ? args[0] : undefined;
  if (script && !existsSync(path.join(root, script))) {
    section(name, false, `${script} is missing`, { passed: 0, failed: 1 });
    return;
  }
  const begun = Date.now();
  const { status, output } = await run(program === 'node' ? process.execPath : program, args);
  section(`${name} (${((Date.now() - begun) / 1000).toFixed(1)} s)`, status === 0, output, countsOf(output, status));
}

/** The counts that a run reports itself; a run that ends badly has at least one failure, whatever it says. */
function countsOf(output, status) {
  const last = output.trimEnd().split('\n').at(-1) ?? '';
  const own = /^(\d+) passed, (\d+) failed$/.exec(last);
  const counts = own ? { passed: Number(own[1]), failed: Number(own[2]) } : { passed: 1, failed: 0 };
  if (status === 0) return counts;
  return own ? { ...counts, failed: Math.max(1, counts.failed) } : { passed: 0, failed: 1 };
}

function run(program, args) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '0' },
      shell: process.platform === 'win32',
    });
    let output = '';
    child.stdout.on('data', (data) => (output += data));
    child.stderr.on('data', (data) => (output += data));
    child.on('error', (error) => resolve({ status: 1, output: `${output}${program} could not be started: ${error.message}` }));
    child.on('close', (status) => resolve({ status: status ?? 1, output }));
  });
}

/** Prints a whole section at once, so that stages which run side by side do not mix. */
function section(title, ok, output, counts) {
  passed += counts.passed;
  failed += counts.failed;
  const good = ok && counts.failed === 0;
  if (!good) failures.push(title.replace(/ \(.*/, ''));
  const lines = output
    .trimEnd()
    .split('\n')
    .filter((line) => !/^npm warn/.test(line));
  const shown = good ? lines.slice(-6) : lines;
  console.log(`\n${good ? '✓' : '✗'} ${title}: ${counts.passed} passed, ${counts.failed} failed`);
  for (const line of shown) if (line.trim() && !/^\d+ passed, \d+ failed$/.test(line)) console.log(`  ${line}`);
}
