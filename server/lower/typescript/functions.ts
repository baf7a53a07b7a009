// Lowering of functions: their heads, their parameters and their bodies.
import ts from 'typescript';
import type { Parameter } from '../../model/module';
import type { Value } from '../../model/value';
import { FunctionBuilder, type FunctionHead } from '../function-builder';
import type { Expression } from '../local-flow';
import { hasEffects, portable } from './combining';
import { FunctionLowering, type ModuleLowering } from './lowering';
import { looksPrivate, nameOf } from './names';
import { hasModifier } from './scan-classes';
import type { FunctionInfo, Variable } from './symbols';
import { typeReferenceOf } from './types';
import { bindName } from './writing';

const K = ts.SyntaxKind;

/** The nodes that become functions with a body. */
export type FunctionNode =
  | ts.FunctionDeclaration
  | ts.FunctionExpression
  | ts.ArrowFunction
  | ts.MethodDeclaration
  | ts.AccessorDeclaration
  | ts.ConstructorDeclaration;

/** What a class adds to its methods. */
export interface FunctionExtras {
  readonly decorators?: readonly Value[];
  /** Lowers what runs before the body's statement number `after` + 1: the field initialisers of a constructor. */
  readonly beforeStatement?: { readonly after: number; readonly lower: (f: FunctionLowering) => void };
  /** The field declaration whose value the function is: its name and modifiers count. */
  readonly field?: ts.PropertyDeclaration;
}

/** Lowers a function and gives it as a value; nothing at all happens at a declaration that the scan left out. */
export function lowerFunction(outer: FunctionLowering, node: FunctionNode, extras: FunctionExtras = {}): Expression {
  const { module } = outer;
  const info = module.scan.functionOf.get(node);
  if (!info?.scope) return { value: { kind: 'unknown' }, depends: [] };
  const parameters: Parameter[] = [];
  const f = open(module, info, node, parameters, extras);
  node.parameters.forEach((parameter, index) => lowerParameter(f, parameter, index, parameters));
  const { body } = node;
  if (body && body.kind !== K.Block) {
    f.builder.statement(f.span(body), () => {
      const { value, depends } = f.expression(body, 'returned');
      f.builder.emit({ kind: 'return', value, depends, span: f.span(body) });
    });
  } else if (body) {
    lowerBody(f, body as ts.Block, extras);
  }
  module.functions[info.index] = f.builder.finish();
  return { value: { kind: 'function', function: info.index }, depends: [] };
}

function lowerBody(f: FunctionLowering, body: ts.Block, { beforeStatement }: FunctionExtras): void {
  if (!beforeStatement) {
    f.statement(body);
    return;
  }
  body.statements.forEach((statement, index) => {
    if (index === beforeStatement.after + 1) beforeStatement.lower(f);
    f.statement(statement);
  });
  if (beforeStatement.after + 1 >= body.statements.length) beforeStatement.lower(f);
}

function open(module: ModuleLowering, info: FunctionInfo, node: FunctionNode, parameters: readonly Parameter[], extras: FunctionExtras): FunctionLowering {
  const declaration = extras.field ?? node;
  const span = extras.field ? module.span(extras.field) : module.span(node);
  const scope = info.scope ?? module.scan.moduleScope;
  const returns = typeReferenceOf(module, scope, node.type);
  const head: FunctionHead = {
    qualifiedName: info.qualifiedName,
    name: info.name,
    kind: info.kind,
    ...(info.class_ ? { class: info.class_.index } : {}),
    parent: info.parent?.index ?? 0,
    parameters,
    isAsync: hasModifier(node, K.AsyncKeyword),
    isGenerator: 'asteriskToken' in node && node.asteriskToken !== undefined,
    isPrivate: isPrivate(module, info, declaration),
    decorators: extras.decorators ?? [],
    ...(returns ? { returns } : {}),
    span,
    nameSpan: info.nameNode && info.nameNode.kind !== K.Constructor ? module.span(info.nameNode) : firstToken(module, span),
  };
  return enter(module, info, head);
}

