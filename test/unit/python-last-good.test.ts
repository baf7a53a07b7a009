// Last good: while a person types and the text does not parse, the rest of the file keeps its model.
import { afterEach, describe, expect, it } from 'vitest';
import { mapSpan } from '../../server/lower/python/module-spans';
import type { Module } from '../../server/model/module';
import { validateModule } from '../../server/model/validator';
import { pythonFrontEnd } from './python-support';

const TEXT = `import threading
class A:
    def one(self):
        self.a = 1
    def two(self):
        self.b = 2
        self.c = 3
def three():
    four()
LOCK = threading.Lock()
def five():
    with LOCK:
        four()
`;

afterEach(async () => (await pythonFrontEnd()).forget('a.py'));

async function edit(text: string): Promise<Module> {
  const module = (await pythonFrontEnd()).lower('a.py', text, true);
  expect(validateModule(module, text.length)).toEqual([]);
  return module;
}

const names = (module: Module) => module.functions.map((fn) => fn.qualifiedName);
const ALL = ['module', 'A.one', 'A.two', 'three', 'five'];

describe('an unclosed bracket or quote', () => {
  for (const typed of ['(', '[', '{', '"', '"""', 'x = (', 'foo(a, ', "f'{", 'def ', 'class ', 'if ', '@', 'lambda', 'for x in', 'else:', ')']) {
    it(`${typed} anywhere loses no function, and says that there is a problem`, async () => {
      for (let at = TEXT.indexOf('\n'); at >= 0; at = TEXT.indexOf('\n', at + 1)) {
        const good = await edit(TEXT);
        expect(names(good)).toEqual(ALL);
        const text = `${TEXT.slice(0, at)} ${typed}${TEXT.slice(at)}`;
        const module = await edit(text);
        if (module.problems.length === 0) continue;
        for (const fn of good.functions) {
          const isTouched = fn.span.start <= at && at <= fn.span.end;
          const kept = module.functions.find((each) => each.qualifiedName === fn.qualifiedName);
          expect(kept, `${fn.qualifiedName} after ${JSON.stringify(typed)} at ${at}`).toBeDefined();
          if (isTouched) continue;
          expect(kept!.hash).toBe(fn.hash);
          expect(text.slice(kept!.span.start, kept!.span.end)).toBe(TEXT.slice(fn.span.start, fn.span.end));
          expect(kept!.operations.map((operation) => text.slice(operation.span.start, operation.span.end))).toEqual(
            fn.operations.map((operation) => TEXT.slice(operation.span.start, operation.span.end)),
          );
        }
      }
    });
  }

  it('is followed over several keystrokes, and what is typed elsewhere meanwhile shows once it is closed', async () => {
    await edit(TEXT);
    let text = TEXT.replace('self.a = 1', 'self.a = (1');
    expect(names(await edit(text))).toEqual(ALL);
    text = text.replace('def five', 'def six');
    await edit(text);
    text = text.replace('(1', '(1)');
    const mended = await edit(text);
    expect(mended.problems).toEqual([]);
    expect(names(mended)).toEqual(['module', 'A.one', 'A.two', 'three', 'six']);
  });

  it('gives what can be read where there never was a good version, or the file is not being edited', async () => {
    const broken = TEXT.replace('self.a = 1', 'self.a = (1');
    const opened = await edit(broken);
    expect(opened.problems.length).toBeGreaterThan(0);
    await edit(TEXT);
    const closed = (await pythonFrontEnd()).lower('a.py', broken);
    expect(names(closed)).toEqual(names(opened));
    expect(names(closed)).not.toEqual(ALL);
  });

  it('shows a new function as soon as what is broken lies in it alone', async () => {
    await edit(TEXT);
    const module = await edit(`${TEXT}def six():\n    self.x = foo.\n`);
    expect(module.problems.length).toBeGreaterThan(0);
    expect(names(module)).toEqual([...ALL, 'six']);
  });
});

describe('mapSpan', () => {
  const move = (start: number, end: number, from: number, to: number, newText: string) => {
    const span = mapSpan({ start, end }, { span: { start: from, end: to }, newText });
    return [span.start, span.end];
  };

  it('moves what stands behind an edit, keeps what stands before it, and squeezes what it replaced', () => {
    expect(move(10, 20, 0, 0, 'abc')).toEqual([13, 23]);
    expect(move(10, 20, 20, 20, 'abc')).toEqual([10, 20]);
    expect(move(10, 20, 10, 10, 'abc')).toEqual([13, 23]);
    expect(move(10, 20, 12, 15, '')).toEqual([10, 17]);
    expect(move(10, 20, 5, 15, 'x')).toEqual([6, 11]);
    expect(move(10, 20, 15, 25, 'x')).toEqual([10, 16]);
    expect(move(10, 20, 0, 40, '')).toEqual([0, 0]);
  });
});
