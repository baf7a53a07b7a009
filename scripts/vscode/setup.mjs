// Prepares a real VS Code and a browser on a machine that has neither, from npm and (for the browser) Debian packages.
//   node scripts/vscode/setup.mjs          prints where they are
//
// The npm package code-server holds a complete VS Code server with its web workbench. Only that part is taken: its own command
// line and its native modules are not needed, so nothing is compiled. About 20 seconds and 230 MB, once.
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { NATIVE_LOG_STAND_IN, NATIVE_WATCHDOG_STAND_IN } from './native-stand-ins.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
const CODE_SERVER = process.env.LOCKSET_CODE_SERVER_VERSION ?? '4.139.1';
const NODE = process.env.LOCKSET_VSCODE_NODE_VERSION ?? '24.21.0';

/** Extensions inside VS Code that Lockset's tests do without: network, accounts, and a second analyser of TypeScript. */
const UNUSED_EXTENSIONS = [
  'copilot',
  'mermaid-markdown-features',
  'microsoft-authentication',
  'ms-vscode.*',
  'git',
  'git-base',
  'github',
  'github-authentication',
  'tunnel-forwarding',
  'typescript-language-features',
];
/** Packages that the server, its extension host and the workbench's page load. The others serve code-server's own additions. */
const USED_PACKAGES =
  /^(@microsoft\/1ds-(core|post)-js|@parcel\/watcher|@vscode\/(proxy-agent|iconv-lite-umd|ripgrep|ripgrep-universal|vscode-languagedetection|deviceid)|@xterm\/.*|cookie|https?-proxy-agent|jschardet|katex|minimist|node-pty|tas-client|vscode-oniguruma|vscode-regexpp|vscode-textmate|ws|yauzl|yazl)$/;

/** Where the caches are: `.cache/` in the project, or what LOCKSET_VSCODE_CACHE names. */
export function cacheFolder() {
  return path.resolve(process.env.LOCKSET_VSCODE_CACHE ?? path.join(root, '.cache'));
}

/** Downloads and prepares VS Code unless that was done before. Returns the Node program to run it with, and its folder. */
export function prepareVSCode() {
  const recipe = createHash('sha256')
    .update(readFileSync(fileURLToPath(import.meta.url)))
    .update(NATIVE_LOG_STAND_IN)
    .digest('hex')
    .slice(0, 8);
  const folder = path.join(cacheFolder(), `vscode-${CODE_SERVER}-${NODE}-${recipe}`);
  const ready = { node: path.join(folder, 'node/bin/node'), vscode: path.join(folder, 'vscode') };
  if (existsSync(folder)) return ready;
  if (process.platform !== 'linux') throw new Error('This set-up is for Linux. Elsewhere set LOCKSET_VSCODE to the program of an installed VS Code.');
  console.log(`preparing VS Code (code-server ${CODE_SERVER}) in ${folder}, once`);
  mkdirSync(cacheFolder(), { recursive: true });
  // Made beside its final place and moved there when complete: an interrupted or a second simultaneous run does no harm.
  const draft = mkdtempSync(path.join(cacheFolder(), 'draft-'));
  try {
    unpack(draft);
    install(path.join(draft, 'vscode'));
    try {
      renameSync(draft, folder);
    } catch (error) {
      if (!existsSync(folder)) throw error;
    }
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
  return ready;
}

function unpack(draft) {
  const run = (command, args) => execFileSync(command, args, { cwd: draft, stdio: ['ignore', 'ignore', 'inherit'] });
  const nodePackage = `node-linux-${process.arch}`;
  run('npm', ['pack', '--silent', `${nodePackage}@${NODE}`, `code-server@${CODE_SERVER}`]);
  mkdirSync(path.join(draft, 'node'));
  run('tar', ['xzf', `${nodePackage}-${NODE}.tgz`, '-C', 'node', '--strip-components=1', 'package/bin/node', 'package/LICENSE']);
  const excluded = UNUSED_EXTENSIONS.map((name) => `--exclude=package/lib/vscode/extensions/${name}`);
  run('tar', ['xzf', `code-server-${CODE_SERVER}.tgz`, ...excluded, 'package/lib/vscode']);
  renameSync(path.join(draft, 'package/lib/vscode'), path.join(draft, 'vscode'));
  for (const name of readdirSync(draft)) if (name !== 'node' && name !== 'vscode') rmSync(path.join(draft, name), { recursive: true });
}

function install(vscode) {
  const manifestFile = path.join(vscode, 'package.json');
  const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
  manifest.dependencies = Object.fromEntries(Object.entries(manifest.dependencies).filter(([name]) => USED_PACKAGES.test(name)));
  delete manifest.allowScripts;
  writeFileSync(manifestFile, JSON.stringify(manifest));
  // `npm ci` refuses the shortened manifest; `npm install` still takes the versions the package's own lock file pins.
  execFileSync('npm', ['install', '--omit=dev', '--ignore-scripts', '--legacy-peer-deps', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: vscode,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  writeModule(vscode, '@vscode/native-watchdog', NATIVE_WATCHDOG_STAND_IN);
  writeModule(vscode, '@vscode/spdlog', NATIVE_LOG_STAND_IN);
  dropOtherPlatforms(vscode);
}

function writeModule(vscode, name, source) {
  const folder = path.join(vscode, 'node_modules', name);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name, version: '0.0.0', main: 'index.js' }));
  writeFileSync(path.join(folder, 'index.js'), source);
}

function dropOtherPlatforms(vscode) {
  const own = `linux-${process.arch}`;
  for (const holder of ['@vscode/ripgrep-universal/bin', 'node-pty/prebuilds']) {
    const folder = path.join(vscode, 'node_modules', holder);
    if (!existsSync(folder)) continue;
    for (const name of readdirSync(folder)) if (name !== own) rmSync(path.join(folder, name), { recursive: true });
  }
  for (const name of ['third_party', 'deps', 'src']) rmSync(path.join(vscode, 'node_modules/node-pty', name), { recursive: true, force: true });
  for (const file of readdirSync(vscode, { recursive: true })) if (file.endsWith('.map')) rmSync(path.join(vscode, file));
}

/** The browser's program: LOCKSET_CHROMIUM, or an installed one, or (as root, on Debian and its kin) one installed now. */
export function prepareBrowser() {
  const found = findBrowser();
  if (found) return found;
  const hint = 'A browser is missing. Install one with: apt-get install -y --no-install-recommends chromium (or name one in LOCKSET_CHROMIUM)';
  if (process.getuid?.() !== 0 || spawnSync('apt-get', ['--version']).error) throw new Error(hint);
  console.log('installing chromium with apt-get, once');
  const apt = (...args) =>
    spawnSync('apt-get', args, { stdio: ['ignore', 'ignore', 'inherit'], env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } }).status === 0;
  const install = () => apt('install', '-y', '--no-install-recommends', 'chromium');
  if (!install() && !(apt('update') && install())) throw new Error(hint);
  const installed = findBrowser();
  if (!installed) throw new Error(hint);
  return installed;
}

function findBrowser() {
  const candidates = [process.env.LOCKSET_CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
  return candidates.find((file) => file && existsSync(file));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log({ ...prepareVSCode(), browser: prepareBrowser() });
