// Awaits: where one may stand, and how it is written there.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import type { Span } from '../../text/span';
import { insertion, type TypeScriptSource } from '../fix';
import { isAsync, isFunction } from './functions';
import { isAssignment, spanOf } from './nodes';
import { separatorOf } from './style';

/** The node of a path that stands exactly at a span and passes a test, and the part of the path above it. */
export function exactly<N extends ts.Node>(
  source: TypeScriptSource,
  path: readonly ts.Node[],
  span: Span,
  test: (node: ts.Node) => node is N,
): { readonly node: N; readonly above: readonly ts.Node[] } | undefined {
  for (let at = path.length - 1; at >= 0; at--) {
    const node = path[at];
    if (node.end !== span.end) {
      if (node.end > span.end) return undefined;
      continue;
    }
    if (test(node) && spanOf(source, node).start === span.start) return { node, above: path.slice(0, at) };
  }
  return undefined;
}

/** Whether `await` may stand below a path: in the body of an async function, and not in a class or a parameter inside it. */
export function mayAwait(path: readonly ts.Node[]): boolean {
  for (const node of [...path].reverse()) {
    if (isFunction(node)) return isAsync(node);
    if (ts.isClassLike(node) || ts.isParameter(node) || ts.isDecorator(node)) return false;
  }
  return false;
}

/** `await ` before an expression that stands below a path, in brackets where what is around it binds closer. */
export function awaiting(source: TypeScriptSource, node: ts.Expression, above: readonly ts.Node[]): TextEdit[] {
  const { start, end } = spanOf(source, node);
  const parent = above.at(-1);
  if (!parent || !bindsCloser(parent, node)) return [insertion(start, 'await ')];
  const statement = above.findLast(ts.isExpressionStatement);
  const isFirst = statement !== undefined && spanOf(source, statement).start === start;
  return [insertion(start, `${isFirst ? separatorOf(source, start) : ''}(await `), insertion(end, ')')];
}

function bindsCloser(parent: ts.Node, node: ts.Expression): boolean {
  if (ts.isBinaryExpression(parent)) return !isAssignment(parent);
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent) || ts.isCallExpression(parent)) return parent.expression === node;
  return ts.isPrefixUnaryExpression(parent) || ts.isNonNullExpression(parent) || ts.isAsExpression(parent) || ts.isSatisfiesExpression(parent);
}
