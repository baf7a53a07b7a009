// Nodes of TypeScript: where they stand, and the way from the file down to them, since the parser's nodes know no parents.
import ts from 'typescript';
import { tokenStart } from '../../syntax/typescript/trivia';
import type { TextEdit } from '../../text/edit';
import { type Span, spansOverlap } from '../../text/span';
import { insertion, type TypeScriptSource } from '../fix';
import { indentOf, lineTailOf, reindented, unitOf } from '../layout';

/** A node's span without the white space and comments before it. */
export function spanOf({ text }: TypeScriptSource, node: ts.Node): Span {
  return { start: tokenStart(text, node.pos), end: node.end };
}

/** A node's text without the white space and comments before it. */
export function textOf(source: TypeScriptSource, node: ts.Node): string {
  const { start, end } = spanOf(source, node);
  return source.text.slice(start, end);
}

/** The nodes that hold a span, from the file down to the innermost. */
export function pathTo(source: TypeScriptSource, span: Span): ts.Node[] {
  const path: ts.Node[] = [source.tree];
  for (;;) {
    const inner = ts.forEachChild(path.at(-1)!, (child) =>
      child.pos <= span.start && span.end <= child.end && tokenStart(source.text, child.pos) <= span.start ? child : undefined,
    );
    if (!inner) return path;
    path.push(inner);
  }
}

/** The last node of a path that a test likes, and the part of the path above it. */
export function closest<N extends ts.Node>(path: readonly ts.Node[], test: (node: ts.Node) => node is N): { node: N; above: readonly ts.Node[] } | undefined {
  for (let at = path.length - 1; at >= 0; at--) {
    const node = path[at];
    if (test(node)) return { node, above: path.slice(0, at) };
  }
  return undefined;
}

/** The innermost whole statement of a path that stands in a list of statements: the list, and the path above it. */
export function statementIn(path: readonly ts.Node[]): { statement: ts.Statement; list: readonly ts.Statement[]; above: readonly ts.Node[] } | undefined {
  for (let at = path.length - 1; at > 0; at--) {
    const holder = path[at - 1];
    const list = listOf(holder);
    const statement = list?.find((each) => each === path[at]);
    if (list && statement) return { statement, list, above: path.slice(0, at) };
  }
  return undefined;
}

function listOf(node: ts.Node): readonly ts.Statement[] | undefined {
  return ts.isSourceFile(node) || ts.isBlock(node) || ts.isModuleBlock(node) || ts.isCaseOrDefaultClause(node) ? node.statements : undefined;
}

/** The statements behind one in its list. */
export function followingOf({ statement, list }: { readonly statement: ts.Statement; readonly list: readonly ts.Statement[] }): readonly ts.Statement[] {
  return list.slice(list.indexOf(statement) + 1);
}

/** `=`, `+=`, `??=` and the like. */
export function isAssignment({ operatorToken: { kind } }: ts.BinaryExpression): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

/** `this.pool`, `this.#pool` */
export function isOwnField(node: ts.Node): node is ts.PropertyAccessExpression {
  return ts.isPropertyAccessExpression(node) && node.expression.kind === ts.SyntaxKind.ThisKeyword;
}

/** What stands right in a node. */
export function childrenOf(node: ts.Node): readonly ts.Node[] {
  const children: ts.Node[] = [];
  ts.forEachChild(node, (child) => void children.push(child));
  return children;
}

/** This node and all below it, in source order. */
export function* walk(node: ts.Node): Iterable<ts.Node> {
  yield node;
  for (const child of childrenOf(node)) yield* walk(child);
}

/** Whether what stands at a span stands on lines of its own, so that it can be moved. */
export function ownsItsLines({ text }: TypeScriptSource, span: Span): boolean {
  return indentOf(text, span.start) !== undefined && /^[ \t]*(?:\/\/[^\r\n]*|\/\*[^\r\n]*\*\/[ \t]*)?$/.test(text.slice(span.end, lineTailOf(text, span.end)));
}

/** The offset at which a statement begins, with the comments that stand above it. */
export function startWithComments({ text }: TypeScriptSource, statement: ts.Statement): number {
  const above = /\S/g;
  // What follows the statement before on its line is about that.
  const from = lineTailOf(text, statement.pos);
  above.lastIndex = text.slice(statement.pos, from).trim() === '' || /^\s*\/[/*]/.test(text.slice(statement.pos, from)) ? from : statement.pos;
  return above.exec(text)?.index ?? statement.pos;
}

/** Edits that move every line of a span but its first one level deeper, without those that begin in spans to leave out. */
export function deeper(source: TypeScriptSource, span: Span, without: readonly Span[] = []): TextEdit[] {
  const frozen = templatesIn(source, source.tree, span);
  const edits: TextEdit[] = [];
  for (const { 0: lineEnd, index } of source.text.slice(span.start, span.end).matchAll(/(?:\r\n|\n|\r)(?=[ \t]*[^\s])/g)) {
    const start = span.start + index + lineEnd.length;
    const isIn = (each: Span) => each.start < start && start <= each.end;
    const isLeft = (each: Span) => each.start <= start && start < each.end;
    if (start < span.end && !frozen.some(isIn) && !without.some(isLeft)) edits.push(insertion(start, unitOf(source.text)));
  }
  return edits;
}

/** The text of a span that begins at one indentation, moved to another. */
export function moved(source: TypeScriptSource, span: Span, from: string, to: string): string {
  return reindented(source.text, span, from, to, templatesIn(source, source.tree, span));
}

/** The template strings of several lines in a span, and JSX texts: no line in them may be moved. */
function templatesIn(source: TypeScriptSource, node: ts.Node, span: Span): Span[] {
  if (!spansOverlap({ start: node.pos, end: node.end }, span)) return [];
  const found: Span[] = [];
  if (isLiteralText(node) && /[\r\n]/.test(textOf(source, node))) found.push(spanOf(source, node));
  ts.forEachChild(node, (child) => void found.push(...templatesIn(source, child, span)));
  return found;
}

function isLiteralText({ kind }: ts.Node): boolean {
  return (
    kind === ts.SyntaxKind.NoSubstitutionTemplateLiteral ||
    kind === ts.SyntaxKind.TemplateHead ||
    kind === ts.SyntaxKind.TemplateMiddle ||
    kind === ts.SyntaxKind.TemplateTail ||
    kind === ts.SyntaxKind.StringLiteral ||
    kind === ts.SyntaxKind.JsxText
  );
}
