// The TypeScript front end on hostile, broken and enormous input: problems, never exceptions.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lowerSound } from './typescript-support';

const problems = (text: string, file?: string) => lowerSound(text, file).problems.map(({ message }) => message);

describe('texts that are not read', () => {
  it('refuses what is too long, no text, or minified, and says so once', () => {
    expect(problems(`${'a();\n'.repeat(1_000_001)}`)).toEqual(['not analysed, because it is longer than 5 MB']);
    expect(problems('a();\0b();')).toEqual(['not analysed, because it holds NUL bytes: it is not a text']);
    expect(problems(`${'a();'.repeat(6000)}\nb();`)).toEqual([]);
    expect(problems('a();'.repeat(6000))).toEqual(['not analysed, because its lines are so long that it must be a minified bundle']);
    for (const text of ['a();'.repeat(6000), 'a();\0b();']) expect(lowerSound(text).functions.map(({ operations }) => operations.length)).toEqual([0]);
  });

  it('reports parse errors, but not without end', () => {
    expect(problems('function (')).not.toEqual([]);
    expect(problems('let let = ;\n'.repeat(100)).length).toBe(20);
  });

  it('reads Flow as far as it goes, and types in JavaScript', () => {
    const module = lowerSound(
      '/* @flow */\nimport type { A } from "a";\nopaque type B = number;\nexport function f(x: ?A, y: {| z: 1 |}): Promise<void> { g(x); }\nfunction h() { g(); }',
      'a.js',
    );
    expect(module.functions.map(({ name }) => name)).toEqual(expect.arrayContaining(['f', 'h']));
  });
});

describe('depth', () => {
  const shapes: Record<string, (depth: number) => string> = {
    parentheses: (n) => `${'('.repeat(n)}f()${')'.repeat(n)}`,
    calls: (n) => `${'f(\n'.repeat(n)}1${')'.repeat(n)}`,
    chains: (n) => `a${'\n.b(() => 1)'.repeat(n)}`,
    paths: (n) => `x = a${'.b\n'.repeat(n)}`,
    blocks: (n) => `${'{\n'.repeat(n)}f()${'}'.repeat(n)}`,
    ifs: (n) => `${'if (a) {\n'.repeat(n)}f()${'}'.repeat(n)}`,
    elses: (n) => `${'if (a) b(); else\n'.repeat(n)} c();`,
    arrows: (n) => `x = ${'() =>\n'.repeat(n)}1`,
    functions: (n) => `${'function f() {\n'.repeat(n)}${'}'.repeat(n)}`,
    classes: (n) => `${'class A { x = 1; m() {\n'.repeat(n)}${'} }'.repeat(n)}`,
    arrays: (n) => `x = ${'[\n'.repeat(n)}${']'.repeat(n)}`,
    objects: (n) => `x = ${'{ a:\n'.repeat(n)}1${'}'.repeat(n)}`,
    conditionals: (n) => `x = ${'a ? b() :\n'.repeat(n)}c`,
    negations: (n) => `if (${'!\n'.repeat(n)}a) f();`,
    patterns: (n) => `const ${'{ a:\n'.repeat(n)}b${'}'.repeat(n)} = x;`,
    assignments: (n) => `${'a =\n'.repeat(n)}1`,
    templates: (n) => `x = ${'`${\n'.repeat(n)}1${'}`'.repeat(n)}`,
    elements: (n) => `x = ${'<a>\n'.repeat(n)}${'</a>'.repeat(n)}`,
    types: (n) => `let x: ${'A<\n'.repeat(n)}B${'>'.repeat(n)};`,
  };

  it.each(Object.keys(shapes))('never overflows on nested %s', (name) => {
    for (const depth of [200, 600, 2000, 6000]) lowerSound(shapes[name](depth), 'a.tsx');
    expect(problems(shapes[name](100), 'a.tsx')).toEqual([]);
  });

  it('tells where it stopped, and keeps what stands before', () => {
    const module = lowerSound(`before();\n${'f(\n'.repeat(400)}1${')'.repeat(400)}`);
    expect(module.problems.map(({ message }) => message)).toEqual(['not analysed from here on, because it is nested too deeply']);
    expect(module.functions[0].operations.length).toBeGreaterThan(100);
  });

  it('follows long chains of operators to their end', () => {
    const ends = (text: string) =>
      lowerSound(text).functions[0].operations.some(
        (operation) =>
          operation.kind === 'call' &&
          operation.callee.kind === 'place' &&
          operation.callee.place.root.kind === 'global' &&
          operation.callee.place.root.name === 'last',
      );
    expect(ends(`x = ${'a +\n'.repeat(20_000)}last();`)).toBe(true);
    expect(ends(`if (${'a === 1 ||\n'.repeat(5000)}last()) f();`)).toBe(true);
    expect(ends(`if (${'a &&\n'.repeat(5000)}last()) f();`)).toBe(true);
  });
});

describe('broken texts', () => {
  const source = `
import { Mutex } from 'async-mutex';
export class Store extends Base {
  #lock = new Mutex();
  static all = new Map<string, Store>();
  constructor(private readonly name: string, { size = 3, ...rest }: Options) { super(name); Store.all.set(name, this); }
  async add(item: Item): Promise<void> {
    const release = await this.#lock.acquire();
    try { for (const [k, v] of Object.entries(item)) { this.items[k] ??= \`\${v}/\${await this.load(/a[/]b/g)}\`; } } catch { return; } finally { release(); }
    switch (item.kind) { case 'a': case 'b': this.total += 1; break; default: label: for (;;) { if (x) continue label; break; } }
  }
}
module.exports = { a, b: () => import('./b'), ...require('./c') };
const view = <List onPress={async () => { await save(n); }}>{items.map((i) => <Row {...i} />)}</List>;
`;

  it('survives any truncation', () => {
    for (let end = 0; end <= source.length; end += 3) lowerSound(source.slice(0, end), 'a.tsx');
  });

  it('survives anything cut out and put in elsewhere', () => {
    const offset = fc.nat(source.length);
    const scrap = fc.constantFrom(
      '',
      '{',
      '}',
      '(',
      ')',
      '`',
      '${',
      "'",
      '/*',
      '//',
      'async ',
      'await ',
      'class ',
      '=>',
      '...',
      '<',
      '#',
      '@',
      'static {',
      'using x = ',
      'export ',
      'default:',
      '\u2028',
      '\ud83d',
    );
    fc.assert(
      fc.property(fc.array(fc.tuple(offset, offset, offset, scrap), { minLength: 1, maxLength: 4 }), (edits) => {
        let text = source;
        for (const [from, length, to, put] of edits) {
          const cut = text.slice(from, from + (length % 40));
          text = text.slice(0, from) + text.slice(from + cut.length);
          text = text.slice(0, to) + cut + put + text.slice(to);
        }
        lowerSound(text, 'a.tsx');
      }),
      { numRuns: 400, seed: 20261 },
    );
  });

  it('survives random characters', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}()[]<>`\'"/\\*=,;:.?!&|#@ \n\r\tax01$_é😀'), maxLength: 80 }),
        (text) => void lowerSound(text, 'a.tsx'),
      ),
      { numRuns: 600, seed: 20262 },
    );
  });
});
