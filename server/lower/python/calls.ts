// Calls: of functions, methods and classes, with their arguments.

import type { Argument } from '../../model/operation';
import { ELEMENT } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { outcomeOf } from '../function-builder';
import { type Expression, grown, mergeDepends } from '../local-flow';
import { stringText } from './literals';
import { classOf, extendValue, type Lowering, type Outcome } from './lowering';

const TYPE: Value = { kind: 'place', place: { root: { kind: 'global', name: 'type' }, path: [] } };

/** Lowers a call and gives its outcome. */
export function lowerCall(lowering: Lowering, node: number, outcome: Outcome): Expression {
  const { tree } = lowering;
  const attribute = namedAttribute(lowering, node);
  if (attribute) return attribute;
  const callee = calleeOf(lowering, childOf(tree, node, Field.function));
  const list: Argument[] = [];
  const argumentsNode = childOf(tree, node, Field.arguments);
  if (argumentsNode >= 0) {
    if (tree.kind[argumentsNode] === Kind.generatorExpression) list.push(lowering.parts.load(argumentsNode));
    else for (const child of childrenOf(tree, argumentsNode)) list.push(argument(lowering, child));
  }
  const owner = list.length === 1 ? classOfReceiver(callee.value, list[0].value) : undefined;
  if (owner) return { value: owner, depends: list[0].depends };
  let { depends } = callee;
  for (const each of list) depends = mergeDepends(depends, each.depends);
  const number = lowering.builder.emit({ kind: 'call', span: lowering.spanOf(node), callee: callee.value, arguments: list, form: 'call', outcome, depends });
  growLocal(lowering, childOf(tree, node, Field.function), list);
  return outcomeOf(number);
}

/** `getattr(x, 'name', …)` and `hasattr(x, 'name')` read `x.name`. */
function namedAttribute(lowering: Lowering, node: number): Expression | undefined {
  const { tree, parts } = lowering;
  const callee = childOf(tree, node, Field.function);
  if (callee < 0 || tree.kind[callee] !== Kind.identifier) return undefined;
  const builtin = lowering.nameOf(callee);
  if ((builtin !== 'getattr' && builtin !== 'hasattr') || lowering.resolve(builtin).kind === 'local') return undefined;
  const given = childOf(tree, node, Field.arguments);
  const [object, name, otherwise] = given < 0 ? [] : childrenOf(tree, given);
  if (object === undefined || name === undefined || tree.kind[name] !== Kind.string) return undefined;
  const attribute = stringText(tree, name);
  const holder = tree.kind[object] === Kind.identifier ? parts.reference(object) : undefined;
  if (attribute === undefined || holder?.value.kind !== 'place' || !/^[A-Za-z_]\w*$/.test(attribute)) return undefined;
  const { kind } = holder.value.place.root;
  if (kind !== 'receiver' && kind !== 'class' && kind !== 'module') return undefined;
  if (otherwise !== undefined) parts.load(otherwise);
  const read = lowering.read(
    { value: extendValue(lowering, holder.value, attribute), depends: holder.depends },
    node,
    builtin === 'hasattr' ? 'membership' : undefined,
  );
  return builtin === 'hasattr' ? { value: UNKNOWN, depends: read.depends } : read;
}

/** Methods that put their argument, the last one, into the container they are called on. */
const ADDS: ReadonlySet<string> = new Set(['append', 'add', 'insert', 'appendleft', 'extend', 'update', 'setdefault']);

/** `threads.append(thread)`: the local list holds the thread from here on. */
function growLocal(lowering: Lowering, callee: number, list: readonly Argument[]): void {
  const { tree } = lowering;
  const added = list.at(-1);
  if (callee < 0 || !added || tree.kind[callee] !== Kind.attribute) return;
  const [object, name] = [childOf(tree, callee, Field.object), childOf(tree, callee, Field.attribute)];
  if (object < 0 || name < 0 || tree.kind[object] !== Kind.identifier) return;
  const method = lowering.nameOf(name);
  if (!ADDS.has(method)) return;
  const many = method === 'extend' || method === 'update';
  growName(lowering, object, { value: many ? extendValue(lowering, added.value, ELEMENT) : added.value, depends: added.depends });
}

