// Call start: start() where run() did a thread's work in the calling thread.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { followingOf } from './blocks';
import { argumentsOf, callAt, methodCalled } from './calls';

/** `worker.run()` as a statement becomes `worker.start()`. */
export const callStart: Fix<'call-start'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const called = call && methodCalled(call);
  if (!called || called.method.text !== 'run' || argumentsOf(call)?.length !== 0 || call.parent?.kind !== Kind.expressionStatement) return undefined;
  const { object, method } = called;
  if (needsTheEnd(call.parent, object.text)) return undefined;
  const name = object.kind === Kind.call ? 'the thread' : object.text;
  return { title: `Call start() of ${name}, which runs it beside the caller`, edits: inFile(at.file, [replacement(method, 'start')]) };
};

/** What follows looks at what the thread has done: it would look too early. */
function needsTheEnd(statement: PythonNode, object: string): boolean {
  return followingOf(statement).some((next) => {
    for (const node of next.walk()) {
      const parent = node.text === object ? node.parent : undefined;
      if (parent?.kind === Kind.attribute && !/^(?:join|is_alive|name|daemon)$/.test(parent.child(Field.attribute)?.text ?? '')) return true;
    }
    return false;
  });
}
