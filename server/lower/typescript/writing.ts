// Writing: putting an expression in a variable, a place or a pattern.
import ts from 'typescript';
import type { Write } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { combine } from '../function-builder';
import { type Expression, mergeDepends } from '../local-flow';
import { eitherOf, lowerAlternative, portable } from './combining';
import type { FunctionLowering } from './lowering';
import { nameOf, propertyNameOf, unwrap } from './names';
import { extendValue, lowerPath, readPath } from './names-and-places';
import type { Variable } from './symbols';

const K = ts.SyntaxKind;

/** Puts an expression in a variable. `node` is what the write's span comes from. */
export function writeVariable(f: FunctionLowering, variable: Variable, node: ts.Node, source: Expression, mode: Write['mode'] = 'assign'): void {
  if (variable.fixed) return;
  const place = f.placeOf(variable);
  if (place) f.builder.emit({ kind: 'write', place, value: source.value, mode, depends: source.depends, span: f.span(node) });
  if (variable.isModule) f.module.bind(variable.name, variable.owner === f.info ? source.value : portable(source.value));
  if (variable.owner === f.info) f.builder.assign(variable.key, source);
}

/** Where an assignment goes, once the parts of its target are evaluated. */
export type Target = (source: Expression, mode: Write['mode'], node: ts.Node) => void;

/**
 * Evaluates the target of an assignment up to the last step; the caller then evaluates the source and writes.
 * `readFirst`: the path is read as well, for updates; it is told what stood there.
 */
export function lowerTarget(f: FunctionLowering, target: ts.Expression, readFirst?: (before: Expression) => void): Target {
  const inner = unwrap(target);
  switch (inner.kind) {
    case K.Identifier: {
      const name = nameOf(inner as ts.Identifier);
      const variable = f.scope.find(name);
      if (variable) return (source, mode, node) => writeVariable(f, variable, node, source, mode);
      return (source, mode, node) => {
        f.builder.emit({
          kind: 'write',
          place: { root: { kind: 'global', name }, path: [] },
          value: source.value,
          mode,
          depends: source.depends,
          span: f.span(node),
        });
      };
    }
    case K.PropertyAccessExpression:
    case K.ElementAccessExpression: {
      const { value, depends, key } = lowerPath(f, inner as ts.PropertyAccessExpression);
      readFirst?.(readPath(f, inner, value, depends, key));
      if (value.kind !== 'place' || value.place.root.kind === 'unknown' || value.place.path.length === 0) return ownProperty(f, inner) ?? (() => {});
      const { place } = value;
      return (source, mode, node) => {
        f.builder.emit({ kind: 'write', place, ...(key ? { key } : {}), value: source.value, mode, depends: source.depends, span: f.span(node) });
      };
    }
    case K.ArrayLiteralExpression:
    case K.ObjectLiteralExpression:
      return (source) => assignPattern(f, inner as ts.ArrayLiteralExpression | ts.ObjectLiteralExpression, source);
    default:
      f.expression(inner);
      return () => {};
  }
}

/** So many properties of one object say enough. */
const MOST_PROPERTIES = 64;

/** A property of an object literal that only a local variable holds: what the variable holds is changed. */
function ownProperty(f: FunctionLowering, node: ts.Expression): Target | undefined {
  if (node.kind !== K.PropertyAccessExpression) return undefined;
  const { expression, name } = node as ts.PropertyAccessExpression;
  const object = unwrap(expression);
  const variable = object.kind === K.Identifier ? f.scope.find(nameOf(object as ts.Identifier)) : undefined;
  if (!variable || variable.fixed || variable.owner !== f.info || f.placeOf(variable)) return undefined;
  return (source, mode) => {
    const held = f.builder.lookup(variable.key);
    if (
      held?.value.kind !== 'collection' ||
      held.value.type !== 'object' ||
      !held.value.names ||
      mode === 'update' ||
      held.value.items.length >= MOST_PROPERTIES
    )
      return;
    const { items, names } = held.value;
    // What is deleted is as good as set to nothing, also where it comes out of a spread.
    const put: Value = mode === 'delete' ? { kind: 'constant', value: null } : source.value;
    const at = names.lastIndexOf(nameOf(name));
    const isLast = at >= 0 && (held.value.spreads ?? []).every((spread) => spread.at <= at);
    const value: Value = isLast
      ? { ...held.value, items: items.map((item, i) => (i === at ? put : item)) }
      : { ...held.value, items: [...items, put], names: [...names, nameOf(name)] };
    f.builder.assign(variable.key, { value, depends: mergeDepends(held.depends, source.depends) });
  };
}

