// Targets: what assignments, loops, with statements and deletions put values into.

import { ELEMENT } from '../../model/place';
import { UNKNOWN } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { growName } from './calls';
import { extendValue, type Lowering } from './lowering';

/** Puts a value into a target: a name, attribute, element, or a pattern of these. */
export function assign(lowering: Lowering, target: number, value: Expression): void {
  const { tree } = lowering;
  if (target < 0) return;
  switch (tree.kind[target]) {
    case Kind.identifier:
      assignName(lowering, lowering.nameOf(target), value, target);
      return;
    case Kind.attribute:
    case Kind.subscript: {
      const { value: place, depends } = lowering.parts.reference(target);
      if (place.kind === 'place') lowering.write(place.place, value, mergeDepends(depends, value.depends), target);
      const container = childOf(tree, target, Field.value);
      if (tree.kind[target] === Kind.subscript && container >= 0 && tree.kind[container] === Kind.identifier) growName(lowering, container, value);
      return;
    }
    case Kind.tuple:
    case Kind.list:
    case Kind.tuplePattern:
    case Kind.listPattern:
    case Kind.patternList:
    case Kind.expressionList:
      if (lowering.descend(target)) unpack(lowering, target, value);
      lowering.leave();
      return;
    case Kind.asPatternTarget:
    case Kind.parenthesized:
    case Kind.listSplat:
    case Kind.listSplatPattern:
      if (lowering.descend(target)) assign(lowering, firstChild(tree, target), value);
      lowering.leave();
      return;
    default:
      lowering.parts.load(target);
  }
}

/** Puts a value into a name; `node` is where the write stands. */
export function assignName(lowering: Lowering, name: string, value: Expression, node: number): void {
  const resolution = lowering.resolve(name);
  if (resolution.kind === 'local') lowering.builder.assign(resolution.key, value);
  else if (resolution.kind === 'place') lowering.write(resolution.place, value, value.depends, node);
}

function unpack(lowering: Lowering, target: number, value: Expression): void {
  const { tree } = lowering;
  const items = childrenOf(tree, target);
  const isStar = (item: number) => tree.kind[item] === Kind.listSplatPattern || tree.kind[item] === Kind.listSplat;
  const given = value.value;
  const isPaired = given.kind === 'collection' && given.type !== 'dict' && given.type !== 'set' && given.items.length === items.length && !items.some(isStar);
  const element = isPaired ? UNKNOWN : extendValue(lowering, given, ELEMENT);
  items.forEach((item, index) => {
    assign(lowering, item, { value: isStar(item) ? UNKNOWN : isPaired ? given.items[index] : element, depends: value.depends });
  });
}

/** Takes names, attributes and elements away. */
export function deleteTarget(lowering: Lowering, target: number): void {
  const { tree } = lowering;
  switch (tree.kind[target]) {
    case Kind.identifier: {
      const resolution = lowering.resolve(lowering.nameOf(target));
      if (resolution.kind === 'local') lowering.builder.assign(resolution.key, UNKNOWN_EXPRESSION);
      else if (resolution.kind === 'place') lowering.write(resolution.place, UNKNOWN_EXPRESSION, [], target, 'delete');
      return;
    }
    case Kind.attribute:
    case Kind.subscript: {
      const { value, depends } = lowering.parts.reference(target);
      if (value.kind === 'place') lowering.write(value.place, UNKNOWN_EXPRESSION, depends, target, 'delete');
      return;
    }
    default:
      if (lowering.descend(target)) for (const child of childrenOf(tree, target)) deleteTarget(lowering, child);
      lowering.leave();
  }
}
