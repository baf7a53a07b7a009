// The command line with a stand-in for the analysis: options, output, exit statuses, configuration and cache.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DiskCache } from '../../server/cli/disk-cache';
import type { Engine } from '../../server/cli/engine';
import { packModule, unpackModule } from '../../server/cli/packed-module';
import { runCommandLine } from '../../server/cli/program';
import type { Language, Module } from '../../server/model/module';
import type { ReportedFinding } from '../../server/report/reported-finding';
import type { Configuration, FileChange, Snapshot, Workspace } from '../../server/workspace/snapshot';
import { DEFAULT_CONFIGURATION } from '../../server/workspace/snapshot';
import { EMPTY_REPORT, findingOf, rangeOf } from './sample-report';

let root: string;
let engine: StandIn;

beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'lockset-cli-')));
  mkdirSync(join(root, 'w'));
  engine = new StandIn();
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, 'w', path)), { recursive: true });
    writeFileSync(join(root, 'w', path), text);
  }
}

/** Finds a bug at every line that says `bug SEVERITY`, and counts what it is asked to do. */
class StandIn implements Engine {
  readonly identity = 'stand-in';
  readonly lowered: string[] = [];
  readonly loaded: Language[] = [];
  /** What standard input holds. */
  input = '';
  analyses = 0;
  configuration: Configuration = DEFAULT_CONFIGURATION;

  defaultOf(): undefined {
    return undefined;
  }

  async loadFrontEnd(language: Language) {
    this.loaded.push(language);
    return {
      language,
      lower: (file: string, text: string) => {
        this.lowered.push(file.slice(root.length + 3));
        if (text.includes('crash the reader')) throw new Error('reader crashed');
        return emptyModule(file, language);
      },
      tree: () => undefined,
      forget: () => {},
    };
  }

  createWorkspace(): Workspace {
    let files: readonly FileChange[] = [];
    return {
      provide: () => {},
      change: (changes) => (files = changes),
      configure: (configuration) => (this.configuration = configuration),
      whatIf: () => {
        throw new Error('nobody asks');
      },
      analyse: () => {
        this.analyses++;
        if (files.some((file) => file.text?.includes('crash the analysis'))) throw new Error('analysis crashed');
        const findings = files.flatMap((file) => findBugs(file, this.configuration));
        const report = { ...EMPTY_REPORT, counts: { ...EMPTY_REPORT.counts, files: files.length }, findings };
        return {
          report: () => report,
          text: (file: string) => files.find((each) => each.file === file)?.text,
          explain: (file: string, line: number) => `${file.slice(root.length + 3)} line ${line} from 0`,
        } as unknown as Snapshot;
      },
    };
  }
}

function findBugs({ file, text = '' }: FileChange, configuration: Configuration): ReportedFinding[] {
  return text.split('\n').flatMap((line, index) => {
    const severity = /bug (error|warning|information|hint)/.exec(line)?.[1] as ReportedFinding['severity'] | undefined;
    const configured = configuration.rules['found-bug'] ?? severity;
    return severity && configured && configured !== 'off'
      ? [findingOf({ rule: 'found-bug', severity: configured, file, range: rangeOf(index, 0, 3), message: 'A bug.', related: [], fixes: [] })]
      : [];
  });
}

function emptyModule(file: string, language: Language): Module {
  const fn = { statements: [], operations: [], body: [], parameters: [], decorators: [], hash: 'h' };
  return { file, language, functions: [fn as unknown as Module['functions'][0]], classes: [], bindings: {}, exports: [], comments: [], problems: [] };
}

async function lockset(...words: string[]) {
  let output = '';
  let told = '';
  const terminal = {
    folder: join(root, 'w'),
    color: false,
    width: 80,
    isInteractive: false,
    write: (text: string) => (output += text),
    tell: (text: string) => (told += text),
    progress: () => {},
  };
  const environment = { XDG_CACHE_HOME: join(root, 'cache') };
  const input = () => Promise.resolve(Buffer.from(engine.input));
  const status = await runCommandLine(words, { terminal, assets: `${root}/assets`, engine: () => engine, environment, input });
  return { status, output, told };
}

