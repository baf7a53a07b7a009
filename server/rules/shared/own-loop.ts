// Own loop: whether a coroutine is handed to the very loop on whose thread its result is waited for.
import { placeOf } from '../../model/calls';
import type { Call } from '../../model/operation';
import type { Value } from '../../model/value';
import { makersOf } from '../../summary/cells';
import type { Facts } from '../../summary/facts';
import { modelOf, type ResolvedFunction } from '../../summary/resolved';
import { calledApi } from './event-loop-calls';

/** The `run_coroutine_threadsafe` whose future a call waits for, where the loop it goes to is the one that runs right there. */
export function submittedToOwnLoop(fn: ResolvedFunction, call: Call, facts: Facts): number | undefined {
  const root = placeOf(call)?.root;
  if (root?.kind !== 'result' || calledApi(fn, root.operation, facts) !== 'asyncio.run_coroutine_threadsafe') return undefined;
  const submission = modelOf(fn).operations[root.operation];
  return submission.kind === 'call' && meansOwnLoop(fn, loopOf(submission), facts) ? root.operation : undefined;
}

function loopOf(call: Call): Value | undefined {
  return (call.arguments.find((argument) => argument.name === 'loop') ?? call.arguments[1])?.value;
}

/** A loop that was asked for where it runs, and not one that is made for a thread. */
function meansOwnLoop(fn: ResolvedFunction, loop: Value | undefined, facts: Facts): boolean {
  if (!loop) return false;
  const { resolver } = facts.program;
  const apis = [...makersOf(resolver, fn.module, fn.index, loop)].map((maker) => {
    const type = resolver.typeOf(maker.module, maker.index, maker.call.callee);
    return type?.kind === 'api' ? resolver.api('python', type.name)?.name : undefined;
  });
  return apis.length > 0 && apis.every((api) => api === 'asyncio.get_running_loop' || api === 'asyncio.get_event_loop');
}
