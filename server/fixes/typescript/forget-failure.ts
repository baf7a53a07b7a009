// Forget a failure: a promise that is let go of when it succeeds is let go of when it fails, too.
import ts from 'typescript';
import { type Fix, inFile, insertion, type TypeScriptSource } from '../fix';
import { freshName, lineEndOf, lineIndentOf, unitOf } from '../layout';
import { isFunction } from './functions';
import { boundBy, declaredIn, isMentioned } from './names';
import { closest, statementIn, textOf } from './nodes';
import { semicolonOf } from './style';

/** `load().then((it) => { this.loading = undefined; … })` gets `.catch((error) => { this.loading = undefined; throw error; })` behind it. */
export const forgetFailure: Fix<'forget-failure'> = ({ given }, context) => {
  const at = context.typescriptAt(given);
  const place = at && statementIn(at.path);
  const found = at && closest(at.path, isFunction);
  if (!at || !place || !found || !ts.isExpressionStatement(place.statement) || !ts.isArrowFunction(found.node)) return undefined;
  const { source } = at;
  const { node: callback, above } = found;
  const give = textOf(source, place.statement);
  if (/[\r\n]/.test(give) || isMentioned(place.statement, declaredBy(callback))) return undefined;
  const promise = keptIn(source, callback, above);
  if (!promise) return undefined;
  const { text } = source;
  const indent = lineIndentOf(text, promise.end);
  const [eol, unit, semi, error] = [lineEndOf(text), unitOf(text, indent), semicolonOf(source), freshName(give, 'error')];
  // A chain that has a line for each step gets another one.
  const isStep = ts.isPropertyAccessExpression(promise.expression) && /^[\r\n]/.test(text.slice(promise.expression.expression.end));
  const lines = [`.catch((${error}) => {`, `${unit}${give}`, `${unit}throw ${error}${semi}`, '})'];
  return {
    title: 'Let go of the promise when it fails, too',
    edits: inFile(at.file, [insertion(promise.end, `${isStep ? `${eol}${indent}` : ''}${lines.join(`${eol}${indent}`)}`)]),
  };
};

/** What the variables of a function are called, at any depth. */
function declaredBy(fn: ts.ArrowFunction): string[] {
  const own = fn.parameters.flatMap(({ name }) => boundBy(name));
  return ts.isBlock(fn.body) ? [...own, ...fn.body.statements.flatMap(declaredIn)] : own;
}

/** The whole chain of calls that runs a callback, where what it gives is kept: `start().then(callback)`, `(async () => …)()`. */
function keptIn(source: TypeScriptSource, callback: ts.ArrowFunction, above: readonly ts.Node[]): ts.CallExpression | undefined {
  let chain: ts.Node = callback;
  let last: ts.CallExpression | undefined;
  for (const holder of [...above].reverse()) {
    const isRun = ts.isCallExpression(holder) && (holder.expression === chain || (chain === callback && isThen(source, holder, callback)));
    if (isRun) last = holder;
    else if (!ts.isParenthesizedExpression(holder) && !(ts.isPropertyAccessExpression(holder) && holder.expression === chain))
      return last === chain && keeps(holder, chain) ? last : undefined;
    chain = holder;
  }
  return undefined;
}

function isThen(source: TypeScriptSource, call: ts.CallExpression, callback: ts.ArrowFunction): boolean {
  const { expression } = call;
  return (
    ts.isPropertyAccessExpression(expression) && textOf(source, expression.name) === 'then' && call.arguments.length === 1 && call.arguments[0] === callback
  );
}

function keeps(holder: ts.Node, kept: ts.Node): boolean {
  if (ts.isVariableDeclaration(holder)) return holder.initializer === kept;
  if (ts.isBinaryExpression(holder)) return holder.right === kept && PUTS.has(holder.operatorToken.kind);
  return (
    ts.isCallExpression(holder) && holder.arguments.at(-1) === kept && ts.isPropertyAccessExpression(holder.expression) && holder.expression.name.text === 'set'
  );
}

const PUTS: ReadonlySet<ts.SyntaxKind> = new Set([ts.SyntaxKind.EqualsToken, ts.SyntaxKind.QuestionQuestionEqualsToken, ts.SyntaxKind.BarBarEqualsToken]);
