// The graphs under the summaries: components in dependency order, lock cycles, import resolution.
import { describe, expect, test } from 'vitest';
import { closureOf, componentsOf } from '../../server/summary/components';
import { ImportIndex } from '../../server/summary/import-resolution';
import { claimOf, fileOfKey, isClaim, isNameless, nameless, nameOfKey } from '../../server/summary/keys';
import { cyclesOf } from '../../server/summary/lock-order';

const graph = (edges: Record<string, string>) => (node: string) => (edges[node] ?? '').split('').filter(Boolean);

describe('componentsOf', () => {
  test('puts what a node depends on before it', () => {
    expect(componentsOf(new Set(['a', 'b', 'c']), graph({ a: 'b', b: 'c' }))).toEqual([['c'], ['b'], ['a']]);
  });
  test('groups nodes that depend on each other, sorted, whatever the order of asking', () => {
    const inputs = graph({ a: 'b', b: 'c', c: 'a', d: 'a' });
    for (const order of ['abcd', 'dcba', 'cabd']) expect(componentsOf(new Set(order), inputs)).toEqual([['a', 'b', 'c'], ['d']]);
  });
  test('leaves out nodes it was not asked about', () => {
    expect(componentsOf(new Set(['a']), graph({ a: 'b' }))).toEqual([['a']]);
  });
  test('survives a chain of 100,000', () => {
    const nodes = new Set(Array.from({ length: 100_000 }, (_, i) => String(i)));
    const components = componentsOf(nodes, (node) => [String(Number(node) + 1)]);
    expect(components.length).toBe(100_000);
    expect(components[0]).toEqual(['99999']);
  });
});

test('closureOf reaches everything once, circles included', () => {
  expect([...closureOf(['a'], graph({ a: 'b', b: 'ca', d: 'a' }))].sort()).toEqual(['a', 'b', 'c']);
});

describe('cyclesOf', () => {
  const locks = (edges: Record<string, string>) => new Map(Object.entries(edges).map(([from, to]) => [from, new Set(to.split('').filter(Boolean))]));
  test('finds each pair taken in both orders once', () => {
    expect(cyclesOf(locks({ a: 'b', b: 'a', c: 'a' })).map((cycle) => cycle.locks)).toEqual([['a', 'b']]);
  });
  test('finds a circle of three that has no such pair', () => {
    const [cycle, ...rest] = cyclesOf(locks({ a: 'b', b: 'c', c: 'a' }));
    expect(rest).toEqual([]);
    expect([...cycle.locks].sort()).toEqual(['a', 'b', 'c']);
    cycle.locks.forEach((lock, i) => expect({ a: 'b', b: 'c', c: 'a' }[lock]).toBe(cycle.locks[(i + 1) % 3]));
  });
  test('finds nothing in one order', () => {
    expect(cyclesOf(locks({ a: 'bc', b: 'c', c: '' }))).toEqual([]);
  });
});

describe('ImportIndex', () => {
  const index = new ImportIndex([
    '/w/app/__init__.py',
    '/w/app/main.py',
    '/w/app/db/__init__.py',
    '/w/app/db/pool.py',
    '/w/other/db.py',
    '/w/src/a.ts',
    '/w/src/b/index.ts',
    '/w/src/c.mts',
  ]);
  test.each([
    ['/w/app/main.py', 'python', '.db', '/w/app/db/__init__.py'],
    ['/w/app/main.py', 'python', '.db.pool', '/w/app/db/pool.py'],
    ['/w/app/db/pool.py', 'python', '..main', '/w/app/main.py'],
    ['/w/app/db/pool.py', 'python', '.', '/w/app/db/__init__.py'],
    ['/w/other/x.py', 'python', 'app.db.pool', '/w/app/db/pool.py'],
    ['/w/app/main.py', 'python', 'threading', undefined],
    ['/w/src/a.ts', 'typescript', './b', '/w/src/b/index.ts'],
    ['/w/src/b/index.ts', 'typescript', '../a.js', '/w/src/a.ts'],
    ['/w/src/a.ts', 'typescript', './c.mjs', '/w/src/c.mts'],
    ['/w/src/a.ts', 'typescript', 'async-mutex', undefined],
  ] as const)('from %s, %s %s is %s', (from, language, specifier, file) => {
    expect(index.resolve(from, language, specifier)).toBe(file);
  });
  test('a module does not import itself by its own name', () => {
    expect(index.resolve('/w/other/db.py', 'python', 'db')).toBeUndefined();
  });
  test('knows the submodules of a package, and of nothing else', () => {
    expect(index.submodule('/w/app/__init__.py', 'main')).toBe('/w/app/main.py');
    expect(index.submodule('/w/app/main.py', 'db')).toBeUndefined();
  });
});

test('keys tell claims and nameless locks from locks in folders with brackets', () => {
  expect(isNameless(nameless('/w/(group)/a.py#C.f', 'lock 3'))).toBe(true);
  expect(isNameless('/w/(group)/a.py#C._lock')).toBe(false);
  expect(isNameless('/w/(group)/a.py:lock')).toBe(false);
  expect(isClaim(claimOf('/w/a.py#C.busy'))).toBe(true);
  expect(isClaim('/w/a.py#C._lock')).toBe(false);
});

test('keys tell their file, and their name as people say it', () => {
  expect(fileOfKey('file:///c%3A/w/a.py#Counter.total')).toBe('file:///c%3A/w/a.py');
  expect(fileOfKey('/w/a.py:counter')).toBe('/w/a.py');
  expect(nameOfKey('/w/a.py#Counter.add~2')).toBe('Counter.add');
  expect(nameOfKey('/w/a.py:counter')).toBe('counter');
  expect(nameOfKey('/w/a.ts#start.inner/total')).toBe('total');
});