/** Puts a value into the list, set or dictionary that a local name holds. */
export function growName(lowering: Lowering, node: number, added: Expression): void {
  const resolution = lowering.resolve(lowering.nameOf(node));
  if (resolution.kind !== 'local') return;
  const after = grown(lowering.builder.lookup(resolution.key), added);
  if (after) lowering.builder.assign(resolution.key, after);
}

/** The call `type(x)` whose name the grammar took for a keyword; `node` is the bracket. */
export function lowerTypeCall(lowering: Lowering, node: number, inner: number): Expression {
  const value = lowering.parts.load(inner);
  const owner = classOfReceiver(TYPE, value.value);
  if (owner) return { value: owner, depends: value.depends };
  const list = [{ value: value.value, depends: value.depends }];
  return outcomeOf(
    lowering.builder.emit({ kind: 'call', span: lowering.spanOf(node), callee: TYPE, arguments: list, form: 'call', outcome: 'used', depends: value.depends }),
  );
}

/** What is called: the name itself is not read, but the object a method is called on is. */
export function calleeOf(lowering: Lowering, node: number): Expression {
  const { tree, parts } = lowering;
  if (node < 0) return { value: UNKNOWN, depends: [] };
  switch (tree.kind[node]) {
    case Kind.attribute: {
      if (!lowering.descend(node)) {
        lowering.leave();
        return { value: UNKNOWN, depends: [] };
      }
      const object = parts.load(childOf(tree, node, Field.object));
      const name = childOf(tree, node, Field.attribute);
      lowering.leave();
      return { value: name < 0 ? UNKNOWN : extendValue(lowering, object.value, lowering.nameOf(name)), depends: object.depends };
    }
    case Kind.listSplat:
    case Kind.parenthesized:
      if (node === lowering.typeArgument) return parts.load(node);
      return calleeOf(lowering, firstChild(tree, node));
    case Kind.identifier:
      return parts.reference(node);
    default:
      return parts.load(node);
  }
}

function argument(lowering: Lowering, node: number): Argument {
  const { tree, parts } = lowering;
  switch (tree.kind[node]) {
    case Kind.keywordArgument: {
      const name = childOf(tree, node, Field.name);
      const given = childOf(tree, node, Field.value);
      const { value, depends } = parts.load(given);
      return { value, name: name < 0 ? '' : lowering.nameOf(name), ...bracketed(lowering, given), depends };
    }
    case Kind.listSplat:
    case Kind.dictionarySplat: {
      const value = parts.load(firstChild(tree, node));
      return { value: value.value, spread: true, depends: value.depends };
    }
    default: {
      const { value, depends } = parts.load(node);
      return tree.text.charCodeAt(tree.start[node]) === 42 ? { value, spread: true, depends } : { value, ...bracketed(lowering, node), depends };
    }
  }
}

/** `(x)` around a name, an attribute, an element or a literal; around anything longer brackets help to read. */
function bracketed({ tree }: Lowering, node: number): Pick<Argument, 'bracketed'> {
  if (node < 0 || tree.kind[node] !== Kind.parenthesized) return {};
  const inner = firstChild(tree, node);
  if (inner < 0) return {};
  switch (tree.kind[inner]) {
    case Kind.identifier:
    case Kind.attribute:
    case Kind.subscript:
    case Kind.string:
    case Kind.integer:
    case Kind.float:
      return { bracketed: true };
    default:
      return {};
  }
}

/** `type(self)` is the class itself. */
function classOfReceiver(callee: Value, argument: Value): Value | undefined {
  if (callee.kind !== 'place' || callee.place.root.kind !== 'global' || callee.place.root.name !== 'type' || callee.place.path.length > 0) return undefined;
  if (argument.kind !== 'place' || argument.place.root.kind !== 'receiver' || argument.place.path.length > 0) return undefined;
  return classOf(argument.place.root.class);
}
