// Close and join: a pool takes no more work and is waited for before it goes.
import { Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile } from '../fix';
import { below } from '../layout';
import { contains, leaves, ownsItsLines, statementOf } from './blocks';
import { callAt, methodCalled } from './calls';
import { isBoundByWith } from './with-statements';

/** `pool.close()` and `pool.join()` at the end of the pool's with statement; `pool.join()` behind a `pool.close()`. */
export const closeAndJoin: Fix<'close-and-join'> = ({ site, closed }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const pool = call && methodCalled(call)?.object;
  if (!at || !call || pool?.kind !== Kind.identifier) return undefined;
  const { source } = at;
  const closing = closed && context.pythonAt(closed);
  const last = closing ? statementOf(closing.node) : lastInWith(call, pool.text);
  if (!last || leaves(last) || contains(last, Kind.returnStatement) || !ownsItsLines(source, last) || (closing && last.text !== `${pool.text}.close()`))
    return undefined;
  const lines = [...(closed ? [] : [`${pool.text}.close()`]), `${pool.text}.join()`];
  return { title: `Wait for ${pool.text} to do its work`, edits: inFile(at.file, [below(source.text, last, ...lines)]) };
};

/** The last statement in the with statement that gives the pool its name. */
function lastInWith(call: PythonNode, pool: string): PythonNode | undefined {
  let holder = call.closest(Kind.withStatement);
  while (holder && !isBoundByWith(holder, pool)) holder = holder.parent?.closest(Kind.withStatement);
  return holder?.children.at(-1)?.children.at(-1);
}
