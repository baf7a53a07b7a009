// A workspace made to attack whoever analyses it: no process is started, no module of it loaded, no socket opened.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleCli } from '../support/bundle-cli';

const GUARD = join(import.meta.dirname, '../support/guard.cjs');
const SECRET = 'kept-outside-of-the-workspace';

let root: string;
let workspace: string;
let marker: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-hostile-')));
  workspace = join(root, 'workspace');
  marker = join(root, 'code-of-the-workspace-ran');
  await bundleCli(join(root, 'dist'));
  makeWorkspace();
});
afterAll(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  const full = join(workspace, path);
  mkdirSync(dirname(full), { recursive: true });
  writeFileSync(full, text);
}

function makeWorkspace(): void {
  const javascript = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'JavaScript'); require('node:child_process').execSync('true');\n`;
  const python = `open(${JSON.stringify(marker)}, 'w').write('Python')\n`;
  // Files that tools commonly run or load.
  write(
    'package.json',
    JSON.stringify({
      name: 'evil',
      main: 'index.js',
      bin: 'index.js',
      scripts: { prepare: 'node index.js', preinstall: 'node index.js', postinstall: 'node index.js' },
    }),
  );
  write('index.js', javascript);
  for (const name of ['eslint.config.js', '.eslintrc.js', 'lockset.config.js', 'lockset.js', 'tsconfig.js', 'vite.config.ts', '.pnp.cjs', 'cli.js'])
    write(name, javascript);
  for (const name of ['typescript', 'web-tree-sitter', 'commander', 'evil-plugin']) {
    write(`node_modules/${name}/package.json`, JSON.stringify({ name, main: 'index.js' }));
    write(`node_modules/${name}/index.js`, javascript);
  }
  write('tsconfig.json', JSON.stringify({ extends: './index.js', compilerOptions: { plugins: [{ name: 'evil-plugin' }] } }));
  for (const name of ['sitecustomize.py', 'usercustomize.py', 'conftest.py', 'setup.py', '__init__.py', '__main__.py']) write(name, python);
  write('evil.pth', `import os; ${python}`);
  write('.env', 'NODE_OPTIONS=--require ./index.js\nLOCKSET_PLUGIN=./index.js\n');
  write('.npmrc', 'script-shell=./index.js\n');
  write('binding.node', 'not really a library');
  write('web-tree-sitter.wasm', 'not really wasm');
  // Its own configuration, asking for code and for files elsewhere.
  write(
    'lockset.toml',
    `plugins = ["./index.js", "evil-plugin"]\nextends = "../secret.py"\nexclude = ["${'*a'.repeat(40)}"]\n[rules]\n"__proto__" = "off"\n[[models]]\nlanguage = "python"\nname = "constructor"\nrequire = "./index.js"\n`,
  );
  write('deep/pyproject.toml', '[tool.lockset]\nplugins = ["./index.js"]\n');
  write('.gitignore', `${'*a'.repeat(60)}b\n!../secret.py\n`);
  write(`${'a'.repeat(180)}.py`, 'x = 1\n');
  // Ways out, ways round, and things that are no files.
  writeFileSync(
    join(root, 'secret.py'),
    `import threading\ncounter = 0\n\ndef run():\n    global counter\n    counter += 1  # ${SECRET}\n\nfor _ in range(3):\n    threading.Thread(target=run).start()\n`,
  );
  symlinkSync(join(root, 'secret.py'), join(workspace, 'secret.py'));
  symlinkSync(root, join(workspace, 'up'));
  symlinkSync(workspace, join(workspace, 'again'));
  symlinkSync('/dev/zero', join(workspace, 'zero.py'));
  execFileSync('mkfifo', [join(workspace, 'pipe.py'), join(workspace, 'pipe.ts')]);
  // Sizes and depths.
  write('huge.py', '');
  truncateSync(join(workspace, 'huge.py'), 3_000_000_000);
  mkdirSync(join(workspace, ...Array.from({ length: 200 }, () => 'd')), { recursive: true });
  write('nested.py', `x = ${'('.repeat(20_000)}1${')'.repeat(20_000)}\n`);
  write('nested.ts', `const x = ${'('.repeat(20_000)}1${')'.repeat(20_000)};\n`);
  write('long.js', `const x = "${'x'.repeat(1_000_000)}";\n`);
  write('\u001b]0;owned\u0007\u202e.py', 'x = 1\n');
  // Enough ordinary source that worker threads are started too.
  for (let i = 0; i < 12; i++) write(`plain/module_${i}.py`, `"""${'As much text as it takes.\n'.repeat(8000)}"""\n\ndef f(a, b):\n    return a + b\n`);
}

