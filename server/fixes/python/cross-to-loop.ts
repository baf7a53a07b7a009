// Cross to loop: what another thread does to an object of asyncio, the event loop's own thread is asked to do.
import { Field, Kind, type PythonNode } from '../../syntax/python/nodes';
import { type Fix, type FixPlan, inFile, type PythonPlace, type PythonSource, replacement } from '../fix';
import { callThrough } from './call-through';
import { callAt } from './calls';
import { importedMember } from './imports';
import { loopInReach } from './loop-in-reach';
import { isPlainPlace } from './places';

/**
 * `queue.put_nowait(x)` → `loop.call_soon_threadsafe(queue.put_nowait, x)`, and `loop.create_task(f())` →
 * `asyncio.run_coroutine_threadsafe(f(), loop)`. Not where anything is done with what the call gives.
 */
export const crossToLoop: Fix<'cross-to-loop'> = ({ site, on }, context) => {
  const at = context.pythonAt(site);
  const call = at && callAt(at.node);
  const callee = call?.child(Field.function);
  if (!call || !callee || !isForgotten(call) || expectsFailure(call)) return undefined;
  const object = callee.kind === Kind.attribute ? callee.child(Field.object) : undefined;
  const method = callee.kind === Kind.attribute ? callee.child(Field.attribute)?.text : callee.text;
  const loop = on === 'loop' ? object?.text : on === 'future' ? `${object?.text}.get_loop()` : loopInReach(call);
  if (loop === undefined || /[\r\n]/.test(loop) || (object && !isPlainPlace(object))) return undefined;
  if (on === 'task-maker' || (on === 'loop' && method === 'create_task')) return submit(at, call, loop);
  const title = `Hand it over with ${loop}.call_soon_threadsafe(…)`;
  if (on === 'loop' && method === 'call_soon') return { title, edits: inFile(at.file, [replacement(callee.child(Field.attribute)!, 'call_soon_threadsafe')]) };
  const edits = hasKeywords(call) ? undefined : callThrough(at.source, call, `${loop}.call_soon_threadsafe`);
  return edits && { title, edits: inFile(at.file, edits) };
};

function submit({ source, file }: PythonPlace, call: PythonNode, loop: string): FixPlan | undefined {
  const given = call.child(Field.arguments)?.children ?? [];
  const submitting = importedMember(source, 'asyncio', 'run_coroutine_threadsafe');
  if (given.length !== 1 || given[0].kind !== Kind.call || !submitting) return undefined;
  return {
    title: `Hand it over with ${submitting.name}(…, ${loop})`,
    edits: inFile(file, [
      ...submitting.edits,
      replacement({ start: call.start, end: given[0].start }, `${submitting.name}(${opening(source, call, given[0])}`),
      replacement({ start: given[0].end, end: given[0].end }, `, ${loop}`),
    ]),
  };
}

/** What stands between the bracket and the argument: a line end and an indentation, mostly nothing. */
function opening({ text }: PythonSource, call: PythonNode, argument: PythonNode): string {
  return text.slice(call.child(Field.arguments)!.start + 1, argument.start);
}

/** A statement of its own, or all that a lambda does, which is one that is called back. */
function isForgotten({ parent }: PythonNode): boolean {
  return parent?.kind === Kind.expressionStatement || parent?.kind === Kind.lambda;
}

/** On the loop's thread an exception would come too late for a handler around the call. */
function expectsFailure(call: PythonNode): boolean {
  for (let at = call.closest(Kind.tryStatement); at; at = at.parent?.closest(Kind.tryStatement)) {
    if (at.children.some((clause) => clause.kind === Kind.exceptClause && /QueueFull|QueueEmpty|InvalidState/.test(clause.children[0]?.text ?? '')))
      return true;
  }
  return false;
}

function hasKeywords(call: PythonNode): boolean {
  const given = call.child(Field.arguments)?.children ?? [];
  return given.some(({ kind }) => kind === Kind.keywordArgument || kind === Kind.dictionarySplat);
}
