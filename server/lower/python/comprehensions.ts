// Comprehensions: loops inside expressions, with variables of their own.

import { ELEMENT } from '../../model/place';
import type { CollectionType } from '../../model/value';
import { childOf, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { conditionExtra } from './conditions';
import { extendValue, type Lowering } from './lowering';
import { isAsync } from './tree-shapes';

/** Lowers a comprehension or generator expression as the loops it stands for; its value is a collection of what it makes. */
export function comprehension(lowering: Lowering, node: number, type: CollectionType): Expression {
  const { tree, scopes } = lowering;
  const around = lowering.scope;
  const scope = scopes.byNode.get(node);
  if (!scope) return UNKNOWN_EXPRESSION;
  const clauses = childrenOf(tree, node).filter((child) => tree.kind[child] === Kind.forInClause || tree.kind[child] === Kind.ifClause);
  let made = UNKNOWN_EXPRESSION;
  let depends: readonly number[] = [];
  const run = (index: number): void => {
    const clause = clauses[index];
    if (clause === undefined) {
      made = element(lowering, childOf(tree, node, Field.body));
    } else if (tree.kind[clause] === Kind.ifClause) {
      const condition = firstChild(tree, clause);
      const test = lowering.parts.load(condition);
      depends = mergeDepends(depends, test.depends);
      lowering.builder.branch(lowering.spanOf(clause), test.depends, [() => run(index + 1), () => {}], conditionExtra(tree, condition));
    } else {
      // The first iterable is evaluated outside.
      if (index === 0) lowering.scope = around;
      const iterable = lowering.parts.load(childOf(tree, clause, Field.right));
      lowering.scope = scope;
      depends = mergeDepends(depends, iterable.depends);
      const round = () => {
        lowering.parts.assign(childOf(tree, clause, Field.left), nextElement(lowering, iterable, clause));
        run(index + 1);
      };
      lowering.builder.loop(lowering.spanOf(clause), round, { over: iterable.value });
    }
  };
  lowering.scope = scope;
  if (clauses.length <= 50) run(0);
  lowering.scope = around;
  return { value: { kind: 'collection', type, items: [made.value] }, depends: mergeDepends(depends, made.depends) };
}

/** What a loop over `iterable` gets in each round, with the read or the await that it takes; `node` is the `for`. */
export function nextElement(lowering: Lowering, iterable: Expression, node: number): Expression {
  const { value } = iterable;
  const span = { start: lowering.tree.start[node], end: lowering.tree.start[node] + 3 };
  if (isAsync(lowering.tree, node)) {
    const operation = lowering.builder.emit({ kind: 'await', span, value, depends: iterable.depends });
    return { value: { kind: 'place', place: { root: { kind: 'result', operation }, path: [] } }, depends: [operation] };
  }
  const element = { value: extendValue(lowering, value, ELEMENT), depends: iterable.depends };
  // What a call returned, such as range(4), is mostly nobody else's.
  const isOwn = value.kind !== 'place' || (value.place.root.kind === 'result' && value.place.path.length === 0);
  const right = childOf(lowering.tree, node, Field.right);
  return isOwn || right < 0 ? element : lowering.read(element, right, 'step');
}

function element(lowering: Lowering, body: number): Expression {
  const { tree, parts } = lowering;
  if (body < 0 || tree.kind[body] !== Kind.pair) return parts.load(body);
  const key = parts.load(childOf(tree, body, Field.key));
  const value = parts.load(childOf(tree, body, Field.value));
  return { value: value.value, depends: mergeDepends(key.depends, value.depends) };
}
