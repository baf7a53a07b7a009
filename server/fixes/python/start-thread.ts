// Start the thread: start() for a thread or process that is made and forgotten.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { below } from '../layout';
import { expressionOf, followingOf, ownsItsLines } from './blocks';
import { callAt, methodCalled } from './calls';

/** `t = Thread(…)` is followed by `t.start()`, behind the statements that set it up; a `Thread(…)` of nobody's gets `.start()`. */
export const startThread: Fix<'start-thread'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const holder = call?.parent;
  if (!at || !call || !holder) return undefined;
  if (holder.kind === Kind.expressionStatement) return { title: 'Start it', edits: inFile(at.file, [insertion(call.end, '.start()')]) };
  const name = holder.kind === Kind.assignment && holder.child(Field.right) === call ? holder.child(Field.left) : undefined;
  const statement = holder.parent;
  if (name?.kind !== Kind.identifier || statement?.kind !== Kind.expressionStatement) return undefined;
  const behind = lastSetting(statement, name.text);
  if (!ownsItsLines(at.source, behind)) return undefined;
  return { title: `Start ${name.text}`, edits: inFile(at.file, [below(at.source.text, behind, `${name.text}.start()`)]) };
};

/** The last of the statements right behind one that set the object up: `t.daemon = True`, `t.setName("x")`. */
function lastSetting(statement: PythonNode, name: string): PythonNode {
  let last = statement;
  for (const next of followingOf(statement)) {
    const only = expressionOf(next);
    const target =
      only?.kind === Kind.assignment
        ? only.child(Field.left)
        : only && methodCalled(only)?.method.text.startsWith('set')
          ? only.child(Field.function)
          : undefined;
    if (target?.kind !== Kind.attribute || target.child(Field.object)?.text !== name) return last;
    last = next;
  }
  return last;
}
