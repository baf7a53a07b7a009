// Await each: `list.forEach(async (item) => { … })` → `for (const item of list) { … }`, one element after the other.
import ts from 'typescript';
import type { Collection } from '../../rules/fix-intent';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, replacement, type TypeScriptSource } from '../fix';
import { lineEndOf, lineIndentOf, unitOf } from '../layout';
import { type FunctionLiteral, isAsync, isFunction, isFunctionLiteral } from './functions';
import { type CallbackLoop, callbackLoopAt, isTakenForArray } from './loops';
import { isMentioned } from './names';
import { isAssignment, spanOf, textOf, walk } from './nodes';
import { semicolonOf } from './style';

export const awaitEach: Fix<'await-each'> = ({ site, collection }, context) => {
  const at = context.typescriptAt(site);
  const loop = at && callbackLoopAt(at);
  if (!at || !loop || loop.isOptional || !isFunctionLiteral(loop.callback)) return undefined;
  const { source } = at;
  const { callback, statement } = loop;
  const head = headOf(source, loop, callback, collection);
  const inner = ts.isBlock(callback.body) ? blockEdits(source, loop, callback, callback.body) : expressionEdits(source, loop, callback.body);
  const [whole, body] = [spanOf(source, statement), spanOf(source, callback.body)];
  if (!head || !inner || hasComment(source, loop.callee.expression.end, body.start) || hasComment(source, body.end, whole.end)) return undefined;
  return {
    title: 'Work on one element after the other: for … of with await',
    edits: inFile(at.file, [
      replacement({ start: whole.start, end: body.start }, `for (${head}) `),
      ...inner,
      replacement({ start: body.end, end: whole.end }, ''),
    ]),
  };
};

/** `const [index, item] of list.entries()` */
function headOf(source: TypeScriptSource, loop: CallbackLoop, callback: FunctionLiteral, collection: Collection): string | undefined {
  const { parameters } = callback;
  if (parameters.length < 1 || parameters.length > 2) return undefined;
  // A loop's head has no room for a type, and without `any` the body may not compile.
  if (parameters.some((each) => each.dotDotDotToken || each.initializer || (each.type && /\bany\b/.test(textOf(source, each.type))))) return undefined;
  const [first, second] = parameters.map(({ name }) => textOf(source, name));
  const names = parameters.flatMap(({ name }) => [...walk(name)].filter(ts.isIdentifier).map(({ text }) => text));
  if (isMentioned(loop.callee.expression, names)) return undefined;
  const isCopied = changesMeanwhile(source, loop);
  const list = isCopied ? `[...${loop.list}]` : loop.list;
  const keyword = names.some((name) => isChanged(callback.body, name)) ? 'let' : 'const';
  if (collection === 'Map')
    return second ? `${keyword} [${second}, ${first}] of ${list}` : `${keyword} ${first} of ${isCopied ? `[...${loop.list}.values()]` : `${list}.values()`}`;
  if (collection === 'Set') return second ? undefined : `${keyword} ${first} of ${list}`;
  if (!isTakenForArray(collection, loop)) return undefined;
  return second ? `${keyword} [${second}, ${first}] of ${list}.entries()` : `${keyword} ${first} of ${list}`;
}

/** Whether elements may come and go while the loop waits, which `forEach` is through with by then. */
function changesMeanwhile(source: TypeScriptSource, { list, callee, callback }: CallbackLoop): boolean {
  const text = ts.isIdentifier(callee.expression) ? textOf(source, callback) : source.text;
  return [...text.matchAll(/([\w$.#]+)\.(?:push|pop|shift|unshift|splice|add|set|delete|clear)\(/g)].some(([, changed]) => changed === list);
}

function isChanged(body: ts.Node, name: string): boolean {
  return [...walk(body)].some((node) => {
    if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) return ts.isIdentifier(node.operand) && node.operand.text === name;
    return ts.isBinaryExpression(node) && isAssignment(node) && isMentioned(node.left, [name]);
  });
}

/** `(item) => send(item)` as a block that awaits. */
function expressionEdits(source: TypeScriptSource, { statement }: CallbackLoop, body: ts.Expression): TextEdit[] | undefined {
  const isAwaited = ts.isAwaitExpression(body);
  if (!isAwaited && !ts.isCallExpression(body)) return undefined;
  const { start, end } = spanOf(source, body);
  if (/[\r\n]/.test(source.text.slice(start, end))) return undefined;
  const lineEnd = lineEndOf(source.text);
  const indent = `${lineEnd}${lineIndentOf(source.text, spanOf(source, statement).start)}`;
  // What only keeps the outcome gives no promise.
  const isKept = !isAwaited && /\.(?:push|unshift|add|set)$/.test(textOf(source, body.expression));
  return [insertion(start, `{${indent}${unitOf(source.text)}${isAwaited || isKept ? '' : 'await '}`), insertion(end, `${semicolonOf(source)}${indent}}`)];
}

/** The callback's block as the loop's, where it is: a return goes on with the next element. */
function blockEdits(source: TypeScriptSource, { statement }: CallbackLoop, callback: FunctionLiteral, body: ts.Block): TextEdit[] | undefined {
  const hasOwnThis =
    ts.isFunctionExpression(callback) && (isMentioned(body, ['arguments']) || [...walk(body)].some(({ kind }) => kind === ts.SyntaxKind.ThisKeyword));
  if (!isAsync(callback) || callback.asteriskToken || callback.name || hasOwnThis) return undefined;
  if (lineIndentOf(source.text, spanOf(source, statement).start) !== lineIndentOf(source.text, body.end - 1)) return undefined;
  // What is declared with var would be declared for the whole function.
  if ([...walk(body)].some((node) => ts.isVariableDeclarationList(node) && (node.flags & ts.NodeFlags.BlockScoped) === 0)) return undefined;
  return returnsOf(body)?.map((node) => {
    const { start } = spanOf(source, node);
    return replacement({ start, end: start + 'return'.length }, 'continue');
  });
}

/** A callback's own returns; undefined where one gives something or stands in a loop of its own. */
function returnsOf(body: ts.Block): ts.ReturnStatement[] | undefined {
  const found: ts.ReturnStatement[] = [];
  const isFine = (node: ts.Node, inLoop: boolean): boolean => {
    if (isFunction(node) || ts.isClassLike(node)) return true;
    if (ts.isReturnStatement(node)) {
      found.push(node);
      return !inLoop && !node.expression;
    }
    const isLoop = inLoop || ts.isIterationStatement(node, false);
    return !ts.forEachChild(node, (child) => (isFine(child, isLoop) ? undefined : true));
  };
  return isFine(body, false) ? found : undefined;
}

function hasComment({ text }: TypeScriptSource, start: number, end: number): boolean {
  return /\/[/*]/.test(text.slice(start, end));
}
