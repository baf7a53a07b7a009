// Discovery on a real disk: what is taken, what is left out, what is told.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { nodeFiles } from '../../server/disk/node-files';
import { type DiscoveryItem, type DiscoveryOptions, discover } from '../../server/workspace/discovery';
import { FileRefused } from '../../server/workspace/file-system';
import { roleOf, saysGenerated } from '../../server/workspace/roles';

let root: string;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-discovery-')));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function walk(
  paths: readonly string[] = [''],
  options: DiscoveryOptions = {},
): Promise<{ files: string[]; skipped: Record<string, string>; items: DiscoveryItem[] }> {
  const items: DiscoveryItem[] = [];
  for await (const item of discover(
    nodeFiles,
    paths.map((path) => join(root, path)),
    options,
  ))
    items.push(item);
  const relative = (file: string) => file.slice(root.length + 1);
  return {
    items,
    files: items.filter((item) => item.kind === 'file').map((item) => relative(item.file)),
    skipped: Object.fromEntries(items.flatMap((item) => (item.kind === 'skipped' ? [[relative(item.file), item.reason]] : []))),
  };
}

describe('which files are taken', () => {
  it('takes Python, TypeScript and JavaScript in sorted order, whatever the order on disk', async () => {
    write({ 'z.py': '', 'b/inner.ts': '', 'a.mjs': '', 'b.py': '', 'notes.txt': '', 'b/a.py': '' });
    expect((await walk()).files).toEqual(['a.mjs', 'b/a.py', 'b/inner.ts', 'b.py', 'z.py']);
  });

  it('leaves out packages, environments, caches, dot folders and minified files without a word', async () => {
    write({
      'main.py': '',
      'node_modules/p/index.js': '',
      'site-packages/p.py': '',
      '.hidden/p.py': '',
      '__pycache__/p.py': '',
      'venv/lib/p.py': '',
      'my-environment/pyvenv.cfg': '',
      'my-environment/lib/p.py': '',
      'env/plain.py': '',
      'jquery.min.js': '',
    });
    expect(await walk()).toMatchObject({ files: ['env/plain.py', 'main.py'], skipped: {} });
  });

  it('tells of folders taken for build output, but reads one that is a Python package', async () => {
    write({ 'build/bundle.js': '', 'tools/build/__init__.py': '', 'tools/build/steps.py': '' });
    const found = await walk();
    expect(found.files).toEqual(['tools/build/__init__.py', 'tools/build/steps.py']);
    expect(Object.keys(found.skipped)).toEqual(['build']);
  });

  it('walks what is asked for by name, though it would be left out elsewhere', async () => {
    write({ 'node_modules/p/index.js': '', 'node_modules/p/node_modules/q/index.js': '', 'build/out.js': '', '.venv/pyvenv.cfg': '', '.venv/lib/a.py': '' });
    expect((await walk(['node_modules/p', 'build', '.venv'])).files).toEqual(['node_modules/p/index.js', 'build/out.js', '.venv/lib/a.py']);
  });

  it('yields a file once when folders overlap', async () => {
    write({ 'a/b.py': '' });
    expect((await walk(['', 'a', 'a/b.py'])).files).toEqual(['a/b.py']);
  });

  it('tells of paths that are not there or not source', async () => {
    write({ 'notes.txt': '' });
    expect((await walk(['missing', 'notes.txt'])).skipped).toEqual({
      missing: 'no such file or folder',
      'notes.txt': 'not a Python, TypeScript or JavaScript file',
    });
  });

  it('tells how many components it passes by, and of one that is named', async () => {
    write({ 'app/main.ts': '', 'app/App.vue': '', 'app/list/Row.vue': '', 'app/Old.svelte': '', 'app/node_modules/p/x.vue': '' });
    const found = await walk(['app']);
    expect(found.files).toEqual(['app/main.ts']);
    expect(found.items.flatMap((item) => (item.kind === 'skipped' ? [item.reason] : []))).toEqual([
      '1 .svelte file not read: scripts in components are not analysed',
      '2 .vue files not read: scripts in components are not analysed',
    ]);
    expect((await walk(['app/App.vue'])).skipped).toEqual({ 'app/App.vue': 'scripts in components are not analysed' });
  });
});

