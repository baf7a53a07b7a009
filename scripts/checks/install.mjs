// Install: brings node_modules up to what package-lock.json asks for, and does nothing when it is there already.
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

/**
 * Installs in `root` what package-lock.json pins, when it is needed. Not by `npm ci`: that refuses a lock file without the
 * packages for other platforms, which npm leaves out where the registry does not have them all.
 * @returns {{ needed: boolean, ok: boolean, output: string }}
 */
export function install(root) {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < 20 || (major === 20 && minor < 19))
    return { needed: true, ok: false, output: `Node ${process.versions.node} is too old: 20.19 or newer is needed` };
  if (!isNeeded(root)) return { needed: false, ok: true, output: '' };
  const { status, stdout, stderr, error } = spawnSync('npm', ['install', '--no-save'], { cwd: root, encoding: 'utf8', shell: process.platform === 'win32' });
  const output = error ? `npm could not be started: ${error.message}` : `${stdout}${stderr}`;
  return { needed: true, ok: status === 0, output };
}

function isNeeded(root) {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  return !existsSync(installed) || statSync(path.join(root, 'package-lock.json')).mtimeMs > statSync(installed).mtimeMs;
}
