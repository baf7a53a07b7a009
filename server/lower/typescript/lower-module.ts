// Lower module: a syntax tree to a module of the model.
import ts from 'typescript';
import type { Binding, ModelFunction, Module, Problem } from '../../model/module';
import type { Value } from '../../model/value';
import { commentsOf } from '../../syntax/typescript/trivia';
import { FunctionBuilder } from '../function-builder';
import { readAnnotations } from '../guard-annotations';
import { plainHead } from '../module-frame';
import { CALL_TABLES } from './calls';
import { CLASS_TABLES } from './classes';
import { DECLARATION_TABLES } from './declarations';
import { DeclaredPromises } from './declared-promises';
import { collectExports } from './exports';
import { enter, firstToken } from './functions';
import { JSX_TABLES } from './jsx';
import { type LoweringTables, ModuleLowering } from './lowering';
import { mayTestForMain } from './main-test';
import { PLACE_TABLES } from './names-and-places';
import { LITERAL_TABLES } from './object-literals';
import { OPERATOR_TABLES } from './operators';
import { Scan } from './scan';
import { SCAN_VISITS } from './scan-visits';
import { shapesOf } from './shapes';
import { lowerStatements, STATEMENT_TABLES } from './statements';
import type { FunctionInfo, Variable } from './symbols';
import { typeReferenceOf } from './types';

const TABLES = join([PLACE_TABLES, OPERATOR_TABLES, LITERAL_TABLES, CALL_TABLES, CLASS_TABLES, JSX_TABLES, DECLARATION_TABLES, STATEMENT_TABLES]);

function join(parts: readonly LoweringTables[]): LoweringTables {
  const whole: LoweringTables = { expressions: new Array(ts.SyntaxKind.Count).fill(undefined), statements: new Array(ts.SyntaxKind.Count).fill(undefined) };
  for (const part of parts) {
    for (const field of ['expressions', 'statements'] as const) {
      part[field].forEach((lower, kind) => {
        if (lower) whole[field][kind] = lower as never;
      });
    }
  }
  return whole;
}

/** Lowers a whole file. `problems`: those the parser found. */
export function lowerModule(file: string, tree: ts.SourceFile, problems: readonly Problem[]): Module {
  const { text } = tree;
  const scan = new Scan(text, mayTestForMain(text), SCAN_VISITS);
  scan.run(tree);
  const module = new ModuleLowering(text, scan, TABLES, new DeclaredPromises(tree, scan.typeAliases));
  const exports = collectExports(tree, module);
  const span = { start: 0, end: text.length };
  const f = enter(module, scan.module, { ...plainHead('module'), kind: 'module', isAsync: false, span, nameSpan: { start: 0, end: 0 } });
  f.scope = scan.moduleScope;
  lowerStatements(f, tree.statements);
  module.functions[0] = f.builder.finish();
  fillHoles(module);
  const tooDeep = module.tooDeep ?? (scan.tooDeep && module.span(scan.tooDeep));
  const lowered: Module = {
    file,
    language: 'typescript',
    functions: module.functions,
    classes: module.classes,
    bindings: bindingsOf(module),
    exports,
    comments: commentsOf(tree),
    ...(scan.shapes.size > 0 ? { shapes: shapesOf(module, tree.statements) } : {}),
    problems: tooDeep ? [...problems, { span: tooDeep, message: 'not analysed from here on, because it is nested too deeply' }] : problems,
  };
  return readAnnotations(lowered, text);
}

/** What the scan numbered but the lowering did not come to, below the deepest nesting, is there but does nothing. */
function fillHoles(module: ModuleLowering): void {
  const { scan } = module;
  const nodes = new Map<FunctionInfo, ts.Node>();
  if (scan.functions.some((_, index) => !module.functions[index])) for (const [node, info] of scan.functionOf) nodes.set(info, node);
  scan.functions.forEach((info, index) => {
    module.functions[index] ??= hollow(module, info, nodes.get(info));
  });
  for (const [node, info] of scan.classOf) {
    const span = module.span(node);
    module.classes[info.index] ??= {
      name: info.name,
      qualifiedName: info.qualifiedName,
      bases: [],
      decorators: [],
      methods: {},
      fields: [],
      span,
      nameSpan: firstToken(module, span),
    };
  }
}

function hollow(module: ModuleLowering, info: FunctionInfo, node: ts.Node | undefined): ModelFunction {
  const span = node ? module.span(node) : { start: 0, end: 0 };
  const { name, qualifiedName, kind } = info;
  return new FunctionBuilder({
    ...plainHead(name),
    qualifiedName,
    kind,
    parent: info.parent?.index ?? 0,
    ...(info.class_ ? { class: info.class_.index } : {}),
    isPrivate: true,
    span,
    nameSpan: firstToken(module, span),
  }).finish();
}

function bindingsOf(module: ModuleLowering): Record<string, Binding> {
  const bindings: [string, Binding][] = [];
  for (const variable of module.scan.moduleScope.names.values()) bindings.push([variable.name, bindingOf(module, variable)]);
  for (const [name, node] of module.exportedExpressions) {
    const fn = module.scan.functionOf.get(node);
    const class_ = module.scan.classOf.get(node);
    if (fn) bindings.push([name, { kind: 'function', function: fn.index }]);
    else if (class_) bindings.push([name, { kind: 'class', class: class_.index }]);
    else bindings.push([name, { kind: 'variable', values: distinct(module.values.get(name)), span: module.span(node) }]);
  }
  return Object.fromEntries(bindings);
}

function bindingOf(module: ModuleLowering, variable: Variable): Binding {
  const { fixed } = variable;
  const span = module.span(variable.nameNode);
  switch (fixed?.kind) {
    case 'function':
      return { kind: 'function', function: fixed.info.index };
    case 'class':
      return { kind: 'class', class: fixed.info.index };
    case 'import':
      return { kind: 'import', ...fixed.source, span };
    default: {
      const annotation = typeReferenceOf(module, module.scan.moduleScope, variable.annotation);
      return { kind: 'variable', values: distinct(module.values.get(variable.name)), ...(annotation ? { annotation } : {}), span };
    }
  }
}

function distinct(values: readonly Value[] | undefined): Value[] {
  const seen = new Map<string, Value>();
  for (const value of values ?? []) if (value.kind !== 'unknown') seen.set(JSON.stringify(value), value);
  return [...seen.values()];
}
