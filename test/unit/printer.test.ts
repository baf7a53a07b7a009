// Printer: everything that matters of a module is in the text, in a stable order, and no spans.
import { describe, expect, it } from 'vitest';
import type { Module } from '../../server/model/module';
import type { Operation, Step } from '../../server/model/operation';
import { ELEMENT, type Place } from '../../server/model/place';
import { printModule } from '../../server/model/printer';

const span = { start: 3, end: 77 };
const self = (...path: string[]): Place => ({ root: { kind: 'receiver', class: 0 }, path });
const base = { span, statement: 0, depends: [] };

function moduleOf(operations: Operation[], body: Step[], rest: Partial<Module> = {}): Module {
  const common = { isAsync: false, isGenerator: false, isPrivate: false, decorators: [], span, nameSpan: span, statements: [span], hash: '' };
  return {
    file: 'bank.py',
    language: 'python',
    functions: [
      { ...common, qualifiedName: 'module', name: 'module', kind: 'module', parameters: [], operations: [], body: [] },
      {
        ...common,
        qualifiedName: 'Bank.pay',
        name: 'pay',
        kind: 'method',
        class: 0,
        parent: 0,
        isAsync: true,
        isPrivate: true,
        parameters: [
          { name: 'to', annotation: { place: self() } },
          { name: 'rest', rest: 'keyword', default: { kind: 'constant', value: null } },
        ],
        decorators: [{ kind: 'place', place: { root: { kind: 'import', specifier: 'functools', name: 'cache' }, path: [] } }],
        operations,
        body,
      },
    ],
    classes: [],
    bindings: {},
    exports: [],
    comments: [],
    problems: [],
    ...rest,
  };
}

describe('printModule', () => {
  it('prints operations in their structure', () => {
    const operations: Operation[] = [
      { ...base, kind: 'read', place: self('total') },
      {
        ...base,
        kind: 'call',
        callee: { kind: 'place', place: self('fetch') },
        arguments: [
          { name: 'key', value: { kind: 'constant', value: 'a"b' }, depends: [0] },
          { value: { kind: 'unknown' }, spread: true, depends: [] },
        ],
        form: 'call',
        outcome: 'awaited',
        depends: [0],
      },
      { ...base, kind: 'await', value: { kind: 'place', place: { root: { kind: 'result', operation: 1 }, path: [] } }, depends: [1] },
      {
        ...base,
        kind: 'write',
        place: self('items', ELEMENT),
        value: {
          kind: 'collection',
          type: 'list',
          items: [
            { kind: 'function', function: 0 },
            { kind: 'class', class: 0 },
          ],
        },
        mode: 'update',
        depends: [0, 2],
      },
      { ...base, kind: 'write', place: self('gone'), value: { kind: 'unknown' }, mode: 'delete' },
      { ...base, kind: 'break' },
      { ...base, kind: 'return', value: { kind: 'constant', value: true } },
    ];
    const body: Step[] = [
      0,
      { kind: 'branch', test: [0], negated: true, span, arms: [[1, 2], []] },
      { kind: 'with', span, statement: 0, isAsync: true, value: { kind: 'place', place: self('lock') }, depends: [0], body: [3] },
      { kind: 'try', span, body: [{ kind: 'loop', endless: true, span, body: [5], otherwise: [] }], handlers: [[4]], otherwise: [], final: [6] },
    ];
    expect(printModule(moduleOf(operations, body)).split('\n').slice(2).join('\n')).toMatchInlineSnapshot(`
      "function 1 async private method Bank.pay(to: receiver(0), **rest = null) class 0 in 0 @import(functools:cache)
        0 read receiver(0).total
        branch not <- 0
          1 call receiver(0).fetch(key="a\\"b" <- 0, ...?) awaited <- 0
          2 await result(1) <- 1
        or
        async with receiver(0).lock <- 0
          3 update receiver(0).items[*] = list[function 0, class 0] <- 0 2
        try
          loop endless
            5 break
        handler
          4 delete receiver(0).gone
        finally
          6 return true
      "
    `);
  });

  it('prints bindings, classes and exports by name, so that the order of discovery does not show', () => {
    const method = { run: 1, close: 1 };
    const module = moduleOf([], [], {
      language: 'typescript',
      bindings: {
        pay: { kind: 'function', function: 1 },
        Bank: { kind: 'class', class: 0 },
        count: { kind: 'variable', values: [{ kind: 'constant', value: 0 }, { kind: 'unknown' }], span },
        fs: { kind: 'import', specifier: 'fs', span },
      },
      classes: [
        {
          name: 'Bank',
          qualifiedName: 'Bank',
          bases: [{ kind: 'unknown' }],
          decorators: [],
          methods: method,
          fields: [{ name: 'n', shared: true, span, value: { kind: 'constant', value: 1 } }],
          claimsThreadSafety: true,
          span,
          nameSpan: span,
        },
      ],
      exports: [
        { name: 'Bank', local: 'Bank' },
        { name: '*', specifier: './other' },
        { name: 'x', specifier: './y', from: 'z' },
      ],
      problems: [{ span, message: 'unclosed bracket' }],
    });
    expect(printModule(module)).toMatchInlineSnapshot(`
      "typescript bank.py
        Bank = class 0
        count = variable 0 | ?
        fs = import "fs"
        pay = function 1
        export Bank = Bank
        export * from "./other"
        export x from "./y" as z
      class 0 Bank(?) claims thread safety
        shared field n = 1
        method close = function 1
        method run = function 1
      function 0 module module()
      function 1 async private method Bank.pay(to: receiver(0), **rest = null) class 0 in 0 @import(functools:cache)
      problem: unclosed bracket
      "
    `);
    const reversed = { ...module, bindings: Object.fromEntries(Object.entries(module.bindings).reverse()) };
    expect(printModule(reversed)).toBe(printModule(module));
  });

  it('ends deep nesting with an ellipsis instead of a stack overflow', () => {
    let deep: Step[] = [];
    for (let i = 0; i < 20_000; i++) deep = [{ kind: 'loop', body: deep, otherwise: [], span }];
    expect(printModule(moduleOf([], deep))).toContain('…');
  });
});
