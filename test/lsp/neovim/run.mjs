// Tests the server with a second client, Neovim from Debian: node test/lsp/neovim/run.mjs. Installs it where that is allowed.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import os from 'node:os';
import path from 'node:path';
import { build } from 'esbuild';
import { bundleOptions } from '../../../esbuild.mjs';

const root = path.resolve(import.meta.dirname, '../../..');
const resolve = createRequire(import.meta.url).resolve;
const PROGRAM = `import multiprocessing

# a mutex

def work(n):
    return n
pool = multiprocessing.Pool(4)
`;

function hasNeovim() {
  return spawnSync('nvim', ['--version']).status === 0;
}

if (!hasNeovim() && process.getuid?.() === 0) spawnSync('apt-get', ['install', '-y', '--no-install-recommends', 'neovim'], { stdio: 'ignore' });
if (!hasNeovim()) {
  console.log('Neovim is missing; install it with: apt-get install neovim');
  console.log('0 passed, 1 failed');
  process.exit(1);
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'lockset-neovim-'));
try {
  const server = path.join(folder, 'server.js');
  await build({ ...bundleOptions({ entry: 'server/lsp/node-main.ts', out: 'unused.js', platform: 'node' }, { dev: true }), outfile: server, sourcemap: false });
  for (const file of ['web-tree-sitter/web-tree-sitter.wasm', 'tree-sitter-python/tree-sitter-python.wasm']) {
    copyFileSync(resolve(file), path.join(folder, path.basename(file)));
  }
  const workspace = path.join(folder, 'work');
  mkdirSync(workspace);
  const file = path.join(workspace, 'pool.py');
  writeFileSync(file, PROGRAM);
  const { stdout, stderr, status } = spawnSync(
    'nvim',
    ['--headless', '-u', 'NONE', '-i', 'NONE', '-n', '-S', path.join(root, 'test/lsp/neovim/second-client.lua')],
    {
      encoding: 'utf8',
      timeout: 120_000,
      env: {
        ...process.env,
        LOCKSET_SERVER: server,
        LOCKSET_FILE: file,
        LOCKSET_NODE: process.execPath,
        XDG_CACHE_HOME: folder,
        XDG_STATE_HOME: folder,
        XDG_DATA_HOME: folder,
      },
    },
  );
  console.log(stdout.trimEnd());
  if (status !== 0) console.log(stderr.trimEnd());
  const passed = stdout.split('\n').filter((line) => line.startsWith('ok ')).length;
  console.log(`${passed} passed, ${status === 0 ? 0 : 1} failed`);
  process.exitCode = status === 0 ? 0 : 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
