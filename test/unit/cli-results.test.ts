// The command line as a program: where results go, what is known already, and how it ends.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { bundleCli } from '../support/bundle-cli';

/** A lost update in a thread that runs several times. */
const bug = (name: string) =>
  `import threading\n\n${name} = 0\n\n\ndef run():\n    global ${name}\n    ${name} += 1\n\n\nfor _ in range(3):\n    threading.Thread(target=run).start()\n`;
const UPDATE = 'unguarded-shared-state';

let root: string;
let cli: string;
let folder: string;

beforeAll(async () => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-results-')));
  cli = await bundleCli(join(root, 'dist'));
});
afterAll(() => rmSync(root, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(root, 'program-'));
});

const environment = () => ({ ...process.env, XDG_CACHE_HOME: join(root, 'cache'), GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_NOSYSTEM: '1' });

function run(words: readonly string[], more: { input?: string; cwd?: string; env?: Record<string, string> } = {}) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli, ...words], {
    cwd: more.cwd ?? folder,
    encoding: 'utf8',
    input: more.input,
    env: { ...environment(), ...more.env },
  });
  return { status, output: stdout, told: stderr };
}
const check = (...words: string[]) => run(['check', ...words]);

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
}
const read = (name: string) => readFileSync(join(folder, name), 'utf8');

/** `file:line rule` of each finding. */
const told = (output: string) => [...output.matchAll(/^(\S+:\d+):\d+ (?:error|warning) (\S+)/gm)].map(([, place, rule]) => `${place} ${rule}`);

describe('a report', () => {
  it.each(['html', 'json', 'markdown', 'sarif', 'text'])('as %s tells nothing of the machine', (format) => {
    write({ 'src/counter.py': bug('total') });
    const { output } = run(['report', '--format', format, '--fail-on', 'never']);
    expect(output).toContain('src/counter.py');
    // Not expect(…).not.toContain, which would print all of it.
    expect(output.split(root).length - 1).toBe(0);
  });
});

