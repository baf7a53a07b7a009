// Conditions: what a test says beyond the values it depends on: whether it is negated, and whether it is the main guard.

import type { Branch } from '../../model/operation';
import { childOf, childrenOf, type FlatTree, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { stringText } from './literals';

/** How deep brackets and operators are looked through. */
const DEEPEST = 20;

/** The guard and negation of a branch on a condition. */
export function conditionExtra(tree: FlatTree, condition: number): Pick<Branch, 'guard' | 'negated'> {
  const main = mainTest(tree, condition, 0);
  if (main !== 0) return main > 0 ? { guard: 'main-module' } : { guard: 'main-module', negated: true };
  return isNegated(tree, condition, 0) ? { negated: true } : {};
}

/** 1 where the condition holds in the main module only, -1 where it fails there only, 0 otherwise. */
function mainTest(tree: FlatTree, node: number, depth: number): number {
  if (node < 0 || depth > DEEPEST) return 0;
  switch (tree.kind[node]) {
    case Kind.parenthesized:
      return mainTest(tree, firstChild(tree, node), depth + 1);
    case Kind.notOperator:
      return -mainTest(tree, childOf(tree, node, Field.argument), depth + 1);
    case Kind.booleanOperator: {
      // `main and x` still holds in the main module only; `not main or x` still fails nowhere else.
      const wanted = childKindOfOperator(tree, node) === Kind.andToken ? 1 : -1;
      const either = [Field.left, Field.right].some((side) => mainTest(tree, childOf(tree, node, side), depth + 1) === wanted);
      return either ? wanted : 0;
    }
    case Kind.comparisonOperator: {
      const operands = childrenOf(tree, node);
      const operator = operatorOf(tree, node);
      if (operands.length !== 2) return 0;
      const [a, b] = operands;
      if (operator === Kind.inToken) return isName(tree, a) && namesMainAlone(tree, b) ? 1 : 0;
      const isSame = operator === Kind.equalToken || operator === Kind.isToken;
      if (!isSame && operator !== Kind.unequalToken && operator !== Kind.isNotToken) return 0;
      const isMain = (isName(tree, a) && isMainString(tree, b)) || (isName(tree, b) && isMainString(tree, a));
      return isMain ? (isSame ? 1 : -1) : 0;
    }
    default:
      return 0;
  }
}

/** Whether the first arm runs when what is tested is false, None, 0 or absent. */
function isNegated(tree: FlatTree, node: number, depth: number): boolean {
  if (node < 0 || depth > DEEPEST) return false;
  switch (tree.kind[node]) {
    case Kind.parenthesized:
      return isNegated(tree, firstChild(tree, node), depth + 1);
    case Kind.notOperator:
      return !isNegated(tree, childOf(tree, node, Field.argument), depth + 1);
    case Kind.booleanOperator:
      return isNegated(tree, childOf(tree, node, Field.left), depth + 1);
    case Kind.comparisonOperator: {
      const operator = operatorOf(tree, node);
      if (operator === Kind.notInToken) return true;
      const isSame = operator === Kind.isToken || operator === Kind.equalToken;
      const isDifferent = operator === Kind.isNotToken || operator === Kind.unequalToken;
      const operands = childrenOf(tree, node);
      if (operands.length !== 2 || (!isSame && !isDifferent)) return false;
      if (operands.some((operand) => isFalsy(tree, operand))) return isSame;
      return operands.some((operand) => tree.kind[operand] === Kind.true) && isDifferent;
    }
    default:
      return false;
  }
}

/** The kind of the first comparison operator, 0 for those that do not matter. */
export function operatorOf(tree: FlatTree, node: number): number {
  for (let child = node + 1; child < tree.next[node]; child = tree.next[child]) if (tree.kind[child] >= Kind.asyncToken) return tree.kind[child];
  return 0;
}

/** `and` or `or`. */
export function childKindOfOperator(tree: FlatTree, node: number): number {
  const operator = childOf(tree, node, Field.operator);
  return operator < 0 ? Kind.andToken : tree.kind[operator];
}

function isName(tree: FlatTree, node: number): boolean {
  return tree.kind[node] === Kind.identifier && tree.text.startsWith('__name__', tree.start[node]) && tree.end[node] - tree.start[node] === 8;
}

function isMainString(tree: FlatTree, node: number): boolean {
  return tree.kind[node] === Kind.string && stringText(tree, node) === '__main__';
}

/** `("__main__", "__console__")`; with `"__mp_main__"` in it, children pass the test as well. */
function namesMainAlone(tree: FlatTree, node: number): boolean {
  const items = childrenOf(tree, node);
  return items.some((item) => isMainString(tree, item)) && !items.some((item) => tree.kind[item] === Kind.string && stringText(tree, item) === '__mp_main__');
}

function isFalsy(tree: FlatTree, node: number): boolean {
  const kind = tree.kind[node];
  return kind === Kind.none || kind === Kind.false || (kind === Kind.integer && tree.end[node] - tree.start[node] === 1 && tree.text[tree.start[node]] === '0');
}
