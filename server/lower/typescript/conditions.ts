// Conditions: what a test depends on, which way round it is, and whether it asks for the main module.
import ts from 'typescript';
import type { Place } from '../../model/place';
import { UNKNOWN, type Value } from '../../model/value';
import { type Expression, mergeDepends } from '../local-flow';
import { eitherOf, hasEffects } from './combining';
import type { FunctionLowering } from './lowering';
import { mainTestOf } from './main-test';
import { nameOf, unwrap } from './names';

const K = ts.SyntaxKind;

/** A condition that has been lowered. */
export interface Condition extends Expression {
  readonly value: Value;
  /** Whether it holds when the tested value is false, null or 0. */
  readonly negated: boolean;
  /** `main`: it holds only in the program itself; `not-main`: it does not hold there. */
  readonly guard?: 'main' | 'not-main';
  /** The parameter that it asks for, and nothing else. */
  readonly asks?: Place;
}

/** Lowers a condition; its operations come before whatever it decides. */
export function lowerCondition(f: FunctionLowering, node: ts.Expression): Condition {
  const inner = unwrap(node);
  if (inner.kind === K.PrefixUnaryExpression && (inner as ts.PrefixUnaryExpression).operator === K.ExclamationToken) {
    const condition = lowerCondition(f, (inner as ts.PrefixUnaryExpression).operand);
    const guard = condition.guard && (condition.guard === 'main' ? 'not-main' : 'main');
    return { value: UNKNOWN, depends: condition.depends, negated: !condition.negated, ...(guard ? { guard } : {}), ...asking(condition.asks) };
  }
  const guard = f.module.scan.mayTestForMain ? mainTestOf(inner, f.module.text) : undefined;
  if (inner.kind !== K.BinaryExpression) {
    const tested = lowerTested(f, inner);
    const variable = inner.kind === K.Identifier ? f.scope.find(nameOf(inner as ts.Identifier)) : undefined;
    const named = guard ?? variable?.mainTest;
    return { ...tested, negated: variable?.isNegation ?? false, ...(named ? { guard: named } : {}), ...asking(parameterIn(tested.value)) };
  }
  const condition = lowerBinary(f, inner as ts.BinaryExpression);
  return guard ? { ...condition, negated: false, guard } : condition;
}

/** A tested value; unlike elsewhere, an imported constant is read here: `if (isMainThread)`. */
export function lowerTested(f: FunctionLowering, node: ts.Expression): Expression {
  const inner = unwrap(node);
  if (inner.kind === K.Identifier) {
    const variable = f.scope.find(nameOf(inner as ts.Identifier));
    const place = variable?.fixed?.kind === 'import' ? f.placeOf(variable) : undefined;
    if (place) return f.read(inner, place, []);
  }
  return f.expression(inner);
}

function lowerBinary(f: FunctionLowering, node: ts.BinaryExpression): Condition {
  const operator = node.operatorToken.kind;
  switch (operator) {
    case K.AmpersandAmpersandToken:
    case K.BarBarToken:
      return lowerOperands(f, node, operator);
    case K.EqualsEqualsEqualsToken:
    case K.EqualsEqualsToken:
    case K.ExclamationEqualsEqualsToken:
    case K.ExclamationEqualsToken: {
      const left = lowerTested(f, node.left);
      const right = lowerTested(f, node.right);
      const isEqual = operator === K.EqualsEqualsEqualsToken || operator === K.EqualsEqualsToken;
      const isNothing = isFalsy(left.value) || isFalsy(right.value) || asksForUndefined(node);
      const asks = isFalsy(right.value) ? parameterIn(left.value) : undefined;
      return { value: UNKNOWN, depends: mergeDepends(left.depends, right.depends), negated: isEqual && isNothing, ...asking(asks) };
    }
    default: {
      const { depends } = f.expression(node);
      return { value: UNKNOWN, depends, negated: false };
    }
  }
}

/** `a && b && …`, `a || b || …`; long chains lean to the left and are followed in a loop. */
function lowerOperands(f: FunctionLowering, node: ts.BinaryExpression, operator: ts.SyntaxKind): Condition {
  const operands = operandsOf(node, operator);
  let all = lowerCondition(f, operands[0]);
  for (const operand of operands.slice(1)) {
    const next = lowerOther(f, operand, all.depends, all.negated !== (operator === K.BarBarToken));
    const guard = operator === K.AmpersandAmpersandToken ? (all.guard ?? next.guard) : undefined;
    const value = operator === K.AmpersandAmpersandToken ? next.value : eitherOf(all, next).value;
    all = { value, depends: mergeDepends(all.depends, next.depends), negated: all.negated && next.negated, ...(guard ? { guard } : {}) };
  }
  return all;
}

/** The operands of a chain of one operator, in source order. */
export function operandsOf(node: ts.Expression, operator: ts.SyntaxKind): ts.Expression[] {
  const operands: ts.Expression[] = [];
  let left = unwrap(node);
  while (left.kind === K.BinaryExpression && (left as ts.BinaryExpression).operatorToken.kind === operator) {
    operands.push((left as ts.BinaryExpression).right);
    left = unwrap((left as ts.BinaryExpression).left);
  }
  operands.push(left);
  return operands.reverse();
}

/** The right side of `&&` and `||`, which is tested as well but not always evaluated. */
function lowerOther(f: FunctionLowering, node: ts.Expression, test: readonly number[], negated: boolean): Condition {
  if (!hasEffects(node)) return lowerCondition(f, node);
  let condition: Condition | undefined;
  const lower = () => {
    condition = lowerCondition(f, node);
  };
  f.builder.branch(f.span(node), test, [lower, () => {}], negated ? { negated: true } : {});
  return condition ?? { value: UNKNOWN, depends: [], negated: false };
}

/** A parameter itself. Where closures see it, reading it is an operation that the test names. */
function parameterIn(value: Value): Place | undefined {
  return value.kind === 'place' && value.place.root.kind === 'parameter' && value.place.path.length === 0 ? value.place : undefined;
}

function asking(place: Place | undefined): Pick<Condition, 'asks'> {
  return place ? { asks: place } : {};
}

function isFalsy(value: Value): boolean {
  return value.kind === 'constant' && (value.value === null || value.value === false || value.value === 0 || value.value === '');
}

/** `typeof x === 'undefined'`. */
function asksForUndefined(node: ts.BinaryExpression): boolean {
  const { left, right } = node;
  return (
    (left.kind === K.TypeOfExpression && ts.isStringLiteral(right) && right.text === 'undefined') ||
    (right.kind === K.TypeOfExpression && ts.isStringLiteral(left) && left.text === 'undefined')
  );
}
