// Lowering of calls: `f(x)`, `new C(x)`, tagged templates, and what is called.
import ts from 'typescript';
import type { Argument, Call } from '../../model/operation';
import { ELEMENT, extendPlace } from '../../model/place';
import type { Value } from '../../model/value';
import { outcomeOf } from '../function-builder';
import { type Expression, mergeDepends } from '../local-flow';
import { type FunctionLowering, type Outcome, Tables } from './lowering';
import { nameOf, requiredBy, unwrap } from './names';
import { extendValue, isBare, lowerBase, lowerPath, ownExport, placeExpression, readPath, superValue, valueOf } from './names-and-places';
import { lowerObjectLiteral } from './object-literals';

const K = ts.SyntaxKind;
const tables = new Tables();
export const CALL_TABLES = tables;

tables.expression([K.CallExpression], (f, node: ts.CallExpression, outcome) => {
  const required = requiredBy(node);
  if (required) return placeExpression({ root: { kind: 'import', ...required }, path: [] });
  const callee = lowerCallee(f, node.expression);
  const given = lowerArguments(f, node.arguments);
  const called = emitCall(f, node, callee, given, 'call', outcome, { gives: givenBy(f, node.expression), optional: isOptional(node) });
  if (isObjectAssign(callee.value)) writeAssigned(f, node, given);
  return called;
});

function isObjectAssign(callee: Value): boolean {
  return callee.kind === 'place' && callee.place.root.kind === 'global' && callee.place.root.name === 'Object' && callee.place.path[0] === 'assign';
}

/** `Object.assign(this, { a: 1 })` writes `this.a`: the properties of literals stand behind the arguments, by name. */
function writeAssigned(f: FunctionLowering, node: ts.Node, [target, ...rest]: readonly Argument[]): void {
  if (target?.value.kind !== 'place' || (isBare(target.value.place) && target.value.place.root.kind !== 'receiver')) return;
  const { place } = target.value;
  for (const { name, value, depends } of rest) {
    if (name === undefined) continue;
    f.builder.emit({
      kind: 'write',
      place: extendPlace(place, name),
      value,
      mode: 'assign',
      depends: mergeDepends(target.depends, depends),
      span: f.span(node),
    });
  }
}

/** Whether there is a `?.` on the way to what is called. */
function isOptional(call: ts.CallExpression): true | undefined {
  for (let node: ts.Expression = call; ; node = (node as ts.PropertyAccessExpression).expression) {
    const { kind } = node;
    if (kind !== K.CallExpression && kind !== K.PropertyAccessExpression && kind !== K.ElementAccessExpression && kind !== K.NonNullExpression)
      return undefined;
    if ('questionDotToken' in node && node.questionDotToken) return true;
  }
}

/** What the file's own types say that a call of this gives. */
function givenBy(f: FunctionLowering, node: ts.Expression): Call['gives'] {
  const inner = unwrap(node);
  const { declaredPromises } = f.module;
  if (inner.kind === K.Identifier) return declaredPromises.ofType(f.scope.find(nameOf(inner as ts.Identifier))?.annotation);
  if (inner.kind !== K.PropertyAccessExpression) return undefined;
  const { expression, name } = inner as ts.PropertyAccessExpression;
  const object = unwrap(expression);
  const annotation = object.kind === K.Identifier ? f.scope.find(nameOf(object as ts.Identifier))?.annotation : undefined;
  return declaredPromises.ofType(annotation, nameOf(name)) ?? declaredPromises.ofMember(nameOf(name));
}

tables.expression([K.NewExpression], (f, node: ts.NewExpression, outcome) => {
  const callee = lowerCallee(f, node.expression);
  return emitCall(f, node, callee, lowerArguments(f, node.arguments ?? []), 'new', outcome);
});

tables.expression([K.TaggedTemplateExpression], (f, node: ts.TaggedTemplateExpression, outcome) => {
  const callee = lowerCallee(f, node.tag);
  const { template } = node;
  const parts = template.kind === K.TemplateExpression ? template.templateSpans.map((span) => f.expression(span.expression)) : [];
  const text = template.kind === K.NoSubstitutionTemplateLiteral ? template.text : template.head.text;
  const first: Argument = { value: { kind: 'constant', value: text }, depends: [] };
  return emitCall(f, node, callee, [first, ...parts], 'call', outcome);
});

