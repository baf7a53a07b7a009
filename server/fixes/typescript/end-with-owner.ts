// End with the owner: what goes on after the end of its object, component or connection is ended there.
import ts from 'typescript';
import type { TextEdit } from '../../text/edit';
import { type Fix, inFile, insertion, type TypeScriptSource } from '../fix';
import { below, indentOf, lineEndOf, lineTailOf } from '../layout';
import { exactly } from './awaits';
import { functionIn, isAsync, isFunctionLiteral, walkHere } from './functions';
import { type Handle, handleOf } from './handles';
import { closest, spanOf, textOf } from './nodes';
import { semicolonOf } from './style';

/** `clearInterval(this.poll);` in `stop()`, or in the clean-up that an effect returns. */
export const endWithOwner: Fix<'end-with-owner'> = ({ site, end, undo, isPromised }, context) => {
  const at = context.typescriptAt(site);
  const closing = end && context.typescriptAt(end);
  const made = at && exactly(at.source, at.path, at.span, isMaking);
  if (!at || !made || (closing && closing.file !== at.file)) return undefined;
  const { source } = at;
  const ending = closing ? functionIn(closing.path) : undefined;
  const handle = handleOf(source, made.node, made.above, ending);
  if (!handle) return undefined;
  const call = undo.startsWith('clear') ? `${undo}(${handle.name})` : `${handle.name}${handle.mayBeMissing ? '?.' : '.'}${undo}()`;
  // A browser or a worker has ended when its promise says so.
  const what = ending && isAsync(ending) && /^(?:terminate|close)$/.test(undo) && isPromised ? `await ${call}` : call;
  const edits = ending
    ? endedIn(source, ending, isNullable(source, made.above, handle.name) ? `if (${handle.name}) ${what}` : what)
    : cleanedUp(source, functionIn(made.above), handle, made.node.pos, what);
  if (!edits) return undefined;
  const where = ending ? `${ending.name ? textOf(source, ending.name) : 'the function that ends it'}()`.replace('it()', 'it') : 'a clean-up';
  return { title: `Call ${call} in ${where}`, edits: inFile(at.file, [...handle.edits, ...edits]) };
};

/** Whether a field of the class says that it may hold null, which no function that clears takes. */
function isNullable(source: TypeScriptSource, path: readonly ts.Node[], name: string): boolean {
  const owner = closest(path, ts.isClassLike)?.node;
  return (
    owner?.members.some(
      (member) => ts.isPropertyDeclaration(member) && `this.${textOf(source, member.name)}` === name && /\bnull\b/.test(textOf(source, member)),
    ) ?? false
  );
}

function isMaking(node: ts.Node): node is ts.CallExpression | ts.NewExpression {
  return ts.isCallExpression(node) || ts.isNewExpression(node);
}

/** Edits that make something the first thing that a function does. */
export function endedIn(source: TypeScriptSource, { body }: ts.FunctionLikeDeclaration, what: string): TextEdit[] | undefined {
  if (!body || !ts.isBlock(body)) return undefined;
  const [first] = body.statements;
  if (!first) return undefined;
  const { start } = spanOf(source, first);
  const indent = indentOf(source.text, start);
  if (indent === undefined) return undefined;
  // Before the comments of what has come first so far.
  return [insertion(lineTailOf(source.text, spanOf(source, body).start), `${lineEndOf(source.text)}${indent}${what}${semicolonOf(source)}`)];
}

/** In the clean-up that an effect returns, which it may not have yet. */
function cleanedUp(
  source: TypeScriptSource,
  effect: ts.FunctionLikeDeclaration | undefined,
  handle: Handle,
  madeAt: number,
  what: string,
): TextEdit[] | undefined {
  if (!effect?.body || !ts.isBlock(effect.body) || isAsync(effect) || handle.list !== effect.body.statements) return undefined;
  const last = effect.body.statements.at(-1)!;
  const returns = [...walkHere(effect.body)].filter(ts.isReturnStatement);
  if (ts.isReturnStatement(last) && last.expression) {
    return isFunctionLiteral(last.expression) && returns.length === 1 ? endedIn(source, last.expression, what) : undefined;
  }
  const span = spanOf(source, last);
  // Who leaves before it is made has nothing to end, and who leaves after that gives no clean-up.
  if (indentOf(source.text, span.start) === undefined || returns.some(({ expression, pos }) => expression || pos > madeAt)) return undefined;
  return [below(source.text, span, `return () => ${what}${semicolonOf(source)}`)];
}
