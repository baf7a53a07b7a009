// Lowering of literals that hold others: objects, arrays, templates.
import ts from 'typescript';
import { ELEMENT } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { combine } from '../function-builder';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { lowerFunction } from './functions';
import { type FunctionLowering, Tables } from './lowering';
import { nameOf, propertyNameOf, unwrap } from './names';
import { extendValue, readPath } from './names-and-places';

const K = ts.SyntaxKind;
const tables = new Tables();
export const LITERAL_TABLES = tables;

/** A property of an object literal, with the name it has when that is fixed. */
export interface LoweredProperty {
  readonly name: string;
  readonly expression: Expression;
  readonly node: ts.Node;
}

/** Lowers an object literal: the literal as one value, and each property whose name is fixed. */
export function lowerObjectLiteral(
  f: FunctionLowering,
  node: ts.ObjectLiteralExpression,
): { readonly whole: Expression; readonly properties: readonly LoweredProperty[] } {
  const properties: LoweredProperty[] = [];
  const items: Value[] = [];
  const names: string[] = [];
  const spreads: { readonly value: Value; readonly at: number; readonly name?: string }[] = [];
  let depends: readonly number[] = [];
  for (const property of node.properties) {
    if (property.name?.kind === K.ComputedPropertyName) f.expression(property.name.expression);
    const expression = lowerProperty(f, property);
    const name = property.name && propertyNameOf(property.name);
    if (property.kind === K.SpreadAssignment) {
      const spread = unwrap(property.expression);
      spreads.push({ value: expression.value, at: items.length, ...(spread.kind === K.Identifier ? { name: nameOf(spread as ts.Identifier) } : {}) });
    } else {
      items.push(expression.value);
      names.push(name ?? '');
    }
    depends = mergeDepends(depends, expression.depends);
    if (name !== undefined && !ts.isAccessor(property)) properties.push({ name, expression, node: property });
  }
  const value: Value = { kind: 'collection', type: 'object', items, names, ...(spreads.length > 0 ? { spreads } : {}) };
  return { whole: { value, depends }, properties };
}

function lowerProperty(f: FunctionLowering, property: ts.ObjectLiteralElementLike): Expression {
  switch (property.kind) {
    case K.PropertyAssignment:
      return f.expression(property.initializer);
    case K.ShorthandPropertyAssignment:
      return f.expression(property.name);
    case K.SpreadAssignment:
      return f.expression(property.expression);
    case K.MethodDeclaration:
    case K.GetAccessor:
    case K.SetAccessor:
      return lowerFunction(f, property);
    default:
      return UNKNOWN_EXPRESSION;
  }
}

tables.expression([K.ObjectLiteralExpression], (f, node: ts.ObjectLiteralExpression) => lowerObjectLiteral(f, node).whole);

tables.expression([K.ArrayLiteralExpression], (f, node: ts.ArrayLiteralExpression) => {
  const items: Value[] = [];
  let depends: readonly number[] = [];
  for (const element of node.elements) {
    if (element.kind === K.OmittedExpression) {
      items.push(UNKNOWN);
      continue;
    }
    const expression = lowerElement(f, element);
    items.push(expression.value);
    depends = mergeDepends(depends, expression.depends);
  }
  return { value: { kind: 'collection', type: 'array', items }, depends };
});

/** An element of an array; a spread one reads the elements of what it spreads. */
function lowerElement(f: FunctionLowering, node: ts.Expression): Expression {
  if (node.kind !== K.SpreadElement) return f.expression(node);
  const spread = f.expression((node as ts.SpreadElement).expression);
  const { value } = spread;
  return value.kind === 'place' && value.place.path.length > 0 ? readPath(f, node, extendValue(value, ELEMENT), spread.depends) : combine(spread);
}

tables.expression([K.TemplateExpression], (f, node: ts.TemplateExpression) => combine(...node.templateSpans.map((span) => f.expression(span.expression))));
tables.expression([K.SpreadElement], (f, node: ts.SpreadElement) => combine(f.expression(node.expression)));
tables.expression([K.FunctionExpression, K.ArrowFunction], (f, node: ts.FunctionExpression | ts.ArrowFunction) => lowerFunction(f, node));
