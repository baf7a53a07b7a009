// Configuration: the nearest file applies, the user's own settings win, and what is broken is told with its position.
import { describe, expect, it } from 'vitest';
import type { ReportedFinding } from '../../server/report/reported-finding';
import { ConfigurationResolver, combineConfigurations, configureFinding } from '../../server/workspace/configuration';
import { parseConfiguration } from '../../server/workspace/configuration-file';
import { type FileSystem, nameOf, parentOf } from '../../server/workspace/file-system';
import type { Configuration } from '../../server/workspace/snapshot';

/** A file system of given files. */
function filesOf(texts: Record<string, string>): FileSystem & { reads: string[] } {
  const folders = new Set<string>(['/']);
  for (const path of Object.keys(texts)) for (let folder = parentOf(path); folder !== '/'; folder = parentOf(folder)) folders.add(folder);
  const reads: string[] = [];
  return {
    reads,
    readDirectory: (path) =>
      Object.keys(texts)
        .filter((file) => parentOf(file) === path)
        .map((file) => ({ name: nameOf(file), kind: 'file' })),
    read: (path) => {
      reads.push(path);
      return Buffer.from(texts[path]);
    },
    kindOf: (path) => (path in texts ? 'file' : folders.has(path) ? 'directory' : undefined),
    realPath: (path) => path,
  };
}

describe('the nearest configuration', () => {
  const files = filesOf({
    '/lockset.toml': 'interpreter = "free-threaded"',
    '/repo/.git/HEAD': '',
    '/repo/pyproject.toml': '[tool.black]\nline-length = 100\n[tool.lockset]\ninclude-tests = true\n[tool.lockset.rules]\nlost-update = "error"\n',
    '/repo/a/pyproject.toml': '[tool.black]\n',
    '/repo/b/lockset.toml': 'exclude = ["generated", "*.gen.py", "/scripts/**"]\n',
    '/repo/b/pyproject.toml': '[tool.lockset]\ninclude-tests = true\n',
    '/other/.git/HEAD': '',
  });

  it('is searched upwards, a pyproject.toml without the table not counting, lockset.toml first', async () => {
    const resolver = new ConfigurationResolver(files);
    const ofA = await resolver.configurationFor('/repo/a/deep/x.py');
    expect(ofA.file).toBe('/repo/pyproject.toml');
    expect(ofA.configuration).toEqual({ rules: { 'lost-update': 'error' }, interpreter: 'gil', reportExempt: true });
    expect((await resolver.configurationFor('/repo/b/x.py')).file).toBe('/repo/b/lockset.toml');
  });

  it('is not taken from above the repository', async () => {
    const found = await new ConfigurationResolver(files).configurationFor('/other/src/x.py');
    expect(found.file).toBeUndefined();
    expect(found.looked).toEqual(['/other/src/lockset.toml', '/other/src/pyproject.toml', '/other/lockset.toml', '/other/pyproject.toml']);
  });

  it('yields to a file that is named, and to what the user says', async () => {
    const resolver = new ConfigurationResolver(files, { only: '/lockset.toml', overrides: { includeTests: true, rules: { a: 'off' } } });
    expect((await resolver.configurationFor('/repo/b/x.py')).configuration).toEqual({ rules: { a: 'off' }, interpreter: 'free-threaded', reportExempt: true });
  });

  it('leaves out what its globs match', async () => {
    const { isExcluded } = await new ConfigurationResolver(files).configurationFor('/repo/b/x.py');
    const excluded = ['generated', 'generated/x.py', 'deep/generated/x.py', 'a.gen.py', 'deep/a.gen.py', 'scripts/x.py'];
    const kept = ['generated.py', 'gen.py', 'deep/scripts/x.py'];
    expect(excluded.filter((path) => !isExcluded(`/repo/b/${path}`))).toEqual([]);
    expect(kept.filter((path) => isExcluded(`/repo/b/${path}`))).toEqual([]);
    expect(isExcluded('/repo/generated/x.py')).toBe(false);
  });

  it('learns from the project that Python runs without its global lock, unless it says otherwise itself', async () => {
    const project = filesOf({
      '/repo/.git/HEAD': '',
      '/repo/pyproject.toml': '[project]\nname = "x"\nclassifiers = ["Programming Language :: Python :: Free Threading :: 2 - Beta"]\n',
      '/repo/sub/lockset.toml': 'exclude = ["generated"]\n',
      '/repo/locked/lockset.toml': 'interpreter = "gil"\n',
      '/wheels/.git/HEAD': '',
      '/wheels/pyproject.toml': '[tool.cibuildwheel]\nenable = ["cpython-freethreading"]\n[tool.lockset]\ninclude-tests = true\n',
      '/plain/.git/HEAD': '',
      '/plain/pyproject.toml': '[project]\nclassifiers = ["Programming Language :: Python :: 3"]\n',
    });
    const resolver = new ConfigurationResolver(project);
    const modes = ['/repo/src/x.py', '/repo/sub/x.py', '/repo/locked/x.py', '/wheels/x.py', '/plain/x.py'].map(
      async (file) => (await resolver.configurationFor(file)).configuration.interpreter,
    );
    expect(await Promise.all(modes)).toEqual(['free-threaded', 'free-threaded', 'gil', 'free-threaded', 'gil']);
  });

  it('is read once for many files, until told to forget', async () => {
    const own = filesOf({ '/w/lockset.toml': '' });
    const resolver = new ConfigurationResolver(own);
    for (const file of ['/w/a.py', '/w/b.py', '/w/c/d.py']) await resolver.configurationFor(file);
    expect(own.reads).toHaveLength(1);
    resolver.reset();
    await resolver.configurationFor('/w/a.py');
    expect(own.reads).toHaveLength(2);
  });
});

