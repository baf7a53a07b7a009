// Await sleep: a coroutine sleeps with asyncio, so that others go on meanwhile.
import { Field } from '../../syntax/python/nodes';
import { type Fix, inFile, insertion, replacement } from '../fix';
import { awaitAround, awaitableCall } from './coroutine-calls';
import { importedMember } from './imports';

/** `time.sleep(1)` → `await asyncio.sleep(1)` */
export const awaitSleep: Fix<'await-sleep'> = ({ site }, context) => {
  const at = context.pythonAt(site);
  const call = at && awaitableCall(at);
  const callee = call?.child(Field.function);
  const sleep = at && importedMember(at.source, 'asyncio', 'sleep');
  if (!call || !callee || !sleep) return undefined;
  const { before, after } = awaitAround(call);
  return {
    title: `Sleep with await ${sleep.name}(…)`,
    edits: inFile(at.file, [
      ...sleep.edits,
      replacement({ start: call.start, end: callee.end }, `${before}${sleep.name}`),
      ...(after === '' ? [] : [insertion(call.end, after)]),
    ]),
  };
};