describe('check', () => {
  it('prints findings and says 1, and 0 where there are none', async () => {
    write({ 'a.py': 'x\nbug warning\n', 'b.ts': '' });
    expect(await lockset('check')).toEqual({ status: 1, output: 'a.py:2:1 warning found-bug A bug.\n\n1 warning in 2 files\n', told: '' });
    expect(await lockset('check', 'b.ts')).toMatchObject({ status: 0, output: 'no findings in 1 file\n' });
  });

  it('prints JSON after the contract', async () => {
    write({ 'a.py': 'bug error\n', 'tests/test_a.py': 'bug error\n', 'binary.py': 'a\0b' });
    const { status, output } = await lockset('check', '--format', 'json', '.');
    expect(status).toBe(1);
    expect(JSON.parse(output)).toMatchObject({
      schemaVersion: 1,
      tool: { name: 'lockset' },
      findings: [{ rule: 'found-bug', severity: 'error', file: 'a.py', line: 1, column: 1, endLine: 1, endColumn: 4 }],
      files: { analysed: 1, exempt: 1, skipped: [{ file: 'binary.py', reason: 'a binary file' }] },
      summary: { findings: 1, errors: 1 },
    });
  });

  it.each([
    ['error', 0],
    ['warning', 1],
    ['hint', 1],
    ['never', 0],
  ])('with --fail-on %s says %i of a warning', async (severity, status) => {
    write({ 'a.py': 'bug warning' });
    expect((await lockset('check', '--fail-on', severity)).status).toBe(status);
  });

  it('counts what --min-severity hides for the exit status, but prints it not', async () => {
    write({ 'a.py': 'bug hint\nbug warning' });
    expect(await lockset('check', '--min-severity', 'error', '--fail-on', 'hint')).toMatchObject({
      status: 1,
      output: 'no findings in 1 file\n2 quieter findings not shown (--min-severity)\n',
    });
  });

  it('does not even read tests, unless asked for', async () => {
    write({ 'tests/test_a.py': 'bug warning', 'generated.py': '# @generated\nbug warning', 'a.py': '' });
    expect((await lockset('check', '--no-cache')).output).toContain('left out 2 files (tests, stubs, vendored or generated code); --include-tests reads them');
    expect(engine.lowered).toEqual(['a.py']);
    expect((await lockset('check', '--include-tests', '--no-cache')).output).toContain('2 warnings in 3 files');
    expect((await lockset('check', 'tests/test_a.py', '--no-cache')).status).toBe(1);
  });

  it('loads a language only when there is a file of it', async () => {
    write({ 'a.py': '' });
    await lockset('check');
    expect(engine.loaded).toEqual(['python']);
  });

  it.each([
    [['check', 'missing'], 'no such file or folder: missing'],
    [['check', '--config', 'missing.toml'], 'no such configuration file: missing.toml'],
    [['check', '--format', 'xml'], "argument 'xml' is invalid"],
    [['check', '--fail-on', 'loud'], 'It must be one of'],
    [['frobnicate'], 'unknown command'],
    [['check', '--frobnicate'], "unknown option '--frobnicate' (--help lists commands and options)"],
    [['check', '--formt', 'json'], "unknown option '--formt' (Did you mean --format?) (--help lists commands and options)"],
    [['check', '--watch', '--fix'], '--watch and --fix do not go together'],
    [['check', '--watch', '--format', 'json'], '--watch prints text only'],
    [['check', '--diff-base', 'HEAD', '--fix-suggestions'], '--diff-base and --fix-suggestions do not go together'],
    [['check', '--no-baseline', '--update-baseline'], '--update-baseline and --no-baseline do not go together'],
    [['check', 'missing\u001b[31m'], 'no such file or folder: missing\\u001b[31m'],
    [['config'], 'missing required argument'],
    [['explain', 'no-such-thing'], '"no-such-thing" is no FILE:LINE, term, rule or API'],
    [['explain', 'missing.py:3'], 'no such file: missing.py'],
    [['report', '--output', 'missing/dir/x.html'], 'cannot write missing/dir/x.html'],
  ])('%j cannot run: status 2 and a reason', async (words, reason) => {
    const { status, told, output } = await lockset(...words);
    expect({ status, output }).toEqual({ status: 2, output: '' });
    expect(told).toMatch(/^lockset: [^\n]*\n$/);
    expect(told).toContain(reason);
  });

  it('says 2 with one line when the analysis fails, and survives one file that does', async () => {
    write({ 'a.py': 'crash the analysis' });
    expect(await lockset('check')).toEqual({ status: 2, output: '', told: 'lockset: internal error: analysis crashed\n' });
    write({ 'a.py': 'crash the reader', 'b.py': 'bug warning' });
    const { status, output } = await lockset('check');
    expect(status).toBe(1);
    expect(output).toContain('skipped a.py: internal error: reader crashed');
  });

  it('prints version and help with status 0', async () => {
    expect(await lockset('--version')).toMatchObject({ status: 0, told: '' });
    expect((await lockset('--help')).output).toContain('check [options] [PATH...]');
  });
});

