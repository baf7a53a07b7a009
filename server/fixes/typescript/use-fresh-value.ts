// Use the fresh value: what an update is made of is read behind the await instead of before it.
import ts from 'typescript';
import { type Fix, inFile, insertion, replacement, type TypeScriptSource } from '../fix';
import { indentOf, lineEndOf, lineStartOf, lineTailOf } from '../layout';
import { functionIn, isFunction } from './functions';
import { isConst } from './names';
import { isAssignment, ownsItsLines, pathTo, spanOf, startWithComments, statementIn, textOf, walk } from './nodes';
import { isPure } from './purity';

/** `const before = this.n; await …; this.n = before + 1;` becomes `await …; this.n += 1;`, or the declaration moves behind the await. */
export const useFreshValue: Fix<'use-fresh-value'> = ({ site, read }, context) => {
  const [at, early] = [context.typescriptAt(site), context.typescriptAt(read)];
  const [written, copied] = [at && statementIn(at.path), early && statementIn(early.path)];
  if (!at || !early || !written || !copied) return undefined;
  const { source } = at;
  const { list, statement } = copied;
  const { statement: write } = written;
  const copy = copyIn(statement);
  const within = list.find((each) => each.pos <= write.pos && write.end <= each.end);
  if (!copy || !within || within.pos < statement.end || !ts.isExpressionStatement(write) || hasAwait(write)) return undefined;
  const [from, to] = [spanOf(source, statement), spanOf(source, write)];
  if (!ownsItsLines(source, from) || !ownsItsLines(source, to) || /[\r\n]/.test(textOf(source, statement))) return undefined;
  // In a loop each round would see another value; what a handler writes is what was there before.
  if (at.path.some((node) => node.pos >= statement.end && (ts.isIterationStatement(node, false) || isFunction(node) || ts.isCatchClause(node))))
    return undefined;
  const place = source.text.slice(early.span.start, early.span.end);
  const names = [...walk(copy.initializer)].filter(ts.isIdentifier).map(({ text }) => text);
  const between = nodesBetween(functionIn(at.path) ?? source.tree, statement, write);
  if (between.some((node) => textOf(source, node) === place || assigns(node, names))) return undefined;
  const uses = usesOf(functionIn(at.path) ?? source.tree, copy);
  if (uses.length === 0 || uses.some(({ pos, end }) => pos < write.pos || end > written.list.at(-1)!.end) || putsBack(write.expression, copy.name))
    return undefined;
  const eol = lineEndOf(source.text);
  const start = startWithComments(source, statement);
  const lines = { start: lineStartOf(source.text, start), end: lineTailOf(source.text, statement.end) };
  // No list begins with an empty line.
  const isFirst = list[0] === statement && source.text.startsWith(eol + eol, lines.end);
  const gone = replacement({ start: lines.start, end: lines.end + eol.length * (isFirst ? 2 : 1) }, '');
  const title = `Read ${place} after the await`;
  const isBare = source.text.slice(start, lines.end) === textOf(source, statement) && isPlace(copy.initializer);
  if (isBare && uses.length === 1 && standsFreely(source, write, uses[0]))
    return { title, edits: inFile(at.file, [gone, inPlace(source, write.expression, uses[0], textOf(source, copy.initializer))]) };
  const indent = indentOf(source.text, to.start)!;
  const moved = source.text.slice(start, lines.end).replaceAll(/^[ \t]+/gm, indent);
  return { title, edits: inFile(at.file, [gone, insertion(startWithComments(source, write), `${moved}${eol}${indent}`)]) };
};

interface Copy {
  readonly name: string;
  readonly declared: ts.Identifier;
  readonly initializer: ts.Expression;
}

/** A constant that takes over what is in a place, or what is made of that by looking only. */
function copyIn(statement: ts.Statement): Copy | undefined {
  if (!ts.isVariableStatement(statement) || !isConst(statement)) return undefined;
  const [only, ...more] = statement.declarationList.declarations;
  if (more.length > 0 || !ts.isIdentifier(only.name) || !only.initializer || !isPure(only.initializer)) return undefined;
  return { name: only.name.text, declared: only.name, initializer: only.initializer };
}

