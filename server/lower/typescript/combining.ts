// Combining: what is known of an expression that may be one or another, and of a value outside the function it was found in.
import ts from 'typescript';
import { UNKNOWN, type Value } from '../../model/value';
import { type Expression, mergeDepends } from '../local-flow';
import type { FunctionLowering } from './lowering';

/** One expression or the other: the value if both agree or one of them is a mere constant such as null. */
export function eitherOf(a: Expression, b: Expression): Expression {
  return { value: eitherValue(a.value, b.value), depends: mergeDepends(a.depends, b.depends) };
}

function eitherValue(a: Value, b: Value): Value {
  if (a === b) return a;
  if (b.kind === 'constant' || (b.kind === 'collection' && b.items.length === 0)) return a.kind === 'constant' && b.kind === 'collection' ? b : a;
  if (a.kind === 'constant' || (a.kind === 'collection' && a.items.length === 0)) return b;
  return JSON.stringify(a) === JSON.stringify(b) ? a : UNKNOWN;
}

/** The value where it means the same in every function of the file; unknown otherwise. */
export function portable(value: Value): Value {
  if (value.kind === 'collection') return { kind: 'collection', type: value.type, items: value.items.map(portable) };
  if (value.kind !== 'place') return value;
  switch (value.place.root.kind) {
    case 'import':
    case 'global':
    case 'module':
    case 'class':
      return value;
    default:
      return UNKNOWN;
  }
}

/**
 * Lowers an expression that is evaluated on one path only, such as a default value: in a branch of its own if it does
 * anything. `test`: the operations that decide; `negated`: it runs when their value is false or null.
 */
export function lowerAlternative(
  f: FunctionLowering,
  node: ts.Expression,
  test: readonly number[],
  negated: boolean,
  outcome: 'dropped' | 'used' | 'awaited' | 'returned' = 'used',
): Expression {
  if (!hasEffects(node)) return f.expression(node, outcome);
  let alternative: Expression | undefined;
  const extra = negated ? { negated: true } : {};
  f.builder.branch(f.span(node), test, [() => (alternative = f.expression(node, outcome)), () => {}], extra);
  return alternative ?? { value: UNKNOWN, depends: [] };
}

/** Whether evaluating an expression can do more than read: call, wait, write. */
export function hasEffects(node: ts.Node, depth = 0): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.Identifier:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.ThisKeyword:
    case ts.SyntaxKind.FunctionExpression:
    case ts.SyntaxKind.ArrowFunction:
      return false;
    case ts.SyntaxKind.CallExpression:
    case ts.SyntaxKind.NewExpression:
    case ts.SyntaxKind.AwaitExpression:
    case ts.SyntaxKind.YieldExpression:
    case ts.SyntaxKind.DeleteExpression:
    case ts.SyntaxKind.PostfixUnaryExpression:
    case ts.SyntaxKind.TaggedTemplateExpression:
    case ts.SyntaxKind.ClassExpression:
    case ts.SyntaxKind.JsxElement:
    case ts.SyntaxKind.JsxSelfClosingElement:
    case ts.SyntaxKind.JsxFragment:
      return true;
    case ts.SyntaxKind.BinaryExpression: {
      const operator = (node as ts.BinaryExpression).operatorToken.kind;
      if (operator >= ts.SyntaxKind.FirstAssignment && operator <= ts.SyntaxKind.LastAssignment) return true;
      break;
    }
    case ts.SyntaxKind.PrefixUnaryExpression: {
      const { operator } = node as ts.PrefixUnaryExpression;
      if (operator === ts.SyntaxKind.PlusPlusToken || operator === ts.SyntaxKind.MinusMinusToken) return true;
    }
  }
  return depth > 30 || ts.forEachChild(node, (child) => hasEffects(child, depth + 1) || undefined) === true;
}
