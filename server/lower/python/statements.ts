// Statements: one function per kind of statement, except definitions.

import type { Value } from '../../model/value';
import { childOf, childOfKind, childrenOf, firstChild } from '../../syntax/python/flat-tree';
import { Field, Kind } from '../../syntax/python/kinds';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { assignment, augmentedAssignment, importNames, misreadTypeAlias } from './assignments';
import { nextElement } from './comprehensions';
import { conditionExtra } from './conditions';
import { define } from './definitions';
import { constant, type Lowering } from './lowering';
import { deadArm } from './old-versions';
import { bindPattern, matchesAll } from './patterns';
import { assign, deleteTarget } from './targets';
import { isAsync } from './tree-shapes';

/** So many `elif` nest; further ones become arms of one branch, as deep structures cost everyone who walks them. */
const NESTED_ELIFS = 40;

/** Lowers the statements of a block. */
export function block(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  if (lowering.descend(node)) {
    const limit = tree.next[node];
    for (let child = node + 1; child < limit; child = tree.next[child]) if (tree.kind[child] < Kind.asyncToken) statement(lowering, child);
  }
  lowering.leave();
}

/** Lowers one statement. */
export function statement(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const kind = tree.kind[node];
  if (kind === Kind.passStatement || kind === Kind.globalStatement || kind === Kind.nonlocalStatement) return;
  // A decorated definition is one statement with its decorators.
  lowering.builder.statement(lowering.spanOf(node), () => lower(lowering, node, kind));
}

function lower(lowering: Lowering, node: number, kind: number): void {
  const { tree, builder, parts } = lowering;
  switch (kind) {
    case Kind.expressionStatement:
      for (const child of childrenOf(tree, node)) expressionStatement(lowering, child);
      return;
    case Kind.returnStatement: {
      const child = firstChild(tree, node);
      const value = child < 0 ? constant(null) : parts.load(child, 'returned');
      builder.emit({ kind: 'return', span: lowering.spanOf(node), value: value.value, depends: value.depends });
      return;
    }
    case Kind.ifStatement:
      conditional(
        lowering,
        node,
        0,
        childrenOf(tree, node).filter((child) => tree.field[child] === Field.alternative),
      );
      return;
    case Kind.forStatement:
      forLoop(lowering, node);
      return;
    case Kind.whileStatement:
      whileLoop(lowering, node);
      return;
    case Kind.tryStatement:
      attempt(lowering, node);
      return;
    case Kind.withStatement:
      withStatement(lowering, node);
      return;
    case Kind.decoratedDefinition: {
      const definition = childOf(tree, node, Field.definition);
      if (definition >= 0) define(lowering, definition);
      return;
    }
    case Kind.functionDefinition:
    case Kind.classDefinition:
      define(lowering, node);
      return;
    case Kind.raiseStatement:
      raise(lowering, node);
      return;
    case Kind.assertStatement:
      assertion(lowering, node);
      return;
    case Kind.deleteStatement:
      for (const child of childrenOf(tree, node)) deleteTarget(lowering, child);
      return;
    case Kind.importStatement:
    case Kind.importFrom:
    case Kind.futureImport:
      importNames(lowering, node);
      return;
    case Kind.breakStatement:
    case Kind.continueStatement:
      builder.emit({ kind: kind === Kind.breakStatement ? 'break' : 'continue', span: lowering.spanOf(node), depends: [] });
      return;
    case Kind.matchStatement:
      match(lowering, node);
      return;
    case Kind.typeAlias:
      misreadTypeAlias(lowering, node);
      return;
    case Kind.printStatement:
    case Kind.execStatement:
      oldCall(lowering, node, kind === Kind.printStatement ? 'print' : 'exec');
      return;
    default:
      stray(lowering, node);
  }
}

function expressionStatement(lowering: Lowering, node: number): void {
  const kind = lowering.tree.kind[node];
  if (kind === Kind.assignment) assignment(lowering, node);
  else if (kind === Kind.augmentedAssignment) augmentedAssignment(lowering, node);
  else lowering.parts.load(node, 'dropped');
}

/** Where the text does not parse: whatever is readable inside is lowered in order. */
function stray(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const kind = tree.kind[node];
  if (kind >= Kind.parameters && kind < Kind.asyncToken) {
    lowering.parts.load(node);
    return;
  }
  block(lowering, node);
}

/** `alternatives` are the `elif` and `else` clauses that are left. */
function conditional(lowering: Lowering, node: number, depth: number, alternatives: readonly number[]): void {
  const { tree, builder, parts } = lowering;
  const condition = childOf(tree, node, Field.condition);
  const test = parts.load(condition);
  const next = alternatives[0];
  const arms = [() => consequence(lowering, node)];
  if (next === undefined) arms.push(() => {});
  else if (tree.kind[next] === Kind.elseClause) arms.push(() => consequence(lowering, next));
  else if (depth < NESTED_ELIFS) arms.push(() => conditional(lowering, next, depth + 1, alternatives.slice(1)));
  else {
    flatConditional(lowering, node, test, alternatives);
    return;
  }
  const dead = deadArm(tree, condition);
  if (dead !== undefined) arms[dead] = () => {};
  builder.branch(lowering.spanOf(node), test.depends, arms, conditionExtra(tree, condition));
}