/** Declares the names of a variable, a parameter or a pattern with what they are taken from. */
export function bindName(f: FunctionLowering, name: ts.BindingName, node: ts.Node, source: Expression): void {
  if (name.kind === K.Identifier) {
    const variable = f.scope.find(nameOf(name));
    if (variable) writeVariable(f, variable, node, source);
    return;
  }
  name.elements.forEach((element, index) => {
    if (element.kind === K.OmittedExpression || isFixed(f, element.name)) return;
    const inner = element.name.kind === K.Identifier ? undefined : element.name;
    const part =
      name.kind === K.ArrayBindingPattern
        ? itemOf(f, element, source, element.dotDotDotToken ? -1 : index, inner !== undefined)
        : element.dotDotDotToken
          ? restOf(f, element, source)
          : propertyOf(f, element, element.propertyName ?? (element.name as ts.Identifier), source, inner !== undefined);
    bindName(f, element.name, element, withDefault(f, part, element.initializer));
  });
}

function isFixed(f: FunctionLowering, name: ts.BindingName): boolean {
  return name.kind === K.Identifier && f.scope.find(nameOf(name))?.fixed !== undefined;
}

/** `[a, this.b] = …`, `({ a, b: this.c } = …)`. */
function assignPattern(f: FunctionLowering, pattern: ts.ArrayLiteralExpression | ts.ObjectLiteralExpression, source: Expression): void {
  if (pattern.kind === K.ArrayLiteralExpression) {
    pattern.elements.forEach((element, index) => {
      if (element.kind === K.OmittedExpression) return;
      if (element.kind === K.SpreadElement) assignPart(f, (element as ts.SpreadElement).expression, itemOf(f, element, source, -1, false));
      else assignPart(f, element, itemOf(f, element, source, index, isPattern(element)));
    });
    return;
  }
  for (const property of pattern.properties) {
    if (property.kind === K.PropertyAssignment) {
      assignPart(f, property.initializer, propertyOf(f, property, property.name, source, isPattern(property.initializer)));
    } else if (property.kind === K.ShorthandPropertyAssignment) {
      const part = withDefault(f, propertyOf(f, property, property.name, source, false), property.objectAssignmentInitializer);
      lowerTarget(f, property.name)(part, 'assign', property);
    } else if (property.kind === K.SpreadAssignment) {
      assignPart(f, property.expression, restOf(f, property, source));
    }
  }
}

function assignPart(f: FunctionLowering, target: ts.Expression, part: Expression): void {
  const inner = unwrap(target);
  if (inner.kind === K.BinaryExpression && (inner as ts.BinaryExpression).operatorToken.kind === K.EqualsToken) {
    const { left, right } = inner as ts.BinaryExpression;
    lowerTarget(f, left)(withDefault(f, part, right), 'assign', inner);
  } else {
    lowerTarget(f, inner)(part, 'assign', inner);
  }
}

function isPattern(node: ts.Expression): boolean {
  return node.kind === K.ArrayLiteralExpression || node.kind === K.ObjectLiteralExpression;
}

function withDefault(f: FunctionLowering, part: Expression, initializer: ts.Expression | undefined): Expression {
  return initializer ? eitherOf(part, lowerAlternative(f, initializer, part.depends, true)) : part;
}

/** The property that an element of an object pattern takes; `isInner`: a pattern inside reads it further, so it is not read itself. */
function propertyOf(f: FunctionLowering, node: ts.Node, key: ts.PropertyName, source: Expression, isInner: boolean): Expression {
  const name = propertyNameOf(key);
  if (name === undefined && key.kind === K.ComputedPropertyName) f.expression(key.expression);
  const value = extendValue(source.value, name ?? ELEMENT);
  return isInner ? { value, depends: source.depends } : readPath(f, node, value, source.depends);
}

/** An element of an array; of a literal, the very item. */
function itemOf(f: FunctionLowering, node: ts.Node, source: Expression, index: number, isInner: boolean): Expression {
  const { value, depends } = source;
  if (value.kind === 'collection' && index >= 0) return { value: value.items[index] ?? UNKNOWN, depends };
  if (index < 0) return { value: UNKNOWN, depends: readPath(f, node, extendValue(value, ELEMENT), depends).depends };
  const element = extendValue(value, ELEMENT);
  return isInner ? { value: element, depends } : readPath(f, node, element, depends);
}

function restOf(f: FunctionLowering, node: ts.Node, source: Expression): Expression {
  const { value } = source;
  return value.kind === 'place' && value.place.path.length > 0 ? combine(readPath(f, node, value, source.depends)) : combine(source);
}
