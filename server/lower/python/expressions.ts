// Expressions: what each kind of expression reads, calls and evaluates to.

import { ELEMENT } from '../../model/place';
import { type CollectionType, UNKNOWN, type Value } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { combine, outcomeOf } from '../function-builder';
import { alternatives, type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { lowerCall, lowerTypeCall } from './calls';
import { comprehension } from './comprehensions';
import { childKindOfOperator, conditionExtra, operatorOf } from './conditions';
import { lambda } from './definitions';
import { numberValue, stringText } from './literals';
import { constant, extendValue, type Lowering, type Outcome } from './lowering';

/** Of longer literals only the first items are told: they are tables of data. */
const MOST_ITEMS = 64;

/** Lowers an expression; its place, if it has one, is read. */
export function load(lowering: Lowering, node: number, outcome: Outcome = 'used'): Expression {
  if (node < 0) return UNKNOWN_EXPRESSION;
  switch (lowering.tree.kind[node]) {
    case Kind.identifier: {
      const resolution = lowering.resolve(lowering.nameOf(node));
      if (resolution.kind === 'fixed') return resolution.expression;
      if (resolution.kind === 'local') return lowering.builder.lookup(resolution.key) ?? UNKNOWN_EXPRESSION;
      return lowering.read({ value: { kind: 'place', place: resolution.place }, depends: [] }, node);
    }
    case Kind.attribute:
    case Kind.subscript:
      return lowering.read(reference(lowering, node), node, isSliced(lowering, node) ? 'slice' : undefined);
    case Kind.none:
      return constant(null);
    case Kind.true:
      return constant(true);
    case Kind.false:
      return constant(false);
    case Kind.integer:
    case Kind.float:
      return { value: numberValue(lowering.tree.text.slice(lowering.tree.start[node], lowering.tree.end[node])), depends: [] };
    case Kind.ellipsis:
      return UNKNOWN_EXPRESSION;
    default:
      break;
  }
  if (!lowering.descend(node)) {
    lowering.leave();
    return UNKNOWN_EXPRESSION;
  }
  const expression = compound(lowering, node, outcome);
  lowering.leave();
  return expression;
}

/** Lowers an expression up to its place, which is left to the caller to read, write or call. */
export function reference(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  if (node < 0) return UNKNOWN_EXPRESSION;
  switch (tree.kind[node]) {
    case Kind.identifier: {
      const resolution = lowering.resolve(lowering.nameOf(node));
      if (resolution.kind === 'fixed') return resolution.expression;
      if (resolution.kind === 'local') return lowering.builder.lookup(resolution.key) ?? UNKNOWN_EXPRESSION;
      return { value: { kind: 'place', place: resolution.place }, depends: [] };
    }
    case Kind.attribute:
    case Kind.subscript: {
      if (!lowering.descend(node)) {
        lowering.leave();
        return UNKNOWN_EXPRESSION;
      }
      const expression = tree.kind[node] === Kind.attribute ? attribute(lowering, node) : subscript(lowering, node);
      lowering.leave();
      return expression;
    }
    case Kind.parenthesized:
      return node === lowering.typeArgument ? load(lowering, node) : reference(lowering, firstChild(tree, node));
    case Kind.listSplat:
      return reference(lowering, firstChild(tree, node));
    default:
      return load(lowering, node);
  }
}

function attribute(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  const object = reference(lowering, childOf(tree, node, Field.object));
  const name = childOf(tree, node, Field.attribute);
  if (name < 0) return { value: UNKNOWN, depends: object.depends };
  return { value: extendValue(lowering, object.value, lowering.nameOf(name)), depends: object.depends };
}

function isSliced({ tree }: Lowering, node: number): boolean {
  return tree.kind[node] === Kind.subscript && childrenOf(tree, node).some((child) => tree.field[child] === Field.subscript && tree.kind[child] === Kind.slice);
}

function subscript(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  const object = reference(lowering, childOf(tree, node, Field.value));
  let { depends } = object;
  let isSlice = false;
  for (const child of childrenOf(tree, node)) {
    if (tree.field[child] !== Field.subscript) continue;
    if (tree.kind[child] === Kind.slice) isSlice = true;
    depends = mergeDepends(depends, load(lowering, child).depends);
  }
  const value = isSlice && object.value.kind === 'collection' ? object.value : extendValue(lowering, object.value, ELEMENT);
  return { value, depends };
}

function compound(lowering: Lowering, node: number, outcome: Outcome): Expression {
  const { tree } = lowering;
  switch (tree.kind[node]) {
    case Kind.call:
      return lowerCall(lowering, node, outcome);
    case Kind.parenthesized:
      return node === lowering.typeArgument ? lowerTypeCall(lowering, node, firstChild(tree, node)) : load(lowering, firstChild(tree, node), outcome);
    case Kind.await:
      return awaited(lowering, node);
    case Kind.yield:
      return yielded(lowering, node);
    case Kind.lambda:
      return lambda(lowering, node);
    case Kind.namedExpression: {
      const value = load(lowering, childOf(tree, node, Field.value));
      lowering.parts.assign(childOf(tree, node, Field.name), value);
      return value;
    }
    case Kind.asPattern: {
      const [inner, target] = childrenOf(tree, node);
      const value = load(lowering, inner);
      if (target !== undefined) lowering.parts.assign(target, value);
      return value;
    }
    case Kind.conditionalExpression:
      return conditional(lowering, node, outcome);
    case Kind.booleanOperator:
      return boolean(lowering, node, outcome);
    case Kind.comparisonOperator:
      return comparison(lowering, node);
    case Kind.binaryOperator:
      return binary(lowering, node);
    case Kind.unaryOperator: {
      const operand = load(lowering, childOf(tree, node, Field.argument));
      const { value } = operand;
      const isMinus = operatorOf(tree, node) === Kind.minusToken;
      return isMinus && value.kind === 'constant' && typeof value.value === 'number' ? constant(-value.value) : combine(operand);
    }
    case Kind.list:
      return collection(lowering, node, 'list');
    case Kind.tuple:
    case Kind.expressionList:
    case Kind.patternList:
      return collection(lowering, node, 'tuple');
    case Kind.set:
      return collection(lowering, node, 'set');
    case Kind.dictionary:
      return dictionary(lowering, node);
    case Kind.listComprehension:
      return comprehension(lowering, node, 'list');
    case Kind.setComprehension:
      return comprehension(lowering, node, 'set');
    case Kind.dictionaryComprehension:
      return comprehension(lowering, node, 'dict');
    case Kind.generatorExpression:
      return comprehension(lowering, node, 'list');
    case Kind.string: {
      if (tree.next[node] > node + 1) return parts(lowering, node);
      const text = stringText(tree, node);
      return text === undefined ? UNKNOWN_EXPRESSION : constant(text);
    }
    case Kind.listSplat:
    case Kind.type:
      return load(lowering, firstChild(tree, node));
    case Kind.asPatternTarget:
      return UNKNOWN_EXPRESSION;
    default:
      // Where the text does not parse, statements stand inside expressions.
      if (tree.kind[node] >= Kind.block && tree.kind[node] <= Kind.decoratedDefinition) {
        lowering.parts.statement(node);
        return UNKNOWN_EXPRESSION;
      }
      return parts(lowering, node);
  }
}

/** An expression of which only the parts matter: f-strings, slices, splats, what could not be read. */
function parts(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  let depends: readonly number[] = [];
  for (const child of childrenOf(tree, node)) {
    if (tree.field[child] === Field.name) continue;
    depends = mergeDepends(depends, load(lowering, child).depends);
  }
  return { value: UNKNOWN, depends };
}

function awaited(lowering: Lowering, node: number): Expression {
  const operand = load(lowering, firstChild(lowering.tree, node), 'awaited');
  return outcomeOf(lowering.builder.emit({ kind: 'await', span: lowering.spanOf(node), value: operand.value, depends: operand.depends }));
}

function yielded(lowering: Lowering, node: number): Expression {
  const child = firstChild(lowering.tree, node);
  const operand = child < 0 ? constant(null) : load(lowering, child);
  const operation = lowering.builder.emit({ kind: 'yield', span: lowering.spanOf(node), value: operand.value, depends: operand.depends });
  return { value: UNKNOWN, depends: [operation] };
}

function conditional(lowering: Lowering, node: number, outcome: Outcome): Expression {
  const { tree, builder } = lowering;
  const [whenTrue, condition, whenFalse] = childrenOf(tree, node);
  if (whenFalse === undefined) return parts(lowering, node);
  const test = load(lowering, condition);
  let yes = UNKNOWN_EXPRESSION;
  let no = UNKNOWN_EXPRESSION;
  const arms = [
    () => {
      yes = load(lowering, whenTrue, outcome);
    },
    () => {
      no = load(lowering, whenFalse, outcome);
    },
  ];
  builder.branch(lowering.spanOf(node), test.depends, arms, conditionExtra(tree, condition));
  const value = eitherOf(yes.value, no.value);
  return { value, depends: mergeDepends(test.depends, mergeDepends(yes.depends, no.depends)), ...alternatives(value, yes, no) };
}

/** `a and b or c` from left to right without recursion: each further operand runs in a branch on those before it. */
function boolean(lowering: Lowering, node: number, outcome: Outcome): Expression {
  const { tree, builder } = lowering;
  const spine: number[] = [];
  let first = node;
  while (first >= 0 && tree.kind[first] === Kind.booleanOperator) {
    spine.push(first);
    first = childOf(tree, first, Field.left);
  }
  let whole = load(lowering, first);
  for (let operator = spine.pop(); operator !== undefined; operator = spine.pop()) {
    const right = childOf(tree, operator, Field.right);
    const isOr = childKindOfOperator(tree, operator) === Kind.orToken;
    let operand = UNKNOWN_EXPRESSION;
    if (isPlain(lowering, right)) operand = load(lowering, right);
    else {
      const lower = () => {
        operand = load(lowering, right, outcome);
      };
      const tested = conditionExtra(tree, childOf(tree, operator, Field.left));
      const isNegated = (tested.negated ?? false) !== isOr;
      builder.branch(lowering.spanOf(right), whole.depends, [lower, () => {}], {
        ...(tested.guard && !isOr ? { guard: tested.guard } : {}),
        ...(isNegated ? { negated: true } : {}),
      });
    }
    const value = isOr ? eitherOf(whole.value, operand.value) : UNKNOWN;
    whole = { value, depends: mergeDepends(whole.depends, operand.depends), ...(isOr ? alternatives(value, whole, operand) : {}) };
  }
  return whole;
}

/** Whether an expression can hold no operation, so that it needs no branch of its own. */
function isPlain(lowering: Lowering, node: number): boolean {
  switch (lowering.tree.kind[node]) {
    case Kind.identifier:
      return lowering.resolve(lowering.nameOf(node)).kind !== 'place';
    case Kind.none:
    case Kind.true:
    case Kind.false:
    case Kind.integer:
    case Kind.float:
      return true;
    case Kind.string:
      return lowering.tree.next[node] === node + 1;
    default:
      return false;
  }
}

/** `None or x` and `x if y else None` are x for whoever uses them. */
function eitherOf(a: Value, b: Value): Value {
  if (a.kind === 'constant' && a.value === null) return b;
  if (b.kind === 'constant' && b.value === null) return a;
  return a === b || JSON.stringify(a) === JSON.stringify(b) ? a : UNKNOWN;
}

function comparison(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  let depends: readonly number[] = [];
  let isMember = false;
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) {
    const kind = tree.kind[child];
    if (kind >= Kind.asyncToken) {
      isMember = kind === Kind.inToken || kind === Kind.notInToken;
      continue;
    }
    // `k in self.cache` looks at the elements, as `self.cache[k]` does.
    const operand = isMember ? elementRead(lowering, child) : load(lowering, child);
    depends = mergeDepends(depends, operand.depends);
    isMember = false;
  }
  return { value: UNKNOWN, depends };
}

