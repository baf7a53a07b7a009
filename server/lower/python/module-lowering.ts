// Module lowering: one file's flat tree to its model.

import type { Binding, ModelClass, Module, Problem } from '../../model/module';
import { UNKNOWN } from '../../model/value';
import type { FlatTree } from '../../syntax/python/flat-tree';
import type { NameTable } from '../../syntax/python/name-table';
import { FunctionBuilder } from '../function-builder';
import { readAnnotations } from '../guard-annotations';
import { bodyHead } from '../module-frame';
import { headOfUnreached, noteDocstring } from './definitions';
import { load, reference } from './expressions';
import { type ClassDraft, Lowering, type PendingFunction, receiverOf } from './lowering';
import { type Bound, findScopes, type Scope, Way } from './scopes';
import { block, statement } from './statements';
import { assign } from './targets';
import { claimsThreadSafety } from './thread-safety-claims';

/** The model of a file. `problems` are those of its syntax. */
export function lowerModule(file: string, tree: FlatTree, names: NameTable, problems: readonly Problem[]): Module {
  const lowering = new Lowering(tree, names, findScopes(tree, names));
  lowering.parts = {
    load: (node, outcome) => load(lowering, node, outcome),
    reference: (node) => reference(lowering, node),
    block: (node) => block(lowering, node),
    statement: (node) => statement(lowering, node),
    assign: (target, value) => assign(lowering, target, value),
  };
  lowerBody(lowering, moduleBody(lowering));
  for (let next = lowering.pending.shift(); next; next = lowering.pending.shift()) lowerBody(lowering, next);
  complete(lowering);
  const module: Module = {
    file,
    language: 'python',
    functions: lowering.functions,
    classes: lowering.classes.map(classOf),
    bindings: bindingsOf(lowering),
    exports: [],
    comments: commentsOf(lowering),
    problems: [...problems, ...lowering.problems],
  };
  return readAnnotations(module, tree.text);
}

function moduleBody(lowering: Lowering): PendingFunction {
  const claim = claimsThreadSafety('', noteDocstring(lowering, 0)) ? { claimsThreadSafety: true } : {};
  return { scope: lowering.scopes.module, head: { ...bodyHead(lowering.tree.text.length), ...claim }, body: 0 };
}

function lowerBody(lowering: Lowering, { scope, head, body }: PendingFunction): void {
  const builder = new FunctionBuilder(head);
  lowering.scope = scope;
  lowering.builder = builder;
  assignParameters(lowering, scope);
  if (body >= 0) {
    if (scope.kind !== 'lambda') block(lowering, body);
    else {
      const span = lowering.spanOf(body);
      builder.statement(span, () => {
        const value = load(lowering, body, 'returned');
        builder.emit({ kind: 'return', span, value: value.value, depends: value.depends });
      });
    }
  }
  lowering.functions[scope.function] = builder.finish();
}

/** Parameters that the body binds anew are local variables, which begin with what was passed. */
function assignParameters(lowering: Lowering, scope: Scope): void {
  for (const bound of scope.bindings.values()) {
    if ((bound.ways & Way.parameter) === 0 || bound.captured) continue;
    if (bound.times === 1 && bound.ways === Way.parameter) continue;
    const isReceiver = scope.receiver?.name === bound.name;
    const value = isReceiver ? receiverOf(scope) : ({ kind: 'place', place: { root: { kind: 'parameter', index: bound.index }, path: [] } } as const);
    lowering.builder.assign(bound.name, { value, depends: [] });
  }
}

/** Fills the places of functions and classes that were never reached, as others refer to them by index. */
function complete(lowering: Lowering): void {
  lowering.scopes.functions.forEach((scope, index) => {
    lowering.functions[index] ??= new FunctionBuilder(headOfUnreached(lowering, scope)).finish();
  });
  lowering.scopes.classes.forEach((scope, index) => {
    const span = lowering.spanOf(scope.node);
    const name = scope.qualifiedName.slice(scope.qualifiedName.lastIndexOf('.') + 1);
    lowering.classes[index] ??= {
      name,
      qualifiedName: scope.qualifiedName,
      bases: [],
      decorators: [],
      methods: {},
      fields: [],
      span,
      nameSpan: { start: span.start, end: span.start },
      declaresFields: false,
    };
  });
}

function classOf({ declaresFields: _, ...model }: ClassDraft): ModelClass {
  return model;
}

function bindingsOf(lowering: Lowering): Record<string, Binding> {
  // Without a prototype: a module may bind `constructor` or `__proto__`.
  const bindings = Object.create(null) as Record<string, Binding>;
  for (const bound of lowering.scopes.module.bindings.values()) bindings[bound.name] = bindingOf(lowering, bound);
  for (const { specifier, node } of lowering.scopes.stars) bindings[`*${specifier}`] = { kind: 'import', specifier, name: '*', span: lowering.spanOf(node) };
  return bindings;
}

function bindingOf(lowering: Lowering, bound: Bound): Binding {
  const { name, ways, times, index } = bound;
  const span = lowering.spanOf(bound.node);
  if (times === 1 && ways === Way.function) return { kind: 'function', function: index };
  if (times === 1 && ways === Way.class) return { kind: 'class', class: index };
  if (times === 1 && ways === Way.import) {
    return { kind: 'import', specifier: bound.specifier ?? '', ...(bound.imported === undefined ? {} : { name: bound.imported }), span };
  }
  const annotation = lowering.moduleAnnotations.get(name);
  const values = lowering.moduleValues.get(name) ?? [UNKNOWN];
  return { kind: 'variable', values, ...(annotation ? { annotation } : {}), span };
}

/** Comments and docstrings by position. */
function commentsOf({ tree, docstrings }: Lowering): readonly number[] {
  if (docstrings.length === 0) return tree.comments;
  const pairs: [number, number][] = [];
  for (const list of [tree.comments, docstrings]) for (let i = 0; i < list.length; i += 2) pairs.push([list[i], list[i + 1]]);
  return pairs.sort((a, b) => a[0] - b[0]).flat();
}
