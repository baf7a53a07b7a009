// Return a promise: the last statement of a callback hands it on, so that whoever gave the callback can wait for it.
import ts from 'typescript';
import { type Fix, inFile, insertion } from '../fix';
import { exactly } from './awaits';
import { isAsync, isFunctionLiteral, walkHere } from './functions';
import { spanOf } from './nodes';

/**
 * `.then(() => { fill(folder); })` → `.then(() => { return fill(folder); })`; where what the promise gives would come out at
 * the end, which it did not before, `.then(async () => { await fill(folder); })`.
 */
export const returnPromise: Fix<'return-promise'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  const [fn, body, statement] = call?.above.slice(-3) ?? [];
  if (!at || !call || !statement || !ts.isExpressionStatement(statement) || !ts.isBlock(body) || !isFunctionLiteral(fn)) return undefined;
  // A declared type says that nothing is given; what another call passes on to is somebody else's to decide.
  if (isAsync(fn) || fn.asteriskToken || fn.type || body.statements.at(-1) !== statement) return undefined;
  const { start } = spanOf(at.source, statement);
  const title = 'Return the promise, so that it is waited for';
  const isLeftEarly = [...walkHere(body)].some(ts.isReturnStatement);
  if (!isSeen(call.above.slice(0, -3)) && !isLeftEarly) return { title, edits: inFile(at.file, [insertion(start, 'return ')]) };
  const edits = [insertion(spanOf(at.source, fn).start, 'async '), insertion(start, 'await ')];
  return { title: 'Wait for it in the callback, whose promise is waited for', edits: inFile(at.file, edits) };
};

/** Whether what a callback gives comes to somebody: further links, who awaits the chain, callers. */
function isSeen(path: readonly ts.Node[]): boolean {
  for (let at = path.length - 2; at > 0; at -= 2) {
    const [holder, outer] = [path[at], path[at - 1]];
    if (ts.isExpressionStatement(holder)) return false;
    if (ts.isAwaitExpression(holder)) return !ts.isExpressionStatement(outer);
    // An array of what each call gives, which is handed to `Promise.all()`.
    const isLink = ts.isPropertyAccessExpression(holder) && ts.isCallExpression(outer);
    if (!isLink && !ts.isCallExpression(holder)) return true;
    if (!isLink) {
      at++;
      continue;
    }
    if (holder.name.text !== 'then') continue;
    const [next] = outer.arguments;
    return !next || !isFunctionLiteral(next) || next.parameters.length > 0;
  }
  return true;
}
