// The event loop's own thread waits for a coroutine that only this loop can run.
import type { Call } from '../model/operation';
import type { Value } from '../model/value';
import { makersOf } from '../summary/cells';
import type { Facts } from '../summary/facts';
import { callOfKey } from '../summary/keys';
import { modelOf, type ResolvedFunction } from '../summary/resolved';
import { calledApi } from './event-loop-calls';
import type { Related } from './finding';
import { asksWhereItRuns, calledByCoroutines, functionsIn } from './loop-side';
import type { Rule } from './rule';

export const waitsForOwnEventLoop: Rule = {
  id: 'waits-for-own-event-loop',
  family: 'loop-thread-crossing',
  languages: ['python'],
  severity: 'warning',
  subject: 'module',
  repaired: false,
  *check(file, facts) {
    if (facts.languageOf(file) !== 'python') return;
    const functions = functionsIn(file, facts);
    const reached = calledByCoroutines(functions, facts);
    for (const fn of functions) {
      const model = modelOf(fn);
      const via = reached.get(fn.key);
      if (!model.isAsync && (via === undefined || facts.contextOf(fn.key).offLoop.length > 0 || asksWhereItRuns(fn, facts))) continue;
      for (const [number, operation] of model.operations.entries()) {
        if (operation.kind !== 'call' || !WAITS.has(calledApi(fn, number, facts) ?? '')) continue;
        const submitted = submissionOf(fn, operation, facts);
        if (submitted === undefined || !meansOwnLoop(fn, loopOf(model.operations[submitted] as Call), facts)) continue;
        const called: Related[] = via ? [{ site: via, message: `${callOfKey(via.function)} runs on the loop and calls ${callOfKey(fn.key)}` }] : [];
        yield {
          rule: waitsForOwnEventLoop.id,
          family: waitsForOwnEventLoop.family,
          severity: waitsForOwnEventLoop.severity,
          confidence: 0.85,
          site: { function: fn.key, point: number },
          message: `Deadlock: ${model.isAsync ? callOfKey(fn.key) : `${callOfKey(fn.key)}, called by ${callOfKey(via!.function)},`} waits on the event loop’s own thread for a coroutine that this loop should run: while it waits the loop runs nothing, so the result never comes. Await the coroutine instead; run_coroutine_threadsafe is for other threads.`,
          related: [
            ...called,
            { site: { function: fn.key, point: submitted }, message: 'The coroutine is handed to the loop here' },
            { site: { function: fn.key, point: number }, message: 'The loop’s thread stands still here' },
          ],
          fixes: [],
        };
      }
    }
  },
};

const WAITS = new Set(['concurrent.futures.Future.result', 'concurrent.futures.Future.exception']);

/** The `run_coroutine_threadsafe` whose future is waited for. */
function submissionOf(fn: ResolvedFunction, call: Call, facts: Facts): number | undefined {
  const root = call.callee.kind === 'place' ? call.callee.place.root : undefined;
  return root?.kind === 'result' && calledApi(fn, root.operation, facts) === 'asyncio.run_coroutine_threadsafe' ? root.operation : undefined;
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
