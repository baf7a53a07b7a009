// Fuzz: whatever stands in a file, the analysis comes back with a sound model and findings inside the text.
import { beforeAll, describe, expect, it } from 'vitest';
import type { FrontEnd } from '../../server/lower/front-end';
import { printModule } from '../../server/model/printer';
import { validateModule } from '../../server/model/validator';
import { LineMap } from '../../server/text/line-map';
import { languageOf } from '../../server/workspace/languages';
import type { Snapshot } from '../../server/workspace/snapshot';
import { workspaceOf } from '../support/analyse';
import { readFixtures } from '../support/fixtures';
import { loadFrontEnds } from '../support/front-ends';
import { mutate, Random } from '../support/mutations';
import { PROGRAM } from '../support/program';

/** How many programs of three broken files each are analysed per seed. LOCKSET_FUZZ multiplies it, for long runs by hand. */
const RUNS = 150 * Number(process.env.LOCKSET_FUZZ ?? 1);
/** One case takes milliseconds; this only tells a hang from a slow machine. */
const HANG = 30_000;

let frontEnds: readonly FrontEnd[];
beforeAll(async () => {
  frontEnds = await loadFrontEnds();
});

const sources = [...readFixtures().flatMap(({ files }) => Object.entries(files)), ...Object.entries(PROGRAM)];
const python = sources.filter(([file]) => languageOf(file) === 'python').map(([, text]) => text);
const typescript = sources.filter(([file]) => languageOf(file) === 'typescript').map(([, text]) => text);

const randomSeed = Math.floor(Math.random() * 1e9);

describe('broken files', () => {
  it.each([20261121, randomSeed])('of seed %i are analysed', { timeout: 20 * 60_000 }, (seed) => {
    const random = new Random(seed);
    for (let run = 0; run < RUNS; run++) {
      const files = {
        'a.py': mutate(random, python),
        'b.py': mutate(random, python),
        'c.ts': mutate(random, typescript),
        'd.js': mutate(random, [...typescript, ...python]),
      };
      const snapshot = check(files, `seed ${seed}, run ${run}`);
      // A front end that throws inside gives a module without content and says so; here that is a defect.
      const given = snapshot.files.flatMap((file) => snapshot.module(file)?.problems.filter((problem) => /could not be analysed/i.test(problem.message)) ?? []);
      if (given.length > 0) throw new Error(`seed ${seed}, run ${run}: ${given[0].message}\n${JSON.stringify(files)}`);
    }
  });

  it.each([20261121, randomSeed])('of seed %i are analysed while they are typed', { timeout: 20 * 60_000 }, (seed) => {
    const random = new Random(seed + 1);
    const workspace = workspaceOf(frontEnds);
    workspace.change(Object.entries(PROGRAM).map(([file, text]) => ({ file, text, editing: true })));
    for (let run = 0; run < RUNS; run++) {
      const file = random.pick(Object.keys(PROGRAM));
      const text = mutate(random, [PROGRAM[file]]);
      const where = `seed ${seed}, typing ${run}, ${file}:\n${JSON.stringify(text)}`;
      inside(where, () => {
        workspace.change([{ file, text, editing: true }]);
        inspect(workspace.analyse(), where);
      });
    }
    for (const frontEnd of frontEnds) for (const file of Object.keys(PROGRAM)) frontEnd.forget(file);
  });
});

