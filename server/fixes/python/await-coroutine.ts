// Await coroutine: what a coroutine makes and nobody awaits, or what it wants a loop to run, it awaits itself.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, inFile, replacement } from '../fix';
import { awaitableCall, awaitEdits } from './coroutine-calls';

/** `self.save()` → `await self.save()` */
export const awaitCoroutine: Fix<'await-call'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && awaitableCall(at);
  return call && { title: `Await ${call.child(Field.function)?.text ?? 'it'}(…)`, edits: inFile(at.file, awaitEdits(call)) };
};

/** `asyncio.run(save())` and `asyncio.run_coroutine_threadsafe(save(), loop).result()` → `await save()` */
export const awaitInPlace: Fix<'await-in-place'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && awaitableCall(at);
  const coroutine = call && coroutineIn(call);
  if (!coroutine) return undefined;
  const [before, after] = awaitEdits(call);
  return {
    title: `Await ${coroutine.child(Field.function)?.text ?? 'it'}(…) here`,
    edits: inFile(at.file, [replacement(call, `${before.newText}${coroutine.text}${after?.newText ?? ''}`)]),
  };
};

/** The coroutine that is handed over, where nothing else is but the loop. */
function coroutineIn(call: PythonNode): PythonNode | undefined {
  const callee = call.child(Field.function);
  const submitted = callee?.kind === Kind.attribute ? callee.child(Field.object) : undefined;
  const submits = submitted?.kind === Kind.call;
  // `result(timeout=5)` gives up after a while.
  if (submits && call.child(Field.arguments)?.children.length !== 0) return undefined;
  const given = (submits ? submitted : call).child(Field.arguments);
  const [coroutine] = given?.children ?? [];
  return given?.children.length === (submits ? 2 : 1) && coroutine.kind === Kind.call ? coroutine : undefined;
}
