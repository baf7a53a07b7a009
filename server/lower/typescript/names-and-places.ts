// Lowering of names, `this`, property accesses and literals: everything that is a place or a constant.
import ts from 'typescript';
import type { ElementKey } from '../../model/operation';
import { ELEMENT, type Place, type Root } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { type FunctionLowering, Tables } from './lowering';
import { nameOf, requiredBy, unwrap } from './names';
import type { Variable } from './symbols';

const K = ts.SyntaxKind;
const tables = new Tables();
export const PLACE_TABLES = tables;

const NULL: Expression = { value: { kind: 'constant', value: null }, depends: [] };
const TRUE: Expression = { value: { kind: 'constant', value: true }, depends: [] };
const FALSE: Expression = { value: { kind: 'constant', value: false }, depends: [] };

/** Globals whose properties are constants or functions: reading them says nothing of shared state. */
const QUIET_GLOBALS = new Set([
  'Math',
  'Number',
  'Symbol',
  'JSON',
  'Object',
  'Array',
  'String',
  'Promise',
  'Reflect',
  'Date',
  'Error',
  'BigInt',
  'Buffer',
  'console',
]);

/** An expression that is a place, with nothing read. */
export function placeExpression(place: Place, depends: readonly number[] = []): Expression {
  return { value: { kind: 'place', place }, depends };
}

/** The value one step further: a property or an element of it. */
export function extendValue(value: Value, step: string): Value {
  if (value.kind === 'place') return { kind: 'place', place: extend(value.place, step) };
  if (value.kind === 'class') return { kind: 'place', place: { root: { kind: 'class', class: value.class }, path: [step] } };
  return { kind: 'place', place: { root: { kind: 'unknown' }, path: [step] } };
}

function extend(place: Place, step: string): Place {
  // What is behind a path into the unknown matters only for its last name.
  if (place.root.kind === 'unknown') return { root: place.root, path: [step] };
  return { root: place.root, path: [...place.path, step] };
}

/** Reads a path unless nothing is known or nothing can happen there. */
export function readPath(f: FunctionLowering, node: ts.Node, value: Value, depends: readonly number[], key?: ElementKey): Expression {
  if (value.kind !== 'place' || !isWorthReading(value.place.root))
    return { value: value.kind === 'place' && value.place.root.kind === 'unknown' ? UNKNOWN : value, depends };
  return f.read(node, value.place, depends, key);
}

function isWorthReading(root: Root): boolean {
  return root.kind === 'global' ? !QUIET_GLOBALS.has(root.name) : root.kind !== 'unknown';
}

/** What a variable holds, without reading it as an operation. */
export function valueOf(f: FunctionLowering, variable: Variable): Expression {
  const { fixed } = variable;
  if (fixed) {
    if (fixed.kind === 'inert') return UNKNOWN_EXPRESSION;
    if (fixed.kind === 'function' && !variable.isModule) return { value: { kind: 'function', function: fixed.info.index }, depends: [] };
    if (fixed.kind === 'class' && !variable.isModule) return { value: { kind: 'class', class: fixed.info.index }, depends: [] };
  }
  const place = f.placeOf(variable);
  const known = variable.owner === f.info ? f.builder.lookup(variable.key) : undefined;
  if (place) return placeExpression(place, known?.depends ?? []);
  return known ?? UNKNOWN_EXPRESSION;
}

/** Whether using the bare variable is a read of shared state. */
function isSharedState(f: FunctionLowering, variable: Variable): boolean {
  return !variable.fixed && f.placeOf(variable) !== undefined;
}

function lowerIdentifier(f: FunctionLowering, node: ts.Identifier): Expression {
  const variable = f.scope.find(nameOf(node));
  if (!variable) return globalOf(nameOf(node));
  const held = valueOf(f, variable);
  if (!isSharedState(f, variable) || held.value.kind !== 'place') return held;
  const read = f.read(node, held.value.place, []);
  return held.depends.length === 0 ? read : { value: read.value, depends: mergeDepends(held.depends, read.depends) };
}

function globalOf(name: string): Expression {
  if (name === 'undefined') return NULL;
  if (name === 'arguments' || name === 'NaN' || name === 'Infinity') return UNKNOWN_EXPRESSION;
  return placeExpression({ root: { kind: 'global', name }, path: [] });
}

/** What `this` is, as an expression. */
export function lowerThis(f: FunctionLowering): Expression {
  return f.thisPlace ? placeExpression(f.thisPlace) : UNKNOWN_EXPRESSION;
}

/**
 * The object of a longer path: like the expression itself, but of a path only the whole is read, and of a name nothing.
 * `cache` in `cache.total`, `this.a` in `this.a.b`.
 */
export function lowerBase(f: FunctionLowering, node: ts.Expression): Expression {
  const inner = unwrap(node);
  switch (inner.kind) {
    case K.Identifier: {
      const name = nameOf(inner as ts.Identifier);
      const variable = f.scope.find(name);
      if (!variable) return globalOf(name);
      if (variable.fixed?.kind === 'class') return { value: { kind: 'class', class: variable.fixed.info.index }, depends: [] };
      return valueOf(f, variable);
    }
    case K.PropertyAccessExpression:
    case K.ElementAccessExpression:
      return lowerPath(f, inner as ts.PropertyAccessExpression | ts.ElementAccessExpression);
    default:
      return f.expression(inner);
  }
}

