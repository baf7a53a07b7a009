// Catch elsewhere: a promise whose failure is seen where it is awaited or handed on is kept from being an unhandled rejection here.
import ts from 'typescript';
import { type Fix, inFile, insertion } from '../fix';
import { below } from '../layout';
import { exactly } from './awaits';
import { isConst, isMentioned } from './names';
import { followingOf, ownsItsLines, spanOf, statementIn } from './nodes';
import { semicolonOf } from './style';

/** `const user = load();` → `user.catch(() => {});` below it; `user.finally(stop);` → `user.finally(stop).catch(() => {});` */
export const catchElsewhere: Fix<'catch-elsewhere'> = ({ site }, context) => {
  const at = context.typescriptAt(site);
  const found = at && exactly(at.source, at.path, at.span, ts.isCallExpression);
  const held = found && statementIn(found.above);
  if (!at || !found || !held) return undefined;
  const { source } = at;
  const { node: call, above } = found;
  const { statement } = held;
  const parent = above.at(-1)!;
  if (parent === statement && ts.isExpressionStatement(parent)) {
    const promise = ts.isPropertyAccessExpression(call.expression) ? call.expression.expression : undefined;
    // Only a promise that goes on to somebody is looked after.
    if (!promise || !ts.isIdentifier(promise) || !followingOf(held).some((each) => isMentioned(each, [promise.text]))) return undefined;
    return {
      title: `Ignore the rejection of the copy, and leave that of ${promise.text} as it is`,
      edits: inFile(at.file, [insertion(call.end, '.catch(() => {})')]),
    };
  }
  if (!ts.isVariableDeclaration(parent) || !ts.isIdentifier(parent.name) || !ts.isVariableStatement(statement)) return undefined;
  const span = spanOf(source, statement);
  if (statement.declarationList.declarations.length !== 1 || !isConst(statement) || !ownsItsLines(source, span)) return undefined;
  const name = parent.name.text;
  const line = `${name}.catch(() => {})${semicolonOf(source)} // seen where it is awaited`;
  return { title: `Leave the failure of ${name} to the await below`, edits: inFile(at.file, [below(source.text, span, line)]) };
};