describe('outlandish files', () => {
  const times = (count: number, text: string) => text.repeat(count);
  it.each<[string, Record<string, string>]>([
    ['empty', { 'a.py': '', 'a.ts': '', 'b.js': '', 'c.pyi': '' }],
    ['only a byte order mark', { 'a.py': '\ufeff', 'a.ts': '\ufeff' }],
    ['only line ends', { 'a.py': '\r\r\n\n\f', 'a.ts': '\r\u2028\u2029' }],
    ['binary', { 'a.py': '\0\u0001\ud800\uffff'.repeat(500), 'a.ts': '\0\u0001\udfff\uffff'.repeat(500) }],
    [
      '5,000 brackets',
      {
        'a.py': times(5000, '('),
        'a.ts': times(5000, '('),
        'b.ts': `x = ${times(5000, '[')}1${times(5000, ']')}`,
        'b.py': `x = ${times(5000, '[')}1${times(5000, ']')}`,
      },
    ],
    [
      '5,000 nested blocks',
      {
        'a.ts': times(5000, '{') + times(5000, '}'),
        'b.ts': times(3000, 'if (x) {') + times(3000, '}'),
        'a.py': Array.from({ length: 1500 }, (_, i) => `${' '.repeat(i)}if x:`).join('\n'),
      },
    ],
    [
      '2,000 nested functions',
      { 'a.ts': `${times(2000, '() => ')}1`, 'a.py': `x = ${times(2000, 'lambda: ')}1`, 'b.ts': times(2000, 'function f() {') + times(2000, '}') },
    ],
    ['a sum of 20,000 parts', { 'a.py': `x = ${times(20000, 'self.a + ')}1`, 'a.ts': `const x = ${times(20000, 'this.a + ')}1;` }],
    ['a chain of 5,000 calls', { 'a.py': `x${times(5000, '.a()')}`, 'a.ts': `x${times(5000, '.a()')};`, 'b.ts': `x${times(5000, '?.[a]')};` }],
    ['5,000 branches', { 'a.py': `if x: pass\n${times(5000, 'elif x: y()\n')}`, 'a.ts': `${times(5000, 'if (x) y(); else ')}z();` }],
    ['a string of a million characters', { 'a.py': `x = "${times(1_000_000, 'a')}"`, 'a.ts': `const x = "${times(1_000_000, 'a')}";` }],
    ['something missing at the start of a statement', { 'a.ts': 'l: ??=', 'b.js': 'x: =', 'a.py': 'if x:\n  = 1' }],
    ['an unclosed string', { 'a.py': '"""\ndef f(): pass\n', 'a.ts': '`${`${`' }],
    [
      'names that every object has',
      {
        'a.py':
          'class constructor:\n  def __proto__(self): self.hasOwnProperty = 1\n  toString = 1\ndef __proto__(): pass\n__proto__ = constructor()\nvalueOf = __proto__.__proto__\n',
        'a.ts':
          'export class constructor { __proto__() { this.hasOwnProperty = 1; } }\nexport const __proto__ = 1, toString = new constructor();\nexport { hasOwnProperty } from "./a";\nfunction valueOf() { return __proto__.valueOf; }\n',
      },
    ],
    [
      'files that import each other and themselves',
      {
        'a.py': 'from a import *\nfrom b import *\nfrom b import a\nimport a.b.c',
        'b.py': 'from a import *\nfrom a import b',
        'a.ts': "export * from './a';\nexport * from './b';\nexport { a } from './b';",
        'b.ts': "export * from './a';\nexport { a } from './a';",
      },
    ],
    [
      'classes that are their own base',
      {
        'a.py': 'class A(B): pass\nclass B(A):\n  def f(self): return self.f() + self.g()\nclass A(A): pass\n',
        'a.ts': 'class A extends B { f() { return this.f() + this.g(); } }\nclass B extends A {}\nclass C extends C {}\n',
      },
    ],
    [
      'functions that call each other for ever',
      {
        'a.py':
          'import threading\nl = threading.Lock()\nn = 0\ndef f():\n  global n\n  with l: g()\n  n += 1\ndef g(): f()\nthreading.Thread(target=f).start()\nthreading.Thread(target=f).start()\nf = g\n',
        'a.ts': 'let n = 0;\nasync function f() { n = n + await g(); }\nasync function g() { return f(); }\nsetInterval(f, 1);\n',
      },
    ],
  ])('%s', { timeout: 10 * 60_000 }, (_, files) => {
    check(files, JSON.stringify(files).slice(0, 200));
  });
});

function check(files: Readonly<Record<string, string>>, where: string): Snapshot {
  return inside(`${where}:\n${JSON.stringify(files).slice(0, 20_000)}`, () => {
    const workspace = workspaceOf(frontEnds);
    workspace.change(Object.entries(files).map(([file, text]) => ({ file, text })));
    const snapshot = workspace.analyse();
    inspect(snapshot, where);
    return snapshot;
  });
}

/** Everything that a person could ask of a snapshot. */
function inspect(snapshot: Snapshot, where: string): void {
  const maps = new Map(snapshot.files.map((file) => [file, new LineMap(snapshot.text(file) ?? '')]));
  for (const file of snapshot.files) {
    const text = snapshot.text(file) ?? '';
    const module = snapshot.module(file);
    expect(module, where).toBeDefined();
    if (!module) continue;
    const broken = validateModule(module, text.length);
    if (broken.length > 0) throw new Error(`${where}, ${file}: the model is not sound:\n${broken.join('\n')}`);
    printModule(module);
    const lines = Math.min(maps.get(file)?.lineCount ?? 0, 20);
    for (let line = 0; line < lines; line++) snapshot.explain(file, line);
    for (let offset = 0; offset < Math.min(text.length, 2000); offset += 37) snapshot.subjectAt(file, offset);
  }
  for (const finding of snapshot.findings()) {
    for (const { file, range } of [finding, ...finding.related, ...finding.fixes.flatMap((fix) => fix.edits)]) {
      const map = maps.get(file);
      expect(map, `${where}: a finding in ${file}`).toBeDefined();
      // A position that is moved when it is looked up does not exist in the text.
      for (const position of [range.start, range.end]) expect(map?.positionAt(map.offsetAt(position)), where).toEqual(position);
    }
  }
  snapshot.report();
}

/** Adds the case to whatever goes wrong in it, and tells one that does not come back in time. */
function inside<T>(where: string, run: () => T): T {
  const started = Date.now();
  let result: T;
  try {
    result = run();
  } catch (error) {
    throw new Error(`${where}\n${error instanceof Error ? error.stack : String(error)}`);
  }
  if (Date.now() - started > HANG) throw new Error(`${where}\nhangs`);
  return result;
}