describe('.gitignore', () => {
  it('is respected at every level, the nearest first', async () => {
    write({
      '.git/HEAD': '',
      '.gitignore': '*.gen.py\n/scratch/\nlogs\n',
      'a.gen.py': '',
      'scratch/a.py': '',
      'logs/a.py': '',
      'deep/scratch/a.py': '',
      'deep/.gitignore': '!keep.gen.py\nonly-here.py\n',
      'deep/keep.gen.py': '',
      'deep/only-here.py': '',
      'only-here.py': '',
    });
    expect((await walk()).files).toEqual(['deep/keep.gen.py', 'deep/scratch/a.py', 'only-here.py']);
  });

  it('of folders above counts up to the repository, unless it leaves out what was asked for', async () => {
    write({
      '.gitignore': '*.py\n',
      'repo/.git/HEAD': '',
      'repo/.gitignore': 'generated/\nskip.py\n',
      'repo/src/skip.py': '',
      'repo/src/main.py': '',
      'repo/generated/skip.py': '',
    });
    expect((await walk(['repo/src'])).files).toEqual(['repo/src/main.py']);
    expect((await walk(['repo/generated'])).files).toEqual(['repo/generated/skip.py']);
  });

  it('of a stranger cannot hang the walk', async () => {
    write({ '.gitignore': `${'*a'.repeat(60)}b\nplain.py\n`, [`${'a'.repeat(200)}.py`]: '', 'plain.py': '' });
    expect((await walk()).files).toEqual([`${'a'.repeat(200)}.py`]);
  });
});

describe('links', () => {
  it('are not followed out of the folder, which is told, nor round in a circle', async () => {
    write({ 'w/a/main.py': '', 'outside/secret.py': '' });
    symlinkSync(join(root, 'outside'), join(root, 'w/out'));
    symlinkSync(join(root, 'outside/secret.py'), join(root, 'w/secret.py'));
    symlinkSync(join(root, 'w'), join(root, 'w/a/again'));
    symlinkSync('/nowhere', join(root, 'w/broken.py'));
    const found = await walk(['w']);
    expect(found.files).toEqual(['w/a/main.py']);
    expect(found.skipped).toEqual({ 'w/out': 'a link to outside the folder', 'w/secret.py': 'a link to outside the folder' });
  });

  it('that are asked for are followed', async () => {
    write({ 'real/main.py': '' });
    symlinkSync(join(root, 'real'), join(root, 'link'));
    expect((await walk(['link'])).files).toEqual(['link/main.py']);
    expect((await walk(['link', 'real'])).files).toEqual(['link/main.py']);
  });
});

describe('caps', () => {
  it('on files and depth are told', async () => {
    write({ 'a.py': '', 'b.py': '', 'c.py': '', '1/2/3/deep.py': '' });
    const few = await walk([''], { maximumFiles: 2 });
    expect(few.files).toHaveLength(2);
    expect(Object.values(few.skipped)[0]).toContain('only the first 2 files');
    const shallow = await walk([''], { maximumDepth: 2 });
    expect(shallow.files).toEqual(['a.py', 'b.py', 'c.py']);
    expect(shallow.skipped).toEqual({ '1/2/3': 'nested too deeply' });
  });

  it('on size are told by reading', () => {
    write({ 'big.py': 'x = 1\n'.repeat(1000) });
    expect(() => nodeFiles.read(join(root, 'big.py'), 100)).toThrow(FileRefused);
    expect(nodeFiles.read(join(root, 'big.py'), 6000)).toHaveLength(6000);
  });

  it.skipIf(process.platform === 'win32')('pipes are neither taken nor opened', async () => {
    write({ 'main.py': '' });
    execFileSync('mkfifo', [join(root, 'pipe.py')]);
    expect((await walk()).skipped).toEqual({ 'pipe.py': 'not a regular file' });
    expect(() => nodeFiles.read(join(root, 'pipe.py'), 100)).toThrow('not a regular file');
  });
});

describe('roles', () => {
  it.each([
    ['src/app.py', 'source'],
    ['tests/helpers.py', 'test'],
    ['pkg/test_app.py', 'test'],
    ['pkg/app_test.py', 'test'],
    ['conftest.py', 'test'],
    ['src/app.test.ts', 'test'],
    ['src/app.spec.mjs', 'test'],
    ['src/__tests__/app.ts', 'test'],
    ['src/latest.ts', 'source'],
    ['contest.py', 'source'],
    ['types/index.d.ts', 'stub'],
    ['pkg/app.pyi', 'stub'],
    ['pip/_vendor/requests/api.py', 'vendored'],
    ['third_party/x.js', 'vendored'],
    ['api/user_pb2.py', 'generated'],
  ])('%s is %s', (path, role) => {
    expect(roleOf(path)).toBe(role);
  });

  it('are relative to the folder asked for, and a named file has none', async () => {
    write({ 'tests/test_app.py': '', 'tests/run.py': '' });
    const roles = async (path: string) => (await walk([path])).items.map((item) => item.kind === 'file' && item.role);
    expect(await roles('')).toEqual(['test', 'test']);
    expect(await roles('tests')).toEqual(['source', 'test']);
    expect(await roles('tests/test_app.py')).toEqual(['source']);
  });

  it('knows generated code by what it says of itself', () => {
    expect(saysGenerated('# Code generated by protoc. DO NOT EDIT.\nimport x\n')).toBe(true);
    expect(saysGenerated('/**\n * @generated\n */\n')).toBe(true);
    expect(saysGenerated('message = "do not edit"\n')).toBe(false);
  });
});
