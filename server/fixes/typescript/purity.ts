// Purity: expressions that only look, so that it does not matter how often they are evaluated.
import ts from 'typescript';
import { isAssignment } from './nodes';

/** Names, properties, literals and what is made of them; `get` and `has` of a collection. Getters are taken for what they should be. */
export function isPure(node: ts.Expression): boolean {
  if (ts.isIdentifier(node) || ts.isLiteralExpression(node) || CONSTANT.has(node.kind)) return true;
  if (ts.isPropertyAccessExpression(node) || ts.isNonNullExpression(node) || ts.isAsExpression(node) || ts.isParenthesizedExpression(node))
    return isPure(node.expression);
  if (ts.isElementAccessExpression(node)) return isPure(node.expression) && isPure(node.argumentExpression);
  if (ts.isBinaryExpression(node)) return !isAssignment(node) && isPure(node.left) && isPure(node.right);
  if (ts.isPrefixUnaryExpression(node)) return node.operator === ts.SyntaxKind.ExclamationToken && isPure(node.operand);
  if (ts.isConditionalExpression(node)) return isPure(node.condition) && isPure(node.whenTrue) && isPure(node.whenFalse);
  if (ts.isCallExpression(node))
    return (
      ts.isPropertyAccessExpression(node.expression) &&
      /^(?:get|has)$/.test(node.expression.name.text) &&
      isPure(node.expression) &&
      node.arguments.length === 1 &&
      isPure(node.arguments[0])
    );
  if (ts.isObjectLiteralExpression(node))
    return node.properties.every(
      (each) => ts.isShorthandPropertyAssignment(each) || (ts.isPropertyAssignment(each) && !ts.isComputedPropertyName(each.name) && isPure(each.initializer)),
    );
  return ts.isArrayLiteralExpression(node) && node.elements.every(isPure);
}

const CONSTANT: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.ThisKeyword,
  ts.SyntaxKind.TrueKeyword,
  ts.SyntaxKind.FalseKeyword,
  ts.SyntaxKind.NullKeyword,
]);
