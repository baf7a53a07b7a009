// Blocks of Python: statements, what stands around them, and how to move them.
import { Kind, type KindNumber, type PythonNode } from '../../syntax/python/nodes';
import type { TextEdit } from '../../text/edit';
import { type Span, spansOverlap } from '../../text/span';
import { insertion, type PythonSource, replacement } from '../fix';
import { indentOf, lineIndentOf, lineStartOf, linesOf, lineTailOf, nextLineOf, reindented, unitOf } from '../layout';

/** The statement that holds a node: the outermost node around it whose parent is a block or the module. */
export function statementOf(node: PythonNode): PythonNode | undefined {
  for (let at: PythonNode | undefined = node; at; at = at.parent) if (isStatement(at)) return at;
  return undefined;
}

/** The statements of the block that a statement stands in, in order. */
export function siblingsOf(statement: PythonNode): readonly PythonNode[] {
  return isStatement(statement) ? statement.parent!.children : [];
}

/** The statements behind a statement in its block. */
export function followingOf(statement: PythonNode): readonly PythonNode[] {
  const siblings = siblingsOf(statement);
  return siblings.slice(siblings.indexOf(statement) + 1);
}

/** The statements before a statement in its block. */
export function precedingOf(statement: PythonNode): readonly PythonNode[] {
  const siblings = siblingsOf(statement);
  return siblings.slice(0, Math.max(0, siblings.indexOf(statement)));
}

/** What a statement stands right in the block of: another statement, or a clause of one; undefined at module level. */
export function holderOf(statement: PythonNode): PythonNode | undefined {
  return statement.parent?.kind === Kind.block ? statement.parent.parent : undefined;
}

/** The statement of a block that holds a node. */
export function statementIn(block: PythonNode, node: PythonNode): PythonNode | undefined {
  for (let at: PythonNode | undefined = node; at; at = at.parent) if (at.parent === block) return at;
  return undefined;
}

/** The expression, or assignment, that a statement is; undefined for every other statement. */
export function expressionOf({ kind, children }: PythonNode): PythonNode | undefined {
  return kind === Kind.expressionStatement ? children[0] : undefined;
}

/** The assignment that a statement is. */
export function assignmentOf(statement: PythonNode): PythonNode | undefined {
  const only = expressionOf(statement);
  return only?.kind === Kind.assignment ? only : undefined;
}

/** Whether a statement is a string and nothing else, as a docstring is. */
export function isDocstring(statement: PythonNode): boolean {
  const kind = expressionOf(statement)?.kind;
  return kind === Kind.string || kind === Kind.concatenatedString;
}

/** Whether a node of one of some kinds stands in code, itself included. */
export function contains(code: PythonNode, ...kinds: readonly KindNumber[]): boolean {
  for (const { kind } of code.walk()) if (kinds.includes(kind)) return true;
  return false;
}

/** Whether a node is a statement, that is to say stands right in a block. */
export function isStatement(node: PythonNode): boolean {
  return node.parent !== undefined && isBlock(node.parent);
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
  return reindented(source.text, span, '', unitOf(source.text, lineIndentOf(source.text, span.start)), stringsIn(source.tree.root, span));
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

/** Edits that put the lines that begin in a span one level deeper; lines inside strings and lines to be left out stay. */
export function deeper(source: PythonSource, span: Span, without: readonly Span[] = []): TextEdit[] {
  const { text, tree } = source;
  const unit = unitOf(text, lineIndentOf(text, span.start));
  const frozen = stringsIn(tree.root, span);
  const edits: TextEdit[] = [];
  for (let at = lineStartOf(text, span.start); at < span.end; at = nextLineOf(text, at)) {
    const isLeft = at < span.start || without.some((each) => each.start <= at && at < each.end);
    if (isLeft || frozen.some((each) => each.start < at && at <= each.end) || lineTailOf(text, at) === at) continue;
    if (text.slice(at, lineTailOf(text, at)).trim() !== '') edits.push(insertion(at, unit));
  }
  return edits;
}

/** Takes a statement out with its line, which it has for itself; `pass` takes its place where its block has no other. */
export function removal(source: PythonSource, statement: PythonNode): TextEdit {
  if (siblingsOf(statement).length === 1) return replacement(statement, 'pass');
  return replacement(linesOf(source.text, statement), '');
}

/** Whether a comment stands behind a statement on its line. */
export function hasCommentBehind({ text }: PythonSource, span: Span): boolean {
  return text.slice(span.end, lineTailOf(text, span.end)).includes('#');
}

/** Whether control never goes on behind a statement: it returns, raises, or goes on elsewhere in a loop. */
export function leaves(statement: PythonNode | undefined): boolean {
  return statement !== undefined && LEAVING.some((kind) => kind === statement.kind);
}

/** Statements behind which control never goes on. */
export const LEAVING = [Kind.returnStatement, Kind.raiseStatement, Kind.breakStatement, Kind.continueStatement] as const;