function elementRead(lowering: Lowering, node: number): Expression {
  const container = reference(lowering, node);
  const { value } = container;
  if (value.kind !== 'place' || (value.place.root.kind === 'result' && value.place.path.length === 0)) return container;
  return lowering.read({ value: extendValue(lowering, value, ELEMENT), depends: container.depends }, node, 'membership');
}

/** Long sums lean to the left: their spine is walked, not recursed into. */
function binary(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  const rights: number[] = [];
  let first = node;
  while (first >= 0 && tree.kind[first] === Kind.binaryOperator) {
    rights.push(childOf(tree, first, Field.right));
    first = childOf(tree, first, Field.left);
  }
  let { depends } = load(lowering, first);
  for (let right = rights.pop(); right !== undefined; right = rights.pop()) depends = mergeDepends(depends, load(lowering, right).depends);
  return { value: UNKNOWN, depends };
}

function collection(lowering: Lowering, node: number, type: CollectionType): Expression {
  const { tree } = lowering;
  const items: Value[] = [];
  const all: Expression[] = [];
  for (const child of childrenOf(tree, node)) {
    const item = load(lowering, child);
    if (item.depends.length > 0) all.push(item);
    if (items.length < MOST_ITEMS) items.push(isSplat(lowering, child) ? UNKNOWN : item.value);
  }
  return { value: { kind: 'collection', type, items }, depends: mergeAll(all) };
}

function dictionary(lowering: Lowering, node: number): Expression {
  const { tree } = lowering;
  const items: Value[] = [];
  const all: Expression[] = [];
  for (const child of childrenOf(tree, node)) {
    let value = UNKNOWN;
    if (tree.kind[child] === Kind.pair) {
      all.push(load(lowering, childOf(tree, child, Field.key)));
      const item = load(lowering, childOf(tree, child, Field.value));
      all.push(item);
      value = item.value;
    } else all.push(load(lowering, child));
    if (items.length < MOST_ITEMS) items.push(value);
  }
  return { value: { kind: 'collection', type: 'dict', items }, depends: mergeAll(all) };
}

/** Tables can have thousands of items: merged at once, as one after another would take the square of that. */
function mergeAll(all: readonly Expression[]): readonly number[] {
  if (all.length === 0) return [];
  if (all.length === 1) return all[0].depends;
  return [...new Set(all.flatMap((each) => each.depends))].sort((a, b) => a - b);
}

/** Whether an item is `*x`; the grammar reads `*range(4)` in a set as a call of `*range`. */
export function isSplat(lowering: Lowering, node: number): boolean {
  return lowering.tree.text.charCodeAt(lowering.tree.start[node]) === 42;
}
