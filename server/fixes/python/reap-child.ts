// Reap the child: whoever ends a child process waits until it has ended.
import { Kind } from '../../syntax/python/nodes';
import { type FileEdit, type Fix, inFile } from '../fix';
import { below } from '../layout';
import { isInCoroutine, ownsItsLines } from './blocks';
import { callAt, methodCalled } from './calls';
import { isPlainPlace } from './places';

/** `child.wait()` or `child.join()` behind each `child.kill()`. */
export const reapChild: Fix<'reap-child'> = ({ ends, wait }, context) => {
  const edits: FileEdit[] = [];
  let name = '';
  for (const site of ends) {
    const at = context.pythonAt(site);
    const call = at && callAt(at.node);
    const child = call && methodCalled(call)?.object;
    const statement = call?.parent;
    if (!at || !child || !isPlainPlace(child) || statement?.kind !== Kind.expressionStatement || isInCoroutine(statement)) return undefined;
    if (!ownsItsLines(at.source, statement)) return undefined;
    name = child.text;
    edits.push(...inFile(at.file, [below(at.source.text, statement, `${name}.${wait}()`)]));
  }
  return { title: `Wait until ${name} has ended`, edits };
};