describe('output', () => {
  it('goes into files, whole, in several formats beside the terminal', () => {
    write({ 'a.py': bug('a') });
    expect(check('--format', 'json', '--output', 'out.json')).toEqual({ status: 1, output: '', told: 'wrote out.json\n' });
    expect(JSON.parse(read('out.json'))).toMatchObject({ findings: [{ rule: UPDATE, symbol: 'run', fingerprint: expect.stringMatching(/^[0-9a-f]{16}$/) }] });
    const { output, told: said } = check(
      '--output',
      'sarif=out.sarif',
      '--output',
      'junit=out.xml',
      '--output',
      'markdown=out.md',
      '--output',
      'github=out.txt',
    );
    expect(told(output)).toEqual([`a.py:8 ${UPDATE}`]);
    expect(said.split('\n').slice(0, -1)).toEqual(['wrote out.sarif', 'wrote out.xml', 'wrote out.md', 'wrote out.txt']);
    expect(JSON.parse(read('out.sarif'))).toMatchObject({ version: '2.1.0', runs: [{ results: [{ ruleId: UPDATE }] }] });
    expect([read('out.xml'), read('out.md'), read('out.txt')]).toEqual([
      expect.stringContaining('<testsuites'),
      expect.stringContaining('### Lockset: 1 warning'),
      expect.stringContaining('::warning file=a.py,line=8'),
    ]);
    expect(readdirSync(folder).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });

  it('of a report fails the run only when asked to', () => {
    write({ 'a.py': bug('a') });
    expect(run(['report', '--quiet', '--format', 'markdown', '--output', 'x.md', '--output', 'sarif=x.sarif'])).toEqual({
      status: 0,
      output: '',
      told: '',
    });
    expect(read('x.md')).toContain(UPDATE);
    expect(run(['report', '--fail-on', 'warning']).status).toBe(1);
  });

  it('that cannot be written is one line and 2, before anything is analysed', () => {
    write({ 'a.py': bug('a') });
    for (const [name, reason] of [
      ['missing/x.json', 'there is no such folder'],
      ['.', 'it is a folder'],
      ['', 'it has no name'],
      ['sarif=', 'it has no name'],
      ['a.py/x.json', 'there is no such folder'],
    ]) {
      expect(check('--output', name)).toEqual({ status: 2, output: '', told: `lockset: cannot write ${name === 'sarif=' ? '' : name}: ${reason}\n` });
    }
    if (existsSync('/dev/full'))
      expect(check('--output', '/dev/full')).toEqual({ status: 2, output: '', told: 'lockset: cannot write /dev/full: the disk is full\n' });
  });

  it('takes the place of no source and of nothing else that is named', () => {
    write({ 'a.py': bug('a'), 'base.json': '{"version":1,"findings":[]}', 'lockset.toml': '' });
    symlinkSync(join(folder, 'a.py'), join(folder, 'link.txt'));
    for (const name of ['a.py', 'link.txt', 'new.ts']) {
      expect(check('--output', name)).toEqual({ status: 2, output: '', told: `lockset: cannot write ${name}: it is named like source code\n` });
    }
    for (const words of [
      ['--output', 'x', '--output', 'sarif=./x'],
      ['--baseline', 'base.json', '--output', './base.json'],
      ['--config', 'lockset.toml', '--output', './lockset.toml'],
    ]) {
      const told = expect.stringMatching(/^lockset: cannot write \.\/\S+: it is used for something else in this run\n$/);
      expect(check(...words)).toEqual({ status: 2, output: '', told });
    }
    expect(read('a.py')).toBe(bug('a'));
  });

  it('for code hosts has paths from the top of the repository, wherever it is run', () => {
    write({ '.git/HEAD': '', 'src/a b/ä.py': bug('a') });
    const uris = (words: string[], cwd: string) => {
      const { runs } = JSON.parse(run(['check', '--format', 'sarif', ...words], { cwd }).output);
      return runs[0].results.map(
        (result: { locations: { physicalLocation: { artifactLocation: object } }[] }) => result.locations[0].physicalLocation.artifactLocation,
      );
    };
    const expected = [{ uri: 'src/a%20b/%C3%A4.py', uriBaseId: 'SRCROOT', index: expect.anything() }];
    for (const [words, cwd] of [
      [[], folder],
      [[], join(folder, 'src/a b')],
      [['.'], join(folder, 'src')],
      [[folder], root],
      [[join(folder, 'src')], '/'],
    ] as const) {
      expect(uris([...words], cwd)).toMatchObject(expected.map(({ uri, uriBaseId }) => ({ uri, uriBaseId })));
    }
    expect(run(['check', '--format', 'github'], { cwd: join(folder, 'src') }).output).toMatch(/^::warning file=src\/a b\/ä\.py,/);
    expect(run(['report', '--format', 'sarif'], { cwd: join(folder, 'src') }).output).toContain('"uri":"src/a%20b/%C3%A4.py"');
    expect(told(run(['check', '--no-full', join(folder, 'src/a b/ä.py')], { cwd: join(folder, 'src/a b') }).output)).toEqual([`ä.py:8 ${UPDATE}`]);
  });

  it('to a full disk is one line and 2', () => {
    if (!existsSync('/dev/full')) return;
    write({ 'a.py': bug('a') });
    const full = openSync('/dev/full', 'w');
    const { status, stderr } = spawnSync(process.execPath, [cli, 'check'], {
      cwd: folder,
      encoding: 'utf8',
      stdio: ['ignore', full, 'pipe'],
      env: environment(),
    });
    expect({ status, stderr }).toEqual({ status: 2, stderr: 'lockset: cannot write the results: the disk is full\n' });
  });

  it('follows a link, and keeps the mode of what it replaces', () => {
    write({ 'a.py': '', 'real.txt': 'old' });
    chmodSync(join(folder, 'real.txt'), 0o640);
    symlinkSync('real.txt', join(folder, 'link.txt'));
    expect(check('--output', 'link.txt').status).toBe(0);
    expect(read('real.txt')).toBe('no findings in 1 file\n');
  });

  // The superuser may write everything.
  if (process.getuid?.() !== 0) {
    it('into a read-only folder is one line and 2', () => {
      write({ 'a.py': '', 'locked/keep': '' });
      chmodSync(join(folder, 'locked'), 0o500);
      expect(check('--output', 'locked/x.json')).toEqual({ status: 2, output: '', told: 'lockset: cannot write locked/x.json: no permission to write it\n' });
      chmodSync(join(folder, 'locked'), 0o700);
    });
  }
});

describe('text', () => {
  it('has excerpts and schedules when asked for, one line for each finding in a pipe', () => {
    write({ 'a.py': bug('a') });
    const { output } = check('--full');
    expect(output).toContain('\n    8 │ a += 1\n      │ ^\n');
    expect(output).toMatch(/ │ another thread running run\(\)\n/);
    expect(check().output).not.toContain('│');
  });

  it.each<[Record<string, string>, boolean]>([
    [{}, false],
    [{ FORCE_COLOR: '1' }, true],
    [{ FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [{ CI: 'true' }, false],
  ])('with %j is coloured: %s', (env, isColoured) => {
    write({ 'a.py': bug('a') });
    expect(run(['check'], { env: { FORCE_COLOR: '', NO_COLOR: '', CI: '', ...env } }).output.includes('\u001b[')).toBe(isColoured);
  });

  it('says how many findings are too quiet to be shown, as they count for the status', () => {
    write({ 'a.py': bug('a') });
    expect(check('--min-severity', 'error')).toMatchObject({ status: 1, output: 'no findings in 1 file\n1 quieter finding not shown (--min-severity)\n' });
  });

  it('is findings only when quiet, and counts when asked', () => {
    write({ 'a.py': bug('a'), 'b.py': bug('b') });
    expect(check('--quiet').output).not.toContain(' in 2 files');
    expect(check('--statistics').output).toMatch(/^count +severity +rule +fixable\n +2 +warning +unguarded-shared-state +2\n\n2 warnings in 2 files\n/);
    expect(JSON.parse(check('--statistics', '--format', 'json').output)).toMatchObject({
      statistics: [{ rule: UPDATE, severity: 'warning', count: 2, fixable: 2 }],
    });
  });

  it('says kindly that there is nothing', () => {
    expect(check()).toEqual({ status: 0, output: 'nothing to read: no Python, TypeScript or JavaScript files\n', told: '' });
    expect(run(['report']).output).toContain('There is nothing to read');
    write({ 'a.py': 'x = 1\n' });
    expect(run(['report']).output).toContain('Nothing runs concurrently here');
  });
});

describe('a baseline', () => {
  it('leaves out what it knows, tells what is gone, and is brought up to date', () => {
    write({ 'a.py': bug('a'), 'src/b.py': bug('b') });
    expect(check('--baseline', 'known.json', '--update-baseline')).toMatchObject({ status: 0, told: 'wrote known.json: 2 findings, 0 before\n' });
    const text = read('known.json');
    expect(text).not.toContain(root);
    expect(check('--baseline', 'known.json')).toMatchObject({ status: 0, output: 'no findings in 2 files\n2 known findings not shown (known.json)\n' });
    write({ 'a.py': 'x = 1\n', 'c.py': bug('c') });
    renameSync(join(folder, 'src/b.py'), join(folder, 'src/renamed.py'));
    const { status, output } = check('--baseline', 'known.json');
    expect({ status, told: told(output) }).toEqual({ status: 1, told: [`c.py:8 ${UPDATE}`] });
    expect(output).toContain('1 known finding not shown (known.json)\n1 finding of known.json is fixed: --update-baseline removes it\n');
    expect(JSON.parse(check('--baseline', 'known.json', '--format', 'json').output)).toMatchObject({
      baseline: { known: 1, gone: 1 },
      summary: { findings: 1 },
    });
    // What was not looked at is neither gone nor forgotten.
    expect(check('--baseline', 'known.json', 'src').output).toBe('no findings in 1 file\n1 known finding not shown (known.json)\n');
    expect(run(['report', '--baseline', 'known.json', '--fail-on', 'warning'])).toMatchObject({
      status: 1,
      output: expect.stringContaining('since known.json: 1 new, 1 known, 1 fixed'),
    });
    expect(check('--baseline', 'known.json', '--update-baseline')).toMatchObject({ status: 0, told: 'wrote known.json: 2 findings, 2 before\n' });
    expect(check('--no-baseline').status).toBe(1);
  });

  it('may be named by the configuration, for the files that it applies to', () => {
    write({ 'lockset.toml': 'baseline = "known.json"\n', 'a.py': bug('a'), 'part/lockset.toml': 'baseline = "own.json"\n', 'part/b.py': bug('b') });
    expect(check()).toMatchObject({ status: 2, told: 'lockset: no such baseline: known.json (--update-baseline makes one)\n' });
    expect(check('--update-baseline').status).toBe(0);
    expect([JSON.parse(read('known.json')), JSON.parse(read('part/own.json'))]).toMatchObject([
      { findings: [{ file: 'a.py' }] },
      { findings: [{ file: 'b.py' }] },
    ]);
    expect(run(['check'], { cwd: join(folder, 'part') })).toMatchObject({ status: 0, output: expect.stringContaining('1 known finding not shown (own.json)') });
    expect(check('--no-baseline').status).toBe(1);
    for (const path of ['/etc/passwd', '../x.json', 'a/../../x.json', '', '\\\\\\\\host\\\\x']) {
      write({ 'lockset.toml': `baseline = "${path}"\n` });
      expect(check('a.py'), path).toMatchObject({ status: 1, told: expect.stringContaining('baseline must be the path of a file below the folder') });
    }
  });

  it('that a configuration names is none where a link leads out of its folder', () => {
    write({ 'inside/lockset.toml': 'baseline = "link/known.json"\n', 'inside/a.py': bug('a'), 'outside/known.json': 'precious' });
    symlinkSync('../outside', join(folder, 'inside/link'));
    expect(check('inside', '--update-baseline')).toMatchObject({
      status: 2,
      told: expect.stringContaining('baseline leads out of the folder of this file; it is ignored\n'),
    });
    expect(read('outside/known.json')).toBe('precious');
  });

  it.each([
    ['{', 'it is not JSON'],
    ['{"version": 9, "findings": []}', 'a newer version of Lockset wrote it'],
  ])('that is %s is one line and 2', (text, problem) => {
    write({ 'a.py': bug('a'), 'known.json': text });
    expect(check('--baseline', 'known.json')).toEqual({ status: 2, output: '', told: `lockset: cannot use the baseline known.json: ${problem}\n` });
    expect(check('--baseline', 'known.json', '--update-baseline').status).toBe(2);
  });

  it('that is missing, a folder, or nowhere named is one line and 2', () => {
    write({ 'a.py': bug('a') });
    expect(check('--baseline', 'none.json').told).toBe('lockset: no such baseline: none.json (--update-baseline makes one)\n');
    expect(check('--baseline', '.').told).toMatch(/^lockset: cannot read the baseline .*\n$/);
    expect(check('--update-baseline')).toMatchObject({ status: 2, told: expect.stringMatching(/^lockset: --update-baseline needs a baseline[^\n]*\n$/) });
  });
});

describe('--diff-base', () => {
  function git(...words: string[]): void {
    const { status, stderr } = spawnSync('git', ['-c', 'user.name=n', '-c', 'user.email=e@example.org', ...words], {
      cwd: folder,
      encoding: 'utf8',
      env: environment(),
    });
    expect(`${status} ${stderr}`).toMatch(/^0 /);
  }
  beforeEach(() => {
    write({ 'a.py': bug('a'), 'src/b.py': bug('b'), 'worker.py': 'count = 0\n\n\ndef work():\n    global count\n    count += 1\n' });
    git('init', '-q');
    git('add', '.');
    git('commit', '-qm', 'first');
  });

  it('tells what is new, in changed and untouched files alike', () => {
    expect(check('--diff-base', 'HEAD')).toMatchObject({ status: 0, output: expect.stringContaining('2 known findings not shown (HEAD)') });
    // The bug appears in worker.py, which is as it was; a.py has moved; b.py has another name; c.py is new.
    write({
      'a.py': `# moved\n${bug('a')}`,
      'main.py': 'import threading\n\nimport worker\n\nfor _ in range(3):\n    threading.Thread(target=worker.work).start()\n',
      'c.py': bug('c'),
    });
    renameSync(join(folder, 'src/b.py'), join(folder, 'src/renamed.py'));
    const first = check('--diff-base', 'HEAD');
    expect({ status: first.status, told: told(first.output) }).toEqual({ status: 1, told: [`c.py:8 ${UPDATE}`, `worker.py:6 ${UPDATE}`] });
    // Out of the cache, and without one.
    expect(check('--diff-base', 'HEAD')).toEqual(first);
    expect(check('--diff-base', 'HEAD', '--no-cache')).toEqual(first);
    expect(told(run(['check', '--diff-base', 'HEAD', '.'], { cwd: join(folder, 'src') }).output)).toEqual([]);
  });

  it('runs nothing that the repository names', () => {
    const script = join(root, 'evil.sh');
    const mark = join(root, 'evil-was-here');
    writeFileSync(script, `#!/bin/sh\ntouch '${mark}'\ncat\n`, { mode: 0o755 });
    const settings = [
      'core.fsmonitor',
      'core.pager',
      'diff.external',
      'diff.x.textconv',
      'diff.x.command',
      'filter.x.clean',
      'filter.x.smudge',
      'filter.x.process',
      'core.sshCommand',
      'core.editor',
      'pager.ls-tree',
      'pager.rev-parse',
      'alias.ls-tree',
    ];
    for (const name of settings) git('config', name, name.startsWith('alias') ? `!${script}` : script);
    git('config', 'core.hooksPath', root);
    write({ '.gitattributes': '*.py filter=x diff=x\n', 'a.py': `${bug('a')}# more\n` });
    expect(check('--diff-base', 'HEAD').output).toContain('2 known findings not shown');
    expect(existsSync(mark)).toBe(false);
  });

  it.each([['nowhere'], ['HEAD@{9}'], ['--output=/tmp/x'], ['']])('%j is no revision: one line and 2', (revision) => {
    expect(check(`--diff-base=${revision}`)).toEqual({ status: 2, output: '', told: `lockset: no such git revision: ${revision}\n` });
  });

  it('tells what a shallow clone and one without all texts lack', () => {
    write({ 'a.py': bug('b') });
    git('commit', '-qam', 'second');
    git('config', 'uploadpack.allowFilter', 'true');
    git('clone', '-q', '--depth=1', `file://${folder}`, 'shallow');
    git('clone', '-q', '--filter=blob:none', `file://${folder}`, 'partial');
    expect(run(['check', '--diff-base', 'HEAD~1'], { cwd: join(folder, 'shallow') })).toEqual({
      status: 2,
      output: '',
      told: 'lockset: no such git revision: HEAD~1 (the clone is shallow: fetch more of its history)\n',
    });
    // Some versions of git end where a text is missing, others say so.
    expect(run(['check', '--diff-base', 'HEAD~1'], { cwd: join(folder, 'partial') })).toEqual({
      status: 2,
      output: '',
      told: expect.stringMatching(/^lockset: git(: fatal: [^\n]*promisor[^\n]*| has not got a\.py as it was at HEAD~1: fetch it first[^\n]*)\n$/),
    });
  });

  it('without a repository or git is one line and 2', () => {
    rmSync(join(folder, '.git'), { recursive: true });
    expect(run(['check', '--diff-base', 'HEAD'], { env: { GIT_CEILING_DIRECTORIES: root } })).toMatchObject({
      status: 2,
      told: expect.stringMatching(/^lockset: git: [^\n]*not a git repository[^\n]*\n$/),
    });
    expect(run(['check', '--diff-base', 'HEAD'], { env: { PATH: root } })).toEqual({
      status: 2,
      output: '',
      told: 'lockset: --diff-base needs git, which is not there\n',
    });
  });
});

describe('--stdin-filename', () => {
  it('lets the text from standard input stand for a file, which need not be there', () => {
    write({ 'worker.py': 'count = 0\n\n\ndef work():\n    global count\n    count += 1\n', 'a.py': 'x = 1\n' });
    const given = (text: string, ...words: string[]) => run(['check', ...words], { input: text });
    expect(told(given(bug('a'), '--stdin-filename', 'a.py').output)).toEqual([`a.py:8 ${UPDATE}`]);
    expect(told(given(bug('new'), '--stdin-filename', 'nowhere/new.py', '.').output)).toEqual([`nowhere/new.py:8 ${UPDATE}`]);
    // What it brings about elsewhere is not told, and what the others bring about in it is.
    const main = 'import threading\n\nimport worker\n\nfor _ in range(3):\n    threading.Thread(target=worker.work).start()\n';
    expect(given(main, '--stdin-filename', 'main.py', '.').status).toBe(0);
    write({ 'main.py': main });
    expect(told(given(read('worker.py'), '--stdin-filename', 'worker.py', '.').output)).toEqual([`worker.py:6 ${UPDATE}`]);
    expect(given('', '--stdin-filename', 'a.txt')).toMatchObject({ status: 2, told: 'lockset: not a Python, TypeScript or JavaScript file: a.txt\n' });
  });

  it('with --fix prints the repaired text, and the rest to standard error', () => {
    const text = readFileSync(join(import.meta.dirname, '../fixes/hold-lock/method.py'), 'utf8');
    const fixed = readFileSync(join(import.meta.dirname, '../fixes/hold-lock/method.fixed.py'), 'utf8');
    const { status, output, told: said } = run(['check', '--fix-suggestions', '--stdin-filename', 'x.py'], { input: text });
    expect({ status, output }).toEqual({ status: 0, output: fixed });
    expect(said).toContain('fixed 2 findings in 1 file');
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('a run that is interrupted', () => {
  it('ends at once and leaves no half of a file', async () => {
    for (let i = 0; i < 60; i++)
      write({ [`module_${i}.py`]: Array.from({ length: 400 }, (_, n) => `def f${n}(x):\n    if x:\n        return f${(n * 7) % 400}(x - 1)\n`).join('') });
    const child = start('check', '--no-cache', '--format', 'json', '--output', 'out.json');
    setTimeout(() => child.kill('SIGINT'), 500);
    const [status, signal] = await ended(child);
    // A shell makes 130 of it.
    expect({ status, signal }).toEqual({ status: null, signal: 'SIGINT' });
    expect(readdirSync(folder).filter((name) => name.startsWith('out.json'))).toEqual([]);
  });
});

describe('--watch', () => {
  it('tells what is new and what is gone, and ends with the last status', async () => {
    write({ 'a.py': bug('a') });
    const child = start('check', '--watch');
    const output = follow(child);
    await output.until(/1 warning in 1 file\n(?:.*\n)*watching 1 file; Ctrl\+C ends\n/);
    write({ 'b.py': bug('b') });
    expect(told(await output.until(/1 new, 0 gone; 2 findings in 2 files\n.*\n/))).toEqual([`b.py:8 ${UPDATE}`]);
    write({ 'b.py': 'x = 1\n' });
    expect(await output.until(/nothing new, 1 gone; 1 finding in 2 files\n.*\n/)).toContain(`gone b.py ${UPDATE} in run\n`);
    write({ 'lockset.toml': `[rules]\n${UPDATE} = "off"\n` });
    await output.until(/nothing new, 1 gone; 0 findings in 2 files\n.*\n/);
    rmSync(join(folder, 'b.py'));
    await output.until(/0 findings in 1 file\n.*\n/);
    child.kill('SIGINT');
    expect(await ended(child)).toEqual([0, null]);
  });

  it('waits for a folder that has vanished', async () => {
    write({ 'src/a.py': bug('a') });
    const child = start('check', '--watch', 'src');
    const output = follow(child);
    await output.until(/watching 1 file; Ctrl\+C ends\n/);
    renameSync(join(folder, 'src'), join(folder, 'away'));
    await output.until(/nothing new, 1 gone; 0 findings in 0 files\n.*\n/);
    renameSync(join(folder, 'away'), join(folder, 'src'));
    await output.until(/1 new, 0 gone; 1 finding in 1 file\n.*\n/);
    write({ 'src/a.py': 'x = 1\n' });
    await output.until(/nothing new, 1 gone; 0 findings in 1 file\n.*\n/);
    child.kill('SIGTERM');
    expect(await ended(child)).toEqual([0, null]);
  });
});

function start(...words: string[]): ChildProcess {
  return spawn(process.execPath, [cli, ...words], { cwd: folder, env: environment(), stdio: ['ignore', 'pipe', 'pipe'] });
}

function ended(child: ChildProcess): Promise<readonly [number | null, NodeJS.Signals | null]> {
  return new Promise((resolve) => child.on('close', (status, signal) => resolve([status, signal])));
}

/** Waits for what a process writes; each answer begins where the last has ended. */
function follow(child: ChildProcess) {
  let text = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (data) => {
      text += String(data);
      look();
    });
  }
  return {
    until: (pattern: RegExp) =>
      new Promise<string>((resolve) => {
        look = () => {
          const found = pattern.exec(text);
          if (!found) return;
          const answer = text.slice(0, found.index + found[0].length);
          text = text.slice(answer.length);
          look = () => {};
          resolve(answer);
        };
        look();
      }),
  };
}
