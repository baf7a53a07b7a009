// Assignments: plain, annotated and augmented ones, imports, and what they declare in classes and modules.

import { UNKNOWN } from '../../model/value';
import { childOf, childOfKind, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { combine } from '../function-builder';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { isClassVariable, typeOf } from './annotations';
import { type Lowering, speaksOfFunction } from './lowering';
import { importedNames, specifierOf } from './scopes';
import { assign, assignName } from './targets';
import { misreadTypeArgument } from './tree-shapes';

/** `a = b = c`, `a: T`, `a: T = c`. */
export function assignment(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const targets = [childOf(tree, node, Field.left)];
  const type = childOf(tree, node, Field.type);
  let right = childOf(tree, node, Field.right);
  while (right >= 0 && tree.kind[right] === Kind.assignment) {
    targets.push(childOf(tree, right, Field.left));
    right = childOf(tree, right, Field.right);
  }
  if (right < 0) {
    declare(lowering, targets[0], type, undefined);
    return;
  }
  if (tree.kind[right] === Kind.augmentedAssignment) augmentedAssignment(lowering, right);
  const value = lowering.parts.load(right);
  for (const target of targets) {
    assign(lowering, target, value);
    declare(lowering, target, type, value);
  }
}

/** Notes a field of a class, or the type of a module variable. */
function declare(lowering: Lowering, target: number, type: number, value: Expression | undefined): void {
  const { tree, scope } = lowering;
  if (target >= 0 && type >= 0 && tree.kind[target] === Kind.attribute) declareOnReceiver(lowering, target, type);
  if (target < 0 || tree.kind[target] !== Kind.identifier || (scope.kind !== 'class' && scope.kind !== 'module')) return;
  const annotation = typeOf(lowering, type);
  const name = lowering.nameOf(target);
  if (scope.kind === 'module') {
    if (annotation && !lowering.moduleAnnotations.has(name)) lowering.moduleAnnotations.set(name, annotation);
    return;
  }
  const draft = lowering.classes[scope.class];
  if (!draft) return;
  const isShared = type < 0 || isClassVariable(lowering, type) || (value !== undefined && !draft.declaresFields);
  // A class's own values are read outside its function, where results of that function mean nothing.
  const known = value && (scope.function === 0 || !speaksOfFunction(value.value)) ? value.value : undefined;
  draft.fields.push({ name, ...(known ? { value: known } : {}), ...(annotation ? { annotation } : {}), shared: isShared, span: lowering.spanOf(target) });
}

/** `self.x: T = …` says in a method what a class body could have said. */
function declareOnReceiver(lowering: Lowering, target: number, type: number): void {
  if (lowering.tree.kind[firstChild(lowering.tree, target)] !== Kind.identifier) return;
  const { value } = lowering.parts.reference(target);
  const annotation = typeOf(lowering, type);
  if (!annotation || value.kind !== 'place' || value.place.root.kind !== 'receiver' || value.place.path.length !== 1) return;
  const [name] = value.place.path;
  const draft = lowering.classes[value.place.root.class];
  if (draft && !draft.fields.some((field) => field.name === name)) draft.fields.push({ name, annotation, shared: false, span: lowering.spanOf(target) });
}

/** `x += y`: reads the target, then writes it. */
export function augmentedAssignment(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const target = childOf(tree, node, Field.left);
  const right = childOf(tree, node, Field.right);
  if (target < 0) return;
  const isName = tree.kind[target] === Kind.identifier;
  const resolution = isName ? lowering.resolve(lowering.nameOf(target)) : undefined;
  if (resolution && resolution.kind !== 'place') {
    const old = parts.load(target);
    assignName(lowering, lowering.nameOf(target), combine(old, parts.load(right)), target);
    return;
  }
  const { value: place, depends } = parts.reference(target);
  if (place.kind !== 'place' || place.place.root.kind === 'unknown') {
    parts.load(right);
    return;
  }
  const read = builder.emit({ kind: 'read', span: lowering.spanOf(target), place: place.place, depends });
  const added = parts.load(right);
  const all = mergeDepends(mergeDepends(depends, [read]), added.depends);
  lowering.write(place.place, { value: UNKNOWN, depends: all }, all, target, 'update');
}

/** `type(self).x = y`, which the grammar takes for a type alias; a true alias does nothing. */
export function misreadTypeAlias(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const argument = misreadTypeArgument(tree, node);
  if (argument < 0) return;
  const value = lowering.parts.load(childOf(tree, node, Field.right));
  let target = childOf(tree, node, Field.left);
  while (target >= 0 && (tree.kind[target] === Kind.type || tree.kind[target] === Kind.constrainedType)) target = firstChild(tree, target);
  lowering.typeArgument = argument;
  assign(lowering, target, value);
  lowering.typeArgument = -1;
}

/** Gives imported names what they stand for, where they are variables; elsewhere they are known from the scope. */
export function importNames(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const isFrom = tree.kind[node] !== Kind.importStatement;
  if (childOfKind(tree, node, Kind.wildcardImport) >= 0) return;
  const specifier = isFrom ? specifierOf(tree, node) : '';
  for (const { name, alias } of importedNames(tree, node)) {
    const whole = tree.text.slice(tree.start[name], tree.end[name]).replace(/\s/g, '');
    const bound = alias >= 0 ? alias : name + 1;
    const local = lowering.nameOf(bound);
    const root = isFrom ? { kind: 'import' as const, specifier, name: whole } : { kind: 'import' as const, specifier: alias >= 0 ? whole : local };
    assignName(lowering, local, { ...UNKNOWN_EXPRESSION, value: { kind: 'place', place: { root, path: [] } } }, bound);
  }
}
