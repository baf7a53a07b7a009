// npm start [-- PATH]: installs what is missing, builds, then prints the concurrency report of PATH and writes it as a page.
// Without PATH it is that of examples/. Ends well when the report was made, whatever it found.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { install } from './checks/install.mjs';

const PAGE = 'lockset-report.html';
// Not import.meta.dirname: a Node that is too old is to get as far as being told so.
const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
// npm runs scripts in the package's folder; this is where the person is.
const folder = process.env.INIT_CWD ?? process.cwd();
const given = process.argv.slice(2);

const unknown = given.find((word) => word.startsWith('-'));
if (unknown) fail(`unknown option ${unknown}; give files or folders: npm start -- PATH`);
const paths = given.length > 0 ? given : [path.join(root, 'examples')];
const missing = paths.find((each) => !existsSync(path.resolve(folder, each)));
if (missing) fail(`no such file or folder: ${missing}`);

if (!existsSync(path.join(root, 'node_modules'))) console.log('installing packages');
const installed = install(root);
if (!installed.ok) fail(`the packages could not be installed: ${installed.output.trim()}`);
run('npm', ['run', '--silent', 'build'], { cwd: root, quiet: true, what: 'the build' });

// The page first, so that the text stays on the screen; it comes from the cache of the first run.
const cli = path.join(root, 'dist/cli.js');
run(process.execPath, [cli, 'report', '--format', 'html', '--output', PAGE, ...paths], { cwd: folder, quiet: true, what: 'the report' });
run(process.execPath, [cli, 'report', ...paths], { cwd: folder, what: 'the report' });
console.log(`\nThe same as a page: ${path.join(folder, PAGE)}`);

/** Runs a program to its end; a failure ends this one, with the program's own words where they were not shown. */
function run(program, words, { cwd, quiet = false, what }) {
  const { status, error, stdout, stderr } = spawnSync(program, words, {
    cwd,
    stdio: quiet ? ['ignore', 'pipe', 'pipe'] : ['ignore', 'inherit', 'inherit'],
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    shell: process.platform === 'win32' && program === 'npm',
  });
  if (error) fail(`${what} could not be started: ${error.message}`);
  if (status !== 0) fail(`${what} failed${quiet ? `:\n${stdout}${stderr}` : ''}`);
  return stdout;
}

function fail(message) {
  console.error(`lockset: ${message}`);
  process.exit(1);
}