/** Starts lowering a function whose head is known. */
export function enter(module: ModuleLowering, info: FunctionInfo, head: FunctionHead): FunctionLowering {
  const f = new FunctionLowering(module, info, new FunctionBuilder(head), info.scope ?? module.scan.moduleScope);
  const source = info.thisSource;
  f.thisPlace = source && ('owner' in source ? f.placeOf(source) : source);
  return f;
}

/** The span of the word or sign at a span's beginning. */
export function firstToken(module: ModuleLowering, span: { readonly start: number; readonly end: number }) {
  const word = /^(?:[\w$#]+|.)/su.exec(module.text.slice(span.start, Math.min(span.end, span.start + 40)));
  return { start: span.start, end: span.start + (word?.[0].length ?? 0) };
}

function isPrivate(module: ModuleLowering, info: FunctionInfo, declaration: ts.Node): boolean {
  if (hasModifier(declaration, K.PrivateKeyword) || hasModifier(declaration, K.ProtectedKeyword)) return true;
  if (info.class_ && info.class_.methods[methodKey(info, declaration)] === info) return looksPrivate(info.name);
  return !module.exportedFunctions.has(info);
}

function methodKey(info: FunctionInfo, declaration: ts.Node): string {
  return declaration.kind === K.SetAccessor ? `${info.name}=` : info.name;
}

function lowerParameter(f: FunctionLowering, node: ts.ParameterDeclaration, index: number, parameters: Parameter[]): void {
  const annotation = typeReferenceOf(f.module, f.scope, node.type);
  const base = {
    name: parameterName(f.module, node.name),
    ...(annotation ? { annotation } : {}),
    ...(node.dotDotDotToken ? { rest: 'positional' as const } : {}),
  };
  parameters.push(base);
  const passed: Expression = { value: { kind: 'place', place: { root: { kind: 'parameter', index }, path: [] } }, depends: [] };
  const variable = node.name.kind === K.Identifier ? f.scope.find(nameOf(node.name)) : undefined;
  if (variable) f.builder.assign(variable.key, passed);
  if (!node.initializer && variable && !isParameterProperty(node)) return;
  f.builder.statement(f.span(node), () => {
    let held = passed;
    if (node.initializer) {
      const fallback = lowerDefault(f, node.initializer);
      held = { value: passed.value, depends: fallback.depends };
      parameters[index] = { ...base, default: portable(fallback.value) };
      if (variable) f.builder.assign(variable.key, held);
    }
    if (!variable) bindName(f, node.name, node.name, held);
    if (isParameterProperty(node)) writeProperty(f, node, variable, held);
  });
}

function lowerDefault(f: FunctionLowering, node: ts.Expression): Expression {
  if (!hasEffects(node)) return f.expression(node);
  let fallback: Expression = { value: { kind: 'unknown' }, depends: [] };
  f.builder.branch(f.span(node), [], [() => (fallback = f.expression(node)), () => {}]);
  return fallback;
}

/** Whether a constructor's parameter is a field as well: `private readonly x: X`. */
export function isParameterProperty(node: ts.ParameterDeclaration): boolean {
  const { modifiers } = node;
  if (!modifiers) return false;
  return modifiers.some(
    ({ kind }) =>
      kind === K.PrivateKeyword || kind === K.ProtectedKeyword || kind === K.PublicKeyword || kind === K.ReadonlyKeyword || kind === K.OverrideKeyword,
  );
}

function writeProperty(f: FunctionLowering, node: ts.ParameterDeclaration, variable: Variable | undefined, held: Expression): void {
  if (!variable || !f.thisPlace) return;
  const place = { root: f.thisPlace.root, path: [variable.name] };
  const captured = f.placeOf(variable);
  const value: Value = captured ? { kind: 'place', place: captured } : held.value;
  f.builder.emit({ kind: 'write', place, value, mode: 'assign', depends: held.depends, span: f.span(node) });
}

/** A parameter's name; of a pattern its names in braces or brackets. */
function parameterName(module: ModuleLowering, name: ts.BindingName): string {
  if (name.kind === K.Identifier) return nameOf(name);
  const text = module.text.slice(name.pos, name.end).replace(/\s+/g, ' ').trim();
  return text.length <= 60 ? text : `${text.slice(0, 59)}…`;
}
