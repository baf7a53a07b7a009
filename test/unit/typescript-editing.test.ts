// Editing a TypeScript file: incremental parsing gives what a fresh one gives, and errors do not make the rest vanish.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createTypeScriptFrontEnd } from '../../server/lower/typescript/front-end';
import type { Module } from '../../server/model/module';
import { printModule } from '../../server/model/printer';
import { expectSound } from './typescript-support';

const source = `import { Mutex } from 'async-mutex';
const lock = new Mutex();
/** One. */
export async function one() { await lock.acquire(); }
export class Store {
  total = 0;
  async add(n: number) { this.total += await load(n); }
  reset() { list.forEach((x) => { this.total = x; }); }
}
function last() { return \`\${lock}\`; }
`;

const fresh = (text: string) => createTypeScriptFrontEnd().lower('a.ts', text);
const names = (module: Module) => module.functions.map(({ qualifiedName }) => qualifiedName);

/** A file that is being edited: replaces the first `before` by `after` each time. */
function edited(start: string) {
  const frontEnd = createTypeScriptFrontEnd();
  let text = start;
  const lower = () => expectSound(frontEnd.lower('a.ts', text, true), text);
  return {
    module: lower(),
    text: () => text,
    replace(before: string, after: string): Module {
      if (!text.includes(before)) throw new Error(`no ${before}`);
      text = text.replace(before, () => after);
      return lower();
    },
    frontEnd,
  };
}

/** What stands in the text at the names of the functions. */
function wordsAt(module: Module, text: string): string[] {
  return module.functions.slice(1).map(({ nameSpan }) => text.slice(nameSpan.start, nameSpan.end));
}

describe('incremental parsing', () => {
  it('gives the very module that a fresh parse gives, whatever was typed before', () => {
    const scrap = fc.constantFrom('', 'a', ' ', '\n', '{', '}', '(', ')', '`', "'", '/', '/*', '*/', 'await ', 'function f() {', '=> ', ';', 'this.total++;');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(source.length), fc.nat(12), scrap), { minLength: 1, maxLength: 8 }), (edits) => {
        const frontEnd = createTypeScriptFrontEnd();
        let text = source;
        frontEnd.lower('a.ts', text, true);
        for (const [at, length, put] of edits) {
          text = text.slice(0, at) + put + text.slice(at + length);
          expectSound(frontEnd.lower('a.ts', text, true), text);
        }
        const expected = fresh(text);
        // A text with errors may be answered with the last good model; without errors there is only one answer.
        if (expected.problems.length === 0) expect(frontEnd.lower('a.ts', text, true)).toEqual(expected);
        expect(frontEnd.lower('a.ts', source, true)).toEqual(fresh(source));
      }),
      { numRuns: 150, seed: 20263 },
    );
  });

  it('forgets a file and begins anew', () => {
    const file = edited(source);
    file.replace('one()', 'one(');
    file.frontEnd.forget('a.ts');
    expect(file.frontEnd.lower('a.ts', source, true)).toEqual(fresh(source));
  });

  it('keeps nothing of files that are not being edited', () => {
    const frontEnd = createTypeScriptFrontEnd();
    frontEnd.lower('a.ts', source);
    const broken = source.replace('one() {', 'one() { `');
    expect(frontEnd.lower('a.ts', broken)).toEqual(fresh(broken));
  });
});

describe('the last good model', () => {
  it('stands in while an unclosed bracket or quote hides functions, with its spans moved along', () => {
    for (const typed of ['`', "'", '{', '(', '/*', 'const x = {']) {
      const file = edited(source);
      const before = names(file.module);
      const module = file.replace('await lock.acquire();', `await lock.acquire(); ${typed}`);
      expect(names(module), typed).toEqual(before);
      expect(wordsAt(module, file.text()), typed).toEqual(wordsAt(file.module, source));
      expect(module.problems.length, typed).toBeGreaterThan(0);
    }
  });

  it('follows several edits in a row, before and behind the error', () => {
    const file = edited(source);
    file.replace('await lock.acquire();', 'await lock.acquire(`);');
    file.replace('/** One. */', '/** The first one, at length. */');
    const module = file.replace('function last', '\n\nfunction last');
    expect(names(module)).toEqual(names(file.module));
    expect(wordsAt(module, file.text())).toEqual(wordsAt(file.module, source));
    const operations = module.functions.flatMap((fn) => fn.operations.map(({ span }) => file.text().slice(span.start, span.end)));
    expect(operations).toContain('load(n)');
    expect(operations).toContain('this.total = x');
  });

  it('gives way as soon as nothing is lost any more', () => {
    const file = edited(source);
    file.replace('one() {', 'one() { `');
    const module = file.replace('one() { `', 'one() { added();');
    expect(printModule(module)).toEqual(printModule(fresh(file.text())));
  });

  it('is not asked where an error costs nothing', () => {
    const file = edited(source);
    const module = file.replace('await load(n)', 'await load(n, )) + this.other');
    expect(module.problems.length).toBeGreaterThan(0);
    expect(printModule(module)).toEqual(printModule(fresh(file.text())));
  });

  it('does not keep alive what was deleted', () => {
    const file = edited(source);
    const module = file.replace('async add(n: number) { this.total += await load(n); }\n', '`');
    const add = module.functions.find(({ qualifiedName }) => qualifiedName === 'Store.add');
    expect(add?.operations ?? []).toEqual([]);
    expect(names(module)).toContain('last');
  });

  it('is one for each file', () => {
    const { frontEnd } = edited(source);
    const broken = source.replace('one() {', 'one() { `');
    expect(frontEnd.lower('b.ts', broken, true)).toEqual({ ...fresh(broken), file: 'b.ts' });
  });
});
