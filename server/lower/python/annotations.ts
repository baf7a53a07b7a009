// Annotations: declared types, reduced to the name they refer to.

import type { Place } from '../../model/place';
import type { TypeReference, Value } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { stringText } from './literals';
import { classOf, extendValue, type Lowering } from './lowering';

const DEEPEST = 12;
/** Types that say nothing but something about their first argument. */
const WRAPPERS: ReadonlySet<string> = new Set(['Optional', 'Annotated', 'ClassVar', 'Final', 'Required', 'NotRequired', 'ReadOnly']);

/** The type an annotation refers to; undefined where it is none that can be named. */
export function typeOf(lowering: Lowering, node: number, depth = 0): TypeReference | undefined {
  const { tree } = lowering;
  if (node < 0 || depth > DEEPEST) return undefined;
  switch (tree.kind[node]) {
    case Kind.type:
    case Kind.parenthesized:
    case Kind.constrainedType:
      return typeOf(lowering, firstChild(tree, node), depth + 1);
    case Kind.string: {
      const text = stringText(tree, node);
      return text === undefined ? undefined : typeOfText(lowering, text);
    }
    case Kind.genericType: {
      const [name, parameters] = childrenOf(tree, node);
      return parameters === undefined ? undefined : generic(lowering, name, childrenOf(tree, parameters), depth);
    }
    case Kind.subscript: {
      const [value, ...inner] = childrenOf(tree, node);
      return generic(lowering, value, inner, depth);
    }
    case Kind.unionType:
    case Kind.binaryOperator:
      return onlyOne(lowering, childrenOf(tree, node), depth);
    default: {
      const place = placeOfName(lowering, node, depth);
      return place && { place };
    }
  }
}

/** Whether an annotation is `ClassVar` or `ClassVar[…]`. */
export function isClassVariable(lowering: Lowering, node: number): boolean {
  const { tree } = lowering;
  return node >= 0 && /^(?:\w+\.)*ClassVar\b/.test(tree.text.slice(tree.start[node], Math.min(tree.end[node], tree.start[node] + 60)));
}

function generic(lowering: Lowering, name: number, inner: readonly number[], depth: number): TypeReference | undefined {
  const place = placeOfName(lowering, name, depth);
  if (!place) return undefined;
  const last = lastStepOf(place);
  if (WRAPPERS.has(last)) return inner.length > 0 ? typeOf(lowering, inner[0], depth + 1) : undefined;
  if (last === 'Union') return onlyOne(lowering, inner, depth);
  const known = inner.map((node) => typeOf(lowering, node, depth + 1));
  const types = known.filter((type) => type !== undefined);
  return types.length === known.length && types.length > 0 ? { place, arguments: types } : { place };
}

/** Of `X | None` the X; a union of several types is none that can be named. */
function onlyOne(lowering: Lowering, nodes: readonly number[], depth: number): TypeReference | undefined {
  const { tree } = lowering;
  const isNone = (node: number): boolean => {
    const at = tree.kind[node] === Kind.type ? firstChild(tree, node) : node;
    return at >= 0 && tree.kind[at] === Kind.none;
  };
  const real = nodes.filter((node) => !isNone(node));
  return real.length === 1 ? typeOf(lowering, real[0], depth + 1) : undefined;
}

function placeOfName(lowering: Lowering, node: number, depth: number): Place | undefined {
  const { tree } = lowering;
  if (node < 0 || depth > DEEPEST) return undefined;
  switch (tree.kind[node]) {
    case Kind.identifier:
      return placeOfValue(namedValue(lowering, lowering.nameOf(node)));
    case Kind.type:
      return placeOfName(lowering, firstChild(tree, node), depth + 1);
    case Kind.attribute:
    case Kind.memberType: {
      const isAttribute = tree.kind[node] === Kind.attribute;
      const children = childrenOf(tree, node);
      const base = placeOfName(lowering, isAttribute ? childOf(tree, node, Field.object) : children[0], depth + 1);
      const step = isAttribute ? childOf(tree, node, Field.attribute) : (children[1] ?? -1);
      return base && step >= 0 ? placeOfValue(extendValue(lowering, { kind: 'place', place: base }, lowering.nameOf(step))) : undefined;
    }
    default:
      return undefined;
  }
}

function namedValue(lowering: Lowering, name: string): Value | undefined {
  const resolution = lowering.resolve(name);
  if (resolution.kind === 'fixed') return resolution.expression.value;
  return resolution.kind === 'place' ? { kind: 'place', place: resolution.place } : undefined;
}

function placeOfValue(value: Value | undefined): Place | undefined {
  if (value?.kind === 'class') value = classOf(value.class);
  if (value?.kind !== 'place') return undefined;
  const { kind } = value.place.root;
  return kind === 'unknown' || kind === 'parameter' || kind === 'result' ? undefined : value.place;
}

function lastStepOf(place: Place): string {
  if (place.path.length > 0) return place.path[place.path.length - 1];
  const { root } = place;
  return root.kind === 'global' || root.kind === 'module' ? root.name : root.kind === 'import' ? (root.name ?? root.specifier) : '';
}

/** A type written as a string: a dotted name, `Optional[…]` around it or `| None` behind it, type arguments left out. */
function typeOfText(lowering: Lowering, text: string): TypeReference | undefined {
  let name = text.trim();
  for (
    let match = /^(?:\w+\.)*(?:Optional|Annotated|ClassVar|Final)\[([^,]*?)(?:,.*)?\]$/.exec(name);
    match;
    match = /^(?:\w+\.)*(?:Optional|Annotated|ClassVar|Final)\[([^,]*?)(?:,.*)?\]$/.exec(name)
  ) {
    name = match[1].trim();
  }
  name = name.replace(/^None\s*\||\|\s*None$/g, '').trim();
  const match = /^([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\[[\s\S]*\])?$/.exec(name);
  if (!match) return undefined;
  const [first, ...rest] = match[1].split('.');
  let value = namedValue(lowering, first);
  for (const step of rest) value = value && extendValue(lowering, value, step);
  const place = placeOfValue(value);
  return place && { place };
}
