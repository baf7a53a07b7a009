// Robustness: texts that break parsers and stacks give problems, never exceptions, and always a sound model.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { printModule } from '../../server/model/printer';
import { validateModule } from '../../server/model/validator';
import { mutate, Random } from '../support/mutations';
import { lowerSound, pythonFrontEnd, standardLibraryFiles } from './python-support';

const MANY = 10_000;
const indented = (line: string, depth: number) => `${Array.from({ length: depth }, (_, i) => `${' '.repeat(i)}${line}\n`).join('')}${' '.repeat(depth)}pass\n`;

const DEEP: Readonly<Record<string, string>> = {
  parentheses: `${'('.repeat(MANY)}1${')'.repeat(MANY)}`,
  brackets: `x = ${'['.repeat(MANY)}${']'.repeat(MANY)}`,
  not: `x = ${'not '.repeat(MANY)}y`,
  minus: `x = ${'-'.repeat(MANY)}y`,
  powers: `x = ${'a ** '.repeat(MANY)}c`,
  attributes: `x${'.a'.repeat(MANY)}`,
  'method calls': `x${'.a()'.repeat(MANY)}`,
  subscripts: `x${'[0]'.repeat(MANY)}`,
  calls: `f${'()'.repeat(MANY)}`,
  lambdas: `x = ${'lambda: '.repeat(1_000)}${'-'.repeat(MANY)}1`,
  'conditional expressions': `x = ${'a.b if c.d else '.repeat(MANY)}1`,
  walrus: `x = ${'(y := '.repeat(MANY)}1${')'.repeat(MANY)}`,
  'with items': `with ${Array(MANY).fill('a.b').join(', ')}: pass`,
  targets: `${'('.repeat(MANY)}a,${')'.repeat(MANY)} = 1`,
  'type(…)': `type${'('.repeat(MANY)}self${')'.repeat(MANY)}.x = 1`,
  awaits: `async def f():\n x = ${'await '.repeat(MANY)}y\n`,
  try: indented('try:', 300),
  classes: indented('class A:', 300),
};

describe('nesting', () => {
  for (const [name, text] of Object.entries(DEEP)) {
    it(`of ${name} is cut with a problem, and the rest is read`, async () => {
      const module = await lowerSound(`${text}\nclass After:\n    def f(self): self.x = 1\n`);
      printModule(module);
      expect(module.problems.map((problem) => problem.message)).not.toEqual([]);
      expect(module.problems.length).toBeLessThanOrEqual(21);
    });
  }

  it('of a hundred blocks, as deep as Python itself allows, is read', async () => {
    const text = indented('if x.y:', 99).replace('pass', 'f()');
    expect((await lowerSound(text)).functions[0].operations.length).toBe(1);
    expect((await lowerSound(indented('def f():', 99))).problems).toEqual([]);
  });

  it('of long chains that lean to the left is no nesting', async () => {
    const module = await lowerSound(`def f(p):\n    x = ${'p.a + '.repeat(MANY)}1\n    y = ${'p.b and '.repeat(2_000)}1\n    z = ${'"a" '.repeat(MANY)}\n`);
    expect(module.problems).toEqual([]);
    expect(module.functions[1].operations.length).toBe(MANY + 2_000);
  });

  it('of thousands of elif is no nesting', async () => {
    const module = await lowerSound(`def f(p):\n    if p.a: p.x()\n${'    elif p.b: p.y()\n'.repeat(3_000)}    else: p.z()\n`);
    expect(module.problems).toEqual([]);
    expect(module.functions[1].operations.filter((operation) => operation.kind === 'call').length).toBe(3_002);
  });
});

describe('whatever text', () => {
  it('gives a sound model', async () => {
    const frontEnd = await pythonFrontEnd();
    const random = new Random(20_26);
    const own = [readFileSync(new URL(import.meta.url), 'utf8'), readFileSync(new URL('python-lowering.test.ts', import.meta.url), 'utf8')];
    for (let i = 0; i < 150; i++) {
      const text = mutate(random, own);
      for (const editing of [false, true]) {
        const module = frontEnd.lower(`${i % 5}.py`, text, editing);
        expect(validateModule(module, text.length)).toEqual([]);
        expect(module.problems.map((problem) => problem.message).join()).not.toContain('Could not be analysed');
      }
    }
    for (let i = 0; i < 5; i++) frontEnd.forget(`${i}.py`);
  });

  it('of the standard library gives a sound model without problems', async () => {
    const frontEnd = await pythonFrontEnd();
    for (const file of standardLibraryFiles(60)) {
      const text = readFileSync(file, 'utf8');
      const module = frontEnd.lower(file, text);
      expect([file, ...validateModule(module, text.length), ...module.problems]).toEqual([file]);
    }
  });

  it('has empty models where there is nothing to read', async () => {
    for (const text of ['', '\n', '\ufeff', '# only\n', '   ', '\\']) expect((await lowerSound(text)).functions[0].operations).toEqual([]);
    const binary = await lowerSound('class A: pass\0');
    expect(binary.classes).toEqual([]);
    expect(binary.problems.length).toBe(1);
  });

  it('that takes the parser quadratic time is given up, and the next one is read', async () => {
    const frontEnd = await pythonFrontEnd();
    const comments = `class A:\n    def f(self):\n        x = 1\n${'    # a comment in a block\n'.repeat(20_000)}    def g(self): pass\n`;
    expect(frontEnd.lower('comments.py', comments).problems.map((problem) => problem.message)).toEqual([expect.stringContaining('took longer than')]);
    expect(frontEnd.lower('next.py', 'def f(): pass\n').functions).toHaveLength(2);
  });
});
