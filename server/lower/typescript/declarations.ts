// Lowering of declarations: variables, functions, namespaces, and `using`.
import ts from 'typescript';
import { type Expression, UNKNOWN_EXPRESSION } from '../local-flow';
import { lowerTested } from './conditions';
import { lowerFunction } from './functions';
import { type FunctionLowering, Tables } from './lowering';
import { importSourceOf, nameOf, unwrap } from './names';
import { extendValue, lowerBase } from './names-and-places';
import { lowerObjectLiteral } from './object-literals';
import { hasModifier } from './scan-classes';
import { isAmbient } from './scan-visits';
import type { Variable } from './symbols';
import { bindName, writeVariable } from './writing';

const K = ts.SyntaxKind;
const tables = new Tables();
export const DECLARATION_TABLES = tables;

tables.statement([K.VariableStatement], (f, node: ts.VariableStatement) => {
  if (!isAmbient(node)) f.builder.statement(f.span(node), () => lowerDeclarations(f, node.declarationList));
});

/** Lowers the variables of a statement or of a loop's head. */
export function lowerDeclarations(f: FunctionLowering, list: ts.VariableDeclarationList): void {
  for (const declaration of list.declarations) lowerVariable(f, declaration, (list.flags & ts.NodeFlags.BlockScoped) === 0);
}

function lowerVariable(f: FunctionLowering, node: ts.VariableDeclaration, isVar: boolean): void {
  const { name, initializer } = node;
  if (name.kind !== K.Identifier) {
    if (!initializer) return;
    // Only the named parts of an object are read, not the object itself.
    const isObject = name.kind === K.ObjectBindingPattern;
    bindName(f, name, node, isObject ? lowerBase(f, initializer) : f.expression(initializer));
    return;
  }
  const variable = f.scope.find(nameOf(name));
  if (!variable) return;
  if (!initializer) declareEmpty(f, variable, isVar);
  else if (variable.fixed?.kind === 'import' && importSourceOf(initializer)) lowerImported(f, initializer);
  else if (unwrap(initializer).kind === K.ObjectLiteralExpression) lowerObjectVariable(f, variable, node, unwrap(initializer) as ts.ObjectLiteralExpression);
  else writeVariable(f, variable, node, lowerTested(f, initializer));
}

/** `let x;` holds undefined; `var x;` says nothing about a variable that is already there. */
function declareEmpty(f: FunctionLowering, variable: Variable, isVar: boolean): void {
  if (variable.fixed || (isVar && f.builder.lookup(variable.key))) return;
  const nothing: Expression = { value: { kind: 'constant', value: null }, depends: [] };
  if (variable.isModule) f.module.bind(variable.name, nothing.value);
  f.builder.assign(variable.key, nothing);
}

/** `await import('m')` waits although its outcome is known; `require('m')` does nothing that matters here. */
function lowerImported(f: FunctionLowering, initializer: ts.Expression): void {
  const inner = unwrap(initializer);
  const awaited = inner.kind === K.PropertyAccessExpression ? unwrap((inner as ts.PropertyAccessExpression).expression) : inner;
  if (awaited.kind === K.AwaitExpression) f.expression(awaited);
}

/** The properties of an object that is shared are places of their own from the start. */
function lowerObjectVariable(f: FunctionLowering, variable: Variable, node: ts.VariableDeclaration, literal: ts.ObjectLiteralExpression): void {
  const { whole, properties } = lowerObjectLiteral(f, literal);
  writeVariable(f, variable, node, whole);
  const place = variable.fixed ? undefined : f.placeOf(variable);
  if (!place) return;
  for (const { name, expression, node: property } of properties) {
    const value = extendValue({ kind: 'place', place }, name);
    if (value.kind !== 'place') continue;
    f.builder.emit({ kind: 'write', place: value.place, value: expression.value, mode: 'assign', depends: expression.depends, span: f.span(property) });
  }
}

tables.statement([K.FunctionDeclaration], (f, node: ts.FunctionDeclaration) => {
  if (!node.body || isAmbient(node)) return;
  const made = lowerFunction(f, node);
  const variable = node.name && f.scope.find(nameOf(node.name));
  if (variable && !variable.fixed) f.builder.statement(f.span(node), () => writeVariable(f, variable, node, made));
});

tables.statement([K.ModuleDeclaration], (f, node: ts.ModuleDeclaration) => {
  if (isAmbient(node) || !node.body || node.name.kind !== K.Identifier) return;
  const { body } = node;
  if (body.kind !== K.ModuleBlock) {
    f.statement(body);
    return;
  }
  const variable = f.scope.find(nameOf(node.name));
  f.inScopeOf(body, () => {
    for (const statement of (body as ts.ModuleBlock).statements) {
      f.statement(statement);
      if (variable) exportMember(f, variable, statement);
    }
  });
});

/** `namespace N { export function f() {} }`: `N.f` holds the function from then on. */
function exportMember(f: FunctionLowering, namespace: Variable, node: ts.Statement): void {
  if ((node.kind !== K.FunctionDeclaration && node.kind !== K.ClassDeclaration) || !hasModifier(node, K.ExportKeyword)) return;
  const info = f.module.scan.functionOf.get(node) ?? f.module.scan.classOf.get(node);
  const place = namespace.fixed ? undefined : f.placeOf(namespace);
  const { name } = node as ts.FunctionDeclaration;
  if (!info || !place || !name) return;
  const value = node.kind === K.FunctionDeclaration ? { kind: 'function' as const, function: info.index } : { kind: 'class' as const, class: info.index };
  f.builder.statement(f.span(node), () => {
    f.builder.emit({ kind: 'write', place: { root: place.root, path: [...place.path, nameOf(name)] }, value, mode: 'assign', depends: [], span: f.span(node) });
  });
}

/** Tells whether a statement is `using x = …` or `await using x = …`. */
export function isUsing(node: ts.Statement): node is ts.VariableStatement {
  if (node.kind !== K.VariableStatement) return false;
  const kind = (node as ts.VariableStatement).declarationList.flags & ts.NodeFlags.BlockScoped;
  return kind === ts.NodeFlags.Using || kind === ts.NodeFlags.AwaitUsing;
}

/** Lowers a `using` declaration; `rest`, what follows in the block, runs inside it. */
export function lowerUsing(f: FunctionLowering, node: ts.VariableStatement, rest: () => void): void {
  const { declarations, flags } = node.declarationList;
  const isAsync = (flags & ts.NodeFlags.BlockScoped) === ts.NodeFlags.AwaitUsing;
  const enterFrom = (index: number): void => {
    const declaration = declarations[index];
    if (!declaration) {
      rest();
      return;
    }
    f.builder.statement(f.span(node), () => {
      const source = declaration.initializer ? f.expression(declaration.initializer) : UNKNOWN_EXPRESSION;
      bindName(f, declaration.name, declaration, source);
      f.builder.enter({ value: source.value, depends: source.depends, isAsync, span: f.span(declaration.initializer ?? declaration) }, () =>
        enterFrom(index + 1),
      );
    });
  };
  enterFrom(0);
}
