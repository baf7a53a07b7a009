// Names: what identifiers, property names and module specifiers say, as plain text.
import ts from 'typescript';

/** The text of an identifier or a `#private` name; `?` where the parser had to make one up for one that is missing. */
export function nameOf(node: ts.Identifier | ts.PrivateIdentifier): string {
  const text = node.escapedText as string;
  if (text.length === 0) return '?';
  // The parser puts one underscore more before names that begin with two.
  return text.charCodeAt(0) === 95 && text.charCodeAt(1) === 95 && text.charCodeAt(2) === 95 ? text.slice(1) : text;
}

/** The name of a property or member where it is fixed: `a`, `#a`, `'a'`, `1`, `['a']`; undefined for other computed names. */
export function propertyNameOf(node: ts.PropertyName | ts.BindingName | ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  switch (node.kind) {
    case ts.SyntaxKind.Identifier:
      return nameOf(node as ts.Identifier);
    case ts.SyntaxKind.PrivateIdentifier:
      return nameOf(node as ts.PrivateIdentifier);
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
    case ts.SyntaxKind.NumericLiteral:
      return (node as ts.LiteralLikeNode).text || undefined;
    case ts.SyntaxKind.ComputedPropertyName: {
      const { expression } = node as ts.ComputedPropertyName;
      return ts.isStringLiteralLike(expression) ? expression.text || undefined : undefined;
    }
    default:
      return undefined;
  }
}

/** A specifier as the analysis compares it: without `node:`. */
export function specifierOf(text: string): string {
  return text.startsWith('node:') ? text.slice(5) : text;
}

/** The expression inside parentheses, `as`, `satisfies`, `<T>` and `!`. */
export function unwrap(node: ts.Expression): ts.Expression {
  let inner = node;
  for (;;) {
    switch (inner.kind) {
      case ts.SyntaxKind.ParenthesizedExpression:
      case ts.SyntaxKind.AsExpression:
      case ts.SyntaxKind.SatisfiesExpression:
      case ts.SyntaxKind.TypeAssertionExpression:
      case ts.SyntaxKind.NonNullExpression:
        inner = (inner as ts.ParenthesizedExpression).expression;
        break;
      default:
        return inner;
    }
  }
}

/** Whether a name is meant for the inside only: `_a`, `#a`. */
export function looksPrivate(name: string): boolean {
  return name.startsWith('_') || name.startsWith('#');
}

const INTEROP = /^(?:__import(?:Default|Star)|_interopRequire(?:Default|Wildcard))$/;

/** The import behind `require('m')`, `require('m').a`, `await import('m')` and what compilers wrap around them. */
export function importSourceOf(node: ts.Expression): { readonly specifier: string; readonly name?: string } | undefined {
  const inner = unwrap(node);
  if (inner.kind === ts.SyntaxKind.AwaitExpression) {
    const operand = unwrap((inner as ts.AwaitExpression).expression);
    if (operand.kind !== ts.SyntaxKind.CallExpression || (operand as ts.CallExpression).expression.kind !== ts.SyntaxKind.ImportKeyword) return undefined;
    return constantSpecifier(operand as ts.CallExpression);
  }
  if (inner.kind === ts.SyntaxKind.PropertyAccessExpression) {
    const { expression, name } = inner as ts.PropertyAccessExpression;
    const object = unwrap(expression);
    const source = object.kind === ts.SyntaxKind.PropertyAccessExpression ? undefined : importSourceOf(object);
    return source && { specifier: source.specifier, name: nameOf(name) };
  }
  return inner.kind === ts.SyntaxKind.CallExpression ? requiredBy(inner as ts.CallExpression) : undefined;
}

/** The import behind a call of `require`, wrapped by a compiler or not. */
export function requiredBy(call: ts.CallExpression): { readonly specifier: string } | undefined {
  const callee = unwrap(call.expression);
  const name = callee.kind === ts.SyntaxKind.PropertyAccessExpression ? (callee as ts.PropertyAccessExpression).name : callee;
  if (name.kind !== ts.SyntaxKind.Identifier || call.arguments.length === 0) return undefined;
  const text = nameOf(name as ts.Identifier);
  if (text === 'require' && name === callee) return constantSpecifier(call);
  if (!INTEROP.test(text)) return undefined;
  const inner = unwrap(call.arguments[0]);
  return inner.kind === ts.SyntaxKind.CallExpression ? requiredBy(inner as ts.CallExpression) : undefined;
}

function constantSpecifier(call: ts.CallExpression): { readonly specifier: string } | undefined {
  const [first] = call.arguments;
  return first && ts.isStringLiteralLike(first) ? { specifier: specifierOf(first.text) } : undefined;
}
