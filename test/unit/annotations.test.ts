// Annotations: which comments state a guard, which are prose, and which declarations they belong to.
import { beforeAll, describe, expect, it } from 'vitest';
import { annotationsIn } from '../../server/lower/annotation-comments';
import type { FrontEnd } from '../../server/lower/front-end';
import type { Language } from '../../server/model/module';
import { printModule } from '../../server/model/printer';
import { validateModule } from '../../server/model/validator';
import { analyse } from '../support/analyse';
import { loadFrontEnds } from '../support/front-ends';

let frontEnds: readonly FrontEnd[];
beforeAll(async () => {
  frontEnds = await loadFrontEnds();
});

function stated(language: Language, comment: string): string[] {
  return annotationsIn(`x ${comment}`, { start: 2, end: 2 + comment.length }, language).map(({ kind, lock, span }) => {
    expect(`x ${comment}`.slice(span.start, span.end)).toBe(lock);
    return `${kind} ${lock}`;
  });
}

describe('a comment', () => {
  it.each<[Language, string, string]>([
    ['python', '# guarded by: _lock', 'guarded _lock'],
    ['python', '# guarded by: self._lock', 'guarded self._lock'],
    ['python', '#guarded-by:_lock', 'guarded _lock'],
    ['python', '# Guarded_By: _lock.', 'guarded _lock'],
    ['python', '# GUARDED_BY(_lock)', 'guarded _lock'],
    ['python', '## guarded by: `Registry._lock`', 'guarded Registry._lock'],
    ['python', '# type: list  # guarded by: _lock  # noqa: E501', 'guarded _lock'],
    ['python', '# requires: self._lock', 'requires self._lock'],
    ['python', '# REQUIRES(_lock)', 'requires _lock'],
    ['python', '# guarded by: verrou_été', 'guarded verrou_été'],
    ['typescript', '// @guardedBy lock', 'guarded lock'],
    ['typescript', '/** @guardedBy this.#lock */', 'guarded this.#lock'],
    ['typescript', '/* @GuardedBy("lock") */', 'guarded lock'],
    ['typescript', '// guarded by: lock', 'guarded lock'],
    ['typescript', '/**\r\n * Words.\r\n * @guardedBy lock\r\n */', 'guarded lock'],
    ['typescript', '// @requires this.lock', 'requires this.lock'],
    ['typescript', '// words // @guardedBy lock', 'guarded lock'],
  ])('of %s states: %s', (language, comment, said) => {
    expect(stated(language, comment)).toEqual([said]);
  });

  it.each<[Language, string]>([
    ['python', '# guarded by _lock'],
    ['python', '# guarded by the lock: see below'],
    ['python', '# guarded by: the lock'],
    ['python', '# guarded by: _lock for writes'],
    ['python', '# guarded by: _a, _b'],
    ['python', '# this is guarded by: _lock'],
    ['python', '# unguarded by: _lock'],
    ['python', '# guarded by: GIL'],
    ['python', '# guarded by:'],
    ['python', '# requires python 3.8'],
    ['python', '# requires: numpy>=1.2'],
    ['python', '"""guarded by: _lock"""'],
    ['typescript', '// guarded by lock'],
    ['typescript', '// @guardedBy lock for writes'],
    ['typescript', '// see @guardedBy lock'],
    ['typescript', '/** @requires module:lodash */'],
    ['typescript', '// is already guarded by the same check.'],
  ])('of %s states nothing: %s', (language, comment) => {
    expect(stated(language, comment)).toEqual([]);
  });
});

