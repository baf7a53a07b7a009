// Settle future: whoever waits for a future made by hand gets the exception too.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, isWithin, replacement } from '../fix';
import { indentOf, lineEndOf, unitOf } from '../layout';
import { functionAround, hasCommentBehind, moved, ownsItsLines, statementOf } from './blocks';
import { argumentsOf, callAt, isSplat, methodCalled } from './calls';
import { freeName } from './names';
import { isPlainPlace } from './places';

/** `future.set_result(work())` → `result = work()` in a try statement that ends in `set_exception` or `set_result`. */
export const settleFuture: Fix<'settle-future'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const statement = call && statementOf(call);
  const future = call && methodCalled(call)?.object;
  const given = call && argumentsOf(call);
  if (!at || !future || !isPlainPlace(future) || given?.length !== 1 || given[0].name !== undefined || isSplat(given[0].value)) return undefined;
  const around = functionAround(statement!);
  if (!around || call.parent?.kind !== Kind.expressionStatement || !ownsItsLines(at.source, statement!) || isCaughtAround(statement!, around)) return undefined;
  const { text } = at.source;
  if (hasCommentBehind(at.source, statement!)) return undefined;
  const indent = indentOf(text, statement!.start)!;
  const inner = indent + unitOf(text, indent);
  const [result, error] = ['result', 'error'].map((name) => freeName(statement!, name));
  const lines = [
    'try:',
    `${inner}${result} = ${moved(at.source, given[0].value, indent, inner)}`,
    `${indent}except Exception as ${error}:`,
    `${inner}${future.text}.set_exception(${error})`,
    `${indent}else:`,
    `${inner}${future.text}.set_result(${result})`,
  ];
  return {
    title: `Hand an exception over with ${future.text}.set_exception(…)`,
    edits: inFile(at.file, [replacement(statement!, lines.join(lineEndOf(text)))]),
  };
};

/** Whether a handler in the function is there for what goes wrong. */
function isCaughtAround(statement: PythonNode, around: PythonNode): boolean {
  for (let at = statement.closest(Kind.tryStatement); at && at.start > around.start; at = at.parent?.closest(Kind.tryStatement)) {
    const body = at.child(Field.body);
    if (body && isWithin(statement, body) && at.children.some(({ kind }) => kind === Kind.exceptClause)) return true;
  }
  return false;
}
