// Hoisting: whether what a statement waits for can be waited for before it, so that the same is done in the same order.
import ts from 'typescript';
import type { Span } from '../../text/span';
import type { TypeScriptPlace } from '../fix';
import { isAssignment, spanOf, statementIn } from './nodes';
import { isPure } from './purity';

/**
 * What the name of the awaited value can stand in place of: the await, with brackets around it; undefined where the statement
 * does not always wait, or does something else first.
 */
export function hoistable({ source, path }: TypeScriptPlace, wait: TypeScriptPlace): Span | undefined {
  const held = statementIn(path);
  if (!held || ts.isCaseOrDefaultClause(held.above.at(-1)!) || !ts.isExpressionStatement(held.statement)) return undefined;
  const { expression } = held.statement;
  if (!ts.isBinaryExpression(expression) || !isAssignment(expression) || mayLeaveOut(expression) || !isPure(expression.left)) return undefined;
  const start = wait.path.indexOf(expression.right);
  const end = wait.path.findIndex((node) => node.end === wait.span.end && spanOf(source, node).start === wait.span.start);
  if (start < 0 || end < 0) return undefined;
  for (let i = start; i < end; i++) if (!comesFirst(wait.path[i], wait.path[i + 1])) return undefined;
  const outer = wait.path[end - 1];
  return spanOf(source, ts.isParenthesizedExpression(outer) ? outer : wait.path[end]);
}

/** Whether the operator may leave out what is behind it. */
function mayLeaveOut({ operatorToken }: ts.BinaryExpression): boolean {
  return IN_CASE.has(operatorToken.kind);
}

const IN_CASE: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.AmpersandAmpersandToken,
  ts.SyntaxKind.BarBarToken,
  ts.SyntaxKind.QuestionQuestionToken,
  ts.SyntaxKind.AmpersandAmpersandEqualsToken,
  ts.SyntaxKind.BarBarEqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
]);

/** Whether a part is always evaluated, and nothing that does more than look before it. */
function comesFirst(node: ts.Node, part: ts.Node): boolean {
  if (ts.isBinaryExpression(node)) return node.left === part || (!isAssignment(node) && !mayLeaveOut(node) && isPure(node.left));
  if (ts.isCallExpression(node)) return !node.questionDotToken && (node.expression === part || (isPure(node.expression) && areLookedUp(node.arguments, part)));
  if (ts.isObjectLiteralExpression(node)) return areLookedUp(node.properties, part);
  if (ts.isArrayLiteralExpression(node)) return areLookedUp(node.elements, part);
  if (ts.isPropertyAssignment(node)) return node.initializer === part && !ts.isComputedPropertyName(node.name);
  if (ts.isPropertyAccessExpression(node)) return !node.questionDotToken;
  return (
    ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) || ts.isSpreadElement(node) || ts.isSpreadAssignment(node)
  );
}

/** Whether those before a part only look. */
function areLookedUp(list: readonly ts.Node[], part: ts.Node): boolean {
  return list.slice(0, list.indexOf(part)).every((each) => {
    if (ts.isShorthandPropertyAssignment(each)) return true;
    if (ts.isPropertyAssignment(each)) return !ts.isComputedPropertyName(each.name) && isPure(each.initializer);
    if (ts.isSpreadAssignment(each) || ts.isSpreadElement(each)) return isPure(each.expression);
    return ts.isExpression(each) && isPure(each);
  });
}