function lockset(...words: string[]) {
  const log = join(root, 'guard.log');
  writeFileSync(log, '');
  const run = spawnSync(process.execPath, ['--require', GUARD, join(root, 'dist/cli.js'), ...words], {
    cwd: workspace,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    timeout: 100_000,
    env: { ...process.env, LOCKSET_GUARD_LOG: log, LOCKSET_GUARD_WORKSPACE: workspace, XDG_CACHE_HOME: join(root, 'cache'), NODE_OPTIONS: '' },
  });
  return { status: run.status, output: run.stdout, told: run.stderr, refused: readFileSync(log, 'utf8') };
}

/** Everything in the workspace; not readdir's own recursion, which follows links. */
function listing(folder = workspace): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? [path, ...listing(path)] : [path];
  });
}

describe.skipIf(process.platform === 'win32')('a hostile workspace', () => {
  it('is analysed without running anything of it', () => {
    const before = listing();
    const run = lockset('check', '--format', 'json');
    expect(run.refused).toBe('');
    expect(existsSync(marker)).toBe(false);
    expect(listing()).toEqual(before);
    expect(run.status, run.told).toBeLessThan(2);

    const { files } = JSON.parse(run.output) as { files: { analysed: number; skipped: { file: string; reason: string }[] } };
    expect(files.analysed).toBeGreaterThan(20);
    const reasons = Object.fromEntries(files.skipped.map(({ file, reason }) => [file, reason]));
    expect(reasons).toMatchObject({
      'secret.py': 'a link to outside the folder',
      up: 'a link to outside the folder',
      'pipe.py': 'not a regular file',
      'pipe.ts': 'not a regular file',
      'huge.py': expect.stringContaining('too large'),
    });
    expect(Object.values(reasons)).toContain('nested too deeply');
    expect(run.output + run.told).not.toContain(SECRET);
    expect(run.output).not.toContain('secret.py:');
  });

  it('is reported, configured and explained without running anything of it', () => {
    const page = join(root, 'report.html');
    const runs = [
      lockset('report', '--format', 'html', '--output', page),
      lockset('config', 'deep/x.py'),
      lockset('explain', 'index.js:1'),
      lockset('check', 'zero.py', 'pipe.py', 'secret.py'),
    ];
    expect(runs.map((run) => run.refused)).toEqual(['', '', '', '']);
    expect(existsSync(marker)).toBe(false);
    expect(runs.slice(0, 3).map((run) => run.status)).toEqual([0, expect.any(Number), 0]);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must not get through to a terminal.
    for (const run of runs) expect(run.output + run.told).not.toMatch(/[\u0007\u001b\u202e]/);
    expect(readFileSync(page, 'utf8')).not.toContain(SECRET);
  });

  it('is told what is wrong with its configuration, which asks for code', () => {
    const { told } = lockset('check', '--no-cache', 'index.js');
    expect(told).toContain('lockset.toml:1:1: unknown setting "plugins"');
    expect(told).toContain('too many wildcards');
  });
});

describe('the guard', () => {
  it('notices what the tests above are to rule out', () => {
    const log = join(root, 'guard.log');
    const attempt = (code: string) => {
      writeFileSync(log, '');
      spawnSync(process.execPath, ['--require', GUARD, '--eval', code], {
        cwd: workspace,
        env: { ...process.env, LOCKSET_GUARD_LOG: log, LOCKSET_GUARD_WORKSPACE: workspace },
      });
      return readFileSync(log, 'utf8');
    };
    expect(attempt("require('node:child_process').spawn('true')")).toContain('child_process.spawn true');
    expect(attempt("require('node:net').connect(1)")).toContain('net.connect');
    expect(attempt(`require(${JSON.stringify(join(workspace, 'index.js'))})`)).toContain('index.js');
    expect(attempt(`require(${JSON.stringify(join(workspace, 'binding.node'))})`)).toContain('binding.node');
    expect(attempt(`new (require('node:worker_threads').Worker)("require('node:dgram').createSocket('udp4')", { eval: true })`)).toContain(
      'dgram.createSocket',
    );
    expect(attempt('1 + 1')).toBe('');
  });
});