describe('configuration', () => {
  it('of each file settles its findings', async () => {
    write({ 'lockset.toml': '[rules]\nfound-bug = "error"\n', 'a.py': 'bug hint', 'lax/lockset.toml': '[rules]\nfound-bug = "off"\n', 'lax/b.py': 'bug hint' });
    const { output } = await lockset('check');
    expect(output).toBe('a.py:1:1 error found-bug A bug.\n\n1 error in 2 files\n');
  });

  it('that is broken is told once and does not stop the run', async () => {
    write({ 'lockset.toml': 'interpreter = \n', 'a.py': '', 'b.py': '' });
    const { status, told } = await lockset('check');
    expect(status).toBe(0);
    expect(told).toMatch(/^lockset\.toml:1:\d+: not valid TOML: [^\n]*\n$/);
  });

  it('leaves files out', async () => {
    write({ 'lockset.toml': 'exclude = ["scripts"]', 'scripts/a.py': 'bug error', 'b.py': '' });
    expect((await lockset('check')).output).toBe('no findings in 1 file\n');
  });

  it('is explained by `config`', async () => {
    write({ 'pyproject.toml': '[tool.lockset]\ninterpreter = "free-threaded"\nbaseline = "./known.json"\nrules = { found-bug = "off" }\n', 'src/a.py': '' });
    const { status, output } = await lockset('config', 'src/a.py');
    expect(status).toBe(0);
    expect(output).toContain('configuration: pyproject.toml (the nearest above src)');
    expect(output).toContain('  looked for src/lockset.toml');
    expect(output).toContain('interpreter: free-threaded');
    expect(output).toContain('  found-bug = off');
    expect(output).toContain('baseline: known.json');
  });
});

describe('report and explain', () => {
  it('write the report in every format', async () => {
    write({ 'a.py': 'bug warning' });
    expect(await lockset('report')).toMatchObject({ status: 0, output: expect.stringContaining('Concurrency report\n1 file') });
    expect(JSON.parse((await lockset('report', '--format', 'json')).output)).toMatchObject({ schemaVersion: 1, counts: { files: 1 } });
    mkdirSync(join(root, 'assets'), { recursive: true });
    writeFileSync(join(root, 'assets/page.js'), 'theScript();');
    expect(await lockset('report', '--format', 'html', '--output', 'out.html')).toEqual({ status: 0, output: '', told: 'wrote out.html\n' });
    const page = readFileSync(join(root, 'w/out.html'), 'utf8');
    expect(page).toContain('<mark>bug</mark> warning');
    expect(page).toMatch(/<script nonce="\w+">theScript\(\);<\/script><\/body>/);
  });

  it('explain a line, counted from 1', async () => {
    write({ 'src/a.py': 'x\ny\n' });
    expect(await lockset('explain', 'src/a.py:2')).toMatchObject({ status: 0, output: 'src/a.py line 1 from 0\n' });
    expect(await lockset('explain', 'src/a.py:9')).toMatchObject({ status: 2, told: 'lockset: src/a.py has 3 lines\n' });
  });
});