describe('a broken configuration', () => {
  it('is told with its position and otherwise ignored', () => {
    const parsed = parseConfiguration('/w/lockset.toml', 'interpreter = "gil"\nrules = {\n  a = "off"\n  oops');
    expect(parsed.settings).toEqual({});
    expect(parsed.problems).toHaveLength(1);
    expect(parsed.problems[0]).toMatchObject({ file: '/w/lockset.toml', message: expect.stringContaining('not valid TOML') });
    expect(parsed.problems[0].line).toBeGreaterThan(0);
  });

  it('of another tool in pyproject.toml is not ours to tell', () => {
    expect(parseConfiguration('/w/pyproject.toml', '[tool.black\n', ['tool', 'lockset'])).toEqual({ settings: undefined, problems: [] });
  });

  it('keeps what is right in it', () => {
    const text = 'interpreter = "jython"\ninclude-tests = true\nplugins = ["./evil.js"]\n\n[rules]\nlost-update = "loud"\nother = "hint"\n';
    const parsed = parseConfiguration('/w/lockset.toml', text);
    expect(parsed.settings).toEqual({ interpreter: undefined, includeTests: true, rules: { other: 'hint' } });
    expect(parsed.problems.map(({ line, column, message }) => `${line}:${column} ${message.split(';')[0]}`)).toEqual([
      '0:0 interpreter must be one of "gil", "free-threaded"',
      '2:0 unknown setting "plugins"',
      '5:0 lost-update must be one of "off", "error", "warning", "information", "hint"',
    ]);
  });

  it('cannot hang the globs', () => {
    const parsed = parseConfiguration('/w/lockset.toml', `exclude = ["${'*a'.repeat(50)}", "ok"]`);
    expect(parsed.settings?.exclude).toEqual(['ok']);
    expect(parsed.problems[0].message).toContain('too many wildcards');
  });
});

describe('files with different configurations in one analysis', () => {
  const configuration = (rules: Configuration['rules']): Configuration => ({ rules, interpreter: 'gil', reportExempt: false });
  const finding = (rule: string) => ({ rule, severity: 'warning' }) as ReportedFinding;
  const strict = configuration({ a: 'error', b: 'warning', c: 'off' });
  const lax = configuration({ a: 'off' });
  const combined = combineConfigurations([strict, lax]);

  it('run every rule that one of them wants', () => {
    expect(combined.rules).toEqual({ a: 'error', b: 'warning' });
    expect(combineConfigurations([strict, strict])).toBe(strict);
  });

  it('settle each finding by its own file', () => {
    const defaults = (rule: string) => (rule === 'b' ? ('off' as const) : undefined);
    const settled = (rule: string, own: Configuration) => configureFinding(finding(rule), own, combined, defaults)?.severity;
    expect(settled('a', strict)).toBe('error');
    expect(settled('a', lax)).toBeUndefined();
    expect(settled('b', strict)).toBe('warning');
    expect(settled('b', lax)).toBeUndefined();
    expect(settled('c', strict)).toBeUndefined();
    expect(settled('c', lax)).toBe('warning');
  });
});