function flatConditional(lowering: Lowering, node: number, first: Expression, alternatives: readonly number[]): void {
  const { tree, builder, parts } = lowering;
  let test = first.depends;
  for (const clause of alternatives) test = mergeDepends(test, parts.load(childOf(tree, clause, Field.condition)).depends);
  const arms = [node, ...alternatives].map((clause) => () => consequence(lowering, clause));
  if (tree.kind[alternatives[alternatives.length - 1]] !== Kind.elseClause) arms.push(() => {});
  builder.branch(lowering.spanOf(node), test, arms);
}

function consequence(lowering: Lowering, clause: number): void {
  const { tree } = lowering;
  const body = childOf(tree, clause, tree.kind[clause] === Kind.elseClause ? Field.body : Field.consequence);
  if (body >= 0) block(lowering, body);
}

function forLoop(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const iterable = parts.load(childOf(tree, node, Field.right));
  const round = () => {
    assign(lowering, childOf(tree, node, Field.left), nextElement(lowering, iterable, node));
    body(lowering, node);
  };
  builder.loop(lowering.spanOf(node), round, { ...otherwise(lowering, node), over: iterable.value });
}

function whileLoop(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const condition = childOf(tree, node, Field.condition);
  let test: readonly number[] = [];
  const round = () => {
    test = parts.load(condition).depends;
    body(lowering, node);
  };
  const isEndless =
    condition >= 0 && (tree.kind[condition] === Kind.true || (tree.kind[condition] === Kind.integer && tree.text[tree.start[condition]] !== '0'));
  builder.loop(lowering.spanOf(node), round, { ...otherwise(lowering, node), test: () => test, ...(isEndless ? { endless: true } : {}) });
}

function body(lowering: Lowering, node: number): void {
  const child = childOf(lowering.tree, node, Field.body);
  if (child >= 0) block(lowering, child);
}

function otherwise(lowering: Lowering, node: number): { otherwise?: () => void } {
  const clause = childOfKind(lowering.tree, node, Kind.elseClause);
  return clause < 0 ? {} : { otherwise: () => body(lowering, clause) };
}

function attempt(lowering: Lowering, node: number): void {
  const { tree, builder } = lowering;
  const handlers = childrenOf(tree, node).filter((child) => tree.kind[child] === Kind.exceptClause);
  const final = childOfKind(tree, node, Kind.finallyClause);
  builder.attempt(lowering.spanOf(node), {
    body: () => body(lowering, node),
    handlers: handlers.map((handler) => () => exceptClause(lowering, handler)),
    ...(handlers.length > 0 ? { catches: handlers.map((handler) => caughtBy(lowering, handler)) } : {}),
    ...otherwise(lowering, node),
    ...(final < 0 ? {} : { final: () => blocksOf(lowering, final) }),
  });
}

/** The last names of the classes that a handler names: `Empty` of `except queue.Empty`. */
function caughtBy(lowering: Lowering, node: number): readonly string[] {
  const { tree } = lowering;
  const names: string[] = [];
  const collect = (child: number): void => {
    if (child < 0) return;
    if (tree.kind[child] === Kind.identifier) names.push(lowering.nameOf(child));
    else if (tree.kind[child] === Kind.attribute) collect(childOf(tree, child, Field.attribute));
    else if (tree.kind[child] === Kind.asPattern) collect(firstChild(tree, child));
    else if (tree.kind[child] === Kind.tuple || tree.kind[child] === Kind.parenthesized) for (const item of childrenOf(tree, child)) collect(item);
    else names.push('?');
  };
  for (const child of childrenOf(tree, node)) if (tree.field[child] === Field.value) collect(child);
  return names.length > 0 ? names : ['*'];
}

/** `except` and `except*` alike. */
function exceptClause(lowering: Lowering, node: number): void {
  const { tree, parts } = lowering;
  for (const child of childrenOf(tree, node)) {
    if (tree.field[child] === Field.value) {
      // The exception itself is none of the values that the analysis follows, so the name gets an unknown one.
      if (tree.kind[child] === Kind.asPattern) {
        const [type, target] = childrenOf(tree, child);
        parts.load(type);
        if (target !== undefined) assign(lowering, target, UNKNOWN_EXPRESSION);
      } else parts.load(child);
    } else if (tree.field[child] === Field.alias) assign(lowering, child, UNKNOWN_EXPRESSION);
  }
  blocksOf(lowering, node);
}

function blocksOf(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  for (const child of childrenOf(tree, node)) if (tree.kind[child] === Kind.block) block(lowering, child);
}

function withStatement(lowering: Lowering, node: number): void {
  const { tree } = lowering;
  const clause = childOfKind(tree, node, Kind.withClause);
  const items = clause < 0 ? [] : childrenOf(tree, clause).filter((child) => tree.kind[child] === Kind.withItem);
  enterItems(lowering, node, items, isAsync(tree, node));
}

