// Validator: a sound module passes, and every invariant is broken once and must be told.
import { describe, expect, it } from 'vitest';
import type { ModelClass, ModelFunction, Module } from '../../server/model/module';
import type { Operation, Step } from '../../server/model/operation';
import type { Place, Root } from '../../server/model/place';
import { structuralHash } from '../../server/model/structural-hash';
import { validateModule } from '../../server/model/validator';
import type { Value } from '../../server/model/value';

const LENGTH = 100;
const span = { start: 0, end: 10 };
const place = (root: Root, ...path: string[]): Place => ({ root, path });
const result = (operation: number): Value => ({ kind: 'place', place: place({ kind: 'result', operation }) });
const read = (at: Place, depends: number[] = []): Operation => ({ kind: 'read', place: at, span, statement: 0, depends });
const call = (...depends: number[]): Operation => ({
  kind: 'call',
  callee: { kind: 'unknown' },
  arguments: [],
  form: 'call',
  outcome: 'used',
  span,
  statement: 0,
  depends,
});
const field = place({ kind: 'receiver', class: 0 }, 'total');

type Change<T> = { -readonly [K in keyof T]?: T[K] };

function fn(change: Change<ModelFunction> = {}): ModelFunction {
  const whole = {
    qualifiedName: 'f',
    name: 'f',
    kind: 'function' as const,
    parent: 0,
    parameters: [],
    isAsync: false,
    isGenerator: false,
    isPrivate: false,
    decorators: [],
    span,
    nameSpan: span,
    statements: [span],
    operations: [] as Operation[],
    body: (change.operations ?? []).map((_, number): Step => number),
    ...change,
  };
  return { ...whole, hash: change.hash ?? structuralHash(whole) };
}

const body = (change: Change<ModelFunction> = {}) => fn({ qualifiedName: 'module', name: 'module', kind: 'module', parent: undefined, ...change });

function classOf(change: Change<ModelClass> = {}): ModelClass {
  return { name: 'C', qualifiedName: 'C', bases: [], decorators: [], methods: {}, fields: [], span, nameSpan: span, ...change };
}

function moduleOf(functions: ModelFunction[], change: Change<Module> = {}): Module {
  return { file: 'a.py', language: 'python', functions, classes: [classOf()], bindings: {}, exports: [], comments: [], problems: [], ...change };
}

/** The sentences for a module whose function 1 has the given content. */
const within = (change: Change<ModelFunction>, rest: Change<Module> = {}) => validateModule(moduleOf([body(), fn(change)], rest), LENGTH);

describe('a sound module', () => {
  it('passes with every kind of structure and root in it', () => {
    const operations: Operation[] = [
      read(field),
      call(0),
      { ...(call(0, 1) as Extract<Operation, { kind: 'call' }>), callee: result(1), arguments: [{ value: result(1), depends: [1] }] },
      read(place({ kind: 'parameter', index: 0 })),
      read(place({ kind: 'variable', function: 0, name: 'x' }), [3]),
      {
        kind: 'write',
        place: place({ kind: 'module', name: 'm' }),
        value: { kind: 'collection', type: 'list', items: [result(2)] },
        mode: 'assign',
        span,
        statement: 0,
        depends: [2],
      },
    ];
    const steps: Step[] = [
      0,
      { kind: 'branch', test: [0], span, arms: [[1], []] },
      { kind: 'try', span, body: [2], handlers: [[3]], otherwise: [], final: [{ kind: 'loop', span, body: [4], otherwise: [] }] },
      { kind: 'with', span, statement: 0, isAsync: false, value: result(1), depends: [1, 4], body: [5] },
    ];
    const sound = within(
      { operations, body: steps, parameters: [{ name: 'p' }] },
      { bindings: { m: { kind: 'variable', values: [], span } }, comments: [0, 4, 4, 9] },
    );
    expect(sound).toEqual([]);
  });
});

