// Catch a promise: where a function cannot wait, what goes wrong is told as it is told elsewhere, instead of being nobody's.
import ts from 'typescript';
import { type Fix, inFile, insertion, type TypeScriptPlace, type TypeScriptSource } from '../fix';
import { freshName, indentOf, lineEndOf, lineIndentOf, unitOf } from '../layout';
import { exactly, mayAwait } from './awaits';
import { errorLogAt } from './error-log';
import { isFunction } from './functions';
import { boundBy, isMentioned } from './names';
import { spanOf, textOf, walk } from './nodes';
import { semicolonOf } from './style';

/** `save();` → `save().catch((error) => { … });` with what the `catch` around it does, or a line for the log. */
export const catchPromise: Fix<'catch-promise'> = ({ site, mayBeNone, tried }, context) => {
  const at = context.typescriptAt(site);
  const found = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  if (!at || !found || !ts.isExpressionStatement(found.above.at(-1)!) || mayAwait(found.above)) return undefined;
  const { source } = at;
  const { text } = source;
  const { node: call, above } = found;
  const handling = tried ? handlingOf(source, above) : loggingOf(at, call);
  if (!handling) return undefined;
  const { start, end } = spanOf(source, call);
  const eol = lineEndOf(text);
  const dot = lineOfLink(source, call);
  // A chain over several lines goes on in a line of its own.
  const indent = dot === undefined || mayBeNone ? lineIndentOf(text, start) : dot;
  const lines = handling.steps.map((step) => `${indent}${unitOf(text)}${step}`);
  const link = `${dot === undefined || mayBeNone ? '' : eol + indent}.catch((${handling.error ?? ''}) => {${eol}${lines.join(eol)}${eol}${indent}})`;
  const edits = mayBeNone ? [insertion(start, 'Promise.resolve('), insertion(end, `)${link}`)] : [insertion(end, link)];
  return { title: `Catch what ${calleeOf(source, call)}() is rejected with`, edits: inFile(at.file, edits) };
};

interface Handling {
  /** Absent where the steps do not look at it. */
  readonly error?: string;
  readonly steps: readonly string[];
}

/** What the `catch` around it does, where that is a few plain steps that mean the same in a function of their own. */
function handlingOf(source: TypeScriptSource, above: readonly ts.Node[]): Handling | undefined {
  const at = above.findLastIndex((node, index) => isFunction(node) || (ts.isTryStatement(node) && node.tryBlock === above[index + 1]));
  const outer = above[at];
  if (!outer || !ts.isTryStatement(outer) || !outer.catchClause) return undefined;
  const { variableDeclaration, block } = outer.catchClause;
  const caught = variableDeclaration?.name;
  if (caught && !ts.isIdentifier(caught)) return undefined;
  const { statements } = block;
  if (statements.length === 0 || statements.length > 3 || !statements.every((each) => isPlainStep(source, each))) return undefined;
  // A name that is declared on the way to the call means something else there.
  const inner = [...walk(outer.tryBlock)].flatMap((each) => (ts.isVariableDeclaration(each) || ts.isParameter(each) ? boundBy(each.name) : []));
  return isMentioned(block, inner) ? undefined : { error: caught?.text, steps: statements.map((each) => textOf(source, each)) };
}

function isPlainStep(source: TypeScriptSource, statement: ts.Statement): boolean {
  return (
    ts.isExpressionStatement(statement) &&
    ts.isCallExpression(statement.expression) &&
    !/[\r\n]|\/[/*]|\bawait\b|\byield\b|\barguments\b|\bsuper\b/.test(textOf(source, statement))
  );
}

function loggingOf(at: TypeScriptPlace, call: ts.CallExpression): Handling {
  const error = freshName(textOf(at.source, call), 'error');
  return { error, steps: [errorLogAt(at, `${calleeOf(at.source, call)}()`, error) + semicolonOf(at.source)] };
}

/** The name of what a chain of promises begins with. */
function calleeOf(source: TypeScriptSource, call: ts.CallExpression): string {
  const { expression } = call;
  if (ts.isPropertyAccessExpression(expression)) {
    if (/^(?:then|finally)$/.test(expression.name.text) && ts.isCallExpression(expression.expression)) return calleeOf(source, expression.expression);
    return expression.name.text;
  }
  return ts.isIdentifier(expression) ? expression.text : 'the call';
}

/** The indentation of the last link of a chain where it stands on a line of its own. */
function lineOfLink(source: TypeScriptSource, { expression }: ts.CallExpression): string | undefined {
  if (!ts.isPropertyAccessExpression(expression)) return undefined;
  const between = source.text.slice(expression.expression.end, spanOf(source, expression.name).start);
  return indentOf(source.text, expression.expression.end + between.lastIndexOf('.'));
}