/** The words in a function that may be the variable; properties of that name are not. */
function usesOf(fn: ts.Node, { name, declared }: Copy): ts.Identifier[] {
  const nodes = [...walk(fn)];
  const properties = new Set<ts.Node>(nodes.flatMap((node) => (ts.isPropertyAccessExpression(node) || ts.isPropertyAssignment(node) ? [node.name] : [])));
  return nodes.filter((node): node is ts.Identifier => ts.isIdentifier(node) && node.text === name && node !== declared && !properties.has(node));
}

/** What stands behind one statement and before another. */
function nodesBetween(fn: ts.Node, first: ts.Node, last: ts.Node): ts.Node[] {
  return [...walk(fn)].filter((node) => node.pos >= first.end && node.end <= last.pos);
}

/** Whether a word of a statement can be replaced by an expression that means the same there. */
function standsFreely(source: TypeScriptSource, write: ts.Statement, use: ts.Identifier): boolean {
  const path = pathTo(source, spanOf(source, use));
  return !path.slice(path.indexOf(write)).some((node) => isFunction(node) || ts.isShorthandPropertyAssignment(node));
}

/** `this.n = before + 1` as `this.n += 1`; the place instead of its copy elsewhere. */
function inPlace(source: TypeScriptSource, written: ts.Expression, use: ts.Identifier, place: string) {
  const sum = ts.isBinaryExpression(written) && ts.isBinaryExpression(written.right) ? written.right : undefined;
  const sign = sum && SIGNS.get(sum.operatorToken.kind);
  if (
    ts.isBinaryExpression(written) &&
    written.operatorToken.kind === ts.SyntaxKind.EqualsToken &&
    sum?.left === use &&
    sign &&
    textOf(source, written.left) === place
  )
    return replacement({ start: written.left.end, end: spanOf(source, sum.right).start }, ` ${sign}= `);
  return replacement(spanOf(source, use), place);
}

const SIGNS: ReadonlyMap<ts.SyntaxKind, string> = new Map([
  [ts.SyntaxKind.PlusToken, '+'],
  [ts.SyntaxKind.MinusToken, '-'],
]);

/** Where the copy itself is written, the value from before is meant to come back. */
function putsBack(written: ts.Expression, name: string): boolean {
  const value = ts.isBinaryExpression(written) ? written.right : undefined;
  const bare = value && strip(value);
  if (!bare) return false;
  if (ts.isIdentifier(bare)) return bare.text === name;
  const parts = ts.isObjectLiteralExpression(bare) ? bare.properties : ts.isArrayLiteralExpression(bare) ? bare.elements : [];
  const [only] = parts;
  return parts.length === 1 && (ts.isSpreadAssignment(only) || ts.isSpreadElement(only)) && ts.isIdentifier(only.expression) && only.expression.text === name;
}

function strip(node: ts.Expression): ts.Expression {
  return ts.isParenthesizedExpression(node) || ts.isAsExpression(node) || ts.isNonNullExpression(node) ? strip(node.expression) : node;
}

/** `this.n`, `page.value`, `total`: what may stand anywhere as it is. */
function isPlace(node: ts.Expression): boolean {
  if (ts.isPropertyAccessExpression(node)) return !node.questionDotToken && isPlace(node.expression);
  return ts.isIdentifier(node) || node.kind === ts.SyntaxKind.ThisKeyword;
}

function hasAwait(node: ts.Node): boolean {
  return [...walk(node)].some(ts.isAwaitExpression);
}

/** Whether a node puts something else into one of some variables. */
function assigns(node: ts.Node, names: readonly string[]): boolean {
  const target =
    ts.isBinaryExpression(node) && isAssignment(node)
      ? node.left
      : ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
        ? node.operand
        : undefined;
  return target !== undefined && ts.isIdentifier(target) && names.includes(target.text);
}