describe('the cache', () => {
  it('answers for an unchanged tree without analysis, and for unchanged files without reading them anew', async () => {
    write({ 'a.py': 'bug warning', 'b.py': '' });
    const first = await lockset('check');
    expect(await lockset('check')).toEqual(first);
    expect(engine).toMatchObject({ analyses: 1, lowered: ['a.py', 'b.py'] });
    write({ 'b.py': 'bug warning' });
    expect((await lockset('check')).output).toContain('2 warnings in 2 files');
    expect(engine).toMatchObject({ analyses: 2, lowered: ['a.py', 'b.py', 'b.py'] });
  });

  it('does not answer for other settings, nor when told not to', async () => {
    write({ 'a.py': 'bug warning' });
    await lockset('check');
    write({ 'lockset.toml': '[rules]\nfound-bug = "off"' });
    expect((await lockset('check')).status).toBe(0);
    await lockset('check', '--no-cache');
    expect(engine).toMatchObject({ analyses: 3, lowered: ['a.py', 'a.py'] });
  });

  it('that is damaged, foreign or read-only is as good as none', async () => {
    write({ 'a.py': 'bug warning' });
    const first = await lockset('check');
    for (const blob of blobs())
      writeFileSync(
        blob,
        readFileSync(blob).map((byte, index) => (index > 40 ? byte ^ 1 : byte)),
      );
    expect(await lockset('check')).toEqual(first);
    expect(engine.analyses).toBe(2);
    for (const blob of blobs()) writeFileSync(blob, 'LKS1');
    expect(await lockset('check')).toEqual(first);
    expect(engine.analyses).toBe(3);
    writeFileSync(join(root, 'file'), '');
    expect(await lockset('check', '--cache-dir', join(root, 'file'))).toEqual(first);
  });

  function blobs(): string[] {
    const folder = join(root, 'cache/lockset');
    return readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .map((name) => join(folder, name))
      .filter((path) => statSync(path).isFile());
  }

  it('stays below its limit, the least used going first', () => {
    const cache = new DiskCache(join(root, 'small'), 'v', { maximumSize: 400 });
    const keys = Array.from({ length: 10 }, (_, index) => cache.keyOf(String(index)));
    for (const key of keys) cache.write(key, key);
    cache.evict();
    const left = keys.filter((key) => cache.read(key) === key);
    expect(left.length).toBeGreaterThan(0);
    expect(left.length).toBeLessThan(6);
  });

  it('gives up where no folder can be made', () => {
    // There, Node's way of making folders with those above them tries for ever.
    if (process.platform !== 'linux') return;
    const cache = new DiskCache('/proc/nowhere/cache', 'v');
    cache.write(cache.keyOf('x'), 'x');
    expect(cache.read(cache.keyOf('x'))).toBeUndefined();
  });

  it('keeps versions apart, and a blob under its own key', () => {
    const [one, two] = ['1', '2'].map((version) => new DiskCache(join(root, 'c'), version));
    expect(one.keyOf('a')).not.toBe(two.keyOf('a'));
    expect(one.keyOf('a', 'b')).not.toBe(one.keyOf('ab'));
    const [from, to] = [one.keyOf('a'), one.keyOf('b')];
    one.write(from, 'text');
    one.write(to, 'other');
    const path = (key: string) => join(root, 'c', key.slice(0, 2), key.slice(2));
    writeFileSync(path(to), readFileSync(path(from)));
    expect(one.read(from)).toBe('text');
    expect(one.read(to)).toBeUndefined();
  });

  it('holds models by what they are, not by where their file is', () => {
    const module = emptyModule('/a/x.py', 'python');
    const packed = packModule(module);
    expect(unpackModule(packed, '/b/x.py', 'python')).toEqual({ ...module, file: '/b/x.py' });
    expect(unpackModule(packed, '/b/x.py', 'typescript')).toBeUndefined();
    for (const broken of ['', '[]', '{}', 'null', packed.replace('"functions":[', '"functions":[7,'), packed.replace('"operations":[]', '"operations":{}')]) {
      expect(unpackModule(broken, '/x.py', 'python'), broken.slice(0, 40)).toBeUndefined();
    }
  });
});
