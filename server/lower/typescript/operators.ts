// Lowering of operators: arithmetic, logic, conditional expressions, assignments, `delete`, `await` and `yield`.
import ts from 'typescript';
import type { Branch } from '../../model/operation';
import { UNKNOWN } from '../../model/value';
import { combine, outcomeOf } from '../function-builder';
import { type Expression, mergeDepends, UNKNOWN_EXPRESSION } from '../local-flow';
import { eitherOf, lowerAlternative } from './combining';
import { lowerCondition, lowerTested } from './conditions';
import { exportWrites } from './export-writes';
import { type FunctionLowering, type Outcome, Tables } from './lowering';
import { importSourceOf, nameOf, unwrap } from './names';
import { placeExpression, valueOf } from './names-and-places';
import { lowerTarget } from './writing';

const K = ts.SyntaxKind;
const tables = new Tables();
export const OPERATOR_TABLES = tables;

tables.expression([K.BinaryExpression], (f, node: ts.BinaryExpression, outcome) => {
  const operator = node.operatorToken.kind;
  if (operator === K.EqualsToken) return lowerAssignment(f, node);
  if (operator === K.BarBarEqualsToken || operator === K.AmpersandAmpersandEqualsToken || operator === K.QuestionQuestionEqualsToken)
    return lowerLogicalAssignment(f, node);
  if (operator >= K.FirstAssignment && operator <= K.LastAssignment) return lowerUpdate(f, node, node.left, node.right);
  if (operator === K.AmpersandAmpersandToken || operator === K.BarBarToken || operator === K.QuestionQuestionToken) return lowerLogical(f, node, outcome);
  if (operator === K.CommaToken) {
    f.expression(node.left, 'dropped');
    return f.expression(node.right, outcome);
  }
  return lowerChain(f, node);
});

/** Arithmetic and comparisons; long chains lean to the left and are followed in a loop. */
function lowerChain(f: FunctionLowering, node: ts.BinaryExpression): Expression {
  const rights: ts.Expression[] = [];
  let left: ts.Expression = node;
  while (left.kind === K.BinaryExpression && isPlain((left as ts.BinaryExpression).operatorToken.kind)) {
    rights.push((left as ts.BinaryExpression).right);
    left = (left as ts.BinaryExpression).left;
  }
  let { depends } = f.expression(left);
  for (let i = rights.length - 1; i >= 0; i--) depends = mergeDepends(depends, f.expression(rights[i]).depends);
  return depends.length === 0 ? UNKNOWN_EXPRESSION : { value: UNKNOWN, depends };
}

function isPlain(operator: ts.SyntaxKind): boolean {
  if (operator >= K.FirstAssignment && operator <= K.LastAssignment) return false;
  return operator !== K.AmpersandAmpersandToken && operator !== K.BarBarToken && operator !== K.QuestionQuestionToken && operator !== K.CommaToken;
}

function lowerLogical(f: FunctionLowering, node: ts.BinaryExpression, outcome: Outcome): Expression {
  const operator = node.operatorToken.kind;
  if (operator === K.QuestionQuestionToken) {
    const left = f.expression(node.left);
    return eitherOf(left, lowerAlternative(f, node.right, left.depends, true, outcome));
  }
  const condition = lowerCondition(f, node.left);
  const right = lowerAlternative(f, node.right, condition.depends, condition.negated !== (operator === K.BarBarToken), outcome);
  if (operator === K.AmpersandAmpersandToken) return { value: right.value, depends: mergeDepends(condition.depends, right.depends) };
  return eitherOf({ value: condition.value, depends: condition.depends }, right);
}

tables.expression([K.ConditionalExpression], (f, node: ts.ConditionalExpression, outcome) => {
  const condition = lowerCondition(f, node.condition);
  let whenTrue = UNKNOWN_EXPRESSION;
  let whenFalse = UNKNOWN_EXPRESSION;
  const arms = [() => void (whenTrue = f.expression(node.whenTrue, outcome)), () => void (whenFalse = f.expression(node.whenFalse, outcome))];
  const extra: Pick<Branch, 'guard' | 'negated' | 'asks'> = {
    ...(condition.guard === 'main' ? { guard: 'main-module' as const } : {}),
    ...(condition.negated ? { negated: true } : {}),
    ...(condition.asks ? { asks: condition.asks } : {}),
  };
  f.builder.branch(f.span(node), condition.depends, arms, extra);
  const either = eitherOf(whenTrue, whenFalse);
  return { value: either.value, depends: mergeDepends(condition.depends, either.depends) };
});

// Assignments. JavaScript evaluates the target's parts first, then the source, then writes.
function lowerAssignment(f: FunctionLowering, node: ts.BinaryExpression): Expression {
  const exported = exportWrites(f, node);
  if (exported) return exported;
  const write = lowerTarget(f, node.left);
  const source = f.expression(node.right);
  write(source, 'assign', node);
  return source;
}