/** A property or element access as a place, without reading it. */
export function lowerPath(f: FunctionLowering, node: ts.PropertyAccessExpression | ts.ElementAccessExpression): Expression {
  // Long chains lean to the left; a loop keeps their names off the stack.
  const chain: (ts.PropertyAccessExpression | ts.ElementAccessExpression)[] = [];
  let object: ts.Expression = node;
  while (object.kind === K.PropertyAccessExpression || object.kind === K.ElementAccessExpression) {
    chain.push(object as ts.PropertyAccessExpression);
    object = unwrap((object as ts.PropertyAccessExpression).expression);
  }
  let at: Expression;
  if (object.kind === K.MetaProperty) {
    at = lowerMeta(object as ts.MetaProperty, chain);
  } else if (object.kind === K.SuperKeyword) {
    at = { value: superValue(f), depends: [] };
  } else {
    at = lowerBase(f, object);
  }
  for (let link = chain.pop(); link; link = chain.pop()) {
    if (link.kind === K.PropertyAccessExpression) {
      at = { value: extendValue(at.value, nameOf((link as ts.PropertyAccessExpression).name)), depends: at.depends };
    } else {
      const { argumentExpression } = link as ts.ElementAccessExpression;
      const constant = constantKey(argumentExpression);
      const index = constant === undefined ? f.expression(argumentExpression) : UNKNOWN_EXPRESSION;
      const key =
        constant ?? (index.value.kind === 'constant' && typeof index.value.value === 'string' ? index.value.value : argumentNumber(at.value, index.value));
      const element = key ? undefined : elementKey(index);
      at = { value: extendValue(at.value, key || ELEMENT), depends: mergeDepends(at.depends, index.depends), ...(element ? { key: element } : {}) };
    }
  }
  return { ...at, value: ownExport(f, at.value) };
}

/** What stands in brackets, where something is known of it. */
function elementKey({ value, depends }: Expression): ElementKey | undefined {
  return value.kind === 'unknown' && depends.length === 0 ? undefined : { value, depends };
}

/** `process.argv[1]` names the program itself, what follows are its arguments. */
function argumentNumber(object: Value, index: Value): string | undefined {
  if (object.kind !== 'place' || object.place.root.kind !== 'global' || index.kind !== 'constant') return undefined;
  return object.place.root.name === 'process' && object.place.path.join() === 'argv' ? String(index.value) : undefined;
}

/** Whether a path has come down to a mere root that there is nothing to read of: `import.meta.url`, but not `exports.cache`. */
export function isBare({ root, path }: Place): boolean {
  return path.length === 0 && root.kind !== 'module';
}

/** `exports.run` inside the file that exports it is the module-level name under which it is exported. */
export function ownExport(f: FunctionLowering, value: Value): Value {
  if (value.kind !== 'place' || value.place.root.kind !== 'global' || f.module.exportAssignments.size === 0) return value;
  const { root, path } = value.place;
  const behind = root.name === 'exports' ? path : root.name === 'module' && path[0] === 'exports' ? path.slice(1) : [];
  if (behind.length === 0) return value;
  const local = f.module.commonJsLocals.get(behind[0]);
  return local === undefined ? value : { kind: 'place', place: { root: { kind: 'module', name: local }, path: behind.slice(1) } };
}

function constantKey(node: ts.Expression): string | undefined {
  return ts.isStringLiteralLike(node) ? node.text : undefined;
}

/** `import.meta.url`, `.filename` and `.dirname` under the names they have in CommonJS or in the standard. */
function lowerMeta(node: ts.MetaProperty, chain: ts.Node[]): Expression {
  const outer = chain.at(-1);
  const property = outer?.kind === K.PropertyAccessExpression ? nameOf((outer as ts.PropertyAccessExpression).name) : undefined;
  if (node.keywordToken !== K.ImportKeyword || property === undefined) return UNKNOWN_EXPRESSION;
  chain.pop();
  const name = property === 'filename' ? '__filename' : property === 'dirname' ? '__dirname' : `import.meta.${property}`;
  return placeExpression({ root: { kind: 'global', name }, path: [] });
}

/** The class that `super` means: what the class extends. */
export function superValue(f: FunctionLowering): Value {
  return f.info.class_?.base ?? UNKNOWN;
}

tables.expression([K.Identifier], lowerIdentifier);
tables.expression([K.ThisKeyword], lowerThis);
tables.expression([K.SuperKeyword], (f) => ({ value: superValue(f), depends: [] }));
tables.expression([K.NullKeyword], () => NULL);
tables.expression([K.TrueKeyword], () => TRUE);
tables.expression([K.FalseKeyword], () => FALSE);
tables.expression([K.StringLiteral, K.NoSubstitutionTemplateLiteral], (_, node: ts.StringLiteral) => ({
  value: { kind: 'constant', value: node.text },
  depends: [],
}));
tables.expression([K.NumericLiteral], (_, node: ts.NumericLiteral) => ({ value: { kind: 'constant', value: Number(node.text) }, depends: [] }));
tables.expression([K.PropertyAccessExpression, K.ElementAccessExpression], (f, node: ts.PropertyAccessExpression | ts.ElementAccessExpression) => {
  const required = node.kind === K.PropertyAccessExpression ? unwrap(node.expression) : undefined;
  if (required?.kind === K.CallExpression && requiredBy(required as ts.CallExpression)) {
    const source = requiredBy(required as ts.CallExpression);
    if (source)
      return placeExpression({ root: { kind: 'import', specifier: source.specifier, name: nameOf((node as ts.PropertyAccessExpression).name) }, path: [] });
  }
  const path = lowerPath(f, node);
  return path.value.kind === 'place' && isBare(path.value.place) ? path : readPath(f, node, path.value, path.depends, path.key);
});
tables.expression([K.MetaProperty], () => UNKNOWN_EXPRESSION);