const inner = { start: 5, end: 101 };
const planted: [what: string, sentences: () => string[], expected: RegExp][] = [
  ['no function at all', () => validateModule(moduleOf([]), LENGTH), /has no function 0/],
  ['function 0 of another kind', () => validateModule(moduleOf([fn({ parent: undefined })]), LENGTH), /function 0, and no other, is the module's body/],
  ['a second module body', () => within({ kind: 'module' }), /function 1 .*: function 0, and no other/],
  ['a module body with a parent', () => validateModule(moduleOf([body({ parent: 1 }), fn()]), LENGTH), /the module's body has no parent/],
  ['a function without a parent', () => within({ parent: undefined }), /has no parent/],
  ['a parent that does not exist', () => within({ parent: 7 }), /there is no function 7/],
  ['parents in a circle', () => validateModule(moduleOf([body(), fn({ parent: 2 }), fn({ parent: 1 })]), LENGTH), /do not lead to the module's body/],
  ['a class that does not exist', () => within({ class: 3 }), /there is no class 3/],
  ['a span that ends before it starts', () => within({ span: { start: 4, end: 3 } }), /span 4–3/],
  ['a span outside the text', () => within({ nameSpan: inner }), /name: span 5–101 .* of 100/],
  ['a statement outside the text', () => within({ statements: [inner] }), /statement 0: span/],
  ['an operation span that is not whole', () => within({ operations: [{ ...call(), span: { start: 0.5, end: 1 } }] }), /span 0.5–1/],
  ['a statement number out of range', () => within({ operations: [{ ...call(), statement: 1 }] }), /there is no statement 1/],
  ['an operation outside its statement', () => within({ operations: [{ ...call(), span: { start: 8, end: 12 } }] }), /lies outside its statement 0/],
  ['an operation missing from the body', () => within({ operations: [call(), call()], body: [1] }), /operation 0 appears nowhere/],
  [
    'an operation twice in the body',
    () => within({ operations: [call()], body: [0, { kind: 'loop', body: [0], otherwise: [], span }] }),
    /operation 0 appears more than once/,
  ],
  ['a number in the body that is no operation', () => within({ body: [0] }), /body: there is no operation 0/],
  ['a dependence on a later operation', () => within({ operations: [call(1), call()] }), /depends on operation 1, which is not an earlier one/],
  ['a dependence on itself', () => within({ operations: [call(0)] }), /depends on operation 0/],
  ['depends out of order', () => within({ operations: [call(), call(), call(1, 0)] }), /not ascending/],
  ['a duplicate in depends', () => within({ operations: [call(), call(0, 0)] }), /not ascending without duplicates/],
  [
    'an argument that depends on a later operation',
    () => within({ operations: [{ ...call(), arguments: [{ value: { kind: 'unknown' }, depends: [4] }] } as Operation] }),
    /argument 0: depends on operation 4/,
  ],
  [
    'a test inside its own branch',
    () => within({ operations: [call()], body: [{ kind: 'branch', test: [0], span, arms: [[0]] }] }),
    /branch: depends on operation 0/,
  ],
  ['a branch without arms', () => within({ body: [{ kind: 'branch', test: [], span, arms: [] }] }), /has no arms/],
  ['a structure outside the text', () => within({ body: [{ kind: 'try', span: inner, body: [], handlers: [], otherwise: [], final: [] }] }), /try: span/],
  [
    'a with whose value comes from inside it',
    () => within({ operations: [call()], body: [{ kind: 'with', span, statement: 0, isAsync: false, value: result(0), depends: [], body: [0] }] }),
    /with: uses the outcome of operation 0/,
  ],
  [
    'a with of a statement that is not there',
    () => within({ body: [{ kind: 'with', span, statement: 9, isAsync: false, value: result(0), depends: [], body: [] }] }),
    /with: there is no statement 9/,
  ],
  ['a receiver of a class that is not there', () => within({ operations: [read(place({ kind: 'receiver', class: 5 }))] }), /there is no class 5/],
  ['a class root that is not there', () => within({ operations: [read(place({ kind: 'class', class: -1 }))] }), /there is no class -1/],
  ['a parameter that is not there', () => within({ operations: [read(place({ kind: 'parameter', index: 0 }))] }), /there is no parameter 0/],
  ['a captured variable of no function', () => within({ operations: [read(place({ kind: 'variable', function: 4, name: 'x' }))] }), /there is no function 4/],
  [
    'a captured variable of a function beside it',
    () => validateModule(moduleOf([body(), fn({ operations: [read(place({ kind: 'variable', function: 2, name: 'x' }))] }), fn()]), LENGTH),
    /function 2, which does not enclose it/,
  ],
  [
    'a module name that is not bound',
    () => within({ operations: [read(place({ kind: 'module', name: 'constructor' }))] }),
    /module name constructor is not bound/,
  ],
  ['an outcome of a read', () => within({ operations: [read(field), { ...call(), callee: result(0) } as Operation] }), /operation 0, which is a read/],
  [
    'an outcome of a later operation',
    () => within({ operations: [{ ...call(), callee: result(1) } as Operation, call()] }),
    /outcome of operation 1, which is not an earlier one/,
  ],
  ['an outcome of no operation', () => within({ operations: [{ ...call(), callee: result(8) } as Operation] }), /there is no operation 8/],
  ['an empty step', () => within({ operations: [read(place({ kind: 'unknown' }, ''))] }), /empty step/],
  [
    'a function value that is not there',
    () =>
      within({
        operations: [
          { kind: 'return', value: { kind: 'collection', type: 'list', items: [{ kind: 'function', function: 9 }] }, span, statement: 0, depends: [] },
        ],
      }),
    /there is no function 9/,
  ],
  ['a decorator class that is not there', () => within({ decorators: [{ kind: 'class', class: 9 }] }), /there is no class 9/],
  ['a default that is not there', () => within({ parameters: [{ name: 'p', default: { kind: 'function', function: 9 } }] }), /there is no function 9/],
  [
    'a type argument that is not there',
    () => within({ returns: { place: place({ kind: 'unknown' }), arguments: [{ place: place({ kind: 'class', class: 9 }) }] } }),
    /there is no class 9/,
  ],
  ['a stale hash', () => within({ hash: '0123456789abcdef' }), /its hash is not that of its content/],
  ['a binding to no function', () => within({}, { bindings: { f: { kind: 'function', function: 2 } } }), /binding f: there is no function 2/],
  ['a binding to no class', () => within({}, { bindings: { c: { kind: 'class', class: 1 } } }), /binding c: there is no class 1/],
  [
    'a binding to no value',
    () => within({}, { bindings: { v: { kind: 'variable', values: [{ kind: 'class', class: 6 }], span } } }),
    /binding v: there is no class 6/,
  ],
  ['an import outside the text', () => within({}, { bindings: { i: { kind: 'import', specifier: 'os', span: inner } } }), /binding i: span/],
  ['an export of nothing', () => within({}, { exports: [{ name: 'x' }] }), /export x: names neither/],
  ['an odd number of comment offsets', () => within({}, { comments: [1, 2, 3] }), /odd number/],
  ['comments that overlap', () => within({}, { comments: [1, 5, 4, 6] }), /comment 1: begins before/],
  ['a problem outside the text', () => within({}, { problems: [{ span: inner, message: 'unclosed' }] }), /problem "unclosed": span/],
  ['a method that is not there', () => within({}, { classes: [classOf({ methods: { run: 8 } })] }), /method run: there is no function 8/],
  ['a method of another class', () => within({}, { classes: [classOf({ methods: { run: 1 } })] }), /function 1 belongs to another class/],
  ['a field outside the text', () => within({}, { classes: [classOf({ fields: [{ name: 'x', shared: false, span: inner }] })] }), /field x: span/],
  [
    'a field value that is not there',
    () => within({}, { classes: [classOf({ fields: [{ name: 'x', shared: false, span, value: { kind: 'class', class: 4 } }] })] }),
    /field x: there is no class 4/,
  ],
  ['a base that is not there', () => within({}, { classes: [classOf({ bases: [{ kind: 'class', class: 4 }] })] }), /class 0 C: there is no class 4/],
];

describe('a broken module', () => {
  it.each(planted)('%s is told', (_, sentences, expected) => {
    expect(sentences().join('\n')).toMatch(expected);
  });

  it('survives deep nesting', () => {
    let deep: Step[] = [];
    for (let i = 0; i < 1000; i++) deep = [{ kind: 'loop', body: deep, otherwise: [], span }];
    expect(within({ body: deep, hash: 'not computed' })).toHaveLength(1);
  });
});
