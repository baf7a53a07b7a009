// Run in thread: a coroutine leaves a call that blocks to a thread and waits for it without stopping the event loop.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { lineEndOf, lineIndentOf } from '../layout';
import { isStatement } from './blocks';
import { awaitAround, awaitableCall } from './coroutine-calls';
import { importedMember } from './imports';

/** `load(path, mode="r")` → `await asyncio.to_thread(load, path, mode="r")` */
export const runInThread: Fix<'run-in-thread'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && awaitableCall(at);
  const [callee, given] = [call?.child(Field.function), call?.child(Field.arguments)];
  if (!at || !call || !callee || given?.kind !== Kind.argumentList || /[\r\n]/.test(callee.text) || !isMovable(call)) return undefined;
  const toThread = importedMember(at.source, 'asyncio', 'to_thread');
  if (!toThread) return undefined;
  const { text } = at.source;
  const { before, after } = awaitAround(call);
  const [first] = given.children;
  const isBelow = first !== undefined && /[\r\n]/.test(text.slice(given.start, first.start));
  const separator = isBelow ? `,${lineEndOf(text)}${lineIndentOf(text, first.start)}` : ', ';
  return {
    title: `Run ${callee.text} in a thread with await ${toThread.name}(…)`,
    edits: inFile(at.file, [
      ...toThread.edits,
      replacement({ start: call.start, end: given.start + 1 }, `${before}${toThread.name}(${first ? '' : callee.text}`),
      ...(first ? [insertion(first.start, `${callee.text}${separator}`)] : []),
      ...(after === '' ? [] : [insertion(call.end, after)]),
    ]),
  };
};

/** Not what is entered by a with statement, whose body would still block; nor what its arguments wait for. */
function isMovable(call: PythonNode): boolean {
  for (let at: PythonNode = call; !isStatement(at); at = at.parent!) if (at.parent!.kind === Kind.withItem) return false;
  for (const inner of call.walk()) if (inner.kind === Kind.await || inner.kind === Kind.yield || inner.kind === Kind.namedExpression) return false;
  return true;
}