describe('an annotation', () => {
  /** What the model holds of the annotations of a text. */
  function read(language: Language, text: string): string[] {
    const module = frontEnds.find((end) => end.language === language)!.lower('main', text);
    expect(validateModule(module, text.length)).toEqual([]);
    return printModule(module)
      .split('\n')
      .flatMap((line) => /^\S+ guarded by \S+$|(?<=^function .* )\S+\(.*requires .*$/.exec(line)?.[0] ?? []);
  }

  it.each([
    ['_a = 1  # guarded by: L\n', ['module:_a guarded by L']],
    ['# guarded by: L\n# more\n_a = 1\n', ['module:_a guarded by L']],
    ['# guarded by: L\n\n_a = 1\n', []],
    ['_a = [\n    1,\n]  # guarded by: L\n', ['module:_a guarded by L']],
    ['_a = [  # guarded by: L\n    1,\n]\n', ['module:_a guarded by L']],
    ['_a = [\n    1,  # guarded by: L\n]\n', []],
    ['_a = _b = 1  # guarded by: L\r\n', ['module:_a guarded by L', 'module:_b guarded by L']],
    ['class C:\n    a = 1  # guarded by: L\n    b: int  # guarded by: L\n', ['class(0).a guarded by L', 'receiver(0).b guarded by L']],
    ['class C:\n    def __init__(self):\n        # guarded by: self.L\n        self.a: int = 1\n', ['receiver(0).a guarded by self.L']],
    ['def f():\n    a = 1  # guarded by: L\n    print(a)  # guarded by: L\n', []],
    ['x.a = 1  # guarded by: L\nx[0] = 1  # guarded by: L\n', []],
    ['# requires: L\n@decorated(\n)\ndef f(): pass\n', []],
    ['# requires: L\n@decorated\ndef f(): pass\n', ['f() in 0 @module:decorated requires L']],
    ['def f(a,\n      b):  # requires: L\n    return a\n', ['f(a, b) in 0 requires L']],
    ['def f():\n    """Words."""\n    # requires: L\n    return [lambda: 1]\n', ['f() in 0 requires L']],
    ['def f():\n    g()\n    # requires: L\n    return 1\n', []],
  ])('belongs to what it stands at in Python: %j', (text, found) => {
    const known = text.includes('@decorated') ? `decorated = print\n${text}` : text;
    expect(read('python', known.includes('x.a') ? `x = []\n${known}` : known)).toEqual(found);
  });

  it.each([
    ['let a = 1; // @guardedBy l\n', ['module:a guarded by l']],
    ['/** @guardedBy l */ export const a = [], b = 1;\n', ['module:a guarded by l', 'module:b guarded by l']],
    ['/**\n * Words.\n * @guardedBy l\n */\nlet a: string[];\n', ['module:a guarded by l']],
    ['class C {\n  // @guardedBy l\n  @Input() a = 1;\n}\n', ['receiver(0).a guarded by l']],
    ['class C {\n  static a = 1; // @guardedBy l\n  #b?: string; // @guardedBy this.l\n}\n', ['class(0).a guarded by l', 'receiver(0).#b guarded by this.l']],
    ['class C {\n  constructor(\n    private a: string, // @guardedBy l\n    b: string, // @guardedBy l\n  ) {}\n}\n', ['receiver(0).a guarded by l']],
    ['class C {\n  constructor() {\n    this.a = 1; // @guardedBy l\n  }\n}\n', ['receiver(0).a guarded by l']],
    ['// @requires l\nconst f = () => 1;\n', ['f() in 0 requires l']],
    ['class C {\n  /** @requires l */\n  private f(): void {}\n}\n', ['C.f() class 0 in 0 requires l']],
    ['function f() { // @requires l\n  return [1].map((x) => x);\n}\n', ['f() in 0 requires l']],
    ['// @requires l\n[1].map((x) => x);\n', []],
    ['const s = "// @guardedBy l";\n', []],
  ])('belongs to what it stands at in TypeScript: %j', (text, found) => {
    expect(read('typescript', text)).toEqual(found);
  });

  it('is shown in the report', async () => {
    const text = 'import threading\nlock = threading.Lock()\nitems = []  # guarded by: lock\ndef add():\n    with lock:\n        items.append(1)\n';
    const [place] = (await analyse({ 'main.py': text })).report().shared;
    expect(place).toMatchObject({ name: 'items', guard: { name: 'lock' }, isStated: true });
  });
});
