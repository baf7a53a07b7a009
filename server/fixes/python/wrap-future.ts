// Wrap future: a coroutine waits for a pool's future through a future of its own event loop.
import { Field, Kind } from '../../syntax/python/nodes';
import { type Fix, type FixContext, type FixPlan, inFile, insertion, type PythonPlace, replacement } from '../fix';
import { awaitAround, awaitableCall } from './coroutine-calls';
import { importedMember } from './imports';

/** `job.result()` → `await asyncio.wrap_future(job)`, and `await job` → `await asyncio.wrap_future(job)` */
export const wrapFuture: Fix<'wrap-future'> = ({ site }, context: FixContext) => {
  const at = context.pythonAt(site);
  return at && (at.node.closest(Kind.await)?.start === at.span.start ? wrapAwaited(at) : wrapResult(at));
};

function wrapResult(at: PythonPlace): FixPlan | undefined {
  const call = awaitableCall(at);
  const callee = call?.child(Field.function);
  const future = callee?.kind === Kind.attribute ? callee.child(Field.object) : undefined;
  const wrap = importedMember(at.source, 'asyncio', 'wrap_future');
  if (!call || !future || !wrap) return undefined;
  const { before, after } = awaitAround(call);
  return {
    title: `Wait with await ${wrap.name}(${future.text})`,
    edits: inFile(at.file, [...wrap.edits, insertion(call.start, `${before}${wrap.name}(`), replacement({ start: future.end, end: call.end }, `)${after}`)]),
  };
}

function wrapAwaited(at: PythonPlace): FixPlan | undefined {
  const [future] = at.node.closest(Kind.await)?.children ?? [];
  const wrap = importedMember(at.source, 'asyncio', 'wrap_future');
  if (!future || !wrap) return undefined;
  const bare = future.kind === Kind.parenthesized ? future.children[0] : future;
  return {
    title: `Wrap it with ${wrap.name}(${bare.text})`,
    edits: inFile(at.file, [...wrap.edits, replacement(future, `${wrap.name}(${bare.text})`)]),
  };
}
