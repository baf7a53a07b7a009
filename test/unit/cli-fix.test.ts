// lockset check --fix: what it writes, what it leaves alone, and what it says.
import { spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCli } from '../support/bundle-cli';

const EXAMPLE = readFileSync(join(import.meta.dirname, '../fixes/hold-lock/method.py'), 'utf8');
const FIXED = readFileSync(join(import.meta.dirname, '../fixes/hold-lock/method.fixed.py'), 'utf8');

let root: string;
let cli: string;
let folder: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-fix-')));
  cli = await bundleCli(join(root, 'dist'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(root, 'program-'));
});

function check(...words: string[]) {
  const environment = { ...process.env, XDG_CACHE_HOME: join(root, 'cache') };
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, 'check', ...words], { cwd: folder, encoding: 'utf8', env: environment });
  return { status, output: stdout, told: stderr };
}

const write = (name: string, content: string | Uint8Array) => writeFileSync(join(folder, name), content);
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

describe('check', () => {
  it('tells what can be fixed, and changes nothing unasked', () => {
    write('counter.py', EXAMPLE);
    expect(check()).toMatchObject({ status: 1, output: expect.stringContaining('can be fixed: 2 with --fix-suggestions; --diff shows how\n') });
    expect(check('--fix')).toMatchObject({ status: 1, output: expect.stringContaining('nothing was fixed\n') });
    expect(read('counter.py')).toBe(EXAMPLE);
  });

  it('--fix-suggestions applies every proven one, and then nothing is left', () => {
    write('counter.py', EXAMPLE);
    const first = check('--fix-suggestions');
    expect(first).toMatchObject({ status: 0, told: '' });
    expect(first.output).toMatch(/^fixed counter\.py:18 unguarded-shared-state: Hold self\._lock around this statement\nfixed counter\.py:19 /);
    expect(first.output).toMatch(/no findings in 1 file\nfixed 2 findings in 1 file\n$/);
    expect(read('counter.py')).toBe(FIXED);
    expect(check('--fix-suggestions').output).toMatch(/nothing was fixed\n$/);
    expect(read('counter.py')).toBe(FIXED);
  });

  it('--diff prints a patch that makes the same of the file, and 1', () => {
    write('counter.py', EXAMPLE);
    const { status, output, told } = check('--fix-suggestions', '--diff');
    expect({ status, told }).toEqual({ status: 1, told: 'would fix 2 findings in 1 file\n' });
    expect(read('counter.py')).toBe(EXAMPLE);
    const patched = spawnSync('git', ['apply', '-'], { cwd: folder, input: output, encoding: 'utf8' });
    expect(patched.stderr).toBe('');
    expect(read('counter.py')).toBe(FIXED);
    expect(check('--fix-suggestions', '--diff')).toEqual({ status: 0, output: '', told: 'nothing to fix\n' });
  });

  it('keeps the byte order mark and the line ends', () => {
    write('counter.py', `\uFEFF${EXAMPLE.replaceAll('\n', '\r\n')}`);
    expect(check('--fix-suggestions').status).toBe(0);
    expect(read('counter.py')).toBe(`\uFEFF${FIXED.replaceAll('\n', '\r\n')}`);
  });

  it('leaves what is not in UTF-8, says so once, and fixes the rest', () => {
    const latin = Buffer.from(`# -*- coding: latin-1 -*-\n# caf\u00e9\n${EXAMPLE}`, 'latin1');
    write('old.py', latin);
    write('counter.py', EXAMPLE);
    expect(check('--fix-suggestions')).toMatchObject({ status: 2, told: 'lockset: old.py was left as it is: it is not in UTF-8\n' });
    expect(readFileSync(join(folder, 'old.py')).equals(latin)).toBe(true);
    expect(read('counter.py')).toBe(FIXED);
  });

  // The superuser may write everything.
  if (process.getuid?.() !== 0) {
    it('says so when a file may not be written', () => {
      write('counter.py', EXAMPLE);
      chmodSync(join(folder, 'counter.py'), 0o444);
      expect(check('--fix-suggestions')).toMatchObject({ status: 2, told: 'lockset: counter.py was left as it is: no permission to write it\n' });
    });
  }

  it('lets configuration and comments decide what is a finding at all', () => {
    write('counter.py', EXAMPLE.replace('# a comment stays where it is', '# lockset: allow(unguarded-shared-state)'));
    const { output } = check('--fix-suggestions', '--format', 'json');
    expect((JSON.parse(output) as { fixed: unknown[] }).fixed).toMatchObject([
      { rule: 'unguarded-shared-state', file: 'counter.py', line: 19, kind: 'hold-lock' },
    ]);
    write('counter.py', EXAMPLE);
    write('lockset.toml', '[rules]\nunguarded-shared-state = "off"\n');
    expect(check('--fix-suggestions').output).toMatch(/nothing was fixed\n$/);
    expect(read('counter.py')).toBe(EXAMPLE);
  });
});
