// Blocks of Python: statements, what stands around them, and how to move them.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Span, spansOverlap } from '../../text/span';
import type { PythonSource } from '../fix';
import { indentOf, lineStartOf, lineTailOf, reindented, unitOf } from '../layout';

/** The statement that holds a node: the outermost node around it whose parent is a block or the module. */
export function statementOf(node: PythonNode): PythonNode | undefined {
  for (let at: PythonNode | undefined = node; at; at = at.parent) if (at.parent && isBlock(at.parent)) return at;
  return undefined;
}

/** The statements of the block that a statement stands in, in order. */
export function siblingsOf(statement: PythonNode): readonly PythonNode[] {
  return statement.parent && isBlock(statement.parent) ? statement.parent.children : [];
}

function isBlock(node: PythonNode): boolean {
  return node.kind === Kind.block || node.kind === Kind.module;
}

/** The function whose body holds a node, or the lambda; undefined at module level and in a class's body. */
export function functionAround(node: PythonNode): PythonNode | undefined {
  return node.parent?.closest(Kind.functionDefinition, Kind.lambda, Kind.classDefinition, Kind.module)?.closest(Kind.functionDefinition, Kind.lambda);
}

/** Whether a function, or the one around a node, is `async def`. */
export function isInCoroutine(node: PythonNode): boolean {
  const around = functionAround(node);
  return around?.kind === Kind.functionDefinition && around.isAsync;
}

/** Whether statements stand on lines of their own, so that they can be moved: no `a; b`, no `if x: a`. */
export function ownsItsLines({ text }: PythonSource, span: Span): boolean {
  return indentOf(text, span.start) !== undefined && /^[ \t]*(?:#[^\r\n]*)?$/.test(text.slice(span.end, lineTailOf(text, span.end)));
}

/** From the beginning of its first line to behind the comment that may stand behind its last. For statements that own their lines. */
export function wholeLines({ text }: PythonSource, span: Span): Span {
  return { start: lineStartOf(text, span.start), end: lineTailOf(text, span.end) };
}

/** The text of a span with every line but the first one level deeper. */
export function nested(source: PythonSource, span: Span): string {
  return reindented(source.text, span, '', unitOf(source.text), stringsIn(source.tree.root, span));
}

/** The text of a span that begins at one indentation, moved to another. */
export function moved(source: PythonSource, span: Span, from: string, to: string): string {
  return reindented(source.text, span, from, to, stringsIn(source.tree.root, span));
}

/** The strings of several lines in a span: no line in them may be moved. */
function stringsIn(node: PythonNode, span: Span): Span[] {
  if (!spansOverlap(node, span)) return [];
  if (node.kind === Kind.string) return /[\r\n]/.test(node.text) ? [node] : [];
  return node.children.flatMap((child) => stringsIn(child, span));
}
