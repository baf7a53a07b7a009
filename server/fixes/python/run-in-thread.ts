// Run in thread: a coroutine leaves a call that blocks to a thread and waits for it without stopping the event loop.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion } from '../fix';
import { isStatement } from './blocks';
import { callThrough } from './call-through';
import { awaitAround, awaitableCall } from './coroutine-calls';
import { importedMember } from './imports';
import { isRepeatable } from './tests';

/** `load(path, mode="r")` → `await asyncio.to_thread(load, path, mode="r")` */
export const runInThread: Fix<'run-in-thread'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && awaitableCall(at);
  const toThread = call && isMovable(call) ? importedMember(at.source, 'asyncio', 'to_thread') : undefined;
  if (!at || !call || !toThread) return undefined;
  const { before, after } = awaitAround(call);
  const edits = callThrough(at.source, call, `${before}${toThread.name}`);
  return (
    edits && {
      title: `Run ${call.child(Field.function)!.text} in a thread with await ${toThread.name}(…)`,
      edits: inFile(at.file, [...toThread.edits, ...edits, ...(after === '' ? [] : [insertion(call.end, after)])]),
    }
  );
};

/** Not what is entered by a with statement, whose body would still block; nor what its arguments wait for. */
function isMovable(call: PythonNode): boolean {
  for (let at: PythonNode = call; !isStatement(at); at = at.parent!) if (at.parent!.kind === Kind.withItem) return false;
  return isRepeatable(call);
}