/** Emits a call whose parts are evaluated. */
export function emitCall(
  f: FunctionLowering,
  node: ts.Node,
  callee: Expression,
  args: readonly Argument[],
  form: Call['form'],
  outcome: Outcome,
  { gives, optional }: Pick<Call, 'gives' | 'optional'> = {},
): Expression {
  let { depends } = callee;
  for (const argument of args) depends = mergeDepends(depends, argument.depends);
  return outcomeOf(
    f.builder.emit({
      kind: 'call',
      callee: callee.value,
      arguments: args,
      form,
      outcome,
      ...(gives ? { gives } : {}),
      ...(optional ? { optional } : {}),
      depends,
      span: f.span(node),
    }),
  );
}

/** What is called: the place of its name, which is not read; the object that a method is called on is. */
export function lowerCallee(f: FunctionLowering, node: ts.Expression): Expression {
  const inner = unwrap(node);
  switch (inner.kind) {
    case K.Identifier: {
      const name = nameOf(inner as ts.Identifier);
      const variable = f.scope.find(name);
      return variable ? valueOf(f, variable) : placeExpression({ root: { kind: 'global', name }, path: [] });
    }
    case K.PropertyAccessExpression: {
      const { expression, name } = inner as ts.PropertyAccessExpression;
      const object = lowerObject(f, expression);
      return { value: ownExport(f, extendValue(object.value, nameOf(name))), depends: object.depends };
    }
    case K.ElementAccessExpression: {
      const object = lowerObject(f, (inner as ts.ElementAccessExpression).expression);
      const { argumentExpression } = inner as ts.ElementAccessExpression;
      const key = ts.isStringLiteralLike(argumentExpression) ? argumentExpression.text : undefined;
      const index = key === undefined ? f.expression(argumentExpression).depends : [];
      return { value: extendValue(object.value, key || ELEMENT), depends: mergeDepends(object.depends, index) };
    }
    case K.ImportKeyword:
      return placeExpression({ root: { kind: 'global', name: 'import' }, path: [] });
    case K.SuperKeyword:
      return { value: superValue(f), depends: [] };
    case K.BinaryExpression:
      if ((inner as ts.BinaryExpression).operatorToken.kind === K.CommaToken) {
        f.expression((inner as ts.BinaryExpression).left, 'dropped');
        return lowerCallee(f, (inner as ts.BinaryExpression).right);
      }
      return f.expression(inner);
    default:
      return f.expression(inner);
  }
}

/** The object that a method is called on. Global objects such as `console` or `navigator.locks` are no state of the program. */
function lowerObject(f: FunctionLowering, node: ts.Expression): Expression {
  const inner = unwrap(node);
  if (inner.kind === K.Identifier) {
    const variable = f.scope.find(nameOf(inner as ts.Identifier));
    return variable?.fixed ? lowerBase(f, inner) : f.expression(inner);
  }
  if (inner.kind !== K.PropertyAccessExpression && inner.kind !== K.ElementAccessExpression) return f.expression(inner);
  const path = lowerPath(f, inner as ts.PropertyAccessExpression);
  const { value, depends, key } = path;
  if (value.kind !== 'place' || value.place.root.kind === 'global' || isBare(value.place)) return path;
  return readPath(f, inner, value, depends, key);
}

/**
 * Arguments in order; behind them, by name, the properties of those that are object literals, as the options of an API
 * are given so.
 */
export function lowerArguments(f: FunctionLowering, nodes: readonly ts.Expression[]): Argument[] {
  const positional: Argument[] = [];
  const named: Argument[] = [];
  for (const node of nodes) {
    const inner = unwrap(node);
    if (inner.kind === K.SpreadElement) {
      positional.push({ ...f.expression((inner as ts.SpreadElement).expression), spread: true });
    } else if (inner.kind === K.ObjectLiteralExpression) {
      const { whole, properties } = lowerObjectLiteral(f, inner as ts.ObjectLiteralExpression);
      positional.push(whole);
      for (const { name, expression } of properties) named.push({ ...expression, name });
    } else {
      positional.push(f.expression(inner));
    }
  }
  return named.length === 0 ? positional : [...positional, ...named];
}