/** The first item around the second around the body. */
function enterItems(lowering: Lowering, node: number, items: readonly number[], async: boolean): void {
  const { tree, builder, parts } = lowering;
  const [item, ...rest] = items;
  if (item === undefined || !lowering.descend(node)) {
    if (item !== undefined) lowering.leave();
    body(lowering, node);
    return;
  }
  let entered = childOf(tree, item, Field.value);
  let target: number | undefined;
  if (entered >= 0 && tree.kind[entered] === Kind.asPattern) [entered, target] = childrenOf(tree, entered);
  const value = parts.load(entered);
  const span = entered < 0 ? lowering.spanOf(item) : lowering.spanOf(entered);
  const pause = () => (async ? [builder.emit({ kind: 'await', span, value: value.value, depends: value.depends })] : []);
  const paused = pause();
  builder.enter({ value: value.value, depends: value.depends, isAsync: async, span }, () => {
    // `with open(x) as f`: most context managers give themselves, so the name stands for the entered value.
    if (target !== undefined) assign(lowering, target, { value: value.value, depends: mergeDepends(value.depends, paused) });
    enterItems(lowering, node, rest, async);
  });
  pause();
  lowering.leave();
}

function raise(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const [raised, cause] = childrenOf(tree, node);
  const value = raised === undefined ? UNKNOWN_EXPRESSION : parts.load(raised);
  const from = cause === undefined ? UNKNOWN_EXPRESSION : parts.load(cause);
  builder.emit({ kind: 'raise', span: lowering.spanOf(node), value: value.value, depends: mergeDepends(value.depends, from.depends) });
}

/** An assertion that fails raises. */
function assertion(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const [condition, message] = childrenOf(tree, node);
  if (condition === undefined) return;
  const test = parts.load(condition);
  const fail = () => {
    const value = message === undefined ? UNKNOWN_EXPRESSION : parts.load(message);
    builder.emit({ kind: 'raise', span: lowering.spanOf(node), value: UNKNOWN_EXPRESSION.value, depends: value.depends });
  };
  const { negated } = conditionExtra(tree, condition);
  builder.branch(lowering.spanOf(node), test.depends, [fail, () => {}], negated ? {} : { negated: true });
}

function match(lowering: Lowering, node: number): void {
  const { tree, builder, parts } = lowering;
  const subjects = childrenOf(tree, node).filter((child) => tree.field[child] === Field.subject);
  const values = subjects.map((subject) => parts.load(subject));
  const items: Value[] = values.map((value) => value.value);
  const depends = values.reduce<readonly number[]>((all, value) => mergeDepends(all, value.depends), []);
  const subject: Expression = values.length === 1 ? values[0] : { value: { kind: 'collection', type: 'tuple', items }, depends };
  const cases = childOf(tree, node, Field.body);
  let isComplete = false;
  const arms: (() => void)[] = [];
  for (const clause of cases < 0 ? [] : childrenOf(tree, cases)) {
    if (tree.kind[clause] !== Kind.caseClause) continue;
    const patterns = childrenOf(tree, clause).filter((child) => tree.kind[child] === Kind.casePattern);
    const guard = childOf(tree, clause, Field.guard);
    if (guard < 0 && patterns.length === 1 && matchesAll(tree, patterns[0])) isComplete = true;
    arms.push(() => {
      for (const pattern of patterns) bindPattern(lowering, pattern, patterns.length === 1 ? subject : { value: UNKNOWN_EXPRESSION.value, depends });
      if (guard >= 0) guarded(lowering, clause, guard);
      else consequence(lowering, clause);
    });
  }
  if (!isComplete) arms.push(() => {});
  builder.branch(lowering.spanOf(node), depends, arms);
}

function guarded(lowering: Lowering, clause: number, guard: number): void {
  const { tree, builder, parts } = lowering;
  const condition = firstChild(tree, guard);
  const test = parts.load(condition);
  builder.branch(lowering.spanOf(clause), test.depends, [() => consequence(lowering, clause), () => {}], conditionExtra(tree, condition));
}

/** Python 2's `print x` and `exec x`: calls. `print >>f, x` is a tuple in Python 3, of which nothing is called. */
function oldCall(lowering: Lowering, node: number, name: string): void {
  const { tree, builder, parts } = lowering;
  const chevron = childOfKind(tree, node, Kind.chevron);
  if (chevron >= 0) parts.load(firstChild(tree, chevron));
  const values = childrenOf(tree, node)
    .filter((child) => child !== chevron)
    .map((child) => parts.load(child));
  if (chevron >= 0) return;
  const callee: Value = { kind: 'place', place: { root: { kind: 'global', name }, path: [] } };
  const depends = values.reduce<readonly number[]>((all, value) => mergeDepends(all, value.depends), []);
  builder.emit({ kind: 'call', span: lowering.spanOf(node), callee, arguments: values, form: 'call', outcome: 'dropped', depends });
}
