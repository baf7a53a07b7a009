// Return a promise: the last statement of a callback hands it on, so that whoever gave the callback can wait for it.
import ts from 'typescript';
import { type Fix, inFile, insertion } from '../fix';
import { exactly } from './awaits';
import { isAsync, spanOf } from './nodes';

/** `.then(() => { fill(folder); })` → `.then(() => { return fill(folder); })` */
export const returnPromise: Fix<'return-promise'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const call = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  const [fn, body, statement] = call?.above.slice(-3) ?? [];
  if (!at || !statement || !ts.isExpressionStatement(statement) || !ts.isBlock(body)) return undefined;
  if (!ts.isArrowFunction(fn) && !ts.isFunctionExpression(fn)) return undefined;
  // A declared type says that nothing is given; what another call passes on to is somebody else's to decide.
  if (isAsync(fn) || fn.asteriskToken || fn.type || body.statements.at(-1) !== statement) return undefined;
  return { title: 'Return the promise, so that it is waited for', edits: inFile(at.file, [insertion(spanOf(at.source, statement).start, 'return ')]) };
};