/** `x += y`, `x++`: a read, the other side, a write. */
function lowerUpdate(f: FunctionLowering, node: ts.Node, target: ts.Expression, other: ts.Expression | undefined): Expression {
  const { before, write } = lowerReadTarget(f, target);
  const after = other ? combine(before, f.expression(other)) : combine(before);
  write(after, 'update', node);
  return after;
}

/** `x ??= y`, `x ||= y`, `x &&= y`: a read, and on one path the other side and a write. */
function lowerLogicalAssignment(f: FunctionLowering, node: ts.BinaryExpression): Expression {
  const { before, write } = lowerReadTarget(f, node.left);
  const negated = node.operatorToken.kind !== K.AmpersandAmpersandEqualsToken;
  let after = UNKNOWN_EXPRESSION;
  const assign = () => {
    after = f.expression(node.right);
    write({ value: after.value, depends: mergeDepends(before.depends, after.depends) }, 'update', node);
  };
  f.builder.branch(f.span(node), before.depends, [assign, () => {}], negated ? { negated: true } : {});
  // Whatever was written, the place holds it now.
  if (before.value.kind === 'place') return { value: before.value, depends: mergeDepends(before.depends, after.depends) };
  return eitherOf(before, after);
}

/** The target of an update, read. A path is evaluated once for both the read and the write. */
function lowerReadTarget(f: FunctionLowering, target: ts.Expression) {
  const inner = unwrap(target);
  if (inner.kind === K.Identifier) {
    const variable = f.scope.find(nameOf(inner as ts.Identifier));
    const place = variable && f.placeOf(variable);
    const before = !variable
      ? f.read(inner, { root: { kind: 'global', name: nameOf(inner as ts.Identifier) }, path: [] }, [])
      : place
        ? f.read(inner, place, valueOf(f, variable).depends)
        : valueOf(f, variable);
    return { before, write: lowerTarget(f, inner) };
  }
  let before: Expression = UNKNOWN_EXPRESSION;
  const write = lowerTarget(f, inner, (read) => {
    before = read;
  });
  return { before, write };
}

tables.expression([K.PrefixUnaryExpression, K.PostfixUnaryExpression], (f, node: ts.PrefixUnaryExpression) => {
  if (node.operator === K.PlusPlusToken || node.operator === K.MinusMinusToken) return lowerUpdate(f, node, node.operand, undefined);
  const operand = node.operator === K.ExclamationToken ? lowerTested(f, node.operand) : f.expression(node.operand);
  if (node.operator === K.MinusToken && operand.value.kind === 'constant' && typeof operand.value.value === 'number') {
    return { value: { kind: 'constant', value: -operand.value.value }, depends: operand.depends };
  }
  return combine(operand);
});
// `typeof document` asks whether there is one.
tables.expression([K.TypeOfExpression], (f, node: ts.TypeOfExpression) => {
  const inner = unwrap(node.expression);
  const name = inner.kind === K.Identifier ? nameOf(inner as ts.Identifier) : '';
  if (name === '' || f.scope.find(name)) return combine(f.expression(inner));
  return combine(f.read(inner, { root: { kind: 'global', name }, path: [] }, []));
});
tables.expression([K.VoidExpression], (f, node: ts.VoidExpression) => {
  f.expression(node.expression);
  return { value: { kind: 'constant', value: null }, depends: [] };
});
tables.expression([K.DeleteExpression], (f, node: ts.DeleteExpression) => {
  lowerTarget(f, node.expression)(UNKNOWN_EXPRESSION, 'delete', node);
  return UNKNOWN_EXPRESSION;
});
tables.expression(
  [K.ParenthesizedExpression, K.AsExpression, K.SatisfiesExpression, K.TypeAssertionExpression, K.NonNullExpression, K.PartiallyEmittedExpression],
  (f, node: ts.ParenthesizedExpression, outcome) => f.expression(unwrap(node), outcome),
);

tables.expression([K.AwaitExpression], (f, node: ts.AwaitExpression) => {
  const operand = f.expression(node.expression, 'awaited');
  const number = f.builder.emit({ kind: 'await', value: operand.value, depends: operand.depends, span: f.span(node) });
  const source = importSourceOf(node);
  return source ? placeExpression({ root: { kind: 'import', ...source }, path: [] }, [number]) : outcomeOf(number);
});
tables.expression([K.YieldExpression], (f, node: ts.YieldExpression) => {
  const operand = node.expression ? f.expression(node.expression) : UNKNOWN_EXPRESSION;
  f.builder.emit({ kind: 'yield', value: operand.value, depends: operand.depends, span: f.span(node) });
  return UNKNOWN_EXPRESSION;
});
