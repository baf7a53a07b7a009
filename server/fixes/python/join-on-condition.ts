// Join on condition: a thread is joined only where it runs, or only by others than itself.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, type FixContext, inFile, insertion, type PythonPlace, replacement } from '../fix';
import { indentOf, lineEndOf, unitOf } from '../layout';
import { nested, ownsItsLines } from './blocks';
import { callAt, methodCalled } from './calls';
import { importedMember } from './imports';
import { isPlainPlace } from './places';

/** `if self._thread.is_alive():` before the join of a thread that may never have been started. */
export const joinIfAlive: Fix<'join-if-alive'> = ({ site }, context) => {
  const found = joinAt(site, context);
  if (!found) return undefined;
  const { at, statement, object } = found;
  return { title: `Join ${object} only if it is alive`, edits: inFile(at.file, [guarded(at, statement, `${object}.is_alive()`)]) };
};

/** `if threading.current_thread() is not self._thread:` before a join that the thread itself comes to. */
export const joinUnlessOwn: Fix<'join-unless-own'> = ({ site }, context) => {
  const found = joinAt(site, context);
  const current = found && importedMember(found.at.source, 'threading', 'current_thread');
  if (!current) return undefined;
  const { at, statement, object } = found;
  const edit = guarded(at, statement, `${current.name}() is not ${object}`);
  return { title: `Join ${object} unless this is that thread`, edits: inFile(at.file, [...current.edits, edit]) };
};

function joinAt(site: Parameters<FixContext['pythonAt']>[0], context: FixContext): { at: PythonPlace; statement: PythonNode; object: string } | undefined {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const joined = call && methodCalled(call);
  const statement = call?.parent;
  if (!at || joined?.method.text !== 'join' || !isPlainPlace(joined.object) || statement?.kind !== Kind.expressionStatement) return undefined;
  return ownsItsLines(at.source, statement) ? { at, statement, object: joined.object.text } : undefined;
}

function guarded({ source }: PythonPlace, statement: PythonNode, test: string) {
  const indent = indentOf(source.text, statement.start) ?? '';
  const head = `if ${test}:${lineEndOf(source.text)}${indent}${unitOf(source.text, indent)}`;
  return statement.text.includes('\n') || statement.text.includes('\r')
    ? replacement(statement, `${head}${nested(source, statement)}`)
    : insertion(statement.start, head);
}
